"""Residential zones, existing or proposed: polygons or points with planned households and rooms."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import geometry_mended, require_datum_of
from circle15.inputs.crossing_limits import require_mendable
from circle15.inputs.crs.among_streets import layer_of, require_among_streets
from circle15.inputs.crs.moved_shapes import all_on_earth, project
from circle15.inputs.crs.points import Given, given_by_shapes, locate, require_position
from circle15.inputs.crs.positions import require_crs
from circle15.inputs.facilities.entrances import read_entrances
from circle15.inputs.near_shapes import require_few_near
from circle15.inputs.shapes import points_at
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.headings import unit_of
from circle15.inputs.tables.values import (
    DWELLINGS,
    HOUSEHOLDS,
    NoValue,
    clean,
    code_of,
    is_approximate,
    parse_area,
    parse_count,
    parse_id,
)
from circle15.study.limits import ROOMS, ZONES
from circle15.study.vocabulary.categories import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.table_sources import Table
    from circle15.inputs.tables.values import Units
    from circle15.study.settings.records import ResidentialLayer
    from circle15.study.vocabulary.finding import Finding

Kind = Literal["new", "existing", "mixed", "unknown"]

_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("新建", "在建", "拟建", "擬建", "规划", "規劃", "new"), "new"),
    **dict.fromkeys(("规划新建", "規劃新建", "new build", "planned"), "new"),
    **dict.fromkeys(("已建成", "已建", "建成", "既有", "现状", "現狀", "存量"), "existing"),
    **dict.fromkeys(("老旧", "老舊", "老", "旧", "已入住", "existing", "built"), "existing"),
    **dict.fromkeys(("混合", "mixed"), "mixed"),
    **dict.fromkeys(("", "不详", "不詳", "unknown"), "unknown"),
}
_ZONE_WORDS: Final = re.compile(
    r"(?:的|型)?(?:居住小?区|居住小?區|住宅小区|住宅小區|住宅区|住宅區|住宅|小区|小區|住区|住區|项目|項目|zones?|estates?)$"
)
"""Words for a residential zone after its kind: 新建住宅小区 is 新建."""
_COUNTS: Final = {
    "households": HOUSEHOLDS,
    "households_new": HOUSEHOLDS,
    "households_existing": HOUSEHOLDS,
    "dwellings": DWELLINGS,
}


@dataclass(frozen=True)
class ResidentialZone:
    """
    One residential zone.

    Counts are exact decimals, None where unknown. `rooms_m2` are the areas of the zone's own
    rooms, None for a room whose area cannot be read. `approximate` names the counts, and the rooms
    as `#1`, whose cells state that they are not exact. `shape` is a polygon or a point in the study
    CRS, None without a usable position. `entrances` are points in the study CRS, in the order of
    their rows; empty where none are known.
    """

    zone_id: str
    name: str
    kind: Kind
    households: Decimal | None
    households_new: Decimal | None
    households_existing: Decimal | None
    dwellings: Decimal | None
    rooms_m2: tuple[Decimal | None, ...]
    pool_id: str | None
    shape: BaseGeometry | None
    file: str
    row: int
    approximate: tuple[str, ...] = ()
    entrances: tuple[tuple[float, float], ...] = ()
    rooms_stated: bool = True
    """Whether its table states anything about rooms, if only that there are none."""


@dataclass(frozen=True)
class Residential:
    """
    The residential zones of a study.

    `zones` are sorted by id, numbers in ids by their value; `findings` were found in their layers,
    `files` counts the rows per file, and `given` has the positions of each layer as in its file.
    """

    zones: list[ResidentialZone]
    findings: Sequence[Finding]
    files: dict[str, int]
    given: list[Given]


def read_residential(layers: tuple[ResidentialLayer, ...], crs: CRS) -> Residential:
    """
    Read layers of residential zones.

    Raises
    ------
    InputDataError
        If a layer has no ids, an id occurs twice, households are negative or fractional, or there
        are more zones than the limit.
    """
    zones: list[ResidentialZone] = []
    findings: list[Finding] = []
    files: dict[str, int] = {}
    given: list[Given] = []
    for layer in layers:
        table = read_table(layer.file, sheet=layer.sheet)
        if len(zones) + len(table.rows) > ZONES.most:
            found_zones = f"makes {len(zones) + len(table.rows):,} residential zones"
            raise ZONES.fault(found_zones, file=layer.file)
        findings += table.findings
        columns = find_columns(table, "residential", layer.columns)
        if columns["zone_id"] is None:
            raise InputDataError(
                "has no column of zone ids.",
                file=layer.file,
                mend="Add a column 编号 (zone_id), or name one in the study:"
                f' columns = {{ zone_id = "…" }}. Columns: '
                f"{', '.join(map(str, table.cells.columns))}.",
            )
        shapes, positions, of_places = _shapes(table, columns, layer, crs)
        findings += of_places
        given.append(positions)
        files[str(layer.file)] = files.get(str(layer.file), 0) + len(table.rows)
        own, of_rows = zones_of(table, columns, shapes)
        findings += of_rows
        if layer.entrances is not None:
            found = read_entrances(
                layer.entrances,
                {zone.zone_id for zone in own},
                crs,
                sheet=layer.entrances_sheet,
                layer_crs=layer.crs,
                datum=layer.datum,
            )
            own = [replace(zone, entrances=found.by_id.get(zone.zone_id, ())) for zone in own]
            findings += found.findings
            given.append(found.given)
            files[str(layer.entrances)] = found.rows
        zones += own
    require_unique_zones(zones)
    return Residential(sorted(zones, key=place_in_lists), findings, files, given)


def place_in_lists(zone: ResidentialZone) -> tuple[list[tuple[int, str]], str]:
    """Return the place of a zone in lists and sheets: 2 before 10, N-2 before N-10."""
    parts = re.split(r"([0-9]+)", zone.zone_id)
    for k in range(1, len(parts), 2):
        parts[k] = parts[k].lstrip("0")  # of two numbers the one with more digits is larger
    return [(len(one) * (k % 2), one) for k, one in enumerate(parts)], zone.zone_id


def zones_of(
    table: Table, columns: dict[str, str | None], shapes: Sequence[BaseGeometry | None]
) -> tuple[list[ResidentialZone], list[Finding]]:
    """
    Make a residential zone from each row of a table; return them and the findings.

    Parameters
    ----------
    columns
        Field to heading, as `find_columns` returns it.
    shapes
        In the study CRS; None without a usable position.

    Raises
    ------
    InputDataError
        If a row has no id, or households are negative or fractional.
    """
    faults = Faults(table.file)
    cells = {field: table.column(heading) for field, heading in columns.items()}
    own: list[ResidentialZone] = []
    findings: list[Finding] = []
    for i, (row, shape) in enumerate(zip(table.rows, shapes, strict=True)):
        of_row = {k: column[i] for k, column in cells.items()}
        zone, found = _zone(_Row(table, row, columns, faults), of_row, shape)
        own.append(zone)
        findings += found
    faults.stop()
    return own, findings


def _shapes(
    table: Table,
    columns: dict[str, str | None],
    layer: ResidentialLayer,
    crs: CRS,
) -> tuple[list[BaseGeometry | None], Given, list[Finding]]:
    if table.geometry is None:
        located = locate(table, columns, crs, layer_crs=layer.crs, datum=layer.datum)
        require_position(located, table, blank_is_none=True)
        points = points_at(located.x_m, located.y_m)
        known = np.isfinite(located.x_m)
        places = [p if ok else None for p, ok in zip(points, known, strict=True)]
        return places, located.given, list(located.findings)
    source = require_crs(table.crs, table.file)
    require_datum_of(table, source, layer.datum)
    x, y = shapely.get_coordinates(table.geometry.to_numpy()).T
    require_among_streets(layer_of(table.file, x, y, source), listed=False)
    moved: list[BaseGeometry | None] = []
    findings: list[Finding] = []
    shapes = project(table.geometry.to_numpy(), source, crs, layer.datum)
    require_mendable(shapes, table.file)
    require_few_near(shapes[shapely.get_dimensions(shapes) == 2], "zones", table.file)
    for shape, row, possible in zip(shapes, table.rows, all_on_earth(shapes), strict=True):
        if shape is None or shape.is_empty:
            findings.append(table.finding("NO_POSITION", row))
            moved.append(None)
        elif not possible:
            findings.append(table.finding("BAD_COORDINATES", row, value=source.name))
            moved.append(None)
        elif shape.is_valid:
            moved.append(shape)
        else:
            findings.append(geometry_mended(shape, table, row))
            moved.append(shapely.make_valid(shape))
    return moved, given_by_shapes(table, layer.datum), findings


@dataclass(frozen=True)
class _Row:
    """A row of a table: its number, the headings by field, and the faults of the table."""

    table: Table
    number: int
    columns: dict[str, str | None]
    faults: Faults

    def finding(self, code: str, field: str, value: object) -> Finding:
        """Warn about a cell of the row."""
        return self.table.finding(code, self.number, self.columns[field], value=str(value))

    def fault(self, cell: object, found: str, field: str, mend: str) -> None:
        """Add a cell because of which the table is refused."""
        column = self.columns[field]
        self.faults.add_cell(cell, found, row=self.number, column=column, mend=mend)


def _zone(
    row: _Row, cells: Mapping[str, Any], shape: BaseGeometry | None
) -> tuple[ResidentialZone, list[Finding]]:
    zone_id = parse_id(cells["zone_id"])
    if zone_id is None:
        mend = "Give each zone its own id."
        heading = row.columns["zone_id"]
        row.faults.add("has no zone id", row=row.number, column=heading, mend=mend)
        zone_id = ""
    findings = [
        row.finding("APPROXIMATE_VALUE", field, cells[field])
        for field in _COUNTS
        if is_approximate(cells[field])
    ]
    counts = {field: _count(row, field, cells[field], units) for field, units in _COUNTS.items()}
    rooms, of_rooms = _rooms(row, cells["rooms_m2"])
    findings += of_rooms
    kind = _kind_named(clean(cells["kind"]) or "")
    by_kind = None not in (counts["households_new"], counts["households_existing"])
    if kind is None:
        findings.append(row.finding("UNKNOWN_KIND", "kind", cells["kind"]))
    elif kind == "unknown" and not by_kind:
        findings.append(row.finding("KIND_BLANK", "kind", zone_id))
    if all(number is None for number in counts.values()):
        findings.append(row.finding("HOUSEHOLDS_BLANK", "households", zone_id))
    rough = [f"#{k}" for k, (_, about) in enumerate(rooms, 1) if about]
    zone = ResidentialZone(
        zone_id=zone_id,
        name=clean(cells["name"]) or "",
        kind=kind or "unknown",
        **counts,
        rooms_m2=tuple(area for area, _ in rooms),
        pool_id=parse_id(cells["pool_id"]),
        shape=shape,
        entrances=(),
        rooms_stated=row.columns["rooms_m2"] is not None,
        file=row.table.file.name,
        row=row.number,
        approximate=(*(key for key in _COUNTS if is_approximate(cells[key])), *rough),
    )
    return zone, findings


def _kind_named(cell: str) -> Kind | None:
    """
    Return the kind that a cell means, None if it means none.

    Examples
    --------
    >>> [_kind_named(cell) for cell in ("新建住宅小区", "老旧小区", "拟建", "", "商铺")]
    ['new', 'existing', 'new', 'unknown', None]
    """
    word = normalise(cell)
    return _KINDS.get(word) or _KINDS.get(_ZONE_WORDS.sub("", word) or word)


def _count(row: _Row, field: str, cell: Any, units: Units) -> Decimal | None:
    try:
        return parse_count(cell, units, unit_of(row.columns[field]))
    except ValueError:
        mend = "Write a whole number of 0 or more, or leave the cell blank."
        row.fault(cell, "is not a number of households", field, mend)
        return None


def _rooms(row: _Row, cell: Any) -> tuple[list[tuple[Decimal | None, bool]], list[Finding]]:
    """
    Read rooms such as `150+80`, and whether each is stated to be approximate.

    A part that cannot be read is a room of unknown area.

    A blank cell means "not stated", which is a room of unknown area too; 0 means no room. A table
    without the column states nothing either (`rooms_stated`).
    """
    column = row.columns["rooms_m2"]
    if column is None:
        return [], []
    text = clean(cell)
    if text is None or isinstance(cell, NoValue):
        return [(None, False)], []
    parts: list[Any] = [cell] if isinstance(cell, int | float) else re.split(r"[+、;]", text)
    if len(parts) > ROOMS.most:
        listed = f"lists {len(parts):,} rooms"
        raise ROOMS.fault(listed, file=row.table.file, row=row.number, column=column)
    findings: list[Finding] = []
    rooms: list[tuple[Decimal | None, bool]] = []
    for part in parts:
        try:
            rooms.append((parse_area(part, unit_of(column)), is_approximate(part)))
            if rooms[-1][1]:
                found = row.finding("APPROXIMATE_VALUE", "rooms_m2", cell)
                findings.append(replace(found, floor_area_m2=rooms[-1][0]))
        except ValueError as error:
            findings.append(row.finding(code_of(error), "rooms_m2", cell))
            rooms.append((None, False))
    return [room for room in rooms if room[0] is None or room[0] > 0], findings


def require_unique_zones(zones: Sequence[ResidentialZone]) -> None:
    """Raise InputDataError where two zones have the same id."""
    seen: dict[str, ResidentialZone] = {}
    faults: dict[str, Faults] = {}
    for zone in zones:
        if zone.zone_id in seen:
            first = seen[zone.zone_id]
            faults.setdefault(zone.file, Faults(zone.file)).add(
                f"the zone id {zone.zone_id!r} is also in row {first.row} of {first.file}",
                row=zone.row,
                mend="Give each zone its own id.",
            )
        seen.setdefault(zone.zone_id, zone)
    for one in faults.values():
        one.stop()
