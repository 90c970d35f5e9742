"""OpenStreetMap files made to break a reader: a quick, clear error or a count, no crash."""

from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal

import numpy as np
import pytest
from tests.streets import METRIC, write_study

from circle15.errors import InputDataError
from circle15.network.snapping import snap_to_network
from circle15.network.sources.network_source import open_network
from circle15.study.settings.records import NetworkSource

LIMIT_S = 30.0
STREET = '<tag k="highway" v="residential"/>'
GATE = '<tag k="barrier" v="gate"/>'
HIGHEST = 2**62
BOMB = (
    '<!DOCTYPE osm [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, 10))
    + "]>"
)
OUTSIDE = '<!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
MANY = "".join(f'<tag k="k{k}" v="v"/>' for k in range(1_000_000))


def node(number, lat="31.5", lon="120", inner=""):
    return f'<node id="{number}" version="1" lat="{lat}" lon="{lon}">{inner}</node>'


def way(*refs, number=1, tags=STREET, more=""):
    inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}" version="1" {more}>{inner}{tags}</way>'


GOOD = node(1) + node(2, "31.51")


def osm(body, head=""):
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<osm version="0.6">{body}</osm>'


def read(tmp_path, text):
    path = tmp_path / "n.osm"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    began = time.perf_counter()
    try:
        source = NetworkSource(path, min_component_m=Decimal(0))
        return open_network(source).build(METRIC)[0]
    finally:
        assert time.perf_counter() - began < LIMIT_S


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (osm(GOOD + way(1, 2, tags='<tag k="name" v="&a9;"/>'), BOMB), "entities"),
        (osm(GOOD + way(1, 2, tags='<tag k="name" v="&x;"/>'), OUTSIDE), "entities"),
        (osm(GOOD + way(1, 2, tags=STREET + '<tag k="name" v="&#0;"/>')), "invalid character"),
        (osm(GOOD + way(1, 2)).encode().replace(b"residential", b"\xff\xfe"), "not well-formed"),
        (osm(GOOD + way(1, 2, tags=f'<tag k="name" v="{"x" * 70_000}"/>')), "too long"),
        (osm(GOOD + way(1, 10**30)), "illegal id"),
        (osm(node(2**63 - 1) + GOOD + way(1, 2)), "illegal id"),
        (osm(node(-(2**63)) + GOOD + way(1, 2)), "illegal id"),
        (osm(node(3, inner=GATE.replace("gate", "x" * 10**6)) + GOOD), "too long"),
        (osm(GOOD + way(1, 2, more='timestamp="yesterday"')), "timestamp"),
        (osm(GOOD + way(1, 2)).encode("utf-16"), "encoding"),
        (osm(GOOD + way(1, "two")), "illegal id"),
        (osm(node(1) + node(2, "nan") + way(1, 2)), "coordinate"),
        (osm(node(1) + node(2, "95") + way(1, 2)), "no walkable way"),
        (osm(node(1) + node(2, lon="200") + way(1, 2)), "no walkable way"),
        (osm(node(1) + '<node id="2" version="1"/>' + way(1, 2)), "no walkable way"),
        (osm(GOOD + way(1, 1)), "no walkable way"),
        (osm(GOOD + way()), "no walkable way"),
        (osm(GOOD + way(7, 8, 9)), "no walkable way"),
        (osm(GOOD + way(1, 2))[:-40], "truncated"),
        (osm(node(1) + node(2, "-31.5", "-60") + way(1, 2)), "a way has a piece of"),
    ],
)
def test_refused_in_words(tmp_path, text, says):
    with pytest.raises(InputDataError, match=says) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "n.osm"))


@pytest.mark.parametrize("body", [MANY + STREET, STREET + MANY])
def test_a_million_tags_on_a_way(tmp_path, body):
    assert len(read(tmp_path, osm(GOOD + way(1, 2, tags=body))).u) == 1


def test_a_million_tags_on_a_node(tmp_path):
    assert len(read(tmp_path, osm(node(1, inner=MANY) + node(2, "31.51") + way(1, 2))).u) == 1


@pytest.mark.parametrize("body", [MANY + GATE, GATE + MANY, GATE * 100_000])
def test_a_million_tags_on_a_gate(tmp_path, body):
    network = read(tmp_path, osm(node(HIGHEST, inner=body) + node(2, "31.51") + way(HIGHEST, 2)))
    assert len(network.u) == 1


@pytest.mark.parametrize("number", [2**31, 2**40, HIGHEST])
def test_huge_ids(tmp_path, number):
    network = read(tmp_path, osm(node(1) + node(number, "31.51") + way(1, number, number=number)))
    assert network.edge_ids.tolist() == [f"{number}:0"]


def test_what_is_lost_is_counted(tmp_path):
    """
    Nodes 1-2-3 are there, 4 is beyond the pole, 5 has no place, 6 is nowhere: three missing
    nodes, and the way is cut at each. -7 was drawn but never uploaded, and is a node like others.
    """
    nodes = GOOD + node(3, "31.52") + node(4, "95") + '<node id="5" version="1"/>'
    nodes += node(-7, "31.6")
    network = read(tmp_path, osm(nodes + way(1, 2, 4, 3, 2, 5, 1, 6, -7, 2, 1)))
    assert network.counts["missing_nodes"] == 3
    assert len(network.u) == 4


def test_ways_of_one_id_count_once(tmp_path):
    """Two extracts that were joined hold a way twice; deleted ways are in files with history."""
    ways = [way(1, 2), way(1, 2), way(2, 1, number=2, more='visible="false"')]
    network = read(tmp_path, osm(GOOD + "".join(ways)))
    assert network.edge_ids.tolist() == ["1:0"]
    assert network.counts["ways_walkable"] == 1
    assert network.dropped == {"deleted": 1, "repeated_id": 1}


def test_loops_and_ways_of_no_length(tmp_path):
    """1-2-2-1-1 is there and back; 3 lies where 1 does, and still joins what it joins."""
    nodes = GOOD + node(3) + node(4, "31.51", "120.01")
    network = read(
        tmp_path, osm(nodes + way(1, 2, 2, 1, 1) + way(1, 3, number=2) + way(3, 4, number=3))
    )
    assert network.edge_ids.tolist() == ["1:0", "1:1", "2:0", "3:0"]
    assert len(set(network.component.tolist())) == 1
    x, y = network.x_m[:1] + 3, network.y_m[:1]
    assert snap_to_network(x, y, network).joined.all()


def test_a_network_of_no_length_takes_nobody(tmp_path):
    network = read(tmp_path, osm(GOOD + node(3) + way(1, 3)))
    assert network.length_m.sum() == 0
    found = snap_to_network(network.x_m[:1] + 3, network.y_m[:1], network)
    assert not np.isnan(found.access_mm).any()


def test_relations_that_eat_their_tails(tmp_path):
    member = '<member type="relation" ref="1" role=""/><member type="way" ref="1" role="outer"/>'
    water = '<tag k="type" v="multipolygon"/><tag k="natural" v="water"/>'
    ring = f'<relation id="1" version="1">{member}{water}</relation>'
    network = read(tmp_path, osm(GOOD + way(1, 2) + ring))
    assert len(network.barriers) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("head", "tags", "code"), [(BOMB, STREET, 2), ("", STREET + MANY, 0)])
def test_in_a_process_of_its_own(tmp_path, head, tags, code):
    """No crash and no hang: an exit code, one line if it is refused, no traceback."""
    nodes = {"A": (0.0, 0.0), "B": (300.0, 0.0)}
    study = write_study(tmp_path, nodes, ["AB"], {"h": (1, 1, 1)}, {"f": (2, 1)})
    (tmp_path / "n.osm").write_text(osm(GOOD + way(1, 2, tags=tags), head), encoding="utf-8")
    toml = study.read_text("utf-8").replace("streets.geojson", "n.osm")
    study.write_text(toml, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "circle15", "check", str(study)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert answer.returncode == code, answer.stderr
    lines = answer.stderr.splitlines()
    assert len(lines) == (1 if code else 0)
    assert all(line.startswith(f"circle15: {tmp_path / 'n.osm'}") for line in lines)


def test_an_area_without_streets(tmp_path):
    with pytest.raises(InputDataError, match=r"0 ways with a highway tag"):
        read(tmp_path, osm(GOOD))


LOCKED = '<tag k="access" v="private"/><tag k="locked" v="yes"/>'


@pytest.mark.parametrize(
    ("second", "gates"),
    [
        (node(2, "31.51", inner=GATE + LOCKED), 1),
        (node(2, "31.51", inner=GATE + LOCKED + '<tag k="foot" v="yes"/>'), 0),
        (node(2, "31.51") + node(2, "31.51", inner=GATE + LOCKED), 1),
    ],
)
def test_gates_that_contradict_themselves(tmp_path, second, gates):
    """What is said of people on foot is stronger; of a node that is there twice the gate counts."""
    network = read(tmp_path, osm(node(1) + second + node(3, "31.52") + way(1, 2, 3)))
    assert (len(network.u), len(network.gates)) == (2, gates)


def test_a_way_of_more_nodes_than_osm_allows(tmp_path):
    nodes = "".join(node(k, f"{31.5 + k / 1e5:.6f}") for k in range(1, 2502))
    assert len(read(tmp_path, osm(nodes + way(*range(1, 2502)))).u) == 2500


@pytest.mark.parametrize("when", ["1960-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_days_before_there_was_a_map(tmp_path, when):
    network = read(tmp_path, osm(GOOD + way(1, 2, more=f'timestamp="{when}"')))
    assert len(network.u) == 1
