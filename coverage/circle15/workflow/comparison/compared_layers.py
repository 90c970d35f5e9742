"""Read a layer of results: from `results.gpkg`, or from the table that a kept run has of it."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from circle15.errors import InputDataError, clause, require_memory_for
from circle15.results.difference.kept_results import AGAIN
from circle15.study.names import require_plain_file
from circle15.workflow.reruns.history import GEOPACKAGE
from circle15.workflow.reruns.history_layers import GEOMETRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt


class RawLayer(NamedTuple):
    """The rows of a layer: shapes as WKB in the study CRS, and columns by name."""

    shapes: npt.NDArray[Any]
    columns: dict[str, npt.NDArray[Any]]


def files_of(folder: Path, layers: Sequence[str]) -> list[Path]:
    """Return the files that hold layers in a folder: tables of a kept run, or the GeoPackage."""
    tables = [folder / f"{layer}.parquet" for layer in layers]
    whole = folder / GEOPACKAGE
    return [whole] if whole.exists() or not all(one.exists() for one in tables) else tables


def read_frame(folder: Path, layer: str, needed: list[str], *, shapes: bool) -> Any:
    """
    Read columns of a layer as a frame, with `geometry` in the study CRS if `shapes` are asked for.

    Raises
    ------
    InputDataError
        If the layer is missing or damaged, or lacks a column.
    """
    (path,) = files_of(folder, [layer])
    if path.name != GEOPACKAGE:
        table = _table(path, [*needed, *([GEOMETRY] if shapes else [])])
        frame = table.to_pandas()
        for field, column in zip(table.schema, table.columns, strict=True):
            if pa.types.is_string(field.type) and column.null_count == len(column):
                frame[field.name] = pd.Series([None] * len(column), dtype=object)  # as pyogrio does
        if not shapes:
            return frame
        return gpd.GeoDataFrame(
            frame[needed], geometry=shapes_of(frame[GEOMETRY].to_numpy(), path, layer)
        )
    try:
        with _silence():
            require_columns(path, needed, pyogrio.read_info(path, layer=layer)["fields"])
            return pyogrio.read_dataframe(path, layer=layer, columns=needed, read_geometry=shapes)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(path, layer, error) from error


def read_raw(
    folder: Path, layer: str, needed: list[str], optional: Sequence[str] = ()
) -> RawLayer | None:
    """
    Read the shapes and columns of a layer; None if it was removed to save space.

    Raises
    ------
    InputDataError
        If the layer is damaged or lacks a column that is not optional.
    """
    wanted = [*needed, *optional]
    table = folder / f"{layer}.parquet"
    path = folder / GEOPACKAGE
    if not path.exists():
        if not table.exists():
            return None
        require_plain_file(table)
        found = _table(table, [*needed, GEOMETRY], optional)
        columns = {name: _array(found[name]) for name in found.schema.names}
        return RawLayer(columns.pop(GEOMETRY), columns)
    try:
        with _silence():
            if layer not in pyogrio.list_layers(path)[:, 0]:
                return None
            meta, _, shapes, fields = pyogrio.raw.read(path, layer=layer, columns=wanted)
    except (DataSourceError, DataLayerError) as error:
        raise _unreadable(path, layer, error) from error
    columns = dict(zip(meta["fields"], fields, strict=True))
    require_columns(path, needed, columns)
    return RawLayer(shapes, columns)


def require_columns(path: Path, needed: Iterable[str], names: Iterable[str]) -> None:
    """
    Refuse a file without a column that is needed.

    Raises
    ------
    InputDataError
        It names the first one that is missing.
    """
    there = set(names)
    missing = [name for name in needed if name not in there]
    if missing:
        raise InputDataError(f"has no column '{missing[0]}'.", file=path, mend=AGAIN)


def shapes_of(content: npt.NDArray[Any], path: Path, layer: str) -> npt.NDArray[np.object_]:
    """
    Return shapes of WKB; None stays None.

    Raises
    ------
    InputDataError
        If one is not WKB.
    """
    found: npt.NDArray[np.object_] = shapely.from_wkb(content, on_invalid="ignore")
    if (shapely.is_missing(found) & ~pd.isna(content)).any():
        raise InputDataError(f"has broken shapes in layer '{layer}'.", file=path, mend=AGAIN)
    return found


def short(error: BaseException) -> str:
    """Return the first line of an error of a library."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _table(path: Path, needed: list[str], optional: Sequence[str] = ()) -> pa.Table:
    try:
        with pq.ParquetFile(path) as opened:
            names = opened.schema_arrow.names
            require_columns(path, needed, names)
            return opened.read([*needed, *(name for name in optional if name in names)])
    except (pa.ArrowException, OSError) as error:
        require_memory_for(error)
        raise InputDataError(
            f"cannot be read ({clause(short(error))}).", file=path, mend=AGAIN
        ) from error


def _array(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """Return numbers with NaN for null, and objects with None."""
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return np.array([*column.to_pylist(), None], dtype=object)[:-1]
    return cast("npt.NDArray[Any]", column.to_numpy())


@contextmanager
def _silence() -> Iterator[None]:
    """Leave out warnings of GDAL on damaged files: what cannot be used is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def _unreadable(path: Path, layer: str, error: Exception) -> InputDataError:
    require_memory_for(error)
    said = f"cannot be read as layer '{layer}' ({clause(short(error))})."
    return InputDataError(said, file=path, mend=AGAIN)
