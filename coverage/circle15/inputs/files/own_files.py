"""Refuse input files through which a library would open other files or the network."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError, require_memory_for
from circle15.study.limits import SIDE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RASTERS: Final = {
    **dict.fromkeys((".tif", ".tiff"), "GTiff"),
    ".asc": "AAIGrid",
    ".hgt": "SRTMHGT",
    ".png": "PNG",
    **dict.fromkeys((".bil", ".flt"), "EHdr"),
}
"""Suffixes of rasters, each with the only GDAL driver that may open it."""

_HEAD: Final = 65_536
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_SQLITE: Final = b"SQLite format 3\0"
_LEADS_ELSEWHERE: Final = re.compile(
    rb"<(?:OGRVRTDataSource|VRTDataset|GDAL_WMS|GDAL_WMTS|OGRWFSDataSource|WMS?_|WMTS?_|WCS_|WFS_)"
    rb"|gdal_streamed_alg",
    re.IGNORECASE,
)
"""Content that GDAL would follow to other files or servers, whatever the file's suffix."""
_SIDE_LINKS: Final = re.compile(r"OVERVIEW_FILE|SourceFilename|/vsi|VRTDataset", re.IGNORECASE)
_PERHAPS_LINK: Final = re.compile(rb'"(?:href|url|link)"|\\u00[2-7]', re.IGNORECASE)
_KML: Final = re.compile(rb"<(?:\w+:)?kml\b", re.IGNORECASE)
_CALLS: Final = re.compile(
    r"(?<!\w)(?:ogr_geocode\w*|ogr_datasource_load_layers|ogr_layer_\w+|gdal_\w+|load_extension"
    r"|readfile|writefile|fts3_tokenizer)(?!\w)|\bUSING\s+\W?(?!rtree|fts\d)\w+\W*\(",
    re.IGNORECASE,
)
"""Functions in the SQL of views, generated columns or virtual tables that leave the file."""

_Starts = dict[str, tuple[str, tuple[bytes, ...]]]
_STARTS: Final[_Starts] = {
    ".gpkg": ("GeoPackage", (_SQLITE,)),
    ".shp": ("shapefile", (b"\x00\x00\x27\x0a",)),
    ".fgb": ("FlatGeobuf", (b"fgb",)),
    ".kmz": ("KMZ", (b"PK\x03\x04",)),
    ".geojson": ("GeoJSON", (b"{",)),
    ".json": ("GeoJSON", (b"{",)),
}


def require_own_layer(path: Path) -> None:
    """
    Refuse a vector layer that is not of its suffix's format, or leads to other files or servers.

    GDAL opens a file by its content: a `.geojson` may hold a virtual layer (VRT), which reads any
    file of the machine, and the `crs` of a GeoJSON may be a link that is fetched.

    Raises
    ------
    InputDataError
        With the expected format, or where the file leads.
    """
    suffix = path.suffix.lower()
    if suffix == ".gdb":
        if not path.is_dir():
            raise _is_none(path, "folder of a geodatabase")
        return
    if path.is_dir():
        raise _is_none(path, "file")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    _refuse_links(path, head)
    kind, starts = _STARTS.get(suffix, ("", (b"",)))
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(starts):
        raise _is_none(path, kind)
    if suffix == ".kml" and not _KML.search(head):
        raise _is_none(path, "KML")
    if suffix == ".gpkg":
        _refuse_calls(path)
    elif suffix in {".geojson", ".json"}:
        _refuse_crs_links(path)


def _is_none(path: Path, kind: str) -> InputDataError:
    return InputDataError(
        f"cannot be read (it is not a {kind}).",
        file=path,
        mend="Export it again, or give it the suffix of its format.",
    )


def _leads_elsewhere(path: Path, what: str) -> InputDataError:
    return InputDataError(
        f"refers to other files or to the network ({what}), which are not opened.",
        file=path,
        mend="Give the data themselves in one file.",
    )


def _refuse_links(path: Path, head: bytes) -> None:
    found = _LEADS_ELSEWHERE.search(head)
    if found:
        raise _leads_elsewhere(path, found.group().decode().lstrip("<"))


def _refuse_calls(path: Path) -> None:
    """Refuse a GeoPackage with a table or view that calls functions that leave the file."""
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as database:
            rows = database.execute(
                "SELECT name, sql FROM sqlite_master WHERE type <> 'trigger' AND sql IS NOT NULL"
            ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        require_memory_for(error)
        return  # damaged, which its reader reports
    for name, sql in rows:
        called = _CALLS.search(str(sql))
        if called:
            raise _leads_elsewhere(path, f"{name} calls {called.group()}")


def _refuse_crs_links(path: Path) -> None:
    """Refuse a GeoJSON whose `crs` is a link, at its root or in a geometry."""
    text = path.read_bytes()
    if not _PERHAPS_LINK.search(text):
        return
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return  # damaged, which its reader reports
    for crs in _values_of(content, "crs"):
        if isinstance(crs, dict) and str(crs.get("type")).lower() not in {"name", "epsg"}:
            raise _leads_elsewhere(path, f"crs of type {crs.get('type')}")


def _values_of(content: Any, key: str) -> Iterator[Any]:
    """Yield the values of a key at any depth."""
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield from (value for name, value in part.items() if name.lower() == key)
            waiting += part.values()
        elif isinstance(part, list):
            waiting += [one for one in part if isinstance(one, dict | list)]


def driver_of_raster(path: Path) -> str:
    """
    Return the GDAL driver of a raster, and refuse one that leads to other files or servers.

    Sidecar files (`.aux.xml`, `.ovr`, `.msk`) are checked too, since GDAL reads them.

    Raises
    ------
    InputDataError
        If the suffix is not that of a raster, or the raster or a sidecar file leads elsewhere.
    """
    suffix = path.suffix.lower()
    if suffix not in RASTERS:
        raise InputDataError(
            f"the format '{suffix}' is not a raster format that can be read.",
            file=path,
            mend=f"Save it as a GeoTIFF. Known: {', '.join(RASTERS)}.",
        )
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(_HEAD)
        _refuse_links(path, head if not head.startswith(_TIFF) else b"")
        _refuse_sides(path)
    return RASTERS[suffix]


def _refuse_sides(path: Path) -> None:
    stem = f"{path.stem.lower()}."
    for side in path.parent.iterdir():
        name = side.name.lower()
        if not name.startswith(stem) or side == path or not side.is_file():
            continue
        size = side.stat().st_size
        if name.endswith(".aux.xml") and size > SIDE_BYTES.most:
            raise SIDE_BYTES.fault(f"has {size:,} bytes", file=side)
        with side.open("rb") as file:
            start = file.read(size if name.endswith(".aux.xml") else _HEAD)
        if name.endswith(".aux.xml"):
            found = _SIDE_LINKS.search(html.unescape(start.decode("utf-8", "replace")))
            if found:
                raise _leads_elsewhere(side, found.group())
        elif name.endswith((".ovr", ".msk")) and not start.startswith(_TIFF):
            raise _leads_elsewhere(side, "overviews or a mask that are not TIFF")
