"""
People served within a capacity: what siting proposes, and what a run counts with it.

One street; at 1.0 m/s a circle of 15 min is 900 m. Each person asks for one meal.
"""

from __future__ import annotations

from decimal import Decimal

from tests.builders.report_result import make_study
from tests.builders.siting_answers import answered, ground_of, inputs_in_subdistricts
from tests.builders.small_inputs import CATEGORY, MICRO, walks_of

from circle15.access.supply.of_study import access_by_category
from circle15.study.settings.capacity import Capacity
from circle15.study.settings.siting import Siting

ASKED = Siting(CATEGORY, add=1, objective="served")


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


def sited(inputs, x, meals):
    """One candidate x at a place, with its meals a day."""
    ground = ground_of(inputs, needs="meals_per_day")
    row = ("x", "x", x, 0.0)
    return answered(inputs, ASKED, row, ground=ground, meals_per_day=[Decimal(meals)])


def in_a_run(inputs):
    """People as a run of the study counts them."""
    (one,) = access_by_category(inputs, walks_of(inputs))
    return one.everybody.served


def test_whom_only_a_site_of_unknown_capacity_may_serve_is_not_served():
    """b is in the circle of U, whose meals are not stated; x serves 5 of the 10 people of a."""
    inputs = inputs_of({"b": (1000, 10), "a": (4000, 10)}, {"U": 900.0}, [None])
    assert in_a_run(inputs).served == 0
    found = sited(inputs, 4000.0, 5)
    assert (found.solution.value, found.solution.bound) == (5 * MICRO, 5 * MICRO)
    assert [site.served for site in found.sites] == [5 * MICRO]


def test_a_site_of_unsure_position_may_serve_people_so_that_none_is_won():
    """b reaches J, which is full, and perhaps U: in a run it is unknown whether b is served."""
    inputs = inputs_of({"b": (1000, 10)}, {"J": 1300.0, "U": 900.0}, [0, 100], unsure=["U"])
    assert in_a_run(inputs).unknown == 10 * MICRO
    found = sited(inputs, 1000.0, 50)
    assert not any(site.served for site in found.sites)
    assert (found.solution.value, found.solution.bound) == (0, 0)
