"""The quality of the network in the results of a small study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
import pytest
from tests.streets import OsmWay, write_study

from circle15.results.summary.building import build_summary
from circle15.results.summary.schema import summary_schema
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from pathlib import Path

NODES = {
    "A": (0.0, 0.0),
    "B": (600.0, 0.0),
    "P": (0.0, 500.0),
    "Q": (300.0, 500.0),
}
WAYS = [OsmWay("AB"), OsmWay("PQ", {"highway": "service", "access": "private"})]
HOMES = {
    "h1": (100, 20, 10),
    "h2": (200, 30, 20),
    "h3": (100, 520, 40),
    "h4": (100, 1000, 80),
    "h5": (50, -900, 5),
}
SITES = {"f1": (300.0, 10.0), "f2": (300.0, 510.0)}
"""
    h4 (80), 500 m from P–Q, too far
    h3 (40)
    P───────Q  f2       300 m, private
    h1 (10) h2 (20)
    A──────f1──────B    600 m
    h5 (5), 900 m south, too far
"""


@pytest.fixture
def quality(tmp_path: Path):
    study = write_study(tmp_path, NODES, WAYS, HOMES, SITES)
    summary = build_summary(run_study(load_study(study)))
    jsonschema.validate(summary, summary_schema())
    return summary["quality"]


def test_an_island_is_named_with_its_people_and_facilities(quality):
    assert quality["components"] == 2
    islands = quality["islands"]
    (worst,) = islands.pop("worst")
    assert islands == {
        "count": 1,
        "length_km": pytest.approx(0.3, rel=1e-4),
        "persons": 40.0,
        "facilities": 1,
    }
    assert (worst["persons"], worst["facilities"]) == (40.0, 1)
    assert quality["private_share"] == pytest.approx(1 / 3, rel=1e-4)
    assert (quality["dead_ends"], quality["dead_end_share"]) == (4, 1.0)


def test_everybody_is_in_a_band(quality):
    people = {row["band_m"]: row["persons"] for row in quality["homes"]}
    assert people == {
        "0-25": 50.0,
        "25-50": 20.0,
        "50-100": 0.0,
        "100-200": 0.0,
        ">200": 0.0,
        "unsnapped": 85.0,
    }
    assert [row["facilities"] for row in quality["facilities"]] == [2, 0, 0, 0, 0, 0]


def test_the_worst_homes_come_first(quality):
    """80 × 500 = 40000, 5 × 900 = 4500, 40 × 20 = 800, 20 × 30 = 600, 10 × 20 = 200."""
    found = quality["farthest_homes"]
    assert [row["demand_id"] for row in found] == ["h4", "h5", "h3", "h2", "h1"]
    assert [row["distance_m"] for row in found] == [500.0, 900.0, 20.0, 30.0, 20.0]
    assert [row["code"] for row in found] == ["TOO_FAR", "TOO_FAR", "", "", ""]
    assert {row["facility_id"] for row in quality["farthest_facilities"]} == {"f1", "f2"}


def test_a_layer_of_streets_is_not_attributed_to_openstreetmap(quality):
    assert (quality["data_date"], quality["attribution"]) == (None, None)
