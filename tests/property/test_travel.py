"""Times on random small networks: nearest = the catchments' minimum = the independent oracle.

A network is drawn as a plain description: edges with their millimetres each way, waits, one-way
edges, loops, parallel edges and edges of no length. Points stand anywhere on the edges, several
on one. From it the arrays of circle15 and the objects of the oracle are built apart.
"""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.drawn_networks import (
    Drawn,
    Point,
    networks,
    ours,
    places,
    plain,
    positions,
    streets_of,
)
from tests.builders.streamed_catchments import catchments
from tests.oracle import oracle

from circle15.travel.engine.graph import TravelGraph
from circle15.travel.engine.search import nearest


def found_labels(drawn: Drawn) -> list[tuple[int, str] | None]:
    graph = TravelGraph.from_network(ours(drawn), drawn.speed)
    found = nearest(
        graph,
        positions(drawn.homes, drawn.speed),
        positions(drawn.sites, drawn.speed),
        horizon_ms=drawn.horizon_ms,
    )
    return [
        None if ms < 0 else (int(ms), f"f{row}")
        for ms, row in zip(found.time_ms, found.destination, strict=True)
    ]


def found_pairs(drawn: Drawn) -> dict[tuple[str, str], int]:
    graph = TravelGraph.from_network(ours(drawn), drawn.speed)
    stream = catchments(
        graph,
        positions(drawn.homes, drawn.speed),
        positions(drawn.sites, drawn.speed),
        cutoff_ms=drawn.horizon_ms,
    )
    return {
        (f"h{home}", f"f{site}"): int(ms)
        for site, homes, times in stream
        for home, ms in zip(homes, times, strict=True)
    }


@settings(max_examples=400)
@given(networks())
def test_nearest_is_what_the_oracle_finds(drawn):
    expected = oracle.nearest(
        places(drawn.homes, "h"),
        places(drawn.sites, "f"),
        plain(drawn),
        drawn.speed,
        drawn.horizon_ms,
    )
    assert found_labels(drawn) == expected


@settings(max_examples=200)
@given(networks())
def test_catchments_are_what_the_oracle_finds(drawn):
    expected = oracle.all_pairs(
        places(drawn.homes, "h"),
        places(drawn.sites, "f"),
        plain(drawn),
        drawn.speed,
        drawn.horizon_ms,
    )
    assert found_pairs(drawn) == expected


@settings(max_examples=200)
@given(networks())
def test_nearest_is_the_minimum_of_the_catchments(drawn):
    pairs = found_pairs(drawn)
    for k, label in enumerate(found_labels(drawn)):
        mine = [(ms, site) for (home, site), ms in pairs.items() if home == f"h{k}"]
        assert label == min(mine, default=None)


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_homes_and_sites_never_matters(drawn, rng: random.Random):
    """Homes and sites are shuffled; the time of each home stays, and so does the site's spot."""
    graph = TravelGraph.from_network(ours(drawn), drawn.speed)
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    before = nearest(graph, homes, sites, horizon_ms=drawn.horizon_ms)
    h, s = list(range(len(homes))), list(range(len(sites)))
    rng.shuffle(h)
    rng.shuffle(s)
    after = nearest(
        graph, homes.take(np.array(h)), sites.take(np.array(s)), horizon_ms=drawn.horizon_ms
    )
    assert after.time_ms.tolist() == before.time_ms[h].tolist()
    for k, home in enumerate(h):
        one, other = before.destination[home], after.destination[k]
        if one >= 0:
            # Of sites at the same time the first row counts, so the spots may differ only in ties.
            pair = nearest(
                graph,
                homes.take(np.array([home])),
                sites.take(np.array([s[other]])),
                horizon_ms=drawn.horizon_ms,
            )
            assert pair.time_ms[0] == before.time_ms[home]


@given(networks(), st.integers(0, 900_000))
def test_a_longer_horizon_only_adds(drawn, shorter_ms):
    """B5: what is within a cutoff is within a longer one, with the same label."""
    homes, sites = positions(drawn.homes, drawn.speed), positions(drawn.sites, drawn.speed)
    graph = TravelGraph.from_network(ours(drawn), drawn.speed)
    short = nearest(graph, homes, sites, horizon_ms=shorter_ms)
    long = nearest(graph, homes, sites, horizon_ms=shorter_ms + 90_000)
    for a, b, x, y in zip(
        short.time_ms, long.time_ms, short.destination, long.destination, strict=True
    ):
        assert (a, x) == (b, y) if 0 <= b <= shorter_ms else a == -1


@given(networks(), st.data())
def test_b9_a_further_site_or_street_never_lengthens_a_walk(drawn, data):
    speed, horizon_ms = drawn.speed, 3_600_000
    homes, sites = positions(drawn.homes, speed), positions(drawn.sites, speed)
    graph = TravelGraph.from_network(ours(drawn), speed)
    before = nearest(graph, homes, sites, horizon_ms=horizon_ms).time_ms
    further = Point(
        *data.draw(
            st.tuples(
                st.integers(0, len(drawn.streets) - 1), st.sampled_from([0.25, 0.5]), st.just(0)
            )
        )
    )
    more = positions((*drawn.sites, further), speed)
    street = data.draw(streets_of(len(drawn.nodes)))
    wider = Drawn(
        drawn.nodes, (*drawn.streets, street), drawn.homes, drawn.sites, speed, horizon_ms
    )
    for after in (
        nearest(graph, homes, more, horizon_ms=horizon_ms).time_ms,
        nearest(
            TravelGraph.from_network(ours(wider), speed), homes, sites, horizon_ms=horizon_ms
        ).time_ms,
    ):
        assert all(0 <= b <= a for a, b in zip(before, after, strict=True) if a >= 0)


def test_the_draws_reach_what_they_should():
    """Loops, parallel edges, one-way edges and edges of no length do occur among the examples."""
    seen: set[str] = set()

    @settings(max_examples=200, database=None)
    @given(networks())
    def look(drawn):
        ends = [frozenset((s.u, s.v)) for s in drawn.streets]
        seen.update("loop" for s in drawn.streets if s.u == s.v)
        seen.update("parallel" for e in ends if ends.count(e) > 1)
        seen.update("one way" for s in drawn.streets if None in (s.along, s.against))
        seen.update("no length" for s in drawn.streets if s.along == 0)
        on = [p.street for p in drawn.homes]
        seen.update("one edge" for p in drawn.sites if p.street in on)
        seen.update("unreached" for label in found_labels(drawn) if label is None)
        seen.update("reached" for label in found_labels(drawn) if label is not None)

    look()
    assert seen == {"loop", "parallel", "one way", "no length", "one edge", "unreached", "reached"}
