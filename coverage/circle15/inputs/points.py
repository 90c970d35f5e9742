"""Positions of the rows of a table, in the study CRS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.positions import WGS84, on_earth, parse_crs, require_crs, transform
from circle15.inputs.tables import points_of
from circle15.inputs.values import parse_number
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from pyproj import CRS

    from circle15.inputs.tables import Table

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Located:
    """
    Positions of the rows of a table.

    Attributes
    ----------
    x_m, y_m : float64, shape (rows,)
        Study CRS, rounded to the millimetre; NaN where a row has no usable position.
    issues
        One for each row without a position, one where the datum was assumed.
    """

    x_m: Floats
    y_m: Floats
    issues: list[Issue]


def locate(
    table: Table,
    columns: Mapping[str, str | None],
    crs: CRS,
    *,
    layer_crs: str | None,
    datum: str | None,
) -> Located:
    """
    Find the position of each row: from its geometry, lon/lat columns, or x/y columns.

    Parameters
    ----------
    columns
        Field to heading, as `find_columns` gives it.
    layer_crs
        CRS of x/y columns, from the study.
    datum
        Datum of lon/lat columns; None is taken as WGS 84 and said to be assumed.

    Raises
    ------
    CrsError
        If a vector layer has no CRS, or x/y columns come without `crs`.
    InputDataError
        If the table has neither a geometry nor columns of coordinates.
    """
    if table.geometry is not None:
        return _from_geometry(table, crs)
    if columns.get("lon") and columns.get("lat"):
        located = _from_columns(table, str(columns["lon"]), str(columns["lat"]), WGS84, crs)
        if datum is None:
            located.issues.append(Issue("DATUM_ASSUMED", "note", table.file.name))
        return located
    if columns.get("x_m") and columns.get("y_m"):
        if layer_crs is None:
            raise InputDataError(
                "has x/y columns but no CRS.",
                file=table.file,
                mend='Add crs = "EPSG:…" to the layer in the study.',
            )
        source = parse_crs(layer_crs, table.file)
        return _from_columns(table, str(columns["x_m"]), str(columns["y_m"]), source, crs)
    raise InputDataError(
        "has no columns of coordinates.",
        file=table.file,
        mend=f"Name them in `columns` (lon and lat, or x_m and y_m). "
        f"Columns: {', '.join(map(str, table.cells.columns))}.",
    )


def require_position(located: Located, table: Table) -> None:
    """Raise InputDataError where no row of a table has a place: its columns mean something else."""
    if np.isfinite(located.x_m).any():
        return
    first = next(issue for issue in located.issues if issue.row is not None)
    value = first.detail.get("value", "nothing")
    raise InputDataError(
        f"no row has a usable position; the first says {value}.",
        file=table.file,
        row=first.row,
        column=first.column,
        mend="Mend the columns of coordinates, their order or the CRS.",
    )


def _from_geometry(table: Table, crs: CRS) -> Located:
    assert table.geometry is not None
    source = require_crs(table.crs, table.file)
    points = np.array(points_of(table.geometry), dtype=object)
    empty = shapely.is_missing(points) | shapely.is_empty(points)
    issues = [table.finding("NO_POSITION", table.rows[i]) for i in np.flatnonzero(empty)]
    x, y = np.full(len(points), np.nan), np.full(len(points), np.nan)
    use = ~empty
    x[use], y[use] = transform(shapely.get_x(points[use]), shapely.get_y(points[use]), source, crs)
    lost = use & ~on_earth(x, y)
    for k in np.flatnonzero(lost):
        value = f"{points[k].x:g}, {points[k].y:g}"
        issues.append(table.finding("BAD_COORDINATES", table.rows[k], value=value))
    x[lost] = y[lost] = np.nan
    return Located(x, y, issues)


def _from_columns(table: Table, x_name: str, y_name: str, source: CRS, crs: CRS) -> Located:
    issues: list[Issue] = []
    x, y = np.full(len(table.rows), np.nan), np.full(len(table.rows), np.nan)
    pairs = zip(table.column(x_name), table.column(y_name), strict=True)
    for i, (row, (x_cell, y_cell)) in enumerate(zip(table.rows, pairs, strict=True)):
        try:
            numbers = parse_number(x_cell), parse_number(y_cell)
        except ValueError as error:
            issues.append(table.finding("UNREADABLE", row, x_name, value=str(error)))
            continue
        if numbers[0] is None or numbers[1] is None:
            issues.append(table.finding("NO_POSITION", row, x_name))
            continue
        lon, lat = float(numbers[0]), float(numbers[1])
        like_degrees = abs(lon) <= 180 and abs(lat) <= 90
        if like_degrees == source.is_projected or (lon, lat) == (0, 0):
            value = f"{x_cell}, {y_cell}"
            issues.append(table.finding("BAD_COORDINATES", row, x_name, value=value))
            continue
        x[i], y[i] = lon, lat
    use = np.isfinite(x)
    x[use], y[use] = transform(x[use], y[use], source, crs)
    lost = use & ~on_earth(x, y)
    for k in np.flatnonzero(lost):
        value = f"{table.cells[x_name].iloc[k]}, {table.cells[y_name].iloc[k]}"
        issues.append(table.finding("BAD_COORDINATES", table.rows[k], x_name, value=value))
    x[lost] = y[lost] = np.nan
    return Located(x, y, issues)
