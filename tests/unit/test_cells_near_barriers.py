"""Which cells of the drawn grid a barrier may touch, however far beyond the grid it goes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from circle15.travel.served_areas import snap_raster

CELL_M, ROWS, COLUMNS = 20.0, 12, 15
CORNER = (-100.0, -60.0)
_X, _Y = np.meshgrid(CORNER[0] + CELL_M * np.arange(COLUMNS), CORNER[1] + CELL_M * np.arange(ROWS))
MIDDLES = shapely.points(_X.ravel(), _Y.ravel())


def near(*lines: shapely.Geometry) -> list[int]:
    found = snap_raster._cells_near(np.array(lines, dtype=object), CORNER, CELL_M, (ROWS, COLUMNS))
    return [int(cell) for cell in found]


millimetres = st.integers(-400_000, 400_000).map(lambda n: n / 1000)
kilometres = st.integers(-1000, 1000).map(lambda n: n * 1000.0)
vertices, far = st.tuples(millimetres, millimetres), st.tuples(kilometres, kilometres)


@given(st.lists(vertices | far, min_size=2, max_size=5))
def test_no_cell_beside_a_barrier_is_missed(line: list[tuple[float, float]]) -> None:
    if all(one == line[0] for one in line):
        return
    barrier = shapely.LineString(line)
    apart = np.full(len(MIDDLES), np.inf)
    for one, other in pairwise(line):  # of a long line the distance is exact for each straight part
        apart = np.minimum(apart, shapely.distance(MIDDLES, shapely.LineString([one, other])))
    beside = set(np.flatnonzero(apart <= CELL_M).tolist())
    assert beside <= set(near(barrier))


def test_what_goes_far_beyond_the_grid_costs_no_more_than_the_grid() -> None:
    """A ring of 80,000 km around the grid, and a line of as much across it."""
    ring = shapely.box(-1e7, -1e7, 1e7, 1e7)
    across = shapely.LineString([(-4e7, 0.0), (4e7, 0.0)])
    size = np.array([COLUMNS, ROWS])
    start, end = snap_raster._pieces(
        np.array([ring, across], dtype=object), np.array(CORNER), CELL_M, size
    )
    assert len(start) <= COLUMNS + 15
    assert np.hypot(*(end - start).T).max() == pytest.approx(CELL_M, rel=1e-6)
    assert near(ring) == []
    assert near(across) == near(shapely.LineString([(-1000.0, 0.0), (1000.0, 0.0)]))


def test_lines_along_the_axes_are_cut_as_others() -> None:
    """One from south to north over the middles of the column at x = 0, the other far east of it."""
    along = near(shapely.LineString([(0.0, -1000.0), (0.0, 1000.0)]))
    beside = [row * COLUMNS + column for row in range(ROWS) for column in (4, 5, 6)]
    assert set(beside) <= set(along)
    assert near(shapely.LineString([(1000.0, -1000.0), (1000.0, 1000.0)])) == []
