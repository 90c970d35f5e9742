"""OpenStreetMap files small enough to read by eye."""

from __future__ import annotations

import gzip
from decimal import Decimal

import numpy as np
import pytest
from tests.streets import METRIC, Nodes, OsmWay, walk_ms, write_osm

from circle15.errors import InputDataError
from circle15.network.build import build_network
from circle15.network.osm.osm_file import OsmWays, read_osm
from circle15.network.walk_network import NO_WAY, WalkNetwork
from circle15.study.settings.records import NetworkSource

# A --300-- B --300-- C --300-- D --300-- E
LINE: Nodes = {name: (300.0 * k, 0.0) for k, name in enumerate("ABCDE")}
FOOT = {"highway": "footway"}


def read(tmp_path, nodes, *ways, relations=()) -> OsmWays:
    return read_osm(write_osm(tmp_path / "small.osm", nodes, *ways, relations=relations))


def build(tmp_path, nodes, *ways, least_m=0, squares="cross", relations=()) -> WalkNetwork:
    path = write_osm(tmp_path / "small.osm", nodes, *ways, relations=relations)
    source = NetworkSource(path, min_component_m=Decimal(least_m), squares=squares)
    return build_network(read_osm(path), METRIC, source)


def seconds(network, start, end) -> int | None:
    """Walking time between two nodes of the drawing, whole seconds at 1 m/s."""
    shift = np.array([500_000.0, 3_490_000.0])
    ms = walk_ms(network, tuple(np.add(start, shift)), tuple(np.add(end, shift)))
    return None if ms is None else round(ms / 1000)


def test_a_street_of_five_nodes(tmp_path):
    """A-B-C-D-E, 4 edges of 300 m: 1 200 s from end to end, edges named way:place."""
    network = build(tmp_path, LINE, "ABCDE")
    assert network.edge_ids.tolist() == ["1:0", "1:1", "1:2", "1:3"]
    assert network.length_m == pytest.approx([300] * 4, abs=0.02)
    assert network.base_mm_fwd.tolist() == network.base_mm_bwd.tolist()
    assert seconds(network, LINE["A"], LINE["E"]) == 1200
    assert seconds(network, LINE["E"], LINE["A"]) == 1200


def test_a_missing_node_cuts_the_way(tmp_path):
    """A--B--x--D--E: x is not in the file. B and D stay apart, nothing bridges the hole."""
    ways = read(tmp_path, {k: LINE[k] for k in "ABDE"}, "ABxDE")
    assert ways.missing_nodes == 1
    assert [[node[0] for node in run] for run in ways.walkable[0].runs] == [[65, 66], [68, 69]]
    network = build(tmp_path, {k: LINE[k] for k in "ABDE"}, "ABxDE")
    assert len(network.u) == 2
    assert seconds(network, LINE["A"], LINE["B"]) == 300
    assert seconds(network, LINE["A"], LINE["D"]) is None


def test_a_hole_at_the_end_leaves_no_edge(tmp_path):
    """A--B--x--D: D alone is no edge; x--A--B: nor is the first."""
    nodes = {k: LINE[k] for k in "ABD"}
    assert len(build(tmp_path, nodes, "ABxD").u) == 1
    assert len(build(tmp_path, nodes, "xAB").u) == 1


def test_ways_whose_nodes_are_all_missing(tmp_path):
    """A file of ways without their nodes, or with the ways first, is refused by name."""
    with pytest.raises(InputDataError, match=r"small\.osm: holds no walkable way"):
        read(tmp_path, {}, "ABC")


def test_a_repeated_node_makes_no_edge(tmp_path):
    """A B B C: two edges, not three."""
    assert len(build(tmp_path, LINE, "ABBC").u) == 2


def test_one_way_for_vehicles_does_not_bind_people(tmp_path):
    """`oneway=yes` is for cars: both directions are walked."""
    network = build(tmp_path, LINE, OsmWay("AB", {"highway": "residential", "oneway": "yes"}))
    assert (network.base_mm_bwd != NO_WAY).all()


@pytest.mark.parametrize(
    ("tags", "along", "against"),
    [
        ({"oneway:foot": "yes"}, 300, None),
        ({"oneway:foot": "-1"}, None, 300),
        ({"foot:backward": "no"}, 300, None),
        ({"foot:forward": "no"}, None, 300),
        ({"oneway:foot": "no"}, 300, 300),
    ],
)
def test_one_way_for_people_on_foot(tmp_path, tags, along, against):
    """A --300-- B, walked from 0 to 300 m, allowed along, against, or both."""
    network = build(tmp_path, LINE, OsmWay("AB", FOOT | tags))
    inner = (0.01, 0.0), (299.99, 0.0)  # not at the nodes themselves
    assert seconds(network, *inner) == along
    assert seconds(network, *reversed(inner)) == against


def test_a_bridge_over_a_motorway_does_not_join_it(tmp_path):
    """
              C                The footbridge C-D crosses the street A-B where neither has a
              |                node: nobody gets from one to the other, though the lines cross.
    A---------|---------B      The motorway M-N on the ground is a barrier and no way at all.
    M---------|---------N
              D
    """
    nodes = {
        "A": (0.0, 0.0),
        "B": (200.0, 0.0),
        "C": (100.0, 100.0),
        "D": (100.0, -100.0),
        "M": (0.0, -30.0),
        "N": (200.0, -30.0),
    }
    network = build(
        tmp_path,
        nodes,
        "AB",
        OsmWay("CD", FOOT | {"bridge": "yes", "layer": "1"}),
        OsmWay("MN", {"highway": "motorway"}),
    )
    assert len(network.u) == 2
    assert len(set(network.component[network.u])) == 2
    assert network.snappable.tolist() == [True, False]  # and a bridge takes no snaps
    assert len(network.barriers) == 1
    assert network.dropped == {"motorway": 1}
    # A home south of the motorway may not step across it to the street.
    assert seconds(network, (50.0, -60.0), (150.0, 5.0)) is None


@pytest.mark.parametrize(
    ("tags", "barriers"),
    [
        ({"waterway": "river"}, 1),
        ({"waterway": "river", "tunnel": "culvert"}, 0),
        ({"waterway": "river", "layer": "-1"}, 0),
        ({"waterway": "stream"}, 0),
        ({"railway": "rail"}, 1),
        ({"railway": "rail", "bridge": "viaduct"}, 0),
        ({"railway": "subway", "tunnel": "yes"}, 0),
        ({"railway": "tram"}, 0),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "bridge": "yes"}, 0),
        ({"barrier": "wall"}, 1),
        ({"barrier": "fence", "layer": "no number"}, 1),
        ({"barrier": "gate"}, 0),
        ({"natural": "water"}, 1),
        ({"natural": "wood"}, 0),
    ],
)
def test_what_stops_a_leg(tmp_path, tags, barriers):
    """The street A-B and a line C-D: a barrier on the ground, none above or below it."""
    found = read(tmp_path, LINE, "AB", OsmWay("CD", tags))
    assert len(found.barriers) == barriers


def test_banks_of_a_water_area_are_barriers(tmp_path):
    """Way 2 has no tags: the multipolygon of water that it belongs to makes it a bank."""
    water = {"type": "multipolygon", "natural": "water"}
    found = read(tmp_path, LINE, "AB", OsmWay("CDE", {}), relations=[water])
    assert [way.id for way in found.barriers] == [1, 2]
    wood = water | {"natural": "wood"}
    assert read(tmp_path, LINE, "AB", OsmWay("CDE", {}), relations=[wood]).barriers == []


def test_everything_read_is_counted(tmp_path):
    found = read(
        tmp_path,
        LINE,
        "AB",
        OsmWay("BC", {"highway": "motorway"}),
        OsmWay("CD", {"highway": "footway", "foot": "no"}),
        OsmWay("DE", {"building": "yes"}),
        OsmWay("DE", {"highway": "proposed"}),
        OsmWay("DE", {"highway": "escalator"}),
    )
    assert (found.ways_read, len(found.walkable)) == (5, 1)
    assert found.kept == {"street": 1}
    assert found.dropped == {"motorway": 1, "foot_forbidden": 1, "not_built": 1, "unlisted": 1}


def test_the_order_of_the_file_does_not_matter(tmp_path):
    """Edges come by way id and place, not as the file has them."""
    one = build(tmp_path, LINE, "AB", "BC", "CD")
    path = tmp_path / "small.osm"
    lines = path.read_text("utf-8").splitlines()
    ways = [line for line in lines if line.startswith("<way")]
    head = [line for line in lines[:-1] if not line.startswith("<way")]
    path.write_text("\n".join([*head, *reversed(ways), lines[-1]]), "utf-8")
    other = build_network(read_osm(path), METRIC, NetworkSource(path, min_component_m=Decimal(0)))
    assert one.edge_ids.tolist() == other.edge_ids.tolist()
    assert np.array_equal(one.base_mm_fwd, other.base_mm_fwd)


def test_gzipped(tmp_path):
    plain = write_osm(tmp_path / "small.osm", LINE, "ABC")
    packed = tmp_path / "small.osm.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert len(read_osm(packed).walkable) == 1


@pytest.mark.parametrize("name", ["bad.osm", "bad.osm.pbf", "bad.osm.gz", "bad.osm.bz2"])
@pytest.mark.parametrize("content", [b"", b"no map at all", b"<osm version='0.6'><node id="])
def test_what_is_no_map_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputDataError) as caught:
        read_osm(path)
    assert str(caught.value).startswith(str(path))


def test_a_header_box_is_the_extent(tmp_path):
    """`<bounds>` of the file gives the extent; without it the hull of the nodes is a guess."""
    path = write_osm(tmp_path / "small.osm", LINE, "ABCDE", "AE")
    hull = build_network(read_osm(path), METRIC, NetworkSource(path, min_component_m=Decimal(0)))
    assert hull.extent_source == "hull"
    bounds = '<bounds minlat="31.4" minlon="119.9" maxlat="31.6" maxlon="120.1"/>'
    text = path.read_text("utf-8").replace('generator="test">', f'generator="test">{bounds}')
    path.write_text(text, "utf-8")
    found = read_osm(path)
    assert found.bounds == pytest.approx((119.9, 31.4, 120.1, 31.6))
    network = build_network(found, METRIC, NetworkSource(path, min_component_m=Decimal(0)))
    assert network.extent_source == "header"
    assert len(network.exits) == 0


def test_tags_of_nodes_that_matter(tmp_path):
    """
    A gate, a crossing and a lift are kept with the tags that are looked at; a lamp is not, nor is
    the colour of the gate; C has no tags.
    """
    tags = {
        "A": {"barrier": "gate", "access": "private", "colour": "red"},
        "B": {"highway": "crossing", "crossing": "traffic_signals", "crossing:signals": "yes"},
        "D": {"highway": "street_lamp"},
        "E": {"highway": "elevator"},
    }
    path = write_osm(tmp_path / "small.osm", LINE, "ABCDE", node_tags=tags)
    del tags["A"]["colour"], tags["D"]
    assert read_osm(path).node_tags == {ord(name): found for name, found in tags.items()}


HOSTILE_WORDS = "a b,c=d%@%20%\n中文🀄𠮷\t"


def test_tags_come_through_as_they_are_written(tmp_path) -> None:
    """Both ways of reading lines: by libosmium, and where a node lies outside the world."""
    text = "".join(f"&#{ord(ch)};" for ch in HOSTILE_WORDS)
    outside = '<node id="9" version="1" lat="95" lon="200"><tag k="barrier" v="gate"/></node>'
    for extra, edited in (
        ("", None),
        ("", "2024-05-06T07:08:09Z"),
        (outside, None),
        (outside, "2024-05-06T07:08:09Z"),
    ):
        stamp = f'timestamp="{edited}"' if edited else ""
        path = tmp_path / "words.osm"
        path.write_text(
            '<osm version="0.6"><node id="1" version="1" lat="31.5" lon="120"/>'
            f'<node id="2" version="1" lat="31.5001234" lon="-120.0000001"/>{extra}'
            f'<way id="5" version="2" {stamp}><nd ref="1"/><nd ref="2"/>'
            f'<nd ref="9"/><tag k="highway" v="path"/><tag k="{text}" v="{text}"/></way>'
            '<relation id="3" version="1"><member type="way" ref="5" role="a@w7@"/>'
            '<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation></osm>',
            "utf-8",
        )
        found = read_osm(path)
        assert found.walkable[0].tags == {"highway": "path", HOSTILE_WORDS: HOSTILE_WORDS}
        nodes = [run.tolist() for run in found.walkable[0].runs]
        assert nodes == [[[1, 1200000000, 315000000], [2, -1200000001, 315001234]]]
        assert found.missing_nodes == 1
        assert found.newest_edit == edited
        assert [way.id for way in found.barriers] == [5]
        assert found.node_tags == ({9: {"barrier": "gate"}} if extra else {})
