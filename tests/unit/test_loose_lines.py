"""
Streets exported as lines that do not end where they meet, found when a study is read.

    h1 ──── A ──────────── m ──────────── B   the long street, 2,400 m; the site is at 100 m
                           │
                           C                  a side street of 600 m, with h2 at its end
"""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from tests.streets import lon_lat, write_layer, write_study

import circle15
from circle15.network.snapping import snap_to_network
from circle15.network.sources.loose_lines import loose_lines
from circle15.network.sources.near_lines import near_pairs
from circle15.workflow.reading import read_inputs, silent

STREET = {"highway": "residential"}
LONG, SIDE = [(0, 0), (500, 0), (2400, 0)], [(500, 0), (500, 600)]
HOMES = {"h1": (10.0, 0.0, 100), "h2": (500.0, 300.0, 50), "h3": (2390.0, 0.0, 30)}
SITES = {"f": (0.0, 0.0)}


def inputs_of(folder, *lines):
    """Inputs of a study whose streets are rows of (vertices, tags)."""
    study = write_study(folder, {"A": (0.0, 0.0), "B": (9.0, 0.0)}, ["AB"], HOMES, SITES)
    rows = [(shapely.LineString(one[0]), one[1]) for one in lines]
    write_layer(folder / "streets.geojson", rows)
    return read_inputs(circle15.load_study(study), silent)


def found(inputs):
    codes = "LINES_NOT_JOINED", "LINES_MEET_UNJOINED", "NETWORK_IN_PIECES"
    return [finding for finding in inputs.findings if finding.code in codes]


@pytest.mark.parametrize(
    ("side", "gap"),
    [
        ([(500, 0), (500, 600)], "0.000"),
        ([(500, 0.01), (500, 600)], "0.010"),
        ([(500, 0.9), (500, 600)], "0.900"),
        ([(500, -0.2), (500, 600)], "0.000"),
        ([(500, -40), (500, 600)], "0.000"),
        ([(500, -100), (500, 0.3), (500, 600)], "0.000"),
    ],
)
def test_what_only_touches_or_crosses_is_listed(tmp_path, side, gap):
    """The long street has no vertex at 500 m, so h2 and its 50 people are beyond."""
    inputs = inputs_of(tmp_path, ([(0, 0), (2400, 0)], STREET), (side, STREET))
    (finding,) = found(inputs)
    assert (finding.code, finding.severity) == ("LINES_NOT_JOINED", "warning")
    assert finding.persons_micro == 50_000_000
    assert finding.detail["gap_m"] == gap
    lon, lat = map(float, finding.detail["first"].split("; ")[0].split(", "))
    assert (lon, lat) == pytest.approx(lon_lat([(500.0, 0.0)])[0].tolist(), abs=1e-5)


def test_ends_a_centimetre_apart_are_listed(tmp_path):
    """Both streets end at 500 m, the side street 1 cm beside them."""
    parts = [(0, 0), (500, 0)], [(500, 0), (2400, 0)], [(500, 0.01), (500, 600)]
    inputs = inputs_of(tmp_path, *[(part, STREET) for part in parts])
    (finding,) = found(inputs)
    assert (finding.persons_micro, finding.detail["places"]) == (50_000_000, "1")


def test_an_end_two_metres_away_is_an_end(tmp_path):
    inputs = inputs_of(tmp_path, (LONG, STREET), ([(500, 2), (500, 600)], STREET))
    assert not found(inputs)


@pytest.mark.parametrize(
    "tags", [{"bridge": "yes"}, {"tunnel": "yes"}, {"layer": "1"}, {"layer": "-1"}]
)
def test_bridges_and_tunnels_pass(tmp_path, tags):
    """With a vertex where they cross or without: nobody gets down there, and that is no fault."""
    for side in ([(500, -600), (500, 0), (500, 600)], [(500, -600), (500, 600)]):
        inputs = inputs_of(tmp_path, (LONG, STREET), (side, STREET | tags))
        assert len(set(inputs.network.component.tolist())) == 2
        assert not found(inputs)


def test_a_longer_way_around_is_counted(tmp_path):
    """The side street crosses the long one unjoined, and a loop of 400 m joins them."""
    loop = [(500, 100), (600, 100), (600, 0)]
    crossing = [(500, -50), (500, 100), (500, 600)]
    long = [(0, 0), (600, 0), (2400, 0)]
    inputs = inputs_of(tmp_path, *[(line, STREET) for line in (long, crossing, loop)])
    (finding,) = found(inputs)
    assert (finding.code, finding.detail["places"]) == ("LINES_MEET_UNJOINED", "1")


def test_dense_vertices_of_a_curve_are_no_finding(tmp_path):
    """Vertices every 20 cm lie within a metre of edges of their own line."""
    curve = [(k / 5, (k / 50) ** 2) for k in range(3000)]
    assert not found(inputs_of(tmp_path, (LONG, STREET), (curve, STREET)))


def test_streets_of_which_no_piece_is_half_are_warned_of(tmp_path):
    """Three parallel streets of 700 m; two of them are a half and more."""
    rows = [([(0, 300 * k), (700, 300 * k)], STREET) for k in range(3)]
    (finding,) = found(inputs_of(tmp_path, *rows))
    assert finding.code == "NETWORK_IN_PIECES"
    assert finding.detail == {"pieces": "3", "share": "33.3"}
    (tmp_path / "two").mkdir()
    assert not found(inputs_of(tmp_path / "two", *rows[:2]))


def test_a_graph_whose_edges_only_touch(tmp_path):
    """The side street of a graph begins on an edge of the long one, at a node of its own."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    places = {0: (0, 0), 1: (2400, 0), 2: (500, 0), 3: (500, 600)}
    for node, place in places.items():
        lon, lat = lon_lat([place])[0].tolist()
        graph.add_node(node, x=lon, y=lat)
    for k, (u, v) in enumerate([(0, 1), (2, 3)]):
        graph.add_edge(u, v, osmid=k, highway="residential", length=1.0)
    osmnx.save_graphml(graph, tmp_path / "streets.graphml")
    study = write_study(tmp_path, {"A": (0.0, 0.0), "B": (9.0, 0.0)}, ["AB"], HOMES, SITES)
    text = study.read_text("utf-8").replace("streets.geojson", "streets.graphml")
    study.write_text(text, encoding="utf-8")
    (finding,) = found(read_inputs(circle15.load_study(study), silent))
    assert (finding.code, finding.persons_micro) == ("LINES_NOT_JOINED", 50_000_000)


def test_a_graph_that_circle15_made_keeps_its_bridges(tmp_path):
    """A bridge over the long street, out to a graph and back: the graph says where it joins."""
    bridge = [(500, -600), (500, 600)], STREET | {"bridge": "yes"}
    network = inputs_of(tmp_path, (LONG, STREET), bridge).network
    again = circle15.network_from_graph(network.to_graph())
    homes = snap_to_network(np.array([]), np.array([]), again)
    pairs = near_pairs(again, "graph")
    assert not loose_lines(again, pairs, homes, np.array([], np.int64), "graph")


def test_very_many_pieces_are_summed_up(tmp_path):
    """60 side streets of 600 m that cross the long street without a vertex: 50 rows, and one."""
    sides = [([(40 * k + 20, -300), (40 * k + 20, 300)], STREET) for k in range(60)]
    inputs = inputs_of(tmp_path, ([(0, 0), (2500, 0)], STREET), *sides)
    codes = Counter(finding.code for finding in inputs.findings)
    assert (codes["LINES_NOT_JOINED"], codes["LINES_NOT_JOINED_MORE"]) == (50, 1)
    assert codes["NETWORK_IN_PIECES"] == 1
    (more,) = (finding for finding in inputs.findings if finding.code == "LINES_NOT_JOINED_MORE")
    assert more.detail["pieces"] == "10"
