"""Squares: straight ways between the streets that end at the edge."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from tests.streets import EAST_M, METRIC, NORTH_M, OsmWay, walk_ms, write_osm

from circle15.network.build import build_network
from circle15.network.osm.osm_file import read_osm
from circle15.network.topology.squares import MAX_JUNCTIONS, crossings
from circle15.study.settings.records import NetworkSource

SQUARE = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]])


def pairs(ring, junction):
    ring = np.asarray(ring, np.float64)
    return crossings(ring[:, 0], ring[:, 1], np.asarray(junction, bool))


def test_opposite_corners_are_joined():
    """
    3---2     Streets at 0 and 2: one way across. At 0 and 1: the rim between them is there
    |   |     already. At all four: both diagonals.
    0---1
    """
    assert pairs(SQUARE, [1, 0, 1, 0]) == [(0, 2)]
    assert pairs(SQUARE, [1, 1, 0, 0]) == []
    assert pairs(SQUARE, [1, 0, 0, 1]) == []
    assert pairs(SQUARE, [1, 1, 1, 1]) == [(0, 2), (1, 3)]
    assert pairs(SQUARE, [1, 0, 0, 0]) == []


def test_a_way_across_stays_inside():
    """
    A square with a notch from above down to (50, 10): 0 and 3 see each other only along the rim,
    1 and 4 not at all; 0-2 and 1-3 would leave it.

    4   2        The notch is node 3.
    |\\ /|
    | 3 |
    0---1
    """
    notch = [[0, 0], [100, 0], [100, 100], [50, 10], [0, 100]]
    assert pairs(notch, [1, 0, 1, 0, 0]) == []
    assert pairs(notch, [1, 0, 0, 1, 0]) == [(0, 3)]


def test_a_rim_that_crosses_itself_and_one_with_too_many_streets_are_walked_around():
    assert pairs([[0, 0], [100, 100], [100, 0], [0, 100]], [1, 1, 1, 1]) == []
    angle = np.linspace(0, 2 * np.pi, MAX_JUNCTIONS + 2)[:-1]
    circle = np.column_stack([np.cos(angle), np.sin(angle)]) * 100
    assert pairs(circle, np.ones(len(circle))) == []
    assert (
        len(pairs(circle[:-1], np.ones(len(circle) - 1)))
        == MAX_JUNCTIONS * (MAX_JUNCTIONS - 3) // 2
    )


@pytest.mark.parametrize(("squares", "seconds"), [("cross", 341), ("around", 400)])
def test_across_and_around(tmp_path, squares, seconds):
    """
    A street H-A of 100 m, a square A-B-C-D of 100 m, a street C-F of 100 m.

    D-----C--F    Across: 100 + 141.42 + 100 = 341.4 s. Around: 100 + 100 + 100 + 100 = 400 s.
    |     |
    A-----B
    |
    H
    """
    nodes = {
        "H": (0.0, -100.0),
        "A": (0.0, 0.0),
        "B": (100.0, 0.0),
        "C": (100.0, 100.0),
        "D": (0.0, 100.0),
        "F": (200.0, 100.0),
    }
    area = OsmWay("ABCDA", {"highway": "pedestrian", "area": "yes"})
    path = write_osm(tmp_path / "square.osm", nodes, "HA", area, "CF")
    source = NetworkSource(path, squares=squares, min_component_m=Decimal(0))
    network = build_network(read_osm(path), METRIC, source)
    ends = [(nodes[k][0] + EAST_M, nodes[k][1] + NORTH_M) for k in "HF"]
    ms = walk_ms(network, ends[0], ends[1])
    assert ms is not None
    assert round(ms / 1000) == seconds
    assert network.edge_ids.tolist() == [
        "1:0",
        *(f"2:{k}" for k in range(5 if squares == "cross" else 4)),
        "3:0",
    ]


def test_a_line_that_is_tagged_as_an_area_is_a_line(tmp_path):
    """A-B-C is not closed: no way across, whatever `area` says."""
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (100.0, 100.0), "D": (200.0, 0.0)}
    area = OsmWay("ABC", {"highway": "pedestrian", "area": "yes"})
    path = write_osm(tmp_path / "line.osm", nodes, area, "AD", "CD")
    network = build_network(read_osm(path), METRIC, NetworkSource(path, min_component_m=Decimal(0)))
    assert len(network.u) == 4
