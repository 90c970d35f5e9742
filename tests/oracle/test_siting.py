"""300 random siting problems, each objective and limit, against trying every subset."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from circle15.planning.siting.locating import locate
from circle15.planning.siting.scoring import Scoring
from tests.builders.random_siting import KINDS, random_problem
from tests.builders.siting_problems import planned
from tests.oracle.oracle_siting import Oracle

SEEDS = range(301)


@pytest.fixture(scope="module")
def solved():
    locate(random_problem(0))  # compiles, which may take a busy machine all the time of a problem
    return {seed: (random_problem(seed), locate(random_problem(seed))) for seed in SEEDS}


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_the_plan_is_the_best_of_all_subsets(solved, kind):
    """Value, bound and, among equals, the first by id; what cannot be had is said."""
    impossible = 0
    for seed in SEEDS[kind :: len(KINDS)]:
        problem, solution = solved[seed]
        oracle = Oracle(problem)
        best = oracle.best()
        assert oracle.keeps(solution.chosen), seed
        if best is None:
            impossible += 1
            assert solution.unmet, seed
            continue
        assert tuple(sorted(solution.chosen)) == best, seed
        assert (solution.stop, solution.is_proven, solution.gap) == ("proven", True, 0), seed
        assert bool(solution.unmet) == bool(oracle.short(best)), seed
    assert impossible or KINDS[kind] in ("people", "minutes", "served", "backup")


def test_counts_of_plans_are_those_of_the_oracle(solved):
    for seed in SEEDS:
        problem, solution = solved[seed]
        oracle, scoring = Oracle(problem), Scoring(problem)
        plans = [solution.chosen[:k] for k in range(len(solution.sites) + 1)]
        for plan in plans:
            assert scoring.people(plan) == oracle.people(plan), seed
            assert scoring.person_ms(plan) == oracle.minutes(plan), seed
            assert int(scoring.short(plan).sum()) == oracle.short(plan), seed
            if problem.objective == "served":
                assert scoring.served(plan) == oracle.served(plan), seed
        steps = list(pairwise(plans))
        sites = planned(problem, solution).sites
        newly = [oracle.people(now) - oracle.people(before) for before, now in steps]
        assert [site.newly for site in sites] == newly, seed
        if problem.objective == "minutes":
            saved = [oracle.minutes(before) - oracle.minutes(now) for before, now in steps]
            assert [site.saved_ms for site in sites] == saved, seed
        else:
            assert all(site.saved_ms is None for site in sites), seed


def test_phases_are_nested_and_no_worse_in_total_than_one_by_one(solved):
    """Counted by the oracle; the order one by one is of the same sites."""
    kinds = set()
    for seed in SEEDS:
        problem, solution = solved[seed]
        add, sites = problem.limits.add, len(solution.sites)
        if add is None or sites < 2 or problem.fewest or solution.unmet:
            continue
        kinds.add(KINDS[seed % len(KINDS)])
        oracle = Oracle(problem)
        limits = replace(problem.limits, phases=(1, add - 1))
        phased = locate(replace(problem, limits=limits))
        assert sorted(phased.chosen) == sorted(solution.chosen), seed
        assert [site.phase for site in phased.sites] == [1, *[2] * (sites - 1)], seed
        order: list[int] = []
        while len(order) < sites:
            rest = sorted(set(solution.chosen) - set(order))
            adds = {one: _worth(oracle, [*order, one]) for one in rest}
            order.append(max(rest, key=lambda one: (adds[one], -one)))
        greedy, planned_now = (
            [_worth(oracle, one[:1]), _worth(oracle, one)] for one in (order, phased.chosen)
        )
        assert sum(planned_now) >= sum(greedy), seed
    assert kinds >= {"people", "minutes", "served", "backup"}


def _worth(oracle, plan):
    """What the objective counts; more is better."""
    objective = oracle.problem.objective
    if objective == "minutes":
        return -oracle.minutes(plan)
    return oracle.served(plan) if objective == "served" else oracle.people(plan)


def test_what_stands_in_the_way_is_named_with_the_least_that_would_do(solved):
    """Each quota that is named does with its value and does not with the next one."""
    named = set()
    for seed in SEEDS:
        problem, solution = solved[seed]
        for one in solution.unmet:
            named.add(one.limit)
            assert one.possible is not None, seed
            if one.limit == "until_share":
                most = max(Oracle(problem).people(plan) for plan in Oracle(problem).plans())
                assert one.possible == Fraction(most, sum(Oracle(problem).w)), seed
            if one.limit in ("add", "budget", "most_per"):
                assert _can(problem, one.limit, one.possible), seed
                assert not _can(problem, one.limit, one.possible - 1), seed
            if one.limit == "min_persons":
                assert _can(problem, "min_micro_persons", one.possible), seed
                assert not _can(problem, "min_micro_persons", one.possible + 1_000_000), seed
    assert {"until_share", "everybody", "street_floor", "add", "budget"} <= named


def _can(problem, limit, value):
    """Whether some subset does what is asked when one limit has another value."""
    oracle = Oracle(problem)
    oracle.limits = replace(problem.limits, **{limit: value})
    target = oracle.target()
    return any(
        (target is None or oracle.people(plan) >= target) and not oracle.short(plan)
        for plan in oracle.plans()
    )
