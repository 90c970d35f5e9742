"""The proposed sites in their order: whom each reaches, and what it adds to those before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.planning.shared_room import as_served, served_by

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from circle15.arrays import Bools, Ints
    from circle15.planning.posing import Posed
    from circle15.planning.shared_room import Room, ServedPlan
    from circle15.planning.siting.problem import SitingProblem
    from circle15.planning.siting.solution import ProposedSite, Solution


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
    """

    solution: Solution
    sites: Sequence[NewSite]
    reached: Bools
    counted_today: int


def new_sites(posed: Posed, solution: Solution, taken: Collection[str]) -> Planned:
    """
    Count whom each site of a plan reaches, in their order.

    Parameters
    ----------
    taken
        Ids of the sites that there are.
    """
    problem, homes = posed.problem, posed.problem.homes
    names = frozenset(problem.candidates.ids)
    ids = {one: _free_id(one.candidate_id, taken, names) for one in solution.sites}
    served = None
    if posed.room is not None:
        plan, served = _that_serve(problem, posed.room, ids, solution)
        solution = as_served(replace(solution, sites=tuple(plan)), served)
    counting = _Counting(problem)
    sites = []
    for one in solution.sites:
        row = one.candidate - posed.first
        sites.append(
            NewSite(
                candidate=row,
                facility_id=ids[one],
                phase=one.phase,
                reached=int(posed.gains.reached[row]),
                alone=int(posed.gains.newly[row]),
                served=0,
                **counting.add(one.candidate),
            )
        )
    today = int(homes.micro_persons[homes.sites_today >= counting.most].sum())
    if served is not None:
        today, more = served.in_run[0], np.diff(served.in_run).tolist()
        sites = [replace(one, adds=n, served=n) for one, n in zip(sites, more, strict=True)]
    return Planned(solution, sites, counting.reached, today)


def _that_serve(
    problem: SitingProblem, room: Room, ids: Mapping[ProposedSite, str], solution: Solution
) -> tuple[list[ProposedSite], ServedPlan]:
    """
    Drop the sites without which a run serves as many people, and count whom it serves.

    The search shares out room so that most are served, and a run may do otherwise. With a floor,
    which counts people covered, all sites stay.
    """

    def counted(plan: Sequence[ProposedSite]) -> ServedPlan:
        return served_by(problem, room, [one.candidate for one in plan], [ids[one] for one in plan])

    plan, served = list(solution.sites), counted(solution.sites)
    for k in reversed(range(len(plan))):
        if served.in_run[k] == served.in_run[k + 1] and problem.limits.street_floor is None:
            rest = [*plan[:k], *plan[k + 1 :]]
            without = counted(rest)
            if (without.in_run[-1], without.won) >= (served.in_run[-1], served.won):
                plan, served = rest, without
    return plan, served


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


def _free_id(own: str, taken: Collection[str], candidates: Collection[str]) -> str:
    """Return the id of a candidate, or if a site has it one that no site or candidate has."""
    if own not in taken:
        return own
    tried = chain([f"{own}-new"], (f"{own}-new{k}" for k in count(2)))
    return next(one for one in tried if one not in taken and one not in candidates)


def _sum_of_products(micro: Ints, ms: Ints) -> int:
    """Sum micro-persons × milliseconds, which may be beyond 64 bits."""
    return sum(a * b for a, b in zip(micro.tolist(), ms.tolist(), strict=True))


def _mean(ms: Ints, micro: Ints) -> float | None:
    people = int(micro.sum())
    return _sum_of_products(micro, ms) / people if people else None
