"""Copies of a raster of people are recognised by their cells, however they are written."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from tests.builders.people_rasters import people, read
from tests.streets import EAST_M, METRIC, NORTH_M

from circle15.errors import InputDataError

CELLS = np.array([[0.0, 10.25, 0.0], [7.1, 0.0, 3.3]])
UPSIDE_DOWN = Affine(100, 0, EAST_M, 0, 100, NORTH_M - 200)


def write(path, cells=CELLS, *, driver="GTiff", dtype="float32", empty=None, **options):
    given = {"transform": Affine(100, 0, EAST_M, 0, -100, NORTH_M)} | options
    kept = cells if empty is None else np.where(cells == 0, empty, cells)
    size = {"count": 1, "height": cells.shape[0], "width": cells.shape[1]}
    with rasterio.open(
        path, "w", driver=driver, dtype=dtype, nodata=empty, crs=METRIC.to_wkt(), **size, **given
    ) as file:
        file.write(kept.astype(dtype), 1)
    return path


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("b.tif", {"compress": "deflate"}),
        ("b.tif", {"tiled": True, "blockxsize": 16, "blockysize": 16}),
        ("b.tif", {"dtype": "float64"}),
        ("b.tif", {"empty": -99999.0}),
        ("b.tif", {"cells": CELLS[::-1], "transform": UPSIDE_DOWN}),
        ("b.bil", {"driver": "EHdr"}),
    ],
)
def test_a_copy_is_refused_however_it_is_written(tmp_path, name, how):
    one, other = write(tmp_path / "a.tif"), write(tmp_path / name, **how)
    with pytest.raises(InputDataError, match=f"{name}: has the same people .* as a.tif"):
        read(tmp_path, one, other)


@pytest.mark.parametrize("change", [np.fliplr, lambda cells: cells * 1.001, np.zeros_like])
def test_other_cells_are_another_class(tmp_path, change):
    one, other = write(tmp_path / "a.tif"), write(tmp_path / "b.tif", change(CELLS))
    both = people(read(tmp_path, one, other))
    assert both == pytest.approx((CELLS + change(CELLS)).sum(), abs=1e-4)
