"""
Streets exported as lines that meet, through a whole check; see unit/test_loose_lines.py.

    h1 ──── A ──────────── m ──────────── B   the long street, 2,400 m; the site is at 100 m
                           │
                           C                  a side street of 600 m, with h2 at its end
"""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from tests.streets import write_layer, write_osm, write_study

import circle15
from circle15.results.summary.building import build_summary
from circle15.workflow.pipeline import run_study

STREET = {"highway": "residential"}
LONG, SIDE = [(0, 0), (500, 0), (2400, 0)], [(500, 0), (500, 600)]
HOMES = {"h1": (10.0, 0.0, 100), "h2": (500.0, 300.0, 50), "h3": (2390.0, 0.0, 30)}
SITES = {"f": (0.0, 0.0)}


def result_of(folder, *lines, kind="geojson"):
    """Results of a study whose streets are rows of (vertices, tags)."""
    study = write_study(folder, {"A": (0.0, 0.0), "B": (9.0, 0.0)}, ["AB"], HOMES, SITES)
    rows = [(shapely.LineString(one[0]), one[1]) for one in lines]
    write_layer(folder / "streets.geojson", rows)
    if kind != "geojson":
        frame = gpd.read_file(folder / "streets.geojson")
        name = folder / f"streets.{kind}"
        frame.to_parquet(name) if kind == "parquet" else frame.to_file(name)
        text = study.read_text("utf-8").replace("streets.geojson", name.name)
        study.write_text(text, encoding="utf-8")
    return run_study(circle15.load_study(study))


def counts(result):
    (one,) = (
        {state: row[state] for state in ("covered", "gap", "unknown")}
        for row in build_summary(result)["coverage"]
        if (row["category"], row["cutoff_min"], row["speed_m_s"]) == ("meal_point", 15, 1.0)
    )
    return one


def found(result):
    codes = "LINES_NOT_JOINED", "LINES_MEET_UNJOINED", "NETWORK_IN_PIECES"
    return [finding for finding in result.findings if finding.code in codes]


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "shp", "parquet"])
def test_a_shared_vertex_joins(tmp_path, kind):
    """h2 walks 300 + 500 m; h3 is too far."""
    result = result_of(tmp_path, (LONG, STREET), (SIDE, STREET), kind=kind)
    assert counts(result) == {"covered": 150, "gap": 30, "unknown": 0}
    assert not found(result)


def test_two_inner_vertices_join(tmp_path):
    """The side street goes on beyond the long one."""
    side = [(500, -50), (500, 0), (500, 600)]
    result = result_of(tmp_path, (LONG, STREET), (side, STREET))
    assert counts(result)["covered"] == 150
    assert not found(result)


def test_an_osm_file_and_its_lines_give_the_same(tmp_path):
    """Ways that cross at inner nodes, as OSM and as the lines that QGIS exports of it."""
    nodes = {
        "A": (0.0, 0.0),
        "m": (500.0, 0.0),
        "B": (2400.0, 0.0),
        "C": (500.0, 600.0),
        "D": (500.0, -400.0),
        "E": (900.0, 300.0),
        "F": (0.0, 300.0),
        "n": (500.0, 300.0),
    }
    words = ["AmB", "DmnC", "FnE"]
    rows = [([nodes[letter] for letter in word], STREET) for word in words]
    lines = result_of(tmp_path, *rows)
    folder = tmp_path / "osm"
    folder.mkdir()
    study = write_study(folder, {"A": (0.0, 0.0), "B": (9.0, 0.0)}, ["AB"], HOMES, SITES)
    write_osm(folder / "streets.osm", nodes, *words)
    text = study.read_text("utf-8").replace("streets.geojson", "streets.osm")
    study.write_text(text, encoding="utf-8")
    assert counts(run_study(circle15.load_study(study))) == counts(lines)
    assert counts(lines)["covered"] == 150
