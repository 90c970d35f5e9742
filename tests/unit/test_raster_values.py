"""What the cells of a raster of people mean: scale, nodata, dust, density, and one grid or two."""

from __future__ import annotations

from fractions import Fraction

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from pyproj import CRS
from rasterio.transform import Affine
from tests.builders.people_rasters import people, read
from tests.streets import EAST_M, NORTH_M

from circle15.errors import InputDataError
from circle15.inputs.crs.positions import horizontal, require_crs, same_place
from circle15.inputs.rasters.raster_values import Scale

STEP = 100.0


def write(path, cells, dtype, *, crs="EPSG:4549", step=STEP, scale=1.0, offset=0.0, nodata=None):
    cells = np.array(cells, dtype)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=cells.shape[0],
        width=cells.shape[1],
        count=1,
        dtype=cells.dtype,
        crs=crs,
        nodata=nodata,
        transform=Affine(step, 0, EAST_M, 0, -STEP, NORTH_M + 300),
    ) as target:
        target.write(cells, 1)
        target.scales, target.offsets = (scale,), (offset,)
    return path


@pytest.mark.parametrize(
    ("dtype", "scale", "offset", "cells", "expected"),
    [
        ("uint16", 0.01, 0.0, [[10000, 5000, 3000]], 180),
        ("int32", 0.1, 0.0, [[1, 2, 3]], 0.6),
        ("uint8", 0.5, 2.0, [[2, 4, 6]], 12),
        ("int16", 2.0, -1.0, [[1, 2, 3]], 9),
        ("float32", 0.25, 0.0, [[4, 8, 12]], 6),
    ],
)
def test_scale_and_offset_are_applied(tmp_path, dtype, scale, offset, cells, expected):
    path = write(tmp_path / "p.tif", cells, dtype, scale=scale, offset=offset)
    assert people(read(tmp_path, path)) == expected


def test_the_nodata_of_a_scaled_band_is_that_of_the_file(tmp_path):
    path = write(tmp_path / "p.tif", [[100, 65535, 200]], "uint16", scale=0.1, nodata=65535)
    assert people(read(tmp_path, path)) == 30


@pytest.mark.parametrize("scale", [0.1, 0.01, 0.001, float(np.float32(0.1)), 0.3])
def test_integers_are_scaled_as_decimals(scale):
    cells = np.arange(0, 5000, 7, dtype=np.float64)
    decimal = Fraction(str(np.float32(scale)))
    got = Scale(scale, 0.0, integers=True).apply(cells)
    assert got.tolist() == [float(int(cell) * decimal) for cell in cells]


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("uint8", 255),
        ("uint16", 65535),
        ("int8", 127),
        ("int16", 32767),
        ("int32", 9999),
        ("int32", 99999),
        ("int32", 2147483647),
        ("float32", 9999),
        ("float32", 65535),
        ("float32", 3.4028234663852886e38),
        ("float64", 999999),
    ],
)
def test_undeclared_nodata_stops_the_run(tmp_path, dtype, value):
    path = write(tmp_path / "p.tif", [[value] * 6 + [10, 20, 30]], dtype)
    with pytest.raises(InputDataError, match=r"gdal_edit\.py -a_nodata|more people than"):
        read(tmp_path, path)
    declared = write(tmp_path / "q.tif", [[value] * 6 + [10, 20, 30]], dtype, nodata=value)
    assert people(read(tmp_path, declared)) == 60


def test_a_cell_that_happens_to_hold_255_is_people(tmp_path):
    path = write(tmp_path / "p.tif", [[255, 10, 20, 30]], "uint8")
    assert people(read(tmp_path, path)) == 315


@pytest.mark.parametrize("value", [10_001, 65_535, 1_000_000])
def test_one_cell_beyond_reason_stops_the_run(tmp_path, value):
    path = write(tmp_path / "p.tif", [[1, 2], [3, value]], "float32")
    with pytest.raises(InputDataError, match="line 2, column 2"):
        read(tmp_path, path)


def test_a_crowded_hectare_is_possible(tmp_path):
    assert people(read(tmp_path, write(tmp_path / "p.tif", [[9000, 1]], "float32"))) == 9001


@pytest.mark.parametrize("step", [STEP + 3e-14, STEP * (1 + 1e-7)])
def test_grids_that_differ_by_rounding_are_one(tmp_path, step):
    one = write(tmp_path / "a.tif", [[1, 2, 3]], "float32")
    other = write(tmp_path / "b.tif", [[1, 2, 4]], "float32", step=step)
    assert people(read(tmp_path, one, other)) == 13


def test_grids_that_differ_by_more_are_two(tmp_path):
    one = write(tmp_path / "a.tif", [[1, 2, 3]], "float32")
    other = write(tmp_path / "b.tif", [[1, 2, 3]], "float32", step=STEP * 1.001)
    with pytest.raises(InputDataError, match="grid"):
        read(tmp_path, one, other)


def test_a_crs_is_compared_by_its_meaning(tmp_path):
    belt = CRS(4549)
    proj = belt.to_wkt("WKT1_GDAL").replace('AUTHORITY["EPSG","4549"]', 'AUTHORITY["X","1"]')
    for spelled in (belt.to_wkt("WKT1_ESRI"), proj, belt.to_wkt("WKT2_2019")):
        assert same_place(belt, CRS(spelled))
        one = write(tmp_path / "a.tif", [[1, 2, 3]], "float32")
        other = write(tmp_path / "b.tif", [[1, 2, 4]], "float32", crs=spelled)
        assert people(read(tmp_path, one, other)) == 13


@pytest.mark.parametrize("other", [4548, 2385, 32651, 4490, 4508])
def test_another_crs_is_another(other):
    assert not same_place(CRS(4549), CRS(other))


@pytest.mark.parametrize("code", ["EPSG:4326+5773", "EPSG:4549+5773", "EPSG:9707", "EPSG:4979"])
def test_a_crs_with_heights_is_read_as_its_horizontal_part(tmp_path, code):
    flat = require_crs(CRS(code), tmp_path)
    assert flat == horizontal(CRS(code))
    assert len(flat.axis_info) == 2
    assert flat.is_geographic or flat.is_projected


def test_a_raster_and_a_layer_in_a_compound_crs(tmp_path):
    path = write(tmp_path / "p.tif", [[1, 2, 3]], "float32", crs="EPSG:4549+5773")
    assert people(read(tmp_path, path)) == 6
    frame = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326+5773")
    assert require_crs(frame.crs, tmp_path).to_epsg() == 4326


@pytest.mark.parametrize("dust", [-1e-9, -1e-12, -5e-7])
def test_dust_of_resampling_is_nobody_and_said(tmp_path, dust):
    found = read(tmp_path, write(tmp_path / "p.tif", [[dust, 2, 3]], "float32"))
    assert people(found) == 5
    assert [(one.code, one.detail["cells"]) for one in found.findings if one.code != "X"][:1] == [
        ("NEGATIVE_DUST", "1")
    ]


@pytest.mark.parametrize("value", [-1.0, -0.01, -9999.0])
def test_what_is_clearly_negative_is_refused(tmp_path, value):
    with pytest.raises(InputDataError, match="negative"):
        read(tmp_path, write(tmp_path / "p.tif", [[value, 2, 3]], "float32"))


@pytest.mark.parametrize(
    "name",
    [
        "人口密度",
        "2020人口密度100m",
        "PopDensity",
        "popdensity2020",
        "densite_pop",
        "densidad",
        "Bevoelkerungsdichte",
        "density",
        "pop_dens_2020",
        "PD2020",
    ],
)
def test_a_density_by_its_name_is_asked(tmp_path, name):
    with pytest.raises(InputDataError, match="density"):
        read(tmp_path, write(tmp_path / f"{name}.tif", [[1, 2, 3]], "float32"))


@pytest.mark.parametrize("name", ["people_2020", "garden", "人口", "updated", "residents"])
def test_other_names_are_no_density(tmp_path, name):
    assert people(read(tmp_path, write(tmp_path / f"{name}.tif", [[1, 2, 3]], "float32"))) == 6
