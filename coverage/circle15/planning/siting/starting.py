"""Plans to begin with, quickly, and the bound that needs no linear programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from circle15.planning.siting.dominance import dominated
from circle15.planning.siting.effort import S
from circle15.planning.siting.relaxing import Relaxed, relax
from circle15.planning.siting.scoring import runs_of
from circle15.planning.siting.swaps import Quotas, Worth, good_plan, make_worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.arrays import Bools, Floats, Ints
    from circle15.planning.siting.effort import Effort
    from circle15.planning.siting.scoring import Scoring

NO_LIMIT: Final = 1 << 60
_FIRST_WORK, _WORK_A_SECOND = 20_000_000, 300_000_000
_FIRST_A_PAIR, _WORK_A_PAIR = 300, 20_000
_PAIRS_A_SECOND: Final = 400_000_000
_MOST_SECONDS: Final = 6.0
_SEEDS: Final = 5
_ROUNDS: Final = 300, 4000


class Valued(NamedTuple):
    """The worth of candidates to homes, and how many whole units one unit of it stands for."""

    worth: Worth
    unit: int


class Started(NamedTuple):
    """
    What is known before branch and bound.

    Attributes
    ----------
    plans
        Some plans, not all within all limits.
    allowed : bool, shape (candidates,)
        Candidates that the best plan can have.
    relaxed
        Bounds of the worth (people newly won, or walking saved), in units of `unit`; None where
        the objective has none of this kind.
    among : bool, shape (candidates,)
        Candidates that good plans of several seeds have: each such plan has a good part of the
        best, seldom all of it. None of them where one seed was enough.
    """

    plans: list[list[int]]
    allowed: Bools
    relaxed: Relaxed | None
    unit: int
    among: Bools


def quotas_of(scoring: Scoring, most: int = NO_LIMIT) -> Quotas:
    """Quotas of the problem, or fewer sites."""
    limits, candidates = scoring.problem.limits, scoring.problem.candidates
    m = len(candidates)
    add = NO_LIMIT if limits.add is None else limits.add
    group = None if limits.most_per is None else candidates.group
    with_budget = limits.budget is not None and candidates.cost is not None
    return Quotas(
        min(add, most, m),
        limits.budget if limits.budget is not None else NO_LIMIT,
        candidates.cost if with_budget and candidates.cost is not None else np.zeros(m, np.int64),
        limits.most_per or NO_LIMIT,
        np.full(m, -1, np.int64) if group is None else group,
    )


def people_worth(scoring: Scoring) -> Valued:
    """People newly won; homes that the same candidates reach are one."""
    homes, circle = scoring.problem.homes, scoring.circle
    takes = (scoring.need == 1) & (homes.micro_persons > 0)
    there = takes[circle.homes]
    order = np.lexsort((scoring.circle_owner[there], circle.homes[there]))
    home, reach = circle.homes[there][order], scoring.circle_owner[there][order]
    merged: dict[bytes, int] = {}
    for first, last in runs_of(home):
        key = reach[first:last].tobytes()
        merged[key] = merged.get(key, 0) + int(homes.micro_persons[home[first]])
    sets = [np.frombuffer(raw, np.int64) for raw in merged]
    everyone = np.concatenate([np.zeros(0, np.int64), *sets])
    number = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    micro = np.array(list(merged.values()), np.int64)
    order = np.argsort(everyone, kind="stable")
    counts = np.bincount(everyone, minlength=len(scoring.is_existing))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    values = micro[number] if sets else np.zeros(0, np.int64)
    return Valued(make_worth(offsets, number[order], values[order], len(sets)), 1)


def minutes_worth(scoring: Scoring) -> Valued:
    """Walking saved, in units that keep every sum within 62 bits, rounded up."""
    homes, candidates = scoring.problem.homes, scoring.problem.candidates
    saved = scoring.today_ms[candidates.homes] - candidates.time_ms
    persons = np.where(homes.is_unknown, 0, homes.micro_persons)[candidates.homes]
    keep = (saved > 0) & (persons > 0)
    unit = 1
    while scoring.all_people * scoring.problem.horizon_ms // unit > 1 << 60:
        unit *= 10
    values = -(-persons[keep] * saved[keep] // unit)
    counts = np.bincount(scoring.owner[keep], minlength=len(candidates))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Valued(make_worth(offsets, candidates.homes[keep], values, len(homes)), unit)


def compile_swaps() -> None:
    """Compile what is compiled when it is first called, before the clock is started."""
    one = np.ones(1, np.int64)
    worth = make_worth(np.array([0, 1]), one - 1, one, 1)
    quotas, allowed = Quotas(1, 1, one, 1, -one), np.ones(1, np.bool_)
    good_plan(worth, quotas, allowed=allowed, work=1, seed=1)
    relax(worth, quotas, allowed=allowed, least=0, rounds=1)


def start(scoring: Scoring, target: int, effort: Effort) -> Started:
    """Find plans to begin with, and a bound where the objective is a sum over homes; spend work."""
    problem, limits = scoring.problem, scoring.problem.limits
    allowed = ~scoring.is_existing & ~dominated(scoring)
    plans = list(_gathered(scoring, allowed))
    if problem.objective == "served" or limits.backup:
        return Started(plans, allowed, None, 1, np.zeros_like(allowed))
    valued = minutes_worth(scoring) if problem.objective == "minutes" else people_worth(scoring)
    if target >= 0:
        plans += _fewest(scoring, valued.worth, allowed, target, effort)
        return Started(plans, allowed, None, 1, np.zeros_like(allowed))
    quotas, worth, seed = quotas_of(scoring), valued.worth, problem.seed
    pairs = max(len(worth.homes), 1)
    seconds = min(max(effort.left_us, 0) / S / 2, _MOST_SECONDS)
    among = np.zeros(len(allowed), np.bool_)
    rounds = int(seconds / 2 * _PAIRS_A_SECOND) // pairs + 1
    work = min(_FIRST_WORK, _FIRST_A_PAIR * pairs)
    plan, value = good_plan(worth, quotas, allowed=allowed, work=work, seed=seed)
    relaxed = relax(worth, quotas, allowed=allowed, least=value, rounds=min(rounds, _ROUNDS[0]))
    effort.spend(_us_of(work, min(rounds, _ROUNDS[0]) * pairs))
    if relaxed.bound > value:
        work = min(int(seconds * _WORK_A_SECOND), _WORK_A_PAIR * pairs)
        promising = allowed & (relaxed.with_each >= value)
        found = [(plan, value)]
        found += [
            good_plan(
                worth, quotas, allowed=promising, work=work // _SEEDS, seed=seed + k, shaken=k > 0
            )
            for k in range(_SEEDS)
        ]
        plan, value = max(found, key=lambda one: one[1])
        among = np.isin(np.arange(len(allowed)), np.concatenate([one for one, _ in found]))
        again = relax(worth, quotas, allowed=allowed, least=value, rounds=min(rounds, _ROUNDS[1]))
        relaxed = min(again, relaxed, key=lambda found: found.bound)
        effort.spend(_us_of(work, min(rounds, _ROUNDS[1]) * pairs))
    return Started([*plans, plan.tolist()], allowed, relaxed, valued.unit, among)


def _us_of(steps: int, pairs: int) -> int:
    """Microseconds of so many steps of swaps, and pairs of the bound."""
    return S * steps // _WORK_A_SECOND + S * pairs // _PAIRS_A_SECOND


def _fewest(
    scoring: Scoring, worth: Worth, allowed: Bools, target: int, effort: Effort
) -> Iterator[list[int]]:
    """Plans that reach the target, each with fewer sites, as long as one is found."""
    most, work = len(allowed), min(_FIRST_WORK, _FIRST_A_PAIR * len(worth.homes))
    enough_us = effort.left_us // 2
    while most and effort.left_us >= enough_us:
        effort.spend(_us_of(work, 0))
        quotas = quotas_of(scoring, most)
        plan, value = good_plan(
            worth, quotas, allowed=allowed, work=work, seed=scoring.problem.seed
        )
        if scoring.people_today + value < target or not len(plan):
            return
        found = _until(scoring, plan.tolist(), target)
        yield found
        most = len(found) - 1


def _until(scoring: Scoring, plan: list[int], target: int) -> list[int]:
    """As many sites of a plan, those that win most first, as the target needs."""
    found: list[int] = []
    left = list(plan)
    while scoring.people(found) < target:
        best = max(left, key=lambda one: (scoring.people([*found, one]), -one))
        left.remove(best)
        found.append(best)
    return found


def _gathered(scoring: Scoring, allowed: Bools) -> Iterator[list[int]]:
    """
    Plans for what swaps do not know: second sites, floors, capacities.

    One site after the other, each where the people that still ask for one are most; people of a
    subdistrict below its floor come before all others.
    """
    problem = scoring.problem
    if problem.objective == "served":
        yield _served(scoring, allowed)
    elif problem.limits.backup or scoring.floor is not None:
        yield _one_by_one(scoring, allowed)


def _one_by_one(scoring: Scoring, allowed: Bools) -> list[int]:
    homes, circle = scoring.problem.homes, scoring.circle
    quotas, plan = quotas_of(scoring), list[int]()
    free = allowed.copy()
    while True:
        short = scoring.short(plan)
        counts = scoring.counts(plan)
        asks = (scoring.need > 0) & (counts < scoring.need)
        weight = np.where(asks, homes.micro_persons / np.maximum(scoring.need, 1), 0.0)
        if len(short):
            lacking = (homes.subdistrict >= 0) & (short[homes.subdistrict] > 0)
            weight = np.where(lacking, weight * 1e6, weight)
        gain = _sum_by_candidate(circle.offsets, weight[circle.homes])
        free &= _still_fit(quotas, plan)
        if not (free & (gain > 0)).any():
            return plan
        best = int(np.argmax(np.where(free, gain, -1)))
        plan.append(best)
        free[best] = False


def _served(scoring: Scoring, allowed: Bools) -> list[int]:
    homes, circle = scoring.problem.homes, scoring.circle
    capacity = scoring.problem.candidates.capacity
    quotas, plan, free = quotas_of(scoring), list[int](), allowed.copy()
    if capacity is None:
        return plan
    asks = np.where(homes.is_unknown, 0, homes.micro_persons)
    for site in np.flatnonzero(scoring.is_existing).tolist():
        _take_in(asks, scoring.reached(site), int(capacity[site]))
    while True:
        gain = np.minimum(_sum_by_candidate(circle.offsets, asks[circle.homes]), capacity)
        free &= _still_fit(quotas, plan)
        if not (free & (gain > 0)).any():
            return plan
        best = int(np.argmax(np.where(free, gain, -1)))
        _take_in(asks, scoring.reached(best), int(capacity[best]))
        plan.append(best)
        free[best] = False


def _take_in(asks: Ints, reached: Ints, room: int) -> None:
    """Serve homes in their order as long as there is room."""
    before = np.cumsum(asks[reached]) - asks[reached]
    asks[reached] -= np.clip(room - before, 0, asks[reached])


def _sum_by_candidate(offsets: Ints, values: Ints | Floats) -> Floats:
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    by_candidate: Floats = sums[offsets[1:]] - sums[offsets[:-1]]
    return by_candidate


def _still_fit(quotas: Quotas, plan: list[int]) -> Bools:
    """Candidates that a plan can have in addition."""
    fit = quotas.cost + int(quotas.cost[plan].sum()) <= quotas.budget
    if len(plan) >= quotas.most:
        fit[:] = False
    groups = quotas.group[plan]
    groups = groups[groups >= 0]
    if len(groups):
        full = np.bincount(groups, minlength=int(quotas.group.max()) + 1) >= quotas.per_group
        fit &= (quotas.group < 0) | ~full[quotas.group]
    return fit
