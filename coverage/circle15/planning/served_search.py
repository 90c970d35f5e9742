"""
Better plans where a run serves the nearest first.

The search for sites shares out room so that most people are served. Where `[capacity]` says that
the nearest come first, fewer are served, and other sites may serve more: these are sought here, by
greedy choice and by swaps, each counted as a run counts it.
"""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types; the docstrings name shapes and units.

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.access.assignment.pairs import places_of
from circle15.network.compiled import compiled
from circle15.planning.siting.scoring import Scoring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.arrays import Ints
    from circle15.planning.shared_room import Room
    from circle15.planning.siting.problem import SitingProblem

_PAIRS_PER_S: Final = 10_000_000
"""Pairs looked at for each second of the time limit: counted work, so that two runs do the same."""
_SORTING: Final = 20
"""How many looks at a pair sorting it is worth."""


def better_plan(
    problem: SitingProblem, room: Room, plan: Sequence[int], ids: Sequence[str]
) -> list[int]:
    """
    Improve a plan by the number of people served, the nearest first.

    People whose state is unknown are left out, and sites of unknown capacity serve all who ask, so
    that no people are won whom they may serve today.

    Parameters
    ----------
    problem
        Its first candidates are the sites of today.
    plan
        Numbers of candidates; it keeps the limits.
    ids
        Ids of all candidates that are not sites of today, as they would stand in a list.

    Returns
    -------
    A plan that keeps the limits and serves at least as many, in the order of building: the site
    that adds most first, ties by number.
    """
    search = _Search(problem, room, ids)
    if search.work < 0:
        return list(plan)
    best = max((list(plan), search.filled(plan), search.filled(())), key=search.served)
    return search.in_order(search.swapped(best))


def most_more(problem: SitingProblem, room: Room) -> int:
    """
    Bound how many more people any plan within the limits serves, the nearest first.

    Where people are served by their time, one more site gives no site that was there before more
    people, so that it adds at most the people whom it serves itself: those within its circle, up to
    its room.

    Returns
    -------
    Micro-persons; people of unknown state are left out.
    """
    limits, candidates = problem.limits, problem.candidates
    most = _most_at(problem, Scoring(problem), room)[len(room.ids) :]
    order = np.argsort(-most, kind="stable")
    if limits.budget is not None and candidates.cost is not None:
        return _within_budget(most, candidates.cost[len(room.ids) :], limits.budget)
    group = None if candidates.group is None else candidates.group[len(room.ids) :].tolist()
    taken: Counter[int] = Counter()
    total, left = 0, len(most) if limits.add is None else limits.add
    for one in order.tolist():
        if not left:
            break
        if group is not None and group[one] >= 0 and limits.most_per is not None:
            if taken[group[one]] >= limits.most_per:
                continue
            taken[group[one]] += 1
        total, left = total + int(most[one]), left - 1
    return total


def _within_budget(most: Ints, cost: Ints, budget: int) -> int:
    """Sum what candidates can give for a budget, the last of them in part, rounded up."""
    priced = np.flatnonzero(cost > 0).tolist()
    priced.sort(key=lambda one: Fraction(int(most[one]), int(cost[one])), reverse=True)
    total, left = Fraction(int(most[cost == 0].sum())), budget
    for one in priced:
        spent = min(int(cost[one]), left)
        total += Fraction(int(most[one]) * spent, int(cost[one]))
        left -= spent
    return math.ceil(total)


def _most_at(problem: SitingProblem, scoring: Scoring, room: Room) -> Ints:
    """Return the micro-persons whom each site can serve at most: int64, shape (candidates,)."""
    homes = problem.homes
    persons = np.where(homes.is_unknown, 0, homes.micro_persons)
    reached = np.zeros(len(problem.candidates), np.int64)
    np.add.at(reached, scoring.circle_owner, persons[scoring.circle.homes])
    rooms = np.r_[room.at_most(int(persons.sum())), room.candidates]
    most: Ints = np.minimum(rooms, reached)
    return most


class _Search:
    """Counts whom plans serve; `work` is how many pairs may still be looked at."""

    def __init__(self, problem: SitingProblem, room: Room, ids: Sequence[str]) -> None:
        homes, candidates = problem.homes, problem.candidates
        self.scoring = Scoring(problem)
        self.persons = np.where(homes.is_unknown, 0, homes.micro_persons)
        self.today = len(room.ids)
        self.place = places_of([*room.ids, *ids])
        self.room = np.r_[room.at_most(int(self.persons.sum())), room.candidates]
        circle, owner = self.scoring.circle, self.scoring.circle_owner
        ms = candidates.time_ms[candidates.time_ms <= problem.cutoff_ms]
        self.work = int(_PAIRS_PER_S * problem.time_limit_s) - _SORTING * len(ms)
        self.offsets = circle.offsets
        self.most = _most_at(problem, self.scoring, room)
        if self.work >= 0:
            order = np.lexsort((circle.homes, room.rank[circle.homes], ms, owner))
            self.home, self.ms, self.rank = circle.homes[order], ms[order], room.rank
        self._plan: tuple[int, ...] | None = None
        news = np.arange(self.today, len(self.most))
        self.news = news[np.lexsort((news, -self.most[news]))].tolist()

    def take(self, plan: Iterable[int]) -> None:
        """Take a plan as that beside which candidates are tried."""
        wanted = tuple(sorted(plan))
        if wanted == self._plan:
            return
        self._plan = wanted
        sites = [*range(self.today), *wanted]
        parts = [slice(*self.offsets[one : one + 2].tolist()) for one in sites]
        nothing = np.empty(0, np.int64)
        home, ms = (
            np.concatenate([nothing, *(of[part] for part in parts)]) for of in (self.home, self.ms)
        )
        site = np.repeat(self.place[sites], [part.stop - part.start for part in parts])
        order = np.lexsort((home, self.rank[home], site, ms))
        self.work -= _SORTING * len(order)
        self._base = home[order], site[order], ms[order]
        self._room = np.zeros(len(self.place), np.int64)
        self._room[self.place[sites]] = self.room[sites]

    def beside(self, candidate: int | None) -> int:
        """Count whom the plan serves together with a candidate, in micro-persons."""
        pairs, place, room = slice(0, 0), 0, self._room.copy()
        if candidate is not None:
            pairs = slice(*self.offsets[candidate : candidate + 2].tolist())
            place = int(self.place[candidate])
            room[place] = self.room[candidate]
        self.work -= len(self._base[0]) + pairs.stop - pairs.start + len(self.persons)
        return int(
            people_served(
                *self._base, self.home[pairs], place, self.ms[pairs], self.persons.copy(), room
            )
        )

    def served(self, plan: Iterable[int]) -> int:
        """Count whom a plan serves."""
        self.take(plan)
        return self.beside(None)

    def best_addition(self, plan: Sequence[int], among: Iterable[int]) -> tuple[int, int | None]:
        """Find the candidate that adds most (with a budget, for its cost), and what it adds."""
        cost = self.scoring.problem.candidates.cost
        if self.scoring.problem.limits.budget is None:
            cost = None
        before, best, rate = self.served(plan), None, 0.0
        gain = 0
        for one in among:
            per = 1.0 if cost is None else 1.0 / max(float(cost[one]), 1e-9)
            if cost is None and self.most[one] <= rate:
                break  # they stand in the order of what they could add at most
            if self.work < 0:
                break
            if self.most[one] * per <= rate or one in plan:
                continue
            if not self.scoring.keeps_limits([*plan, one]):
                continue
            adds = self.beside(one) - before
            if adds * per > rate:
                best, gain, rate = one, adds, adds * per
        return gain, best

    def filled(self, plan: Sequence[int]) -> list[int]:
        """Add the best candidate after the other, as long as limits allow."""
        found = list(plan)
        while True:
            _, one = self.best_addition(found, self.news)
            if one is None:
                return found
            found.append(one)

    def swapped(self, plan: Sequence[int]) -> list[int]:
        """Give up a site for one that adds more, until there is none or the work is done."""
        found, value = list(plan), self.served(plan)
        tried: set[int] = set()
        while self.work >= 0:
            left = [one for one in found if one not in tried]
            if not left:
                break
            rest = [one for one in found if one != left[0]]
            tried.add(left[0])
            _, one = self.best_addition(rest, self.news)
            now = [*rest] if one is None else [*rest, one]
            if (served := self.served(now)) > value:
                found, value, tried = now, served, set() if one is None else {one}
        return found

    def in_order(self, plan: Sequence[int]) -> list[int]:
        """Put the sites that add most to those before them first."""
        found: list[int] = []
        left = sorted(plan)
        while left:
            before = self.served(found)
            adds = {one: self.beside(one) - before for one in left}
            now = max(left, key=lambda one: (adds[one], -one))
            found.append(now)
            left.remove(now)
        return found


@compiled
def people_served(home, site, ms, new_home, new_site, new_ms, left, room):
    """
    Serve people in the order of time, then of the site; return how many micro-persons are served.

    The pairs of one more site are merged into those of the others, both in their order.
    """
    i, k, total = 0, 0, 0
    while i < len(home) or k < len(new_home):
        new = i >= len(home) or (
            k < len(new_home) and (new_ms[k] < ms[i] or (new_ms[k] == ms[i] and new_site < site[i]))
        )
        h = new_home[k] if new else home[i]
        s = new_site if new else site[i]
        n = min(left[h], room[s])
        left[h] -= n
        room[s] -= n
        total += n
        if new:
            k += 1
        else:
            i += 1
    return total
