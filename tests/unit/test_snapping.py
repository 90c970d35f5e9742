"""Snapping: the nearest point of the nearest edge that takes snaps, never across a barrier."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from tests.oracle import oracle
from tests.streets import XY, Way, plane

from circle15.network.snapping import SnapCode, Snaps, place_on_edges, snap_to_network

A_B: dict[str, XY] = {"A": (0.0, 0.0), "B": (100.0, 0.0)}


def snap(network, *points: XY, **options: float) -> Snaps:
    x, y = np.array(points, np.float64).reshape(-1, 2).T
    return snap_to_network(x, y, network, **options)


def test_a_point_joins_the_middle_of_an_edge_and_no_node():
    """
          P (30, 40)
          |
    A-----+------------B     100 m: the nearest point is 30 m from A, the leg 40 m.
    """
    found = snap(plane(A_B, "AB"), (30.0, 40.0))
    assert (found.edge[0], found.fraction[0], found.access_mm[0]) == (0, 0.3, 40_000)
    assert found.code[0] == SnapCode.SNAPPED


def test_beyond_an_end_the_end_is_nearest():
    """A--------B . . P (130, 40): from B 30 and 40 m, a leg of 50 m at fraction 1."""
    found = snap(plane(A_B, "AB"), (130.0, 40.0))
    assert (found.fraction[0], found.access_mm[0]) == (1.0, 50_000)


def test_the_nearest_edge_wins_over_the_nearest_node():
    """
    C---------------------------D   10 m above P; its ends are 500 m away
                 P (0, 10)
                 |
                 | 15 m
                 A----B             node A is 15 m away, but the street C-D only 10 m
    """
    nodes = {"A": (0.0, -5.0), "B": (10.0, -5.0), "C": (-500.0, 20.0), "D": (500.0, 20.0)}
    found = snap(plane(nodes, "AB", "CD"), (0.0, 10.0))
    assert (found.edge[0], found.fraction[0], found.access_mm[0]) == (1, 0.5, 10_000)


@pytest.mark.parametrize(
    ("away_m", "code"), [(200.0, ""), (200.001, "TOO_FAR"), (250.0, "TOO_FAR"), (0.0, "")]
)
def test_the_limit_is_inclusive(away_m, code):
    """B1: 200.000 m joins, 200.001 m does not, and nobody is ever at 0 m without being there."""
    found = snap(plane(A_B, "AB"), (50.0, away_m))
    assert found.code[0] == code
    assert found.access_mm[0] == (-1 if code else round(away_m * 1000))
    assert found.edge[0] == (-1 if code else 0)
    assert math.isnan(found.fraction[0]) == bool(code)


def test_another_limit():
    network = plane(A_B, "AB")
    assert snap(network, (50.0, 250.0), max_snap_m=250.0).access_mm[0] == 250_000
    assert snap(network, (50.0, 51.0), max_snap_m=50.0).code[0] == SnapCode.TOO_FAR


def test_equal_distances_go_to_the_first_edge():
    """
    C-----D  y = 20
       P     y = 10: both streets are 10 m away; way 0 comes first, whichever it is
    A-----B  y = 0
    """
    nodes = A_B | {"C": (0.0, 20.0), "D": (100.0, 20.0)}
    for ways, y in ((("AB", "CD"), 0.0), (("CD", "AB"), 20.0)):
        network = plane(nodes, *ways)
        found = snap(network, (50.0, 10.0))
        assert (found.edge[0], found.access_mm[0]) == (0, 10_000)
        assert network.y_m[network.u[0]] == y


def test_bridges_take_no_snaps():
    """The bridge C-D is 5 m away, the street A-B 30 m: the street takes the point."""
    nodes = A_B | {"C": (0.0, 35.0), "D": (100.0, 35.0)}
    network = plane(nodes, "AB", Way("CD", snaps=False))
    found = snap(network, (50.0, 30.0))
    assert (found.edge[0], found.access_mm[0]) == (0, 30_000)


def test_an_island_that_is_too_short_takes_no_snaps():
    """
    C--D 100 m, an island 5 m from P      A------------F 600 m, 50 m from P

    With `min_component_m` 500 the island is passed over; with 100 (inclusive) it is not.
    """
    nodes = {"A": (0.0, 0.0), "F": (600.0, 0.0), "C": (0.0, 55.0), "D": (100.0, 55.0)}
    point = (50.0, 50.0)
    assert snap(plane(nodes, "AF", "CD", min_component_m=500), point).access_mm[0] == 50_000
    assert snap(plane(nodes, "AF", "CD", min_component_m=100), point).access_mm[0] == 5_000
    alone = plane({k: nodes[k] for k in "CD"}, "CD", min_component_m=500)
    assert snap(alone, point).code[0] == SnapCode.TOO_FAR


def test_a_leg_never_crosses_a_barrier():
    """
    C------D  y = 50    40 m from P, free
       P      y = 10
    ~~~~~~~~  y = 5     a river
    A------B  y = 0     10 m from P, but across the river
    """
    nodes = A_B | {"C": (0.0, 50.0), "D": (100.0, 50.0)}
    river = [(-500.0, 5.0), (500.0, 5.0)]
    found = snap(plane(nodes, "AB", "CD", barriers=[river]), (50.0, 10.0))
    assert (found.edge[0], found.access_mm[0], found.code[0]) == (1, 40_000, "")


def test_reachable_only_across_a_barrier():
    """P, a river, and one street: unsnapped, and the reason says why."""
    river = [(-500.0, 5.0), (500.0, 5.0)]
    found = snap(plane(A_B, "AB", barriers=[river]), (50.0, 10.0), (50.0, -10.0))
    assert found.code.tolist() == ["ACCESS_BARRIER", ""]
    assert found.edge.tolist() == [-1, 0]
    assert found.access_mm.tolist() == [-1, 10_000]


def test_a_leg_that_touches_a_barrier_does_not_cross_it():
    """
    A wall ends on the leg, at (50, 5): touching is not crossing. One that ends 1 mm beyond stops.

       P (50, 10)
       |
    ---+ wall      at y = 5, from x = 0 to 50
       |
    A--+---B
    """
    network = plane(A_B, "AB", barriers=[[(0.0, 5.0), (50.0, 5.0)]])
    assert snap(network, (50.0, 10.0)).code[0] == ""
    network = plane(A_B, "AB", barriers=[[(0.0, 5.0), (50.001, 5.0)]])
    assert snap(network, (50.0, 10.0)).code[0] == "ACCESS_BARRIER"


def test_blocked_points_try_another_place_of_the_same_network_within_the_limit_only():
    """The free street is 201 m away: it is too far, and the reason stays the barrier."""
    nodes = A_B | {"C": (0.0, 211.0), "D": (100.0, 211.0)}
    river = [(-500.0, 5.0), (500.0, 5.0)]
    found = snap(plane(nodes, "AB", "CD", barriers=[river]), (50.0, 10.0))
    assert found.code[0] == "ACCESS_BARRIER"


def test_a_point_without_a_position():
    found = snap(plane(A_B, "AB"), (math.nan, math.nan), (50.0, 1.0))
    assert found.code.tolist() == ["NO_POSITION", ""]
    assert found.joined.tolist() == [False, True]


def test_no_points_and_no_edges():
    assert len(snap(plane(A_B, "AB")).edge) == 0
    nothing = plane(A_B, Way("AB", snaps=False))
    assert snap(nothing, (50.0, 0.0)).code.tolist() == ["TOO_FAR"]


def test_an_edge_of_no_length_is_a_point():
    """A and B stand on one spot: fraction 0, and the distance is that to the spot."""
    network = plane({"A": (0.0, 0.0), "B": (0.0, 0.0)}, "AB")
    found = snap(network, (3.0, 4.0))
    assert (found.fraction[0], found.access_mm[0]) == (0.0, 5_000)


def test_half_a_millimetre_is_rounded_up():
    """A leg of 0.0625 m is 62.5 mm, exact in binary: 63 mm, where banker's rounding gives 62."""
    assert snap(plane(A_B, "AB"), (50.0, 0.0625)).access_mm[0] == 63


def test_the_end_is_exact():
    """At fraction 1 the place is the end itself, also where x0 + dx misses it by rounding."""
    nodes = {"A": (0.1, 0.2), "B": (0.7, 1.1)}
    network = plane(nodes, "AB")
    x, y = np.array([5.0]), np.array([7.0])
    fraction, qx, qy, _ = place_on_edges(x, y, np.array([0]), network)
    assert (fraction[0], qx[0], qy[0]) == (1.0, 0.7, 1.1)


def test_many_points_as_the_oracle_joins_them():
    """400 points over a grid of streets and a slanting river, against brute force."""
    names = [chr(0x4E00 + k) for k in range(36)]
    nodes = {n: (170.0 * (k % 6), 170.0 * (k // 6) + 7.0 * (k % 6)) for k, n in enumerate(names)}
    rows = ["".join(names[6 * r : 6 * r + 6]) for r in range(6)]
    columns = ["".join(names[k::6]) for k in range(6)]
    river = [(-50.0, 100.0), (400.0, 330.0), (950.0, 420.0)]
    network = plane(nodes, *rows, *columns, barriers=[river])
    edges = [
        oracle.Edge(int(u), int(v), int(w), int(p), float(m), int(b), int(b))
        for u, v, w, p, m, b in zip(
            network.u,
            network.v,
            network.way_id,
            network.way_pos,
            network.length_m,
            network.base_mm_fwd,
            strict=True,
        )
    ]
    plain = oracle.OracleNetwork(
        dict(enumerate(nodes.values())), edges, list(itertools.pairwise(river))
    )
    rng = np.random.default_rng(15)
    points = [(float(x), float(y)) for x, y in np.round(rng.uniform(-250, 1150, (400, 2)), 3)]
    found = snap(network, *points)
    codes = set()
    for k, expected in enumerate(oracle.snap(points, plain)):
        if isinstance(expected, str):
            assert found.code[k] == expected
            codes.add(expected)
        else:
            own = (found.edge[k], found.fraction[k], found.access_mm[k])
            assert own == (expected.edge, expected.fraction, expected.access_mm)
    assert "TOO_FAR" in codes
