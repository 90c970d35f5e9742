"""What must hold for any siting problem."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.builders.siting_problems import NEVER, curve, siting_problem

from circle15.access.assignment.solver import quiet_solver
from circle15.planning.siting import branching, effort
from circle15.planning.siting.locating import locate


def scattered(seed, m=40, n=150, **keys):
    """Homes and candidates on a square of 100 by 100; a step takes a minute, the circle is 15."""
    draw = np.random.default_rng(seed)
    homes, sites = draw.uniform(0, 100, (n, 2)), draw.uniform(0, 100, (m, 2))
    far = np.hypot(*(sites[:, None] - homes[None]).transpose(2, 0, 1))
    ms = (far * 60_000).astype(np.int64)
    if keys.get("objective") != "minutes":
        ms = np.where(ms <= 900_000, ms, NEVER)
    return siting_problem(ms, draw.integers(0, 50, n), **keys)


def everything(solution):
    return {**vars(solution), "seconds": 0.0}


@pytest.mark.parametrize("objective", ["people", "minutes"])
def test_another_site_never_makes_it_worse(objective):
    problems = [scattered(1, add=k, objective=objective) for k in range(1, 6)]
    found = [locate(one) for one in problems]
    better = -1 if objective == "people" else 1
    assert all(better * a.value >= better * b.value for a, b in pairwise(found))
    assert all(one.is_proven for one in found)
    assert curve(problems[0], found[0])[0] == 0


@pytest.mark.parametrize("seed", range(4))
def test_phases_are_nested_sum_to_the_best_and_are_no_worse_than_one_by_one(seed):
    problem = scattered(seed, add=6)
    together, phased = (locate(one) for one in (problem, scattered(seed, add=6, phases=(1, 2, 3))))
    assert phased.value == together.value
    assert [site.phase for site in phased.sites] == [1, 2, 2, 3, 3, 3]
    ends, one_by_one = ([curve(problem, one)[k] for k in (1, 3, 6)] for one in (phased, together))
    assert sum(ends) >= sum(one_by_one)


def test_two_runs_and_one_or_two_threads_give_the_same():
    if not hasattr(os, "sched_setaffinity"):
        pytest.skip("the system does not let a process choose its processors")
    keys = {"add": 5, "min_micro_persons": 10_000_000}
    first = everything(locate(scattered(7, **keys)))
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert everything(locate(scattered(7, **keys))) == first
    finally:
        os.sched_setaffinity(0, before)
    assert everything(locate(scattered(7, **keys))) == first


class Clock:
    """A clock of the processor that goes ahead by some seconds at each look."""

    def __init__(self, ahead_s):
        self.ahead_s, self.now = ahead_s, 100.0

    def thread_time(self):
        self.now += self.ahead_s
        return self.now


def hard(time_limit_s):
    """A problem whose branch and bound takes far longer than the work of the limit."""
    return scattered(3, m=100, n=600, add=20, backup=True, time_limit_s=time_limit_s)


def test_a_fast_and_a_slow_clock_give_the_same_answer(monkeypatch):
    """The work ends the search, whether the machine is idle or so busy that much time goes by."""
    found = []
    for ahead_s in (0.0, 1e-5, 2e-3):
        monkeypatch.setattr(effort, "time", Clock(ahead_s))
        found.append(everything(locate(hard(0.5))))
    assert found[0]["stop"] == "work"
    assert not found[0]["is_proven"]
    assert found[1] == found[0]
    assert found[2] == found[0]


class Watched:
    """A solver that notes how many seconds on the wall it is given."""

    def __init__(self, highs, given_s):
        self.highs, self.given_s = highs, given_s

    def __getattr__(self, name):
        return getattr(self.highs, name)

    def setOptionValue(self, name, value):  # noqa: N802
        if name == "time_limit":
            self.given_s.append(value - self.highs.getRunTime())
        self.highs.setOptionValue(name, value)


def test_other_programmes_have_time_before_the_wall_ends_a_search(monkeypatch):
    """With a tenth of a second of the processor left, a busy machine may need a minute for it."""
    given_s: list[float] = []
    monkeypatch.setattr(
        branching, "quiet_solver", lambda keys: Watched(quiet_solver(keys), given_s)
    )
    monkeypatch.setattr(effort, "time", Clock(0.0))
    assert locate(hard(0.1)).stop == "work"
    locate(scattered(3, m=60, n=200, add=8, time_limit_s=600))
    assert min(given_s) >= 60
    assert max(given_s) > 600


def test_a_clock_that_comes_first_is_said_and_the_bound_holds(monkeypatch):
    monkeypatch.setattr(effort, "time", Clock(0.3))
    cut = locate(hard(0.5))
    monkeypatch.setattr(effort, "time", Clock(0.0))
    full = locate(hard(0.5))
    assert cut.stop == "clock"
    assert not cut.is_proven
    assert (cut.value, cut.bound) != (full.value, full.bound)
    assert cut.value <= full.bound <= cut.bound


def test_a_time_limit_that_is_too_short_leaves_a_plan_and_its_bound():
    problem = scattered(3, m=60, n=200, add=8, min_micro_persons=1_000_000)
    short = locate(replace(problem, time_limit_s=1e-6))
    assert short.stop == "work"
    assert len(short.sites) == 8
    assert short.value < short.bound
    assert not short.is_proven
    best = locate(problem)
    assert short.value <= best.value <= best.bound <= short.bound


def test_the_order_of_homes_is_irrelevant():
    draw = np.random.default_rng(5)
    times = np.where(draw.random((12, 30)) < 0.3, 1, NEVER)
    persons = draw.integers(0, 9, 30)
    order = draw.permutation(30)
    one = locate(siting_problem(times, persons, add=3))
    other = locate(siting_problem(times[:, order], persons[order], add=3))
    assert one.sites == other.sites
