"""Tables of vector layers."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyproj.exceptions import ProjError
from shapely.errors import GEOSException

from circle15.errors import InputDataError, clause
from circle15.inputs.files.own_files import require_own_layer
from circle15.inputs.formats.archives import ARCHIVES, as_of_archive, unpacked
from circle15.inputs.formats.feature_counts import deleted_rows, require_whole
from circle15.inputs.formats.layer_limits import require_modest_file, require_modest_layer
from circle15.inputs.formats.shapefile_text import LOSSLESS, find_encoding, redecode
from circle15.inputs.formats.wkb import shapes_of_wkb
from circle15.inputs.shapes import without_empty_parts
from circle15.inputs.tables.cells import Table
from circle15.inputs.tables.heading_rows import without_totals
from circle15.study.limits import MB
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from circle15.study.database_tables import Source

VECTORS: Final = frozenset(
    {".geojson", ".json", ".gpkg", ".shp", ".gdb", ".kml", ".kmz", ".fgb", *ARCHIVES}
)
WITH_LAYERS: Final = frozenset({".gpkg", ".gdb", ".kml", ".kmz", *ARCHIVES})
"""Formats of which one file, or folder, may hold several layers."""
_KML: Final = frozenset({".kml", ".kmz"})
_KML_DRAWING: Final = frozenset(
    {"id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility"}
    | {"drawOrder", "icon"}
)
_KML_WORDS: Final = frozenset({"Name", "description"})
_KML_NOTHING: Final = (-1, 0, "")
"""Values of the drawing columns where a file does not set them."""
BROKEN: Final = "GEOMETRY_BROKEN"
_EVERY_ROW: Final = "1=1"
"""For a GeoPackage: without it GDAL stops at the number of rows that the file declares."""
_UNREADABLE: Final = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    ValueError,
    OverflowError,
    IndexError,
    ProjError,
    GEOSException,
)
"""What the libraries raise for a layer that they cannot read."""
_CUT_BY_SERVER: Final = re.compile(rb'"exceededTransferLimit"\s*:\s*true')


_BYTES_OF_FOLDERS: Final = 200 * MB
"""How much of a KML may be read to find which of its folders are empty."""

_NAMED: Final = 50
"""The most layers that a message names."""


def read_layer(path: Path, layer: str | None) -> Table:
    """
    Read a vector layer.

    Parameters
    ----------
    layer
        Name of the layer; needed where the file has several.

    Raises
    ------
    InputDataError
        If the file is damaged, holds several layers and none is named, or does not hold the
        named one.
    """
    suffix = path.suffix.lower()
    if suffix in ARCHIVES:
        with unpacked(path, layer) as (inner, rest):
            return as_of_archive(path, lambda: read_layer(inner, rest))
    if layer is not None and suffix not in WITH_LAYERS:
        raise InputDataError(
            f"a '{suffix}' file has no sheets.", file=path, mend="Remove `sheet` from the study."
        )
    require_own_layer(path)
    require_modest_file(path)
    require_whole(path)
    if suffix == ".shp":
        return _read_shapefile(path)
    frame, faults = _read(path, layer)
    drawing = _drawing(frame) if suffix in _KML else {}
    table = table_of_layer(path, frame.drop(columns=list(drawing)), faults)
    table = replace(table, left_out=tuple(name for name, holds in drawing.items() if holds))
    if suffix in {".geojson", ".json"} and _CUT_BY_SERVER.search(path.read_bytes()):
        return replace(
            table, findings=(Finding("CUT_BY_SERVER", "warning", path.name), *table.findings)
        )
    return table


def _read(
    path: Path, layer: str | None, encoding: str | None = None
) -> tuple[gpd.GeoDataFrame, dict[int, str]]:
    """Read a layer; for each broken geometry, by its position, also why it cannot be read."""
    faults: dict[int, str] = {}
    try:
        with warnings.catch_warnings():  # the reader of a row finds what cannot be read
            warnings.simplefilter("ignore")
            name = _layer(path, *_layers_of(path, layer), layer)
            require_modest_layer(path, name, encoding)
            where = _EVERY_ROW if path.suffix.lower() == ".gpkg" else None
            asked: dict[str, Any] = {"layer": name, "encoding": encoding, "where": where}
            try:
                frame = gpd.read_file(path, **asked)
            except GEOSException:
                frame = gpd.read_file(path, **asked, on_invalid="ignore")
                raw = pyogrio.raw.read(path, **asked, columns=[])[2]
                faults = shapes_of_wkb(raw)[1]
    except InputDataError:
        raise
    except _UNREADABLE as error:
        raise InputDataError(
            f"cannot be read ({clause(_first_line(error))}).", file=path, mend="Export it again."
        ) from None
    again = frame.columns[frame.columns.duplicated()]
    if len(again) and path.suffix.lower() != ".shp":  # whose headings are still encoded
        raise InputDataError(
            "the heading occurs twice.", file=path, column=again[0], mend="Give each its own name."
        )
    return frame, faults


def _drawing(frame: gpd.GeoDataFrame) -> dict[str, bool]:
    """
    Find the columns that the reader makes for every KML, and whether any of them has a value.

    They describe how a feature is drawn and are not data of a bureau; neither is a blank name.
    """
    found = {}
    for name in frame.columns:
        cells = frame[name]
        if name in _KML_DRAWING:
            found[name] = bool((cells.notna() & ~cells.isin(_KML_NOTHING)).any())
        elif name in _KML_WORDS and not cells.notna().any():
            found[name] = False
    return found


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _layers_of(path: Path, wanted: str | None) -> tuple[list[str], list[str]]:
    """
    Names of all layers, and of the candidates where none is named.

    Tables without geometry are candidates only where there is nothing else, and an empty folder
    of a KML is not a layer. Looking into a folder takes the whole file: where this is not needed,
    or there are too many folders, all count as layers.
    """
    listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    names = [name for name, _ in listed]
    drawn = [name for name, kind in listed if kind is not None]
    if path.suffix.lower() not in _KML or len(drawn) < 2 or wanted is not None:
        return names, drawn
    if len(drawn) * _size_of_kml(path) <= _BYTES_OF_FOLDERS:
        drawn = [
            name
            for name in drawn
            if pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]
        ] or drawn
    return names, drawn


def _size_of_kml(path: Path) -> int:
    if path.suffix.lower() == ".kml":
        return path.stat().st_size
    with zipfile.ZipFile(path) as packed:
        return sum(one.file_size for one in packed.infolist())


def _some(names: list[str]) -> str:
    """List the first names and the number of the others."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _layer(path: Path, names: list[str], layers: list[str], wanted: str | None) -> str | None:
    if wanted is not None:
        if wanted not in names:
            mend = f"Layers: {_some(names)}."
            raise InputDataError(f"has no layer {wanted!r}.", file=path, mend=mend)
        return wanted
    if not layers:
        raise InputDataError("holds no layer that can be read.", file=path, mend="Export it again.")
    if len(layers) > 1:
        raise InputDataError(
            f"holds {len(layers)} layers: {_some(layers)}.",
            file=path,
            mend="Name the one to read as `sheet` of the layer, or save it alone.",
        )
    return layers[0] if layers else None


def _read_shapefile(path: Path) -> Table:
    encoding = find_encoding(path)
    frame, faults = _read(path, None, LOSSLESS)
    words = [name for name in frame.columns if name != "geometry"]
    plain = {name: redecode(name, encoding.name) for name in words}
    if len(set(plain.values())) < len(words):
        names = ", ".join(plain.values())
        raise InputDataError(
            f"has headings that were cut to the same word ({names}).",
            file=path,
            mend="Export it as a GeoPackage.",
        )
    for name in plain:
        if frame[name].dtype == object or isinstance(frame[name].dtype, pd.StringDtype):
            frame[name] = [redecode(cell, encoding.name) for cell in frame[name]]
    table = table_of_layer(path, frame.rename(columns=plain), faults)
    found = [*encoding.findings, *_deleted(path)]
    return replace(table, findings=(*found, *table.findings), cut_names=encoding.name)


def _deleted(path: Path) -> tuple[Finding, ...]:
    """Report how many rows a shapefile marks as deleted, if any: they are not read."""
    count = deleted_rows(path)
    return (
        (Finding("ROWS_DELETED", "note", path.name, detail={"rows": str(count)}),) if count else ()
    )


def table_of_layer(path: Path, frame: pd.DataFrame, faults: Mapping[int, str]) -> Table:
    """
    Make a table from a frame; broken geometries are reported with their rows.

    Parameters
    ----------
    faults
        Why the geometry of a row cannot be read, by position.
    """
    table = table_of_frame(path, frame)
    found = tuple(
        Finding(BROKEN, "warning", path.name, i + 1, detail={"reason": reason})
        for i, reason in faults.items()
    )
    return replace(table, findings=(*found, *table.findings))


def table_of_frame(path: Source, frame: pd.DataFrame) -> Table:
    """Make a table from a frame: an empty cell is None, the first row is 1."""
    rows = list(range(1, len(frame) + 1))
    geometry = crs = None
    if isinstance(frame, gpd.GeoDataFrame):
        crs = frame.crs
        shapes = without_empty_parts(np.asarray(frame.geometry.to_numpy(), object))
        geometry = gpd.GeoSeries(shapes, crs=crs)
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    cells = frame.reset_index(drop=True).astype(object)
    filled = cells.notna() & ~cells.isin([""])
    return without_totals(Table(path, cells.where(filled, None), rows, geometry, crs))
