"""The grid finds what brute force finds, whatever the streets, the barriers and the cells."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.streets import Way, plane

from circle15.network.edge_grid import EdgeGrid
from circle15.network.snapping import place_on_edges

spot = st.integers(-400, 400)
# Half metres and whole ones: points on streets, at their ends, and equally far from two.
point = st.tuples(spot.map(lambda v: v / 2), spot.map(lambda v: v / 2))


@st.composite
def towns(draw):
    ends = draw(st.lists(st.tuples(point, point), min_size=1, max_size=12))
    nodes = {}
    ways = []
    for k, (a, b) in enumerate(ends):
        nodes[chr(0x4E00 + 2 * k)], nodes[chr(0x4E01 + 2 * k)] = a, b
        ways.append(
            Way(chr(0x4E00 + 2 * k) + chr(0x4E01 + 2 * k), snaps=draw(st.booleans()) or k == 0)
        )
    wall = draw(st.lists(point, min_size=2, max_size=4, unique=True))
    if draw(st.booleans()):  # a wall beside a street, with points behind it
        (x0, y0), (x1, y1) = ends[0]
        wall = [(x0 - 200, y0 - 30), (x1 + 200, y1 - 30)]
    return plane(nodes, *ways, barriers=[wall])


@settings(max_examples=400)
@given(
    towns(),
    st.lists(point, min_size=1, max_size=20),
    st.sampled_from([3.0, 10.0, 40.0, 1000.0]),
    st.sampled_from([5.0, 50.0, 200.0]),
)
def test_the_grid_finds_the_nearest_edge(network, points, cell_m, limit):
    x, y = np.array(points, np.float64).T
    grid = EdgeGrid.of_network(network, cell_m=cell_m)
    edge, fraction, distance, doubtful = grid.nearest(network, x, y, limit)
    usable = np.flatnonzero(network.snappable)
    for i in range(len(x)):
        n = len(usable)
        f, qx, qy, d = place_on_edges(np.full(n, x[i]), np.full(n, y[i]), usable, network)
        best = int(np.argmin(d))  # the first of equal ones
        if d[best] > limit:
            assert edge[i] == -1
            continue
        assert (edge[i], fraction[i], distance[i]) == (usable[best], f[best], d[best])
        leg = np.array([[x[i], y[i]], [qx[best], qy[best]]])
        if touches(leg, network.barriers[0]):
            assert doubtful[i]


def touches(leg, wall):
    return bool(shapely.intersects(shapely.linestrings(leg), wall))
