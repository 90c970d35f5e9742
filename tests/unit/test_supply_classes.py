"""Classes of supply per person for the map, for homes whose supply is written by hand."""

from __future__ import annotations

from dataclasses import replace

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
from circle15.results.supply_classes import round_breaks, supply_classes

NAN = float("nan")


def with_supply(*per_person):
    """Homes a, b and c of the result made by hand with these supplies; d is outside."""
    result = make_result()
    (access,) = access_of(result.catchments, beds=True)
    none = np.full(3, -1)
    homes = [HomesOfPart(result.drawn.name, none, none, np.array(per_person))]
    return replace(result, access=[replace(access, homes=homes)])


def test_none_a_class_unknown_and_not_judged():
    """0.03 beds a person are 3 of 100, in the class from 2 on: the only break is near it."""
    classes = supply_classes(with_supply(0.0, 0.03, NAN))[STATION]
    assert classes.codes.tolist() == [0, 2, 254, 255]
    assert (classes.field, classes.breaks) == ("beds", [2.0])


def test_a_supply_equal_to_a_break_is_in_the_class_above():
    classes = supply_classes(with_supply(0.01, 0.05, 0.2))[STATION]
    assert classes.breaks == [2.0, 5.0, 10.0]
    assert classes.codes.tolist()[:3] == [1, 3, 4]


def test_without_supply_there_are_no_classes():
    assert supply_classes(make_result()) == {}
    assert round_breaks(np.array([0.0, NAN])) == []


@pytest.mark.parametrize(("language", "unit"), [("en", "Beds"), ("zh", "床位")])
def test_the_legend_names_the_unit_and_the_breaks(language, unit):
    result = with_supply(0.01, 0.05, 0.2)
    legend = supply_legend(result, Words(language, result.study))
    assert legend == {STATION: {"unit": unit, "break_words": ["2", "5", "10"]}}


def test_the_map_has_a_column_of_codes():
    result = with_supply(0.0, 0.03, NAN)
    places = find_places(result)
    assert places is not None
    columns = value_columns(result, places, states_by_choice(result))
    (found,) = [one for one in columns if one.name == f"supply:{STATION}"]
    assert sorted(found.values.tolist()) == [0, 2, 254]
