"""Walls, fences and hedges across access legs; gates and shared nodes are openings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.streets import XY, plane

from circle15.network.snapping import Snaps, snap_to_network
from circle15.network.walk_network import WalkNetwork

STREETS: dict[str, XY] = {
    "A": (0.0, 0.0),
    "B": (100.0, 0.0),
    "C": (0.0, 150.0),
    "D": (100.0, 150.0),
}
"""
C---------D  y = 150
    P        y = 10
=========    y = 5
A---------B  y = 0
"""
LONG = [(-500.0, 5.0), (500.0, 5.0)]
ROUND = [(40.0, 5.0), (60.0, 5.0), (60.0, 20.0), (40.0, 20.0), (40.0, 5.0)]


def town(*lines: list[XY], kinds: tuple[str, ...], ways: tuple[str, ...] = ("AB", "CD")):
    return replace(
        plane(STREETS, *ways, barriers=lines),
        barrier_ids=np.array([f"way/{k}" for k in range(len(lines))], dtype=object),
        barrier_kinds=np.array(kinds, dtype=object),
    )


def join(network: WalkNetwork, *points: XY) -> Snaps:
    x, y = np.array(points, np.float64).T
    return snap_to_network(x, y, network)


@pytest.mark.parametrize("kind", ["wall", "fence", "hedge", "city_wall"])
def test_a_street_that_no_wall_hides_is_preferred(kind):
    found = join(town(LONG, kinds=(kind,)), (50.0, 10.0))
    assert (found.edge[0], found.access_mm[0], found.code[0]) == (1, 140_000, "")


@pytest.mark.parametrize(
    ("walls", "edge", "code", "barrier"),
    [("prefer", 0, "THROUGH_WALL", 0), ("stop", -1, "ACCESS_BARRIER", 0), ("ignore", 0, "", -1)],
)
def test_a_walled_garden(walls, edge, code, barrier):
    """Walls on all sides: through the nearest, or nowhere, or as if there were none."""
    found = join(replace(town(ROUND, kinds=("wall",)), walls=walls), (50.0, 10.0))
    assert (found.edge[0], found.code[0], found.barrier[0]) == (edge, code, barrier)


@pytest.mark.parametrize("kind", ["river", "water", "coastline", "railway", "motorway", "given"])
@pytest.mark.parametrize("walls", ["prefer", "stop", "ignore"])
def test_water_railways_and_motorways_always_stop(kind, walls):
    """A wall behind them does not hide which of them stops the leg."""
    fence = [(x, 7.0) for x, _ in LONG]
    network = replace(town(fence, LONG, kinds=("fence", kind), ways=("AB",)), walls=walls)
    found = join(network, (50.0, 10.0))
    assert (found.code[0], found.edge[0]) == ("ACCESS_BARRIER", -1)
    assert network.barrier_name(1) == ("way/1", kind)
    assert found.barrier[0] == (0 if walls == "stop" else 1)


def test_of_two_walls_the_first_on_the_way_is_named():
    fence = [(x, 7.0) for x, _ in LONG]
    found = join(town(LONG, fence, kinds=("wall", "fence"), ways=("AB",)), (50.0, 10.0))
    assert (found.code[0], found.barrier[0]) == ("THROUGH_WALL", 1)


def test_a_gate_lets_pass_a_metre_to_either_side():
    gated = [(-500.0, 5.0), (50.0, 5.0), (500.0, 5.0)]
    network = town(gated, kinds=("wall",), ways=("AB",))
    assert join(network, (50.0, 10.0)).code[0] == "THROUGH_WALL"
    network = replace(network, gate_xy=np.array([[50.0, 5.0]]))
    found = join(network, (50.0, 10.0), (50.99, 10.0), (51.01, 10.0))
    assert found.code.tolist() == ["", "", "THROUGH_WALL"]


def test_a_node_shared_with_a_street_is_an_opening():
    """The street E-F-G passes the wall at F; a point at F, or beside it, is not walled in."""
    nodes = {"E": (50.0, 0.0), "F": (50.0, 5.0), "G": (50.0, 30.0)}
    wall = [(-500.0, 5.0), (50.0, 5.0), (500.0, 5.0)]
    found = join(plane(nodes, "EFG", barriers=[wall]), (50.0, 5.0), (60.0, 20.0), (60.0, 1.0))
    assert found.code.tolist() == ["", "", ""]
    assert found.access_mm.tolist() == [0, 10_000, 10_000]


@pytest.mark.parametrize(
    ("lines", "crossed"),
    [
        ([[(0.0, 5.0), (50.0, 5.0)], [(50.0, 5.0), (99.0, 5.0)]], True),  # two ways, one wall
        ([[(0.0, 5.0), (50.0, 6.0), (99.0, 5.0)]], True),  # through a corner
        ([[(0.0, 5.0), (50.0, 6.0), (0.0, 7.0)]], False),  # a corner that touches
        ([[(50.0, 9.0), (50.0, 2.0)]], False),  # along the leg
        ([[(0.0, 9.0), (50.0, 9.0), (50.0, 2.0), (99.0, 2.0)]], True),  # along, then across
        ([[(0.0, 10.0), (99.0, 10.0)]], False),  # under the point
        ([[(0.0, 0.0), (99.0, 0.0)]], False),  # along the street
    ],
)
def test_touching_is_not_crossing(lines, crossed):
    found = join(plane(STREETS, "AB", barriers=lines), (50.0, 10.0))
    assert (found.code[0] == "ACCESS_BARRIER") == crossed


def test_far_outside_the_streets_barriers_count_too():
    """A point 900 m off, and a wall 700 m off: beyond the grid of the edges."""
    wall = [(-5000.0, 700.0), (5000.0, 700.0)]
    network = plane(STREETS, "AB", barriers=[wall])
    x, y = np.array([50.0, 50.0]), np.array([900.0, 600.0])
    found = snap_to_network(x, y, network, max_snap_m=2000.0)
    assert found.code.tolist() == ["ACCESS_BARRIER", ""]
