"""Limits of the data: the edge of the network, and the border of a list of facilities.

At 1 m/s a metre takes 1 000 ms.
"""

from __future__ import annotations

import shapely
from tests.streets import CUTOFF_MS, Way, graph_of, joined, plane

from circle15.access.data_edges import ListEnds, time_to_exit, time_to_list_end
from circle15.travel.engine.search import SharedOrigins

NODES = {"A": (0.0, 0.0), "B": (400.0, 0.0), "C": (1000.0, 0.0)}
LEFT = shapely.box(-100, -100, 600, 100)


def to_exit(network, *points) -> list[int]:
    origins = SharedOrigins(joined(network, *points))
    found = time_to_exit(network, graph_of(network), origins, horizon_ms=CUTOFF_MS)
    return [int(ms) for ms in found]


def to_end(network, covers, *points) -> list[int]:
    points_on = joined(network, *points)
    graph = graph_of(network)
    ends = ListEnds(network)
    found = time_to_list_end(ends, graph, SharedOrigins(points_on), covers, horizon_ms=CUTOFF_MS)
    return [int(ms) for ms in found]


def test_the_way_out_of_the_data():
    """
    A --400-- B --600-- C, extent x ≤ 1040: C is within 50 m of the rim, an exit.

    From A 1 000 m, beyond 15 minutes; from x = 100, 10 m beside the street, 10 + 900 m: beyond
    too; from B 600 m; C is there.
    """
    extent = shapely.box(-500, -500, 1040, 500)
    found = to_exit(plane(NODES, "ABC", extent=extent), *[(0, 0), (100, 10), (400, 0), (1000, 0)])
    assert found == [-1, -1, 600_000, 0]


def test_without_an_exit_nobody_leaves():
    """C is 51 m from the rim: no exit at all."""
    extent = shapely.box(-500, -500, 1051, 500)
    assert to_exit(plane(NODES, "ABC", extent=extent), (1000.0, 0.0)) == [-1]


def test_an_exit_against_a_one_way_is_none():
    """C -> B one-way: from B nobody gets out at C."""
    extent = shapely.box(-500, -500, 1040, 500)
    network = plane(NODES, "AB", Way("CB", one_way=True), extent=extent)
    assert to_exit(network, (400.0, 0.0)) == [-1]


def test_the_border_of_a_list():
    """
    A --400-- B ----|---- C     the list ends at x = 600, in the middle of B-C; 50 m are borne
    From A 650 m, from B 250 m; from x = 590, 5 m beside the street, 5 + 60 m.
    Beyond that one is outside as soon as the leg is walked: 7 m at x = 700.
    """
    points = [(0.0, 0.0), (400.0, 0.0), (590.0, 5.0), (700.0, 7.0), (1000.0, 0.0)]
    found = to_end(plane(NODES, "ABC"), LEFT, *points)
    assert found == [650_000, 250_000, 65_000, 7_000, 0]


def test_a_list_that_is_complete_everywhere_never_ends():
    everywhere = shapely.box(-1e4, -1e4, 1e4, 1e4)
    assert to_end(plane(NODES, "ABC"), everywhere, (0.0, 0.0), (1000.0, 0.0)) == [-1, -1]


def test_without_a_list_nobody_knows():
    """No list: it is complete nowhere, and everyone stands outside of it."""
    nowhere = shapely.GeometryCollection()
    assert to_end(plane(NODES, "ABC"), nowhere, (0.0, 0.0), (500.0, 3.0)) == [0, 3_000]


def test_a_street_that_leaves_and_comes_back():
    """
    A ------|~~~~|------ C   a notch in the covered area from x = 450 to 600, both nodes inside:
    the edge B-C crosses it, and from x = 500 to 550 it is more than 50 m outside, so that it ends
    after 100 m for one who starts at B (x = 400).
    """
    covers = shapely.difference(shapely.box(-100, -100, 1100, 100), shapely.box(450, -60, 600, 60))
    assert to_end(plane(NODES, "ABC"), covers, (400.0, 0.0), (1000.0, 0.0)) == [100_000, 450_000]


def test_the_border_itself_is_covered():
    """A street along the border, and a node upon it: neither is outside."""
    covers = shapely.box(0, 0, 1000, 100)
    assert to_end(plane(NODES, "ABC"), covers, (0.0, 0.0), (1000.0, 0.0)) == [-1, -1]


def test_those_who_have_not_joined_reach_no_end():
    assert to_end(plane(NODES, "ABC"), LEFT, (700.0, 900.0)) == [-1]
    assert to_exit(plane(NODES, "ABC", extent=LEFT), (700.0, 900.0)) == [-1]
