"""What was judged of every home within the circle: its states and minutes, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.states import STATE_WORDS, all_of
from circle15.results.figures import headline_category
from circle15.study import columns as c
from circle15.study.scopes import ALL

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.results.records import StudyResult
    from circle15.study.walkers import Part

    Codes = npt.NDArray[np.int8]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

NOT_JUDGED = -1


@dataclass(frozen=True)
class JudgedHomes:
    """
    Homes of those who walk alike, in the circle and at the judged speed.

    Attributes
    ----------
    categories
        What the headline asks for: one category, or all required ones.
    states : int8, shape (categories, rows of `demand`)
        Codes of `access.states.State`; -1 where a home was not judged.
    time_ms : float64, shape (categories, rows of `demand`)
        Walking time to the nearest site; NaN beyond 60 minutes and where no site is reached.
    """

    categories: tuple[str, ...]
    states: Codes
    time_ms: Floats

    @property
    def together(self) -> Codes:
        """State of every home for all categories at once."""
        judged = (self.states != NOT_JUDGED).all(axis=0)
        return np.where(judged, all_of(list(self.states)), NOT_JUDGED).astype(np.int8)


def judged_homes(result: StudyResult, part: Part) -> JudgedHomes | None:
    """Look up what the headline says of every home; None where there is nothing to judge."""
    headline = headline_category(result)
    if headline is None:
        return None
    categories = result.study.circle.require if headline == ALL else (headline,)
    table = result.coverage_of(part)
    shape = (len(categories), len(result.demand))
    states, time_ms = np.full(shape, NOT_JUDGED, np.int8), np.full(shape, np.nan)
    if len(table):
        of_row = _places(table[c.CATEGORY], pd.Index(categories))
        circle = table[c.CUTOFF_MIN].to_numpy() == result.study.walk.circle_min
        mine = np.flatnonzero(circle & (of_row >= 0))
        table, which = table.iloc[mine], of_row[mine]
        row = _places(table[c.DEMAND_ID], pd.Index(result.demand[c.DEMAND_ID]))
        states[which, row] = pd.Categorical(table[c.STATE], categories=list(STATE_WORDS)).codes
        time_ms[which, row] = table[c.TIME_MS].to_numpy(dtype=np.float64, na_value=np.nan)
    return JudgedHomes(tuple(categories), states, time_ms)


def _places(column: pd.Series[str], index: pd.Index[str]) -> Ints:
    """Return where each value of a column stands in an index; few values stand in many rows."""
    known = pd.Categorical(column)
    return np.asarray(index.get_indexer(known.categories)[known.codes], np.int64)
