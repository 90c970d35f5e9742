"""
Limit the unpacked size of the blocks of an `.osm.pbf`, as stated in their headers.

libosmium refuses a block that holds more than it states.

Source: https://wiki.openstreetmap.org/wiki/PBF_Format
"""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, Final

from circle15.study.limits import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LENGTH: Final = struct.Struct(">I")
_LONGEST_HEAD: Final = 64 * 1024
_RAW, _RAW_SIZE, _DATA_SIZE = 1, 2, 3
_VARINT, _BYTES = 0, 2


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
        for of_block in _sizes(stream):
            held += of_block
            if held > BLOCKS.of(size):
                found = f"holds more than {held // 1_000_000:,} MB when unpacked"
                raise BLOCKS.fault(found, file=file, size=size)


def _sizes(stream: IO[bytes]) -> Iterator[int]:
    """Yield the unpacked sizes of the blocks, up to any damage, which the reader reports."""
    while len(head := stream.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        if length > _LONGEST_HEAD:
            return
        packed = _numbers(stream.read(length)).get(_DATA_SIZE, 0)
        start = stream.tell()
        said = _numbers(stream.read(min(packed, 32)))
        yield said.get(_RAW_SIZE, 0) or packed
        stream.seek(start + packed)


def _numbers(message: bytes) -> dict[int, int]:
    """Return the numbers of a protobuf message by field; for bytes, their length."""
    found: dict[int, int] = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, at = _varint(message, at)
        if key & 7 not in {_VARINT, _BYTES}:
            break
        found[key >> 3] = number
        at += number if key & 7 == _BYTES else 0
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(message):
        byte = message[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128 or shift > 63:
            break
    return number, at
