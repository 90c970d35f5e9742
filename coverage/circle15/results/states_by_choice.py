"""The state of every home by what can be asked for: a category, or the whole circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.access.states import all_of
from circle15.results.figures import headline_category
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from circle15.arrays import Codes
    from circle15.results.records import StudyResult
    from circle15.study.settings.walkers import Part


NOT_JUDGED = -1


def states_by_choice(result: StudyResult, part: Part | None = None) -> dict[tuple[str, int], Codes]:
    """
    State of every demand point at the judged speed, by choice and cutoff.

    Parameters
    ----------
    part
        People who walk alike; without it the slowest.

    Returns
    -------
    Codes of `State`, a row per demand point of the study, -1 where a point was not judged.
    """
    found = {
        (category, cutoff): result.of_demand(codes, NOT_JUDGED)
        for category, judged in result.judged_as(part or result.drawn).items()
        for cutoff, codes in judged.states.items()
    }
    required = result.study.circle.require
    for cutoff in result.study.walk.cutoffs_min:
        parts = [found[key, cutoff] for key in required if (key, cutoff) in found]
        if parts and len(parts) == len(required):
            judged = np.min(parts, axis=0) != NOT_JUDGED
            found[ALL, cutoff] = np.where(judged, all_of(parts), NOT_JUDGED).astype(np.int8)
    return found


def headline_states(result: StudyResult) -> Codes | None:
    """State of every demand point for the headline within the circle; None without a headline."""
    headline = headline_category(result)
    if headline is None:
        return None
    nowhere = np.full(len(result.demand), NOT_JUDGED, np.int8)
    return states_by_choice(result).get((headline, result.study.walk.circle_min), nowhere)
