"""
Good plans quickly: greedy, then swaps of one site, perturbed with seeded random numbers.

A plan is worth the sum over homes of the best value that one of its sites has for the home. Values
are whole numbers, so the order of adding changes nothing. Work is counted in steps along pairs of
candidate and home, not in seconds: two runs do the same.
"""

# ruff: noqa: PLR0917, FBT003 - compiled functions take arrays and flags by place

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle15.network.compiled import compiled

if TYPE_CHECKING:
    from circle15.arrays import Bools, Ints


class Worth(NamedTuple):
    """
    What each candidate is worth to each home, by candidate and by home.

    Attributes
    ----------
    offsets : int64, shape (m + 1,)
        Where the pairs of each candidate begin in `homes` and `values`.
    homes, values : int64, shape (pairs,)
        The home, and what the candidate is worth to it, > 0.
    home_offsets : int64, shape (n + 1,)
        Where the pairs of each home begin in `home_candidates` and `home_values`.
    home_candidates, home_values : int64, shape (pairs,)
        The same pairs, by home.
    """

    offsets: Ints
    homes: Ints
    values: Ints
    home_offsets: Ints
    home_candidates: Ints
    home_values: Ints


class Quotas(NamedTuple):
    """
    How many sites a plan may have.

    Attributes
    ----------
    most
        At most so many sites.
    budget
        At most this sum of `cost`.
    cost : int64, shape (m,)
        0 everywhere without a budget.
    per_group
        At most so many of one group.
    group : int64, shape (m,)
        −1: counts for none.
    """

    most: int
    budget: int
    cost: Ints
    per_group: int
    group: Ints


def make_worth(offsets: Ints, homes: Ints, values: Ints, n_homes: int) -> Worth:
    """Index pairs by home as well; see `Worth`."""
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    order = np.argsort(homes, kind="stable")
    counts = np.bincount(homes, minlength=n_homes)
    home_offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Worth(offsets, homes, values, home_offsets, owner[order], values[order])


def good_plan(
    worth: Worth, quotas: Quotas, *, allowed: Bools, work: int, seed: int, shaken: bool = False
) -> tuple[Ints, int]:
    """
    Find a plan that no swap of one site makes better, and perturb it as long as work is left.

    Parameters
    ----------
    allowed : bool, shape (m,)
        Candidates that may be taken.
    work
        Steps along pairs; greedy and the first round of swaps are done whatever it is.
    shaken
        Half of the sites of the greedy plan are drawn anew first, so that seeds differ.

    Returns
    -------
    The candidates, rising, and the worth of the plan.
    """
    n_groups = int(quotas.group.max(initial=-1)) + 1
    chosen, value = _perturbed_swaps(
        worth, quotas, allowed, np.zeros(max(n_groups, 1), np.int64), work, seed, shaken
    )
    return np.flatnonzero(chosen), int(value)


@compiled
def _perturbed_swaps(worth, quotas, allowed, in_group, work, seed, shaken):  # type: ignore[no-untyped-def]  # compiled
    m = len(worth.offsets) - 1
    n = len(worth.home_offsets) - 1
    current = np.zeros(n, np.int64)  # what the plan is worth to each home
    gain = np.zeros(m, np.int64)
    for j in range(m):
        for at in range(worth.offsets[j], worth.offsets[j + 1]):
            gain[j] += worth.values[at]
    chosen = np.zeros(m, np.bool_)
    used = np.zeros(3, np.int64)  # sites, cost, steps
    _fill(worth, quotas, allowed, chosen, current, gain, in_group, used)
    open_ = np.ones(m, np.bool_)  # sites whose swaps have not been tried since they changed
    _swap_all(worth, quotas, allowed, chosen, current, gain, in_group, used, open_)
    best, best_value = chosen.copy(), np.int64(-1) if shaken else current.sum()
    state = np.int64(seed)
    removed = np.zeros(m, np.int64)
    while used[2] < work and 0 < used[0] < m:
        sites = np.flatnonzero(chosen)
        state, drawn = _draw(state)
        k = len(sites) // 2 + 1 if best_value < 0 else min(1 + drawn % 4, len(sites))
        for i in range(k):
            state, drawn = _draw(state)
            at = i + drawn % (len(sites) - i)
            sites[i], sites[at] = sites[at], sites[i]
            removed[i] = sites[i]
            _take_out(worth, quotas, sites[i], chosen, current, gain, in_group, used)
            _mark(worth, sites[i], open_, used)
        for i in range(k):
            state, other = _neighbour(worth, removed[i], state)
            free = allowed[other] and not chosen[other] and gain[other] > 0
            if free and _fits(quotas, other, in_group, used):
                _put_in(worth, quotas, other, chosen, current, gain, in_group, used)
        _fill(worth, quotas, allowed, chosen, current, gain, in_group, used)
        _swap_all(worth, quotas, allowed, chosen, current, gain, in_group, used, open_)
        value = current.sum()
        used[2] += n
        if value > best_value:
            best, best_value = chosen.copy(), value
        elif value < best_value:
            for j in range(m):
                if chosen[j] and not best[j]:
                    _take_out(worth, quotas, j, chosen, current, gain, in_group, used)
            for j in range(m):
                if best[j] and not chosen[j]:
                    _put_in(worth, quotas, j, chosen, current, gain, in_group, used)
    return best, max(best_value, current.sum()) if best_value < 0 else best_value


@compiled
def _draw(state):  # type: ignore[no-untyped-def]  # compiled
    """A linear congruential generator (Knuth's MMIX); its upper bits are the number."""
    state = state * np.int64(6364136223846793005) + np.int64(1442695040888963407)
    return state, (state >> np.int64(33)) & np.int64(0x3FFFFFFF)


@compiled
def _neighbour(worth, j, state):  # type: ignore[no-untyped-def]  # compiled
    """Draw a candidate that reaches a home of candidate j."""
    n_homes = worth.offsets[j + 1] - worth.offsets[j]
    if n_homes == 0:
        return state, j
    state, drawn = _draw(state)
    home = worth.homes[worth.offsets[j] + drawn % n_homes]
    n_others = worth.home_offsets[home + 1] - worth.home_offsets[home]
    state, drawn = _draw(state)
    return state, worth.home_candidates[worth.home_offsets[home] + drawn % n_others]


@compiled
def _fits(quotas, j, in_group, used):  # type: ignore[no-untyped-def]  # compiled
    if used[0] >= quotas.most or used[1] + quotas.cost[j] > quotas.budget:
        return False
    group = quotas.group[j]
    return group < 0 or in_group[group] < quotas.per_group


@compiled
def _best_fitting(quotas, allowed, chosen, gain, in_group, used, per_cost):  # type: ignore[no-untyped-def]  # compiled
    """First candidate of the largest gain (per unit of cost); −1 if none gains anything."""
    best, best_gain, best_cost = -1, 0, 1
    for j in range(len(gain)):
        if gain[j] <= 0 or chosen[j] or not allowed[j]:
            continue
        cost = max(quotas.cost[j], 1) if per_cost else 1
        if best >= 0 and float(gain[j]) * best_cost <= float(best_gain) * cost:
            continue
        if _fits(quotas, j, in_group, used):
            best, best_gain, best_cost = j, gain[j], cost
    return best


@compiled
def _fill(worth, quotas, allowed, chosen, current, gain, in_group, used):  # type: ignore[no-untyped-def]  # compiled
    """Add what gains most, per unit of cost, until nothing fits that gains."""
    while True:
        j = _best_fitting(quotas, allowed, chosen, gain, in_group, used, True)
        used[2] += len(gain)
        if j < 0:
            return
        _put_in(worth, quotas, j, chosen, current, gain, in_group, used)


@compiled
def _swap_all(worth, quotas, allowed, chosen, current, gain, in_group, used, open_):  # type: ignore[no-untyped-def]  # compiled
    """Swap one site for another as long as that gains, or gives the first of equals."""
    changed = True
    while changed:
        changed = False
        for j in np.flatnonzero(chosen & open_):
            open_[j] = False
            if not chosen[j]:
                continue
            lost = _take_out(worth, quotas, j, chosen, current, gain, in_group, used)
            other = _best_fitting(quotas, allowed, chosen, gain, in_group, used, False)
            used[2] += len(gain)
            better = other >= 0 and (gain[other] > lost or (gain[other] == lost and other < j))
            if better:
                _put_in(worth, quotas, other, chosen, current, gain, in_group, used)
                _mark(worth, j, open_, used)
                _mark(worth, other, open_, used)
                if gain[j] > 0 or quotas.cost[j] != quotas.cost[other]:
                    _fill(worth, quotas, allowed, chosen, current, gain, in_group, used)
                changed = True
            elif lost > 0:
                _put_in(worth, quotas, j, chosen, current, gain, in_group, used)


@compiled
def _mark(worth, j, open_, used):  # type: ignore[no-untyped-def]  # compiled
    """Note that the swaps of all who share a home with candidate j are to be tried again."""
    for at in range(worth.offsets[j], worth.offsets[j + 1]):
        home = worth.homes[at]
        first, last = worth.home_offsets[home], worth.home_offsets[home + 1]
        used[2] += last - first
        for other in range(first, last):
            open_[worth.home_candidates[other]] = True


@compiled
def _put_in(worth, quotas, j, chosen, current, gain, in_group, used):  # type: ignore[no-untyped-def]  # compiled
    chosen[j] = True
    used[0] += 1
    used[1] += quotas.cost[j]
    if quotas.group[j] >= 0:
        in_group[quotas.group[j]] += 1
    for at in range(worth.offsets[j], worth.offsets[j + 1]):
        home = worth.homes[at]
        before, now = current[home], worth.values[at]
        if now <= before:
            continue
        current[home] = now
        first, last = worth.home_offsets[home], worth.home_offsets[home + 1]
        used[2] += last - first
        for other in range(first, last):
            value = worth.home_values[other]
            if value > before:
                gain[worth.home_candidates[other]] -= min(value, now) - before


@compiled
def _take_out(worth, quotas, j, chosen, current, gain, in_group, used):  # type: ignore[no-untyped-def]  # compiled
    """Remove a site from the plan; return what is lost."""
    chosen[j] = False
    used[0] -= 1
    used[1] -= quotas.cost[j]
    if quotas.group[j] >= 0:
        in_group[quotas.group[j]] -= 1
    lost = 0
    for at in range(worth.offsets[j], worth.offsets[j + 1]):
        home = worth.homes[at]
        before = current[home]
        if worth.values[at] < before:
            continue
        first, last = worth.home_offsets[home], worth.home_offsets[home + 1]
        used[2] += last - first
        now = 0
        for other in range(first, last):
            if chosen[worth.home_candidates[other]] and worth.home_values[other] > now:
                now = worth.home_values[other]
        if now == before:
            continue
        current[home] = now
        lost += before - now
        for other in range(first, last):
            value = worth.home_values[other]
            if value > now:
                gain[worth.home_candidates[other]] += min(value, before) - now
    return lost
