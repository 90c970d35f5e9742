"""In which order the sites of a plan should be built."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.planning.siting.searching import value_of

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
