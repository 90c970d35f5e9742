"""Read a table as its cells: text, a workbook, a vector layer, parquet, or from a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.errors import InputDataError, MissingFileError
from circle15.inputs.databases.queries import read_database
from circle15.inputs.formats.layers import VECTORS, WITH_LAYERS, read_layer
from circle15.inputs.formats.parquet import read_parquet
from circle15.inputs.formats.text_tables import read_text_table
from circle15.inputs.formats.workbooks import SPREADSHEETS, read_workbook
from circle15.inputs.tables.cells import Table, points_of, read_column
from circle15.inputs.tables.columns_read import record
from circle15.inputs.tables.conditions import choose_rows
from circle15.inputs.tables.headings import find_columns, named_column, named_columns
from circle15.study.database_tables import DatabaseTable

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.database_tables import Source

__all__ = [
    "Table",
    "choose_rows",
    "find_columns",
    "named_column",
    "named_columns",
    "points_of",
    "read_column",
    "read_table",
]

_TEXT = frozenset({".csv", ".txt", ".tsv"})
_WITH_PARTS = SPREADSHEETS | WITH_LAYERS


def read_table(path: Source, *, sheet: str | None = None) -> Table:
    """
    Read the cells of a layer without interpreting them.

    Parameters
    ----------
    sheet
        Sheet of a workbook, or layer of a GeoPackage, geodatabase, KML or archive; needed where
        it holds several.

    Raises
    ------
    MissingFileError
        If there is no such file.
    InputDataError
        If the format is unknown, the file is damaged, or it holds no record; or a database
        refuses (see `databases.fetch_table`).
    OutsideError
        If the server of a database is not reached or breaks the connection.
    """
    table = read_database(path) if isinstance(path, DatabaseTable) else _read_file(path, sheet)
    if not table.rows:
        raise InputDataError("holds no record.", file=path, mend="Give a layer with rows.")
    record(table, {})
    return table


def _read_file(path: Path, sheet: str | None) -> Table:
    if not path.exists():
        raise MissingFileError("no such file.", file=path, mend="Correct the path.")
    suffix = path.suffix.lower()
    if sheet is not None and suffix not in _WITH_PARTS:
        raise InputDataError(
            f"a '{suffix}' file has no sheets.", file=path, mend="Remove `sheet` from the study."
        )
    if suffix in _TEXT:
        return read_text_table(path)
    if suffix in SPREADSHEETS:
        return read_workbook(path, sheet)
    if suffix in VECTORS:
        return read_layer(path, sheet)
    if suffix == ".parquet":
        return read_parquet(path)
    raise InputDataError(
        f"the format '{suffix}' is not known.",
        file=path,
        mend="Use csv, xlsx, geojson, gpkg, shp (zipped or not), gdb, kml, fgb or parquet, or a "
        "table of a database.",
    )
