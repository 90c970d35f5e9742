"""The people in the gap of a choice and cutoff: services they lack, walking times."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.states import State
from circle15.planning.gaps.gap_reasons import CHANGES, REASONS, GapReason, reason_of_homes
from circle15.results.once import once
from circle15.results.states_by_choice import NOT_JUDGED, states_by_choice
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    site : int64, shape (n,)
        Row of `facilities` of the site at `time_ms`; -1 beyond 60 minutes.
    reason : int8, shape (n,)
        Index in `REASONS`; None if nothing was tried for the choice and cutoff.
    covered : by change, each bool, shape (n,)
        With the change all services lacking would be in reach.
    """

    categories: tuple[str, ...]
    row: Ints
    weight: Ints
    time_ms: Floats
    lacks: Bools
    site: Ints
    reason: Codes | None = None
    covered: Mapping[GapReason, Bools] = field(default_factory=dict)


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
    key = choice, cutoff_min
    found = [_in_gap(result, one, key, categories, inside) for one in _ways_of_walking(result)]
    return _together(categories, found)


def _together(categories: tuple[str, ...], found: Sequence[GapPeople]) -> GapPeople:
    """Join the people of all ways of walking."""
    reasons = [one.reason for one in found if one.reason is not None]
    return GapPeople(
        categories,
        np.concatenate([one.row for one in found]),
        np.concatenate([one.weight for one in found]),
        np.concatenate([one.time_ms for one in found]),
        np.concatenate([one.lacks for one in found], axis=1),
        np.concatenate([one.site for one in found]),
        np.concatenate(reasons) if len(reasons) == len(found) else None,
        {
            change: np.concatenate([one.covered[change] for one in found])
            for change in CHANGES
            if all(change in one.covered for one in found)
        },
    )


def weight_in_gap(result: StudyResult, group: str, choice: str, cutoff_min: int) -> Ints:
    """Return the micro-persons of a group in the gap of a choice and cutoff, by row of `demand`."""
    nowhere = np.full(len(result.demand), NOT_JUDGED, np.int8)
    total = np.zeros(len(result.demand), np.int64)
    for way in _ways_of(result, group):
        total += np.where(way.states.get((choice, cutoff_min), nowhere) == State.GAP, way.weight, 0)
    return total


def people_turned_away(result: StudyResult, category: str) -> GapPeople | None:
    """
    Return the people who reach a site of a category, but find every one in reach full.

    None if the category has no assignment, or no homes. Their reason is `CAPACITY`, and `time_ms`
    and `site` are those of the nearest site.
    """
    of = next((one for one in result.access if one.category == category), None)
    if (
        of is None
        or not of.homes
        or any(one.served is None or one.at_least is None for one in of.homes)
    ):
        return None
    circle = result.study.walk.circle_min
    found = []
    for way, homes in zip(_ways_of_walking(result), of.homes, strict=True):
        assert homes.served is not None
        assert homes.at_least is not None
        covered = way.states[category, circle][result.judged.rows] == State.COVERED
        left = np.where(covered & ~homes.at_least, homes.persons - homes.served, 0)
        some = np.flatnonzero(left > 0)
        row = result.judged.rows[some]
        time_ms, site = way.nearest[category]
        full = np.full(len(row), REASONS.index(GapReason.CAPACITY), np.int8)
        lacks = np.ones((1, len(row)), np.bool_)
        people = GapPeople((category,), row, left[some], time_ms[row], lacks, site[row], full)
        found.append(people)
    return _together((category,), found)


@dataclass(frozen=True)
class _Way:
    """
    The people of a group who walk alike, by demand point.

    `nearest` holds milliseconds to the nearest site and its row by category; infinite and -1 where
    none is in reach.
    """

    part: Part
    weight: Ints
    states: States
    nearest: Mapping[str, tuple[Floats, Ints]]


def _in_gap(
    result: StudyResult,
    way: _Way,
    key: tuple[str, int],
    categories: tuple[str, ...],
    inside: Bools,
) -> GapPeople:
    nowhere = np.full(len(result.demand), NOT_JUDGED, np.int8)
    gap = way.states.get(key, nowhere) == State.GAP
    row = np.flatnonzero(inside & (way.weight > 0) & gap)
    lacks = np.array([way.states.get((k, key[1]), nowhere)[row] for k in categories]) == State.GAP
    time_ms = np.array([way.nearest[k][0][row] for k in categories])
    sites = np.array([way.nearest[k][1][row] for k in categories])
    farthest = np.where(lacks, time_ms, -np.inf).argmax(axis=0), np.arange(len(row))
    longest, site = time_ms[farthest], sites[farthest]
    found = GapPeople(categories, row, way.weight[row], longest, lacks, site)
    tried = result.tried.get(way.part.name, {})
    if key[1] != result.study.walk.circle_min or not all(k in tried for k in categories):
        return found
    judged = np.full(len(result.demand), -1, np.int64)
    judged[result.judged.rows] = np.arange(len(result.judged.rows))
    home = judged[row]

    def for_all(holds: Sequence[Bools]) -> Bools:
        """Return whether something holds for every service lacking."""
        return np.asarray((np.array([one[home] for one in holds]) | ~lacks).all(axis=0))

    of = [tried[category] for category in categories]
    covered = {
        change: for_all([one.covered[change] for one in of])
        for change in CHANGES
        if all(change in one.covered for one in of)
    }
    reason = reason_of_homes(for_all([one.near for one in of]), covered)
    return replace(found, reason=reason, covered=covered)


@once
def _ways_of_walking(result: StudyResult) -> list[_Way]:
    """Return the parts of the judged group that walk alike, at the judged speed."""
    return _ways_of(result, result.study.demand.group)


def _ways_of(result: StudyResult, group: str) -> list[_Way]:
    nowhere = np.full(len(result.demand), np.inf), np.full(len(result.demand), -1)
    found = []
    for part, weight in result.people_of(group):
        near = {
            category: (
                result.of_demand(np.where(one.time_ms < 0, np.inf, one.time_ms), np.inf),
                result.of_demand(one.facility, -1),
            )
            for category, one in result.judged_as(part).items()
        }
        states = states_by_choice(result, part)
        found.append(_Way(part, weight, states, defaultdict(lambda: nowhere, near)))
    return found
