"""Studies with layers in old datums, wrong zones of projection and swapped axes: reported."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from pyproj import CRS, Transformer
from rasterio.transform import from_origin
from tests.streets import EAST_M, METRIC, NORTH_M, write_study

import circle15
from circle15.errors import CrsError

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
BOX = shapely.box(-200, -200, 800, 500)
XIAN, HONG_KONG, OSGB = "EPSG:2385", "EPSG:2326", "EPSG:27700"
ZONES = '[[residential_zones]]\nfile = "zones.gpkg"\n'


@pytest.fixture
def study(tmp_path):
    return write_study(
        tmp_path,
        NODES,
        ["ABCD"],
        {"h1": (10, 5, 100), "h2": (500, 5, 50)},
        {"f1": (300, 10), "f2": (600, 200)},
        boundary=BOX,
        streets={"S1": BOX},
        more=ZONES,
    )


@pytest.fixture(autouse=True)
def zones(tmp_path):
    write_layer(tmp_path / "zones.gpkg", BOX, METRIC, zone_id="Z1", kind="new", households=100)


def write_layer(path, shape, crs, *, said=None, **cells):
    """Write a shape of the plane in a CRS; `said` is the CRS that the file says it is in."""
    placed = shapely.transform(shape, lambda xy: xy + np.array([EAST_M, NORTH_M]))
    frame = gpd.GeoDataFrame(pd.DataFrame([cells]), geometry=[placed], crs=METRIC).to_crs(crs)
    frame = frame.set_crs(said or crs, allow_override=True)
    frame.to_file(path, engine="pyogrio")


def edit(study, old, new):
    text = study.read_text("utf-8")
    assert text.count(old) >= 1, old
    study.write_text(text.replace(old, new), encoding="utf-8")
    return study


def layer_of(kind, study, crs, *, said=None):
    """Put one layer of the study into a CRS."""
    folder = study.parent
    if kind == "boundary":
        write_layer(folder / "b.gpkg", BOX, crs, said=said)
        edit(study, '"boundary.geojson"', '"b.gpkg"')
    elif kind == "streets":
        write_layer(folder / "w.gpkg", BOX, crs, said=said, code="S1", label="S1")
        edit(study, '"wards.geojson"', '"w.gpkg"')
    elif kind == "communities":
        write_layer(folder / "k.gpkg", BOX, crs, said=said, code="K1", label="K1")
        edit(
            study,
            "[area]\n",
            '[area]\ncommunities = { file = "k.gpkg", id = "code", name = "label" }\n',
        )
    elif kind == "extent":
        write_layer(folder / "e.gpkg", BOX.buffer(500), crs, said=said)
        edit(study, '"extent.geojson"', '"e.gpkg"')
    elif kind == "covers":
        write_layer(folder / "c.gpkg", BOX, crs, said=said)
        edit(study, 'covers = "extent"', 'covers = "c.gpkg"')
    elif kind == "zones":
        write_layer(
            folder / "zones.gpkg", BOX, crs, said=said, zone_id="Z1", kind="new", households=9
        )
    elif kind == "barriers":
        write_layer(folder / "r.gpkg", shapely.LineString([(-9, 9), (9, 9)]), crs, said=said)
        edit(study, "min_component_m = 0", 'min_component_m = 0\nbarriers = "r.gpkg"')
    elif kind == "network":
        line = shapely.LineString(list(NODES.values()))
        write_layer(folder / "n.gpkg", line, crs, said=said, highway="residential")
        edit(study, '"streets.geojson"', '"n.gpkg"')
    elif kind == "homes":
        write_layer(folder / "h.gpkg", BOX, crs, said=said, demand_id="h", p60=9)
        edit(
            study,
            'points = "homes.csv", value = "p60", crs = "EPSG:4549"',
            'points = "h.gpkg", value = "p60"',
        )
    elif kind == "sites":
        write_layer(folder / "s.gpkg", shapely.Point(300, 10), crs, said=said, facility_id="f")
        edit(study, 'file = "sites.csv"', 'file = "s.gpkg"')
    return study


LAYERS = (
    *("boundary", "streets", "communities", "extent", "covers", "zones", "barriers", "network"),
    *("homes", "sites"),
)
FILES = {
    "boundary": "b.gpkg",
    "streets": "w.gpkg",
    "communities": "k.gpkg",
    "extent": "e.gpkg",
    "covers": "c.gpkg",
    "zones": "zones.gpkg",
    "barriers": "r.gpkg",
    "network": "n.gpkg",
    "homes": "h.gpkg",
    "sites": "s.gpkg",
}


@pytest.mark.parametrize("kind", LAYERS)
def test_an_unknown_shift_stops_every_layer_and_a_key_accepts_it(study, kind):
    layer_of(kind, study, XIAN)
    with pytest.raises(CrsError, match=rf"{FILES[kind]}.*Xian 1980.*unknown_shift = 'accept'"):
        circle15.check(study)
    edit(study, 'crs = "EPSG:4549"\n[area]', 'crs = "EPSG:4549"\nunknown_shift = "accept"\n[area]')
    found = [i for i in circle15.check(study).findings if i.code == "SHIFT_UNKNOWN"]
    assert [(one.file, one.severity) for one in found] == [(FILES[kind], "warning")]


@pytest.mark.parametrize("kind", LAYERS)
def test_polygons_and_points_in_a_wrong_belt_are_refused(study, kind):
    """Metres with the zone prefix 40 in a file that says the belt without one."""
    layer_of(kind, study, "EPSG:4528", said="EPSG:4549")
    with pytest.raises(CrsError, match=rf"{FILES[kind]}.*EPSG:4528' \(zone prefix 40\)"):
        circle15.check(study)


@pytest.mark.parametrize("kind", LAYERS)
def test_degrees_that_are_exchanged_get_their_hint(study, kind, tmp_path):
    layer_of(kind, study, "EPSG:4326")
    path = tmp_path / FILES[kind]
    frame = gpd.read_file(path)
    frame.geometry = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    frame.to_file(path, engine="pyogrio")
    with pytest.raises(CrsError, match=rf"{FILES[kind]}.*Longitude and latitude are swapped"):
        circle15.check(study)


def test_beijing_54_in_a_table_is_refused(study):
    edit(
        study,
        'category = "meal_point"\ncrs = "EPSG:4549"',
        'category = "meal_point"\ncrs = "EPSG:2437"',
    )
    with pytest.raises(CrsError, match=r"sites\.csv.*Beijing 1954"):
        circle15.check(study)


@pytest.mark.parametrize("code", [XIAN, "EPSG:2437"])
def test_the_crs_of_a_study_needs_a_known_shift_too(study, code):
    edit(study, 'crs = "EPSG:4549"\n[area]', f'crs = "{code}"\n[area]')
    with pytest.raises(CrsError, match=r"study\.toml, column 'study\.crs'.*is not known at"):
        circle15.check(study)
    edit(study, f'crs = "{code}"\n[area]', f'crs = "{code}"\nunknown_shift = "accept"\n[area]')
    assert "SHIFT_UNKNOWN" in {finding.code for finding in circle15.check(study).findings}


def raster(path, crs, place):
    """Write a raster of 20 × 20 cells of 100 m around a place of the CRS, one person in each."""
    shape = {"count": 1, "height": 20, "width": 20, "dtype": "float64"}
    corner = from_origin(place[0] - 1000, place[1] + 1000, 100, 100)
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=corner, **shape) as file:
        file.write(np.ones((20, 20)), 1)


@pytest.mark.parametrize("code", [XIAN, "EPSG:2437"])
def test_rasters_need_a_known_shift_too(study, tmp_path, code):
    raster(tmp_path / "p.tif", code, (EAST_M, NORTH_M))
    edit(study, 'points = "homes.csv", value = "p60", crs = "EPSG:4549"', 'raster = "p.tif"')
    with pytest.raises(CrsError, match=r"p\.tif.*is not known"):
        circle15.check(study)


def test_a_dem_needs_a_known_shift_too(study, tmp_path):
    raster(tmp_path / "dem.tif", XIAN, (EAST_M, NORTH_M))
    edit(study, "min_component_m = 0", 'min_component_m = 0\ndem = "dem.tif"')
    with pytest.raises(CrsError, match=r"dem\.tif.*Xian 1980"):
        circle15.check(study)


@pytest.mark.parametrize(
    ("old", "metric", "lon", "lat"),
    [(HONG_KONG, "EPSG:4547", 114.17, 22.30), (OSGB, "EPSG:32630", -1.5, 52.5)],
)
def test_a_raster_in_an_old_datum_lies_where_its_datum_says(tmp_path, old, metric, lon, lat):
    """
    A raster of one populated cell in the old grid, around a place; the demand point is that place.

    Hong Kong's grid is 280 m off without the shift, Britain's 110 m.
    """
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.demand.rasters import read_rasters
    from circle15.study.settings.records import DemandLayer

    to_old = Transformer.from_crs(old, 4326, always_xy=True, allow_ballpark=False)
    x, y = to_old.transform(lon, lat, direction="INVERSE")
    raster(tmp_path / "p.tif", old, (x, y))
    with rasterio.open(tmp_path / "p.tif", "r+") as file:
        cells = np.zeros((20, 20))
        cells[10, 10] = 7  # its north-western corner is the place
        file.write(cells, 1)
    crs = CRS.from_user_input(metric)
    place = Transformer.from_crs(4326, crs, always_xy=True).transform(lon, lat)
    ground = shapely.Point(*place).buffer(60)
    parts = gpd.GeoDataFrame(
        {"street_id": ["S"], "community_id": ["K"]}, geometry=[ground], crs=crs
    )
    none = gpd.GeoDataFrame(geometry=[], crs=crs)
    area = StudyArea(ground, none, none, parts, [])
    layer = DemandLayer("p60", raster=(tmp_path / "p.tif",))
    demand = read_rasters("", [layer], area, crs).demand
    assert np.hypot(demand["x_m"] - place[0], demand["y_m"] - place[1]).max() == pytest.approx(
        50 * 2**0.5, abs=2
    )
    # A quarter of a circle of 60 m lies in the cell: pi 60² / 4 = 2827 of its 10 000 m².
    inside = demand.loc[demand["in_area"], "p60_micro"].sum() / 1e6
    assert inside == pytest.approx(7 * 0.2827, rel=0.03)
