"""The state of every demand point by choice: a category, or all required services."""

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
    Return the state of every demand point at the judged speed, by choice and cutoff.

    Parameters
    ----------
    part
        A part of the judged group with one speed; None for the slowest.

    Returns
    -------
    By (choice, cutoff in minutes), codes of `State`, shape (demand points,); -1 if not judged.
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
    """Return the states for the headline at the circle's cutoff; None without a headline."""
    headline = headline_category(result)
    if headline is None:
        return None
    nowhere = np.full(len(result.demand), NOT_JUDGED, np.int8)
    return states_by_choice(result).get((headline, result.study.walk.circle_min), nowhere)
