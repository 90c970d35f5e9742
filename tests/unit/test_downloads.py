"""What is downloaded of a place, and what is kept: from servers that this test starts."""

from __future__ import annotations

import json
import socket
import time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from tests.builders.place_server import LAKE, OUTLINE, TAGS, a_place, fetch
from tests.osm_server import DATE, PLACE, place_result
from tests.streets import EAST_M, METRIC, NORTH_M, lon_lat

from circle15.errors import InputDataError
from circle15.network.build import build_network
from circle15.network.downloads.outlines import surroundings
from circle15.network.osm.osm_file import read_osm
from circle15.study.settings.records import NetworkSource


@pytest.fixture
def server():
    with a_place() as known:
        yield known


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Every pause, noted instead of slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"])
def test_a_place_is_downloaded_with_every_tag(server, tmp_path, suffix):
    file = tmp_path / f"place{suffix}"
    record = fetch(server, file)
    ways = read_osm(file)
    assert [way.tags for way in ways.walkable] == [TAGS]
    assert ways.dropped == {"motorway": 1}
    assert [way.id for way in ways.barriers] == [2, 20, 21]  # motorway, river, bank of the lake
    assert (record["nodes"], record["ways"], record["data_date"]) == (5, 4, DATE)
    assert json.loads((tmp_path / "place.json").read_text("utf-8")) == record
    if suffix == ".osm.pbf":
        assert ways.timestamp == DATE
    names = {f"place{suffix}", "place.json", "place.extent.geojson", "place.boundary.geojson"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_members_beyond_an_answer_are_no_fault(server, tmp_path):
    """Of a relation at the edge a server sends some members; of a way, always all nodes."""
    members = [{"type": "way", "ref": 21, "role": "outer"}]
    members += [{"type": kind, "ref": 999, "role": ""} for kind in ("node", "way", "relation")]
    server.barriers.append({"type": "relation", "id": 8, "tags": LAKE["tags"], "members": members})
    record = fetch(server, tmp_path / "p.osm.pbf")
    assert (record["nodes"], record["ways"]) == (5, 4)
    assert len(read_osm(tmp_path / "p.osm.pbf").walkable) == 1


def test_the_parts_of_a_large_place_may_share_ways(server, tmp_path):
    """A way over the border of two parts comes with both, each time with its far nodes too."""
    wide = shapely.box(119.5, 31, 120.6, 31.8)
    server.places[PLACE] = [place_result(wide, "大区")]
    said: list[str] = []
    record = fetch(server, tmp_path / "p.osm.pbf", said=said)
    assert any("streets, part 2 of" in line for line in said)
    assert (record["nodes"], record["ways"]) == (5, 4)


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm"])
def test_gates_and_signals_of_a_place_are_kept(server, tmp_path, suffix):
    gate = {"barrier": "gate", "access": "private"}
    signals = {"highway": "crossing", "crossing": "traffic_signals"}
    tags = {ord("A"): gate, ord("B"): signals}
    server.streets[:] = [
        one | {"tags": tags[one["id"]]} if one["type"] == "node" and one["id"] in tags else one
        for one in server.streets
    ]
    file = tmp_path / f"place{suffix}"
    fetch(server, file)
    found = read_osm(file)
    assert found.node_tags == tags
    network = build_network(found, METRIC, NetworkSource(file))
    assert len(network.gates) == 1


def test_what_is_asked(server, tmp_path):
    """One name, then all ways with a highway, unfiltered, and the barriers with their relations."""
    said: list[str] = []
    fetch(server, tmp_path / "p.osm", said=said)
    (search, name), (_, streets), (_, barriers) = server.asked
    assert (search, name) == ("/search", PLACE)
    assert 'way["highway"](poly:' in streets
    assert "!~" not in streets
    assert "relation['natural'='water']" in barriers
    assert len(said) == 3


def test_the_outline_is_widened_by_the_reach(server, tmp_path):
    """Every point within 1 280 m of the place is inside, none beyond 1 400 m."""
    fetch(server, tmp_path / "p.osm")
    (extent,) = gpd.read_file(tmp_path / "p.extent.geojson").to_crs(METRIC).geometry
    (place,) = gpd.read_file(tmp_path / "p.boundary.geojson").to_crs(METRIC).geometry
    assert extent.covers(place.buffer(1280))
    assert place.buffer(1400).covers(extent)


def test_holes_of_a_place_are_asked_for_too():
    ring = shapely.Polygon(
        lon_lat([(0, 0), (9000, 0), (9000, 9000), (0, 9000)]),
        [lon_lat([(3000, 3000), (6000, 3000), (6000, 6000), (3000, 6000)])],
    )
    assert surroundings(ring, 100).covers(shapely.Point(lon_lat([(4500, 4500)])[0]))


def test_a_second_call_asks_nobody(server, tmp_path):
    first = fetch(server, tmp_path / "p.osm.pbf")
    asked = server.n_asked
    assert fetch(server, tmp_path / "p.osm.pbf") == first
    assert server.n_asked == asked


def test_the_same_answers_give_the_same_bytes(server, tmp_path):
    fetch(server, tmp_path / "a.osm.pbf")
    server.streets.reverse()
    fetch(server, tmp_path / "b.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()


def test_nothing_else_is_touched(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lookup = socket.getaddrinfo
    fetch(server, tmp_path / "p.osm")
    with pytest.raises(InputDataError):
        fetch(server, tmp_path / "q.osm", place="nowhere")
    assert socket.getaddrinfo is lookup
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("place", ["", "  ", "a\0b", "a\nb", "\ud800", "x" * 2000])
def test_a_place_without_a_name(server, tmp_path, place):
    with pytest.raises(InputDataError, match="is not the name of a place"):
        fetch(server, tmp_path / "p.osm", place=place)
    assert server.n_asked == 0


def test_a_place_that_is_too_large(server, tmp_path):
    land = shapely.box(100, 20, 130, 50)
    server.places["国"] = [place_result(land, "国")]
    with pytest.raises(InputDataError, match="is 30 degrees wide"):
        fetch(server, tmp_path / "p.osm", place="国")


def test_the_best_place_with_an_outline_is_taken(server, tmp_path):
    """The most important one; the first of several that are as important; no point."""
    others = [
        place_result(shapely.Point(1, 1), "点") | {"importance": 0.9},
        place_result(OUTLINE, "甲") | {"importance": 0.6},
        place_result(OUTLINE, "乙") | {"importance": 0.6},
        place_result(OUTLINE, "丙") | {"importance": 0.1},
    ]
    server.places["多"] = others
    assert fetch(server, tmp_path / "p.osm", place="多")["found"] == "甲"


def test_places_that_cannot_be_used(server, tmp_path):
    with pytest.raises(InputDataError, match="knows no place 'nowhere'"):
        fetch(server, tmp_path / "p.osm", place="nowhere")
    with pytest.raises(InputDataError, match="'一点' has no outline"):
        fetch(server, tmp_path / "p.osm", place="一点")
    server.streets.clear()
    with pytest.raises(InputDataError, match="has no street in 小区"):
        fetch(server, tmp_path / "p.osm")
    assert list(tmp_path.iterdir()) == []


def test_files_that_cannot_be_used(server, tmp_path):
    with pytest.raises(InputDataError, match=r"format '\.shp'"):
        fetch(server, tmp_path / "p.shp")
    (tmp_path / "mine.osm").write_text("mine", encoding="utf-8")
    with pytest.raises(InputDataError, match="exists already"):
        fetch(server, tmp_path / "mine.osm")
    for ending in (".json", ".extent.geojson", ".boundary.geojson"):
        (tmp_path / f"q{ending}").write_text("{}", encoding="utf-8")
        with pytest.raises(InputDataError, match=f"q{ending}: exists already"):
            fetch(server, tmp_path / "q.osm")
        (tmp_path / f"q{ending}").unlink()
    fetch(server, tmp_path / "p.osm")
    (tmp_path / "p.osm").unlink()  # how one downloads anew
    fetch(server, tmp_path / "p.osm")
    with pytest.raises(InputDataError, match="exists already"):
        fetch(server, tmp_path / "p.osm", reach_m=2000)
    (tmp_path / "p.osm").write_text("changed", encoding="utf-8")
    with pytest.raises(InputDataError, match="SHA-256"):
        fetch(server, tmp_path / "p.osm")


def test_the_network_is_the_one_of_the_same_file(server, tmp_path):
    """A one-way street for people on foot stays one: every tag of the filter is kept."""
    fetch(server, tmp_path / "p.osm.pbf")
    source = NetworkSource(tmp_path / "p.osm.pbf")
    network = build_network(read_osm(tmp_path / "p.osm.pbf"), METRIC, source)
    assert network.base_mm_bwd.tolist() == [-1, -1]
    assert np.allclose(network.x_m, np.array([0, 300, 600]) + EAST_M, atol=0.01)
    assert np.allclose(network.y_m, NORTH_M, atol=0.01)
