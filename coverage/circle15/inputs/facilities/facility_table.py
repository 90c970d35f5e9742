"""Read facilities: a row per site and category, with a finding for each unusable value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from circle15.errors import InputDataError, StudyError, clause
from circle15.inputs.area.named_places import FIELDS, named_places, whereabouts
from circle15.inputs.area.study_area import assign_points
from circle15.inputs.crs.points import Given, has_positions, locate, nowhere, require_position
from circle15.inputs.facilities.capacities import read_capacities
from circle15.inputs.facilities.duplicates import mark_duplicates
from circle15.inputs.facilities.entrances import read_entrances
from circle15.inputs.facilities.similar_sites import join_buildings, list_similar
from circle15.inputs.facilities.site_categories import site_categories
from circle15.inputs.facilities.statuses import is_open, opens_by, read_statuses
from circle15.inputs.formats.layer_limits import bytes_of
from circle15.inputs.table_sources import choose_rows, find_columns, read_column, read_table
from circle15.inputs.tables.cells import content_ids
from circle15.inputs.tables.column_kinds import typed
from circle15.inputs.tables.conditions import HOW_TO_WRITE
from circle15.inputs.tables.dates import is_year_only, parse_date
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.headings import known_headings, other_areas, unit_of
from circle15.inputs.tables.values import (
    clean,
    parse_area,
    parse_flag,
    parse_id,
)
from circle15.study.limits import SITES
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.facilities.entrances import XY, Entrances
    from circle15.inputs.table_sources import Table
    from circle15.study.database_tables import Source
    from circle15.study.settings.records import FacilityLayer, Study


COLUMNS: Final = (
    c.FACILITY_ID,
    c.CATEGORY,
    c.NAME,
    c.X_M,
    c.Y_M,
    c.STATUS,
    c.OPENED,
    c.OPEN,
    c.OPEN_AT_PLAN,
    c.IN_AREA,
    c.STREET_ID,
    c.COMMUNITY_ID,
    c.POSITION_UNSURE,
    c.FLOOR_AREA_M2,
    *c.CAPACITIES,
    c.ZONE_ID,
    c.SITE_ID,
    c.DUPLICATE_OF,
    c.APPROXIMATE,
    "file",
    "row",
)


@dataclass(frozen=True)
class Facilities:
    """
    The facilities of a study.

    Attributes
    ----------
    table
        Sorted by (`facility_id`, `category`). `floor_area_m2` and the capacity fields are
        objects, Decimal or None (unknown). `x_m`, `y_m` are NaN without a position. `open` and
        `open_at_plan` are whether the site counts at `as_of` and `plan_as_of`; a probable duplicate
        has the id of the counted site in `duplicate_of` and never counts. `site_id` is shared by
        several ids of one building, whose floor area and capacities count once. `approximate` is a
        tuple of the fields with approximate values.
    files
        Rows read per file.
    given
        Positions of each layer as in its file.
    entrances
        Entrances by facility id, study CRS, metres; no entry for facilities without any.
    headings
        Columns of the capacities by file and field; None where layers of one file read several.
    whereabouts
        Area in which open facilities without a position may be; see `named_places.whereabouts`.
    """

    table: pd.DataFrame
    findings: Sequence[Finding]
    files: dict[str, int]
    given: list[Given]
    entrances: Mapping[str, tuple[XY, ...]] = field(default_factory=dict)
    headings: Mapping[tuple[str, str], str | None] = field(default_factory=dict)
    whereabouts: Mapping[int, BaseGeometry | None] = field(default_factory=dict)


@dataclass(frozen=True)
class FacilityRows:
    """
    The facilities as their files list them: what `facilities_of` makes the table of.

    `frame` has a row per site and category with the columns of the table that do not depend on
    other sites, and those that say where a site without a position is; for the rest see
    `Facilities`.
    """

    frame: pd.DataFrame
    findings: Sequence[Finding]
    files: dict[str, int]
    given: list[Given]
    entrances: Mapping[str, tuple[XY, ...]]
    headings: Mapping[tuple[str, str], str | None]


def read_rows(study: Study, crs: CRS) -> FacilityRows:
    """
    Read every facility layer of a study.

    Raises
    ------
    StudyError
        If a layer names no category, or an unknown one.
    InputDataError
        If a file cannot be used.
    """
    findings: list[Finding] = []
    tables = [pd.DataFrame({name: [] for name in (*COLUMNS, *FIELDS)}, dtype=object)]
    files: dict[str, int] = {}
    given: list[Given] = []
    entrances: dict[str, tuple[XY, ...]] = {}
    headings: dict[tuple[str, str], str | None] = {}
    for layer in study.facilities:
        table = read_table(layer.file, sheet=layer.sheet)
        if layer.where is not None:
            table, left_out = _chosen(table, layer.where, study)
            findings += left_out
        own = read_sites(table, layer, study, crs)
        if layer.entrances is not None:
            doors = _read_entrances(layer, layer.entrances, own.sites, crs)
            own = _placed_at_doors(own, doors)
            given.append(doors.given)
            entrances |= doors.by_id
            files[str(layer.entrances)] = doors.rows
        tables.append(own.sites)
        given.append(own.given)
        findings += own.findings
        for key, heading in own.headings.items():
            place = table.file.name, key
            headings[place] = heading if headings.get(place, heading) == heading else None
        files[str(layer.file)] = files.get(str(layer.file), 0) + len(table.rows)
    frame = pd.concat([t for t in tables if len(t)] or tables, ignore_index=True)
    return FacilityRows(frame, findings, files, given, entrances, headings)


def facilities_of(rows: FacilityRows, area: StudyArea) -> Facilities:
    """
    Make the facility table of its rows: zones, probable duplicates, shared buildings.

    Raises
    ------
    InputDataError
        If two sites of a category have the same id.
    """
    frame = rows.frame.copy()
    frame[[c.X_M, c.Y_M]] = frame[[c.X_M, c.Y_M]].astype(np.float64)
    _refuse_repeated_ids(frame)
    frame = frame.sort_values([c.FACILITY_ID, c.CATEGORY], ignore_index=True)
    zones = assign_points(area, frame[c.X_M].to_numpy(), frame[c.Y_M].to_numpy())
    frame[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]] = zones.to_numpy()
    frame[c.IN_AREA] = frame[c.IN_AREA].astype(bool) & frame[c.X_M].notna()
    frame, repeated = mark_duplicates(frame)
    similar = list_similar(frame)
    frame, buildings = join_buildings(frame)
    for flag in (c.OPEN, c.OPEN_AT_PLAN, c.IN_AREA, c.POSITION_UNSURE):
        frame[flag] = frame[flag].astype(bool)
    places, unplaced = whereabouts(frame, area)
    findings = [*rows.findings, *repeated, *similar, *buildings, *unplaced]
    table = typed(frame[list(COLUMNS)])
    return Facilities(
        table, findings, rows.files, rows.given, rows.entrances, rows.headings, places
    )


def read_facilities(study: Study, area: StudyArea, crs: CRS) -> Facilities:
    """Read every facility layer of a study; see `read_rows` and `facilities_of`."""
    return facilities_of(read_rows(study, crs), area)


@dataclass(frozen=True)
class SitesOfLayer:
    """One layer: a row per site and category, positions as in the file, findings, headings."""

    sites: pd.DataFrame
    given: Given
    findings: Sequence[Finding]
    headings: Mapping[str, str]


def _read_entrances(layer: FacilityLayer, file: Source, sites: pd.DataFrame, crs: CRS) -> Entrances:
    return read_entrances(
        file,
        set(sites[c.FACILITY_ID]),
        crs,
        sheet=layer.entrances_sheet,
        of="facility",
        layer_crs=layer.crs,
        datum=layer.datum,
    )


def _placed_at_doors(layer: SitesOfLayer, doors: Entrances) -> SitesOfLayer:
    """Place each facility without a position at its first entrance."""
    sites = layer.sites.copy()
    lost = sites[c.X_M].isna() & sites[c.FACILITY_ID].isin(list(doors.by_id))
    if lost.any():
        first = [doors.by_id[facility][0] for facility in sites.loc[lost, c.FACILITY_ID]]
        sites.loc[lost, [c.X_M, c.Y_M]] = np.array(first, dtype=object)
    rows = set(sites.loc[lost, "row"])
    left = [one for one in layer.findings if one.code != "NO_POSITION" or one.row not in rows]
    return replace(layer, sites=sites, findings=[*left, *doors.findings])


def read_sites(
    table: Table, layer: FacilityLayer, study: Study, crs: CRS, *, placed: bool = True
) -> SitesOfLayer:
    """
    Read the sites of a table.

    Parameters
    ----------
    placed
        False for a table whose rows may all be without a position.
    """
    mapping = dict(layer.columns)
    if layer.category_column is not None:
        mapping["category"] = layer.category_column
    places = named_places(table, mapping)
    mapping = {field: heading for field, heading in mapping.items() if field not in FIELDS}
    fields = set(known_headings()["facility"])
    unused = {"category"} if layer.category is not None else set()
    columns = find_columns(table, "facility", mapping, read=fields - unused)
    if placed or has_positions(table, columns):
        located = locate(table, columns, crs, layer_crs=layer.crs, datum=layer.datum)
    else:
        located = nowhere(table, crs)
    if placed:
        require_position(located, table)
    status, of_statuses = read_statuses(table, columns["status"])
    opened, of_dates = read_column(
        table, columns["opened"], parse_date, unsure=is_year_only, unsure_code="DATE_TO_YEAR"
    )
    status = _not_open_unless_dated(table, columns["opened"], status, opened)
    unsure, of_flags = read_column(table, columns["position_unsure"], parse_flag)
    floor_areas, of_areas = _floor_areas(table, columns, layer)
    capacities, of_capacities = read_capacities(table, columns)
    found = [*table.findings, *located.findings, *of_statuses, *of_dates, *of_flags, *of_areas]
    found += of_capacities
    ids = [parse_id(cell) for cell in table.column(columns["facility_id"])]
    missing = [i for i, own in enumerate(ids) if own is None]
    for i, made in zip(
        missing, content_ids(table, missing, columns, located.given.x, located.given.y), strict=True
    ):
        ids[i] = made
    sites = pd.DataFrame(
        {
            c.FACILITY_ID: ids,
            c.NAME: [clean(cell) or "" for cell in table.column(columns["name"])],
            c.X_M: located.x_m,
            c.Y_M: located.y_m,
            c.STATUS: status,
            c.OPENED: opened,
            c.OPEN: [is_open(*site, study.as_of) for site in zip(status, opened, strict=True)],
            c.OPEN_AT_PLAN: [
                opens_by(*site, study.plan_as_of) for site in zip(status, opened, strict=True)
            ],
            c.POSITION_UNSURE: [layer.position_unsure or bool(flag) for flag in unsure],
            c.FLOOR_AREA_M2: floor_areas,
            **capacities,
            c.ZONE_ID: [parse_id(cell) for cell in table.column(columns["zone_id"])],
            c.DUPLICATE_OF: None,
            "file": table.file.name,
            "row": table.rows,
            **places,
        },
        dtype=object,
    )
    sites[c.APPROXIMATE] = _approximate(table, columns, found)
    # A site with several functions is a row for each of them.
    categories, of_categories = site_categories(table, layer, columns["category"], study)
    place = [i for i, own in enumerate(categories) for _ in own]
    size = bytes_of(layer.file) if isinstance(layer.file, Path) else None
    if size is not None and len(place) > SITES.of(size):
        raise SITES.fault(f"makes {len(place):,} sites", file=layer.file, size=size)
    frame = sites.iloc[place].reset_index(drop=True)
    frame[c.CATEGORY] = pd.Series([one for own in categories for one in own], dtype=object)
    frame = frame[[name for name in (*COLUMNS, *FIELDS) if name in frame]]
    headings = {key: columns[key] or "" for key in c.CAPACITIES if columns[key] is not None}
    return SitesOfLayer(frame, located.given, [*found, *of_categories], headings)


def _not_open_unless_dated(
    table: Table, heading: str | None, status: list[str], opened: list[Any]
) -> list[str]:
    """Return statuses, unknown where a site has an opening date that cannot be read."""
    cells = table.column(heading)
    return [
        "unknown" if date is None and clean(cell) is not None and own != "closed" else own
        for own, date, cell in zip(status, opened, cells, strict=True)
    ]


def _floor_areas(
    table: Table, columns: dict[str, str | None], layer: FacilityLayer
) -> tuple[list[Any], list[Finding]]:
    """
    Return the floor areas of the rows, m².

    Only 建筑面积 is a floor area. A column of 使用面积 or 用地面积 is only used as one if the study
    names it; both cases are reported.
    """
    heading = columns["floor_area_m2"]
    others = other_areas(table)
    findings: list[Finding] = []
    if heading is None and others:
        findings.append(Finding("NO_FLOOR_AREA", "warning", table.file.name, column=others[0]))
    elif heading in others and "floor_area_m2" in layer.columns:
        findings.append(Finding("FLOOR_AREA_TAKEN", "note", table.file.name, column=heading))
    unit = unit_of(heading)
    areas, found = read_column(
        table, heading, lambda cell: parse_area(cell, unit), is_floor_area=True
    )
    return areas, [*findings, *found]


def _approximate(
    table: Table, columns: dict[str, str | None], found: Sequence[Finding]
) -> list[tuple[str, ...]]:
    """Return the fields of each row with approximate values."""
    fields: dict[int, list[str]] = {}
    named = {heading: field for field, heading in columns.items() if heading is not None}
    for finding in found:
        if finding.code in {"APPROXIMATE_VALUE", "DATE_TO_YEAR"} and finding.row is not None:
            fields.setdefault(finding.row, []).append(named[str(finding.column)])
    return [tuple(fields.get(row, ())) for row in table.rows]


def _chosen(table: Table, where: str, study: Study) -> tuple[Table, list[Finding]]:
    """Return the rows that a layer's `where` selects, and a finding on those left out."""
    try:
        chosen = choose_rows(table, where)
    except ValueError as error:
        raise StudyError(
            f"{where!r}: {clause(error)}.",
            file=study.file,
            column="facilities.where",
            mend=HOW_TO_WRITE,
        ) from None
    if not chosen.rows:
        raise InputDataError(f"no row matches {where}.", file=table.file, mend="Correct `where`.")
    left_out = len(table.rows) - len(chosen.rows)
    if not left_out:
        return chosen, []
    detail = {"rows": str(left_out), "where": where}
    return chosen, [Finding("ROWS_LEFT_OUT", "note", table.file.name, detail=detail)]


def _refuse_repeated_ids(frame: pd.DataFrame) -> None:
    keys = [c.FACILITY_ID, c.CATEGORY]
    again = frame[frame.duplicated(keys, keep="first")]
    if again.empty:
        return
    first = frame.drop_duplicates(keys).set_index(keys)[["row", "file"]].to_dict("index")
    faults = Faults(again["file"].iloc[0])
    for row in again.to_dict("records"):
        same = first[row[c.FACILITY_ID], row[c.CATEGORY]]
        elsewhere = f" of {row['file']}" if row["file"] != faults.file else ""
        faults.add(
            f"the id {row[c.FACILITY_ID]!r}{elsewhere} is also in row {same['row']} of "
            f"{same['file']}",
            row=int(row["row"]),
            mend="Give each site its own id, or remove the repeated row.",
        )
    faults.stop()
