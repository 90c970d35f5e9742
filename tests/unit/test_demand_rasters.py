"""People from 3 × 3 rasters, split over zones by area, to the micro-person.

The cells are 100 m wide; the raster's north-west corner stands at (0, 300) of the plane:

    y 300 +---+---+---+
          | 1 | 2 | 3 |   line 0
      200 +---+---+---+
          | 4 | 5 | 6 |   line 1
      100 +---+---+---+
          | 7 | 8 | 9 |   line 2        sum 45
        0 +---+---+---+
          0  100 200 300 x
"""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from pyproj import Geod, Transformer
from rasterio.transform import Affine
from rasterio.warp import Resampling, calculate_default_transform, reproject
from tests.builders.people_rasters import MICRO, people, read
from tests.streets import EAST_M, NORTH_M, lon_lat

from circle15.errors import CrsError, InputDataError
from circle15.inputs.demand import count_rasters

NINE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
NODATA = -99_999


def write(path, cells, *, crs="EPSG:4549", transform=None, dtype="float32"):
    cells = np.array(cells, dtype)
    place = transform or Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=cells.shape[0],
        width=cells.shape[1],
        count=1,
        dtype=cells.dtype,
        crs=crs,
        transform=place,
        nodata=NODATA,
    ) as target:
        target.write(cells, 1)
    return path


def test_without_a_boundary_every_cell_is_inside(tmp_path):
    """Nine cells, nine points at their centres: R0C0 stands at (50, 250) and holds 1 person."""
    found = read(tmp_path, write(tmp_path / "p.tif", NINE))
    (balance,) = found.balances
    assert (balance.inside, balance.outside, balance.nodata_cells) == (45 * MICRO, 0, 0)
    assert len(found.demand) == 9
    first = found.demand.set_index("demand_id").loc["R0C0"]
    assert (first["x_m"] - EAST_M, first["y_m"] - NORTH_M) == (50, 250)
    assert first["p60_micro"] == MICRO
    assert found.cell_m == pytest.approx(100)


def test_a_boundary_that_cuts_cells_in_halves(tmp_path):
    """Boundary x 0–150: the left column whole, the middle one half: 12 + 7.5 in, 25.5 out."""
    found = read(tmp_path, write(tmp_path / "p.tif", NINE), boundary=shapely.box(0, 0, 150, 300))
    (balance,) = found.balances
    assert (balance.inside, balance.outside) == (19_500_000, 25_500_000)
    assert people(found, in_area=True) == 19.5
    halves = found.demand[found.demand["demand_id"].str.startswith("R1C1")]
    assert halves["p60_micro"].tolist() == [2_500_000, 2_500_000]
    assert sorted(halves["demand_id"]) == ["R1C1@inside", "R1C1@outside"]


def test_zones_that_cut_cells(tmp_path):
    """
    Wards: west x 0–150, east x 150–300; the line cuts the middle column in halves.

    West 12 + 15/2 = 19.5, east 18 + 7.5 = 25.5.
    """
    wards = {"W": shapely.box(0, 0, 150, 300), "E": shapely.box(150, 0, 300, 300)}
    found = read(tmp_path, write(tmp_path / "p.tif", NINE), wards=wards)
    assert people(found, street_id="W") == 19.5
    assert people(found, street_id="E") == 25.5
    assert people(found, street_id=None) == 0
    assert len(found.demand) == 12  # six whole cells, three in halves


def test_a_zone_smaller_than_a_cell_gets_its_people(tmp_path):
    """
    A ward of 20 m × 25 m within the middle cell (5 people): 500 / 10 000 m² of it = 0.25 persons.

    rasterstats' rule of cell centres gives 0 or 5.
    """
    wards = {"T": shapely.box(110, 110, 130, 135)}
    found = read(tmp_path, write(tmp_path / "p.tif", NINE), wards=wards)
    assert people(found, street_id="T") == pytest.approx(0.25, abs=1e-6)
    assert people(found) == 45


def test_thirds_are_conserved(tmp_path):
    """One person on three zones of a third each: 333 334 + 333 333 + 333 333 micro-persons."""
    wards = {
        k: shapely.box(100 + 100 / 3 * i, 0, 100 + 100 / 3 * (i + 1), 300)
        for i, k in enumerate("ABC")
    }
    cells = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    found = read(tmp_path, write(tmp_path / "p.tif", cells), wards=wards)
    # The fractions are single precision and the layer is rounded to mm: thirds to 5 digits.
    assert found.demand["p60_micro"].to_numpy() == pytest.approx([333_333] * 3, abs=40)
    assert int(found.demand["p60_micro"].sum()) == MICRO


def test_zones_that_share_cells_leave_no_crumbs_outside(tmp_path):
    """
    Seven wards fan out over all nine cells and fill the boundary: nobody is outside.

    The fractions of a cell are single precision and sum to 1 only nearly; the rest of 10⁻⁷ of a
    cell is rounding, and no demand point outside the area.
    """
    middle = (140.0, 160.0)
    rim = [(0, 0), (170, 0), (300, 0), (300, 210), (300, 300), (90, 300), (0, 300)]
    wards = {
        f"W{k}": shapely.Polygon([middle, rim[k], rim[(k + 1) % len(rim)]]) for k in range(len(rim))
    }
    found = read(
        tmp_path,
        write(tmp_path / "p.tif", np.array(NINE) * 1000),
        wards=wards,
        boundary=shapely.box(0, 0, 300, 300),
    )
    assert found.balances[0].outside == 0
    assert found.demand["in_area"].all()
    assert found.demand["street_id"].notna().all()
    assert people(found) == 45_000


def test_nodata_cells_are_nobody_and_counted(tmp_path):
    """Two cells are nodata and one is NaN: 45 - 1 - 5 - 9 = 30 persons, 3 cells."""
    cells = np.array(NINE, float)
    cells[0, 0] = cells[1, 1] = NODATA
    cells[2, 2] = math.nan
    found = read(tmp_path, write(tmp_path / "p.tif", cells))
    assert (found.balances[0].inside, found.balances[0].nodata_cells) == (30 * MICRO, 3)


def test_negative_cells_are_refused(tmp_path):
    cells = np.array(NINE)
    cells[1, 2] = -4
    with pytest.raises(
        InputDataError, match=r"p\.tif: has cells that are negative .* line 2, column 3, value -4"
    ):
        read(tmp_path, write(tmp_path / "p.tif", cells))


def test_two_rasters_are_summed(tmp_path):
    """Women and men: 45 + 45 · 2 = 135, a cell of 3 · its number each; nodata adds nothing."""
    men = np.array(NINE) * 2
    found = read(tmp_path, write(tmp_path / "f.tif", NINE), write(tmp_path / "m.tif", men))
    assert people(found) == 135
    assert people(found, demand_id="R2C2") == 27
    men[2, 2] = NODATA
    found = read(tmp_path, write(tmp_path / "f.tif", NINE), write(tmp_path / "m.tif", men))
    assert people(found, demand_id="R2C2") == 9


def test_rasters_on_different_grids_are_refused(tmp_path):
    moved = write(
        tmp_path / "m.tif", NINE, transform=Affine(100, 0, EAST_M + 1, 0, -100, NORTH_M + 300)
    )
    with pytest.raises(InputDataError, match=r"m\.tif: its grid is not that of f\.tif"):
        read(tmp_path, write(tmp_path / "f.tif", NINE), moved)


def test_calibration_is_exact_inside(tmp_path):
    """
    Boundary x 0–150 holds 19.5 of 45; calibrated to 20 the rest grows by the same factor.

    20 / 19.5 = 1.02564…; outside 25.5 · 20 / 19.5 = 26.153846.
    """
    found = read(
        tmp_path,
        write(tmp_path / "p.tif", NINE),
        boundary=shapely.box(0, 0, 150, 300),
        calibrate_to=Decimal(20),
    )
    (balance,) = found.balances
    assert (balance.raw_inside, balance.raw_outside) == (19_500_000, 25_500_000)
    assert (balance.inside, balance.outside) == (20_000_000, 26_153_846)
    assert balance.calibration_factor == pytest.approx(20 / 19.5)
    assert people(found, in_area=True) == 20
    assert people(found) == 46.153846


def test_nobody_to_calibrate(tmp_path):
    with pytest.raises(InputDataError, match="has no people of group 'p60' inside"):
        read(
            tmp_path,
            write(tmp_path / "p.tif", NINE),
            boundary=shapely.box(900, 0, 950, 300),
            calibrate_to=Decimal(20),
        )


def test_a_raster_that_stands_on_its_head(tmp_path):
    """Lines from south to north: the first line is the southern one; halves as before."""
    upright = Affine(100, 0, EAST_M, 0, 100, NORTH_M)
    path = write(tmp_path / "p.tif", NINE, transform=upright)
    found = read(tmp_path, path, boundary=shapely.box(0, 0, 300, 150))
    assert people(found, in_area=True) == 6 + 15 / 2


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:4326", "ESRI:54009", "EPSG:4549"])
def test_b6_every_crs_conserves_people(tmp_path, crs):
    """
    B6: cells of about 60 m in a raster of any CRS, a boundary that cuts it: no one is lost.

    Counts are never resampled: a nearest-neighbour move to the study CRS would lose a share of
    the people that depends on the cell sizes (45 % in one published case, Mollweide to UTM).
    """
    rng = np.random.default_rng(4)
    cells = np.round(rng.uniform(0, 40, (20, 20)), 3).astype("float32")
    bounds = (EAST_M, NORTH_M, EAST_M + 1200, NORTH_M + 1200)
    target, width, height = calculate_default_transform("EPSG:4549", crs, 20, 20, *bounds)
    # The raster is made in its own CRS: its numbers are the truth there.
    values = np.resize(cells, (height, width))
    path = write(tmp_path / "p.tif", values, crs=crs, transform=target)
    boundary = shapely.box(100, 130, 777, 901)
    wards = {"W": shapely.box(100, 130, 405, 901), "E": shapely.box(405, 130, 777, 901)}
    found = read(tmp_path, path, boundary=boundary, wards=wards)
    (balance,) = found.balances
    truth = math.floor(math.fsum(values.astype(float).ravel()) * MICRO + 0.5)
    assert balance.inside + balance.outside == truth == int(found.demand["p60_micro"].sum())
    by_ward = [people(found, street_id=k) for k in "WE"]
    assert round(sum(by_ward) * MICRO) == balance.inside
    assert 0.2 * truth < balance.inside < 0.6 * truth  # 522,000 of 1,440,000 m² are 36 %


def test_the_share_inside_is_that_of_the_area_in_any_crs(tmp_path):
    """A uniform raster in degrees, and a boundary over a quarter of it: a quarter of the people."""
    (west, south), (east, north) = lon_lat([(0, 0), (3000, 3000)])
    place = Affine((east - west) / 30, 0, west, 0, -(north - south) / 30, north)
    path = write(tmp_path / "p.tif", np.ones((30, 30)), crs="EPSG:4326", transform=place)
    found = read(tmp_path, path, boundary=shapely.box(0, 0, 1500, 1500))
    assert people(found, in_area=True) == pytest.approx(225, rel=0.002)
    assert people(found) == 900


def test_a_turned_raster_is_refused(tmp_path):
    path = write(tmp_path / "p.tif", NINE, transform=Affine(90, 9, EAST_M, 9, -90, NORTH_M + 300))
    with pytest.raises(InputDataError, match=r"p\.tif: its grid is rotated"):
        read(tmp_path, path)


def test_a_raster_without_a_crs_is_refused(tmp_path):
    with pytest.raises(CrsError, match=r"p\.tif: the raster has no coordinate reference system"):
        read(tmp_path, write(tmp_path / "p.tif", NINE, crs=None))


def test_a_raster_of_several_bands_is_refused(tmp_path):
    path = tmp_path / "p.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=3,
        width=3,
        count=2,
        dtype="float32",
        crs="EPSG:4549",
        transform=Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300),
    ) as target:
        target.write(np.ones((2, 3, 3), "float32"))
    with pytest.raises(InputDataError, match=r"p\.tif: has 2 bands"):
        read(tmp_path, path)


def test_what_is_no_raster_is_refused(tmp_path):
    path = tmp_path / "p.tif"
    path.write_bytes(b"no raster")
    with pytest.raises(InputDataError, match=r"p\.tif: cannot be read as a raster"):
        read(tmp_path, path)


def test_ghs_pop_in_mollweide_with_its_nodata(tmp_path):
    """GHS-POP: 100 m cells of ESRI:54009, nodata −200, counts with fractions: all are kept."""
    to_mollweide = Transformer.from_crs("EPSG:4549", "ESRI:54009", always_xy=True)
    west, north = to_mollweide.transform(EAST_M, NORTH_M + 2000)
    cells = np.random.default_rng(3).uniform(0, 9, (20, 20)).astype("float64")
    cells[:, 0] = -200.0
    path = tmp_path / "GHS_POP_E2020_GLOBE_R2023A_54009_100_V1_0_R6_C30.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=20,
        width=20,
        count=1,
        dtype="float64",
        crs="ESRI:54009",
        transform=Affine(100, 0, west, 0, -100, north),
        nodata=-200.0,
    ) as target:
        target.write(cells, 1)
    found = read(tmp_path, path, boundary=shapely.box(300, 300, 1405, 1703))
    truth = math.floor(math.fsum(cells[:, 1:].ravel()) * MICRO + 0.5)
    (balance,) = found.balances
    assert balance.inside + balance.outside == truth == int(found.demand["p60_micro"].sum())
    assert balance.nodata_cells == 20
    assert 0 < balance.inside < truth


def test_the_failure_of_others_nearest_neighbours_lose_people(tmp_path):
    """
    Counts of 100 m cells moved to a grid of 135 m by nearest neighbours keep 1/1.35² = 55 %.

    That is how 45 % of a city's people got lost in a published indicator (848,735 became
    466,844). The same raster and area keep everybody here.
    """
    cells = np.random.default_rng(8).integers(0, 90, (54, 54)).astype("float32")
    path = write(tmp_path / "p.tif", cells)
    moved = np.zeros((40, 40), "float32")
    reproject(
        cells,
        moved,
        src_crs="EPSG:4549",
        dst_crs="EPSG:4549",
        src_transform=Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300),
        dst_transform=Affine(135, 0, EAST_M, 0, -135, NORTH_M + 300),
        resampling=Resampling.nearest,
    )
    assert moved.sum() / cells.sum() == pytest.approx(0.55, abs=0.02)
    everything = shapely.box(-1000, -9000, 9000, 9000)
    found = read(tmp_path, path, boundary=everything)
    assert found.balances[0].inside == int(cells.sum()) * MICRO


def test_people_far_outside_are_in_the_balance_and_no_points(tmp_path):
    """
    Cells of 5 km: the boundary lies in the middle one of 3 × 3; its neighbours begin near it.

    Boundary x 7 000–8 000, y 7 000–8 000 of 15 km: with 6 km around it, 1 000–14 000, all nine
    cells are kept. With the boundary in the north-west corner only the four there are: 1 + 2 + 4
    + 5 = 12; 33 people are beyond. 5 · 1/25 = 0.2 and 0.04 · 1 = 0.04 inside.
    """
    place = Affine(5000, 0, EAST_M, 0, -5000, NORTH_M + 15_000)
    path = write(tmp_path / "p.tif", NINE, transform=place)
    found = read(tmp_path, path, boundary=shapely.box(7000, 7000, 8000, 8000))
    assert (found.balances[0].beyond, found.balances[0].inside) == (0, 200_000)
    corner = shapely.box(1000, 13_000, 2000, 14_000)
    found = read(tmp_path, path, boundary=corner, calibrate_to=Decimal(1))
    (balance,) = found.balances
    assert (balance.raw_inside, balance.raw_outside) == (40_000, 44_960_000)
    # 1 / 0.04 = 25 times as many: 12 · 25 = 300 at the points, 33 · 25 = 825 beyond them.
    assert (balance.inside, balance.outside, balance.beyond) == (MICRO, 1_124 * MICRO, 825 * MICRO)
    assert people(found) == 300


def test_tiles_give_what_the_whole_gives(tmp_path, monkeypatch):
    """Tiles of three lines or of 16 × 16 cells: not one micro-person elsewhere."""
    cells = np.random.default_rng(5).uniform(0, 9, (50, 40)).astype("float32")
    place = Affine(100, 0, EAST_M, 0, -100, NORTH_M + 5000)
    path = write(tmp_path / "p.tif", cells, transform=place)
    wards = {"W": shapely.box(130, 170, 2005, 4100), "E": shapely.box(2005, 170, 3777, 4100)}
    boundary = shapely.box(130, 170, 3777, 4100)
    whole = read(tmp_path, path, boundary=boundary, wards=wards)
    monkeypatch.setattr(count_rasters, "TILE_CELLS", 120)
    lines = read(tmp_path, path, boundary=boundary, wards=wards)
    monkeypatch.setattr(count_rasters, "_TILE_SIDE", 16)
    with rasterio.open(path) as source:
        profile = source.profile | {"tiled": True, "blockxsize": 16, "blockysize": 16}
    with rasterio.open(path, "w", **profile) as target:
        target.write(cells, 1)
    blocks = read(tmp_path, path, boundary=boundary, wards=wards)
    for other in (lines, blocks):
        assert other.balances == whole.balances
        pd.testing.assert_frame_equal(other.demand, whole.demand)


@pytest.mark.parametrize(
    ("unit", "cells", "expected"), [("km2", 1000, 90), ("ha", 10, 90), ("m2", 0.001, 90)]
)
def test_a_density_is_people_per_area(tmp_path, unit, cells, expected):
    """1000 people per km² on nine cells of 100 m × 100 m, 0.09 km²: 90 people."""
    path = write(tmp_path / "p.tif", np.full((3, 3), cells, float))
    found = read(tmp_path, path, density=unit)
    assert people(found) == pytest.approx(expected, rel=1e-5)


def test_a_density_in_degrees_counts_the_ground_of_each_line(tmp_path):
    """Cells of 1° at 60° N cover 6 200 km², those at the equator twice as much: by an oracle."""
    path = write(
        tmp_path / "p.tif", [[1.0], [1.0]], crs="EPSG:4326", transform=Affine(1, 0, 120, 0, -30, 60)
    )
    found = read(tmp_path, path, density="km2").demand.set_index("demand_id")["p60_micro"]
    # Truth: geodesic polygons whose parallels have a vertex at each 1/1000 of a degree.
    for line, (south, north) in {"R0C0": (30, 60), "R1C0": (0, 30)}.items():
        ring = np.linspace(120, 121, 1001)
        lon = np.r_[ring, ring[::-1]]
        lat = np.r_[np.full(1001, south), np.full(1001, north)]
        area_m2, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
        assert found[line] / MICRO == pytest.approx(area_m2 / 1e6, rel=1e-6)


@pytest.mark.parametrize("name", ["chn_pd_2020_1km.tif", "pop_density.tif"])
def test_a_density_that_is_not_declared_is_refused(tmp_path, name):
    path = write(tmp_path / name, NINE)
    with pytest.raises(InputDataError, match=r"that it holds a density .* density = \"km2\""):
        read(tmp_path, path)
    assert people(read(tmp_path, path, density="count")) == 45


def test_a_unit_of_people_per_area_is_refused(tmp_path):
    path = write(tmp_path / "p.tif", NINE)
    with rasterio.open(path, "r+") as target:
        target.units = ("persons / km2",)
    with pytest.raises(InputDataError, match=r"p\.tif: declares that it holds a density"):
        read(tmp_path, path)
