"""A home above a station walks along its street, not up from the platforms."""

from __future__ import annotations

import json

import pytest
from tests.streets import OsmWay, write_osm, write_study

from circle15.workflow.api import run

NODES = {"A": (-600.0, 40.0), "B": (1000.0, 40.0), "C": (-200.0, 5.0), "D": (1000.0, 5.0)}


@pytest.mark.parametrize(
    ("tags", "persons"),
    [
        ({"highway": "steps", "conveying": "yes", "level": "-4"}, 100),
        ({"highway": "corridor", "level": "-2--1"}, 100),
        ({"railway": "platform", "layer": "-2"}, 100),
        ({"highway": "footway", "level": "-1;0"}, 0),
    ],
    ids=str,
)
def test_people_above_a_station(tmp_path, tags, persons):
    """By the street 40 + 200 m to the site; by the way below 5 + 1,000 + 35 + 800 m: a gap."""
    path = write_study(tmp_path, NODES, ["AB"], {"h": (0, 0, 100)}, {"m": (200, 40)})
    write_osm(tmp_path / "n.osm", NODES, "AB", OsmWay("CD", tags), "DB")
    text = path.read_text("utf-8").replace("streets.geojson", "n.osm")
    path.write_text(text, encoding="utf-8")
    run(path, out=tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    (row,) = [
        r
        for r in summary["coverage"]
        if (r["category"], r["cutoff_min"], r["speed_m_s"]) == ("meal_point", 15, 1.0)
    ]
    assert (row["covered"], row["unknown"]) == (persons, 0)
