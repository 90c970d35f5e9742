"""Many points and destinations on one street: the best pair of each point, without all pairs."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tests.builders.drawn_networks import Drawn, Street, ours

from circle15.travel.engine.graph import Positions, TravelGraph
from circle15.travel.engine.own_chain import OwnChains, in_order
from circle15.travel.engine.search import nearest

BITS = 10
NONE = np.int64(1) << 60


def street(*edges: Street) -> TravelGraph:
    """A street of edges of which each begins where the one before ends."""
    nodes = tuple((100.0 * k, 0.0) for k in range(len(edges) + 1))
    drawn = Drawn(nodes, edges, (), (), Fraction(1), 0)
    return TravelGraph.from_network(ours(drawn), Fraction(1))


def scattered(seed: int, many: int, edges: int) -> Positions:
    """Points on few places of the edges, so that many lie in the same place."""
    draw = np.random.default_rng(seed)
    fraction = draw.choice([0.0, 0.2, 0.2, 0.5, 1.0], many)
    return Positions(draw.integers(0, edges, many), fraction, draw.integers(0, 4, many) * 1000)


@pytest.mark.parametrize("closed", [None, 1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_each_point_gets_what_the_best_of_all_pairs_gives(closed, seed):
    edges = [
        Street(k, k + 1, 30_000 * (k + 1), None if k == closed else 20_000, 0) for k in range(4)
    ]
    edges[3] = Street(4, 3, 5000, 7000, 0)  # drawn against the others
    graph = street(*edges)
    homes, goals = graph.place(scattered(seed, 60, 4)), graph.place(scattered(seed + 99, 40, 4))
    is_open = np.random.default_rng(seed).random(40) < 0.7
    best = np.full(60, NONE)
    OwnChains(graph, in_order(homes), goals).improve(best, is_open, BITS)
    for i in range(60):
        of = np.flatnonzero(is_open & (goals.chain == homes.chain[i]))
        ms = graph.along_chain_ms(homes, np.full(len(of), i), goals, of)
        keys = (ms + goals.access[of] << BITS) + of
        usable = keys[ms < 1 << 40]
        assert best[i] == min(usable.tolist(), default=NONE)


def test_a_crowd_on_one_street_is_searched_without_its_pairs():
    """100,000 homes and as many sites: their 10¹⁰ pairs would take 80 GB."""
    graph = street(Street(0, 1, 1_000_000, 1_000_000, 0))
    at = np.linspace(0.0, 1.0, 100_001)
    none = np.zeros(len(at), np.int64)
    found = nearest(graph, Positions(none, at, none), Positions(none, at, none), horizon_ms=900_000)
    assert not found.time_ms.any()
    assert (found.destination == np.arange(len(at))).all()
