"""The people in the gap of a choice and cutoff: services they lack, walking times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.states import State
from circle15.results.once import once
from circle15.results.states_by_choice import NOT_JUDGED, states_by_choice
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Bools, Codes, Floats, Ints
    from circle15.results.records import StudyResult
    from circle15.study.settings.walkers import Part

    States = Mapping[tuple[str, int], Codes]


@dataclass(frozen=True)
class GapPeople:
    """
    Homes in the gap of one choice and cutoff; a home has an entry for each walking speed.

    Attributes
    ----------
    categories
        The categories that the choice requires.
    row : int64, shape (n,)
        Row of `demand`.
    weight : int64, shape (n,)
        Micro-persons.
    time_ms : float64, shape (n,)
        Time to the farthest of the services lacking; infinite beyond 60 minutes.
    lacks : bool, shape (categories, n)
        Whether each of `categories` is out of reach.
    """

    categories: tuple[str, ...]
    row: Ints
    weight: Ints
    time_ms: Floats
    lacks: Bools


def people_in_gap(result: StudyResult, choice: str, cutoff_min: int, inside: Bools) -> GapPeople:
    """
    Return the people in the gap of a choice and cutoff, each at their own walking speed.

    Parameters
    ----------
    choice
        A category, or `all` for all required ones.
    cutoff_min
        Cutoff, minutes.
    inside : bool, shape (homes,)
        Demand points to count.
    """
    categories = tuple(result.study.circle.require) if choice == ALL else (choice,)
    nowhere = np.full(len(result.demand), NOT_JUDGED, np.int8)
    far = np.full(len(result.demand), np.inf)
    found = []
    for weight, states, times in _ways_of_walking(result):
        gap = states.get((choice, cutoff_min), nowhere) == State.GAP
        row = np.flatnonzero(inside & (weight > 0) & gap)
        of = [states.get((category, cutoff_min), nowhere)[row] for category in categories]
        lacks = np.array(of) == State.GAP
        time_ms = np.array([times.get(k, far)[row] for k in categories])
        longest = np.where(lacks, time_ms, -np.inf).max(axis=0, initial=-np.inf)
        found.append((row, weight[row], longest, lacks))
    rows, weights, longests, lacking = zip(*found, strict=True)
    return GapPeople(
        categories,
        np.concatenate(rows),
        np.concatenate(weights),
        np.concatenate(longests),
        np.concatenate(lacking, axis=1),
    )


@once
def _ways_of_walking(result: StudyResult) -> list[tuple[Ints, States, Mapping[str, Floats]]]:
    """Return, for each part with one speed, micro-persons, states and times by demand point."""
    return [
        (weight, states_by_choice(result, part), _times(result, part))
        for part, weight in result.judged_people
    ]


def _times(result: StudyResult, part: Part) -> dict[str, Floats]:
    """Return the milliseconds to the nearest site by category; infinite if none is in reach."""
    return {
        category: result.of_demand(np.where(one.time_ms < 0, np.inf, one.time_ms), np.inf)
        for category, one in result.judged_as(part).items()
    }
