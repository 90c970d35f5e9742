"""Blocks around random points: together they are the plane, and hold each point once."""

from __future__ import annotations

from functools import partial

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from circle15.travel.served_areas.windows import blocks_around, cells_around

near = st.integers(0, 40)
places = st.lists(st.tuples(near, near) | st.tuples(st.integers(0, 9000), near), max_size=40)


@settings(max_examples=300, deadline=None)
@given(places, st.floats(1, 300), st.integers(4, 4000), st.integers(0, 500))
def test_blocks_share_out_the_plane_and_the_points(drawn, reach_m, most, cost):
    xy = np.array(drawn, float).reshape(-1, 2) * 10
    options = {"reach_m": reach_m, "cell_m": 10.0}
    blocks = list(blocks_around(xy, **options, most_cells=most, block_cells=cost))
    assert sorted(k for one in blocks for k in one.points.tolist()) == list(range(len(xy)))
    tried = np.vstack([xy, np.random.default_rng(len(xy)).uniform(-500, 91_000, (100, 2))])
    for k, place in enumerate(tried):
        inside = [
            one for one in blocks if (one.low_m <= place).all() and (place < one.high_m).all()
        ]
        assert len(inside) == (1 if len(xy) else 0)
        assert k >= len(xy) or k in inside[0].points
    alone = cells_around(np.zeros((1, 2)), **options)
    for one in blocks:
        many = len(np.unique(xy[one.points], axis=0))
        assert many == 1 or cells_around(xy[one.points], **options) <= max(most, alone)
    whole = cells_around(xy, **options) if len(xy) else 0.0
    if whole <= most:  # cut only where that saves cells
        parts = sum(cells_around(xy[one.points], **options) for one in blocks)
        assert parts + cost * (len(blocks) - 1) <= whole + 1e-6


def test_two_towns_apart_are_two_blocks_and_one_town_is_one():
    """
    Cells of 10 m, 100 m around: a town of 100 m × 0 has 31 × 21 cells, both 2 · 651.

    In one block they would have 10 100 ÷ 10 + 20 + 1 = 1031 columns.
    """
    town = np.array([(x, 0.0) for x in range(0, 101, 10)])
    both = np.vstack([town, town + np.array([10_000.0, 0.0])])
    around = partial(blocks_around, reach_m=100.0, cell_m=10.0, most_cells=100_000, block_cells=50)
    assert cells_around(town, reach_m=100.0, cell_m=10.0) == 31 * 21
    assert [one.points.tolist() for one in around(town)] == [list(range(11))]
    left, right = sorted(around(both), key=lambda one: one.points[0])
    assert (left.points.tolist(), right.points.tolist()) == ([*range(11)], [*range(11, 22)])
    assert left.high_m[0] == right.low_m[0] == 5050
    square = shapely.box(5000, 0, 5100, 10)
    assert left.within(square).equals(shapely.box(5000, 0, 5050, 10))
    assert right.within(square).equals(shapely.box(5050, 0, 5100, 10))
    assert left.within(shapely.box(6000, 0, 6100, 10)).is_empty


def test_points_in_one_place_are_one_block_however_many_cells_they_have():
    xy = np.zeros((3, 2))
    (one,) = blocks_around(xy, reach_m=1000.0, cell_m=1.0, most_cells=4, block_cells=0)
    assert one.points.tolist() == [0, 1, 2]


def test_neighbouring_floats_are_cut_apart():
    """Between them there is no third number."""
    x = np.nextafter(5e5, 6e5)
    xy = np.array([(5e5, 0.0), (x, 0.0)])
    blocks = list(blocks_around(xy, reach_m=1.0, cell_m=1.0, most_cells=1, block_cells=0))
    assert sorted(one.points.tolist() for one in blocks) == [[0], [1]]
