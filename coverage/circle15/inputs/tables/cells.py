"""A table as its cells: its rows and columns, and the findings of reading it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from circle15.errors import InputDataError
from circle15.inputs.tables.values import (
    NoValue,
    clean,
    code_of,
    is_approximate,
    parse_flag,
    parse_number,
)
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from pyproj import CRS

    from circle15.study.database_tables import Source


_LONGEST = 300  # characters of a cell that a finding quotes
_COORDINATES = frozenset({"lon", "lat", "x_m", "y_m", "location"})


@dataclass(frozen=True)
class Table:
    """
    The cells of one layer, as they are in the file.

    Attributes
    ----------
    file
        The file that it was read from.
    cells
        One column per heading; a cell is text, a number, a date, or None where empty.
    rows
        Row number of each record as a spreadsheet shows it: the heading is row 1 unless blank
        rows or a title are above it. For vector layers the first feature is row 1.
    geometry, crs
        Features of a vector layer and their CRS; None for a plain table.
    findings
        Findings of reading: an encoding that had to be tried, rows that are not records.
    cut_names
        Encoding in which headings were cut to 10 bytes, as in shapefiles; None where they are
        whole.
    left_out
        Columns that belong to the format, such as those for drawing, and are not empty.
    """

    file: Source
    cells: pd.DataFrame
    rows: list[int]
    geometry: gpd.GeoSeries | None = None
    crs: CRS | None = None
    findings: tuple[Finding, ...] = ()
    cut_names: str | None = None
    left_out: tuple[str, ...] = ()

    def column(self, field: str | None) -> list[Any]:
        """Return the cells of a column, all None where the table has no such column."""
        if field is None:
            return [None] * len(self.rows)
        return list(self.cells[field])

    def no_column(self, name: str) -> InputDataError:
        """Return the error for a named column that the table does not have."""
        return InputDataError(
            "there is no such column.",
            file=self.file,
            column=name,
            mend=f"Columns: {', '.join(map(str, self.cells.columns))}.",
        )

    def finding(
        self, code: str, row: int, column: str | None = None, *, value: str | None = None
    ) -> Finding:
        """Warn about a row that cannot be used as it is, with the text of its cell."""
        short = value if value is None or len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
        detail = {} if short is None else {"value": short}
        return Finding(code, "warning", self.file.name, row, column, detail=detail)

    def take(self, keep: list[int]) -> Table:
        """Return a table of some of the rows, by position."""
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
    *,
    unsure: Callable[[Any], bool] = is_approximate,
    unsure_code: str = "APPROXIMATE_VALUE",
    is_floor_area: bool = False,
) -> tuple[list[Any], list[Finding]]:
    """
    Parse every cell of a column; report those that cannot be read and those that are not exact.

    Parameters
    ----------
    heading
        None where the table has no such column: then every cell is None.
    parse
        Returns the value of a cell, None for a blank one, and raises ValueError.
    unsure
        Returns whether a readable cell is stated to be approximate.
    unsure_code
        The finding that reports these.
    is_floor_area
        The values are m², which the findings include.

    Returns
    -------
    A value per row, None where a cell is blank or unreadable; and the findings in their order.
    """
    if heading is None:
        return [None] * len(table.rows), []
    known: dict[tuple[type, Any], tuple[str | None, Any]] = {}
    values: list[Any] = []
    findings: list[Finding] = []
    for cell, row in zip(table.column(heading), table.rows, strict=True):
        key = (type(cell), str(cell))
        if key not in known:
            known[key] = _judged(cell, parse, unsure, unsure_code)
        code, value = known[key]
        if code is not None:
            found = table.finding(code, row, heading, value=str(cell))
            area = value if is_floor_area and isinstance(value, Decimal) else None
            findings.append(replace(found, floor_area_m2=area))
        values.append(value)
    return values, findings


def _judged(
    cell: Any, parse: Callable[[Any], Any], unsure: Callable[[Any], bool], unsure_code: str
) -> tuple[str | None, Any]:
    """Code of the finding, if there is one, and value of a cell."""
    if isinstance(cell, NoValue):  # reported where the workbook was read
        return None, None
    try:
        value = parse(cell)
    except ValueError as error:
        return code_of(error), None
    return (unsure_code if value is not None and unsure(cell) else None), value


def content_ids(
    table: Table,
    places: list[int],
    columns: Mapping[str, str | None],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
) -> list[str]:
    """
    Make ids from the content of rows, independent of the order of rows and the format.

    A row has the same id in a csv and in a shapefile: cells count by their values, a position by
    its coordinates, and columns that are not fields without their headings, which may be cut.

    Parameters
    ----------
    places
        Which rows need one.
    columns
        Field to heading, as `find_columns` returns it.
    x, y : float64, shape (rows,)
        Positions as in the file; NaN where a row has none.
    """
    field_of = {heading: field for field, heading in columns.items() if heading is not None}
    names = [str(name) for name in table.cells.columns if field_of.get(name) not in _COORDINATES]
    cells = [(field_of.get(name, ""), table.column(name)) for name in names]
    ids = []
    for i in places:
        words = [(field, value_in_words(column[i])) for field, column in cells]
        lines = sorted(f"{field}={word}" for field, word in words if word is not None)
        lines.append(f"{x[i]!r} {y[i]!r}")
        shape = None if table.geometry is None else table.geometry.iloc[i]
        if shape is not None and not isinstance(shape, shapely.Point):
            lines.append(shapely.normalize(shape).wkt)  # formats differ in where a ring begins
        ids.append("h" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12])
    return ids


def value_in_words(cell: Any) -> str | None:
    """
    Write the value of a cell in the same way for every format; None where it is blank.

    Examples
    --------
    >>> [value_in_words(cell) for cell in ("450.50", 450.5, "2023-04-01", True, "是", "—")]
    ['450.5', '450.5', '2023-04-01', '1', '1', None]
    """
    return _text_in_words(cell) if cell.__class__ is str else _in_words(cell)


@lru_cache(maxsize=100_000)
def _text_in_words(cell: str) -> str | None:
    return _in_words(cell)


def _in_words(cell: Any) -> str | None:
    text = clean(cell)
    if text is None:
        return None
    if isinstance(cell, dt.datetime):
        return text.removesuffix(" 00:00:00")
    try:
        return str(int(parse_flag(cell)))
    except ValueError:
        pass
    try:
        return f"{parse_number(cell):f}".rstrip("0").rstrip(".") if "." in text else text
    except ValueError:
        return text


def points_of(features: gpd.GeoSeries) -> list[shapely.Point | None]:
    """Return points as they are, a point inside of any other feature, None for no geometry."""
    inner = shapely.point_on_surface(features.to_numpy())
    return [
        own if isinstance(own, shapely.Point) else inside
        for own, inside in zip(features, inner, strict=True)
    ]
