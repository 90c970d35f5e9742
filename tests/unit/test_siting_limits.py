"""Limits of a siting question that cannot be met, in the units of the study; ids of new sites."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.builders.siting_answers import answered, inputs_in_subdistricts, lines
from tests.builders.small_inputs import CATEGORY

from circle15.study.settings.siting import Siting

WEST, EAST = ("x", "x", 2000.0, 0.0), ("y", "y", 5000.0, 0.0)


@pytest.fixture
def inputs():
    """One site in the west; 10 people at 2000 m and 20 at 5000 m."""
    homes = {"h1": (2000, 0, 10), "h2": (5000, 0, 20)}
    return inputs_in_subdistricts(homes, {"f1": (300.0, 0.0)}, ["S1", "S2"])


def unmet(found):
    return [(one.limit, one.asked, one.possible) for one in found.unmet]


def test_everybody_that_cannot_be_covered_is_said_in_people(inputs):
    """Only y brings the 15 people that each site must."""
    asked = Siting(CATEGORY, objective="everybody", min_persons=Decimal(15))
    found = answered(inputs, asked, WEST, EAST)
    assert unmet(found) == [("everybody", 30, 20), ("min_persons", 15, 10)]
    text = lines(found, inputs)
    assert "Not possible: everybody = 30. With the other limits unchanged, 20 is possible." in text
    assert any(line.startswith("Not possible: min_persons = 15. With") for line in text)


def test_a_budget_that_does_not_suffice_is_said_in_the_unit_of_the_costs(inputs):
    """Both sites, 1.25 each, are needed; the budget pays for one."""
    asked = Siting(CATEGORY, budget=Decimal("1.5"), street_floor=Decimal(1))
    found = answered(inputs, asked, WEST, EAST, cost=[Decimal("1.25"), Decimal("1.25")])
    assert unmet(found) == [("street_floor", 1, 0), ("budget", Decimal("1.5"), Decimal("2.5"))]
    says = "Not possible: budget = 1.50. With the other limits unchanged, 2.50 is possible."
    assert says in lines(found, inputs)


def test_an_id_that_is_made_is_that_of_no_other_candidate_or_site(inputs):
    """f1 is taken by a site; f1-new is a candidate's own."""
    rows = (("f1", "a", 2000.0, 0.0), ("f1-new", "b", 5000.0, 0.0))
    found = answered(inputs, Siting(CATEGORY, add=2), *rows)
    assert sorted(site.facility_id for site in found.sites) == ["f1-new", "f1-new2"]
