"""Whole studies with squares: who is covered, and unused squares are in every result."""

from __future__ import annotations

import json

import pytest
from tests.streets import OsmRelation, OsmWay, write_osm, write_study

from circle15.workflow.api import run
from circle15.workflow.checking import check

NODES = {
    "A": (0.0, 0.0),
    "B": (400.0, 0.0),
    "C": (600.0, 0.0),
    "D": (1600.0, 0.0),
    "p": (400.0, 100.0),
    "q": (600.0, 100.0),
    "r": (600.0, -100.0),
    "s": (400.0, -100.0),
}
SQUARE = {"type": "multipolygon", "highway": "pedestrian"}
HOMES = {"h1": (0, 5, 100), "h2": (200, 5, 50), "h3": (1500, 5, 30)}
"""The site stands at 800 m: h1 walks 800 m across the square, h3 700 m."""


def study(folder, members, *more):
    path = write_study(folder, NODES, ["AB", "CD"], HOMES, {"m": (800, 5)})
    rim = OsmWay("BpqCrsB", {})
    write_osm(
        folder / "n.osm", NODES, "AB", "CD", rim, *more, relations=[OsmRelation(SQUARE, members)]
    )
    text = path.read_text("utf-8")
    path.write_text(text.replace("streets.geojson", "n.osm"), encoding="utf-8")
    return path


def summary_of(path):
    out = path.parent / "out"
    run(path, out=out)
    return json.loads((out / "summary.json").read_text("utf-8")), out


def covered(summary):
    (row,) = [
        r
        for r in summary["coverage"]
        if (r["category"], r["cutoff_min"], r["speed_m_s"]) == ("meal_point", 15, 1.0)
    ]
    return row["covered"]


def test_people_walk_over_a_square_that_is_a_relation(tmp_path):
    """Without it the western street is cut off; h1 and h2 are covered only across it or around."""
    summary, _ = summary_of(study(tmp_path, [(3, "outer")]))
    assert covered(summary) == 180
    assert summary["network"]["unused"] == {}


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ([(3, "outer"), (9, "inner")], "areas_incomplete"),
        ([(3, "outer"), (4, "outer")], "rings_unclosed"),
    ],
)
def test_what_was_not_used_reaches_summary_list_and_check(tmp_path, members, kind):
    """Only its rim is walked: h1 needs 1,000 s by 400 m around instead of 200 m across."""
    path = study(tmp_path, members, OsmWay("pA", {}))
    summary, out = summary_of(path)
    assert covered(summary) == 80
    assert summary["network"]["unused"] == {kind: 1}
    assert f"OSM_{kind.upper()}" in (out / "issues.csv").read_text("utf-8-sig")
    found = [one for one in check(path).findings if one.code == f"OSM_{kind.upper()}"]
    assert [one.detail["first"] for one in found] == ["relation/1"]
