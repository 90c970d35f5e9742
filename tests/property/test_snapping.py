"""Snapping on random streets and barriers equals the oracle's brute force, exactly."""

from __future__ import annotations

import itertools
import math

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle import oracle
from tests.streets import Way, plane

from circle15.network.joining_across import snap_across
from circle15.network.snapping import place_on_edges, snap_to_network

# Few coordinates, so that equal distances, shared nodes and touching legs are common.
coarse = st.integers(-4, 4).map(lambda k: 50.0 * k)
fine = st.integers(-250_000, 250_000).map(lambda k: k / 1000)
spot = st.tuples(coarse | fine, coarse | fine)
LETTERS = "ABCDEFGH"


@st.composite
def towns(draw):
    nodes = dict(zip(LETTERS, draw(st.lists(spot, min_size=8, max_size=8)), strict=True))
    word = st.lists(st.sampled_from(LETTERS), min_size=2, max_size=4).map("".join)
    ways = draw(
        st.lists(st.tuples(word, st.sampled_from([True, True, False])), min_size=1, max_size=6)
    )
    barriers = draw(st.lists(st.lists(spot, min_size=2, max_size=3, unique=True), max_size=3))
    points = draw(st.lists(spot, min_size=1, max_size=8))
    return nodes, ways, barriers, points, draw(st.sampled_from([60.0, 200.0]))


@settings(max_examples=300)
@given(towns())
def test_as_the_oracle_joins(town):
    nodes, ways, barriers, points, limit = town
    network = plane(nodes, *[Way(w, snaps=s) for w, s in ways], barriers=barriers)
    edges = [
        oracle.Edge(a, b, k, place, 1.0, 1, 1, takes_snaps=snaps)
        for k, (word, snaps) in enumerate(ways)
        for place, (a, b) in enumerate(itertools.pairwise(word))
    ]
    lines = [pair for barrier in barriers for pair in itertools.pairwise(barrier)]
    plain = oracle.OracleNetwork(nodes, edges, lines)
    x, y = np.array(points).T
    found = snap_to_network(x, y, network, max_snap_m=limit)
    for k, expected in enumerate(oracle.snap(points, plain, limit)):
        if isinstance(expected, str):
            assert (found.code[k], found.edge[k]) == (expected, -1)
            continue
        # Whether a leg just touches a barrier is decided exactly there, in floats here: a leg that
        # ends within a nanometre of a barrier may be judged either way.
        own = (found.edge[k], found.fraction[k], found.access_mm[k])
        assert own == (expected.edge, expected.fraction, expected.access_mm)


@given(towns(), st.integers(0, 1000))
def test_a_longer_limit_only_adds(town, more):
    """Who joins within a limit joins at the same place within a longer one."""
    nodes, ways, barriers, points, limit = town
    network = plane(nodes, *[Way(w, snaps=s) for w, s in ways], barriers=barriers)
    x, y = np.array(points).T
    short = snap_to_network(x, y, network, max_snap_m=limit)
    long = snap_to_network(x, y, network, max_snap_m=limit + more)
    for k in np.flatnonzero(short.joined):
        assert (short.edge[k], short.access_mm[k]) == (long.edge[k], long.access_mm[k])
        assert short.access_mm[k] <= math.ceil(limit * 1000)


near_or_far = spot | st.tuples(st.integers(-3, 3), st.integers(-3, 3)).map(
    lambda at: (at[0] * 70_000.0 + 10, at[1] * 70_000.0)
)


@given(towns(), st.lists(near_or_far, min_size=1, max_size=8), st.sampled_from([60.0, 2e5, 4e9]))
def test_across_barriers_the_nearest_edge_counts_however_far(town, points, limit):
    nodes, ways, barriers, _, _ = town
    network = plane(nodes, *[Way(w, snaps=s) for w, s in ways], barriers=barriers)
    x, y = np.array(points, np.float64).T
    found = snap_across(x, y, network, limit_m=limit)
    usable = np.flatnonzero(network.snappable)
    for k, point in enumerate(points):
        every = np.full(len(usable), point[0]), np.full(len(usable), point[1])
        distance = place_on_edges(*every, usable, network)[3]
        if not len(usable) or distance.min() > limit:
            assert found.edge[k] == -1
        else:
            assert found.edge[k] == usable[distance.argmin()]
            assert abs(found.access_mm[k] - distance.min() * 1000) <= 0.5 + 1e-6


@given(towns(), near_or_far, near_or_far)
def test_edges_that_meet_a_box_are_in_its_cells(town, one, other):
    nodes, ways, _, _, _ = town
    network = plane(nodes, *[Way(w, snaps=s) for w, s in ways])
    if not network.snappable.any():
        return
    (west, east), (south, north) = (sorted(pair) for pair in zip(one, other, strict=True))
    found = network.edge_grid.edges_at(west, south, east, north)
    meets = shapely.intersects(network.lines, shapely.box(west, south, east, north))
    assert set(np.flatnonzero(meets & network.snappable)) <= set(found.tolist())
    assert found.tolist() == sorted(set(found.tolist()))
    assert network.snappable[found].all()
