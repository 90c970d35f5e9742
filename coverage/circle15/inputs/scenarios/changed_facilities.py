"""The facilities of a scenario: sites of the study closed and changed, and others added."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from circle15.errors import InputDataError
from circle15.inputs.facilities.facility_table import (
    FacilityRows,
    facilities_of,
    read_rows,
    read_sites,
)
from circle15.inputs.facilities.statuses import is_open, opens_by
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.headings import known_headings
from circle15.inputs.tables.values import clean, parse_id
from circle15.study.database_tables import Source
from circle15.study.settings.records import FacilityLayer
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import category_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyproj import CRS

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.crs.points import Given
    from circle15.inputs.facilities.facility_table import Facilities
    from circle15.inputs.table_sources import Table
    from circle15.study.settings.records import Study
    from circle15.study.settings.scenarios.tables import Scenario
    from circle15.study.vocabulary.finding import Finding

Key = tuple[str, str | None]
"""Id of a site and its category; None for all its categories."""

_VALUES: Final = (c.NAME, c.FLOOR_AREA_M2, *c.CAPACITIES, c.ZONE_ID, c.POSITION_UNSURE)
"""Fields whose value alone changes; status and opening date decide together, as positions do."""
_PLACES: Final = ("lon", "lat", "x_m", "y_m", "location")
_STILL_USED: Final = frozenset({"APPROXIMATE_VALUE", "DATE_TO_YEAR", "DATUM_ASSUMED"})
"""Findings on cells that are used as they stand; all others of a table of changes are faults."""
_SAME: Final = "Take the id out, or correct it."


@dataclass(frozen=True)
class FacilityChanges:
    """
    What a scenario does to facilities.

    Attributes
    ----------
    added
        New sites, in the columns of `FacilityRows.frame`.
    closed
        Sites that close.
    changed
        New values of a site by column; `x_m` and `y_m` together.
    findings, files, given
        Those of the tables, as in `FacilityRows`.
    """

    added: pd.DataFrame | None = None
    closed: Sequence[Key] = ()
    changed: Mapping[Key, Mapping[str, Any]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    given: Sequence[Given] = ()


def read_facilities_as_changed(study: Study, area: StudyArea, crs: CRS) -> Facilities:
    """
    Read the facilities of a study, or of the scenario that it is.

    Raises
    ------
    Circle15Error
        If a file cannot be used.
    """
    rows = read_rows(study, crs)
    if study.changes is not None:
        rows = changed_rows(rows, read_facility_changes(rows, study, crs), study)
    return facilities_of(rows, area)


def read_facility_changes(rows: FacilityRows, study: Study, crs: CRS) -> FacilityChanges:
    """
    Read what the scenario of a study does to its facilities.

    Parameters
    ----------
    rows
        The facilities of the study without changes.
    study
        The study of a scenario.

    Raises
    ------
    InputDataError
        If a table cannot be used, an id is unknown or occurs twice, an added id exists already, a
        column is no field, or a cell cannot be read. All faults of a table are in one message.
    """
    assert study.changes is not None
    scenario = study.changes.scenario
    known = _Known.of(rows.frame)
    closed, of_closed = _closed(scenario, known, study)
    changed = _changed(scenario, known, set(closed), (study, crs))
    added = _added(scenario, known, (study, crs))
    parts = [one for one in (changed, added) if one is not None]
    return FacilityChanges(
        None if added is None else added.added,
        closed,
        {} if changed is None else changed.changed,
        [finding for one in parts for finding in one.findings],
        of_closed | {name: n for one in parts for name, n in one.files.items()},
        [given for one in parts for given in one.given],
    )


def changed_rows(rows: FacilityRows, changes: FacilityChanges, study: Study) -> FacilityRows:
    """
    Return the facilities of a study with changes; `rows` stay as they are.

    A closed site stays in the list with the status `closed`. A site that is moved loses its
    entrances, which stay where they were.
    """
    cells = {str(name): list(rows.frame[name]) for name in rows.frame}
    entrances = dict(rows.entrances)
    at = _Known.of(rows.frame)
    touched = set()
    for key in changes.closed:
        for i in at.rows(key):
            cells[c.STATUS][i] = "closed"
            touched.add(i)
    for key, values in changes.changed.items():
        for i in at.rows(key):
            before = set(cells[c.APPROXIMATE][i]) - set(values)
            for column, value in values.items():
                cells[column][i] = value
            now = values.get(c.APPROXIMATE, ())
            cells[c.APPROXIMATE][i] = tuple(sorted(before | set(now)))
            touched.add(i)
        if c.X_M in values:
            entrances.pop(key[0], None)
    for i in touched:
        state = cells[c.STATUS][i], cells[c.OPENED][i]
        cells[c.OPEN][i] = is_open(*state, study.as_of)
        cells[c.OPEN_AT_PLAN][i] = opens_by(*state, study.plan_as_of)
    frame = pd.DataFrame(cells, dtype=object)
    if changes.added is not None:
        frame = pd.concat([frame, changes.added], ignore_index=True)
    return FacilityRows(
        frame,
        [*rows.findings, *changes.findings],
        rows.files | dict(changes.files),
        [*rows.given, *changes.given],
        entrances,
        rows.headings,
    )


@dataclass(frozen=True)
class _Known:
    """Positions of the rows of a list of facilities by id, and the categories of each id."""

    by_id: Mapping[str, Sequence[int]]
    categories: Sequence[str]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Known:
        found: dict[str, list[int]] = defaultdict(list)
        for i, own in enumerate(frame[c.FACILITY_ID]):
            found[own].append(i)
        return cls(found, list(frame[c.CATEGORY]))

    def rows(self, key: Key) -> list[int]:
        """Return the positions of the rows of a site, in one of its categories or in all."""
        own, category = key
        return [i for i in self.by_id.get(own, ()) if category in (None, self.categories[i])]

    def fault(self, key: Key) -> tuple[str, str] | None:
        """Return why the study has no such site, and how to fix it; None if it has one."""
        own, category = key
        if own not in self.by_id:
            near = get_close_matches(own, list(self.by_id), n=1) if len(self.by_id) < 5000 else []
            mend = f"Did you mean {near[0]!r}?" if near else "Use an id of the study's lists."
            return f"{own!r} is not the id of a facility of the study", mend
        if not self.rows(key):
            have = ", ".join(sorted({self.categories[i] for i in self.by_id[own]}))
            return f"{own!r} is not of the category '{category}'", f"It is of {have}."
        return None


def _closed(scenario: Scenario, known: _Known, study: Study) -> tuple[list[Key], dict[str, int]]:
    """Read which sites close, and the number of rows of their table."""
    if not isinstance(scenario.close, Source):
        assert study.changes is not None
        for own in scenario.close:
            fault = known.fault((own, None))
            if fault is not None:
                raise InputDataError(
                    fault[0] + ".",
                    file=study.file,
                    column=f"scenarios.{study.changes.name}.close",
                    mend=fault[1],
                )
        return [(own, None) for own in scenario.close], {}
    table = read_table(scenario.close, sheet=scenario.close_sheet)
    columns = find_columns(table, "facility", {}, read={c.FACILITY_ID, c.CATEGORY}, judged=False)
    keys = _keys(table, columns, known, study)
    return list(keys), {str(scenario.close): len(table.rows)}


def _keys(
    table: Table, columns: Mapping[str, str | None], known: _Known, study: Study
) -> dict[Key, int]:
    """Return the sites that a table names, each with its place among the rows."""
    heading = columns[c.FACILITY_ID]
    if heading is None:
        raise InputDataError(
            "has no column of facility ids.",
            file=table.file,
            mend="Give each row the facility_id (编号) of its site.",
        )
    faults = Faults(table.file)
    found: dict[Key, int] = {}
    cells = zip(table.column(heading), table.column(columns[c.CATEGORY]), table.rows, strict=True)
    for i, (cell, kind, row) in enumerate(cells):
        own, word = parse_id(cell), clean(kind)
        category = (
            None if word is None else category_of(word, study.categories, study.category_words)
        )
        if own is None:
            faults.add_cell(cell, "is not an id", row=row, column=heading, mend=_SAME)
            continue
        if word is not None and category is None:
            faults.add_cell(
                kind, "is not a category", row=row, column=columns[c.CATEGORY], mend=_SAME
            )
            continue
        fault = known.fault((own, category))
        before = next((k for k in ((own, category), (own, None)) if k in found), None)
        if fault is not None:
            faults.add(fault[0], row=row, column=heading, mend=fault[1])
        elif before is not None:
            faults.add(
                f"{own!r} is also in row {table.rows[found[before]]}",
                row=row,
                column=heading,
                mend="Keep one row for each site.",
            )
        else:
            found[own, category] = i
    faults.stop()
    return found


def _changed(
    scenario: Scenario, known: _Known, closed: Iterable[Key], place: tuple[Study, CRS]
) -> FacilityChanges | None:
    """Read the new values of sites; a blank cell changes nothing."""
    if scenario.change is None:
        return None
    study, crs = place
    table = read_table(scenario.change, sheet=scenario.change_sheet)
    columns = find_columns(table, "facility", {}, judged=False)
    _require_fields(table, columns)
    keys = _keys(table, columns, known, study)
    layer = _layer(scenario, scenario.change, scenario.change_sheet)
    # The category selects the site; that of the layer is not used.
    some = known.categories[0]
    read = read_sites(table, replace(layer, category=some), study, crs, placed=False)
    faults = Faults(table.file)
    placed = _with_position(table, columns)
    unused = [
        one
        for one in read.findings
        if one.row is not None and one.code not in _STILL_USED | {"NO_POSITION"}
    ]
    for one in unused:
        faults.add(
            f"{one.detail.get('value', '')!r} cannot be read",
            row=one.row,
            column=one.column,
            mend="Correct the cell, or leave it blank where nothing changes.",
        )
    ids_closed = {own for own, _ in closed}
    found: dict[Key, dict[str, Any]] = {}
    for key, i in keys.items():
        row, site = table.rows[i], read.sites.iloc[i]
        if key[0] in ids_closed:
            faults.add(
                f"{key[0]!r} is closed by the same scenario",
                row=row,
                column=columns[c.FACILITY_ID],
                mend="Keep one of the two.",
            )
            continue
        stated = [
            name
            for name in (*_VALUES, c.STATUS, c.OPENED)
            if clean(table.column(columns[name])[i]) is not None
        ]
        values = {name: site[name] for name in stated}
        if placed[i]:
            values |= {c.X_M: site[c.X_M], c.Y_M: site[c.Y_M]}
            if not np.isfinite(site[c.X_M]):
                faults.add("the new position cannot be read", row=row, mend="Give both numbers.")
        if not values and not unused:
            faults.add(
                "states nothing that changes", row=row, mend="Fill in a field, or take it out."
            )
        if site[c.APPROXIMATE]:
            values[c.APPROXIMATE] = tuple(name for name in site[c.APPROXIMATE] if name in values)
        found[key] = values
    faults.stop()
    findings = [one for one in read.findings if one.code in _STILL_USED]
    given = [read.given] if placed.any() else []
    return FacilityChanges(
        changed=found, findings=findings, files={str(scenario.change): len(keys)}, given=given
    )


def _require_fields(table: Table, columns: Mapping[str, str | None]) -> None:
    """Refuse columns that are no fields: a change in them would not count."""
    faults = Faults(table.file)
    used = set(columns.values())
    fields = [name for name in known_headings()["facility"] if name != c.FACILITY_ID]
    for name in map(str, table.cells.columns):
        if name not in used:
            near = get_close_matches(name, fields, n=1)
            mend = f"Did you mean '{near[0]}'?" if near else f"Fields: {', '.join(fields)}."
            faults.add("is not a field of a facility", column=name, mend=mend)
    faults.stop()


def _with_position(table: Table, columns: Mapping[str, str | None]) -> Any:
    """Return a mask of the rows that state a position, or part of one."""
    stated = np.zeros(len(table.rows), bool)
    if table.geometry is not None:
        return table.geometry.notna().to_numpy() & ~table.geometry.is_empty.to_numpy()
    for name in _PLACES:
        stated |= [clean(cell) is not None for cell in table.column(columns[name])]
    return stated


def _added(scenario: Scenario, known: _Known, place: tuple[Study, CRS]) -> FacilityChanges | None:
    """Read new sites: a list of facilities with a column of categories."""
    if scenario.add is None:
        return None
    study, crs = place
    table = read_table(scenario.add, sheet=scenario.add_sheet)
    heading = find_columns(table, "facility", {}, judged=False)[c.CATEGORY]
    if heading is None:
        raise InputDataError(
            "has no column of categories.",
            file=table.file,
            mend="Give each site its category (设施类型), such as meal_point.",
        )
    layer = _layer(scenario, scenario.add, scenario.add_sheet)
    read = read_sites(table, replace(layer, category_column=heading), study, crs)
    faults = Faults(table.file)
    for own, category, row in zip(
        read.sites[c.FACILITY_ID], read.sites[c.CATEGORY], read.sites["row"], strict=True
    ):
        if known.rows((own, category)):
            faults.add(
                f"{own!r} is a facility of the study already",
                row=int(row),
                mend="Give a new site its own id, or list what changes under `change`.",
            )
    faults.stop()
    return FacilityChanges(
        added=read.sites,
        findings=read.findings,
        files={str(scenario.add): len(table.rows)},
        given=[read.given],
    )


def _layer(scenario: Scenario, file: Source, sheet: str | None) -> FacilityLayer:
    return FacilityLayer(file, sheet=sheet, datum=scenario.datum, crs=scenario.crs)
