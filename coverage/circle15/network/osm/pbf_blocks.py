"""
Check the blocks of an `.osm.pbf` before libosmium reads it: their unpacked size and their text.

libosmium refuses a block that holds more than its header states. It does not look at text: where
one ends within a character, or holds a NUL, writing it reads on beyond its end and may end the
process.

Source: https://wiki.openstreetmap.org/wiki/PBF_Format
"""

from __future__ import annotations

import struct
import zlib
from typing import IO, TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from circle15.network.osm.pbf_fields import BYTES, Field, fields_of, varint
from circle15.study.limits import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LENGTH: Final = struct.Struct(">I")
_LONGEST_HEAD: Final = 64 * 1024
_KIND, _DATA_SIZE = 1, 3
_RAW, _RAW_SIZE, _ZLIB, _LZ4 = 1, 2, 3, 6
_TEXTS, _TEXT = 1, 1
_LONGEST_NUMBERS: Final = 32
"""Bytes at the beginning of a block, or of its content, that hold the numbers looked for."""
_LARGEST: Final = 32 * 1024 * 1024
"""Largest block that the format allows, packed or not; libosmium refuses larger ones."""
_EMPTY_FIRST: Final = b"\x0a\x00"
"""A table of texts begins with an empty one, as the format asks."""


def require_modest_blocks(file: Path) -> None:
    """
    Refuse a file whose blocks hold far more than a file of its size.

    Raises
    ------
    InputDataError
        If they hold more than the limit for a file of its size.
    """
    size, held = file.stat().st_size, 0
    with file.open("rb") as stream:
        for block in _blocks(stream):
            begin = stream.read(min(block.size, _LONGEST_NUMBERS))
            stated = {field.number: field.value for field in fields_of(begin)}
            held += stated.get(_RAW_SIZE, 0) or block.size
            if held > BLOCKS.of(size):
                found = f"holds more than {held // 1_000_000:,} MB when unpacked"
                raise BLOCKS.fault(found, file=file, size=size)


def require_sound_texts(file: Path) -> None:
    """
    Refuse a file in which a text is not UTF-8 or holds a NUL.

    All text of a block stands in one table at its beginning, so that little is unpacked. Blocks
    that are damaged are left to libosmium, which reports them.

    Raises
    ------
    RuntimeError
        If a text is not sound.
    """
    with file.open("rb") as stream:
        for block in _blocks(stream):
            if block.kind != b"OSMData" or block.size > _LARGEST:
                continue
            for table in _tables_of_texts(stream.read(block.size)):
                if not _is_sound(table):
                    raise RuntimeError("it has text that is not UTF-8")


class _Block(NamedTuple):
    kind: bytes
    size: int


def _blocks(stream: IO[bytes]) -> Iterator[_Block]:
    """Yield the blocks, with the stream at the beginning of each, up to any damage."""
    while len(head := stream.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        if length > _LONGEST_HEAD:
            return
        message = stream.read(length)
        found = {field.number: field for field in fields_of(message)}
        size = found[_DATA_SIZE].value if _DATA_SIZE in found else 0
        kind = _bytes_of(message, found[_KIND]) if _KIND in found else b""
        start = stream.tell()
        yield _Block(kind, size)
        stream.seek(start + size)


def _tables_of_texts(block: bytes) -> Iterator[bytes]:
    """Yield the tables of texts of a block, however it is packed."""
    size = 0
    for field in fields_of(block):
        data = _bytes_of(block, field)
        if field.number == _RAW_SIZE:
            size = field.value
        elif field.number == _RAW:
            yield from _tables_in(data)
        elif field.number == _ZLIB:
            yield from _tables_in_zlib(data)
        elif field.number == _LZ4:
            yield from _tables_in(_without_lz4(data, size))


def _tables_in(content: bytes) -> Iterator[bytes]:
    for field in fields_of(content):
        if field.number == _TEXTS and field.kind == BYTES:
            yield _bytes_of(content, field)


def _tables_in_zlib(data: bytes) -> Iterator[bytes]:
    """Unpack only the table if it comes first, as all writers have it."""
    unpacking = zlib.decompressobj()
    try:
        begin = unpacking.decompress(data, _LONGEST_NUMBERS)
        first = next(fields_of(begin), None)
        if first is not None and first.number == _TEXTS and first.kind == BYTES and first.value:
            missing = min(first.start + first.value, _LARGEST) - len(begin)
            if missing > 0:  # 0 would mean without limit
                begin += unpacking.decompress(unpacking.unconsumed_tail, missing)
            yield _bytes_of(begin, first)
        else:
            more = unpacking.decompress(unpacking.unconsumed_tail, _LARGEST)
            yield from _tables_in(begin + more)
    except zlib.error:
        return


def _without_lz4(data: bytes, size: int) -> bytes:
    if size > _LARGEST:
        return b""
    try:
        return bytes(pa.Codec("lz4_raw").decompress(data, decompressed_size=size))
    except (pa.ArrowException, OSError, OverflowError):
        return b""


def _is_sound(table: bytes) -> bool:
    """
    Return whether each text of a table is UTF-8 without a NUL.

    Where all are shorter than 128 bytes, each begins with two bytes of ASCII, so that the whole
    table is UTF-8 just if they all are.
    """
    if table.startswith(_EMPTY_FIRST) and table.count(0) == 1:
        try:
            table.decode()
        except UnicodeDecodeError:
            pass  # a longer text, perhaps
        else:
            return True
    texts = b"\n".join(_texts(table))
    try:
        texts.decode()
    except UnicodeDecodeError:
        return False
    return 0 not in texts


def _texts(table: bytes) -> Iterator[bytes]:
    at, end = 0, len(table)
    while at < end:
        if table[at] != _TEXT << 3 | BYTES:
            yield from (_bytes_of(table[at:], field) for field in fields_of(table[at:]))
            return
        length, at = varint(table, at + 1)
        yield table[at : at + length]
        at += length


def _bytes_of(message: bytes, field: Field) -> bytes:
    return message[field.start : field.start + field.value] if field.kind == BYTES else b""
