"""`results.gpkg`: layers, fields and types, styles, and the same bytes twice."""

from __future__ import annotations

import sqlite3
import time
import xml.etree.ElementTree as ET
from contextlib import closing
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from tests.unit.test_report_by_hand import (
    STATION,
    make_area,
    make_demand,
    make_facilities,
    make_result,
    make_study,
)

from circle15.inputs.zones import StudyArea
from circle15.output.geopackage import write_geopackage
from circle15.study.config import Circle

LAYERS = ["walk_network", "isochrones", "zones", "residential_zones", "demand", "facilities"]


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "results.gpkg"
    write_geopackage(make_result(), path)
    return path


def test_layers_are_in_the_study_crs(package):
    for layer in LAYERS:
        assert pyogrio.read_info(package, layer=layer)["crs"] == "EPSG:4549"


def test_people_and_states_of_demand(package):
    table = pyogrio.read_dataframe(package, layer="demand").set_index("demand_id")
    assert table["p60"].tolist() == [2.5, 1.5, 1.0, 1.0]
    assert table[f"{STATION}_state"].fillna("-").tolist() == ["covered", "gap", "unknown", "-"]
    assert table[f"{STATION}_s"].tolist()[:2] == [300.0, 1200.0]
    assert table[f"{STATION}_s"].isna().tolist() == [False, False, True, True]
    assert table.geometry.is_empty.fillna(True).tolist() == [False, False, False, True] or (
        table.geometry.isna().tolist() == [False, False, False, True]
    )


def test_zones_carry_people_by_state_and_their_share(package):
    table = pyogrio.read_dataframe(package, layer="zones")
    assert table["level"].tolist() == ["street", "street", "community", "community"]
    second = table.iloc[1]
    assert (second["persons"], second["covered"], second["gap"], second["unknown"]) == (
        2.5,
        0,
        1.5,
        1,
    )
    assert table["share_covered"].tolist() == [1.0, 0.0, 1.0, 0.0]


def test_residential_zones_and_facilities(package):
    zone = pyogrio.read_dataframe(package, layer="residential_zones").iloc[0]
    assert (zone["required_m2"], zone["shortfall_m2"], zone["verdict"]) == (200.0, 150.0, "not_met")
    sites = pyogrio.read_dataframe(package, layer="facilities").set_index("facility_id")
    assert sites.loc["T1", "floor_area_m2"] == 320.25
    assert sites.loc["T1", "catchment_persons"] == 2.5
    assert pd.isna(sites.loc["T2", "floor_area_m2"])


def test_network_keeps_closed_directions_null(package):
    table = pyogrio.read_dataframe(package, layer="walk_network")
    assert table["edge_id"].tolist() == ["7:0", "7:1"]
    assert table["base_mm_bwd"].isna().tolist() == [True, False]


def test_every_layer_has_a_style_that_names_its_fields(package):
    with closing(sqlite3.connect(package)) as database:
        rows = database.execute(
            "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles ORDER BY id"
        ).fetchall()
    assert sorted(name for name, _, _ in rows) == sorted(LAYERS)
    for name, qml, default in rows:
        assert default == 1
        renderer = ET.fromstring(qml).find("renderer-v2")
        assert renderer is not None
        field = renderer.get("attr")
        assert field is None or field in pyogrio.read_info(package, layer=name)["fields"]


def test_same_bytes_twice(tmp_path):
    write_geopackage(make_result(), tmp_path / "one.gpkg")
    time.sleep(1.1)  # a clock in the file would show now
    write_geopackage(make_result(), tmp_path / "two.gpkg")
    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "two.gpkg").read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_empty_layers_are_layers(tmp_path):
    none = make_area("").streets.iloc[:0]
    result = replace(
        make_result(make_study(circle=Circle())), area=StudyArea(None, none, none, none, []),
        zone_rows=[], coverage_rows=[], catchments={}, zone_checks=[], categories=[],
        coverage=pd.DataFrame(), demand=make_demand().iloc[:0],
        facilities=make_facilities("").iloc[:0],
        served=gpd.GeoDataFrame({"category": [], "cutoff_min": []}, geometry=[], crs=none.crs),
    )  # fmt: skip
    write_geopackage(result, tmp_path / "empty.gpkg")
    for layer in LAYERS[1:]:
        assert pyogrio.read_info(tmp_path / "empty.gpkg", layer=layer)["features"] == 0


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "'; DROP TABLE zones; --", "𠮷\x00"]
)
def test_any_name_is_kept(tmp_path, name):
    write_geopackage(make_result(name=name), tmp_path / "results.gpkg")
    table = pyogrio.read_dataframe(tmp_path / "results.gpkg", layer="zones")
    assert table["name"][0] == name.replace("\x00", "\ufffd")
