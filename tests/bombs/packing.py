"""Packed files that unpack to far more than they hold, made without the bytes themselves."""

from __future__ import annotations

import bz2
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MB = 1_000_000


def deflated(start: bytes, unit: bytes, mb: int, end: bytes = b"") -> bytes:
    """Deflate a start, a unit that is repeated for so many MB, and an end."""
    block = unit * max(1, MB // len(unit))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + once * mb + packer.compress(end) + packer.flush()


def gzipped(start: bytes, unit: bytes, mb: int, end: bytes = b"") -> bytes:
    """Gzip the same; the check sum at its end is wrong, and nobody should come that far."""
    body = deflated(start, unit, mb, end)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body + struct.pack("<II", 0, mb * MB & 0xFFFFFFFF)


def bzipped(start: bytes, unit: bytes, mb: int, end: bytes = b"") -> bytes:
    """Bzip2 the same, as streams one behind the other."""
    block = unit * max(1, 10 * MB // len(unit))
    return bz2.compress(start) + bz2.compress(block) * (mb // 10) + bz2.compress(end)


def write_zip(path: Path, members: Mapping[str, bytes | tuple[bytes, int]]) -> None:
    """
    Write a zip archive; a member is its bytes, or what is deflated already and how large it says
    that it is.
    """
    body, listed = bytearray(), bytearray()
    for name, content in members.items():
        packed, size = (
            content if isinstance(content, tuple) else (zlib.compress(content)[2:-4], len(content))
        )
        crc = 0 if isinstance(content, tuple) else zlib.crc32(content)
        common = struct.pack(
            "<HHHHHIIIHH", 20, 0x800, 8, 0, 33, crc, len(packed), size, len(name), 0
        )
        listed += b"PK\x01\x02" + struct.pack("<H", 20) + common
        listed += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + packed
    end = struct.pack(
        "<HHHHIIH",
        0,
        0,
        min(len(members), 0xFFFF),
        min(len(members), 0xFFFF),
        len(listed),
        len(body),
        0,
    )
    path.write_bytes(bytes(body) + bytes(listed) + b"PK\x05\x06" + end)
