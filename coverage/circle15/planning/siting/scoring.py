"""What a plan is worth, counted exactly: people, minutes, people served, what subdistricts lack."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle15.planning.siting.flows import most_served

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.arrays import Bools, Ints
    from circle15.planning.siting.problem import SitingProblem


class Circle(NamedTuple):
    """The pairs within the circle, by candidate, as `Candidates` has them."""

    offsets: Ints
    homes: Ints


def runs_of(values: Ints) -> Iterator[tuple[int, int]]:
    """Where each run of equal values begins and ends."""
    edges = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return pairwise(edges) if len(values) else iter(())


class Scoring:
    """
    Counts of a plan (numbers of candidates, existing sites not among them).

    Attributes
    ----------
    need : int64, shape (homes,)
        New sites within the circle that win the home; 0 for those that are covered today, −1 for
        those that are never won: unknown, or fewer candidates reach them.
    circle
        Pairs within the cutoff.
    owner : int64, shape (pairs of the problem,)
        Candidate of each pair, whether or not it is within the circle.
    circle_owner : int64, shape (pairs within the cutoff,)
        Candidate of each pair of `circle`.
    target
        Micro-persons that must be covered; −1 where the number of sites is not what is sought.
    """

    def __init__(self, problem: SitingProblem) -> None:
        self.problem = problem
        homes, candidates, limits = problem.homes, problem.candidates, problem.limits
        self.is_existing = (
            np.zeros(len(candidates), np.bool_)
            if candidates.is_existing is None
            else candidates.is_existing
        )
        self.owner = np.repeat(np.arange(len(candidates)), np.diff(candidates.offsets))
        inside = candidates.time_ms <= problem.cutoff_ms
        counts = np.bincount(self.owner[inside], minlength=len(candidates))
        self.circle = Circle(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), candidates.homes[inside]
        )
        self.circle_owner = self.owner[inside]
        new = ~self.is_existing[self.circle_owner]
        in_reach = np.bincount(self.circle.homes[new], minlength=len(homes))
        need = np.maximum((2 if limits.backup else 1) - homes.sites_today, 0)
        self.need = np.where(homes.is_unknown | (need > in_reach), -1, need)
        self.need[(need == 0) & ~homes.is_unknown] = 0
        self.people_today = int(homes.micro_persons[self.need == 0].sum())
        self.winnable = int(homes.micro_persons[self.need > 0].sum())
        self.all_people = int(homes.micro_persons.sum())
        today = np.where(homes.nearest_ms < 0, problem.horizon_ms, homes.nearest_ms)
        self.today_ms = np.minimum(today, problem.horizon_ms)
        self.floor = self._floor()
        self.target = self._target()

    def _floor(self) -> Ints | None:
        """People whom each subdistrict must have covered, rounded up to whole micro-persons."""
        share, homes = self.problem.limits.street_floor, self.problem.homes
        if share is None:
            return None
        all_people = self.by_subdistrict(np.ones(len(homes), np.bool_))
        least = [-(-int(one) * share.numerator // share.denominator) for one in all_people]
        return np.array(least, np.int64)

    def _target(self) -> int:
        share = self.problem.limits.until_share
        if share is not None:
            return -(-self.all_people * share.numerator // share.denominator)
        if self.problem.objective == "everybody":
            return self.people_today + self.winnable
        return -1

    def by_subdistrict(self, chosen: Bools) -> Ints:
        """People of chosen homes in each subdistrict."""
        homes = self.problem.homes
        inside = homes.subdistrict >= 0
        sums = np.zeros(int(homes.subdistrict.max(initial=-1)) + 1, np.int64)
        some = inside & chosen
        np.add.at(sums, homes.subdistrict[some], homes.micro_persons[some])
        return sums

    def reached(self, candidate: int) -> Ints:
        """Homes within the circle of a candidate."""
        first, last = self.circle.offsets[candidate : candidate + 2]
        return self.circle.homes[first:last]

    def owner_of(self, homes: Ints) -> Ints:
        """Candidates within the circle of any of some homes, one for each pair."""
        return self.circle_owner[np.isin(self.circle.homes, homes)]

    def counts(self, plan: Sequence[int]) -> Ints:
        """How many sites of the plan are within the circle of each home."""
        counts = np.zeros(len(self.need), np.int64)
        for candidate in plan:
            counts[self.reached(candidate)] += 1
        return counts

    def won(self, plan: Sequence[int]) -> Bools:
        """Homes that the plan wins."""
        return (self.need > 0) & (self.counts(plan) >= self.need)

    def people(self, plan: Sequence[int]) -> int:
        """Micro-persons covered, with those of today."""
        return self.people_today + int(self.problem.homes.micro_persons[self.won(plan)].sum())

    def person_ms(self, plan: Sequence[int]) -> int:
        """Micro-persons times milliseconds to the nearest site; unknown homes are left out."""
        homes, candidates = self.problem.homes, self.problem.candidates
        nearest = self.today_ms.copy()
        for candidate in plan:
            first, last = candidates.offsets[candidate : candidate + 2]
            some = candidates.homes[first:last]
            nearest[some] = np.minimum(nearest[some], candidates.time_ms[first:last])
        known = ~homes.is_unknown
        persons, ms = homes.micro_persons[known], nearest[known]
        high, low = persons >> 26, persons & ((1 << 26) - 1)  # each sum stays within 63 bits
        return (int((high * ms).sum()) << 26) + int((low * ms).sum(dtype=object))

    def served(self, plan: Sequence[int]) -> int:
        """Micro-persons who get a place in an existing site or one of the plan."""
        capacity = self.problem.candidates.capacity
        if capacity is None:
            return 0
        homes = self.problem.homes
        sites = [*np.flatnonzero(self.is_existing).tolist(), *plan]
        demand = np.where(homes.is_unknown, 0, homes.micro_persons)
        return most_served(demand, [self.reached(one) for one in sites], capacity[sites].tolist())

    def short(self, plan: Sequence[int]) -> Ints:
        """People whom each subdistrict lacks to the floor."""
        if self.floor is None:
            return np.zeros(0, np.int64)
        lacking: Ints = self.floor - self.by_subdistrict((self.need == 0) | self.won(plan))
        return np.maximum(lacking, 0)

    def lost_without(self, plan: Sequence[int]) -> list[int]:
        """People who would be lost if one site of the plan closed, for each site."""
        counts = self.counts(plan)
        hangs = (self.need > 0) & (counts == self.need)
        persons = np.where(hangs, self.problem.homes.micro_persons, 0)
        return [int(persons[self.reached(one)].sum()) for one in plan]

    def cost(self, plan: Sequence[int]) -> int:
        """Sum of costs; 0 where they are not stated."""
        cost = self.problem.candidates.cost
        return 0 if cost is None else int(cost[list(plan)].sum())

    def keeps_limits(self, plan: Sequence[int]) -> bool:
        """Whether the plan keeps `add`, `budget`, `most_per` and `min_persons`."""
        limits = self.problem.limits
        if limits.add is not None and len(plan) > limits.add:
            return False
        if limits.budget is not None and self.cost(plan) > limits.budget:
            return False
        group = self.problem.candidates.group
        if limits.most_per is not None and group is not None and len(plan):
            groups = group[list(plan)]
            if np.bincount(groups[groups >= 0], minlength=1).max() > limits.most_per:
                return False
        least = limits.min_micro_persons
        return not least or min(self.lost_without(plan), default=least) >= least
