"""Numbers of a raster that no float can hold end in one message, without Python's warnings."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from shapely.geometry import box
from tests.builders.people_rasters import read
from tests.faults.mutations.readers import input_of
from tests.streets import EAST_M, NORTH_M

from circle15.errors import InputDataError
from circle15.network.costs.elevation import open_dem

SQUARE = box(0, 0, 300, 300)
PLAIN = Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300)


def read_or_refused(tmp_path, cells, transform, **area) -> str:
    """The message of a raster of people, or nothing; a warning is an error."""
    path = tmp_path / "p.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=3,
        width=3,
        count=1,
        dtype="float64",
        crs="EPSG:4549",
        transform=transform,
    ) as target:
        target.write(np.full((1, 3, 3), cells))
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            read(tmp_path, path, **area)
        except InputDataError as fault:
            return str(fault)
    return ""


@pytest.mark.parametrize("cells", [1e30, 1e305, 1e308, 1.7e308])
@pytest.mark.parametrize("step", [100, 1, 1e-8])
def test_more_people_than_a_float_holds(tmp_path, cells, step):
    found = read_or_refused(tmp_path, cells, Affine(step, 0, EAST_M, 0, -step, NORTH_M + 300))
    assert "an impossible number of people" in found


@pytest.mark.parametrize(
    "transform",
    [
        Affine(1e308, 0, EAST_M, 0, -1e308, NORTH_M),
        Affine(1e300, 0, EAST_M, 0, -1, NORTH_M),
        Affine(100, 0, 1e308, 0, -100, NORTH_M),
        Affine(100, 0, EAST_M, 0, -100, -1.7e308),
    ],
)
def test_a_grid_that_a_float_does_not_hold(tmp_path, transform):
    assert "p.tif" in read_or_refused(tmp_path, 1.0, transform)


@pytest.mark.parametrize("side", [1e-310, 1e-305, 1e-160, 1e-30, 1e-10, 1e10, 1e300])
@pytest.mark.parametrize("both", [True, False])
def test_cells_of_no_size_are_refused_by_people_and_heights(tmp_path, side, both):
    """A transform of cells so small was not to be turned round: a traceback."""
    place = Affine(side, 0, EAST_M, 0, -side if both else -100, NORTH_M + 300)
    found = read_or_refused(tmp_path, 1.0, place, wards={"a": SQUARE})
    assert "p.tif: its cells are" in found
    with pytest.raises(InputDataError, match=r"p\.tif: its cells are"):
        open_dem(tmp_path / "p.tif")


def test_the_plain_raster_is_read(tmp_path):
    assert read_or_refused(tmp_path, 1.0, PLAIN, wards={"a": SQUARE}) == ""


def test_a_damaged_geokey_is_a_message(tmp_path):
    """GDAL told of it when the colours of the band were asked for: a traceback."""
    (tmp_path / "r.tif").write_bytes(input_of("heights", 3016)["r.tif"])
    with pytest.raises(InputDataError, match=r"r\.tif: cannot be read as a raster"):
        open_dem(tmp_path / "r.tif")
