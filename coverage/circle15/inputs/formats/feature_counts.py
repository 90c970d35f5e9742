"""
Check that a vector layer holds as many features as it states.

Readers trust the number that a file states and stop there: further features would be lost silently.
"""

from __future__ import annotations

import struct
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHP_HEAD: Final = 100
_DBF_HEAD: Final = 32
_DELETED: Final = b"*"
_FGB_MAGIC: Final = 8
_FGB_NODE: Final = 40
_FGB_COUNT, _FGB_NODE_SIZE = 8, 9  # fields of the header's table
_FGB_NODE_SIZE_UNSAID: Final = 16


def require_whole(path: Path) -> None:
    """
    Refuse a shapefile or FlatGeobuf whose parts state different numbers of features.

    Raises
    ------
    InputDataError
        With both numbers.
    """
    suffix = path.suffix.lower()
    if suffix == ".shp":
        _require_whole_shapefile(path)
    elif suffix == ".fgb":
        _require_whole_flatgeobuf(path)


def beside(path: Path, suffix: str) -> Path | None:
    """Return another file of a shapefile, whose suffix may be in upper case; None if missing."""
    both = (path.with_suffix(suffix), path.with_suffix(suffix.upper()))
    return next((file for file in both if file.exists()), None)


def _require_whole_shapefile(path: Path) -> None:
    counts = {".shp": _count_of_shp(path)}
    index, cells = beside(path, ".shx"), beside(path, ".dbf")
    if index is not None:
        counts[index.suffix] = max(index.stat().st_size - _SHP_HEAD, 0) // 8
    if cells is not None:
        said = _counts_of_dbf(cells)
        if said is not None:
            counts[cells.suffix], held = said
            if held < said[0]:
                raise _differs(cells, f"states {said[0]:,} rows but holds {held:,}")
    known = {suffix: count for suffix, count in counts.items() if count is not None}
    if len(set(known.values())) > 1:
        told = ", ".join(f"{count:,} in its {suffix}" for suffix, count in known.items())
        raise _differs(path, f"has different numbers of features: {told}")


def _count_of_shp(path: Path) -> int | None:
    """Return the number of records of a `.shp`; None where they do not fill it."""
    at, count = _SHP_HEAD, 0
    with _mapped(path) as content:
        while at + 8 <= len(content):
            (words,) = struct.unpack_from(">i", content, at + 4)
            if words < 0:
                return None
            at += 8 + 2 * words
            count += 1
        return count if at == len(content) else None


def _counts_of_dbf(path: Path) -> tuple[int, int] | None:
    """Return the rows that a `.dbf` states and those that it has room for; None if damaged."""
    with path.open("rb") as file:
        head = file.read(_DBF_HEAD)
    if len(head) < _DBF_HEAD:
        return None
    said, start, width = struct.unpack("<IHH", head[4:12])
    return None if width == 0 else (said, max(path.stat().st_size - start, 0) // width)


def deleted_rows(path: Path) -> int:
    """
    Return the number of rows of a shapefile marked as deleted, which readers skip.

    0 where the `.dbf` is damaged or missing.
    """
    cells = beside(path, ".dbf")
    if cells is None or not cells.stat().st_size:
        return 0
    with _mapped(cells) as content:
        if len(content) < _DBF_HEAD:
            return 0
        said, start, width = struct.unpack("<IHH", content[4:12])
        end = min(len(content), start + said * width)
        return content[start:end:width].count(_DELETED) if width else 0


@contextmanager
def _mapped(path: Path) -> Iterator[mmap]:
    """Map a file into memory for reading."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        yield content


def _require_whole_flatgeobuf(path: Path) -> None:
    try:
        with _mapped(path) as content:
            start, said = _head_of_flatgeobuf(content)
            count = _count_of_flatgeobuf(content, start)
    except struct.error:
        return  # damaged, which its reader reports
    if count is None:
        raise _differs(path, f"states {said:,} features, which do not fill it")
    if said not in {0, count}:  # 0: not stated
        raise _differs(path, f"states {said:,} features but holds {count:,}")


def _head_of_flatgeobuf(content: mmap) -> tuple[int, int]:
    """Return the offset of the features, and their number in the header."""
    (size,) = struct.unpack_from("<I", content, _FGB_MAGIC)
    base = _FGB_MAGIC + 4
    table = base + struct.unpack_from("<I", content, base)[0]
    fields = table - struct.unpack_from("<i", content, table)[0]
    (length,) = struct.unpack_from("<H", content, fields)

    def field(number: int, kind: str, unsaid: int) -> int:
        at = 4 + 2 * number
        offset = struct.unpack_from("<H", content, fields + at)[0] if at + 2 <= length else 0
        return int(struct.unpack_from(kind, content, table + offset)[0]) if offset else unsaid

    said = field(_FGB_COUNT, "<Q", 0)
    width = field(_FGB_NODE_SIZE, "<H", _FGB_NODE_SIZE_UNSAID)
    nodes = level = said if width > 1 else 0
    while level > 1 or nodes == level > 0:
        level = -(-level // width)
        nodes += level
    return base + size + nodes * _FGB_NODE, said


def _count_of_flatgeobuf(content: mmap, at: int) -> int | None:
    """Return the number of features from an offset on; None where they do not fill the file."""
    count = 0
    while at + 4 <= len(content):
        at += 4 + int(struct.unpack_from("<I", content, at)[0])
        count += 1
    return count if at == len(content) else None


def _differs(path: Path, found: str) -> InputDataError:
    return InputDataError(f"{found}.", file=path, mend="Export it again.")
