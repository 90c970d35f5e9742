"""Tables of vector layers and of parquet files."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio

from circle15.errors import InputDataError
from circle15.inputs.cells import Table
from circle15.inputs.grid import without_totals
from circle15.inputs.shapefile_text import LOSSLESS, find_encoding, redecode

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.databases import Source

VECTORS: Final = frozenset({".geojson", ".json", ".gpkg", ".shp"})


def read_layer(path: Path, layer: str | None) -> Table:
    """
    Read a vector layer.

    Parameters
    ----------
    layer
        Name of the layer; a file of several needs it.

    Raises
    ------
    InputDataError
        If the file is damaged, holds several layers and none is named, or not the named one.
    """
    if path.suffix.lower() == ".shp":
        return _read_shapefile(path)
    return table_of_frame(path, _read(path, layer))


def _read(path: Path, layer: str | None, encoding: str | None = None) -> gpd.GeoDataFrame:
    try:
        listed = pyogrio.list_layers(path)
        name = _layer(path, [str(one) for one, kind in listed if kind is not None], layer)
        with warnings.catch_warnings():  # what cannot be read of a row is found by its reader
            warnings.simplefilter("ignore")
            return gpd.read_file(path, layer=name, encoding=encoding)
    except InputDataError:
        raise
    except (
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, OverflowError
    ) as error:  # fmt: skip
        raise InputDataError(
            f"cannot be read ({_first_line(error)}).", file=path, mend="Export it again."
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _layer(path: Path, layers: list[str], wanted: str | None) -> str | None:
    if wanted is not None:
        if wanted not in layers:
            raise InputDataError(
                f"has no layer {wanted!r}.", file=path, mend=f"Layers: {', '.join(layers)}."
            )
        return wanted
    if len(layers) > 1:
        raise InputDataError(
            f"holds {len(layers)} layers: {', '.join(layers)}.",
            file=path,
            mend="Name the one that is meant as `sheet` of the layer, or save it alone.",
        )
    return layers[0] if layers else None


def _read_shapefile(path: Path) -> Table:
    encoding = find_encoding(path)
    frame = _read(path, None, LOSSLESS)
    words = [name for name in frame.columns if name != "geometry"]
    plain = {name: redecode(name, encoding.name) for name in words}
    if len(set(plain.values())) < len(plain):
        names = ", ".join(plain.values())
        raise InputDataError(
            f"has headings that were cut to the same word ({names}).",
            file=path,
            mend="Export it as a GeoPackage.",
        )
    for name in plain:
        if frame[name].dtype == object or isinstance(frame[name].dtype, pd.StringDtype):
            frame[name] = [redecode(cell, encoding.name) for cell in frame[name]]
    table = table_of_frame(path, frame.rename(columns=plain))
    return replace(table, issues=(*encoding.issues, *table.issues), cut_names=encoding.name)


def read_parquet(path: Path) -> Table:
    """
    Read a parquet file, with a geometry (GeoParquet) or without.

    Raises
    ------
    InputDataError
        If it is damaged.
    """
    try:
        try:
            frame: pd.DataFrame = gpd.read_parquet(path)
        except ValueError:  # no geometry: a plain table
            frame = pd.read_parquet(path)
    except (ValueError, OSError, pa.ArrowException) as error:
        raise InputDataError(
            f"cannot be read as parquet ({_first_line(error)}).", file=path, mend="Export it again."
        ) from None
    return table_of_frame(path, frame)


def table_of_frame(path: Source, frame: pd.DataFrame) -> Table:
    """Make a table of a frame: an empty cell is None, the first row is 1."""
    rows = list(range(1, len(frame) + 1))
    geometry = crs = None
    if isinstance(frame, gpd.GeoDataFrame):
        geometry, crs = gpd.GeoSeries(frame.geometry.reset_index(drop=True)), frame.crs
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    cells = frame.reset_index(drop=True).astype(object)
    filled = cells.notna() & ~cells.isin([""])
    return without_totals(Table(path, cells.where(filled, None), rows, geometry, crs))
