"""Elevation models: bilinear heights in any CRS, nodata, units, and other files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from pyproj import CRS, Transformer
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, from_origin
from tests.streets import EAST_M, METRIC, NORTH_M, write_dem

from circle15.errors import CrsError, InputDataError
from circle15.network.costs.elevation import open_dem

if TYPE_CHECKING:
    from pathlib import Path

X, Y = np.array([300.0, 315.0, 431.7]), np.array([-300.0, -311.0, -402.9])
"""Places of the plane, far from the rim of a model of 40 × 40 cells of 30 m."""


def ramp(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """10 % to the east, -5 % to the north."""
    return 100 + 0.1 * x - 0.05 * y


def heights(path: Path, x: np.ndarray = X, y: np.ndarray = Y) -> np.ndarray:
    return open_dem(path).heights(x + EAST_M, y + NORTH_M, METRIC)


def written(path: Path, values: np.ndarray, **profile: Any) -> Path:
    """Write a raster as it comes; `transform` and `crs` are those of the plane unless given."""
    bands = values if values.ndim == 3 else values[None]
    defaults = {
        "crs": METRIC.to_wkt(),
        "transform": from_origin(EAST_M, NORTH_M, 30, 30),
        "dtype": bands.dtype,
    }
    size = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    with rasterio.open(path, "w", driver="GTiff", **{**defaults, **size, **profile}) as target:
        target.write(bands)
    return path


def test_a_ramp_keeps_its_heights(tmp_path: Path) -> None:
    """Smoothing and bilinear interpolation leave a plane as it is."""
    path = write_dem(tmp_path / "dem.tif", ramp)
    assert heights(path) == pytest.approx(ramp(X, Y), abs=1e-5)


@pytest.mark.parametrize("cell_m", [1.0, 7.0, 90.0])
def test_fine_and_coarse_cells_keep_a_ramp(tmp_path: Path, cell_m: float) -> None:
    path = write_dem(tmp_path / "dem.tif", ramp, cell_m=cell_m, west_north=(-600, 600), size_m=2100)
    found = open_dem(path)
    assert found.spacing_m == pytest.approx({1.0: 10, 7.0: 7, 90.0: 90}[cell_m], rel=0.01)
    assert heights(path) == pytest.approx(ramp(X, Y), abs=1e-5)


def test_a_ramp_goes_on_to_the_rim_and_beside_holes(tmp_path: Path) -> None:
    """A mean of the neighbours on one side would flatten every slope there."""

    def holed(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.where((abs(x - 600) < 100) & (abs(y + 600) < 100), np.nan, ramp(x, y))

    path = write_dem(tmp_path / "dem.tif", holed)
    x = np.array([16.0, 1184.0, 484.0, 300.0, 716.0])
    y = np.array([-16.0, -600.0, -484.0, -1184.0, -600.0])
    assert heights(path, x, y) == pytest.approx(ramp(x, y), abs=1e-4)


def test_cells_on_a_line_fit_no_plane(tmp_path: Path) -> None:
    """One row of cells with data: heights are means along it."""

    def line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.where(abs(y + 600) < 20, 50.0, np.nan)

    path = write_dem(tmp_path / "dem.tif", line)
    assert heights(path, np.array([600.0]), np.array([-600.0])) == pytest.approx(50.0)


def test_a_model_in_another_crs_has_the_same_heights(tmp_path: Path) -> None:
    """Cells in degrees: the ramp is a plane there too, but for the curvature over 1 km."""
    to_plane = Transformer.from_crs(4326, METRIC, always_xy=True)
    west, north = Transformer.from_crs(METRIC, 4326, always_xy=True).transform(
        EAST_M - 300, NORTH_M + 300
    )
    step = 1 / 3600
    lon, lat = np.meshgrid(
        west + (np.arange(50) + 0.5) * step, north - (np.arange(50) + 0.5) * step
    )
    x, y = to_plane.transform(lon, lat)
    values = ramp(x - EAST_M, y - NORTH_M)
    path = written(
        tmp_path / "dem.tif",
        values,
        crs="EPSG:4326",
        transform=from_origin(west, north, step, step),
    )
    assert heights(path) == pytest.approx(ramp(X, Y), abs=0.01)


def test_lines_from_south_to_north_are_read_where_they_lie(tmp_path: Path) -> None:
    rows, columns = np.mgrid[0:40, 0:40]
    values = ramp((columns + 0.5) * 30, (rows + 0.5) * 30 - 1200)
    upward = Affine(30, 0, EAST_M, 0, 30, NORTH_M - 1200)
    path = written(tmp_path / "dem.tif", values, transform=upward)
    assert heights(path) == pytest.approx(ramp(X, Y), abs=1e-5)


def test_tiles_meet_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    noise = rng.normal(50, 5, (40, 40))
    path = written(tmp_path / "dem.tif", noise)
    x, y = rng.uniform(0, 1200, 500), -rng.uniform(0, 1200, 500)
    whole = heights(path, x, y)
    monkeypatch.setattr("circle15.network.costs.elevation._TILE", 7)
    monkeypatch.setattr("circle15.network.costs.elevation._FEWEST", 7)
    assert heights(path, x, y) == pytest.approx(whole, abs=2e-6)


def test_fine_cells_are_read_in_small_tiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells of 2.5 m are averaged by four; the tiles of 16 such cells meet without a seam."""
    rng = np.random.default_rng(4)
    noise = rng.normal(50, 5, (400, 400))
    corner = from_origin(EAST_M, NORTH_M, 2.5, 2.5)
    path = written(tmp_path / "dem.tif", noise, transform=corner)
    x, y = rng.uniform(0, 1000, 500), -rng.uniform(0, 1000, 500)
    whole = heights(path, x, y)
    monkeypatch.setattr("circle15.network.costs.elevation._TILE", 64)
    assert open_dem(path).block == 4
    assert heights(path, x, y) == pytest.approx(whole, abs=2e-6)


def test_noise_is_smoothed(tmp_path: Path) -> None:
    """The standard deviation of white noise falls to about 1 / (2 · sqrt(pi) · 1.5) = 0.19."""
    rng = np.random.default_rng(5)
    noise = rng.normal(50, 3, (200, 200))
    path = written(tmp_path / "dem.tif", noise)
    x, y = rng.uniform(600, 5400, 4000), -rng.uniform(600, 5400, 4000)
    assert heights(path, x, y).std() == pytest.approx(0.19 * 3, rel=0.15)


def test_places_without_data_have_no_height(tmp_path: Path) -> None:
    """Cells 10 to 19 of each line are nodata; so is everything beyond the model."""
    values = np.full((40, 40), 7.0)
    values[:, 10:20] = -9999.0
    path = written(tmp_path / "dem.tif", values, nodata=-9999.0)
    x = np.array([150.0, 450.0, 900.0, -1.0, 1201.0])
    found = heights(path, x, np.full(5, -600.0))
    assert found[[0, 2]] == pytest.approx(7.0)
    assert np.isnan(found[[1, 3, 4]]).all()


def test_a_height_beside_a_hole_is_that_of_the_ground(tmp_path: Path) -> None:
    """Nodata has no weight: the plain stays at 7 m up to the rim of the hole."""
    values = np.full((40, 40), 7.0)
    values[:, 10:20] = np.nan
    path = written(tmp_path / "dem.tif", values)
    assert heights(path, np.array([290.0, 605.0]), np.full(2, -600.0)) == pytest.approx(7.0)


def test_feet_scale_and_offset_become_metres(tmp_path: Path) -> None:
    """1,000 steps of 0.1 ft over 200 ft are 300 ft: 91.44 m."""
    path = written(tmp_path / "dem.tif", np.full((40, 40), 1000, np.int16))
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets, target.units = (0.1,), (200.0,), ("ft",)
    assert heights(path) == pytest.approx(91.44)


@pytest.mark.parametrize(
    ("crs", "metres"),
    [("EPSG:4549+5773", 1.0), ("EPSG:4549+6360", 1200 / 3937), ("EPSG:4549", 1.0)],
)
def test_the_vertical_crs_says_the_unit(tmp_path: Path, crs: str, metres: float) -> None:
    path = written(tmp_path / "dem.tif", np.full((40, 40), 100.0), crs=crs)
    assert heights(path) == pytest.approx(100 * metres)


def test_a_turned_model_is_read_where_it_lies(tmp_path: Path) -> None:
    """Cells that are turned by 30° around the north-west corner."""
    turned = Affine.translation(EAST_M - 200, NORTH_M + 200) * Affine.rotation(-30)
    place = turned * Affine.scale(30, -30)
    rows, columns = np.mgrid[0:60, 0:60]
    x, y = place * (columns + 0.5, rows + 0.5)
    path = written(tmp_path / "dem.tif", ramp(x - EAST_M, y - NORTH_M), transform=place)
    inside = (np.array([300.0, 350.0]), np.array([-200.0, -260.0]))
    assert heights(path, *inside) == pytest.approx(ramp(*inside), abs=1e-4)


def test_infinite_heights_and_places_are_unknown(tmp_path: Path) -> None:
    values = np.full((40, 40), 7.0)
    values[:, :5] = np.inf
    path = written(tmp_path / "dem.tif", values)
    found = heights(path, np.array([60.0, 600.0, np.nan]), np.array([-600.0, -600.0, -600.0]))
    assert np.isnan(found).tolist() == [True, False, True]


def test_what_is_no_elevation_model_is_refused(tmp_path: Path) -> None:
    plain = np.full((40, 40), 7.0)
    rgb = np.zeros((3, 40, 40), np.uint8)
    palette = written(tmp_path / "palette.tif", np.zeros((40, 40), np.uint8))
    with rasterio.open(palette, "r+") as target:
        target.write_colormap(1, {0: (255, 0, 0, 255)})
    red = written(tmp_path / "red.tif", np.zeros((40, 40), np.uint8))
    with rasterio.open(red, "r+") as target:
        target.colorinterp = [ColorInterp.red]
    yards = written(tmp_path / "yards.tif", plain)
    with rasterio.open(yards, "r+") as target:
        target.units = ("yd",)
    text = tmp_path / "text.tif"
    text.write_text("not a raster")
    cases = {
        written(tmp_path / "rgb.tif", rgb): "3 bands",
        palette: "colours",
        red: "colours",
        written(tmp_path / "complex.tif", plain.astype(np.complex64)): "complex64",
        yards: "'yd'",
        text: "cannot be read as a raster",
    }
    for path, message in cases.items():
        with pytest.raises(InputDataError, match=message):
            open_dem(path)


def test_a_model_without_a_place_is_refused(tmp_path: Path) -> None:
    plain = np.full((40, 40), 7.0)
    with pytest.raises(CrsError, match="no coordinate reference system"):
        open_dem(written(tmp_path / "nowhere.tif", plain, crs=None))
    bare = {"driver": "PNG", "crs": METRIC.to_wkt(), "transform": None}
    path = tmp_path / "bare.png"
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(path, "w", height=4, width=4, count=1, dtype="uint8", **bare) as target,
    ):
        target.write(np.zeros((1, 4, 4), np.uint8))
    with pytest.raises(InputDataError, match=r"no coordinate reference system|no position"):
        open_dem(path)
    local = CRS.from_wkt('LOCAL_CS["site",UNIT["metre",1]]')
    with pytest.raises(CrsError, match="is not tied to the earth"):
        open_dem(written(tmp_path / "site.tif", plain, crs=local.to_wkt()))


@pytest.mark.parametrize("value", [-32768.0, -9999.0, 3.4e38, 20_000.0])
def test_nodata_that_is_not_declared_is_refused(tmp_path: Path, value: float) -> None:
    values = np.full((40, 40), 7.0, np.float32)
    values[10, 10] = value
    path = written(tmp_path / "dem.tif", values)
    with pytest.raises(InputDataError, match=r"1 cells have an impossible height.*nodata"):
        heights(path)


def test_a_truncated_model_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "dem.tif", np.random.default_rng(1).normal(50, 5, (400, 400)))
    path.write_bytes(path.read_bytes()[:300_000])
    with pytest.raises(InputDataError, match="cannot be read as a raster"):
        heights(path, np.array([300.0]), np.array([-11_900.0]))
