"""People whose state depends on the rule for gated compounds.

    P-------------Q        A-P-Q-B: 600 + 800 + 600 m of street. A-B: 800 m of private way.
    |             |        h1 joins at 10 m before A, h2 at 400 m of the private way, h3 at 30 m
Z---A====priv=====B---Y    behind B; the meal point at 10 m behind B. At 1.0 m/s, 15 min are 900 m.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders.report_result import make_study
from tests.builders.small_inputs import CATEGORY, MICRO, inputs_of, streets, walks_of

from circle15.access.gated import gated_figures
from circle15.access.records import GatedRow
from circle15.study.settings.records import NetworkSource

NODES = {
    "Z": (-300.0, 0.0),
    "A": (0.0, 0.0),
    "B": (800.0, 0.0),
    "Y": (1100.0, 0.0),
    "P": (0.0, 600.0),
    "Q": (800.0, 600.0),
}
HOMES = {"h1": (-10, 0, 100), "h2": (400, 0, 20), "h3": (830, 0, 3)}
SITES = {"f1": (810.0, 0.0)}


def figures(rule, *, private=(3,)):
    network = replace(make_study().network, file=Path("n.osm.pbf"), gated=rule)
    assert isinstance(network, NetworkSource)
    ways = streets(NODES, "ZA", "BY", "APQB", "AB", private=private)
    inputs = inputs_of(ways, HOMES, SITES, study=make_study(network=network))
    return gated_figures(inputs, walks_of(inputs))


@pytest.mark.parametrize("rule", ["open", "residents", "closed"])
def test_each_rule_is_counted_whatever_the_study_says(rule):
    """
    Open, h1 walks 10 + 800 + 10 = 820 m; else it goes around, 2,020 m, and is in a gap. h2 lives
    inside and walks 410 m, unless the compound is closed to its residents too; h3 walks 20 m.
    """
    found = figures(rule)
    assert (found.compounds, found.inside_m, found.gates) == (1, 800.0, 0)
    row = {one.category: one for one in found.rows}[CATEGORY]
    covered = {"open": 123 * MICRO, "residents": 23 * MICRO, "closed": 3 * MICRO}
    assert row == GatedRow(CATEGORY, covered, {"residents": 100 * MICRO, "closed": 120 * MICRO})


def test_any_and_all_of_one_category_are_that_category():
    rows = figures("residents").rows
    assert sorted(one.category for one in rows) == ["all", "any", CATEGORY]
    assert len({(tuple(one.covered.items()), tuple(one.differs.items())) for one in rows}) == 1


def test_without_private_ways_there_is_nothing_to_compare():
    found = figures("residents", private=())
    assert (found.compounds, found.inside_m, found.rows) == (0, 0.0, [])
