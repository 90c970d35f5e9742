"""Find the positions of the rows of a table, in the study CRS."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeGuard

import numpy as np
import shapely

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crs.belts import fit_in_words, likely_mend
from circle15.inputs.crs.datum_shifts import require_known_place
from circle15.inputs.crs.datums import require_china
from circle15.inputs.crs.positions import WGS84, on_earth, parse_crs, place, require_crs, transform
from circle15.inputs.table_sources import points_of
from circle15.inputs.tables.columns_read import record
from circle15.inputs.tables.values import clean, parse_number
from circle15.study.vocabulary.categories import normalise
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyproj import CRS

    from circle15.arrays import Bools, Floats
    from circle15.inputs.table_sources import Table
    from circle15.study.database_tables import Source

    Numbers = tuple[Floats, Floats, list[Finding]]
    """x or longitude, y or latitude, NaN where a row has none, and the reasons."""

_PAIR: Final = re.compile(
    r"(?:point\s*+)?[(\[{【]?\s*([^\s,;、|/()]+)(?:\s*[,;、|/]|\s)\s*+([^\s,;、|/()]+?)\s*[)\]}】]?",
    re.IGNORECASE,
)
_LATITUDE_FIRST: Final = ("lat", "纬", "緯")
_PLAIN: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,15})?")


@dataclass(frozen=True)
class Given:
    """
    Positions of a layer as in its file, for the test of its datum.

    Attributes
    ----------
    x, y : float64, shape (rows,)
        Coordinates in the file, longitude or easting first; NaN where a row has none.
    source
        The CRS in which they were read.
    datum
        `wgs84`, `cgcs2000`, `gcj02` or `bd09`; None for a layer whose CRS defines its datum.
    known
        How the datum is known: `declared` in the study, from the `crs` of the file or study, or
        `assumed`.
    of_areas
        Whether they are centres of areas. Compounds lie between streets, so the distance of their
        centres to the nearest street is not informative of the datum.
    """

    file: Source
    x: Floats
    y: Floats
    source: CRS
    datum: str | None
    known: Literal["declared", "crs", "assumed"]
    of_areas: bool = False

    @property
    def system(self) -> str:
        """The datum, or the projected CRS with the datum where one was declared as well."""
        if self.source.is_geographic:
            return self.datum or "wgs84"
        return " ".join(filter(None, (self.source.to_string(), self.datum)))


@dataclass(frozen=True)
class Located:
    """
    Positions of the rows of a table.

    Attributes
    ----------
    x_m, y_m : float64, shape (rows,)
        Study CRS, rounded to the millimetre; NaN where a row has no usable position.
    findings
        One for each row without a position, one where the datum was assumed.
    given
        The positions in the file.
    """

    x_m: Floats
    y_m: Floats
    findings: Sequence[Finding]
    given: Given


def locate(
    table: Table,
    columns: Mapping[str, str | None],
    crs: CRS,
    *,
    layer_crs: str | None,
    datum: str | None,
) -> Located:
    """
    Find the position of each row: from its geometry, lon/lat or x/y columns, or one column of both.

    Parameters
    ----------
    table
        The table.
    columns
        Headings by field, from `find_columns`.
    crs
        The study CRS.
    layer_crs
        CRS of x/y columns, from the study; with it, x/y columns are used before lon/lat ones.
    datum
        Datum of the positions; for lon/lat columns None is taken as WGS 84 and reported as
        assumed.

    Raises
    ------
    CrsError
        If a vector layer has no CRS, x/y columns have no `crs` or values outside its range, or a
        layer outside China is declared in GCJ-02 or BD-09.
    InputDataError
        If the table has neither a geometry nor columns of coordinates.
    """
    if table.geometry is not None:
        return _from_geometry(table, crs, datum)
    in_metres = layer_crs is not None and columns.get("x_m") and columns.get("y_m")
    if columns.get("lon") and columns.get("lat") and not in_metres:
        names = str(columns["lon"]), str(columns["lat"])
        record(table, {"lon": names[0], "lat": names[1]})
        located = _from_columns(table, names, WGS84, crs, datum or "wgs84")
        if datum is None:
            return _datum_assumed(located)
        return located
    if columns.get("x_m") and columns.get("y_m"):
        names = str(columns["x_m"]), str(columns["y_m"])
        record(table, {"x_m": names[0], "y_m": names[1]})
        if layer_crs is None:
            raise _without_crs(table, _numbers(table, *names))
        return _from_columns(table, names, parse_crs(layer_crs, table.file), crs, datum)
    if columns.get("location"):
        return _from_one_column(table, str(columns["location"]), crs, layer_crs, datum)
    raise InputDataError(
        "has no columns of coordinates.",
        file=table.file,
        mend=f"Name them in `columns` (lon and lat, x_m and y_m, or location for both in one). "
        f"Columns: {', '.join(map(str, table.cells.columns))}.",
    )


def has_positions(table: Table, columns: Mapping[str, str | None]) -> bool:
    """Whether a table has a geometry or columns of coordinates."""
    pairs = (("lon", "lat"), ("x_m", "y_m"), ("location",))
    return table.geometry is not None or any(all(map(columns.get, pair)) for pair in pairs)


def nowhere(table: Table, crs: CRS) -> Located:
    """Return the rows of a table without positions."""
    none = np.full(len(table.rows), np.nan)
    return Located(none, none, [], Given(table.file, none, none, crs, None, "crs"))


def _datum_assumed(located: Located) -> Located:
    """Report that positions without a datum are taken as WGS 84."""
    note = Finding("DATUM_ASSUMED", "note", located.given.file.name)
    given = replace(located.given, known="assumed")
    return replace(located, findings=[*located.findings, note], given=given)


def _from_one_column(
    table: Table, heading: str, crs: CRS, layer_crs: str | None, datum: str | None
) -> Located:
    """
    Find positions in one column of two numbers, such as the `lon,lat` of map services.

    Raises
    ------
    CrsError
        If they are in metres and the layer has no `crs`.
    InputDataError
        If the latitude comes first although the heading does not state so.
    """
    record(table, {"location": heading})
    numbers = _pairs(table, heading)
    first, second, _ = numbers
    told_first = normalise(heading).startswith(_LATITUDE_FIRST)
    if told_first:
        numbers = second, first, numbers[2]
    placed = np.isfinite(first)
    in_degrees = bool(
        (np.abs(first[placed]) <= 180).all() and (np.abs(second[placed]) <= 180).all()
    )
    if not in_degrees and layer_crs is None:
        raise _without_crs(table, numbers)
    swapped = in_degrees & placed & (np.abs(first) <= 90) & (np.abs(second) > 90)
    if not told_first and swapped.any() and not (np.abs(first[placed]) > 90).any():
        row = table.rows[int(np.flatnonzero(swapped)[0])]
        raise InputDataError(
            "holds latitude before longitude.",
            file=table.file,
            row=row,
            column=heading,
            mend="Name the column `lat,lon`, or write the longitude first.",
        )
    if not in_degrees:
        source = parse_crs(str(layer_crs), table.file)
        return _located(table, (heading,), numbers, source, crs=crs, datum=datum)
    located = _located(table, (heading,), numbers, WGS84, crs=crs, datum=datum or "wgs84")
    if datum is None:
        return _datum_assumed(located)
    return located


def _pairs(table: Table, heading: str) -> Numbers:
    """Read a column of two numbers per value; NaN and a finding where a row has none."""
    findings: list[Finding] = []
    x, y = np.full(len(table.rows), np.nan), np.full(len(table.rows), np.nan)
    for i, (row, cell) in enumerate(zip(table.rows, table.column(heading), strict=True)):
        text = clean(cell)
        if text is None:
            findings.append(table.finding("NO_POSITION", row, heading))
            continue
        match = _PAIR.fullmatch(text)
        try:
            numbers = [parse_number(part) for part in match.groups()] if match else []
        except ValueError:
            numbers = []
        if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
            findings.append(table.finding("UNREADABLE", row, heading, value=str(cell)))
            continue
        x[i], y[i] = float(numbers[0]), float(numbers[1])
    return x, y, findings


def _without_crs(table: Table, numbers: Numbers) -> CrsError:
    """Return the error for x/y columns without `crs`, with the CRS that the values fit."""
    x, y, _ = numbers
    return CrsError(
        "has x/y columns but no CRS.",
        file=table.file,
        mend=f'Add crs = "EPSG:…" to the layer in the study. {fit_in_words(x, y)}',
    )


def require_position(located: Located, table: Table, *, blank_is_none: bool = False) -> None:
    """
    Raise InputDataError if no row of a table has a position: its columns mean something else.

    Parameters
    ----------
    located
        Positions of the rows.
    table
        The table.
    blank_is_none
        Whether all positions may be blank.
    """
    if np.isfinite(located.x_m).any():
        return
    if blank_is_none and not np.isfinite(located.given.x).any():
        return
    first = next(finding for finding in located.findings if finding.row is not None)
    value = first.detail.get("value", "nothing")
    raise InputDataError(
        f"no row has a usable position; the first holds {value}.",
        file=table.file,
        row=first.row,
        column=first.column,
        mend=_likely_mend(located.given),
    )


def _likely_mend(given: Given) -> str:
    """Return the likely fix for positions of which none can be used."""
    placed = np.isfinite(given.x)
    x, y = given.x[placed], given.y[placed]
    if not len(x):
        return "Check the columns of coordinates, their order and the CRS."
    if given.source.is_projected and not (np.abs([x, y]) <= 180).all():
        return "Check the columns of coordinates, their order and the CRS."
    return likely_mend(x, y, given.source)


def given_by_shapes(table: Table, datum: str | None) -> Given:
    """Return the centroids of features as in the file; see `Given`."""
    shapes = np.asarray(table.geometry)
    areas = bool((shapely.get_dimensions(shapes) == 2).any())
    middles = shapely.centroid(shapes)
    known: Literal["declared", "crs"] = "crs" if datum is None else "declared"
    source = require_crs(table.crs, table.file)
    there = ~(shapely.is_missing(middles) | shapely.is_empty(middles))
    x, y = np.full(len(middles), np.nan), np.full(len(middles), np.nan)
    x[there], y[there] = shapely.get_x(middles[there]), shapely.get_y(middles[there])
    return Given(table.file, x, y, source, datum, known, areas)


def _from_geometry(table: Table, crs: CRS, datum: str | None) -> Located:
    assert table.geometry is not None
    source = require_crs(table.crs, table.file)
    points = np.array(points_of(table.geometry), dtype=object)
    empty = shapely.is_missing(points) | shapely.is_empty(points)
    findings = [table.finding("NO_POSITION", table.rows[i]) for i in np.flatnonzero(empty)]
    given_x, given_y = np.full(len(points), np.nan), np.full(len(points), np.nan)
    given_x[~empty], given_y[~empty] = shapely.get_x(points[~empty]), shapely.get_y(points[~empty])
    known: Literal["declared", "crs"] = "crs" if datum is None else "declared"
    given = Given(table.file, given_x, given_y, source, datum, known)
    x, y, lost = _placed(given, ~empty, table, crs)
    for k in np.flatnonzero(lost):
        value = f"{points[k].x:g}, {points[k].y:g}"
        findings.append(table.finding("BAD_COORDINATES", table.rows[k], value=value))
    return Located(x, y, findings, given)


def _from_columns(
    table: Table, names: tuple[str, str], source: CRS, crs: CRS, datum: str | None
) -> Located:
    return _located(table, names, _numbers(table, *names), source, crs=crs, datum=datum)


def _located(
    table: Table,
    names: tuple[str, ...],
    numbers: Numbers,
    source: CRS,
    *,
    crs: CRS,
    datum: str | None,
) -> Located:
    """Project the coordinates of a table to the study CRS; report those that are not positions."""
    first, second, findings = numbers
    like_degrees = (np.abs(first) <= 180) & (np.abs(second) <= 90)
    nowhere = (first == 0) & (second == 0)
    wrong = np.isfinite(first) & ((like_degrees == source.is_projected) | nowhere)
    given_x, given_y = np.where(nowhere, np.nan, first), np.where(nowhere, np.nan, second)
    known: Literal["declared", "crs"] = "crs" if datum is None else "declared"
    given = Given(table.file, given_x, given_y, source, datum, known)
    x, y, lost = _placed(given, np.isfinite(given_x) & ~wrong, table, crs)
    values = {
        k: ", ".join(str(table.cells[name].iloc[k]) for name in names)
        for k in np.flatnonzero(wrong | lost).tolist()
    }
    exchanged = (np.abs(first) <= 90) & (np.abs(second) > 90) & (np.abs(second) <= 180)
    exchanged &= not source.is_projected
    bad = [
        table.finding(
            "COORDINATES_SWAPPED" if exchanged[k] else "BAD_COORDINATES",
            table.rows[k],
            names[0],
            value=value,
        )
        for k, value in values.items()
    ]
    found = sorted([*findings, *bad], key=lambda finding: finding.row or 0)
    return Located(x, y, found, given)


def _numbers(table: Table, x_name: str, y_name: str) -> tuple[Floats, Floats, list[Finding]]:
    """Read two columns of numbers; NaN and a finding where a row has none."""
    findings: list[Finding] = []
    x, y = np.full(len(table.rows), np.nan), np.full(len(table.rows), np.nan)
    pairs = zip(table.column(x_name), table.column(y_name), strict=True)
    for i, (row, (x_cell, y_cell)) in enumerate(zip(table.rows, pairs, strict=True)):
        if _is_plain(x_cell) and _is_plain(y_cell):
            x[i], y[i] = float(x_cell), float(y_cell)
            continue
        try:
            numbers = parse_number(x_cell), parse_number(y_cell)
        except ValueError as error:
            findings.append(table.finding("UNREADABLE", row, x_name, value=str(error)))
            continue
        if numbers[0] is None or numbers[1] is None:
            findings.append(table.finding("NO_POSITION", row, x_name))
            continue
        x[i], y[i] = float(numbers[0]), float(numbers[1])
    return x, y, findings


def _is_plain(cell: object) -> TypeGuard[str]:
    """Return whether a value is a plain decimal, as nearly all coordinates are (a fast path)."""
    return isinstance(cell, str) and _PLAIN.fullmatch(cell) is not None


def _placed(given: Given, use: Bools, table: Table, crs: CRS) -> tuple[Floats, Floats, Bools]:
    """Project the usable rows to the study CRS; return a mask of impossible positions too."""
    x, y = np.full(len(use), np.nan), np.full(len(use), np.nan)
    rows = np.array(table.rows, np.int64)
    require_known_place(given.x[use], given.y[use], given.source, given.file, rows=rows[use])
    lon, lat = transform(given.x[use], given.y[use], given.source, WGS84)
    require_china(lon, lat, given.datum, given.file)
    x[use], y[use] = place(given.x[use], given.y[use], given.source, given.datum, crs)
    lost = use & ~on_earth(x, y)
    x[lost] = y[lost] = np.nan
    return x, y, lost
