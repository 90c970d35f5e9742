"""Polygons that cross themselves: a few crossings are repaired, thousands refused."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
import shapely

from circle15.errors import InputDataError
from circle15.inputs.crossing_limits import require_mendable


def tangled(corners, seed=1):
    chance = Random(seed)
    return shapely.Polygon([(chance.random(), chance.random()) for _ in range(corners)])


def shapes(*some):
    return np.array([*some, None], dtype=object)


def test_few_crossings_pass():
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    require_mendable(shapes(bow, tangled(100), shapely.box(0, 0, 1, 1)), Path("a.shp"))


@pytest.mark.parametrize(
    "some",
    [
        (tangled(300),),
        tuple(tangled(60, seed) for seed in range(30)),
        (shapely.MultiPolygon([tangled(220), tangled(220, 2)]),),
        (shapely.Polygon(tangled(9).exterior, [tangled(300).exterior]),),
    ],
    ids=["one", "many", "parts", "hole"],
)
def test_thousands_are_refused(some):
    with pytest.raises(InputDataError, match="cross themselves too often; the limit is 5,000 cr"):
        require_mendable(shapes(*some), Path("a.shp"))


def test_a_valid_comb_of_many_corners_passes():
    teeth = [(k, k % 2 * 10) for k in range(20_000)]
    require_mendable(shapes(shapely.Polygon([*teeth, (20_000, -1), (0, -1)])), Path("a.shp"))


def test_corners_that_touch_are_no_crossings():
    squares = [shapely.box(k, 0, k + 1, 1) for k in range(2_000)]
    require_mendable(shapes(shapely.MultiPolygon(squares)), Path("a.shp"))
