"""In which order the sites of a plan should be built, and what each of them adds."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.planning.siting.searching import value_of
from circle15.planning.siting.solution import CurvePoint, ProposedSite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.planning.siting.programme import Aim
    from circle15.planning.siting.scoring import Scoring

_MOST_SUBSETS: Final = 20_000


def in_phases(scoring: Scoring, plan: Sequence[int]) -> list[list[int]]:
    """
    Split a plan into phases, each in the order of building.

    The first phase is the best part of its size, the next the best in addition, and so on, where
    parts are few enough to compare all; where the sites one by one, each the best in addition, give
    more over all phases together, they are taken in that order.
    """
    aim = _main(scoring)
    one_by_one = _greedy(scoring, aim, [], sorted(plan), len(plan))
    sizes = _sizes(scoring, len(plan))
    simple = _cut(one_by_one, sizes)
    if len(sizes) < 2:
        return simple
    best: list[list[int]] = []
    before: list[int] = []
    for size in sizes:
        rest = sorted(set(plan) - set(before))
        if comb(len(rest), size) > _MOST_SUBSETS:
            part: Sequence[int] = _greedy(scoring, aim, before, rest, size)
        else:
            part = min(
                combinations(rest, size),
                key=lambda some: (value_of(scoring, aim, [*before, *some]), some),
            )
        best.append(_greedy(scoring, aim, before, sorted(part), size))
        before += best[-1]
    return best if _total(scoring, aim, best) < _total(scoring, aim, simple) else simple


def proposed_sites(scoring: Scoring, phases: Sequence[Sequence[int]]) -> list[ProposedSite]:
    """What each site reaches, and adds to those before it."""
    problem = scoring.problem
    homes, cost = problem.homes, problem.candidates.cost
    sites: list[ProposedSite] = []
    before: list[int] = []
    seen = np.zeros(len(homes), np.bool_)
    for number, phase in enumerate(phases, 1):
        for candidate in phase:
            reached = scoring.reached(candidate)
            now = [*before, candidate]
            settles = reached[homes.is_unknown[reached] & ~seen[reached]]
            sites.append(
                ProposedSite(
                    candidate=candidate,
                    candidate_id=problem.candidates.ids[candidate],
                    phase=number,
                    micro_reached=int(homes.micro_persons[reached].sum()),
                    micro_newly=scoring.people(now) - scoring.people(before),
                    micro_unknown=int(homes.micro_persons[settles].sum()),
                    micro_served=scoring.served(now) - scoring.served(before),
                    micro_person_ms=scoring.person_ms(before) - scoring.person_ms(now),
                    cost=None if cost is None else int(cost[candidate]),
                )
            )
            seen[reached] = True
            before = now
    return sites


def curve_of(scoring: Scoring, order: Sequence[int]) -> list[CurvePoint]:
    """The plan after each number of sites from 0."""
    has_cost = scoring.problem.candidates.cost is not None
    return [
        CurvePoint(
            n_sites=k,
            micro_covered=scoring.people(order[:k]),
            micro_served=scoring.served(order[:k]),
            micro_person_ms=scoring.person_ms(order[:k]),
            cost=scoring.cost(order[:k]) if has_cost else None,
        )
        for k in range(len(order) + 1)
    ]


def _main(scoring: Scoring) -> Aim:
    objective = scoring.problem.objective
    return objective if objective in ("minutes", "served") else "people"


def _sizes(scoring: Scoring, n: int) -> list[int]:
    """Sizes of the phases; the last ones are smaller where the plan has fewer sites than asked."""
    ends = np.minimum(np.cumsum(scoring.problem.limits.phases or (n,)), n)
    return [int(b - a) for a, b in pairwise([0, *ends.tolist()]) if b > a]


def _greedy(
    scoring: Scoring, aim: Aim, before: Sequence[int], sites: Sequence[int], size: int
) -> list[int]:
    order: list[int] = []
    left = list(sites)
    while len(order) < size:
        now = min(left, key=lambda one: (value_of(scoring, aim, [*before, *order, one]), one))
        order.append(now)
        left.remove(now)
    return order


def _cut(order: Sequence[int], sizes: Sequence[int]) -> list[list[int]]:
    ends = np.cumsum([0, *sizes]).tolist()
    return [list(order[a:b]) for a, b in pairwise(ends)]


def _total(scoring: Scoring, aim: Aim, phases: Sequence[Sequence[int]]) -> int:
    done: list[int] = []
    total = 0
    for phase in phases:
        done += phase
        total += value_of(scoring, aim, done)
    return total
