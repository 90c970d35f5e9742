"""The nearest neighbours of zones, as if each were compared with all others."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely

from circle15.rules.floor_area.sharing import nearest_shapes

REACH_M = 1000.0


def by_hand(shapes, own, most):
    """All distances, those within reach, sorted by distance, then index."""
    apart = [(shapes[own].distance(shape), k) for k, shape in enumerate(shapes)]
    return sorted(pair for pair in apart if pair[0] <= REACH_M)[:most]


def found(shapes, wanted, most):
    return {
        own: list(zip(apart.tolist(), near.tolist(), strict=True))
        for own, near, apart in nearest_shapes(shapes, wanted, most=most, reach_m=REACH_M)
    }


@pytest.mark.parametrize("wide_m", [0.0, 5.0, 300.0, 3000.0, 50_000.0])
def test_they_are_those_of_all_distances(wide_m):
    draw = np.random.default_rng(7)
    x, y = draw.uniform(0, wide_m, (2, 60)).round(1)
    shapes = shapely.box(x, y, x + 20, y + 20)
    wanted = np.arange(0, 60, 3)
    assert found(shapes, wanted, 13) == {k: by_hand(shapes, k, 13) for k in wanted.tolist()}


def test_exactly_at_the_reach_is_within():
    shapes = shapely.box([0, 1020, 2041], [0] * 3, [20, 1040, 2061], [20] * 3)
    assert found(shapes, np.arange(3), 13) == {
        0: [(0.0, 0), (1000.0, 1)],
        1: [(0.0, 1), (1000.0, 0)],
        2: [(0.0, 2)],
    }


def test_thousands_in_reach_are_no_matter():
    """Each of 20,000 squares of 2 m has a thousand times as many in reach as are asked for."""
    side = np.arange(20_000)
    x, y = side % 150 * 3.0, side // 150 * 3.0
    shapes = shapely.box(x, y, x + 2, y + 2)
    begin = time.process_time()
    assert len(found(shapes, side[:5000], 13)) == 5000
    assert time.process_time() - begin < 10
