"""
Text of an `.osm.pbf` is UTF-8 without NUL, however its blocks are packed and its tables are laid.

The files are made byte by byte: a header and one block of data with one way, whose table of texts
is the one given.
"""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import osmium
import pyarrow as pa
import pytest

from circle15.network.osm.pbf_blocks import require_sound_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def number(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def part(key: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return number(key << 3) + number(value)
    return number(key << 3 | 2) + number(len(value)) + value


def raw(content: bytes) -> bytes:
    return part(1, content)


def deflated(content: bytes) -> bytes:
    return part(2, len(content)) + part(3, zlib.compress(content))


def deflated_size_last(content: bytes) -> bytes:
    return part(3, zlib.compress(content)) + part(2, len(content))


def lz4(content: bytes) -> bytes:
    return part(2, len(content)) + part(6, pa.Codec("lz4_raw").compress(content, asbytes=True))


def table(*texts: bytes) -> bytes:
    return b"".join(part(1, text) for text in texts)


WAY = part(2, part(3, part(1, 7) + part(2, b"\x01") + part(3, b"\x02")))
"""A group with the way 7, whose key and value are the texts 1 and 2."""


def pbf(file: Path, *contents: bytes, pack: Callable[[bytes], bytes] = deflated) -> Path:
    head = part(4, b"OsmSchema-V0.6")
    with file.open("wb") as out:
        for kind, blob in ((b"OSMHeader", raw(head)), *((b"OSMData", pack(c)) for c in contents)):
            header = part(1, kind) + part(3, len(blob))
            out.write(struct.pack(">I", len(header)) + header + blob)
    return file


PACKED = [raw, deflated, deflated_size_last, lz4]
SOUND = {
    "plain": (b"", b"name", b"Street"),
    "Chinese": (b"", b"name", "广南路".encode()),
    "four bytes": (b"", b"name", "😀".encode()),
    "128 letters": (b"", b"name", b"n" * 128),
    "long and Chinese": (b"", b"name", "路".encode() * 300),
    "an empty one more": (b"", b"name", b"", b"x"),
    "ten letters": (b"", b"name", b"n" * 10),
}
SPOILED = {
    "no UTF-8": b"\xff",
    "ends within": b"ab\xe4\xbd",
    "ends within, longer": b"n" * 200 + b"\xe4",
    "goes on in the next": b"\xe4",
    "NUL": b"a\0b",
    "NUL after a line": b"a\n\0b",
    "NUL alone": b"\0",
    "surrogate": b"\xed\xa0\x80",
    "too long a form": b"\xc0\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80",
}


@pytest.mark.parametrize("pack", PACKED)
@pytest.mark.parametrize("texts", SOUND.values(), ids=SOUND)
def test_sound_texts_pass_and_are_read(tmp_path, pack, texts):
    file = pbf(tmp_path / "a.osm.pbf", part(1, table(*texts)) + WAY, pack=pack)
    require_sound_texts(file)
    read = [{tag.k: tag.v for tag in way.tags} for way in osmium.FileProcessor(str(file))]
    assert read == [{"name": texts[2].decode()}]


@pytest.mark.parametrize("pack", PACKED)
@pytest.mark.parametrize("text", SPOILED.values(), ids=SPOILED)
def test_spoiled_texts_are_refused(tmp_path, pack, text):
    for texts in ((b"", b"name", text, b"\xbd\xa0"), (b"", b"n" * 300, text), (text,)):
        file = pbf(tmp_path / "a.osm.pbf", part(1, table(*texts)) + WAY, pack=pack)
        with pytest.raises(RuntimeError, match="not UTF-8"):
            require_sound_texts(file)


@pytest.mark.parametrize("pack", PACKED)
def test_every_table_is_looked_at(tmp_path, pack):
    good, bad = part(1, table(b"", b"a", b"b")), part(1, table(b"", b"name", b"\xe4"))
    for contents in (
        (good + WAY, bad + WAY),  # in the second block
        (WAY + bad,),  # at the end of a block
        (part(1, b"") + bad + WAY,),  # after an empty table
        (part(17, 100) + bad + WAY,),  # after a number
        (number(17 << 3 | 5) + bytes(4) + number(18 << 3 | 1) + bytes(8) + bad,),
        (part(1, part(2, b"abc") + table(b"", b"\xe4")),),  # after something else in the table
    ):
        with pytest.raises(RuntimeError, match="not UTF-8"):
            require_sound_texts(pbf(tmp_path / "a.osm.pbf", *contents, pack=pack))


def test_damage_is_left_to_the_reader(tmp_path):
    file = pbf(tmp_path / "a.osm.pbf", part(1, table(b"", b"name", b"\xe4")) + WAY)
    whole = file.read_bytes()
    for end in range(len(whole)):
        file.write_bytes(whole[:end])
        with suppress(RuntimeError):
            require_sound_texts(file)


def test_a_block_that_unpacks_to_far_more_is_not_unpacked_whole(tmp_path):
    import tracemalloc

    blanks = part(2, bytes(200_000_000))
    file = pbf(tmp_path / "a.osm.pbf", blanks)
    tracemalloc.start()
    try:
        require_sound_texts(file)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 150_000_000
