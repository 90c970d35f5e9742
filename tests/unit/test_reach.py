"""Reached parts of streets, by hand: at 1 m/s a metre takes a second."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.builders.reached_parts import reached_parts
from tests.streets import Nodes, Way, graph_of, joined, plane

from circle15.travel.engine.search import nearest
from circle15.travel.served_areas.node_positions import node_positions

NODES: Nodes = {"A": (0, 0), "B": (100, 0), "C": (300, 0), "D": (100, 400)}
#   D
#   |
# A-B--C     edges AB 100 m, BC 200 m, BD 400 m


def parts(network, sites, cutoff_s: float) -> list[tuple[Any, ...]]:
    graph, goals = graph_of(network), joined(network, *sites)
    cutoff_ms = int(cutoff_s * 1000)
    node_ms = nearest(graph, node_positions(network), goals, horizon_ms=cutoff_ms).time_ms
    found = reached_parts(graph, network, node_ms, goals, cutoff_ms=cutoff_ms)
    return list(zip(found.edge.tolist(), found.start.tolist(), found.end.tolist(), strict=True))


def test_parts_begin_at_the_reached_end():
    """From A in 200 s: AB whole, 100 s left at B: half of BC, a quarter of BD."""
    network = plane(NODES, "ABC", "BD")
    assert parts(network, [(0, 0)], 200) == [(0, 0, 1), (1, 0, 0.5), (2, 0, 0.25)]


def test_an_edge_reached_from_both_ends_meets_in_the_middle():
    """BC from A and C: 100 s from A ends at B; C reaches 50 m, then 150 m: then all of it."""
    network = plane(NODES, "ABC", "BD")
    assert parts(network, [(0, 0), (300, 0)], 150) == [(0, 0, 1), (1, 0, 1), (2, 0, 0.125)]
    apart = parts(network, [(0, 0), (300, 0)], 120)
    assert apart == [(0, 0, 1), (1, 0, 0.1), (1, pytest.approx(0.4), 1), (2, 0, 0.05)]


def test_on_the_own_edge_nobody_walks_by_a_node():
    """A site in the middle of BC and 30 m beside it: 50 s leave 20 m to both sides."""
    network = plane(NODES, "ABC", "BD")
    assert parts(network, [(200, 30)], 50) == [(1, pytest.approx(0.4), pytest.approx(0.6))]
    assert parts(network, [(200, 30)], 30) == []


def test_a_one_way_street_is_reached_from_behind():
    """AB may be walked from A to B only: the site at B is reached from all of AB, A's from none."""
    network = plane(NODES, Way("AB", one_way=True))
    assert parts(network, [(100, 0)], 60) == [(0, pytest.approx(0.4), 1)]
    assert parts(network, [(0, 0)], 60) == []
    assert parts(network, [(50, 0)], 20) == [(0, pytest.approx(0.3), 0.5)]


def test_the_cutoff_is_inclusive_and_a_mere_point_is_no_part():
    network = plane(NODES, "ABC")
    assert parts(network, [(0, 0)], 100) == [(0, 0, 1)]
    assert parts(network, [(0, 0)], 99.999) == [(0, 0, 0.99999)]
    assert parts(network, [(0, 0)], 300) == [(0, 0, 1), (1, 0, 1)]


def test_a_site_off_the_network_reaches_nothing():
    network = plane(NODES, "ABC")
    assert parts(network, [(0, 250)], 900) == []


def test_every_node_is_a_point_at_the_end_of_an_edge():
    network = plane(NODES, "ABC", "BD")
    nodes = node_positions(network)
    at = np.where(nodes.fraction == 0, network.u[nodes.edge], network.v[nodes.edge])
    assert at.tolist() == [0, 1, 2, 3]
    assert set(nodes.fraction.tolist()) <= {0.0, 1.0}
    assert nodes.access_ms.tolist() == [0] * 4
