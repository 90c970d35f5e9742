"""Times on random small networks: nearest = the catchments' minimum = the independent oracle.

A network is drawn as a plain description: edges with their millimetres each way, waits, one-way
edges, loops, parallel edges and edges of no length. Points stand anywhere on the edges, several
on one. From it the arrays of circle15 and the objects of the oracle are built apart.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle import oracle
from tests.streets import EVERYWHERE, METRIC

from circle15.network.walk_network import NO_WAY, WalkNetwork
from circle15.travel.engine.catchments import catchments
from circle15.travel.engine.graph import Positions, TravelGraph
from circle15.travel.engine.milliseconds import walking_ms
from circle15.travel.engine.search import nearest

SPEEDS = (Fraction(1), Fraction(4, 5), Fraction(6, 5), Fraction(3, 7))


@dataclass(frozen=True)
class Street:
    """An edge: its ends, millimetres along and against (None: closed), and its wait."""

    u: int
    v: int
    along: int | None
    against: int | None
    delay: int


@dataclass(frozen=True)
class Point:
    """A point on a street, and the length of its access leg."""

    street: int
    fraction: float
    access_mm: int


@dataclass(frozen=True)
class Drawn:
    """What a test runs on."""

    nodes: tuple[tuple[float, float], ...]
    streets: tuple[Street, ...]
    homes: tuple[Point, ...]
    sites: tuple[Point, ...]
    speed: Fraction
    horizon_ms: int


@st.composite
def streets_of(draw, n_nodes):
    node = st.integers(0, n_nodes - 1)
    # Few different lengths, so that ties are common; 0 too.
    length = st.sampled_from([0, 1, 5, 100_000, 100_000, 250_000]) | st.integers(0, 400_000)
    along, against = draw(length), draw(length)
    closed = draw(st.sampled_from(["none", "none", "none", "along", "against"]))
    return Street(
        draw(node),
        draw(node),
        None if closed == "along" else along,
        None if closed == "against" else (along if draw(st.booleans()) else against),
        draw(st.sampled_from([0, 0, 0, 20_000])),
    )


@st.composite
def points_on(draw, streets):
    number = draw(st.integers(0, len(streets) - 1))
    street = streets[number]
    inner = st.sampled_from([0.25, 0.5, 0.5, 0.75]) | st.floats(1e-9, 1 - 1e-9)
    one_way = street.along is None or street.against is None
    # The ends of a one-way edge are nodes; the oracle has no rule for points there.
    fraction = draw(inner if one_way else inner | st.sampled_from([0.0, 1.0]))
    return Point(number, fraction, draw(st.sampled_from([0, 0, 1, 40_000, 199_999])))


@st.composite
def networks(draw):
    n_nodes = draw(st.integers(1, 8))
    spot = st.tuples(st.integers(0, 3).map(float), st.integers(0, 3).map(float))
    streets = tuple(draw(st.lists(streets_of(n_nodes), min_size=1, max_size=12)))
    points = st.lists(points_on(streets), min_size=1, max_size=7).map(tuple)
    return Drawn(
        nodes=tuple(draw(st.lists(spot, min_size=n_nodes, max_size=n_nodes))),
        streets=streets,
        homes=draw(points),
        sites=draw(points),
        speed=draw(st.sampled_from(SPEEDS)),
        horizon_ms=draw(st.sampled_from([60_000, 300_000, 900_000, 3_600_000])),
    )


def ours(drawn: Drawn) -> WalkNetwork:
    streets = drawn.streets
    n = len(streets)

    def mm(values):
        return np.array([NO_WAY if v is None else v for v in values], np.int64)

    x, y = np.array(drawn.nodes, np.float64).T
    delay = np.array([s.delay for s in streets], np.int64)
    return WalkNetwork(
        crs=METRIC,
        x_m=x,
        y_m=y,
        u=np.array([s.u for s in streets], np.int64),
        v=np.array([s.v for s in streets], np.int64),
        length_m=np.ones(n),
        base_mm_fwd=mm(s.along for s in streets),
        base_mm_bwd=mm(s.against for s in streets),
        delay_ms_fwd=delay,
        delay_ms_bwd=delay,
        way_id=np.arange(n),
        way_pos=np.zeros(n, np.int64),
        kind=np.array(["path"] * n, dtype=object),
        private=np.zeros(n, bool),
        snappable=np.ones(n, bool),
        extent=EVERYWHERE,
        extent_source="given",
        barriers=np.array([], dtype=object),
    )


def positions(points: tuple[Point, ...], speed: Fraction) -> Positions:
    return Positions(
        np.array([p.street for p in points], np.int64),
        np.array([p.fraction for p in points], np.float64),
        walking_ms(np.array([p.access_mm for p in points], np.int64), speed),
    )


def plain(drawn: Drawn) -> oracle.OracleNetwork:
    edges = [
        oracle.Edge(
            s.u, s.v, k, 0, 1.0, s.along, s.against, delay_ms_fwd=s.delay, delay_ms_bwd=s.delay
        )
        for k, s in enumerate(drawn.streets)
    ]
    return oracle.OracleNetwork(dict(enumerate(drawn.nodes)), edges)


def places(points: tuple[Point, ...], prefix: str) -> list[oracle.Place]:
    return [
        oracle.Place(f"{prefix}{k}", oracle.Snap(p.street, p.fraction, p.access_mm))
        for k, p in enumerate(points)
    ]


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
    further = Point(*data.draw(st.tuples(
        st.integers(0, len(drawn.streets) - 1), st.sampled_from([0.25, 0.5]), st.just(0)
    )))  # fmt: skip
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
