"""Siting by hand: candidates are rows, homes are columns, minutes on a line."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from fractions import Fraction

import pytest
from tests.builders.siting_problems import NEVER, curve, planned, siting_problem

from circle15.planning.siting.dominance import dominated
from circle15.planning.siting.locating import locate
from circle15.planning.siting.scoring import Scoring

M = 60_000  # a minute
TEN = 10 * M
FAR = NEVER


def ids(solution):
    return [site.candidate_id for site in solution.sites]


def test_from_nothing_coverage_starts_at_none_and_sites_are_ordered_by_what_they_add():
    """c0 reaches 5 and 7; c1 reaches 7 and 30; c2 reaches 4: c1 adds 37, then c0 5, c2 4."""
    times = [[M, M, FAR, FAR], [FAR, M, M, FAR], [FAR, FAR, FAR, M]]
    problem = siting_problem(times, [5, 7, 30, 4], add=3)
    solution = locate(problem)
    assert ids(solution) == ["c001", "c000", "c002"]
    sites = planned(problem, solution).sites
    assert [site.reached // 10**6 for site in sites] == [37, 12, 4]
    assert [site.newly // 10**6 for site in sites] == [37, 5, 4]
    assert [people // 10**6 for people in curve(problem, solution)] == [0, 37, 42, 46]
    assert (solution.value, solution.bound, solution.gap) == (46 * 10**6, 46 * 10**6, 0)


def test_a_site_that_adds_no_people_is_not_proposed():
    times = [[M, M], [M, FAR]]
    assert ids(locate(siting_problem(times, [1, 2], add=2))) == ["c000"]


def test_a_time_equal_to_the_cutoff_is_inside():
    times = [[15 * M], [15 * M + 1]]
    assert ids(locate(siting_problem(times, [1], add=1))) == ["c000"]
    assert ids(locate(siting_problem(times[1:], [1], add=1))) == []


def test_unknown_homes_are_reached_and_settled_and_never_won():
    problem = siting_problem([[M, M]], [10, 20], add=1, unknown=[1])
    solution = locate(problem)
    (site,) = planned(problem, solution).sites
    found = site.reached, site.newly, site.settled, site.covers
    assert found == (30 * 10**6, 10 * 10**6, 20 * 10**6, 30 * 10**6)
    assert solution.value == 10 * 10**6


def test_equals_are_taken_by_id():
    times = [[M, FAR], [FAR, M], [M, FAR], [FAR, M]]
    assert ids(locate(siting_problem(times, [3, 3], add=1))) == ["c000"]
    assert ids(locate(siting_problem(times, [3, 3], add=2))) == ["c000", "c001"]


def test_most_per_group_stands_in_the_way_and_two_would_do():
    times = [[M, FAR, FAR], [FAR, M, FAR], [FAR, FAR, M]]
    keys = {"objective": "everybody", "group": [0, 0, 1], "most_per": 1}
    solution = locate(siting_problem(times, [1, 2, 3], **keys))
    assert [(one.limit, one.asked, one.possible) for one in solution.unmet] == [
        ("everybody", 6 * 10**6, 5 * 10**6),
        ("most_per", 1, 2),
    ]
    assert ids(solution) == ["c002", "c001"]


def test_a_floor_comes_before_people():
    """Subdistrict 1 has 10 people; the only site that reaches 5 of them reaches nobody else."""
    times = [[M, FAR, FAR], [FAR, M, FAR]]
    keys = {"subdistrict": [0, 1, 1], "street_floor": Fraction(1, 2)}
    solution = locate(siting_problem(times, [100, 5, 5], add=1, **keys))
    assert solution.floor is not None
    assert ids(solution) == ["c000"]  # 50 short there, 5 short here: the total is least with it
    assert solution.floor.micro_short.tolist() == [0, 5 * 10**6]
    assert [(one.limit, one.possible) for one in solution.unmet] == [
        ("street_floor", 0),
        ("add", 2),
    ]
    both = locate(siting_problem(times, [100, 5, 5], add=2, **keys))
    assert both.floor is not None
    assert (both.floor.is_met, both.unmet) == (True, ())


def test_phases_are_nested_and_no_worse_in_total_than_one_by_one():
    """One by one takes c0 (6) first; the best two are c1 and c2 (5 + 5 = 10, c0 with c1: 8)."""
    times = [
        [M, M, M, M, M, M, FAR, FAR, FAR, FAR],
        [M, M, M, FAR, FAR, FAR, M, M, FAR, FAR],
        [FAR, FAR, FAR, M, M, M, FAR, FAR, M, M],
    ]
    one = locate(siting_problem(times, [1] * 10, add=2))
    assert sorted(ids(one)) == ["c001", "c002"]
    problem = siting_problem(times, [1] * 10, add=2, phases=(1, 1))
    phased = locate(problem)
    assert [site.phase for site in phased.sites] == [1, 2]
    assert [people // 10**6 for people in curve(problem, phased)] == [0, 5, 10]


def test_capacity_limits_who_is_served_and_existing_sites_serve_first():
    """10 people at c0 (room 4) and c1 (existing, room 3): 7 are served, 3 before."""
    problem = siting_problem(
        [[M], [M]], [10], add=1, objective="served", capacity=[4, 3], existing=[False, True],
        sites_today=[1],
    )  # fmt: skip
    solution = locate(problem)
    assert [Scoring(problem).served(solution.chosen[:k]) // 10**6 for k in (0, 1)] == [3, 7]
    assert (solution.counted, solution.value) == ("served", 7 * 10**6)


def test_minutes_count_an_hour_for_who_reaches_nothing():
    """30 min for 2 people, nothing for 1: 120 min; a site 5 min from the second leaves 65."""
    problem = siting_problem(
        [[FAR, 5 * M]], [2, 1], add=1, objective="minutes", nearest_ms=[30 * M, -1]
    )
    solution = locate(problem)
    (site,) = planned(problem, solution).sites
    assert (solution.value, site.saved_ms) == (65 * M * 10**6, 55 * M * 10**6)


def test_backup_asks_for_a_second_site():
    """Home 0 has one today and gets a second; home 1 has none and would need two."""
    problem = siting_problem([[M, M]], [1, 9], add=1, backup=True, sites_today=[1, 0])
    solution = locate(problem)
    assert (solution.value, solution.bound) == (1 * 10**6, 1 * 10**6)
    assert curve(problem, solution) == [0, 1 * 10**6]


def test_no_homes_and_no_candidates_are_no_fault():
    for objective in ("people", "minutes", "everybody"):
        for times, persons in (([], [1, 2]), ([[]], [])):
            problem = siting_problem(times, persons, add=2, objective=objective)
            assert locate(problem).sites == ()


@pytest.mark.parametrize("objective", ["people", "minutes"])
def test_one_person_in_large_homes_decides(objective):
    times = [[M, 20 * M], [20 * M, M]]
    problem = siting_problem(times, [300_000, 299_999], add=1, objective=objective)
    assert ids(locate(problem)) == ["c000"]


def test_the_solver_says_nothing_on_the_standard_output(capfd):
    with redirect_stdout(io.StringIO()) as said:
        locate(siting_problem([[M, M], [M, FAR]], [1, 2], add=1, street_floor=Fraction(1)))
    os.write(1, b"")
    assert (said.getvalue(), capfd.readouterr().out) == ("", "")


def test_candidates_that_another_makes_needless_are_not_looked_at():
    """c1 reaches less than c0, c2 the same, c3 more than c0 but comes later, c4 none."""
    times = [[M, M, FAR], [M, FAR, FAR], [M, M, FAR], [M, M, M], [FAR, FAR, FAR]]

    def gone(**keys):
        return dominated(Scoring(siting_problem(times, [1, 1, 1], add=2, **keys))).tolist()

    assert gone() == [False, True, True, False, True]
    assert gone(cost=[5, 4, 5, 9, 0]) == [False, False, True, False, True]
    assert gone(group=[0, 1, 1, 0, 0], most_per=1) == [False, False, False, False, True]
    assert gone(group=[-1, 1, 1, 0, 0], most_per=1) == [False, True, True, False, True]
    assert gone(backup=True) == [False, False, False, False, True]
    assert gone(objective="minutes") == [False] * 5


def test_the_worked_case_l01():
    """Homes of 100, 200, 150: 1 covers the first two, 2 the last two, 3 the last (L01)."""
    times = [[M, M, FAR], [FAR, M, M], [FAR, FAR, M]]
    persons, names = [100, 200, 150], ["1", "2", "3"]
    plans = {}
    for add in (1, 2):
        solution = locate(siting_problem(times, persons, ids=names, add=add))
        assert solution.is_proven
        plans[add] = (solution.value, sorted(ids(solution)))
    assert plans == {
        1: (350_000_000, ["2"]),
        2: (450_000_000, ["1", "2"]),
    }  # as many with 1 and 3: the tie by id
    everybody = locate(siting_problem(times, persons, ids=names, objective="everybody"))
    assert (everybody.value, len(everybody.sites), everybody.is_proven) == (2, 2, True)
