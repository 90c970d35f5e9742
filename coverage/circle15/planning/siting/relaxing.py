"""
What no plan can exceed: the Lagrangean bound, as good as that of the linear programme, in seconds.

Every home gets a price. Without the rule that a home counts once, a plan is worth the prices plus
what each of its sites gives beyond them, and the best such plan is found by sorting. That is a
bound for any prices; the volume algorithm (Barahona and Anbil 2000) lowers it. All sums are
whole numbers: the bound holds exactly.
"""

# ruff: noqa: PLR0917 - compiled functions take arrays by place

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle15.network.compiled import compiled

if TYPE_CHECKING:
    from circle15.arrays import Bools, Ints
    from circle15.planning.siting.swaps import Quotas, Worth


class Relaxed(NamedTuple):
    """
    A bound, and what it says of each candidate.

    Attributes
    ----------
    bound
        No plan is worth more.
    with_each : int64, shape (m,)
        No plan that has the candidate is worth more than this.
    """

    bound: int
    with_each: Ints


def relax(worth: Worth, quotas: Quotas, *, allowed: Bools, least: int, rounds: int) -> Relaxed:
    """
    Bound what a plan can be worth.

    Parameters
    ----------
    allowed : bool, shape (m,)
        Candidates that may be taken.
    least
        Worth of a plan that is known; it sets the length of the steps.
    rounds
        Steps of the volume algorithm, each once along all pairs.
    """
    n_groups = int(quotas.group.max(initial=-1)) + 1
    bound, beyond = _lower_prices(
        worth, quotas, allowed, np.zeros(max(n_groups, 1), np.int64), least, rounds
    )
    beyond[~allowed] = 0
    taken = np.zeros(len(allowed), np.bool_)
    _take_best(quotas, allowed, beyond, np.zeros(max(n_groups, 1), np.int64), taken)
    return _of_each(int(bound), beyond, taken, quotas)


def _of_each(bound: int, beyond: Ints, taken: Bools, quotas: Quotas) -> Relaxed:
    """Bounds of the plans that have each candidate; with a budget only the bound."""
    if quotas.budget < int(quotas.cost.sum()):
        return Relaxed(bound, np.full(len(beyond), bound, np.int64))
    full = int(taken.sum()) >= quotas.most
    last = int(beyond[taken].min()) if full and taken.any() else 0
    with_each = np.where(taken, bound, bound - last + beyond)
    return Relaxed(bound, np.minimum(with_each, bound))


@compiled
def _lower_prices(worth, quotas, allowed, in_group, least, rounds):  # type: ignore[no-untyped-def]  # compiled
    m = len(worth.offsets) - 1
    n = len(worth.home_offsets) - 1
    top = np.zeros(n, np.int64)
    for i in range(n):
        for at in range(worth.home_offsets[i], worth.home_offsets[i + 1]):
            if allowed[worth.home_candidates[at]]:
                top[i] = max(top[i], worth.home_values[at])
    beyond, best_beyond = np.zeros(m, np.int64), np.zeros(m, np.int64)
    taken = np.zeros(m, np.bool_)
    prices = _first_prices(worth, quotas, allowed, in_group, top, beyond, taken)
    centre = prices.copy()  # the best so far; `prices` are tried
    slope, mean_slope = np.zeros(n, np.float64), np.zeros(n, np.float64)
    best = np.int64(1) << 62
    pace, idle = 1.0, 0
    for turn in range(rounds):
        _give_beyond(worth, allowed, prices, beyond)
        bound = prices.sum() + _take_best(quotas, allowed, beyond, in_group, taken)
        _slope_of(worth, taken, prices, slope)
        if turn == 0:
            mean_slope[:] = slope
        mean_slope += 0.1 * (slope - mean_slope)
        if bound < best:
            if (slope * mean_slope).sum() > 0 and pace < 1.9:
                pace *= 1.1
            idle = 0 if best - bound > 1e-5 * best else idle + 1
            best = bound
            centre[:] = prices
            best_beyond[:] = beyond
        else:
            idle += 1
        if best <= least:
            break
        if idle >= 20:
            pace, idle = pace * 0.66, 0
            if pace < 1e-4:
                break
        if not _move(centre, top, mean_slope, pace * float(best - least), prices):
            break
    return best, best_beyond


@compiled
def _first_prices(worth, quotas, allowed, in_group, top, beyond, taken):  # type: ignore[no-untyped-def]  # compiled
    """None, a quarter or half of the most that each home can win, whichever bounds best."""
    first, least_bound = 0, np.int64(1) << 62
    for quarters in range(3):  # few sites leave most homes without a price
        prices = top * quarters // 4
        _give_beyond(worth, allowed, prices, beyond)
        bound = prices.sum() + _take_best(quotas, allowed, beyond, in_group, taken)
        if bound <= least_bound:
            first, least_bound = quarters, bound
    return top * first // 4


@compiled
def _give_beyond(worth, allowed, prices, beyond):  # type: ignore[no-untyped-def]  # compiled
    """What each candidate gives beyond the prices of homes."""
    for j in range(len(beyond)):
        beyond[j] = 0
        if allowed[j]:
            for at in range(worth.offsets[j], worth.offsets[j + 1]):
                more = worth.values[at] - prices[worth.homes[at]]
                if more > 0:
                    beyond[j] += more


@compiled
def _slope_of(worth, taken, prices, slope):  # type: ignore[no-untyped-def]  # compiled
    """How the bound rises with the price of each home: 1 less the sites that give beyond it."""
    slope[:] = 1.0
    for j in range(len(taken)):
        if taken[j]:
            for at in range(worth.offsets[j], worth.offsets[j + 1]):
                if worth.values[at] > prices[worth.homes[at]]:
                    slope[worth.homes[at]] -= 1.0


@compiled
def _move(centre, top, slope, far, prices):  # type: ignore[no-untyped-def]  # compiled
    """Set prices down the slope from the centre, between 0 and top; False if they cannot move."""
    length = 0.0
    for i in range(len(centre)):
        if (slope[i] > 0 and centre[i] > 0) or (slope[i] < 0 and centre[i] < top[i]):
            length += slope[i] * slope[i]
    if length < 1e-12:
        return False
    for i in range(len(centre)):
        price = centre[i] - np.int64(far / length * slope[i])
        prices[i] = min(max(price, 0), top[i])
    return True


@compiled
def _take_best(quotas, allowed, beyond, in_group, taken):  # type: ignore[no-untyped-def]  # compiled
    """
    Take what gives most within the quotas; return its sum, rounded up.

    With a budget the number and the groups are left out of account, and the last candidate is
    taken in part: the sum is a bound all the same.
    """
    m = len(beyond)
    taken[:] = False
    in_group[:] = 0
    total = quotas.cost.sum()
    if total <= quotas.budget:
        order = np.argsort(-beyond, kind="mergesort")
        found, value = 0, 0
        for at in range(m):
            j = order[at]
            if found >= quotas.most or beyond[j] <= 0:
                break
            group = quotas.group[j]
            if not allowed[j] or (group >= 0 and in_group[group] >= quotas.per_group):
                continue
            if group >= 0:
                in_group[group] += 1
            taken[j] = True
            found += 1
            value += beyond[j]
        return value
    rate = np.zeros(m, np.float64)
    for j in range(m):
        rate[j] = -float(beyond[j]) / max(float(quotas.cost[j]), 1e-9)
    order = np.argsort(rate, kind="mergesort")
    left, value = quotas.budget, 0
    for at in range(m):
        j = order[at]
        if not allowed[j] or beyond[j] <= 0 or quotas.cost[j] > quotas.budget:
            continue
        if quotas.cost[j] > left:
            part = float(left) / float(quotas.cost[j])
            return value + np.int64(np.ceil(part * float(beyond[j]))) + 1
        taken[j] = True
        left -= quotas.cost[j]
        value += beyond[j]
    return value
