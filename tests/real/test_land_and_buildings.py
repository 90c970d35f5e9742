"""Residential land and buildings of a real extract, against the same places given as homes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pytest
import shapely
from shapely import from_wkb

import circle15 as c15

pytestmark = pytest.mark.real

HERE = Path(__file__).parent
TABLE = """
[coverage_basis]
land = { file = "land.geojson" }
buildings = { file = "buildings.geojson", unknown_use = "left_out" }
"""


def polygons(source, folder):
    """Write the buildings and the residential land of an OSM file as layers."""
    wkb = osmium.geom.WKBFactory()
    found: dict[str, list[dict[str, Any]]] = {"buildings": [], "land": []}
    for area in osmium.FileProcessor(source).with_areas():
        if not isinstance(area, osmium.osm.Area):
            continue
        if "building" in area.tags:
            levels = area.tags.get("building:levels")
            row = {"building": area.tags["building"], "building:levels": levels}
        elif area.tags.get("landuse") == "residential":
            row = {}
        else:
            continue
        shape = from_wkb(wkb.create_multipolygon(area))
        found["buildings" if row else "land"].append({**row, "geometry": shape})
    for name, rows in found.items():
        gpd.GeoDataFrame(rows, crs="EPSG:4326").to_file(folder / f"{name}.geojson")


@pytest.fixture(scope="module")
def ran(tmp_path_factory, real_data):
    folder = tmp_path_factory.mktemp("wangjing")
    source = real_data / "china_osm" / "beijing_wangjing.osm"
    polygons(str(source), folder)
    for name in ("homes.csv", "sites.csv", "study.toml"):
        text = (HERE / "beijing_wangjing" / name).read_text("utf-8")
        (folder / name).write_text(text + (TABLE if name == "study.toml" else ""), "utf-8")
    return folder, c15.run(c15.load_study(folder / "study.toml"))


def test_buildings_have_the_states_of_homes_at_their_points(ran, real_data):
    """The footprints as people of homes in `c15.coverage`, which knows nothing of areas."""
    _, outcome = ran
    result = outcome.result
    areas = result.living.buildings.areas
    assert len(areas.x_m) == 55
    points = gpd.points_from_xy(areas.x_m, areas.y_m)
    weight = areas.micro_m2["footprint"] / 1e6
    ids = [f"B{k}" for k in range(len(points))]
    homes = gpd.GeoDataFrame({"demand_id": ids, "persons": weight}, geometry=points, crs=result.crs)
    table = result.facilities
    sites = gpd.GeoDataFrame(
        table[["facility_id", "category"]],
        geometry=gpd.points_from_xy(table["x_m"], table["y_m"]),
        crs=result.crs,
    )
    source = real_data / "china_osm" / "beijing_wangjing.osm"
    network = c15.read_network(source, crs=result.crs, squares="around")
    coverage = c15.coverage(homes, sites, network)
    expected = coverage[coverage["cutoff_min"] == 15].set_index("demand_id")["state"]
    summed = {
        state: weight[(expected.loc[ids] == state).to_numpy()].sum()
        for state in ("covered", "gap", "unknown")
    }
    entry = of_circle(outcome)["buildings"]["footprint"]
    for state, area_m2 in summed.items():
        assert entry[f"{state}_m2"] == pytest.approx(area_m2, abs=1e-3), state
    assert entry["covered_m2"] > 0


def test_land_adds_up_and_circles_claim_what_lies_in_them(ran):
    folder, outcome = ran
    result = outcome.result
    entry = of_circle(outcome)["residential_land"]
    parts = entry["covered_m2"] + entry["gap_m2"] + entry["unknown_m2"]
    assert parts == pytest.approx(entry["total_m2"], rel=1e-12)
    land = gpd.read_file(folder / "land.geojson").to_crs(result.crs).union_all()
    assert entry["total_m2"] == pytest.approx(land.area, rel=1e-6)
    # At 1 m/s the circle is 900 m; a piece lies within 36 m of its point.
    sites = shapely.multipoints(result.facilities[["x_m", "y_m"]].to_numpy())
    least, most = (land.intersection(sites.buffer(900 + d)).area for d in (-36, 36))
    claimed = entry["share_by_circles"] * entry["total_m2"]
    assert least * 0.999 <= claimed <= most * 1.001


def of_circle(outcome):
    (entry,) = [
        one
        for one in outcome.summary["coverage_basis"]
        if one["cutoff_min"] == 15 and one["category"] == "home_care_station"
    ]
    assert json.dumps(entry)
    return entry
