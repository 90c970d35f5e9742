"""The sample district holds what it must show, is small, and can be made again byte by byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely

import circle15
from circle15.inputs.crs.datums import to_wgs84
from circle15.network.osm.osm_file import read_osm
from circle15.results.figures import coverage_row
from circle15.study.vocabulary import columns as c

NOT_MADE = {"README.md", "study.toml"}


@pytest.fixture(scope="module")
def ways(sample_study):
    return read_osm(sample_study.with_name("network.osm.pbf"))


@pytest.fixture(scope="module")
def result(sample_result):
    return sample_result


@pytest.fixture(scope="module")
def check(sample_study):
    return circle15.check(sample_study)


def data_files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.suffix != ".py" and path.name not in NOT_MADE
    }


@pytest.mark.slow
def test_it_is_made_again_byte_by_byte(sample_study, tmp_path):
    made = tmp_path / "sample"
    command = [sys.executable, str(sample_study.with_name("make_sample.py")), str(made)]
    # The script finds its parts beside itself, which Python's safe path forbids.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    subprocess.run(command, check=True, timeout=300, env=environment)
    committed, again = data_files(sample_study.parent), data_files(made)
    assert sorted(again) == sorted(committed)
    assert [name for name in again if again[name] != committed[name]] == []


def test_it_is_small(sample_study):
    total = sum(path.stat().st_size for path in sample_study.parent.iterdir() if path.is_file())
    assert total <= 1_500_000


def ways_with(ways, **tags: str):
    """Walkable ways and barriers with these tags; "*" is any value."""
    return [
        way
        for way in (*ways.walkable, *ways.barriers)
        if all(
            key in way.tags and value in ("*", way.tags[key])
            for key, value in ((key.replace("__", ":"), value) for key, value in tags.items())
        )
    ]


def test_the_streets_hold_every_obstacle(ways):
    """Superblocks, railway, hill, stairs, a footbridge with stairs, an escalator and a lift."""
    assert len(ways_with(ways, access="private")) > 300
    assert len(ways_with(ways, railway="rail")) >= 2  # one on each side of the canal
    assert len(ways_with(ways, highway="primary", tunnel="yes")) >= 5  # under the railway
    assert len(ways_with(ways, highway="steps", incline="*")) >= 12
    assert len(ways_with(ways, highway="steps", conveying="forward")) == 1
    assert len(ways_with(ways, highway="footway", bridge="yes", name="示例人行天桥")) == 1
    assert len(ways_with(ways, highway="path", name="示例山盘山步道")) == 1
    assert len(ways_with(ways, barrier="wall")) > 100
    assert len(ways_with(ways, highway="pedestrian", area="yes")) == 1


def test_the_nodes_hold_gates_signals_and_a_lift(ways):
    nodes = [frozenset(tags.items()) for tags in ways.node_tags.values()]

    def count(**tags: str) -> int:
        return sum(tags.items() <= node for node in nodes)

    assert count(barrier="lift_gate", access="private") >= 20
    assert count(barrier="gate", locked="yes") >= 40
    assert count(barrier="gate") > 500
    assert count(highway="traffic_signals") > 40
    assert count(highway="crossing", crossing="traffic_signals") >= 5
    assert count(highway="crossing", crossing="uncontrolled") >= 5
    assert count(highway="elevator") == 2


def line_of(way) -> shapely.MultiLineString:
    return shapely.MultiLineString([np.asarray(run)[:, 1:] / 1e7 for run in way.runs])


def test_the_railway_is_crossed_at_a_few_places_only(ways):
    """Six underpasses, a level crossing and a footbridge on 11 km; trains pass over the canal."""
    rail = shapely.union_all([line_of(way) for way in ways_with(ways, railway="rail")])
    across = [way for way in ways.walkable if line_of(way).intersects(rail)]
    kinds = sorted(
        "tunnel" if "tunnel" in way.tags else "bridge" if "bridge" in way.tags else "level"
        for way in across
    )
    assert kinds == ["bridge", "level", *["tunnel"] * 6]


def test_the_hill_is_a_hill(sample_study, result):
    with rasterio.open(sample_study.with_name("dem.tif")) as dem:
        heights = dem.read(1)
    assert heights.min() > 0
    assert 50 < heights.max() < 65
    relief = result.network.relief
    assert relief is not None
    network = result.network
    up_or_down = network.base_mm_fwd != network.base_mm_bwd
    assert up_or_down.sum() > 1000  # uphill takes longer than down


def test_a_gated_home_walks_out_and_a_stranger_not_in(result):
    figures = result.gated
    assert result.study.network.gated == "residents"
    assert figures.compounds >= 20
    assert all(row.differs["residents"] > 1000 * c.MICRO for row in figures.rows)


@pytest.mark.parametrize(
    ("profile", "stairs", "lifts"), [("older-adult", 2, 0), ("wheelchair", 0, 2)]
)
def test_the_footbridge_by_stairs_or_by_lift(sample_study, tmp_path, profile, stairs, lifts):
    """From the north to the south of the railway: up the escalator, or by two lifts of 45 s."""
    shutil.copytree(sample_study.parent, tmp_path / "study")
    study = tmp_path / "study" / "study.toml"
    text = study.read_text("utf-8").replace("older-adult", profile)
    study.write_text(text, "utf-8")
    way = circle15.route(study, "120.29165,31.5968", "120.29206,31.59265")
    assert any(step.name == "示例人行天桥" for step in way.steps)
    assert sum(step.stairs for step in way.steps) == stairs
    waiting = sum(step.waiting_ms for step in way.steps if not step.stairs)
    assert waiting == lifts * 45_000


def test_the_check_is_a_good_first_read(check):
    """Some 25 kinds of findings, of each sort that a bureau meets, and a run that is right."""
    codes = [finding.code for finding in check.findings]
    assert 10 <= len({(finding.file, finding.code) for finding in check.findings}) <= 28
    assert {finding.severity for finding in check.findings} == {"warning", "note"}
    assert set(codes) >= {
        "APPROXIMATE_VALUE",
        "CELLS_ACCESS_BARRIER",
        "COORDINATES_SWAPPED",
        "DATUM_ASSUMED",
        "DEM_PARTIAL",
        "ENCODING_GUESSED",
        "NOTE_ROW",
        "NO_POSITION",
        "PROBABLE_DUPLICATE",
        "TITLE_ROWS",
        "TOO_FAR",
        "TOTAL_ROW",
        "UNKNOWN_CATEGORY",
        "UNKNOWN_STATUS",
        "UNKNOWN_STREET",
        "UNREADABLE",
    }


def test_the_dirty_table_keeps_its_totals(result):
    """13,456 meals a day inside the district, though three of the numbers are approximate."""
    meals = result.facilities[result.facilities["meals_per_day"].notna()]
    inside = meals[meals[c.OPEN] & meals[c.IN_AREA]]
    assert inside["meals_per_day"].astype(int).sum() == 13_456
    area = meals.set_index(c.FACILITY_ID)[c.FLOOR_AREA_M2]
    assert area["M-009"] == 431  # ４３１㎡
    assert area[["M-034", "M-053"]].isna().all()  # — and 见附件


def test_a_layer_in_gcj02_stands_where_its_people_walk(sample_study, result):
    """Care homes lie within 60 m of a street; as WGS 84 they would lie half a kilometre off."""
    homes = result.facilities[result.facilities[c.CATEGORY] == "care_home"]
    joined = homes[homes[c.FACILITY_ID] != "H-037"]
    assert len(joined) == 36
    assert joined[c.ACCESS_M].astype(float).max() < 60
    x, y = (homes[key].to_numpy(np.float64) for key in (c.X_M, c.Y_M))
    there = to_wgs84(np.array([120.30]), np.array([31.57]), "gcj02")
    assert abs(there[0][0] - 120.30) > 0.003
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()


def test_land_and_buildings_flatter_less_than_people(result):
    """Within 15 minutes of a station: 70 % of land, 79 % of floor area, 82 % of people."""
    (row,) = [
        one
        for one in result.areas
        if (one.category, one.cutoff_min) == ("home_care_station", result.study.walk.circle_min)
    ]
    land, floor_area = row.areas["land"].counts, row.areas["floor_area"].counts
    people_row = coverage_row(result, "home_care_station")
    assert people_row is not None
    people = people_row.counts
    shares = [one.covered / one.persons for one in (land, floor_area, people)]
    assert shares == pytest.approx([0.70, 0.79, 0.82], abs=0.005)
    assert 41e6 < land.persons / c.MICRO < 42e6  # m²
    per_person = floor_area.persons / people.persons * 230_300 / 985_451
    assert 28 < per_person < 36  # m² of homes


def test_all_verdicts_of_rules_occur(result):
    verdicts = {row.verdict for row in result.rules}
    assert verdicts == {
        "met",
        "not_met",
        "not_applicable",
        "undetermined",
        "source_conflict",
        "reported",
    }
