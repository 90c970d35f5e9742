"""
Files as they are edited and merged: several versions of one object, deleted ones, ids below 0.

The street is 1-2-3, each piece 1.1 km; way 1 is 1-2 and way 2 is 2-3.
"""

from __future__ import annotations

import bz2
import gzip
from decimal import Decimal

import osmium
import pytest
from tests.streets import METRIC

from circle15.errors import InputDataError
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource

STREET = '<tag k="highway" v="residential"/>'
CLOSED = '<tag k="highway" v="residential"/><tag k="access" v="no"/>'
GATE = '<tag k="barrier" v="gate"/><tag k="locked" v="yes"/><tag k="access" v="private"/>'


def node(number, lat, more='version="1"', inner=""):
    return f'<node id="{number}" lat="{lat}" lon="120" {more}>{inner}</node>'


def way(number, *refs, more='version="1"', tags=STREET):
    inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" {more}>{inner}{tags}</way>'


NODES = (node(1, 31.50), node(2, 31.51), node(3, 31.52))
BOX = '<bounds minlat="31.4" minlon="119.9" maxlat="31.6" maxlon="120.1"/>'


def build(folder, *parts, ending=".osm"):
    text = f'<osm version="0.6">{BOX}{"".join(parts)}</osm>'
    path = folder / f"n{ending}"
    if ending.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    elif ending.endswith(".bz2"):
        path.write_bytes(bz2.compress(text.encode()))
    elif ending.endswith(".pbf"):
        plain = folder / "plain.osm"
        plain.write_text(text, encoding="utf-8")
        with osmium.SimpleWriter(osmium.io.File(str(path), "osh.pbf"), overwrite=True) as writer:
            osmium.apply(str(plain), writer)
    else:
        path.write_text(text, encoding="utf-8")
    source = NetworkSource(path, min_component_m=Decimal(0))
    return open_network(source).build(METRIC)


def edges(network):
    return network.edge_ids.tolist()


ENDINGS = [
    ".osm",
    ".osm.gz",
    ".osm.bz2",
    ".osm.pbf",
    ".osh",
    ".osh.gz",
    ".osh.bz2",
    ".osh.pbf",
]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("newest_first", [False, True])
def test_the_newest_version_of_a_way_counts(tmp_path, ending, newest_first):
    """Way 2 was walkable and is closed since version 2, wherever that stands in the file."""
    both = [way(2, 2, 3), way(2, 2, 3, more='version="2"', tags=CLOSED)]
    both = both[::-1] if newest_first else both
    network, findings = build(tmp_path, *NODES, way(1, 1, 2), *both, ending=ending)
    assert edges(network) == ["1:0"]
    assert network.dropped["older_version"] == 1
    assert sum(network.kept.values()) + sum(network.dropped.values()) == network.counts["ways_read"]
    assert [finding.code for finding in findings] == ["OSM_OLDER_VERSIONS"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_way_whose_newest_version_is_deleted_is_gone(tmp_path, ending):
    gone = '<way id="2" version="2" visible="false"/>'
    network, findings = build(tmp_path, *NODES, way(1, 1, 2), way(2, 2, 3), gone, ending=ending)
    assert edges(network) == ["1:0"]
    assert network.dropped == {"deleted": 1}
    assert [(finding.code, finding.detail) for finding in findings] == [
        ("OSM_DELETED", {"objects": "1"})
    ]


def test_a_way_that_came_back_is_there(tmp_path):
    """Deleted in version 2, undeleted in version 3."""
    gone = '<way id="2" version="2" visible="false"/>'
    back = way(2, 2, 3, more='version="3"')
    network, _ = build(tmp_path, *NODES, way(1, 1, 2), way(2, 2, 3), gone, back)
    assert edges(network) == ["1:0", "2:0"]


def test_the_newest_place_of_a_node_counts(tmp_path):
    """Node 3 moved from 31.60 to 31.52: the second piece is 1.1 km, not 10."""
    nodes = node(1, 31.5), node(2, 31.51), node(3, 31.6), node(3, 31.52, 'version="2"')
    network, _ = build(tmp_path, *nodes, way(1, 1, 2, 3))
    assert network.length_m.max() < 1200


def test_the_newest_version_of_a_gate_counts(tmp_path):
    locked, open_ = node(2, 31.51, inner=GATE), node(2, 31.51, 'version="2"')
    parts = NODES[0], locked, open_, NODES[2], way(1, 1, 2, 3)
    assert len(build(tmp_path, *parts)[0].gates) == 0
    locked, open_ = node(2, 31.51, 'version="2"', GATE), node(2, 31.51)
    parts = NODES[0], locked, open_, NODES[2], way(1, 1, 2, 3)
    assert len(build(tmp_path, *parts)[0].gates) == 1


def test_the_newest_version_of_a_relation_counts(tmp_path):
    """Way 2 was a bank of a river until version 2 of the relation left it out."""

    def water(version, members):
        inner = "".join(f'<member type="way" ref="{m}" role="outer"/>' for m in members)
        tags = '<tag k="type" v="multipolygon"/><tag k="natural" v="water"/>'
        return f'<relation id="1" version="{version}">{inner}{tags}</relation>'

    ways = way(1, 1, 2), way(2, 2, 3, tags="")
    assert len(build(tmp_path, *NODES, *ways, water(1, [2]))[0].barriers) == 1
    network, _ = build(tmp_path, *NODES, *ways, water(1, [2]), water(2, []))
    assert len(network.barriers) == 0


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
def test_what_was_deleted_in_an_editor_is_gone(tmp_path, ending):
    """JOSM keeps `visible` true and marks the way; a modified one is kept."""
    deleted = way(2, 2, 3, more='action="delete" visible="true" version="1"')
    changed = way(1, 1, 2, more="action='modify' visible='true' version='1'")
    network, findings = build(tmp_path, *NODES, changed, deleted, ending=ending)
    assert edges(network) == ["1:0"]
    assert [finding.code for finding in findings] == ["OSM_DELETED"]


def test_a_node_deleted_in_an_editor_is_missing(tmp_path):
    """The way still refers to node 2, which was deleted: it is cut there, and that is said."""
    gone = node(2, 31.51, "action='delete' version='1'")
    parts = NODES[0], gone, NODES[2], node(4, 31.53), way(1, 1, 2, 3, 4)
    network, findings = build(tmp_path, *parts)
    assert len(network.u) == 1
    assert [finding.code for finding in findings] == [
        "OSM_DELETED",
        "OSM_NODES_MISSING",
        "OSM_WAYS_CUT",
    ]
    assert findings[1].detail["places"] == "2"


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2", ".osm.pbf"])
def test_what_was_drawn_anew_is_there(tmp_path, ending):
    """Nodes and ways with ids below 0, also where an old way leads to a new node."""
    nodes = node(-2, 31.51, "action='modify'"), node(-3, 31.52, "action='modify'")
    ways = way(1, 1, -2), way(-2, -2, -3, more="action='modify'")
    network, findings = build(tmp_path, NODES[0], *nodes, *ways, ending=ending)
    assert edges(network) == ["-2:0", "1:0"]
    assert len(set(network.component.tolist())) == 1
    assert network.counts["missing_nodes"] == 0
    assert not findings


def test_ways_before_their_nodes_are_read(tmp_path):
    assert edges(build(tmp_path, way(1, 1, 2, 3), *NODES)[0]) == ["1:0", "1:1"]


@pytest.mark.parametrize(
    "pair",
    [
        (way(2, 2, 3, more=""), way(2, 2, 3, more="", tags=CLOSED)),
        (way(2, 2, 3), way(2, 2, 3, tags=CLOSED)),
        (way(2, 2, 3, more=""), way(2, 2, 3, more='version="5"', tags=CLOSED)),
    ],
)
def test_versions_that_nothing_tells_apart_are_refused(tmp_path, pair):
    with pytest.raises(InputDataError, match=r"the way 2 occurs in two versions that differ"):
        build(tmp_path, *NODES, way(1, 1, 2), *pair)


@pytest.mark.parametrize("versions", [("", ""), ('version="4"', 'version="4"')])
def test_the_time_stamp_tells_where_the_number_does_not(tmp_path, versions):
    old, new = (
        f'{v} timestamp="20{k}0-01-01T00:00:00Z"' for v, k in zip(versions, "12", strict=True)
    )
    pair = way(2, 2, 3, more=new, tags=CLOSED), way(2, 2, 3, more=old)
    assert edges(build(tmp_path, *NODES, way(1, 1, 2), *pair)[0]) == ["1:0"]


def test_what_is_there_twice_alike_counts_once(tmp_path):
    """Without versions too; and Overpass lists the nodes of ways again, without their tags."""
    gate = node(2, 31.51, "", GATE)
    parts = NODES[0], gate, node(2, 31.51, ""), NODES[2], *[way(1, 1, 2, 3, more="")] * 2
    network, findings = build(tmp_path, *parts)
    assert (edges(network), len(network.gates)) == (["1:0", "1:1"], 1)
    assert network.dropped == {"repeated_id": 1}
    assert not [finding for finding in findings if finding.code != "OSM_OLDER_VERSIONS"]


def test_nodes_missing_within_the_extent_are_a_finding(tmp_path):
    """Node 9 is missing beside node 2, far inside the box."""
    _, findings = build(tmp_path, *NODES, way(1, 1, 2, 9), way(2, 2, 3))
    finding, cut = findings
    assert (cut.code, cut.severity) == ("OSM_WAYS_CUT", "note")
    assert (finding.code, finding.severity) == ("OSM_NODES_MISSING", "warning")
    assert finding.detail == {"places": "1", "first": "120.000000, 31.510000"}


def test_ways_cut_at_the_rim_of_an_extract_are_only_noted(tmp_path):
    """Node 4 is 11 m inside the box, and the next node is outside the extract."""
    _, findings = build(tmp_path, *NODES, node(4, 31.5999), way(1, 1, 2, 3, 4, 9))
    assert [(one.code, one.severity) for one in findings] == [("OSM_WAYS_CUT", "note")]
