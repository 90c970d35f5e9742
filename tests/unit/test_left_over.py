"""Why fewer sites are proposed than were asked for, on one street, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.builders.siting_answers import answered, inputs_in_subdistricts, lines
from tests.builders.siting_problems import NEVER, siting_problem

from circle15.planning.left_over import left_over
from circle15.study.settings.siting import Siting

CATEGORY = "meal_point"
ROOMS = [("x1", "Hall", 1000.0, 0.0), ("x2", "Room", 4000.0, 0.0), ("x3", "Shed", 4100.0, 0.0)]


@pytest.fixture
def inputs():
    """50 people at x1, 20 between x2 and x3; the site is far from both."""
    homes = {"a": (1000.0, 0.0, 50), "b": (4050.0, 0.0, 20)}
    return inputs_in_subdistricts(homes, {"f1": (5900.0, 0.0)}, ["S1", "S2"])


def left(found):
    return found.left_over.reasons


def test_min_persons_that_no_candidate_reaches_is_named_with_the_best(inputs):
    found = answered(inputs, Siting(CATEGORY, add=1, min_persons=Decimal(60)), *ROOMS)
    assert left(found) == {"min_persons": 3}
    text = lines(found, inputs)
    assert "No site is proposed." in text
    assert any("fewer than 60 people" in one and "newly reaches 50" in one for one in text)
    assert not any(one.startswith(("Found a plan", "No better plan")) for one in text)


def test_fewer_sites_than_asked_for_are_explained(inputs):
    """x1 and x2 reach everybody: x3 adds nothing."""
    found = answered(inputs, Siting(CATEGORY, add=3), *ROOMS)
    assert left(found) == {"nothing": 1}
    told = "New sites asked for: 3; proposed: 2. Candidates not proposed: 1 adding nothing."
    assert any(one.startswith(told) for one in lines(found, inputs))
    assert answered(inputs, Siting(CATEGORY, add=2), *ROOMS).left_over is None


def test_a_budget_that_buys_no_site_is_named(inputs):
    costs = [Decimal(5), Decimal(6), Decimal(7)]
    found = answered(inputs, Siting(CATEGORY, budget=Decimal(4)), *ROOMS, cost=costs)
    assert left(found) == {"budget": 3}
    told = "Why no site is proposed: 3 costing more than is left of the budget."
    assert told in lines(found, inputs)


def without(asked, plan):
    return left_over(asked, plan)


def problem(objective="people", **keys):
    """Each of four candidates reaches a home of its own, of 4, 3, 2 and 0 people."""
    times = [[60_000 if k == j else NEVER for k in range(4)] for j in range(4)]
    return siting_problem(times, [4, 3, 2, 0], objective=objective, add=4, **keys)


def test_a_quota_is_named_with_the_most_that_it_allows():
    """Places 0 (c000 to c002) and 1 (c003) may have one site each: two are possible at most."""
    found = without(problem(group=[0, 0, 0, 1], most_per=1), [0])
    assert found.reasons == {"most_per": 2, "nothing": 1}
    assert (found.asked, found.most) == (4, 2)


@pytest.mark.parametrize("objective", ["people", "minutes"])
def test_a_candidate_without_people_adds_nothing(objective):
    assert without(problem(objective), [0, 1, 2]).reasons == {"nothing": 1}


def test_a_second_site_counts_where_it_is_what_is_sought():
    """Homes 0 and 1 have a site: only they can have a second one."""
    assert without(problem(backup=True, sites_today=[1, 1, 0, 0]), [0]).reasons == {"nothing": 2}
