"""The gates of the sample: nodes that a wall shares with a street, and the doors of its zones."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import shapely

from circle15.inputs.crs.positions import to_metric
from circle15.network.osm.osm_file import read_osm
from circle15.network.snapping import snap_to_network
from circle15.results.summary.building import build_summary
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study

NEAR_DEGREES = 3e-4  # 30 m


@pytest.fixture(scope="module")
def gates(sample_study):
    """Degrees of the gates that stand on a wall and on a street."""
    ways = read_osm(sample_study.with_name("network.osm.pbf"))
    gate = [node for node, tags in ways.node_tags.items() if "barrier" in tags]
    walls, streets = (
        np.concatenate([run for way in kind for run in way.runs])
        for kind in (ways.barriers, ways.walkable)
    )
    both = np.intersect1d(np.intersect1d(gate, walls[:, 0]), streets[:, 0])
    first = np.unique(walls[:, 0], return_index=True)[1]
    return walls[first][np.isin(walls[first, 0], both), 1:] / 10_000_000


@pytest.fixture(scope="module")
def result(sample_result):
    return sample_result


def test_every_gate_in_a_wall_joins_where_it_stands(gates, result):
    x, y = to_metric(gates[:, 0], gates[:, 1], result.network.crs)
    assert len(gates) == 462
    for walls in ("prefer", "stop"):
        found = snap_to_network(x, y, replace(result.network, walls=walls))
        assert set(found.code) == {""}
        assert found.access_mm.max() == 0


def test_zones_entered_by_their_gates(gates, result, sample_study, tmp_path):
    """
    Of 26 zones, two categories each: a gate joins, and is like the homes, or they walk farther.

    Homes stand along the ways inside a zone; from a gate some of them are up to 500 m away.
    """
    folder = tmp_path / "sample"
    shutil.copytree(sample_study.parent, folder)
    features = json.loads((folder / "zones.geojson").read_text("utf-8"))["features"]
    points = shapely.points(gates)
    rows = [
        (feature["properties"]["编号"], *gates[k])
        for feature in features
        if feature["geometry"]
        for k in np.flatnonzero(
            shapely.distance(shapely.geometry.shape(feature["geometry"]), points) < NEAR_DEGREES
        )
    ]
    lines = [f"{zone},{lon:.7f},{lat:.7f}" for zone, lon, lat in rows]
    (folder / "gates.csv").write_text("\n".join(["zone_id,lon,lat", *lines, ""]), "utf-8")
    study = folder / "study.toml"
    entered = 'file = "zones.geojson"\nentrances = "gates.csv"\n'
    text = study.read_text("utf-8").replace('file = "zones.geojson"\n', entered)
    study.write_text(text, "utf-8")
    homes, doors = circles(result), circles(run_study(load_study(study)))
    zones = {zone for zone, _, _ in rows}
    assert len(zones) >= 25
    pairs = [(homes[key], doors[key]) for key in homes if key[0] in zones]
    assert len(pairs) == 2 * len(zones)
    differ = [(home, door) for home, door in pairs if home["state"] != door["state"]]
    assert len(differ) <= len(pairs) / 3
    for home, door in differ:
        assert home["worst_s"] > max(door["worst_s"], 900), (home, door)
    assert all(door["worst_s"] is not None for _, door in pairs)


def circles(result):
    """Circle of each zone and category of a result."""
    return {
        (zone["zone_id"], circle["category"]): circle
        for zone in build_summary(result)["residential_zones"]
        for circle in zone["circle"]
    }
