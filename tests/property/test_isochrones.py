"""Isochrones on random street patterns: valid, nested, and correct at the centre of every cell."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders.drawn_streets import CELL_M, MAX_SNAP_M, streets
from tests.streets import plane

from circle15.network.snapping import snap_to_network
from circle15.travel.engine.graph import positions_at
from circle15.travel.engine.search import nearest
from circle15.travel.served_areas.snap_raster import SnapRaster


def middles(raster: SnapRaster) -> tuple[np.ndarray, np.ndarray]:
    x = raster.frame.west_m + raster.frame.cell_m * np.arange(raster.frame.columns)
    y = raster.frame.south_m + raster.frame.cell_m * np.arange(raster.frame.rows)
    return np.tile(x, raster.frame.rows), np.repeat(y, raster.frame.columns)


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


@settings(max_examples=100, deadline=None)
@given(streets(), st.integers(4, 900), st.booleans())
def test_windows_draw_what_one_raster_does(drawn, window_cells, round_trip):
    whole, sites = drawn.isochrones(round_trip=round_trip), drawn.positions()
    windows = drawn.drawing(window_cells, round_trip=round_trip)
    one = dict(whole.each(sites, drawn.cutoffs_ms, threads=1))
    other = dict(windows.each(sites, drawn.cutoffs_ms, threads=1))
    assert one.keys() == other.keys()
    goals = {"all": sites, "first": sites.take(np.array([0]))}
    layers = {"all": ["all"], "first": ["first"], "both": ["all", "first"]}
    times = {key: whole.times(at, horizon_ms=max(drawn.cutoffs_ms)) for key, at in goals.items()}
    together = windows.dissolved(goals, layers, drawn.cutoffs_ms)
    assert together.keys() == layers.keys()
    for key, required in layers.items():
        one[key] = whole.dissolved([times[k] for k in required], drawn.cutoffs_ms)
        other[key] = together[key]
    for row, areas in one.items():
        for area, same in zip(areas, other[row], strict=True):
            assert same.is_valid
            assert same.geom_type == "MultiPolygon"
            # Joined at whole millimetres: less than that along the outlines and the sides.
            assert area.symmetric_difference(same).area <= 0.002 * (area.length + 1)
            if area.area:
                assert area.hausdorff_distance(same) <= 0.01
