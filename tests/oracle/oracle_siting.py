"""Siting by trying every subset, in simple Python and without the code under test."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

MICRO = 1_000_000


class Oracle:
    """A siting problem as lists and sets."""

    def __init__(self, problem):
        homes, cand = problem.homes, problem.candidates
        self.problem = problem
        self.limits = problem.limits
        self.w = homes.micro_persons.tolist()
        self.n, self.m = len(self.w), len(cand.ids)
        self.times = [
            dict(
                zip(
                    cand.homes[cand.offsets[j] : cand.offsets[j + 1]].tolist(),
                    cand.time_ms[cand.offsets[j] : cand.offsets[j + 1]].tolist(),
                    strict=True,
                )
            )
            for j in range(self.m)
        ]
        self.circle = [
            {i for i, ms in some.items() if ms <= problem.cutoff_ms} for some in self.times
        ]
        self.unknown = homes.is_unknown.tolist()
        self.today = homes.sites_today.tolist()
        self.near = [
            problem.horizon_ms if ms < 0 else min(ms, problem.horizon_ms)
            for ms in homes.nearest_ms.tolist()
        ]
        self.sub = homes.subdistrict.tolist()
        old = cand.is_existing
        self.old = [] if old is None else [j for j in range(self.m) if old[j]]
        self.new = [j for j in range(self.m) if j not in self.old]
        self.cost = [] if cand.cost is None else cand.cost.tolist()

    def covered(self, plan):
        r = 2 if self.limits.backup else 1
        return {
            i
            for i in range(self.n)
            if not self.unknown[i] and self.today[i] + sum(i in self.circle[j] for j in plan) >= r
        }

    def people(self, plan):
        return sum(self.w[i] for i in self.covered(plan))

    def minutes(self, plan):
        return sum(
            self.w[i] * min([self.near[i], *(self.times[j].get(i, 1 << 60) for j in plan)])
            for i in range(self.n)
            if not self.unknown[i]
        )

    def served(self, plan):
        """By the theorem of max flow and min cut: over all sets of sites that are full."""
        sites = [*self.old, *plan]
        room = self.problem.candidates.capacity.tolist()
        asks = [i for i in range(self.n) if not self.unknown[i]]
        reach = {i: {j for j in sites if i in self.circle[j]} for i in asks}
        return min(
            sum(room[j] for j in full)
            + sum(self.w[i] for i in asks if reach[i] - set(full))
            for k in range(len(sites) + 1)
            for full in combinations(sites, k)
        )  # fmt: skip

    def short(self, plan):
        floor = self.limits.street_floor
        if floor is None:
            return 0
        covered, total = self.covered(plan), 0
        for s in set(self.sub) - {-1}:
            every = sum(self.w[i] for i in range(self.n) if self.sub[i] == s)
            some = sum(self.w[i] for i in covered if self.sub[i] == s)
            needed = -(-every * floor.numerator // floor.denominator)
            total += max(0, needed - some)
        return total

    def target(self):
        if self.limits.until_share is not None:
            return Fraction(sum(self.w)) * self.limits.until_share
        if self.problem.objective == "everybody":
            return self.people(self.new)
        return None

    def keeps(self, plan):
        limits = self.limits
        if limits.add is not None and len(plan) > limits.add:
            return False
        if limits.budget is not None and sum(self.cost[j] for j in plan) > limits.budget:
            return False
        if limits.most_per is not None:
            group = self.problem.candidates.group.tolist()
            for g in set(group) - {-1}:
                if sum(group[j] == g for j in plan) > limits.most_per:
                    return False
        if limits.min_micro_persons:
            whole = self.people(plan)
            for j in plan:
                if whole - self.people([k for k in plan if k != j]) < limits.min_micro_persons:
                    return False
        return True

    def plans(self):
        for k in range(len(self.new) + 1):
            for plan in combinations(self.new, k):
                if self.keeps(plan):
                    yield plan

    def best(self):
        """The best plan that reaches the target; None if no plan does."""
        target = self.target()
        found = [p for p in self.plans() if target is None or self.people(p) >= target]
        return min(found, key=lambda plan: self.key(plan, target is not None), default=None)

    def key(self, plan, fewest):
        objective = self.problem.objective
        main = {"minutes": self.minutes, "served": lambda p: -self.served(p)}.get(
            objective, lambda p: -self.people(p)
        )(plan)
        cost = sum(self.cost[j] for j in plan) if self.cost else 0
        if fewest:
            return self.short(plan), len(plan), main, cost, plan
        if self.limits.budget is not None:
            return self.short(plan), main, cost, len(plan), plan
        return self.short(plan), main, len(plan), cost, plan
