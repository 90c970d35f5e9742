"""Candidates that another one makes needless: they can go, and the best plan stays the same."""

# ruff: noqa: PLR0917 - compiled functions take arrays by place

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.compiled import compiled

if TYPE_CHECKING:
    from circle15.arrays import Bools
    from circle15.planning.siting.scoring import Scoring


def dominated(scoring: Scoring) -> Bools:
    """
    Find candidates that need not be looked at.

    A candidate goes where one with an earlier id reaches all that it would win, costs no more and
    counts for the same group or for none: a plan with it in place is as good, and comes first. A
    later one that reaches more does not count, for among equal plans the first is asked for.
    Where second sites, capacities, minutes or the people of each site matter, only candidates
    that win no home can go, and for minutes and people served not even these.

    Returns
    -------
    bool, shape (candidates,)
    """
    problem, m = scoring.problem, len(scoring.problem.candidates)
    if problem.objective in ("minutes", "served"):
        return np.zeros(m, np.bool_)
    homes = scoring.circle.homes
    wins = (scoring.need[homes] > 0) & (problem.homes.micro_persons[homes] > 0)
    homes, owner = homes[wins], scoring.circle_owner[wins]
    counts = np.bincount(owner, minlength=m)
    if problem.limits.backup or problem.limits.min_micro_persons:
        wins_none: Bools = counts == 0
        return wins_none
    by_home = np.argsort(homes, kind="stable")
    per_home = np.bincount(homes, minlength=len(scoring.need))
    cost, group = problem.candidates.cost, problem.candidates.group
    none = np.full(m, -1, np.int64)
    found: Bools = _dominated(
        np.concatenate([[0], np.cumsum(counts)]),
        homes,
        np.concatenate([[0], np.cumsum(per_home)]),
        owner[by_home],
        none if cost is None else cost,
        none if group is None or problem.limits.most_per is None else group,
    )
    return found


@compiled
def _dominated(offsets, homes, home_offsets, owners, cost, group):  # type: ignore[no-untyped-def]  # compiled
    m = len(offsets) - 1
    found = np.zeros(m, np.bool_)
    for j in range(m):
        first, last = offsets[j], offsets[j + 1]
        if first == last:
            found[j] = True
            continue
        rarest = homes[first]  # who reaches all homes of j reaches this one
        for at in range(first, last):
            home = homes[at]
            fewer = home_offsets[home + 1] - home_offsets[home]
            if fewer < home_offsets[rarest + 1] - home_offsets[rarest]:
                rarest = home
        for at in range(home_offsets[rarest], home_offsets[rarest + 1]):
            other = owners[at]
            if other >= j:
                break
            if found[other] or cost[other] > cost[j]:
                continue
            if group[other] >= 0 and group[other] != group[j]:
                continue
            if _reaches_all(homes, first, last, offsets[other], offsets[other + 1]):
                found[j] = True
                break
    return found


@compiled
def _reaches_all(homes, first, last, other, other_last):  # type: ignore[no-untyped-def]  # compiled
    """Whether the homes of one candidate are all among those of another; both rise."""
    if other_last - other < last - first:
        return False
    for at in range(first, last):
        while other < other_last and homes[other] < homes[at]:
            other += 1
        if other == other_last or homes[other] != homes[at]:
            return False
    return True
