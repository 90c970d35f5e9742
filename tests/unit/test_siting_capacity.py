"""
People served within a capacity: what siting proposes, and what a run counts with it.

One street; at 1.0 m/s a circle of 15 min is 900 m. Each person asks for one meal.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import numpy as np
import pytest
from tests.builders.report_result import make_study
from tests.builders.siting_answers import answered, ground_of, inputs_in_subdistricts, lines
from tests.builders.siting_problems import NEVER, siting_problem
from tests.builders.small_inputs import CATEGORY, MICRO, walks_of

from circle15.access.supply.of_study import access_by_category
from circle15.planning.posing import pose
from circle15.planning.reach import Pairs
from circle15.planning.served_search import most_more
from circle15.planning.shared_room import Room, served_by
from circle15.study.settings.capacity import Capacity
from circle15.study.settings.siting import Siting

ASKED = Siting(CATEGORY, add=1, objective="served")
WAYS = ("nearest_first", "least_walk")


def inputs_of(homes, sites, meals, *, assign="nearest_first", unsure=()):
    """Sites (id to x) with their meals a day, None where it is not stated."""
    return inputs_in_subdistricts(
        {own: (x, 0, n) for own, (x, n) in homes.items()},
        {own: (x, 0.0) for own, x in sites.items()},
        ["S1"] * len(homes),
        study=make_study(capacity={CATEGORY: Capacity("meals_per_day", Decimal(1), assign=assign)}),
        meals_per_day=[None if one is None else Decimal(one) for one in meals],
        position_unsure=[own in unsure for own in sites],
    )


def sited(inputs, *places, asked=ASKED, **columns):
    """Candidates x0, x1 …: their places, and their meals a day."""
    ground = ground_of(inputs, needs="meals_per_day")
    rows = [(f"x{k}", f"x{k}", x, 0.0) for k, (x, _) in enumerate(places)]
    meals = [Decimal(n) for _, n in places]
    return answered(inputs, asked, *rows, ground=ground, meals_per_day=meals, **columns)


def in_a_run(inputs):
    """People as a run of the study counts them."""
    (one,) = access_by_category(inputs, walks_of(inputs))
    return one.everybody.served


def in_runs_with_the_sites(found, places, homes, sites, meals, **keys):
    """People as runs of the study count them with the first 0, 1, 2 … proposed sites in it."""
    counted = []
    for k in range(len(found.sites) + 1):
        new = {one.facility_id: places[one.candidate] for one in found.sites[:k]}
        room = dict(zip(sites, meals, strict=True)) | {own: n for own, (_, n) in new.items()}
        there = dict(sorted((sites | {own: x for own, (x, _) in new.items()}).items()))
        study = inputs_of(homes, there, [room[own] for own in there], **keys)
        counted.append(in_a_run(study))
    return counted


def test_the_people_served_are_those_of_a_run_that_serves_the_nearest_first():
    """
    J at 1100 m and x at 500 m have ten meals each; a (1000 m) reaches both, b (1800 m) only J.

    All 20 could be served. But a, who is nearer to J, takes its meals, b is turned away, and x
    would serve no more people.
    """
    homes, sites, places = {"a": (1000, 10), "b": (1800, 10)}, {"J": 1100.0}, [(500.0, 10)]
    found = sited(inputs_of(homes, sites, [10]), *places)
    assert found.counts == "served"
    assert found.sites == []
    assert (found.solution.value, found.solution.bound) == (10 * MICRO, 20 * MICRO)
    assert not found.solution.is_proven
    text = lines(found, inputs_of(homes, sites, [10]))
    assert text[-1].startswith("The plan is counted as a run")
    best = sited(inputs_of(homes, sites, [10], assign="least_walk"), *places)
    assert [one.people for one in best.curve] == [10 * MICRO, 20 * MICRO]
    assert (best.solution.value, best.solution.is_proven) == (20 * MICRO, True)


@pytest.mark.parametrize(
    ("assign", "site", "served"), [("nearest_first", "x1", 19), ("least_walk", "x0", 20)]
)
def test_the_plan_is_the_best_for_the_way_of_the_study(assign, site, served):
    """Beside x0 of the last test stands x1, which serves 9 people in a gap and no others."""
    homes = {"a": (1000, 10), "b": (1800, 10), "g": (4000, 9)}
    places = [(500.0, 10), (4100.0, 10)]
    found = sited(inputs_of(homes, {"J": 1100.0}, [10], assign=assign), *places)
    assert [one.facility_id for one in found.sites] == [site]
    assert [one.people // MICRO for one in found.curve] == [10, served]
    assert found.solution.bound == 20 * MICRO


@pytest.mark.parametrize(
    ("limits", "chosen"),
    [
        ({"add": 2}, ["x1", "x2"]),
        ({"add": None, "phases": (1, 1)}, ["x1", "x2"]),
        ({"add": None, "budget": Decimal(3)}, ["x2"]),
    ],
)
def test_a_better_plan_keeps_the_limits(limits, chosen):
    """x1 and x2 serve 9 and 8 people in gaps and cost 4 and 3; x0 serves no more in a run."""
    homes = {"a": (1000, 10), "b": (1800, 10), "g": (3000, 9), "h": (5500, 8)}
    places = [(500.0, 10), (3100.0, 10), (5400.0, 10)]
    inputs = inputs_of(homes, {"J": 1100.0}, [10])
    asked = replace(ASKED, **limits)
    costs = {"cost": [Decimal(3), Decimal(4), Decimal(3)]} if asked.budget else {}
    found = sited(inputs, *places, asked=asked, **costs)
    assert [one.facility_id for one in found.sites] == chosen
    assert [one.phase for one in found.sites] == ([1, 2] if asked.phases else [1] * len(chosen))


@pytest.mark.parametrize(
    ("limits", "most"),
    [
        ({"add": 1}, 9),
        ({"add": 2}, 16),
        ({"add": 3, "most_per": 1}, 9 + 4),
        ({"budget": 5}, 7 + 4 + 1),
    ],
)
def test_no_plan_serves_more_people_than_its_sites_do_themselves(limits, most):
    """
    Four sites reach 9, 7, 4 and 2 people and have room for 20, 20, 5 and 1, at 9, 4, 0 and 9.

    Two groups of two. For a budget of 5 the third costs nothing, and a ninth of the first is left.
    """
    problem = siting_problem(
        np.where(np.eye(4) > 0, 1, NEVER), [9, 7, 4, 2], objective="served",
        capacity=[20, 20, 5, 1], cost=[9, 4, 0, 9], group=[0, 0, 1, 1], **limits,
    )  # fmt: skip
    nothing = np.zeros(0, np.int64)
    reached = Pairs(np.zeros(1, np.int64), nothing, nothing)
    capacity = problem.candidates.capacity
    assert capacity is not None
    room = Room(capacity, nothing, nothing > 0, (), reached, "nearest_first", np.arange(4))
    assert most_more(problem, room) == most * MICRO


@pytest.mark.parametrize("assign", WAYS)
def test_people_of_unknown_state_ask_for_room_once_a_site_covers_them(assign):
    """u is perhaps in the circle of U; x covers it, and it takes 10 of the 15 meals first."""
    homes, sites = {"u": (2000, 10), "g": (2600, 10)}, {"U": 1500.0}
    places, keys = [(2100.0, 15)], {"assign": assign, "unsure": ["U"]}
    inputs = inputs_of(homes, sites, [100], **keys)
    assert (in_a_run(inputs).unknown, in_a_run(inputs).gap) == (10 * MICRO, 10 * MICRO)
    found = sited(inputs, *places)
    runs = in_runs_with_the_sites(found, places, homes, sites, [100], **keys)
    assert [one.people for one in found.curve] == [0, 15 * MICRO]
    assert [one.served for one in runs] == [0, 15 * MICRO]
    # By least_walk U, if it has room, serves u, so that x has room for g.
    stay = 0 if assign == "least_walk" else 5 * MICRO
    assert found.area.turned_away == runs[-1].turned_away == stay
    assert (found.solution.value, found.settled) == (10 * MICRO, 5 * MICRO)
    says = "Of the 15 people served, it is unknown of 5 whether they are served today"
    assert any(line.startswith(says) for line in lines(found, inputs))


@pytest.mark.parametrize("assign", WAYS)
def test_a_run_with_the_sites_serves_the_people_that_were_printed(assign):
    """
    Towns by chance; some capacities are unknown, and some positions are not sure.

    Of all pairs of candidates none serves more.
    """
    draw = np.random.default_rng(15)
    asked = Siting(CATEGORY, add=2, objective="served")
    settled = beaten = 0
    for _ in range(5):
        at = draw.permutation(np.arange(50, 5950, 50.0))
        homes = {f"h{k}": (float(at[k]), int(draw.integers(1, 30))) for k in range(8)}
        sites = {f"f{k}": float(at[20 + k]) for k in range(4)}
        meals: list[int | None] = [int(draw.integers(0, 30)) for _ in sites]
        meals[1] = None if draw.random() < 0.5 else meals[1]
        places = [(float(x), int(draw.integers(5, 40))) for x in at[40:46]]
        keys = {"assign": assign, "unsure": ["f2"] if draw.random() < 0.5 else []}
        inputs = inputs_of(homes, sites, meals, **keys)
        found = sited(inputs, *places, asked=asked)
        posed = pose(found.question, walks_of(inputs))
        runs = in_runs_with_the_sites(found, places, homes, sites, meals, **keys)
        served = [one.served for one in runs]
        assert [one.people for one in found.curve] == served
        turned_away = found.area.turned_away_before, found.area.turned_away
        assert turned_away == (runs[0].turned_away, runs[-1].turned_away)
        assert [site.served for site in found.sites] == np.diff(served).tolist()
        assert served[0] <= found.solution.value <= min(served[-1], found.solution.bound)
        assert posed.room is not None
        others = [
            served_by(posed.problem, posed.room, plan, [f"x{one - posed.first}" for one in plan])
            for plan in combinations(range(posed.first, len(posed.problem.candidates)), 2)
        ]
        assert found.solution.value == max(one.won for one in others)
        settled += found.settled > 0
        beaten += found.solution.value < found.solution.bound
    assert settled
    assert bool(beaten) is (assign == "nearest_first")


def test_whom_only_a_site_of_unknown_capacity_may_serve_is_not_served():
    """b is in the circle of U, whose meals are not stated; x serves 5 of the 10 people of a."""
    inputs = inputs_of({"b": (1000, 10), "a": (4000, 10)}, {"U": 900.0}, [None])
    assert in_a_run(inputs).served == 0
    found = sited(inputs, (4000.0, 5))
    assert (found.solution.value, found.solution.bound) == (5 * MICRO, 5 * MICRO)
    assert [site.served for site in found.sites] == [5 * MICRO]


def test_a_site_of_unsure_position_may_serve_people_so_that_none_is_won():
    """b reaches J, which is full, and perhaps U: in a run it is unknown whether b is served."""
    inputs = inputs_of({"b": (1000, 10)}, {"J": 1300.0, "U": 900.0}, [0, 100], unsure=["U"])
    assert in_a_run(inputs).unknown == 10 * MICRO
    found = sited(inputs, (1000.0, 50))
    assert not any(site.served for site in found.sites)
    assert (found.solution.value, found.solution.bound) == (0, 0)
