"""Isochrones on random street patterns: valid, nested, and correct at the centre of every cell."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.streets import Way, graph_of, joined, plane

from circle15.network.snapping import snap_to_network
from circle15.travel.engine.graph import Positions, positions_at
from circle15.travel.engine.search import nearest
from circle15.travel.served_areas.isochrones import Isochrones
from circle15.travel.served_areas.snap_raster import SnapRaster

CELL_M = 25.0
MAX_SNAP_M = 80.0
LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Streets:
    """Streets between points of a circle of 500 m, a river perhaps, and sites in it."""

    nodes: dict[str, tuple[float, float]]
    ways: tuple[Way, ...]
    river: tuple[tuple[float, float], ...]
    sites: tuple[tuple[float, float], ...]
    cutoffs_s: tuple[int, ...]

    def isochrones(self, *, round_trip: bool = False) -> Isochrones:
        network = plane(self.nodes, *self.ways, barriers=[self.river] if self.river else [])
        over = shapely.box(-120, -115, 620, 615)
        raster = SnapRaster.over(over, network, cell_m=CELL_M, max_snap_m=MAX_SNAP_M)
        return Isochrones(
            raster,
            network,
            graph_of(network),
            access_speed_m_s=Fraction(1),
            round_trip=round_trip,
        )

    def positions(self) -> Positions:
        network = plane(self.nodes, *self.ways, barriers=[self.river] if self.river else [])
        return joined(network, *self.sites)

    @property
    def cutoffs_ms(self) -> list[int]:
        return [1000 * cutoff for cutoff in self.cutoffs_s]


place = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
    lambda xy: (xy[0] * 1.0, xy[1] * 1.0)
)


@st.composite
def streets(draw):
    # On a circle, so that no two streets lie on one another.
    names = LETTERS[: draw(st.integers(2, len(LETTERS)))]
    turns = [(k + draw(st.floats(0, 0.9))) / len(names) for k in range(len(names))]
    nodes = {
        name: (
            round(250 + 250 * math.cos(math.tau * turn), 3),
            round(250 + 250 * math.sin(math.tau * turn), 3),
        )
        for name, turn in zip(names, turns, strict=True)
    }
    every = [a + b for a, b in itertools.combinations(names, 2)]
    words = draw(st.lists(st.sampled_from(every), min_size=1, max_size=16, unique=True))
    ways = tuple(Way(word, one_way=draw(st.integers(0, 5)) == 0) for word in words)
    river = draw(st.just(()) | st.tuples(place, place))
    sites = tuple(draw(st.lists(place, min_size=1, max_size=4)))
    cutoffs = draw(st.lists(st.integers(1, 600), min_size=3, max_size=3, unique=True))
    return Streets(nodes, ways, river, sites, tuple(sorted(cutoffs)))


def middles(raster: SnapRaster) -> tuple[np.ndarray, np.ndarray]:
    x = raster.west_m + raster.cell_m * np.arange(raster.columns)
    y = raster.south_m + raster.cell_m * np.arange(raster.rows)
    return np.tile(x, raster.rows), np.repeat(y, raster.columns)


@settings(max_examples=150, deadline=None)
@given(streets(), st.booleans())
def test_areas_are_valid_and_later_ones_hold_the_earlier(drawn, round_trip):
    for _, areas in drawn.isochrones(round_trip=round_trip).each(
        drawn.positions(), drawn.cutoffs_ms, threads=1
    ):
        assert all(area.is_valid and area.geom_type == "MultiPolygon" for area in areas)
        parts = shapely.get_parts(np.array(areas, dtype=object))
        assert (shapely.area(parts) > CELL_M**2 * 0.999).all()
        for smaller, larger in itertools.pairwise(areas):
            # A speck drawn as one cell reaches half a cell's diagonal from its middle, and is
            # no speck, or is within a cell of what is drawn, at the larger cutoff.
            assert smaller.difference(larger.buffer(1.75 * CELL_M)).is_empty


@settings(max_examples=150, deadline=None)
@given(streets())
def test_the_middle_of_a_cell_is_inside_if_a_home_there_is(drawn):
    """By its own snap and search; specks apart, which are less than a cell."""
    network = plane(drawn.nodes, *drawn.ways, barriers=[drawn.river] if drawn.river else [])
    drawing = drawn.isochrones()
    x, y = middles(drawing.raster)
    homes = positions_at(snap_to_network(x, y, network, max_snap_m=MAX_SNAP_M), Fraction(1))
    for row, areas in drawing.each(drawn.positions(), drawn.cutoffs_ms, threads=1):
        site = drawn.positions().take(np.array([row]))
        ms = nearest(drawing.graph, homes, site, horizon_ms=600_000).time_ms
        for area, cutoff in zip(areas, drawn.cutoffs_ms, strict=True):
            reached = (ms >= 0) & (ms <= cutoff)
            shown = shapely.contains_xy(area, x, y)
            claimed = shapely.points(x[shown & ~reached], y[shown & ~reached])
            assert (shapely.distance(claimed, area.boundary) <= CELL_M / 2).all()
            missing = shapely.points(x[reached & ~shown], y[reached & ~shown])
            assert (shapely.distance(missing, area) <= CELL_M).all()


@settings(max_examples=100, deadline=None)
@given(streets(), st.randoms(use_true_random=False))
def test_the_order_of_sites_does_not_matter(drawn, random):
    drawing, sites = drawn.isochrones(), drawn.positions()
    order = list(range(len(sites)))
    random.shuffle(order)
    turned = sites.take(np.array(order))
    one = dict(drawing.each(sites, drawn.cutoffs_ms, threads=1))
    other = {order[k]: areas for k, areas in drawing.each(turned, drawn.cutoffs_ms, threads=1)}
    assert one.keys() == other.keys()
    horizon_ms = max(drawn.cutoffs_ms)
    one[-1], other[-1] = (
        drawing.dissolved([drawing.times(s, horizon_ms=horizon_ms)], drawn.cutoffs_ms)
        for s in (sites, turned)
    )
    for row, areas in one.items():
        assert all(a.equals_exact(b, 0) for a, b in zip(areas, other[row], strict=True))
