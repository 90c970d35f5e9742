"""In which order the sites of a plan should be built."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Worth = Callable[[Sequence[int]], int]

MOST_SUBSETS: Final = 20_000
"""Parts of a plan up to which all are compared as its next phase."""


def in_phases(
    plan: Sequence[int], sizes: Sequence[int], worth: Worth, *, most_subsets: int = MOST_SUBSETS
) -> list[list[int]]:
    """
    Split a plan into phases, each in the order of building.

    The first phase is the best part of its size, the next the best in addition, and so on, where
    parts are few enough to compare all; where the sites one by one, each the best in addition, give
    more over all phases together, they are taken in that order.

    Parameters
    ----------
    plan
        Numbers of candidates, in any order.
    sizes
        Sites of each phase; empty: one phase of all. The last phases are smaller, or none, where
        the plan has fewer sites.
    worth
        What is made small, of the sites built so far, in any order.
    most_subsets
        Where a phase has more possible parts than this, its sites are taken one by one.

    Examples
    --------
    Site 1 gives most alone, sites 2 and 3 give most together.

    >>> gives = {(1,): 5, (2,): 4, (3,): 4, (1, 2): 6, (1, 3): 6, (2, 3): 8, (1, 2, 3): 9}
    >>> in_phases([3, 2, 1], [2, 1], lambda sites: -gives[tuple(sorted(sites))])
    [[2, 3], [1]]
    """
    one_by_one = _greedy(worth, [], sorted(plan), len(plan))
    sizes = _sizes(sizes, len(plan))
    simple = _cut(one_by_one, sizes)
    if len(sizes) < 2:
        return simple
    best: list[list[int]] = []
    before: list[int] = []
    for size in sizes:
        rest = sorted(set(plan) - set(before))
        if comb(len(rest), size) > most_subsets:
            part: Sequence[int] = _greedy(worth, before, rest, size)
        else:
            part = min(combinations(rest, size), key=lambda some: (worth([*before, *some]), some))
        best.append(_greedy(worth, before, sorted(part), size))
        before += best[-1]
    return best if _total(worth, best) < _total(worth, simple) else simple


def _sizes(sizes: Sequence[int], n: int) -> list[int]:
    """Sizes of the phases; the last ones are smaller where the plan has fewer sites than asked."""
    ends = np.minimum(np.cumsum(sizes or (n,)), n)
    return [int(b - a) for a, b in pairwise([0, *ends.tolist()]) if b > a]


def _greedy(worth: Worth, before: Sequence[int], sites: Sequence[int], size: int) -> list[int]:
    order: list[int] = []
    left = list(sites)
    while len(order) < size:
        now = min(left, key=lambda one: (worth([*before, *order, one]), one))
        order.append(now)
        left.remove(now)
    return order


def _cut(order: Sequence[int], sizes: Sequence[int]) -> list[list[int]]:
    ends = np.cumsum([0, *sizes]).tolist()
    return [list(order[a:b]) for a, b in pairwise(ends)]


def _total(worth: Worth, phases: Sequence[Sequence[int]]) -> int:
    done: list[int] = []
    total = 0
    for phase in phases:
        done += phase
        total += worth(done)
    return total
