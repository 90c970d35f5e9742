"""Gated compounds on random small networks: each rule gives the times of the oracle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.drawn_networks import networks, ours, places, plain, positions
from tests.oracle import oracle_gated

from circle15.network.topology.compounds import RULES, compounds_of
from circle15.travel.engine.graph import TravelGraph
from circle15.travel.engine.round_trips import nearest_round_trip
from circle15.travel.engine.search import nearest

HOUR_MS = 3_600_000


@st.composite
def gated_networks(draw):
    """A random network, some of whose edges are private and some of whose nodes are gates."""
    drawn = draw(networks())
    n = len(drawn.streets)
    private = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    used = sorted({node for s in drawn.streets for node in (s.u, s.v)})
    gates = draw(st.lists(st.sampled_from(used), max_size=2, unique=True).map(sorted))
    # Lengths that differ, so that the longest piece is one.
    metres = [2.0**k for k in range(n)]
    network = replace(
        ours(drawn),
        private=np.array(private, bool),
        gates=np.array(gates, np.int64),
        length_m=np.array(metres),
    )
    edges = [replace(e, length_m=m) for e, m in zip(plain(drawn).edges, metres, strict=True)]
    return drawn, network, replace(plain(drawn), edges=edges)


def expected(drawn, network, other, rule, *, round_trip):
    """Least time of each home by the oracle."""
    homes, sites = places(drawn.homes, "h"), places(drawn.sites, "f")
    private, locked = set(np.flatnonzero(network.private).tolist()), set(network.gates.tolist())
    rows = []
    for site in sites:
        out, back = (
            oracle_gated.times_to(
                homes, site, other, drawn.speed, rule, private, locked, homeward=homeward
            )
            for homeward in (False, True)
        )
        both = zip(out, back, strict=True)
        rows.append(
            [a if a is None or not round_trip else b if b is None else a + b for a, b in both]
        )
    best = [
        min((t for t in column if t is not None), default=-1) for column in zip(*rows, strict=True)
    ]
    return [-1 if t > HOUR_MS else t for t in best]


def found(drawn, network, rule, *, round_trip):
    graph = TravelGraph.from_network(compounds_of(network).under(rule), drawn.speed)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    if round_trip:
        return nearest_round_trip(graph, homes, sites, total_ms=HOUR_MS).time_ms
    return nearest(graph, homes, sites, horizon_ms=HOUR_MS).time_ms


@pytest.mark.parametrize("round_trip", [False, True])
@settings(max_examples=100)
@given(gated_networks())
def test_times_under_each_rule_are_the_oracles(round_trip, case):
    drawn, network, other = case
    for rule in RULES:
        assert found(drawn, network, rule, round_trip=round_trip).tolist() == expected(
            drawn, network, other, rule, round_trip=round_trip
        )


@pytest.mark.parametrize("round_trip", [False, True])
@settings(max_examples=100)
@given(gated_networks())
def test_a_stricter_rule_never_makes_a_walk_shorter(round_trip, case):
    """With the snaps held fixed: whom `closed` covers `residents` covers, and `open` too."""
    drawn, network, _ = case
    free, residents, closed = (
        np.where(ms < 0, HOUR_MS + 1, ms)
        for ms in (found(drawn, network, rule, round_trip=round_trip) for rule in RULES)
    )
    assert (free <= residents).all()
    assert (residents <= closed).all()


@settings(max_examples=100)
@given(gated_networks())
def test_compounds_are_the_oracles(case):
    _, network, other = case
    private, locked = set(np.flatnonzero(network.private).tolist()), set(network.gates.tolist())
    expected = oracle_gated.compounds(other, private, locked)
    number = compounds_of(network).number.tolist()
    assert [k == 0 for k in number] == [k == 0 for k in expected]
    assert len(set(zip(number, expected, strict=True))) == len(set(number)) == len(set(expected))
