"""Random networks, and points on them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from circle15.network.walk_network import NO_WAY, WalkNetwork
from circle15.travel.engine.graph import Positions
from circle15.travel.engine.milliseconds import walking_ms
from tests.oracle import oracle
from tests.streets import EVERYWHERE, METRIC

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
    """The input of a test."""

    nodes: tuple[tuple[float, float], ...]
    streets: tuple[Street, ...]
    homes: tuple[Point, ...]
    sites: tuple[Point, ...]
    speed: Fraction
    horizon_ms: int


@st.composite
def streets_of(draw, n_nodes):
    node = st.integers(0, n_nodes - 1)
    # Few different lengths, including 0, so that ties are common.
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
