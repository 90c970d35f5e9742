"""The proposed sites in their order: whom each reaches, and what it adds to those before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.planning.served_order import served_phases
from circle15.planning.served_search import better_plan, most_more
from circle15.planning.shared_room import as_served, served_by, unserved_by
from circle15.planning.siting.solution import ProposedSite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from circle15.arrays import Bools, Ints
    from circle15.planning.posing import Posed
    from circle15.planning.shared_room import Room, ServedPlan
    from circle15.planning.siting.problem import SitingProblem
    from circle15.planning.siting.solution import Solution


@dataclass(frozen=True)
class NewSite:
    """
    A proposed site, in the order in which it should be built; people are micro-persons.

    Attributes
    ----------
    candidate
        Row of the candidates' table.
    facility_id
        Id under which it may stand in a list of facilities: its candidate's, unless a site of the
        study has it.
    phase
        From 1.
    reached
        People within its circle, covered by other sites or not.
    alone
        People whom it would newly reach if it alone were built.
    newly
        People whom it newly reaches beyond the sites before it; with `backup`, those to whom it
        gives a second site.
    settled
        People of whom it was unknown, whom no site before it reaches: covered, not counted as won.
    covers
        People whom it covers and no site before it, those of whom it was unknown among them.
    adds
        What it adds to the curve: `covers`; with `backup` people who have a second site with it,
        for the objective `served` people who are served, those of whom it was unknown among them.
    served
        For the objective `served`: how many more a run serves with it; else 0.
    mean_ms
        Mean walking time of those whom it newly reaches; None where there are none.
    saved_ms
        For the objective `minutes`: walking that it saves beyond the sites before it,
        micro-persons × milliseconds; else None, since only then times beyond the circle are known.
    """

    candidate: int
    facility_id: str
    phase: int
    reached: int
    alone: int
    newly: int
    settled: int
    covers: int
    adds: int
    served: int
    mean_ms: float | None
    saved_ms: int | None


@dataclass(frozen=True)
class Planned:
    """
    A plan, counted.

    Attributes
    ----------
    solution
        Its value is what a run of the study with the sites counts.
    reached : bool, shape (people,)
        Which of all people are in the circle of any of the sites.
    counted_today
        Micro-persons who are counted today: covered, with `backup` those with a second site, for
        the objective `served` those served.
    unserved : int64, shape (people,)
        For the objective `served`: micro-persons of each home who find no room today, and with the
        sites, whatever the unknown capacities are; else None.
    """

    solution: Solution
    sites: Sequence[NewSite]
    reached: Bools
    counted_today: int
    unserved: tuple[Ints, Ints] | None = None


def new_sites(posed: Posed, solution: Solution, taken: Collection[str]) -> Planned:
    """
    Count whom each site of a plan reaches, in their order.

    Parameters
    ----------
    taken
        Ids of the sites that there are.
    """
    problem, homes = posed.problem, posed.problem.homes
    ids = _Ids(problem.candidates.ids, taken)
    served = None
    if posed.room is not None:
        plan, served = _that_serve(problem, posed.room, ids, solution)
        nearest = posed.room.way == "nearest_first"
        more = most_more(problem, posed.room) if nearest else None
        solution = as_served(replace(solution, sites=tuple(plan)), served, more)
    counting = _Counting(problem)
    sites = []
    for one in solution.sites:
        row = one.candidate - posed.first
        sites.append(
            NewSite(
                candidate=row,
                facility_id=ids.of(one.candidate),
                phase=one.phase,
                reached=int(posed.gains.reached[row]),
                alone=int(posed.gains.newly[row]),
                served=0,
                **counting.add(one.candidate),
            )
        )
    today = int(homes.micro_persons[homes.sites_today >= counting.most].sum())
    if posed.room is None or served is None:
        return Planned(solution, sites, counting.reached, today)
    adds = np.diff(served.in_run).tolist()
    sites = [replace(one, adds=n, served=n) for one, n in zip(sites, adds, strict=True)]
    numbers = [one.candidate for one in solution.sites]
    unserved = unserved_by(problem, posed.room, numbers, ids.all_of(numbers))
    return Planned(solution, sites, counting.reached, served.in_run[0], unserved)


def _that_serve(
    problem: SitingProblem, room: Room, ids: _Ids, solution: Solution
) -> tuple[list[ProposedSite], ServedPlan]:
    """
    Find the sites with which a run serves most people, and count whom it serves.

    The search shares out room so that most are served, and a run may do otherwise: then better
    plans are sought, and sites without which a run serves as many people are dropped. With a floor,
    which counts people covered, all sites stay. Order and phases go by whom a run serves.
    """
    numbers = [one.candidate for one in solution.sites]
    served = served_by(problem, room, numbers, ids.all_of(numbers))
    if room.way == "least_walk" and not (room.unknown.any() or problem.homes.is_unknown.any()):
        return list(solution.sites), served  # the search has counted as a run does
    if problem.limits.street_floor is not None:
        return _in_order(problem, room, ids, numbers)
    plan, served = _without_idle(problem, room, ids, numbers, served)
    if room.way == "nearest_first" and served.won < solution.bound + served.beyond_flow:
        new = range(len(room.ids), len(problem.candidates))
        better = better_plan(problem, room, plan, ids.all_of(new))
        found = served_by(problem, room, better, ids.all_of(better))
        if found.won > served.won:
            plan, served = _without_idle(problem, room, ids, better, found)
    while True:
        sites, served = _in_order(problem, room, ids, plan)
        now = [one.candidate for one in sites]
        plan, served = _without_idle(problem, room, ids, now, served)
        if plan == now:
            return sites, served


def _in_order(
    problem: SitingProblem, room: Room, ids: _Ids, plan: Sequence[int]
) -> tuple[list[ProposedSite], ServedPlan]:
    """Put the sites in the order of building, by whom a run serves; count these."""
    phases = served_phases(problem, room, plan, ids.all_of(plan))
    names = problem.candidates.ids
    sites = [
        ProposedSite(one, names[one], number)
        for number, phase in enumerate(phases, 1)
        for one in phase
    ]
    order = [one.candidate for one in sites]
    return sites, served_by(problem, room, order, ids.all_of(order))


def _without_idle(
    problem: SitingProblem, room: Room, ids: _Ids, plan: Sequence[int], served: ServedPlan
) -> tuple[list[int], ServedPlan]:
    """Drop the sites without which a run serves as many people."""
    left = list(plan)
    for k in reversed(range(len(left))):
        if served.in_run[k] == served.in_run[k + 1]:
            rest = [*left[:k], *left[k + 1 :]]
            without = served_by(problem, room, rest, ids.all_of(rest))
            if (without.in_run[-1], without.won) >= (served.in_run[-1], served.won):
                left, served = rest, without
    return left, served


class _Counting:
    """What is within the circles of the sites so far, and what one more adds."""

    def __init__(self, problem: SitingProblem) -> None:
        self.problem = problem
        homes = problem.homes
        self.most = 2 if problem.limits.backup else 1
        self.sites = homes.sites_today.copy()
        self.reached = np.zeros(len(homes), np.bool_)
        self.nearest_ms = np.where(homes.nearest_ms < 0, problem.horizon_ms, homes.nearest_ms)

    def add(self, candidate: int) -> dict[str, Any]:
        """Add a site; return the fields of `NewSite` that depend on those before it."""
        homes, candidates = self.problem.homes, self.problem.candidates
        pair = slice(*candidates.offsets[candidate : candidate + 2].tolist())
        who, ms = candidates.homes[pair], candidates.time_ms[pair]
        inside = ms <= self.problem.cutoff_ms
        mine, micro = who[inside], homes.micro_persons[who[inside]]
        unknown = homes.is_unknown[mine]
        counts = self.sites[mine] == self.most - 1
        won = ~unknown & counts
        covers = (homes.sites_today[mine] == 0) & ~self.reached[mine]
        found = {
            "newly": int(micro[won].sum()),
            "settled": int(micro[unknown & ~self.reached[mine]].sum()),
            "covers": int(micro[covers].sum()),
            "adds": int(micro[counts].sum()),
            "mean_ms": _mean(ms[inside][won], micro[won]),
            "saved_ms": self._saved_ms(who, ms) if self.problem.objective == "minutes" else None,
        }
        self.sites[mine] += 1
        self.reached[mine] = True
        self.nearest_ms[who] = np.minimum(self.nearest_ms[who], ms)
        return found

    def _saved_ms(self, who: Ints, ms: Ints) -> int:
        homes = self.problem.homes
        known = ~homes.is_unknown[who]
        saved = np.maximum(self.nearest_ms[who] - ms, 0)[known]
        return _sum_of_products(homes.micro_persons[who][known], saved)


class _Ids:
    """Ids under which candidates may stand in a list of facilities."""

    def __init__(self, candidates: Sequence[str], taken: Collection[str]) -> None:
        self.candidates, self.taken = candidates, taken
        self._names = frozenset(candidates)

    def of(self, candidate: int) -> str:
        """Return its id, or if a site has it one that no site or candidate has."""
        own = self.candidates[candidate]
        if own not in self.taken:
            return own
        tried = chain([f"{own}-new"], (f"{own}-new{k}" for k in count(2)))
        return next(one for one in tried if one not in self.taken and one not in self._names)

    def all_of(self, candidates: Iterable[int]) -> list[str]:
        """Return the ids of some candidates."""
        return [self.of(one) for one in candidates]


def _sum_of_products(micro: Ints, ms: Ints) -> int:
    """Sum micro-persons × milliseconds, which may be beyond 64 bits."""
    return sum(a * b for a, b in zip(micro.tolist(), ms.tolist(), strict=True))


def _mean(ms: Ints, micro: Ints) -> float | None:
    people = int(micro.sum())
    return _sum_of_products(micro, ms) / people if people else None
