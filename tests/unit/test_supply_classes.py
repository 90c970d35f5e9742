"""Classes of supply per person for the map, for homes whose supply is written by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from tests.builders.category_access import access_of
from tests.builders.report_result import STATION, make_result

from circle15.access.supply.records import HomesOfPart
from circle15.output.map.cells import value_columns
from circle15.output.map.people import supply_legend
from circle15.output.text.wording import Words
from circle15.results.drawn_places import find_places
from circle15.results.states_by_choice import states_by_choice
from circle15.results.supply_classes import people_related, round_breaks, supply_classes
from circle15.study.settings.capacity import Capacity

NAN = float("nan")


def with_supply(*per_person, need=None):
    """Homes a, b and c of the result made by hand with these supplies; d is outside."""
    result = make_result()
    (access,) = access_of(result.catchments, beds=True)
    none = np.full(3, -1)
    homes = [HomesOfPart(result.drawn.name, none, none, np.array(per_person))]
    assert access.supplied is not None
    supplied = replace(access.supplied, settings=Capacity("beds", need))
    return replace(result, access=[replace(access, homes=homes, supplied=supplied)])


def test_none_a_class_unknown_and_not_judged():
    """0.03 beds a person are 3 of 100, in the class from 2 on: the only break is near it."""
    classes = supply_classes(with_supply(0.0, 0.03, NAN))[STATION]
    assert classes.codes.tolist() == [0, 2, 254, 255]
    assert (classes.field, classes.breaks) == ("beds", [2.0])


def test_a_supply_equal_to_a_break_is_in_the_class_above():
    classes = supply_classes(with_supply(0.01, 0.05, 0.2))[STATION]
    assert classes.breaks == [2.0, 5.0, 10.0]
    assert classes.codes.tolist()[:3] == [1, 3, 4]


def test_classes_follow_what_people_need():
    """0.06 of each are needed: 3, 6 and 12 of 100; exactly 6 is enough, 5.99 is not."""
    classes = supply_classes(with_supply(0.0599, 0.06, 0.12, need=Decimal("0.06")))[STATION]
    assert classes.breaks == pytest.approx([3, 6, 12])
    assert (classes.people, classes.needed) == (100, Decimal(6))
    assert classes.codes.tolist()[:3] == [2, 3, 4]


def test_the_mean_of_a_zone_is_in_the_class_of_a_home_with_as_much():
    classes = supply_classes(with_supply(0.0, 0.0599, 0.06, need=Decimal("0.06")))[STATION]
    assert [classes.class_of(each) for each in (0.0, 0.0599, 0.06)] == classes.codes.tolist()[:3]


@pytest.mark.parametrize(
    ("need", "people", "needed"),
    [("0.06", 100, 6), ("0.01", 100, 1), ("0.004", 1_000, 4), ("0.0002", 10_000, 2)],
)
def test_supply_is_related_to_so_many_people_that_they_need_one(need, people, needed):
    classes = supply_classes(with_supply(0.01, 0.02, 0.03, need=Decimal(need)))[STATION]
    assert (classes.people, classes.needed) == (people, needed)


def test_without_a_need_supply_is_related_to_the_mean():
    """0.00025 of each are 2.5 of 10,000."""
    result = with_supply(0.00025, 0.00025, 0.00025)
    (access,) = result.access
    everybody = replace(access.everybody, supply_per_person=0.00025)
    assert people_related(replace(access, everybody=everybody)) == 10_000


def test_without_supply_there_are_no_classes():
    assert supply_classes(make_result()) == {}
    assert round_breaks(np.array([0.0, NAN])) == []


@pytest.mark.parametrize(("language", "unit"), [("en", "Beds"), ("zh", "床位")])
def test_the_legend_names_the_unit_and_the_breaks(language, unit):
    result = with_supply(0.01, 0.05, 0.2)
    legend = supply_legend(result, Words(language, result.study))
    words = {"people": "100", "needed": None, "break_words": ["2", "5", "10"]}
    assert legend == {STATION: {"unit": unit, **words}}


def test_the_map_has_a_column_of_codes():
    result = with_supply(0.0, 0.03, NAN)
    places = find_places(result)
    assert places is not None
    columns = value_columns(result, places, states_by_choice(result))
    (found,) = [one for one in columns if one.name == f"supply:{STATION}"]
    assert sorted(found.values.tolist()) == [0, 2, 254]
    (amount,) = [one for one in columns if one.name == f"amount:{STATION}"]
    assert sorted(amount.values.tolist()) == [0, 0, 300]


def test_a_supply_just_below_the_need_is_not_printed_as_the_need():
    result = with_supply(0.059999, 0.06, 0.29 / 100, need=Decimal("0.06"))
    places = find_places(result)
    assert places is not None
    columns = value_columns(result, places, states_by_choice(result))
    (amount,) = [one for one in columns if one.name == f"amount:{STATION}"]
    assert sorted(amount.values.tolist()) == [29, 599, 600]
