"""People and facilities from files, as frames; EPSG:4549 in metres from (500000, 3490000)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from tests.streets import EAST_M, NORTH_M, lon_lat, write_layer, write_points

import circle15 as c15
from circle15.errors import InputDataError, StudyError

CRS = "EPSG:4549"


def box(*corners):
    west, south, east, north = corners
    shape = shapely.box(EAST_M + west, NORTH_M + south, EAST_M + east, NORTH_M + north)
    return gpd.GeoSeries([shape], crs=CRS)


@pytest.fixture
def homes(tmp_path):
    """Three homes at x = 0, 100, 200 with 1, 2.5 and 4 people, women and men apart."""
    rows = [(0, 0, "a", "0.5", "0.5"), (100, 0, "b", "2.5", "0"), (200, 0, "c", "4", "0")]
    return write_points(tmp_path / "homes.csv", "demand_id,women,men", rows)


@pytest.fixture
def sites(tmp_path):
    rows = [
        (0, 0, "s2", "North", "2020-01-01", "300", "在用"),
        (100, 50, "s1", "South", "2030-01-01", "", "在用"),
        (300, 0, "s3", "Shut", "", "120.5", "停用"),
    ]
    return write_points(
        tmp_path / "sites.csv", "facility_id,name,opened,floor_area_m2,status", rows
    )


def raster(path, values, *, west=0.0, north=0.0, size=100.0, crs=CRS, nodata=-1.0):
    values = np.asarray(values, np.float32)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype="float32",
        crs=crs,
        transform=from_origin(EAST_M + west, NORTH_M + north, size, size),
        nodata=nodata,
    ) as file:
        file.write(values, 1)
    return path


def persons(frame):
    return dict(zip(frame["demand_id"], frame["persons"], strict=True))


def test_people_of_a_table_are_summed_over_its_columns(homes):
    found = c15.read_demand(homes, value=["women", "men"], file_crs=CRS)
    assert persons(found) == {"a": 1.0, "b": 2.5, "c": 4.0}
    assert found.crs == CRS  # of the people's middle
    assert found.geometry.x.tolist() == pytest.approx([EAST_M, EAST_M + 100, EAST_M + 200])
    assert (found.attrs["balance"]["inside"], found.attrs["balance"]["outside"]) == (7.5, 0)


def test_inside_a_boundary_people_are_scaled_to_a_total(homes):
    """3.5 people inside become 7; the third home is outside."""
    found = c15.read_demand(
        homes, box(-50, -50, 150, 50), value=["women", "men"], file_crs=CRS, calibrate_to=7
    )
    assert persons(found) == {"a": 2.0, "b": 5.0}
    balance = found.attrs["balance"]
    assert (balance["raw_inside"], balance["raw_outside"]) == (3.5, 4.0)
    assert (balance["inside"], balance["calibration_factor"]) == (7.0, 2.0)


def test_headings_may_be_named(tmp_path):
    (lon, lat), *_ = lon_lat([(0, 0)])
    file = tmp_path / "h.csv"
    file.write_text(f"k,how many,east,north\nx,3,{lon:.9f},{lat:.9f}\n", encoding="utf-8")
    names = {"id": "k", "lon": "east", "lat": "north"}
    found = c15.read_demand(file, value="how many", columns=names)
    assert persons(found) == {"x": 3.0}
    assert found.geometry.x.iloc[0] == pytest.approx(EAST_M, abs=1e-3)


def test_rasters_on_one_grid_are_summed(tmp_path):
    """3 + 1 people in the west cell, 5 in the east one; a cell without data holds none."""
    one = raster(tmp_path / "m.tif", [[3, 5]])
    two = raster(tmp_path / "w.tif", [[1, -1]])
    found = c15.read_demand([one, two])
    assert sorted(found["persons"]) == [4.0, 5.0]
    assert found.crs == CRS
    by_place = found.sort_values("persons").geometry
    assert by_place.x.tolist() == pytest.approx([EAST_M + 50, EAST_M + 150])
    assert by_place.y.tolist() == pytest.approx([NORTH_M - 50] * 2)
    half = c15.read_demand(one, box(0, -100, 50, 0))
    assert half["persons"].tolist() == [1.5]


def test_a_density_is_people_by_area(tmp_path):
    """200 people per km² on cells of a hectare are 2 people."""
    file = raster(tmp_path / "d.tif", [[200.0]])
    assert c15.read_demand(file, density="km2")["persons"].tolist() == pytest.approx([2], abs=1e-2)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"file": []}, "file: is empty"),
        ({"group": "p61", "value": "women"}, "p61"),
        ({"density": "mile2", "value": "women"}, "mile2"),
        ({"columns": {"name": "x"}, "value": "women"}, "columns: 'name' is not known"),
        ({}, "value: is required"),
        ({"datum": "mars", "value": "women"}, "mars"),
        ({"value": "children", "file_crs": CRS}, "children"),
        ({"value": "women"}, "CRS|crs|lon"),
    ],
)
def test_what_cannot_be_read_as_people(homes, given, says):
    with pytest.raises(InputDataError, match=says):
        c15.read_demand(given.pop("file", homes), **given)


def test_tables_and_rasters_are_not_mixed(homes, tmp_path):
    file = raster(tmp_path / "m.tif", [[3]])
    for files in ([homes, file], [homes, homes]):
        with pytest.raises(InputDataError, match="are not all rasters"):
            c15.read_demand(files, value="women")


def test_facilities_are_sorted_by_id_and_unknown_areas_are_null(sites):
    found = c15.read_facilities(
        sites, category="meal_point", as_of=dt.date(2025, 12, 31), file_crs=CRS
    )
    assert found["facility_id"].tolist() == ["s1", "s2", "s3"]
    assert found["open"].tolist() == [False, True, False]  # opens later; is open; is closed
    assert found["floor_area_m2"].tolist() == [None, Decimal(300), Decimal("120.5")]
    assert found["category"].unique().tolist() == ["meal_point"]
    assert found.crs == CRS
    assert found.geometry.x.tolist() == pytest.approx([EAST_M + 100, EAST_M, EAST_M + 300])
    assert not {"x_m", "y_m", "open_at_plan", "in_area"} & set(found)


def test_rows_are_selected_and_headings_named(sites):
    found = c15.read_facilities(
        sites,
        category="meal_point",
        columns={"name": "status"},
        where="floor_area_m2 > 200",
        file_crs=CRS,
        position_unsure=True,
    )
    assert found["name"].tolist() == ["在用"]
    assert found["position_unsure"].tolist() == [True]


def test_a_facility_without_a_position_stands_at_its_first_entrance(tmp_path):
    (lon, lat), *_ = lon_lat([(40, 0)])
    file = tmp_path / "s.csv"
    file.write_text(f"facility_id,lon,lat\na,,\nb,{lon},{lat}\nc,,\n", encoding="utf-8")
    doors = tmp_path / "doors.csv"
    doors.write_text(f"facility_id,lon,lat\na,{lon:.9f},{lat:.9f}\n", encoding="utf-8")
    found = c15.read_facilities(file, category="meal_point", entrances=doors)
    assert found.geometry.isna().tolist() == [False, False, True]
    assert found.geometry.x.iloc[0] == pytest.approx(EAST_M + 40, abs=1e-3)


def test_a_table_without_any_position_is_placed_by_no_one(tmp_path):
    file = tmp_path / "s.csv"
    file.write_text("facility_id,lon,lat\na,,\n", encoding="utf-8")
    with pytest.raises(InputDataError):
        c15.read_facilities(file, category="meal_point")


def test_a_layer_has_its_own_crs(tmp_path):
    file = write_layer(tmp_path / "s.geojson", [(shapely.Point(30, 40), {"facility_id": "a"})])
    found = c15.read_facilities(file, category="meal_point")
    assert found.crs == CRS
    place = found.geometry.x.iloc[0], found.geometry.y.iloc[0]
    assert place == pytest.approx((EAST_M + 30, NORTH_M + 40), abs=1e-3)
    other = c15.read_facilities(file, category="meal_point", crs="EPSG:32650")
    assert other.crs == "EPSG:32650"


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        ({"file_crs": CRS}, StudyError, "category"),
        ({"category": "casino", "file_crs": CRS}, StudyError, "casino"),
        ({"category": "meal_point", "datum": "mars"}, InputDataError, "mars"),
        ({"category": "meal_point", "where": "beds >", "file_crs": CRS}, InputDataError, "beds"),
        ({"category": "meal_point", "file_crs": CRS, "crs": "EPSG:1"}, InputDataError, "EPSG:1"),
    ],
)
def test_what_cannot_be_read_as_facilities(sites, given, kind, says):
    with pytest.raises(kind, match=says):
        c15.read_facilities(sites, **given)
