"""Read demand from a table of points or polygons with people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.inputs.area.study_area import assign_points
from circle15.inputs.crs.points import Given, locate, require_position
from circle15.inputs.demand.people_limits import refuse_too_many
from circle15.inputs.demand.polygons import polygons_in, split_over_zones, width_m
from circle15.inputs.near_shapes import require_few_pieces
from circle15.inputs.table_sources import find_columns, named_columns, read_table
from circle15.inputs.tables.cells import content_ids
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.headings import unit_of
from circle15.inputs.tables.shown_ids import is_made
from circle15.inputs.tables.values import PERSONS, is_approximate, parse_id, parse_quantity
from circle15.study.limits import PERSONS as MOST_PERSONS
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyproj import CRS

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.demand.buildings import Buildings
    from circle15.inputs.rasters.grid import Grid
    from circle15.inputs.table_sources import Table
    from circle15.study.settings.records import DemandLayer


@dataclass(frozen=True)
class DemandSource:
    """
    Demand points of one source of people, before calibration.

    `demand` has the columns of `Population.demand` with the groups of this source. `beyond` are the
    micro-persons by group too far outside the area to be demand points, `overlap_micro` those in
    each of the area's overlaps (empty: by the positions of the points). `made` are the rows of
    generated ids, `given` the positions of a table as in its file, `polygon_m` the width of the
    median polygon in metres, `grid` the grid of all rasters, `buildings` those over which people of
    zones are spread.
    """

    demand: pd.DataFrame
    findings: Sequence[Finding] = ()
    nodata_cells: dict[str, int] = field(default_factory=dict)
    cell_m: float | None = None
    files: dict[str, int] = field(default_factory=dict)
    beyond: dict[str, int] = field(default_factory=dict)
    given: Given | None = None
    polygon_m: float | None = None
    overlap_micro: dict[str, list[int]] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    grid: Grid | None = None
    buildings: Buildings | None = None


def read_points(
    prefix: str, layers: Sequence[DemandLayer], area: StudyArea, crs: CRS
) -> DemandSource:
    """
    Read people from a table of points, or a layer of polygons such as hexagons.

    The people of a polygon are split over zones by area; each piece becomes a point inside it.

    Parameters
    ----------
    prefix
        Prefix of the ids where a study has several sources.
    layers
        Demand layers (one per group) of one table.
    area
        The study area with its zones.
    crs
        The study CRS.

    Raises
    ------
    InputDataError
        If a column is missing, no row has a position, an id occurs twice, or a row has a
        negative or unreadable number of people.
    """
    first = layers[0]
    assert first.points is not None
    table = read_table(first.points, sheet=first.sheet)
    findings = list(table.findings)
    mapping = {"id": first.id, "lon": first.lon, "lat": first.lat, "x_m": first.x, "y_m": first.y}
    columns = find_columns(table, "demand", {k: v for k, v in mapping.items() if v is not None})
    located = locate(table, columns, crs, layer_crs=first.crs, datum=first.datum)
    require_position(located, table)
    zones = assign_points(area, located.x_m, located.y_m)
    faults = Faults(table.file)
    ids = _ids(table, columns, located.given, prefix, faults)
    made = {
        one: row
        for one, row in zip(ids, table.rows, strict=True)
        if is_made(one.removeprefix(prefix))
    }
    frame = pd.DataFrame({c.DEMAND_ID: ids})
    frame[c.X_M], frame[c.Y_M] = located.x_m, located.y_m
    frame[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]] = zones
    counted = {
        layer.group: named_columns(table, layer.value, field=layer.group, other=columns.values())
        for layer in layers
    }
    rows = range(len(table.rows))
    people = {group: micro_persons(table, rows, own, faults) for group, own in counted.items()}
    faults.stop()
    for group, own in counted.items():
        refuse_too_many(sum(people[group]) // c.MICRO, table.file)
        frame[c.weight_column(group)] = np.array(people[group], np.int64)
        findings += approximate_people(table, own)
    frame[c.IN_AREA] = frame[c.IN_AREA].astype(bool)
    findings += _with_people(located.findings, table, frame, c.weight_column(first.group))
    shapes = polygons_in(table, table.crs, first.datum, crs)
    require_few_pieces(shapes, area.parts.geometry.to_numpy(), "polygons with people", table.file)
    frame = split_over_zones(frame, shapes, area, [layer.group for layer in layers])
    # By id, so that the file's order does not decide which of equal points gets a remainder.
    frame = frame.sort_values(c.DEMAND_ID, ignore_index=True)
    return DemandSource(
        frame,
        findings,
        files={str(first.points): len(table.rows)},
        given=located.given,
        polygon_m=width_m(shapes),
        made=made,
    )


def _ids(
    table: Table, columns: dict[str, str | None], given: Given, prefix: str, faults: Faults
) -> list[str]:
    """Return ids as text; a row without one gets an id made from its content, not its order."""
    ids: list[str] = []
    seen: dict[str, int] = {}
    column = columns["id"]
    own = [parse_id(cell) for cell in table.column(column)]
    missing = [i for i, key in enumerate(own) if key is None]
    made = dict(zip(missing, content_ids(table, missing, columns, given.x, given.y), strict=True))
    for i, row in enumerate(table.rows):
        key = own[i] or made[i]
        if key in seen:
            mend = "List each point once, with its own id."
            point = "this point" if own[i] is None else f"the point {key!r}"
            found = f"{point} is also in row {seen[key]}"
            faults.add(found, row=row, column=column, mend=mend)
        seen.setdefault(key, row)
        ids.append(prefix + key)
    return ids


def micro_persons(
    table: Table, places: Iterable[int], columns: Sequence[str], faults: Faults
) -> list[int]:
    """Return the people of rows, micro-persons; a value that is not a number of them is a fault."""
    cells, units = [table.column(name) for name in columns], [unit_of(name) for name in columns]
    found = []
    for i in places:
        people = Decimal()
        for own, name, unit in zip(cells, columns, units, strict=True):
            number = _people(own[i], unit)
            if number is None:
                mend = "Write 0 where no people live, or remove the row."
                what = "is not a number of people"
                faults.add_cell(own[i], what, row=table.rows[i], column=name, mend=mend)
            people += number or 0
        found.append(int((people * c.MICRO).to_integral_value()))
    return found


def approximate_people(
    table: Table, columns: Sequence[str], places: Iterable[int] | None = None
) -> list[Finding]:
    """Report approximate numbers of people, which count as written, in some or all rows."""
    found = []
    for column in columns:
        cells, unit = table.column(column), unit_of(column)
        for i in range(len(cells)) if places is None else places:
            cell, row = cells[i], table.rows[i]
            if is_approximate(cell):
                people = int(((_people(cell, unit) or Decimal()) * c.MICRO).to_integral_value())
                finding = table.finding("APPROXIMATE_VALUE", row, column, value=str(cell))
                found.append(replace(finding, persons_micro=people))
    return found


def people_if_any(table: Table, index: int, columns: Sequence[str]) -> int | None:
    """Return the people of an unused row, micro-persons; None where a value is not a number."""
    faults = Faults(table.file)
    (people,) = micro_persons(table, [index], columns, faults)
    return people if faults.none else None


def _people(cell: object, unit: str) -> Decimal | None:
    """Read a number of people; None where a value is not one."""
    try:
        number = parse_quantity(cell, PERSONS, unit)
    except ValueError:
        return None
    return number if number is not None and 0 <= number <= MOST_PERSONS.most else None


def _with_people(
    findings: Sequence[Finding], table: Table, frame: pd.DataFrame, weight: str
) -> list[Finding]:
    """Return findings with the number of people of the row of each."""
    people = dict(zip(table.rows, frame[weight], strict=True))
    return [
        Finding(
            i.code,
            i.severity,
            i.file,
            i.row,
            i.column,
            int(people[i.row]) if i.row is not None else None,
            detail=i.detail,
        )
        for i in findings
    ]
