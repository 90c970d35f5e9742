"""Read a table as its cells: csv, xlsx, geojson, gpkg, shp or parquet."""

from __future__ import annotations

import csv
import io
import operator
import re
import tomllib
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from python_calamine import CalamineError, CalamineWorkbook

from circle15.errors import InputDataError, MissingFileError
from circle15.inputs.values import clean, parse_number
from circle15.study.categories import normalise
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyproj import CRS

SPREADSHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}
VECTORS = {".geojson", ".json", ".gpkg", ".shp"}


@dataclass(frozen=True)
class Table:
    """
    The cells of one layer, as they stand in the file.

    Attributes
    ----------
    file
        Where it was read from.
    cells
        One column per heading; a cell is text, a number, a date, or None where empty.
    rows
        Row number of each record as a spreadsheet shows it: the heading is row 1 unless blank
        rows stand above it. For vector layers the first feature is row 1.
    geometry, crs
        Features of a vector layer and their CRS; None for a plain table.
    """

    file: Path
    cells: pd.DataFrame
    rows: list[int]
    geometry: gpd.GeoSeries | None = None
    crs: CRS | None = None

    def column(self, field: str | None) -> list[Any]:
        """Return the cells of a column, all None where the table has no such column."""
        if field is None:
            return [None] * len(self.rows)
        return list(self.cells[field])

    def no_column(self, name: str) -> InputDataError:
        """Make the error to raise where a column is named that the table does not have."""
        return InputDataError(
            "there is no such column.",
            file=self.file,
            column=name,
            mend=f"Columns: {', '.join(map(str, self.cells.columns))}.",
        )

    def finding(
        self, code: str, row: int, column: str | None = None, *, value: str | None = None
    ) -> Issue:
        """Warn of a row that cannot be used as it stands, with the words of its cell."""
        detail = {} if value is None else {"value": value}
        return Issue(code, "warning", self.file.name, row, column, detail=detail)


def read_table(path: Path, *, sheet: str | None = None) -> Table:
    """
    Read the cells of a layer without judging them.

    Raises
    ------
    MissingFileError
        If there is no such file.
    InputDataError
        If the format is unknown, the file is damaged, or it holds no record.
    """
    if not path.exists():
        raise MissingFileError("no such file.", file=path, mend="Mend the path.")
    suffix = path.suffix.lower()
    if suffix in {".csv", ".txt", ".tsv"}:
        table = _read_csv(path)
    elif suffix in SPREADSHEETS:
        table = _read_spreadsheet(path, sheet)
    elif suffix in VECTORS:
        table = _read_vector(path)
    elif suffix == ".parquet":
        table = _read_parquet(path)
    else:
        raise InputDataError(
            f"the format '{suffix}' is not known.",
            file=path,
            mend="Use csv, xlsx, geojson, gpkg, shp or parquet.",
        )
    if not table.rows:
        raise InputDataError("holds no record.", file=path, mend="Give a layer with rows.")
    return table


def decode(raw: bytes, path: Path) -> str:
    """Decode a text file: byte-order mark, else strict UTF-8, else GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputDataError("is neither UTF-8 nor GB18030 text.", file=path, mend="Save it as UTF-8.")


def _read_csv(path: Path) -> Table:
    text = decode(path.read_bytes(), path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise InputDataError(
            f"cannot be read as csv (line {reader.line_num}: {error}).",
            file=path,
            mend="A quote may be open above that line.",
        ) from None
    return _from_rows(path, rows)


def _read_spreadsheet(path: Path, sheet: str | None) -> Table:
    try:
        book = CalamineWorkbook.from_path(path)
        if sheet is not None and sheet not in book.sheet_names:
            raise InputDataError(
                f"has no sheet {sheet!r}.",
                file=path,
                mend=f"Sheets: {', '.join(book.sheet_names)}.",
            )
        page = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        rows = page.to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise InputDataError(f"cannot be read as a workbook ({error}).", file=path) from None
    return _from_rows(path, rows)


def _from_rows(path: Path, rows: Sequence[Sequence[Any]]) -> Table:
    """Take the first row that is not blank as the heading; leave blank rows out."""
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(map(_filled, row))]
    if not filled:
        raise InputDataError("is empty.", file=path, mend="Give a layer with rows.")
    heading_row, heading = filled[0]
    names = [str(cell).strip() for cell in heading]
    named = [name for name in names if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise InputDataError(
            "the heading occurs twice.",
            file=path,
            row=heading_row,
            column=twice[0],
            mend="Rename one of them.",
        )
    records = []
    for number, row in filled[1:]:
        extra = [cell for cell in row[len(names) :] if _filled(cell)]
        if extra:
            raise InputDataError(
                f"has {len(row)} cells under {len(names)} headings.",
                file=path,
                row=number,
                mend="Quote cells that contain the separator.",
            )
        cells = [cell if _filled(cell) else None for cell in row] + [None] * len(names)
        records.append({name: cells[i] for i, name in enumerate(names) if name})
    frame = pd.DataFrame(records, columns=named, dtype=object)
    return Table(path, frame, [number for number, _ in filled[1:]])


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _read_vector(path: Path) -> Table:
    try:
        layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        with warnings.catch_warnings():  # what cannot be read of a row is found by its reader
            warnings.simplefilter("ignore")
            frame = gpd.read_file(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise InputDataError(
            f"cannot be read ({str(error).splitlines()[0]}).", file=path, mend="Export it again."
        ) from None
    if len(layers) > 1:
        raise InputDataError(
            f"holds {len(layers)} layers: {', '.join(layers)}.",
            file=path,
            mend="Save the one that is meant as a file of its own.",
        )
    return _from_frame(path, frame)


def _read_parquet(path: Path) -> Table:
    try:
        try:
            frame: pd.DataFrame = gpd.read_parquet(path)
        except ValueError:  # no geometry: a plain table
            frame = pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise InputDataError(f"cannot be read as parquet ({error}).", file=path) from None
    return _from_frame(path, frame)


def _from_frame(path: Path, frame: pd.DataFrame) -> Table:
    rows = list(range(1, len(frame) + 1))
    geometry = crs = None
    if isinstance(frame, gpd.GeoDataFrame):
        geometry, crs = gpd.GeoSeries(frame.geometry.reset_index(drop=True)), frame.crs
        frame = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    cells = frame.reset_index(drop=True).astype(object)
    return Table(path, cells.where(cells.notna(), None), rows, geometry, crs)


@cache
def _headings() -> dict[str, dict[str, list[str]]]:
    text = resources.files("circle15.inputs").joinpath("headings.toml").read_text("utf-8")
    return tomllib.loads(text)


def find_columns(table: Table, kind: str, mapping: Mapping[str, str]) -> dict[str, str | None]:
    """
    Find which column of a table holds which field.

    Parameters
    ----------
    kind
        The section of the heading list: `facility`, `residential` or `demand`.
    mapping
        Field to heading, from the study; it goes before the list.

    Returns
    -------
    Field to heading; None where the table has no such column.

    Raises
    ------
    InputDataError
        If the mapping names an unknown field, or a heading that the table does not have.
    """
    known = _headings()[kind]
    have = {normalise(str(name)): str(name) for name in table.cells.columns}
    found: dict[str, str | None] = {}
    for field in mapping:
        if field not in known:
            raise InputDataError(
                f"'{field}' is no field of a {kind} table.",
                file=table.file,
                mend=f"Known fields: {', '.join(known)}.",
            )
    for field, names in known.items():
        wanted = mapping.get(field)
        if wanted is not None and normalise(wanted) not in have:
            raise table.no_column(wanted)
        candidates = [wanted] if wanted is not None else names
        found[field] = next((have[k] for k in map(normalise, candidates) if k in have), None)
    return found


_CONDITION = re.compile(r"\s*(?P<column>.+?)\s*(?P<sign>!=|>=|<=|=|>|<)\s*(?P<value>.+?)\s*")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def choose_rows(table: Table, where: str) -> Table:
    """
    Keep the rows of a table for which a condition such as `beds > 0` or `kind = 医院` holds.

    Numbers compare as numbers, anything else as text for `=` and `!=`. A blank cell meets no
    condition.

    Raises
    ------
    ValueError
        If the condition cannot be read or names no column of the table.
    """
    match = _CONDITION.fullmatch(where)
    if match is None:
        msg = "is no condition"
        raise ValueError(msg)
    column, sign, value = match["column"], match["sign"], match["value"]
    if column not in table.cells.columns:
        msg = f"there is no column '{column}' in {table.file.name}"
        raise ValueError(msg)
    keep = [i for i, cell in enumerate(table.cells[column]) if _holds(cell, sign, value)]
    geometry = table.geometry
    return Table(
        table.file,
        table.cells.iloc[keep].reset_index(drop=True),
        [table.rows[i] for i in keep],
        None if geometry is None else gpd.GeoSeries(geometry.iloc[keep].reset_index(drop=True)),
        table.crs,
    )


def _holds(cell: Any, sign: str, value: str) -> bool:
    text = clean(cell)
    if text is None:
        return False
    try:
        return _SIGNS[sign](parse_number(cell), parse_number(value))
    except (ValueError, TypeError):
        return sign in {"=", "!="} and _SIGNS[sign](text, clean(value))


def points_of(features: gpd.GeoSeries) -> list[shapely.Point | None]:
    """Return points as they are, a point inside of any other feature, None for no geometry."""
    inner = shapely.point_on_surface(features.to_numpy())
    return [
        own if isinstance(own, shapely.Point) else inside
        for own, inside in zip(features, inner, strict=True)
    ]
