"""Read people by zone: shapes from an area layer or a file, counts from it or a census table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.inputs.area.study_area import read_polygons, require_unique
from circle15.inputs.area.zone_contradictions import list_contradictions
from circle15.inputs.area.zone_matching import Named, match_zones
from circle15.inputs.area.zone_names import parent_code, plain_code
from circle15.inputs.demand.people_limits import refuse_too_many
from circle15.inputs.demand.points import approximate_people, micro_persons, people_if_any
from circle15.inputs.table_sources import find_columns, named_column, named_columns, read_table
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.values import clean, parse_id
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.area.zone_matching import Match
    from circle15.inputs.table_sources import Table
    from circle15.study.settings.records import DemandLayer


@dataclass(frozen=True)
class CountedZone:
    """A zone in the study CRS with its micro-persons by group."""

    zone_id: str
    name: str
    shape: BaseGeometry
    micro: dict[str, int]


@dataclass(frozen=True)
class ZoneCounts:
    """
    Zones with people, sorted by id.

    `beyond` are the micro-persons by group of rows that match no zone of the layer.
    """

    zones: list[CountedZone]
    findings: Sequence[Finding]
    beyond: dict[str, int]
    files: dict[str, int]


@dataclass(frozen=True)
class _Shapes:
    """Zones without people: ids, names and shapes, their table, and findings about it."""

    names: list[Named]
    shapes: list[BaseGeometry]
    table: Table
    id: str
    findings: Sequence[Finding] = ()


def read_zone_counts(layers: Sequence[DemandLayer], area: StudyArea, crs: CRS) -> ZoneCounts:
    """
    Read people by zone.

    Parameters
    ----------
    layers
        Demand layers whose counts are in one table of the same zones.

    Raises
    ------
    InputDataError
        If a column is missing, a zone has no id or occurs twice, zones of several levels are
        mixed, no row matches a zone, a zone has two rows, or its number of people cannot be read.
    """
    zones = _shapes(layers[0], area, crs)
    findings = list(zones.findings)
    if layers[0].table is None:
        table = zones.table
        rows = [Named(parse_id(cell), None) for cell in table.column(zones.id)]
        code: str | None = zones.id
    else:
        table = read_table(layers[0].table, sheet=layers[0].sheet)
        findings += table.findings
        rows, code = _rows(table, layers[0])
    columns = {
        layer.group: named_columns(table, layer.value, field=layer.group, other=(code,))
        for layer in layers
    }
    match = match_zones(zones.names, rows)
    _require_rows(match, table, zones)
    findings += list_contradictions(match, zones.names, rows, table)
    faults = Faults(table.file)
    counted: list[CountedZone] = []
    for k in sorted(match.rows, key=lambda k: str(zones.names[k].code)):
        zone, row = zones.names[k], match.rows[k][0]
        micro = {
            layer.group: micro_persons(table, [row], columns[layer.group], faults)[0]
            for layer in layers
        }
        counted.append(CountedZone(str(zone.code), zone.name or "", zones.shapes[k], micro))
    faults.stop()
    for one in columns.values():
        findings += approximate_people(table, one, [used[0] for used in match.rows.values()])
    beyond, left = _what_is_left(match, table, rows, columns)
    findings += left
    for k in match.lacking:
        detail = {"zone": f"{zones.names[k].code} {zones.names[k].name or ''}".strip()}
        findings.append(Finding("ZONE_WITHOUT_COUNT", "warning", table.file.name, detail=detail))
    for layer in layers:
        everybody = sum(zone.micro[layer.group] for zone in counted)
        refuse_too_many((everybody + beyond[layer.group]) // c.MICRO, table.file)
    files = {str(one.file): len(one.rows) for one in (zones.table, table)}
    return ZoneCounts(counted, findings, beyond, files)


def _shapes(layer: DemandLayer, area: StudyArea, crs: CRS) -> _Shapes:
    if isinstance(layer.zones, Path):
        table, shapes, findings = read_polygons(
            layer.zones, crs, sheet=layer.zones_sheet, datum=layer.datum
        )
        wanted = {k: v for k, v in {"id": layer.id}.items() if v is not None}
        columns = find_columns(table, "zone", wanted, judged=False)
        if columns["id"] is None:
            raise InputDataError(
                "has no column of ids.",
                file=table.file,
                mend=f"Name it as `id`. Columns: {', '.join(map(str, table.cells.columns))}.",
            )
        ids = [parse_id(cell) for cell in table.column(columns["id"])]
        require_unique(ids, table, columns["id"])
        names = [clean(cell) for cell in table.column(columns["name"])]
        _refuse_levels(ids, table, columns["id"])
        named = [Named(*pair) for pair in zip(ids, names, strict=True)]
        return _Shapes(named, list(shapes), table, columns["id"], findings)
    frame = area.streets if layer.zones == "streets" else area.communities
    source = area.source.streets if layer.zones == "streets" else area.source.communities
    assert source is not None  # the study has been checked
    named = [Named(*pair) for pair in zip(frame[c.ZONE_ID], frame[c.NAME], strict=True)]
    table = read_table(source.file, sheet=source.sheet)
    return _Shapes(named, list(frame.geometry), table, named_column(table, source.id, field="id"))


def _refuse_levels(ids: Sequence[str | None], table: Table, column: str) -> None:
    """Raise if a zone is part of another by its code: its people would count twice."""
    codes = {plain_code(str(key)) for key in ids}
    faults = Faults(table.file)
    for key, row in zip(ids, table.rows, strict=True):
        above = parent_code(plain_code(str(key)))
        while above is not None:
            if above in codes:
                found = f"the zone {key!r} is part of {above!r} by its code: levels are mixed"
                faults.add(found, row=row, column=column, mend="Keep the zones of one level.")
                break
            above = parent_code(above)
    faults.stop()


def _rows(table: Table, layer: DemandLayer) -> tuple[list[Named], str | None]:
    """
    Return codes and names of the rows of a table of counts, and the column of codes.

    Names keep their leading spaces.
    """
    wanted = {"id": layer.code, "name": layer.name}
    given = {k: v for k, v in wanted.items() if v is not None}
    columns = find_columns(table, "zone", given, judged=False)
    if columns["id"] is None and columns["name"] is None:
        raise InputDataError(
            "has neither a column of codes nor one of names.",
            file=table.file,
            mend="Name it as `code` or `name`. "
            f"Columns: {', '.join(map(str, table.cells.columns))}.",
        )
    codes = [parse_id(cell) for cell in table.column(columns["id"])]
    names = [None if clean(cell) is None else str(cell) for cell in table.column(columns["name"])]
    return [Named(*pair) for pair in zip(codes, names, strict=True)], columns["id"]


def _require_rows(match: Match, table: Table, zones: _Shapes) -> None:
    """Raise if no row matches a zone, or several rows match one."""
    if not match.rows:
        raise InputDataError(
            "no row matches one of the zones, by code or by name.",
            file=table.file,
            mend=f"The first zone is {zones.names[0].code} {zones.names[0].name or ''}.",
        )
    faults = Faults(table.file)
    for k, same in match.rows.items():
        for row in same[1:]:
            faults.add(
                f"is the zone {zones.names[k].code!r}, as is row {table.rows[same[0]]}",
                row=table.rows[row],
                mend="Keep one row for each zone.",
            )
    faults.stop()


def _what_is_left(
    match: Match, table: Table, rows: Sequence[Named], columns: dict[str, list[str]]
) -> tuple[dict[str, int], list[Finding]]:
    """Return micro-persons by group of rows that match no zone, and findings on these rows."""
    beyond = dict.fromkeys(columns, 0)
    findings: list[Finding] = []
    for code, some in (
        ("COUNTS_WITHOUT_ZONE", match.unmatched),
        ("AMBIGUOUS_ZONE", match.ambiguous),
    ):
        for k in some:
            people = {group: people_if_any(table, k, own) for group, own in columns.items()}
            for group, micro in people.items():
                beyond[group] += micro or 0
            detail = {"name": (rows[k].name or rows[k].code or "").strip()}
            findings.append(
                Finding(
                    code,
                    "warning",
                    table.file.name,
                    table.rows[k],
                    persons_micro=next(iter(people.values())),
                    detail=detail,
                )
            )
    if match.elsewhere:
        detail = {"rows": str(len(match.elsewhere))}
        findings.append(Finding("ROWS_OF_OTHER_LEVELS", "note", table.file.name, detail=detail))
    return beyond, findings
