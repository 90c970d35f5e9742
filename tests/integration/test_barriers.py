"""A river between a home and the only path, from an OSM file to the results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.streets import OsmWay, write_osm, write_study

import circle15
from circle15.results.summary.building import build_summary
from circle15.results.summary.entries import CoverageEntry
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

NODES = {
    "A": (0.0, 0.0),
    "B": (300.0, 0.0),
    "M": (-500.0, 40.0),
    "N": (800.0, 40.0),
    "C": (100.0, 80.0),
    "D": (100.0, 0.0),
    "E": (100.0, 200.0),
}
RIVER = OsmWay("MN", {"waterway": "river"})
"""
    home (50, 80)
    M~~~~~~~~~~~~~~~~N  river, y = 40
    A───────D────────B  the only path; the site is at (120, 0)
"""


def coverage(folder: Path, *ways: OsmWay) -> tuple[pd.Series, CoverageEntry, str]:
    """Row of the home at 15 min and 1 m/s, the counts there, and why it has not joined."""
    folder.mkdir()
    homes, sites = {"h": (50.0, 80.0, 100)}, {"f": (120.0, 0.0)}
    study = write_study(folder, NODES, [OsmWay("AB")], homes, sites)
    write_osm(folder / "n.osm", NODES, *ways)
    text = study.read_text("utf-8").replace("streets.geojson", "n.osm")
    study.write_text(text, encoding="utf-8")
    result = run_study(circle15.load_study(study))
    table = result.coverage
    (row,) = (
        row
        for _, row in table[(table[c.CUTOFF_MIN] == 15) & (table[c.SPEED_M_S] == 1.0)].iterrows()
        if row[c.CATEGORY] == "meal_point"
    )
    (counts,) = (
        one
        for one in build_summary(result)["coverage"]
        if (one["category"], one["cutoff_min"], one["speed_m_s"]) == ("meal_point", 15, 1.0)
    )
    return row, counts, str(result.demand[c.SNAP_CODE].iloc[0])


def test_a_home_across_the_river_is_not_two_minutes_away(tmp_path: Path) -> None:
    """Without the river 80 m of leg and 70 m of path; with it nobody says that one can get over."""
    dry, counts, _ = coverage(tmp_path / "dry", OsmWay("ADB"))
    assert (dry[c.STATE], counts["covered"]) == ("covered", 100)
    assert 149_500 < dry[c.TIME_MS] < 150_500
    wet, counts, code = coverage(tmp_path / "wet", OsmWay("ADB"), RIVER)
    assert (wet[c.STATE], wet[c.UNKNOWN_REASON], code) == (
        "unknown",
        "UNSNAPPED",
        "ACCESS_BARRIER",
    )
    assert (counts["covered"], counts["unknown"]) == (0, 100)


def test_a_bridge_brings_the_home_across(tmp_path: Path) -> None:
    """A path E–C on the home's bank, and a bridge C–D: 50 m, 80 m and 20 m."""
    ways = [OsmWay("ADB"), OsmWay("EC"), OsmWay("CD", {"highway": "footway", "bridge": "yes"})]
    row, counts, code = coverage(tmp_path / "bridge", *ways, RIVER)
    assert (row[c.STATE], counts["covered"], code) == ("covered", 100, "")
    assert 149_500 < row[c.TIME_MS] < 150_500
