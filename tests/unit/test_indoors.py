"""Ways indoors and underground take no snaps where a street is in reach."""

from __future__ import annotations

from decimal import Decimal

import geopandas
import numpy as np
import pytest
from shapely import LineString
from tests.oracle import oracle
from tests.oracle.oracle_tags import tags_take_snaps, takes_last_snaps
from tests.streets import EAST_M, METRIC, NORTH_M, OsmRelation, OsmWay, write_osm

from circle15 import network_from_graph
from circle15.network.osm.snap_rule import highest_level, takes_snaps
from circle15.network.osm.snap_rule import takes_last_snaps as joins_last
from circle15.network.snapping import SnapCode, snap_to_network
from circle15.network.sources.network_source import open_network
from circle15.network.topology.compounds import compounds_of
from circle15.study.settings.records import NetworkSource

OUTDOORS = [
    {"highway": "footway"},
    {"highway": "footway", "level": "0"},
    {"highway": "footway", "level": "-1;0"},
    {"highway": "steps", "level": "-1;0", "layer": "-1"},
    {"highway": "footway", "level": "-1-0"},
    {"highway": "footway", "level": "0-1"},
    {"highway": "footway", "level": "-2,1"},
    {"highway": "footway", "level": "2"},
    {"highway": "footway", "layer": "1"},
    {"highway": "footway", "layer": "north"},
    {"highway": "footway", "indoor": "no"},
    {"highway": "corridor", "indoor": "no"},
    {"highway": "steps", "conveying": "no"},
    {"highway": "footway", "covered": "yes"},
    {"highway": "footway", "location": "overground"},
    {"highway": "service", "tunnel": "building_passage"},
    {"highway": "service", "tunnel": "building_passage", "layer": "-1"},
    {"railway": "platform"},
]
INDOORS = [
    {"highway": "footway", "indoor": "yes"},
    {"highway": "footway", "indoor": "yes", "level": "0"},
    {"highway": "footway", "indoor": "corridor"},
    {"highway": "corridor"},
    {"highway": "corridor", "level": "0"},
    {"highway": "elevator"},
    {"highway": "elevator", "level": "-2-0"},
    {"highway": "steps", "conveying": "forward"},
    {"highway": "footway", "conveying": "yes"},
    {"highway": "footway", "level": "-1"},
    {"highway": "footway", "level": "-1.5"},
    {"highway": "footway", "level": "\N{MINUS SIGN}1"},
    {"highway": "footway", "level": "-2--1"},
    {"highway": "footway", "level": "-3;-2"},
    {"highway": "footway", "level": "-3; -1"},
    {"highway": "footway", "level": "B2"},
    {"highway": "footway", "layer": "-1"},
    {"highway": "footway", "layer": "-1", "level": "somewhere"},
    {"highway": "footway", "location": "underground"},
    {"highway": "service", "tunnel": "building_passage", "level": "-1"},
    {"railway": "platform", "level": "-2"},
]
NEVER = [
    {"highway": "footway", "tunnel": "yes"},
    {"highway": "footway", "tunnel": "yes", "layer": "-1"},
    {"highway": "corridor", "bridge": "yes"},
    {"highway": "motorway", "foot": "yes", "layer": "-1"},
]


@pytest.mark.parametrize(
    ("tags", "first", "last"),
    [
        *((tags, True, False) for tags in OUTDOORS),
        *((tags, False, True) for tags in INDOORS),
        *((tags, False, False) for tags in NEVER),
    ],
    ids=str,
)
def test_what_takes_snaps(tags, first, last):
    assert (takes_snaps(tags), joins_last(tags)) == (first, last)
    assert (tags_take_snaps(tags), takes_last_snaps(tags)) == (first, last)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", None),
        ("up", None),
        ("3", 3),
        ("-2--1", -1),
        ("-2-1", 1),
        ("1;-4", 1),
        ("-1-0", 0),
        ("-3 - -1", -1),
        ("-1;", -1),
        (";;", None),
        ("0.5", 0.5),
        ("b1", -1),
        ("1-B2", 1),
    ],
)
def test_the_highest_level(text, level):
    assert highest_level(text) == level


# A street A-B at 150 m to the north of the origin, and a way C-D 30 m to the north of it: D-B links
# them. The home stands in the origin, another one (far) 150 m to the south.
NODES = {
    "A": (-600.0, 150.0),
    "B": (600.0, 150.0),
    "C": (-100.0, 30.0),
    "D": (600.0, 30.0),
}
SHIFT = np.array([EAST_M, NORTH_M])
HOMES = np.array([(0.0, 0.0), (0.0, -150.0), (0.0, -400.0)])


def build(folder, tags, *, more=(), relations=(), least_m=500):
    ways = ["AB", "DB", OsmWay("CD", tags), *more]
    path = write_osm(folder / "n.osm", NODES, *ways, relations=relations)
    source = NetworkSource(path, min_component_m=Decimal(least_m))
    return open_network(source).build(METRIC)[0]


def joined(network, homes=HOMES):
    snaps = snap_to_network(homes[:, 0] + EAST_M, homes[:, 1] + NORTH_M, network)
    ways = [int(network.way_id[e]) if e >= 0 else None for e in snaps.edge]
    return ways, snaps


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "corridor"},
        {"highway": "steps", "conveying": "yes", "level": "-4"},
        {"highway": "footway", "level": "-2--1"},
    ],
    ids=str,
)
def test_the_street_is_joined_before_what_lies_below(tmp_path, tags):
    """The home joins the street at 150 m; the one from which it is 300 m joins the way at 180 m."""
    ways, snaps = joined(build(tmp_path, tags))
    assert ways == [1, 3, None]
    assert np.round(snaps.access_mm, -2).tolist()[:2] == [150_000, 180_000]
    assert snaps.code.tolist() == ["", "", SnapCode.TOO_FAR]
    other = oracle.read_osm(tmp_path / "n.osm", METRIC)
    theirs = oracle.snap(HOMES + SHIFT, other)
    assert [other.edges[s.edge].way if isinstance(s, oracle.Snap) else s for s in theirs] == [
        1,
        3,
        oracle.TOO_FAR,
    ]


def test_a_way_on_the_ground_is_joined_first(tmp_path):
    ways, _ = joined(build(tmp_path, {"highway": "footway", "level": "-1;0"}))
    assert ways == [3, 3, None]


def test_a_tunnel_is_never_joined(tmp_path):
    ways, _ = joined(build(tmp_path, {"highway": "footway", "tunnel": "yes", "layer": "-1"}))
    assert ways == [1, None, None]


def test_a_short_piece_indoors_is_never_joined(tmp_path):
    """A corridor of 700 m that hangs on nothing, with at least 1,000 m asked of a piece."""
    path = write_osm(tmp_path / "n.osm", NODES, "AB", OsmWay("CD", {"highway": "corridor"}))
    source = NetworkSource(path, min_component_m=Decimal(1000))
    ways, _ = joined(open_network(source).build(METRIC)[0])
    assert ways == [1, None, None]


def test_a_network_that_lies_indoors_takes_all(tmp_path):
    """Where no street takes snaps, the mall does."""
    path = write_osm(tmp_path / "n.osm", NODES, OsmWay("CDB", {"highway": "corridor"}))
    ways, _ = joined(open_network(NetworkSource(path)).build(METRIC)[0])
    assert ways == [1, 1, None]


def test_a_street_behind_a_river_is_in_reach(tmp_path):
    """A river at 100 m: the home is cut off from the street, and does not climb down instead."""
    nodes = {**NODES, "R": (-900.0, 100.0), "S": (500.0, 100.0)}
    below = OsmWay("CD", {"highway": "footway", "level": "-1"})
    river = OsmWay("RS", {"waterway": "river"})
    path = write_osm(tmp_path / "n.osm", nodes, "AB", "DB", below, river)
    _, snaps = joined(open_network(NetworkSource(path)).build(METRIC)[0], HOMES[:1])
    assert snaps.code.tolist() == [SnapCode.ACCESS_BARRIER]
    other = oracle.read_osm(path, METRIC)
    assert oracle.snap(HOMES[:1] + SHIFT, other) == [oracle.ACCESS_BARRIER]


def test_a_square_under_ground_takes_no_snaps(tmp_path):
    """Its rim has the tags of the relation, and so have the ways across."""
    tags = {"type": "multipolygon", "highway": "pedestrian", "level": "-1"}
    network = build(tmp_path, {}, relations=[OsmRelation(tags, [(3, "outer")])])
    assert network.last_resort is not None
    assert network.way_id[network.last_resort].tolist() == [3]


def test_it_goes_into_a_graph_and_back_and_into_compounds(tmp_path):
    network = build(tmp_path, {"highway": "footway", "level": "-1"})
    again = network_from_graph(network.to_graph(), crs=network.crs.to_string())
    assert joined(again)[0] == joined(network)[0] == [1, 3, None]
    split = compounds_of(build(tmp_path, {"highway": "corridor", "access": "private"}))
    assert joined(split.under("residents"))[0] == [1, 3, None]


def test_a_layer_of_lines_says_levels_too(tmp_path):
    """A column `level` counts as the tag does; -1 may be a number there."""
    xy = {k: np.array(v) + SHIFT for k, v in NODES.items()}
    lines = [
        LineString([xy["A"], xy["B"]]),
        LineString([xy["D"], xy["B"]]),
        LineString([xy["C"], xy["D"]]),
    ]
    frame = geopandas.GeoDataFrame(
        {"highway": ["residential", "steps", "footway"], "level": [0.0, None, -1.0]},
        geometry=lines,
        crs=METRIC,
    )
    path = tmp_path / "streets.parquet"
    frame.to_parquet(path)
    network = open_network(NetworkSource(path)).build(METRIC)[0]
    assert joined(network)[0] == [0, 2, None]
