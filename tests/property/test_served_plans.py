"""Plans by whom a run serves, the nearest first, on small towns by chance: all plans are tried."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, combinations

import numpy as np
import pytest
from tests.builders.siting_problems import NEVER, siting_problem

from circle15.planning.plan_counts import new_sites
from circle15.planning.posing import Posed
from circle15.planning.reach import Gains, Pairs
from circle15.planning.served_search import better_plan, most_more
from circle15.planning.shared_room import Room, served_by
from circle15.planning.siting.locating import locate


class Town:
    """Up to 3 sites of today (`m…`) and 2–5 candidates, whose ids come before or after them."""

    def __init__(self, seed):
        draw = np.random.default_rng(seed)
        n, today, new = draw.integers(3, 9), int(draw.integers(0, 4)), int(draw.integers(2, 6))
        ms = draw.integers(1, 8 if seed % 2 else 900, (today + new, n)) * 1000
        ms = np.where(draw.random(ms.shape) < 0.55, ms, NEVER)
        unknown = np.flatnonzero(draw.random(n) < 0.15).tolist()
        ms[:today, unknown] = NEVER
        self.problem = siting_problem(
            ms,
            draw.integers(0, 9, n),
            objective="served",
            capacity=draw.integers(0, 15, today + new),
            existing=np.arange(today + new) < today,
            sites_today=(ms[:today] != NEVER).any(axis=0),
            unknown=unknown,
            add=int(draw.integers(1, 3)),
        )
        candidates = self.problem.candidates
        end = candidates.offsets[today]
        self.room = Room(
            candidates.capacity[today:],
            candidates.capacity[:today],
            np.zeros(today, np.bool_),
            [f"m{k}" for k in range(today)],
            Pairs(
                candidates.offsets[: today + 1], candidates.homes[:end], candidates.time_ms[:end]
            ),
            "nearest_first",
            draw.permutation(n),
        )
        self.ids = {k: f"{'az'[k % 2]}{k}" for k in range(today, today + new)}

    def counted(self, plan):
        ids = [self.ids[one] for one in plan]
        return served_by(self.problem, self.room, plan, ids)

    def won(self, plan):
        return self.counted(plan).won

    def proposed(self, **limits):
        """What a study with other limits proposes, counted as a run counts it."""
        problem = replace(self.problem, limits=replace(self.problem.limits, **limits))
        some = np.zeros(len(self.ids), np.int64)
        first = len(self.room.ids)
        posed = Posed(problem, [], Gains(some, some, some), first, room=self.room)
        return new_sites(posed, locate(problem), ())


@pytest.mark.parametrize("seeds", [range(30), range(30, 60)])
def test_one_more_site_never_harms_no_plan_is_above_the_bound_and_the_best_is_found(seeds):
    for seed in seeds:
        town = Town(seed)
        most = town.problem.limits.add + 1
        won = {
            plan: town.won(plan) for k in range(most) for plan in combinations(sorted(town.ids), k)
        }
        for plan, value in won.items():
            for one in plan:
                assert value >= won[tuple(other for other in plan if other != one)], seed
        best = max(won.values())
        assert best <= won[()] + most_more(town.problem, town.room), seed
        found = better_plan(town.problem, town.room, [], list(town.ids.values()))
        assert won[tuple(sorted(found))] == best, seed


def one_by_one(town, plan):
    """Put the sites first that add most to those before them in a run."""
    order: list[int] = []
    while len(order) < len(plan):
        rest = sorted(set(plan) - set(order))
        order.append(max(rest, key=lambda one: (town.counted([*order, one]).in_run[-1], -one)))
    return order


@pytest.mark.parametrize("way", ["nearest_first", "least_walk"])
def test_sites_are_in_the_order_of_whom_a_run_serves_and_phases_are_no_worse_in_total(way):
    """
    Without phases each site adds most to those before it. With phases these are of the sizes that
    were asked for, nested, and serve together, over all phases, at least as many as one by one.
    """
    split = 0
    for seed in range(40):
        town = Town(seed)
        town.room = replace(town.room, way=way)
        town.ids = {one: town.problem.candidates.ids[one] for one in town.ids}
        add = min(4, len(town.ids))
        plain = [one.candidate for one in town.proposed(add=add).solution.sites]
        order = one_by_one(town, plain)
        runs = [town.counted(one).in_run for one in (plain, order)]
        assert runs[0] == runs[1], seed
        planned = town.proposed(add=add, phases=(1, add - 1))
        plan = [one.candidate for one in planned.solution.sites]
        assert sorted(plan) == sorted(plain), seed
        assert [one.phase for one in planned.sites] == [1, *([2] * (add - 1))][: len(plan)]
        served = list(accumulate((one.served for one in planned.sites), initial=0))
        assert [planned.counted_today + one for one in served] == list(town.counted(plan).in_run)
        ends = [one for one in (1, len(plan)) if one <= len(plan)]
        assert sum(served[k] + planned.counted_today for k in ends) >= sum(
            runs[1][k] for k in ends
        ), seed
        split += len(plan) > 1
    assert split > 15
