"""Check the size of a vector layer before a library loads it."""

from __future__ import annotations

import errno
import glob
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np
import pyogrio

from circle15.errors import Circle15Error, InputDataError, clause
from circle15.inputs.formats.packed import require_modest, require_plain_xml
from circle15.inputs.formats.views import require_modest_views
from circle15.study.limits import CELLS, COLUMNS, JSON_PARTS, ROWS, VERTICES, WORKBOOK

if TYPE_CHECKING:
    from pathlib import Path

_SHX_HEAD: Final = 100


def require_modest_file(path: Path) -> None:
    """
    Refuse a file whose parts hold, or refer to, far more than a file of its size.

    Raises
    ------
    InputDataError
        With the amount, the limit and how to stay within it.
    """
    suffix = path.suffix.lower()
    if suffix == ".kml":
        with path.open("rb") as stream:
            require_plain_xml(path, stream)
    elif suffix == ".kmz":
        _require_modest_kmz(path)
    elif suffix == ".gpkg":
        require_modest_views(path)
    elif suffix in {".geojson", ".json"}:
        text, size = path.read_bytes(), path.stat().st_size
        parts = text.count(b"[") + text.count(b"{")
        if parts > JSON_PARTS.of(size):
            raise JSON_PARTS.fault(f"holds {parts:,} lists and objects", file=path, size=size)
    elif suffix == ".shp":
        _require_modest_index(path)


def _require_modest_kmz(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            require_modest(path, archive.infolist(), WORKBOOK)
            for info in archive.infolist():
                if info.filename.lower().endswith(".kml"):
                    with archive.open(info) as stream:
                        require_plain_xml(path, stream)
    except Circle15Error:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        UnicodeDecodeError,  # a name in it that is not text
    ) as error:
        if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
            raise  # a fault of the disk; EINVAL is a negative offset in the archive
        raise InputDataError(
            f"cannot be read as KMZ ({clause(error)}).", file=path, mend="Export it again."
        ) from None


def _require_modest_index(path: Path) -> None:
    """Refuse a shapefile whose index refers to the same records repeatedly."""
    index = next((p for s in (".shx", ".SHX") if (p := path.with_suffix(s)).is_file()), None)
    if index is None:
        return
    size = path.stat().st_size
    raw = index.read_bytes()[_SHX_HEAD:]
    words = np.frombuffer(raw[: len(raw) // 8 * 8], ">i4").astype(np.int64)
    named = int(np.maximum(words[1::2], 0).sum()) * 2 + 8 * (len(words) // 2)
    if named > VERTICES.of(size):
        found = f"its index refers to {named:,} bytes of records"
        raise VERTICES.fault(found, file=path, size=size)


def require_modest_layer(path: Path, layer: str | None, encoding: str | None) -> None:
    """
    Refuse a layer with far more rows and columns than a file of its size holds.

    Raises
    ------
    InputDataError
        With the numbers, the limit and how to stay within it.
    """
    try:
        about = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
    except UnboundLocalError:  # raised by pyogrio where GDAL cannot export the CRS
        raise InputDataError(
            "has a CRS that cannot be read.", file=path, mend="Export it again with its CRS."
        ) from None
    rows, columns = int(about["features"]), len(about["fields"])
    size = bytes_of(path)
    if columns > COLUMNS.most:
        raise COLUMNS.fault(f"has {columns:,} columns", file=path)
    if rows > ROWS.of(size):
        raise ROWS.fault(f"has {rows:,} rows", file=path, size=size)
    if rows * columns > CELLS.of(size):
        found = f"has {rows:,} rows of {columns:,} columns"
        raise CELLS.fault(found, file=path, size=size)


def bytes_of(path: Path) -> int:
    """Return the bytes of a layer, including its sidecar files."""
    if path.is_dir():
        return sum(part.stat().st_size for part in path.iterdir() if part.is_file())
    parts = path.parent.glob(f"{glob.escape(path.stem)}.*") if path.suffix.lower() == ".shp" else ()
    return max(path.stat().st_size, sum(part.stat().st_size for part in parts))
