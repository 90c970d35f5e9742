"""The best plan for a list of aims, the first before the second and so on; ties by candidate id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.planning.siting.branching import Branching
from circle15.planning.siting.programme import Aim, build
from circle15.planning.siting.starting import Started, start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools
    from circle15.planning.siting.effort import Effort
    from circle15.planning.siting.scoring import Scoring
    from circle15.planning.siting.solution import Stop

Plan = tuple[int, ...]
_MOST_TIED: Final = 160
"""Candidates up to which the first of equal plans is sought among all; else among neighbours."""
_NODES: Final = 50
_DOUBT: Final = 1e-6
_ROUNDING: Final = 1e-11
"""How exact a programme is: to a millionth of its unit, and to the last digits of a number."""
_TIES_AT_ONCE: Final = 16


@dataclass
class Found:
    """
    The best plan of a search.

    Attributes
    ----------
    plan
        Numbers of candidates, rising; None if there is none, or none was found.
    values
        Of each aim, as far as `plan` goes.
    bounds
        What no plan can bring each aim below while those before it are kept.
    stop
        Why the search ended.
    is_impossible
        No plan reaches the target within the limits.
    """

    plan: Plan | None = None
    values: dict[Aim, int] = field(default_factory=dict)
    bounds: dict[Aim, int] = field(default_factory=dict)
    stop: Stop = "proven"
    is_impossible: bool = False


def aims_of(scoring: Scoring, target: int) -> list[Aim]:
    """Aims of a problem in their order."""
    problem = scoring.problem
    main: Aim = "people"
    if problem.objective in ("minutes", "served"):
        main = "minutes" if problem.objective == "minutes" else "served"
    aims: list[Aim] = ["short"] if scoring.floor is not None else []
    aims += ["sites", main] if target >= 0 else [main]
    has_cost = problem.candidates.cost is not None
    aims += ["cost"] if has_cost and problem.limits.budget is not None else []
    aims += ["sites"] if target < 0 else []
    return [*aims, "cost"] if has_cost and "cost" not in aims else aims


def value_of(scoring: Scoring, aim: Aim, plan: Sequence[int]) -> int:
    """Aim of a plan, exactly; less is better."""
    if aim == "short":
        return int(scoring.short(plan).sum())
    if aim == "people":
        return -scoring.people(plan)
    if aim == "minutes":
        return scoring.person_ms(plan)
    if aim == "served":
        return -scoring.served(plan)
    return len(plan) if aim == "sites" else scoring.cost(plan)


class Search:
    """One search; see `search`."""

    def __init__(
        self, scoring: Scoring, aims: Sequence[Aim], *, target: int, effort: Effort
    ) -> None:
        self.scoring, self.aims, self.target = scoring, aims, target
        self.effort = effort
        self.found = Found()
        self._key: tuple[tuple[int, ...], Plan] | None = None

    def offer(self, plan: Sequence[int]) -> None:
        """Take a plan if it keeps all limits and is better than the one that is known."""
        scoring = self.scoring
        if not scoring.keeps_limits(plan):
            return
        if self.target >= 0 and scoring.people(plan) < self.target:
            return
        values = {aim: value_of(scoring, aim, plan) for aim in self.aims}
        key = tuple(values.values()), tuple(sorted(plan))
        if self._key is None or key < self._key:
            self._key = key
            self.found.plan, self.found.values = key[1], values

    def run(self, started: Started) -> Found:
        """Offer plans, then prove aim after aim."""
        for plan in started.plans:
            self.offer(_without_weak(self.scoring, plan))
        if self.target < 0:
            self.offer(())
        active = self._active(started)
        if 2 * int(started.among.sum()) < int(active.sum()):
            self._combine(active & started.among)
        programme = build(self.scoring, active, self.aims, target=self.target)
        if programme is None:
            self.found.stop = "work"
            return self.found
        branching = Branching(programme, self.effort)
        for aim in self.aims:
            if not self._prove(branching, aim):
                return self.found
        self._first_of_equals(branching, active)
        return self.found

    def _active(self, started: Started) -> Bools:
        """Candidates that the best plan can have, by the bound of the main aim."""
        found, relaxed = self.found, started.relaxed
        active = started.allowed.copy()
        main = self.aims[0]
        if relaxed is None or main not in ("people", "minutes"):
            return active
        today = value_of(self.scoring, main, ())
        self.found.bounds[main] = today - relaxed.bound * started.unit
        if found.plan is not None:
            least = -((found.values[main] - today) // started.unit)
            active &= relaxed.with_each >= least
            active[list(found.plan)] = True
        return active

    def _combine(self, among: Bools) -> None:
        """Offer the best plan among few candidates."""
        programme = build(self.scoring, among, self.aims, target=self.target)
        if programme is None or not among.any():
            return
        branching = Branching(programme, self.effort, most_nodes=_NODES)
        row, _ = branching.row_of(self.aims[0])
        for plan in branching.minimise(row, None).plans:
            self.offer(plan)

    def _prove(self, branching: Branching, aim: Aim) -> bool:
        """Bring an aim to its least; False ends the search."""
        found, unit = self.found, branching.programme.unit[aim]
        row, added = branching.row_of(aim)
        known = found.bounds.get(aim, 0 if aim in ("short", "sites", "cost") else None)
        if found.plan is None or known is None or found.values[aim] > known:
            answer = branching.minimise(row, found.plan)
            for plan in answer.plans:
                self.offer(plan)
            if answer.ended == "none":
                found.is_impossible = found.plan is None
                return False
            bound = (answer.bound + added) * unit
            if answer.ended != "best" or found.plan is None:
                found.stop = "clock" if answer.ended == "clock" else "work"
                if np.isfinite(bound):
                    least = int(np.ceil(bound - unit * _DOUBT - abs(bound) * _ROUNDING))
                    found.bounds[aim] = max(least, found.bounds.get(aim, least))
                return False
            if found.values[aim] - bound > 1 + unit * 2 * _DOUBT + abs(bound) * _ROUNDING:
                found.bounds[aim] = min(int(np.floor(bound)), found.values[aim])
                found.stop = "work"  # the programme and the exact count do not agree
                return False
        found.bounds[aim] = found.values[aim]
        most = found.values[aim] / unit - added
        branching.keep(row, most + 0.4 / unit + abs(most) * _ROUNDING)
        return True

    def _first_of_equals(self, branching: Branching, active: Bools) -> None:
        """Among plans with the same aims take the one whose ids come first."""
        plan = self.found.plan or ()
        if int(active.sum()) > _MOST_TIED:
            self._neighbours(active)
            return
        there = [j for j in np.flatnonzero(active).tolist() if branching.programme.site[j] >= 0]
        for first in range(0, len(there), _TIES_AT_ONCE):
            some = there[first : first + _TIES_AT_ONCE]
            if not set(plan) & set(there[first:]):
                return
            row = np.zeros(len(branching.programme.top))
            row[branching.programme.site[some]] = [-(2.0 ** (-k)) for k in range(len(some))]
            row *= 1 << (_TIES_AT_ONCE - 1)
            answer = branching.minimise(row, plan)
            for one in answer.plans:
                self.offer(one)
            plan = self.found.plan or ()
            if answer.ended != "best":
                self.found.stop = "clock" if answer.ended == "clock" else "work"
                return
            for candidate in some:
                branching.fix(candidate, chosen=candidate in plan)

    def _neighbours(self, active: Bools) -> None:
        """Give a site up for one with an earlier id that reaches a home of it."""
        for site in reversed(self.found.plan or ()):
            homes = self.scoring.reached(site)
            near = np.unique(self.scoring.owner_of(homes))
            rest = [one for one in self.found.plan or () if one != site]
            for other in near[(near < site) & active[near]][:50].tolist():
                if other not in rest:
                    self.offer([*rest, other])


def search(
    scoring: Scoring, *, target: int, effort: Effort, aims: Sequence[Aim] | None = None
) -> Found:
    """
    Find the best plan, and prove that it is, as far as the work that is allowed goes.

    Parameters
    ----------
    target
        Micro-persons that must be covered; −1 for none.
    effort
        What may still be done; less is left afterwards.
    aims
        Other aims than those of the problem.
    """
    chosen = aims_of(scoring, target) if aims is None else aims
    started = start(scoring, target, effort)
    return Search(scoring, chosen, target=target, effort=effort).run(started)


def _without_weak(scoring: Scoring, plan: Sequence[int]) -> list[int]:
    """Drop the site that wins fewest, until each wins as many as is asked."""
    left = sorted(plan)
    least = scoring.problem.limits.min_micro_persons
    while least and left:
        lost = scoring.lost_without(left)
        if min(lost) >= least:
            break
        left.pop(lost.index(min(lost)))
    return left
