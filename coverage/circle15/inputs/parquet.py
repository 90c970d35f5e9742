"""Tables of parquet files, with a geometry (GeoParquet) or without."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException

from circle15.errors import CrsError, InputDataError
from circle15.inputs.layers import table_of_layer
from circle15.inputs.wkb import shapes_of_wkb
from circle15.study.demand_keys import first_repeated

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circle15.inputs.cells import Table

_WITHOUT_CRS: Final = "OGC:CRS84"  # of a file that does not speak of it, by the format
_INDEX: Final = re.compile(r"__index_level_\d+__")
_EXTRA_CELLS: Final = 2_000_000


def read_parquet(path: Path) -> Table:
    """
    Read a parquet file, with a geometry (GeoParquet) or without.

    A geometry that is broken is a finding with its row, which then has none.

    Raises
    ------
    CrsError
        If its geometry is in a CRS that is none.
    InputDataError
        If it is damaged, claims more cells than a file of its size holds, two columns have one
        name, or what it says of its geometry is wrong.
    """
    try:
        with pq.ParquetFile(path) as file:
            _refuse_bomb(path, file.metadata)
            said = (file.schema_arrow.metadata or {}).get(b"geo")
            names = file.schema_arrow.names
            _refuse_repeated(path, names)
            about = None if said is None else _about_geometry(path, said, names)
            content = file.read()
        if about is not None and about[1].get("encoding") != "WKB":
            return table_of_layer(path, _native(path), {})
    except InputDataError:
        raise
    except (
        ValueError, OSError, OverflowError, KeyError, TypeError, pa.ArrowException, GEOSException,
        CRSError,
    ) as error:  # fmt: skip
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputDataError(
            f"cannot be read as parquet ({reason}).", file=path, mend="Export it again."
        ) from None
    return _table(path, content, about)


def _native(path: Path) -> pd.DataFrame:
    """Read geometries that are kept as lists of coordinates, or by a library of the future."""
    try:
        return gpd.read_parquet(path)
    except (AttributeError, LookupError, TypeError) as error:  # the file holds something else
        raise ValueError(f"its geometry is not as it says: {error}") from error


def _table(path: Path, content: pa.Table, about: tuple[str, dict[str, Any]] | None) -> Table:
    # An index that pandas has stored is a column like others, but for its own counting of rows.
    content = content.drop_columns(
        [name for name in content.column_names if _INDEX.fullmatch(name)]
    )
    if about is None:
        return table_of_layer(path, content.to_pandas(ignore_metadata=True), {})
    name, says = about
    crs = _crs(path, says)
    cells = content.drop_columns([name]).to_pandas(ignore_metadata=True)
    shapes, faults = shapes_of_wkb(content.column(name).to_numpy())
    free = next(word for word in (name, "geometry_", "geometry__") if word not in cells.columns)
    layer = gpd.GeoDataFrame(cells, geometry=gpd.GeoSeries(shapes, crs=crs).rename(free))
    return table_of_layer(path, layer, faults)


def _refuse_repeated(path: Path, names: list[str]) -> None:
    again = first_repeated(names)
    if again is not None:
        raise InputDataError(
            "the heading occurs twice.", file=path, column=again, mend="Give each its own name."
        )


def _refuse_bomb(path: Path, about: pq.FileMetaData) -> None:
    """Refuse a file that claims far more cells than bytes: it would fill the memory."""
    cells = about.num_rows * about.num_columns
    if cells > _EXTRA_CELLS + path.stat().st_size:
        raise InputDataError(
            f"claims {about.num_rows:,} rows of {about.num_columns:,} columns in "
            f"{path.stat().st_size:,} bytes.",
            file=path,
            mend="Export only the rows and columns that are needed.",
        )


def _about_geometry(path: Path, said: bytes, names: list[str]) -> tuple[str, dict[str, Any]]:
    """Return the name of the main geometry, and what the file says of it."""
    try:
        geo = json.loads(said)
        name = geo["primary_column"]
        about = geo["columns"][name]
        encoding = about["encoding"]
    except (ValueError, RecursionError, KeyError, TypeError):
        geo, name, about, encoding = {}, None, None, None
    if not (isinstance(about, dict) and isinstance(encoding, str) and name in names):
        raise InputDataError(
            "does not say which column is its geometry (the metadata 'geo' is damaged).",
            file=path,
            mend="Export it again as GeoParquet.",
        )
    return name, about


def _crs(path: Path, about: dict[str, Any]) -> CRS | None:
    """Read the CRS of a geometry; none where the file says that there is none."""
    said = about.get("crs", _WITHOUT_CRS)
    try:
        return None if said is None else CRS.from_user_input(said)
    except CRSError:
        raise CrsError(
            "says a CRS that is none.", file=path, mend="Export it again with its CRS."
        ) from None
