"""The network at one speed: milliseconds of edges, and ways to and from points of them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from tests.streets import Way, joined, plane, walk_ms

from circle15.travel.engine.graph import CLOSED, TravelGraph

NODES = {"A": (0.0, 0.0), "B": (100.0, 0.0)}


def test_milliseconds_of_an_edge():
    """100 m at 0.8 m/s are 125 000 ms, and the wait comes on top, unscaled."""
    graph = TravelGraph.from_network(plane(NODES, Way("AB", delay_ms=700)), Fraction("0.8"))
    assert (graph.ms_fwd.tolist(), graph.ms_bwd.tolist()) == ([125_700], [125_700])


def test_a_closed_direction_is_beyond_every_horizon():
    graph = TravelGraph.from_network(plane(NODES, Way("AB", one_way=True)), Fraction(1))
    assert (graph.ms_fwd.tolist(), graph.ms_bwd.tolist()) == ([100_000], [CLOSED])


def test_one_rounding_per_edge():
    """
    Ten edges of 1 mm at 2 m/s: 0.5 ms each is 1 ms each, 10 ms in all; one edge of 10 mm is 5 ms.
    """
    nodes = {name: (0.001 * k, 0.0) for k, name in enumerate("ABCDEFGHIJK")}
    assert walk_ms(plane(nodes, "ABCDEFGHIJK"), nodes["A"], nodes["K"], Fraction(2)) == 10
    assert walk_ms(plane(nodes, "AK"), nodes["A"], nodes["K"], Fraction(2)) == 5


def test_the_parts_of_an_edge_sum_to_the_edge():
    """
    H--A===P===B--F: A-B takes 5 ms; P in its middle is 3 ms from A and 2 ms from B.

    0.5 · 5 = 2.5 is rounded up on the side of the first node, the rest is left for the other.
    """
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0)}
    network = plane(nodes, Way("AB", mm=5))
    assert walk_ms(network, nodes["A"], (50.0, 0.0)) == 3
    assert walk_ms(network, (50.0, 0.0), nodes["B"]) == 2
    assert walk_ms(network, nodes["B"], (50.0, 0.0)) == 2
    assert walk_ms(network, (50.0, 0.0), nodes["A"]) == 3


def test_the_same_parts_where_the_street_goes_on():
    """The same with streets before and behind, which a contracted network takes as one chain."""
    nodes = {"H": (-10.0, 0.0), "A": (0.0, 0.0), "B": (100.0, 0.0), "F": (110.0, 0.0)}
    drawn: list[list[str | Way]] = [["HA", Way("AB", mm=5), "BF"], [Way("AB", mm=5), "AH", "FB"]]
    for ways in drawn:
        network = plane(nodes, *ways)
        assert walk_ms(network, nodes["H"], (50.0, 0.0)) == 10_003
        assert walk_ms(network, (50.0, 0.0), nodes["F"]) == 10_002
        assert walk_ms(network, nodes["F"], (50.0, 0.0)) == 10_002


def test_positions_that_have_not_joined_keep_their_place():
    network = plane(NODES, "AB")
    points = joined(network, (50.0, 3.0), (50.0, 900.0), (60.0, 4.0))
    assert points.edge.tolist() == [0, -1, 0]
    assert points.access_ms.tolist() == [3_000, 0, 4_000]
    assert points.take(np.array([2])).access_ms.tolist() == [4_000]
