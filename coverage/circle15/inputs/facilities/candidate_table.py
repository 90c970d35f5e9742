"""Candidates for new sites: a table of points, such as vacant rooms, with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from circle15.errors import InputDataError, StudyError, clause
from circle15.inputs.crs.points import Given, locate, require_position
from circle15.inputs.facilities.capacities import read_capacities
from circle15.inputs.table_sources import choose_rows, find_columns, read_column, read_table
from circle15.inputs.tables.cells import content_ids
from circle15.inputs.tables.column_kinds import typed
from circle15.inputs.tables.conditions import HOW_TO_WRITE
from circle15.inputs.tables.faults import Faults
from circle15.inputs.tables.headings import known_headings, unit_of
from circle15.inputs.tables.values import (
    MONEY,
    NegativeNumberError,
    clean,
    parse_area,
    parse_id,
    parse_quantity,
)
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pyproj import CRS

    from circle15.arrays import Floats
    from circle15.inputs.table_sources import Table
    from circle15.study.settings.siting import Siting

_READ: Final = frozenset({c.FACILITY_ID, c.NAME, c.FLOOR_AREA_M2, *c.CAPACITIES})
"""Fields of a facility that a candidate has too; it has no status, category or opening date."""


@dataclass(frozen=True)
class OtherRows:
    """
    Rows of the file that do not meet `where`.

    Attributes
    ----------
    cells
        Their cells.
    ids
        Their ids.
    placed_m : float64, shape (rows, 2)
        Positions (study CRS); NaN where there is none, or it cannot be read.
    """

    cells: Table
    ids: Sequence[str]
    placed_m: Floats


@dataclass(frozen=True)
class CandidateTable:
    """
    The candidates of one question that meet its `where`.

    Attributes
    ----------
    table
        A row each, as the file has them: `candidate_id`, `name`, `x_m`, `y_m` (study CRS; NaN
        without a position), `floor_area_m2`, `cost`, the capacity fields (Decimal or None), `file`
        and `row`.
    cells
        The cells of these rows.
    places
        Headings of the columns that say where they are.
    findings
        What could not be read.
    rows
        How many the file has.
    given
        Positions as the file gives them.
    others
        The rows that do not meet `where`; None if all do.
    """

    table: pd.DataFrame
    cells: Table
    places: frozenset[str]
    findings: Sequence[Finding]
    rows: int
    given: Given
    columns: Mapping[str, str | None] = field(default_factory=dict)
    others: OtherRows | None = None

    @property
    def excluded_m(self) -> Floats:
        """Positions (study CRS) of the rows that do not meet `where`: float64, shape (n, 2)."""
        if self.others is None:
            return np.empty((0, 2))
        kept: Floats = self.others.placed_m[np.isfinite(self.others.placed_m).all(axis=1)]
        return kept


def read_candidates(question: Siting, crs: CRS, *, study: object, key: str) -> CandidateTable:
    """
    Read the candidates of a question.

    Parameters
    ----------
    question
        One that names a file of candidates.
    study, key
        The study file, and the key of the question in it, for messages.

    Raises
    ------
    StudyError
        If the condition of the question cannot be read, or names no column of the table.
    InputDataError
        If the file cannot be used, no row meets the condition, or one id stands for two.
    """
    assert question.candidates is not None
    whole = table = read_table(question.candidates, sheet=question.candidates_sheet)
    rows = len(table.rows)
    findings = list(table.findings)
    if question.where is not None:
        table = _chosen(table, question.where, study, key)
        if rows > len(table.rows):
            detail = {"rows": str(rows - len(table.rows)), "where": question.where}
            findings.append(Finding("ROWS_LEFT_OUT", "note", table.file.name, detail=detail))
    columns = _columns(table, question.columns)
    located = locate(table, columns, crs, layer_crs=question.crs, datum=question.datum)
    require_position(located, table)
    findings += located.findings

    def read(name: str, parse: Callable[[Any, str], Any]) -> list[Any]:
        unit = unit_of(columns[name])
        values, found = read_column(table, columns[name], lambda cell: parse(cell, unit))
        findings.extend(found)
        return values

    floor_areas, costs = read(c.FLOOR_AREA_M2, parse_area), read(c.COST, _cost)
    capacities, of_capacities = read_capacities(table, columns)
    findings += of_capacities
    found = pd.DataFrame(
        {
            c.CANDIDATE_ID: _ids(table, columns, located.given),
            c.NAME: [clean(cell) or "" for cell in table.column(columns[c.NAME])],
            c.X_M: located.x_m,
            c.Y_M: located.y_m,
            c.FLOOR_AREA_M2: floor_areas,
            c.COST: costs,
            **capacities,
            "file": table.file.name,
            "row": table.rows,
        }
    )
    _refuse_repeated_ids(found, table)
    places = frozenset(
        str(columns[name])
        for name in ("lon", "lat", "x_m", "y_m", "location")
        if columns.get(name) is not None
    )
    others = None
    if rows > len(table.rows):
        others = _others(whole, table, columns, crs, question)
    return CandidateTable(
        typed(found), table, places, findings, rows, located.given, columns, others
    )


def _others(
    whole: Table, chosen: Table, columns: Mapping[str, str | None], crs: CRS, question: Siting
) -> OtherRows:
    """Return the rows that the question does not ask for."""
    kept = set(chosen.rows)
    table = whole.take([i for i, row in enumerate(whole.rows) if row not in kept])
    nowhere = np.full((len(table.rows), 2), np.nan)
    try:
        found = locate(table, columns, crs, layer_crs=question.crs, datum=question.datum)
    except InputDataError:  # it does not matter for the answer, and stops nothing
        ids = [parse_id(cell) or "" for cell in table.column(columns[c.CANDIDATE_ID])]
        return OtherRows(table, ids, nowhere)
    placed_m = np.column_stack([found.x_m, found.y_m])
    return OtherRows(table, _ids(table, columns, found.given), placed_m)


def _chosen(table: Table, where: str, study: object, key: str) -> Table:
    try:
        chosen = choose_rows(table, where)
    except ValueError as error:
        raise StudyError(
            f"{where!r}: {clause(error)}.", file=study, column=f"{key}.where", mend=HOW_TO_WRITE
        ) from None
    if not chosen.rows:
        raise InputDataError(
            f"no candidate has {where}.", file=table.file, mend=f"Correct {key}.where."
        )
    return chosen


def _columns(table: Table, mapping: Mapping[str, str]) -> dict[str, str | None]:
    """Find the columns: those that facilities have too, and those of candidates alone."""
    own = {name: heading for name, heading in mapping.items() if name in _own_fields()}
    others = {name: heading for name, heading in mapping.items() if name not in own}
    found = find_columns(table, "facility", others, read=_READ, judged=False)
    found |= find_columns(table, "candidate", own, judged=False)
    found[c.CANDIDATE_ID] = found[c.CANDIDATE_ID] or found[c.FACILITY_ID]
    return found


def _own_fields() -> set[str]:
    return set(known_headings()["candidate"])


def _cost(cell: Any, unit: str) -> Any:
    cost = parse_quantity(cell, MONEY, unit)
    if cost is not None and cost < 0:
        raise NegativeNumberError(str(cell))
    return cost


def _ids(table: Table, columns: Mapping[str, str | None], given: Given) -> list[str]:
    """Ids as they stand; where there is none, one that is made of what the row holds."""
    ids = [parse_id(cell) for cell in table.column(columns[c.CANDIDATE_ID])]
    missing = [i for i, own in enumerate(ids) if own is None]
    made = dict(zip(missing, content_ids(table, missing, columns, given.x, given.y), strict=True))
    return [own if own is not None else made[i] for i, own in enumerate(ids)]


def _refuse_repeated_ids(found: pd.DataFrame, table: Table) -> None:
    first: dict[str, int] = {}
    faults = Faults(table.file)
    for own, row in zip(found[c.CANDIDATE_ID], found["row"], strict=True):
        if own in first:
            faults.add(
                f"the candidate {own!r} stands in row {first[own]} too",
                row=int(row),
                mend="Give each candidate its own id, or take the repeated row out.",
            )
        first.setdefault(own, int(row))
    faults.stop()
