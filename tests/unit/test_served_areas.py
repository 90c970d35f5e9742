"""Served areas: drawn from times, with their holes, never beyond a cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from circle15.travel.served_areas import MAX_CELLS, Grid, grid_over, served_area

CUTOFF = 900_000


def drawn(grid: Grid, time_ms) -> Any:
    """Return the served area at the cutoff; a shapely geometry of any kind."""
    return served_area(grid, time_ms, CUTOFF)


GRID = Grid(0.0, 0.0, 10.0, 5, 5)


def times(rows):
    """Times of a 5 × 5 grid as drawn, north on top."""
    return np.array(rows, np.int64)[::-1].ravel()


def test_a_grid_covers_its_shape():
    grid = grid_over(shapely.box(0, 0, 95, 40), cell_m=10)
    x, y = grid.points()
    assert len(x) == grid.rows * grid.columns == 11 * 5
    assert (x.max(), y.max()) == (100, 40)


def test_a_large_area_gets_larger_cells():
    grid = grid_over(shapely.box(0, 0, 100_000, 50_000), cell_m=10)
    assert grid.rows * grid.columns < MAX_CELLS * 1.05
    assert grid.cell_m > 10


def test_half_way_between_inside_and_outside():
    """
    Served in the middle only (450 s), nothing around: the border lies where the line between
    450 and 1 800 s crosses 900, a third of the way: a diamond of 2 · (10/3)² m² … less than a
    cell of 100 m², and left out as a speck.
    """
    one = np.full((5, 5), -1)
    one[2, 2] = 450_000
    assert drawn(GRID, times(one)).is_empty


def test_a_hole_stays_a_hole():
    """All served but the middle: the polygon has a hole around (20, 20)."""
    ring = np.full((5, 5), 300_000)
    ring[2, 2] = -1
    area = drawn(GRID, times(ring))
    assert area.is_valid
    assert not area.contains(shapely.Point(20, 20))
    assert all(area.contains(shapely.Point(x, y)) for x, y in ((0, 0), (10, 20), (20, 30)))
    assert len(area.interiors) == 1


def test_no_unreached_point_is_inside_and_no_reached_one_outside():
    """On the points of the grid the drawing says what the times say, also at the cutoff itself."""
    rng = np.random.default_rng(3)
    grid = Grid(0.0, 0.0, 10.0, 30, 30)
    time = rng.integers(0, 1_500_000, 900)
    time[rng.random(900) < 0.2] = -1
    area = drawn(grid, time)
    x, y = grid.points()
    unreached = (time < 0) | (time > CUTOFF)
    assert not shapely.contains_xy(area, x[unreached], y[unreached]).any()
    assert area.is_valid


def test_nothing_served():
    assert drawn(GRID, np.full(25, -1)).is_empty
