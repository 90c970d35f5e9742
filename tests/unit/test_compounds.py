"""Gated compounds, by hand: entry, exit, and what counts as inside."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from tests.streets import CUTOFF_MS, METRIC, OsmWay, graph_of, joined, plane, write_osm

from circle15.network.build import build_network
from circle15.network.osm.osm_file import read_osm
from circle15.network.topology.compounds import (
    RULES,
    compounds_of,
    is_locked,
    is_private,
    walked_network,
)
from circle15.study.settings.records import NetworkSource
from circle15.travel.engine.round_trips import nearest_round_trip
from circle15.travel.engine.search import nearest
from circle15.travel.paths.shortest import shortest_path

#   K1 = C-D-E, K2 = E-F touches it only at the street's node E
#
#        D---------E---------F       A-B-C and E-G are streets, joined by the way round A-H-G;
#        |         |                 through the compound C-D-E the way is short.
#   A-B--C         G
#   |              |
#   H--------------+
NODES = {
    "A": (0.0, 0.0),
    "B": (50.0, 0.0),
    "C": (100.0, 0.0),
    "D": (100.0, 100.0),
    "E": (200.0, 100.0),
    "F": (300.0, 100.0),
    "G": (200.0, 0.0),
    "H": (0.0, -100.0),
    "I": (200.0, -100.0),
}
STREETS = ("ABC", "EG", "AHIG")
PRIVATE = ("CD", "DE", "EF")


def drawn(private=PRIVATE, streets=STREETS, gates="", nodes=NODES):
    """A plane network with private ways and locked gates."""
    network = plane(nodes, *streets, *private)
    return replace(
        network,
        private=np.array([k >= sum(len(w) - 1 for w in streets) for k in range(len(network.u))]),
        gates=np.flatnonzero([name in gates for name in nodes]),
    )


def seconds(network, rule, start, end):
    """Outbound walking time at 1 m/s between two points that have joined the whole network."""
    graph = graph_of(walked_network(network, rule))
    home, goal = joined(network, start), joined(network, end)
    found = int(nearest(graph, home, goal, horizon_ms=CUTOFF_MS * 4).time_ms[0])
    path = shortest_path(graph, home, goal, horizon_ms=CUTOFF_MS * 4)
    assert (path.time_ms if path else -1) == found
    assert path is None or all(one.edge < len(network.u) for one in path.stretches)
    return None if found < 0 else found / 1000


def all_rules(network, start, end):
    return [seconds(network, rule, start, end) for rule in RULES]


def there_and_back(network, rule, start, end):
    graph = graph_of(walked_network(network, rule))
    home, goal = joined(network, start), joined(network, end)
    found = int(nearest_round_trip(graph, home, goal, total_ms=CUTOFF_MS * 4).time_ms[0])
    return None if found < 0 else found / 1000


BY_B, BY_G, ON_CD, ON_DE, ON_EF = (50, 0), (200, 50), (100, 50), (150, 100), (250, 100)


def test_nobody_passes_through_a_compound():
    """
    From B to E-G: 50 + 100 + 100 through the compound and 50 down; else around by A, H, I and G:
    50 + 100 + 200 + 100 + 50.
    """
    assert all_rules(drawn(), BY_B, BY_G) == [300, 500, 500]


def test_residents_walk_out_and_nobody_walks_in():
    """From the middle of C-D to B: 50 + 50; back, nobody gets in; closed, nobody gets out."""
    assert all_rules(drawn(), ON_CD, BY_B) == [100, 100, None]
    assert all_rules(drawn(), BY_B, ON_CD) == [100, None, None]


def test_what_is_inside_serves_those_inside():
    """From C-D to D-E: 50 + 50, under every rule; E-F is another compound."""
    assert all_rules(drawn(), ON_CD, ON_DE) == [100, 100, 100]
    assert all_rules(drawn(), ON_CD, ON_EF) == [200, None, None]
    assert compounds_of(drawn()).count == 2


def test_round_trips_come_home():
    """Out from C-D to B and home again: 100 + 100; nobody visits a compound."""
    network = drawn()
    assert [there_and_back(network, rule, ON_CD, BY_B) for rule in RULES] == [200, 200, None]
    assert [there_and_back(network, rule, BY_B, ON_CD) for rule in RULES] == [200, None, None]
    assert [there_and_back(network, rule, ON_CD, ON_DE) for rule in RULES] == [200] * 3


def test_a_footpath_that_only_private_ways_reach_is_inside():
    """
    D-J-K is tagged as any footpath, but private ways cut it off: its people are residents. They
    walk 100 + 100 + 50 to B, and nobody walks in to them.
    """
    nodes = NODES | {"J": (100.0, 200.0), "K": (100.0, 300.0)}
    network = drawn(streets=(*STREETS, "DJK"), nodes=nodes)
    assert all_rules(network, (100, 200), BY_B) == [250, 250, None]
    assert all_rules(network, BY_B, (100, 200)) == [250, None, None]
    assert compounds_of(network).length_m == 500


def test_a_locked_gate_shuts_in_what_lies_behind_it():
    """
    No private way, but a locked gate at C: C-D-J, cut off, is inside. Its people open the gate.
    """
    nodes = NODES | {"J": (100.0, 200.0)}
    network = drawn(private=(), streets=(*STREETS, "CDJ"), gates="C", nodes=nodes)
    assert all_rules(network, (100, 150), BY_B) == [200, 200, None]
    assert all_rules(network, BY_B, (100, 150)) == [200, None, None]
    assert all_rules(
        drawn(private=(), streets=(*STREETS, "CDJ"), nodes=nodes), BY_B, (100, 150)
    ) == [200, 200, 200]


def test_a_locked_gate_in_a_street_stops_everybody():
    """B has the street on both sides: from A-B to B-C around, where there is a way around."""
    network = drawn(streets=("ABC", "CE", "EG", "AHIG"), private=(), gates="B")
    around = 25 + 100 + 200 + 100 + 100 + (100**2 + 100**2) ** 0.5 + 25
    found = all_rules(network, (25, 0), (75, 0))
    assert found[0] == 50
    assert found[1:] == [pytest.approx(around, abs=0.01)] * 2


def test_a_gate_inside_a_compound_is_opened_by_residents_only_if_rules_let_them():
    """A locked gate at D, private ways on both sides: one compound; closed cuts it in two."""
    assert all_rules(drawn(gates="D"), ON_CD, ON_DE) == [100, 100, None]


def test_doors_of_one_compound_opposite_each_other_are_two_compounds():
    """Drives on both sides of a street: nobody walks from one straight into the other."""
    nodes = {
        "A": (0.0, 0.0),
        "B": (100.0, 0.0),
        "C": (200.0, 0.0),
        "N": (100.0, 60.0),
        "S": (100.0, -60.0),
    }
    network = drawn(streets=("ABC",), private=("BN", "BS"), nodes=nodes)
    assert compounds_of(network).count == 2
    assert all_rules(network, (100, 40), (100, -40)) == [80, None, None]
    assert all_rules(network, (100, 40), (150, 0)) == [90, 90, None]


def test_a_network_of_private_ways_alone_is_one_compound():
    network = drawn(streets=(), private=("ABC", "CD"))
    assert compounds_of(network).count == 1
    assert all_rules(network, BY_B, ON_CD) == [100, 100, 100]


def test_without_private_ways_and_gates_the_network_is_the_same():
    network = drawn(private=(), streets=(*STREETS, "CDEF"))
    assert not compounds_of(network).any
    assert walked_network(network, "closed") is network


@pytest.mark.parametrize(
    ("tags", "locked"),
    [
        ({"access": "private"}, True),
        ({"access": "no"}, True),
        ({"foot": "residents"}, True),
        ({"locked": "yes"}, True),
        ({"locked": "yes", "foot": "yes"}, False),
        ({"access": "private", "foot": "permissive"}, False),
        ({"access": "destination"}, False),
        ({}, False),
    ],
)
def test_which_gates_are_locked(tags, locked):
    assert is_locked({"barrier": "lift_gate"} | tags) is locked
    assert not is_locked({"barrier": "bollard"} | tags)
    assert not is_locked(tags)


def test_which_ways_are_private():
    """`foot` is stronger than `access`; whoever has an errand may go where customers go."""
    assert is_private({"access": "private"})
    assert is_private({"access": "yes", "foot": "permit"})
    assert not is_private({"access": "private", "foot": "yes"})
    assert not is_private({"access": "customers"})
    assert not is_private({"access": "destination"})


def test_gates_of_a_file(tmp_path):
    """A-B-C with a locked gate at B, an open one at C; C-D private. Nodes are numbered A to D."""
    nodes = {name: (300.0 * k, 0.0) for k, name in enumerate("ABCD")}
    tags = {
        "B": {"barrier": "gate", "access": "private"},
        "C": {"barrier": "gate"},
        "Z": {"barrier": "gate", "access": "private"},
    }
    path = write_osm(
        tmp_path / "n.osm",
        nodes | {"Z": (0.0, 99.0)},
        "ABC",
        OsmWay("CD", {"highway": "service", "access": "private"}),
        node_tags=tags,
    )
    source = NetworkSource(path, min_component_m=Decimal(0))
    network = build_network(read_osm(path), METRIC, source)
    assert network.gates.tolist() == [1]
    assert network.private.tolist() == [False, False, True]
