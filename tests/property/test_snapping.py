"""Snapping on random streets and barriers equals the oracle's brute force, exactly."""

from __future__ import annotations

import itertools
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle import oracle
from tests.streets import Way, plane

from circle15.network.snapping import snap_to_network

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
