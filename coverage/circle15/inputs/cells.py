"""A table as its cells: which rows and columns it has, and what was found while reading it."""

from __future__ import annotations

import hashlib
import operator
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from circle15.errors import InputDataError
from circle15.inputs.values import clean, is_approximate, parse_number
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from pyproj import CRS

    from circle15.study.databases import Source


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
        rows or a title stand above it. For vector layers the first feature is row 1.
    geometry, crs
        Features of a vector layer and their CRS; None for a plain table.
    issues
        What was found while reading: an encoding that had to be tried, rows that are no records.
    cut_names
        Encoding in which headings were cut to 10 bytes, as shapefiles do; None where they are
        whole.
    """

    file: Source
    cells: pd.DataFrame
    rows: list[int]
    geometry: gpd.GeoSeries | None = None
    crs: CRS | None = None
    issues: tuple[Issue, ...] = ()
    cut_names: str | None = None

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

    def take(self, keep: list[int]) -> Table:
        """Return a table of some of the rows, by their place."""
        geometry = self.geometry
        return replace(
            self,
            cells=self.cells.iloc[keep].reset_index(drop=True),
            rows=[self.rows[i] for i in keep],
            geometry=None
            if geometry is None
            else gpd.GeoSeries(geometry.iloc[keep].reset_index(drop=True)),
        )


def read_column(
    table: Table,
    heading: str | None,
    parse: Callable[[Any], Any],
    issues: list[Issue],
    *,
    unsure: Callable[[Any], bool] = is_approximate,
    is_floor_area: bool = False,
) -> list[Any]:
    """
    Parse every cell of a column; list those that cannot be read and those that are no exact value.

    Parameters
    ----------
    heading
        None where the table has no such column: then every cell is None.
    parse
        Returns the value of a cell, None for a blank one, and raises ValueError.
    unsure
        Tells which readable cells are said to be approximate.
    is_floor_area
        The values are m² that a finding carries.

    Returns
    -------
    A value per row; None where a cell is blank or unreadable.
    """
    if heading is None:
        return [None] * len(table.rows)
    known: dict[tuple[type, Any], tuple[str | None, Any]] = {}
    values = []
    for cell, row in zip(table.column(heading), table.rows, strict=True):
        key = (type(cell), str(cell))
        if key not in known:
            known[key] = _judged(cell, parse, unsure)
        code, value = known[key]
        if code is not None:
            found = table.finding(code, row, heading, value=str(cell))
            area = value if is_floor_area and isinstance(value, Decimal) else None
            issues.append(replace(found, floor_area_m2=area))
        values.append(value)
    return values


def _judged(
    cell: Any, parse: Callable[[Any], Any], unsure: Callable[[Any], bool]
) -> tuple[str | None, Any]:
    """Code of the finding, if there is one, and value of a cell."""
    try:
        value = parse(cell)
    except ValueError:
        return "UNREADABLE", None
    return ("APPROXIMATE_VALUE" if value is not None and unsure(cell) else None), value


def content_ids(table: Table, places: list[int]) -> list[str]:
    """Make ids from what rows hold, so that the order of rows does not matter."""
    names = sorted(map(str, table.cells.columns))
    columns = [list(table.cells[name]) for name in names]
    ids = []
    for i in places:
        pairs = zip(names, (column[i] for column in columns), strict=True)
        words = [f"{name}={cell}" for name, cell in pairs if cell is not None]
        shape = None if table.geometry is None else table.geometry.iloc[i]
        if shape is not None:
            words.append(shape.wkt)
        ids.append("h" + hashlib.sha256("\n".join(words).encode()).hexdigest()[:12])
    return ids


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
    return table.take([i for i, x in enumerate(table.cells[column]) if _holds(x, sign, value)])


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
