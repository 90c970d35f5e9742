"""Tables of parquet files, with a geometry (GeoParquet) or without."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import GEOSException

from circle15.errors import CrsError, InputDataError
from circle15.inputs.formats.layers import table_of_layer
from circle15.inputs.formats.wkb import shapes_of_wkb
from circle15.study.limits import CELLS, COLUMNS, ROWS, TEXTS
from circle15.study.names import first_repeated

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circle15.inputs.tables.cells import Table

_WITHOUT_CRS: Final = "OGC:CRS84"  # of a file that does not state one, by the format
_AT_ONCE: Final = 10_000  # rows
_INDEX: Final = re.compile(r"__index_level_\d+__")


def read_parquet(path: Path) -> Table:
    """
    Read a parquet file, with a geometry (GeoParquet) or without.

    A broken geometry is a finding with its row, which then has no geometry.

    Raises
    ------
    CrsError
        If the CRS of its geometry is not valid.
    InputDataError
        If it is damaged, claims more cells than a file of its size holds, two columns have one
        name, or what it states about its geometry is wrong.
    """
    try:
        with pq.ParquetFile(path) as file:
            _refuse_bomb(path, file.metadata)
            said = (file.schema_arrow.metadata or {}).get(b"geo")
            names = file.schema_arrow.names
            _refuse_repeated(path, names)
            about = None if said is None else _about_geometry(path, said, names)
            content = _read(path)
            content.validate(full=True)  # invalid texts would be met only when they are used
        if about is not None and about[1].get("encoding") != "WKB":
            return table_of_layer(path, _native(path), {})
    except InputDataError:
        raise
    except (
        ValueError,
        OSError,
        OverflowError,
        KeyError,
        TypeError,
        pa.ArrowException,
        GEOSException,
        CRSError,
    ) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputDataError(
            f"cannot be read as parquet ({reason}).", file=path, mend="Export it again."
        ) from None
    return _table(path, content, about)


def _read(path: Path) -> pa.Table:
    """
    Read all cells; equal texts of a batch are kept once until their size is known.

    The reader gives each batch with all texts of the batches before it.

    Raises
    ------
    InputDataError
        If its texts, or the lists in its cells, hold far more than a file of its size.
    """
    size, held = path.stat().st_size, 0
    with pq.ParquetFile(path) as file:
        flat = file.schema_arrow
        texts = [one.name for one in flat if _is_text(one.type)]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        parts: list[pa.Table] = []
        for part in file.iter_batches(batch_size=_AT_ONCE):
            held += sum(_bytes_of(column) for column in part.columns)
            if held > TEXTS.of(size):
                found = f"holds more than {held // 1_000_000:,} MB of texts and lists"
                raise TEXTS.fault(found, file=path, size=size)
            parts.append(pa.Table.from_batches([part]).cast(flat))
        return pa.concat_tables(parts) if parts else file.read().cast(flat)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _bytes_of(column: pa.Array) -> int:
    """Bytes of the cells of a column; each cell counts, even where its text is kept once."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary).to_numpy(zero_copy_only=False)
    if not len(lengths):
        return 0
    places = column.indices.drop_null().to_numpy(zero_copy_only=False)
    return int(np.asarray(lengths, np.float64)[places].sum())


def _native(path: Path) -> pd.DataFrame:
    """Read geometries that are stored as lists of coordinates, or by a future library."""
    try:
        return gpd.read_parquet(path)
    except (AttributeError, LookupError, TypeError) as error:  # the file holds something else
        raise ValueError(f"its geometry is not as declared: {error}") from error


def _table(path: Path, content: pa.Table, about: tuple[str, dict[str, Any]] | None) -> Table:
    # An index that pandas has stored is a column like others, except its own row numbers.
    content = content.drop_columns(
        [name for name in content.column_names if _INDEX.fullmatch(name)]
    )
    if about is None:
        return table_of_layer(path, _cells(path, content), {})
    name, says = about
    column = content.column(name)
    if not _holds_bytes(column.type):
        raise InputDataError(
            f"its geometry is not as declared: WKB is bytes, and these are {column.type}.",
            file=path,
            column=name,
            mend="Export it again as GeoParquet.",
        )
    crs = _crs(path, says)
    cells = _cells(path, content.drop_columns([name]))
    shapes, faults = shapes_of_wkb(column.to_numpy())
    free = next(word for word in (name, "geometry_", "geometry__") if word not in cells.columns)
    layer = gpd.GeoDataFrame(cells, geometry=gpd.GeoSeries(shapes, crs=crs).rename(free))
    return table_of_layer(path, layer, faults)


def _cells(path: Path, content: pa.Table) -> pd.DataFrame:
    """
    Return the cells of a table.

    Raises
    ------
    InputDataError
        With the first column whose values are not valid, such as times in an unknown time zone.
    """
    for name in content.column_names:
        try:
            content.select([name]).to_pandas(ignore_metadata=True)
        except (pa.ArrowException, ValueError, OverflowError, LookupError, TypeError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputDataError(
                f"its values of type {content.schema.field(name).type} cannot be read ({reason}).",
                file=path,
                column=name,
                mend="Export it again.",
            ) from None
    cells: pd.DataFrame = content.to_pandas(ignore_metadata=True)
    return cells


def _holds_bytes(kind: pa.DataType) -> bool:
    inner = kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind
    inner = inner.value_type if pa.types.is_dictionary(inner) else inner
    tests = (
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_binary_view,
        pa.types.is_null,
        pa.types.is_fixed_size_binary,
    )
    return any(test(inner) for test in tests)


def _refuse_repeated(path: Path, names: list[str]) -> None:
    again = first_repeated(names)
    if again is not None:
        raise InputDataError(
            "the heading occurs twice.", file=path, column=again, mend="Give each its own name."
        )


def _refuse_bomb(path: Path, about: pq.FileMetaData) -> None:
    """Refuse a file that claims far more cells than bytes: it would fill the memory."""
    size = path.stat().st_size
    rows, columns = about.num_rows, about.num_columns
    if columns > COLUMNS.most:
        raise COLUMNS.fault(f"claims {columns:,} columns", file=path)
    if rows > ROWS.of(size):
        raise ROWS.fault(f"claims {rows:,} rows", file=path, size=size)
    groups = [about.row_group(k) for k in range(about.num_row_groups)]
    parts = [one.column(k) for one in groups for k in range(one.num_columns)]
    unpacked = sum(part.total_uncompressed_size for part in parts)
    if unpacked > max(TEXTS.of(size), 2 * size):
        found = f"holds {unpacked // 1_000_000:,} MB when unpacked"
        raise TEXTS.fault(found, file=path, size=size)
    values = sum(part.num_values for part in parts)
    if max(rows * columns, values) > CELLS.of(size):
        found = f"claims {rows:,} rows of {columns:,} columns, {values:,} values"
        raise CELLS.fault(found, file=path, size=size)


def _about_geometry(path: Path, said: bytes, names: list[str]) -> tuple[str, dict[str, Any]]:
    """Return the name of the main geometry and its metadata."""
    try:
        geo = json.loads(said)
        name = geo["primary_column"]
        about = geo["columns"][name]
        encoding = about["encoding"]
    except (ValueError, RecursionError, KeyError, TypeError):
        geo, name, about, encoding = {}, None, None, None
    if not (isinstance(about, dict) and isinstance(encoding, str) and name in names):
        raise InputDataError(
            "does not state which column is its geometry (the metadata 'geo' is damaged).",
            file=path,
            mend="Export it again as GeoParquet.",
        )
    return name, about


def _crs(path: Path, about: dict[str, Any]) -> CRS | None:
    """Read the CRS of a geometry; none where the file states that there is none."""
    said = about.get("crs", _WITHOUT_CRS)
    try:
        return None if said is None else CRS.from_user_input(said)
    except CRSError:
        raise CrsError(
            "states a CRS that is not valid.", file=path, mend="Export it again with its CRS."
        ) from None
