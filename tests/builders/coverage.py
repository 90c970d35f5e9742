"""Turn a small coverage table, written by hand, into the judged people of a run, and back."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.judged_people import JudgedPeople, JudgedWalk
from circle15.access.judging import Judged
from circle15.access.states import REASON_WORDS, STATE_WORDS

if TYPE_CHECKING:
    from circle15.results.records import StudyResult

NOBODY_JUDGED = JudgedPeople(np.zeros(0, np.int64), [])


def judged_of(
    table: pd.DataFrame, demand: pd.DataFrame, facilities: pd.DataFrame, *, speed: object = 1
) -> JudgedPeople:
    """
    Read a table of `demand_id`, `category`, `time_ms`, `facility_id`, `cutoff_min`, `state`.

    All people walk alike. `unknown_reason` may be missing; every home has a row for each category
    and cutoff of the table, in any order; the time is that of the longest cutoff.
    """
    if table.empty:
        return NOBODY_JUDGED
    if "unknown_reason" not in table:
        table = table.assign(unknown_reason="")
    place = pd.Index(demand["demand_id"]).get_indexer(pd.Index(table["demand_id"].astype(object)))
    assert place.min() >= 0, "a home that is not in the demand table"
    rows = np.unique(place)
    site = {own: k for k, own in enumerate(facilities["facility_id"])}
    categories = {}
    for category in dict.fromkeys(table["category"].astype(object)):
        states, reasons = {}, {}
        block = table.iloc[:0]
        for cutoff in sorted(set(table["cutoff_min"])):
            mine = np.flatnonzero((table["category"] == category) & (table["cutoff_min"] == cutoff))
            mine = mine[np.argsort(place[mine], kind="stable")]
            assert place[mine].tolist() == rows.tolist(), "a row for every home, once"
            block = table.iloc[mine]
            states[int(cutoff)] = codes(block["state"], STATE_WORDS)
            reasons[int(cutoff)] = codes(block["unknown_reason"], REASON_WORDS)
        time_ms = [-1 if pd.isna(ms) else int(ms) for ms in block["time_ms"]]
        facility = [site.get(own, -1) for own in block["facility_id"].astype(object)]
        categories[category] = Judged(
            np.array(time_ms, np.int64), np.array(facility, np.int64), states, reasons
        )
    return JudgedPeople(rows, [JudgedWalk("", Fraction(1), Fraction(str(speed)), categories)])


def codes(words: pd.Series, known: tuple[str, ...]) -> np.ndarray:
    """Return the code of each word; every word is known."""
    found = pd.Index(known).get_indexer(pd.Index(words.astype(object)))
    assert found.min() >= 0, f"one of {list(words)} is none of {known}"
    return found.astype(np.int8)


def with_coverage(result: StudyResult, table: pd.DataFrame) -> StudyResult:
    """Return a result in which homes were judged as a table says, see `judged_of`."""
    speed = result.study.walk.speed_m_s
    return replace(result, judged=judged_of(table, result.demand, result.facilities, speed=speed))


def drawn_coverage(result: StudyResult) -> pd.DataFrame:
    """Rows of the coverage table at the judged speed, of the people that maps draw: the slowest."""
    table, walk = result.coverage, result.study.walk
    if walk.alike:
        return table[table["speed_m_s"] == float(walk.speed_m_s)]
    name = result.drawn.name
    theirs = table["group"] == name if name else table["group"].isna()
    return table[theirs & (table["factor"] == 1.0)]
