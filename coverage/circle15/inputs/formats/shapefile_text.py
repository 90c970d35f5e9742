"""The text of shapefiles: its encoding is found in the bytes, as the `.cpg` is often wrong."""

from __future__ import annotations

import codecs
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from circle15.inputs.formats.feature_counts import beside
from circle15.inputs.formats.text_tables import looks_western
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = 32
_FIELD = 32
_END_OF_FIELDS = 0x0D
LATIN: Final = "iso8859-1"
_CHINESE: Final = frozenset({"gbk", "gb2312", "gb18030", "cp936", "936"})
_ASCII: Final = "".join(map(chr, range(32, 127)))  # the same in every encoding of a `.dbf`
LOSSLESS: Final = "ISO-8859-1"
"""Reads each byte as the character of its number, so that the bytes can be restored."""


@dataclass(frozen=True)
class Encoding:
    """Encoding of the text of a shapefile, and what to report; `name` is a Python codec."""

    name: str
    findings: tuple[Finding, ...] = ()


def find_encoding(path: Path) -> Encoding:
    """
    Find the encoding of a shapefile's attributes by trying the bytes of its `.dbf`.

    UTF-8 is tried first, since hardly any other text is valid UTF-8, then GB18030 where the
    result is plausible, then the encoding of the `.cpg`, and Latin-1 without one. A choice against
    the `.cpg`, or without one, is reported.
    """
    dbf = beside(path, ".dbf")
    declared = _declared(path)
    pieces = [] if dbf is None else _text_pieces(dbf)
    if all(piece.isascii() for piece in pieces):
        return Encoding(declared or "utf-8")
    for name in ("utf-8", "gb18030", *([declared] if declared else []), LATIN):
        if all(_fits(piece, name) for piece in pieces) and not _nonsense(pieces, name):
            same = declared == name or (declared in _CHINESE and name == "gb18030")
            return Encoding(name, () if same else (_said(path, name, declared),))
    return Encoding(LATIN, (_said(path, LATIN, declared),))


def _nonsense(pieces: list[bytes], name: str) -> bool:
    """Return whether Western text was taken for Chinese."""
    return name == "gb18030" and looks_western("\n".join(_lenient(p, name) for p in pieces))


def _said(path: Path, name: str, declared: str | None) -> Finding:
    if declared is None:
        detail = {"encoding": name.upper()}
        return Finding("ENCODING_GUESSED", "note", path.name, detail=detail)
    detail = {"encoding": name.upper(), "declared": declared.upper()}
    return Finding("ENCODING_WRONG", "warning", path.name, detail=detail)


def _declared(path: Path) -> str | None:
    """The codec that the `.cpg` names; None where there is none, or none that Python knows."""
    file = beside(path, ".cpg")
    if file is None:
        return None
    word = file.read_bytes()[:100].decode("ascii", "ignore").strip().strip("\0").lower()
    number = re.fullmatch(r"(?:ansi|oem|windows)?[ -]?(\d{3,5})", word)
    if number is not None:
        word = f"cp{number[1]}"
    try:
        name = codecs.lookup("utf-8" if word == "cp65001" else word).name
        plain = _ASCII == _ASCII.encode().decode(name) == _lenient(_ASCII.encode(), name)
    except (LookupError, ValueError):  # not a codec, or not one of text
        return None
    return name if plain else None


def _text_pieces(dbf: Path) -> list[bytes]:
    """Headings and text cells as bytes; nothing where the file is damaged."""
    raw = dbf.read_bytes()
    if len(raw) < _HEADER:
        return []
    rows, start, width = struct.unpack("<IHH", raw[4:12])
    pieces, spans, offset = [], [], 1  # the first byte of a record marks it as deleted
    for at in range(_HEADER, min(start, len(raw)) - _FIELD + 1, _FIELD):
        if raw[at] == _END_OF_FIELDS:
            break
        pieces.append(raw[at : at + 11].split(b"\0")[0])
        length = raw[at + 16]
        if raw[at + 11 : at + 12] == b"C":
            spans.append((offset, offset + length))
        offset += length
    for row in range(min(rows, (len(raw) - start) // max(width, 1))):
        record = raw[start + row * width : start + (row + 1) * width]
        if not record.isascii():
            pieces += [record[a:b].rstrip(b" \0") for a, b in spans]
    return pieces


def _fits(piece: bytes, name: str) -> bool:
    """Return whether bytes are text in an encoding; a cut last character is ignored."""
    try:
        _lenient(piece, name)
    except UnicodeDecodeError:
        return False
    return True


def redecode(text: Any, encoding: str) -> Any:
    """Decode again a text that was read as `LOSSLESS`; a cut last character is dropped."""
    if not isinstance(text, str):
        return text
    return _lenient(text.encode(LOSSLESS), encoding)


def _lenient(piece: bytes, name: str) -> str:
    """Decode bytes in an encoding that they fit; a cut last character is dropped."""
    return codecs.getincrementaldecoder(name)().decode(piece)
