"""Equity for the map: printed as in the report, undefined in words, zones in classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.builders.category_access import ONE, access_of
from tests.builders.report_result import STATION, make_result

from circle15.access.equity import Equity, equity_of
from circle15.access.supply.records import Measure
from circle15.output.document.model import Table
from circle15.output.map.equity import equity_measures, minute_breaks, zone_equity
from circle15.output.report.equity.blocks import equity_blocks
from circle15.output.text.wording import Words

RESULT = make_result()
WORDS = Words("en", RESULT.study)


def with_values(*values, persons=None, zone=None):
    """The result whose people walk so many minutes: one person each, all of known value."""
    people = np.array([1] * len(values) if persons is None else persons) * ONE
    found = equity_of(np.array(values, float), people, worse="high", zone=zone)
    (access,) = access_of(RESULT.catchments)
    return replace(RESULT, access=[replace(access, equity={"minutes": found})])


def rows_of(result, measure="minutes"):
    return dict(equity_measures(result, WORDS)[STATION][measure]["rows"])


def test_the_numbers_are_those_of_the_report():
    """3 of 4 people walk 5 minutes, 1 walks 25: mean 10, Gini 3·1·20 ÷ (16·10)."""
    rows = rows_of(RESULT)
    assert (rows["Mean"], rows["Worst 10 %"], rows["Gini"]) == ("10.0", "25.0", "0.375")
    (table,) = [one for one in equity_blocks(RESULT, WORDS) if isinstance(one, Table)]
    shown = [text for text in rows.values() if not text.startswith("undefined")]
    line = table.rows[1]
    assert isinstance(line, list)
    assert shown == [text for text in line[1:] if text != "—"]


def test_of_coverage_only_what_says_something_is_shown():
    rows = rows_of(RESULT, "coverage")
    assert list(rows) == ["People with unknown value", "Mean", "Range between subdistricts", "Gini"]
    assert rows["Mean"] == "75.0%"


def test_the_curve_is_said_in_a_sentence():
    """Of 10 + 20 + 30 + 40 minutes the first 40 % of people have 10 + 0.6 · 20, the last 40 %
    of a person 16."""
    found = equity_measures(with_values(10, 20, 30, 40), WORDS)[STATION]["minutes"]
    assert len(found["curve"]) == 11
    assert "the lowest 40 % of people have 22.0%" in found["said"]
    assert "the highest 10 % 16.0%" in found["said"]


@pytest.mark.parametrize(
    ("values", "persons", "undefined"),
    [
        ([0, 0], None, dict.fromkeys(("Gini", "Palma ratio", "Variation"), "all have 0")),
        ([0, 9], [4, 6], {"Palma ratio": "the lowest 40 % have 0"}),
        ([0, 9], [1, 9], {"Decile ratio": "the lowest 10 % have 0"}),
        ([float("nan")], None, {"Mean": "nobody's value is known"}),
        ([5, 9], None, {"Range between subdistricts": "fewer than two subdistricts"}),
    ],
    ids=["nothing", "forty", "tenth", "unknown", "zones"],
)
def test_what_is_undefined_is_said_in_words(values, persons, undefined):
    rows = rows_of(with_values(*values, persons=persons))
    for name, why in undefined.items():
        assert rows[name].startswith(f"undefined: {why}")
    assert "—" not in rows.values()


def test_an_undefined_curve_has_no_sentence():
    found = equity_measures(with_values(0, 0), WORDS)[STATION]["minutes"]
    assert (found["curve"], found["said"]) == ([], "")


@pytest.mark.parametrize(
    ("mean", "shown", "level"),
    [(4.96, "5.0", 0), (5.0, "5.0", 1), (29.99, "30.0", 3), (30.0, "30.0", 4)],
)
def test_a_zone_is_in_the_class_of_its_unrounded_minutes(mean, shown, level):
    (access,) = access_of(RESULT.catchments)
    zone = replace(access.zones[0], mean_min=mean, worst=400_000)
    result = replace(RESULT, access=[replace(access, zones=[zone])])
    assert minute_breaks(result) == ["5", "10", "15", "30"]
    found = zone_equity(result)["street", "S1"][STATION]
    assert found == [shown, level, "<1", None, None]


def test_what_is_not_measured_is_null():
    """With round trips there are no minutes; without [capacity] there is no supply."""
    (access,) = access_of(RESULT.catchments)
    trips: dict[Measure, Equity] = {"coverage": access.equity["coverage"]}
    result = replace(RESULT, access=[replace(access, equity=trips)])
    assert list(equity_measures(result, WORDS)[STATION]) == ["coverage"]
    assert zone_equity(result)["street", "S1"][STATION] == [None] * 5
