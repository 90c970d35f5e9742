"""Bytes mutated directly, and inside their containers: zip, gzip, PBF, SQLite."""

from __future__ import annotations

import io
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.faults.mutations.oddities import odd_text, odd_value
from tests.faults.mutations.trees import xml_mutated

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_INTEGERS = (0, 1, -1, 2, 3, 7, 255, 256, 65535, 2**31 - 1, -(2**31), 2**32 - 1, 1000, 100_000)


def bytes_mutated(rng: Random, raw: bytes, *, other: bytes = b"") -> bytes:
    """One to four changes of bytes, the most of them near the beginning, where formats are told."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        raw = _once(rng, raw, other)
    return raw


def _once(rng: Random, raw: bytes, other: bytes) -> bytes:
    size = len(raw)
    if size == 0:
        return rng.randbytes(rng.randrange(40))
    at = rng.randrange(min(size, rng.choice((16, 128, 1024, size))))
    end = min(size, at + rng.choice((1, 2, 4, 8, 64, 500)))
    kind = rng.randrange(12)
    if kind == 0:
        return raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :]
    if kind == 1:
        return raw[:at] + rng.randbytes(1) + raw[at + 1 :]
    if kind == 2:
        return raw[: rng.randrange(size)]
    if kind == 3:
        return raw[:at] + raw[end:]
    if kind == 4:
        return raw[:at] + rng.randbytes(rng.randrange(1, 9)) + raw[at:]
    if kind == 5:
        return raw[:end] + raw[at:]
    if kind == 6:
        return raw[:at] + rng.choice((b"\0", b"\xff")) * (end - at) + raw[end:]
    if kind == 7:
        there = rng.randrange(size)
        block = raw[there : there + (end - at)]
        return raw[:at] + block + raw[at + len(block) :]
    if kind == 8:
        return raw[:at] + other[rng.randrange(len(other) + 1) :]
    if kind == 9:
        order, code = rng.choice("<>"), rng.choice("bhiq")
        number = rng.choice(_INTEGERS)
        with suppress(struct.error):
            packed = struct.pack(order + code, number)
            return raw[:at] + packed + raw[at + len(packed) :]
        return raw[:at] + struct.pack("<d", float(number)) + raw[at + 8 :]
    if kind == 10:
        return raw + rng.choice((raw, b"\0" * 64, b"\n", other[:500]))
    digits = [i for i, byte in enumerate(raw[:20_000]) if 0x30 <= byte <= 0x39]
    if not digits:
        return raw[::-1]
    at = rng.choice(digits)
    return raw[:at] + rng.choice((b"9", b"-", b"e", b"99999999", b".", b"1e308")) + raw[at + 1 :]


def text_mutated(rng: Random, raw: bytes, encoding: str = "utf-8") -> bytes:
    """Lines and words of a text moved, doubled, dropped, or replaced by odd ones."""
    lines = raw.decode(encoding, "replace").splitlines(keepends=True) or [""]
    for _ in range(rng.choice((1, 1, 2, 3))):
        at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(7)
        words = lines[at].split(",") if "," in lines[at] else lines[at].split(" ")
        if kind == 0:
            lines[at] = ""
        elif kind == 1:
            lines.insert(to, lines[at])
        elif kind == 2:
            lines[at], lines[to] = lines[to], lines[at]
        elif kind == 3:
            lines[at] = lines[at].rstrip("\r\n")
        else:
            mark = "," if "," in lines[at] else " "
            which = rng.randrange(len(words))
            new = str(odd_value(rng, words[which]))
            words[which : which + rng.choice((0, 1, 1, 1))] = [new]
            lines[at] = mark.join(words) if kind != 5 else lines[at] + new
    text = "".join(lines)
    if rng.random() < 0.1:
        text = text.replace("\n", rng.choice(("\r", "\r\n", "\n\n", "\0", "\u2028")))
    code = rng.choice((encoding,) * 8 + ("utf-16", "utf-8-sig", "gbk", "utf-32", "utf-7", "big5"))
    return text.encode(code, "replace")


def zip_mutated(rng: Random, raw: bytes) -> bytes:
    """A part of an archive mutated, dropped, renamed or doubled; or the archive itself."""
    if rng.random() < 0.25:
        return bytes_mutated(rng, raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    which = rng.randrange(len(parts))
    name, content = parts[which]
    kind = rng.randrange(8)
    if kind == 0:
        del parts[which]
    elif kind == 1:
        parts[which] = (rng.choice(("../x", "/etc/x", "x" * 300, odd_text(rng), "a/b")), content)
    elif kind == 2:
        parts.append((name, content[: len(content) // 2]))
    elif kind == 3:
        parts[which] = (name, bytes_mutated(rng, content))
    elif name.endswith((".xml", ".kml", ".rels")):
        parts[which] = (name, xml_mutated(rng, content))
    else:
        parts[which] = (name, bytes_mutated(rng, content, other=parts[0][1]))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new, suppress(ValueError):
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a doubled name
            for one, inside in parts:
                new.writestr(one.replace("\0", "") or "x", inside)
    return stream.getvalue()


def packed_mutated(
    rng: Random, raw: bytes, module: Any, inner: Callable[[Random, bytes], bytes]
) -> bytes:
    """What gzip or bzip2 (the module) has packed mutated, or the packing itself."""
    if rng.random() < 0.3:
        return bytes_mutated(rng, raw)
    return bytes(module.compress(inner(rng, module.decompress(raw))))


def pbf_mutated(rng: Random, raw: bytes) -> bytes:
    """Protocol buffers of a block mutated inside of its compression."""
    starts = [i for i in range(len(raw) - 1) if raw[i] == 0x78 and raw[i + 1] in {1, 0x9C, 0xDA}]
    rng.shuffle(starts)
    for at in starts:
        unpack = zlib.decompressobj()
        try:
            content = unpack.decompress(raw[at:])
        except zlib.error:
            continue
        if not unpack.eof or rng.random() < 0.2:
            continue
        blocks = _blocks(raw)
        for start, end in blocks:
            if start <= at < end:
                return raw[:start] + _block(rng, raw[start:end], content) + raw[end:]
    return bytes_mutated(rng, raw)


def _blocks(raw: bytes) -> list[tuple[int, int]]:
    """Beginnings and ends of the blocks; a header's last field is the length of its data."""
    found, at = [], 0
    while at + 4 <= len(raw):
        head = struct.unpack_from(">I", raw, at)[0]
        header = raw[at + 4 : at + 4 + head]
        size = shift = 0
        for byte in header[header.rindex(b"\x18") + 1 :] if b"\x18" in header else b"":
            size |= (byte & 0x7F) << shift
            shift += 7
        found.append((at, at + 4 + head + size))
        at += 4 + head + size
    return found


def _block(rng: Random, block: bytes, content: bytes) -> bytes:
    kind = b"OSMHeader" if b"OSMHeader" in block[:20] else b"OSMData"
    inside = zlib.compress(bytes_mutated(rng, content, other=content))
    size = len(content) if rng.random() < 0.8 else rng.choice((0, 1, 2**31 - 1, 40_000_000))
    blob = b"\x10" + _varint(size) + b"\x1a" + _varint(len(inside)) + inside
    header = b"\x0a" + _varint(len(kind)) + kind + b"\x18" + _varint(len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def sqlite_mutated(rng: Random, raw: bytes) -> bytes:
    """A cell of a table of a GeoPackage changed, those that describe it included; or bytes."""
    if rng.random() < 0.3:
        return bytes_mutated(rng, raw)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.gpkg"
        path.write_bytes(raw)
        with suppress(sqlite3.Error, OverflowError, UnicodeError):
            base = sqlite3.connect(path)
            try:
                _statements(rng, base)
                base.commit()
            finally:
                base.close()
        return path.read_bytes()


def _statements(rng: Random, base: sqlite3.Connection) -> None:
    base.execute("PRAGMA writable_schema = ON")
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        base.execute(f'DROP TRIGGER "{name}"')
    names = [n for (n,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    layer = base.execute("SELECT table_name FROM gpkg_contents").fetchone()[0]
    for _ in range(rng.choice((1, 1, 2))):
        table = rng.choice((*names, layer, layer, layer, "gpkg_geometry_columns", "gpkg_contents"))
        columns = [row[1] for row in base.execute(f'PRAGMA table_info("{table}")')]
        if not columns:
            continue
        column, kind = rng.choice(columns), rng.randrange(8)
        if kind == 0 and rng.random() < 0.5:
            base.execute(f'DROP TABLE "{table}"')
        elif kind == 1:
            base.execute(f'DELETE FROM "{table}"')
        elif kind == 2:
            base.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "x"')
        elif column == "geom" or table == layer:
            for row, blob in base.execute(f'SELECT rowid, geom FROM "{layer}"').fetchall():
                if rng.random() < 0.5 and blob is not None:
                    new = bytes_mutated(rng, bytes(blob))
                    base.execute(f'UPDATE "{layer}" SET geom = ? WHERE rowid = ?', (new, row))
        else:
            base.execute(f'UPDATE "{table}" SET "{column}" = ?', (_cell(rng),))


def _cell(rng: Random) -> object:
    new = odd_value(rng)
    if isinstance(new, int) and abs(new) >= 2**63:
        return float(min(new, 10**300))
    return rng.choice((new, rng.randbytes(9)))
