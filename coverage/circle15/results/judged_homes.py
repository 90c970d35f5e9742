"""What was judged of every home within the circle: its states and minutes, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.states import all_of
from circle15.results.figures import headline_category
from circle15.results.states_by_choice import NOT_JUDGED
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from circle15.arrays import Codes, Floats
    from circle15.results.records import StudyResult
    from circle15.study.settings.walkers import Part


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
    circle = result.study.walk.circle_min
    shape = (len(categories), len(result.demand))
    states, time_ms = np.full(shape, NOT_JUDGED, np.int8), np.full(shape, np.nan)
    judged = result.judged_as(part)
    for place, category in enumerate(categories):
        one = judged.get(category)
        if one is not None and circle in one.states:
            states[place] = result.of_demand(one.states[circle], NOT_JUDGED)
            known = np.where(one.time_ms < 0, np.nan, one.time_ms)
            time_ms[place] = result.of_demand(known, np.nan)
    return JudgedHomes(tuple(categories), states, time_ms)
