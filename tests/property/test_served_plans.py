"""Plans by whom a run serves, the nearest first, on small towns by chance: all plans are tried."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from tests.builders.siting_problems import NEVER, siting_problem

from circle15.planning.reach import Pairs
from circle15.planning.served_search import better_plan, most_more
from circle15.planning.shared_room import Room, served_by


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

    def won(self, plan):
        ids = [self.ids[one] for one in plan]
        return served_by(self.problem, self.room, plan, ids).won


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
