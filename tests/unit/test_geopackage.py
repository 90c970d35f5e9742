"""`results.gpkg`: layers, fields and types, styles, and the same bytes twice."""

from __future__ import annotations

import re
import sqlite3
import time
import xml.etree.ElementTree as ET
from contextlib import closing
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from tests.builders.coverage import NOBODY_JUDGED
from tests.builders.report_result import (
    STATION,
    make_area,
    make_demand,
    make_facilities,
    make_result,
    make_study,
)

from circle15.inputs.area.study_area import StudyArea
from circle15.output.gis.geopackage import write_geopackage
from circle15.output.text.palette import (
    COVERED,
    GAP,
    SHARE_COLOURS,
    SHARE_STEPS,
    UNKNOWN,
    VERDICT_COLOURS,
)
from circle15.study.settings.rules.requirements import Circle

LAYERS = [
    "walk_network",
    "isochrones",
    "zones",
    "residential_zones",
    "gap_areas",
    "demand",
    "facilities",
]


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
    assert sites.loc["T1", "catchment_persons_5_min"] == 0.5
    assert sites.loc["T1", "catchment_persons_10_min"] == 1.5
    assert pd.isna(sites.loc["T2", "catchment_persons_5_min"])
    assert pd.isna(sites.loc["T2", "floor_area_m2"])


def test_gap_areas_hold_the_homes_and_all_people_in_the_gap(package):
    """One home with 1.5 people is 1,200 s from the only service: it is the only area."""
    table = pyogrio.read_dataframe(package, layer="gap_areas")
    homes = pyogrio.read_dataframe(package, layer="demand")
    lacking = homes[homes["all_state"] == "gap"]
    assert table["rank"].tolist() == [1]
    assert table["persons"].tolist() == [lacking["p60"].sum()] == [1.5]
    assert table[f"lacks_{STATION}"].tolist() == [1.5]
    assert table["cells"].tolist() == [1]
    assert table["median_s"].tolist() == [1200.0]
    (area,) = table.geometry
    assert area.is_valid
    assert area.buffer(0.5).covers(lacking.geometry.iloc[0])  # outlines have five decimals


def test_network_keeps_closed_directions_null(package):
    table = pyogrio.read_dataframe(package, layer="walk_network")
    assert table["edge_id"].tolist() == ["7:0", "7:1"]
    assert table["base_mm_bwd"].isna().tolist() == [True, False]


def styles_of(package):
    """Layer to its style, parsed."""
    with closing(sqlite3.connect(package)) as database:
        rows = database.execute(
            "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles ORDER BY id"
        ).fetchall()
    assert {default for _, _, default in rows} == {1}
    return {name: ET.fromstring(qml) for name, qml, _ in rows}


def test_every_layer_has_a_style_of_fields_that_it_has(package):
    """QGIS draws nothing, and says nothing, where an expression names a field that is not there."""
    styles = styles_of(package)
    assert sorted(styles) == sorted(LAYERS)
    for name, style in styles.items():
        texts = [style.find("renderer-v2").get("attr") or ""]
        texts += [one.get("fieldName") for one in style.iter("text-style")]
        words = {
            word for text in texts for word in re.findall(r"(?<![@'])\b[a-z_0-9]+\b(?!['(])", text)
        }
        known = set(pyogrio.read_info(package, layer=name)["fields"])
        assert {word for word in words if not word.isdigit()} <= known, name


def test_every_value_has_a_symbol_and_a_word_in_the_legend(package, tmp_path):
    write_geopackage(make_result(), tmp_path / "en.gpkg", "en")
    labels = {}
    for path in (package, tmp_path / "en.gpkg"):
        styles = styles_of(path)
        served = pyogrio.read_dataframe(path, layer="isochrones")
        values = {
            "isochrones": set(served["category"] + " " + served["cutoff_min"].astype(str)),
            "residential_zones": set(
                pyogrio.read_dataframe(path, layer="residential_zones")["verdict"]
            ),
            "facilities": set(pyogrio.read_dataframe(path, layer="facilities")["category"]),
            "demand": {"covered", "gap", "unknown"},
        }
        for name, expected in values.items():
            entries = list(styles[name].iter("category"))
            assert expected <= {entry.get("value") for entry in entries}, name
            symbols = {symbol.get("name") for symbol in styles[name].iter("symbol")}
            assert {entry.get("symbol") for entry in entries} == symbols
        labels[path.name] = [entry.get("label") for entry in styles["demand"].iter("category")]
    assert labels == {
        "results.gpkg": ["已覆盖", "缺口", "无法判断"],
        "en.gpkg": ["covered", "gap", "unknown"],
    }


def colour_of(symbol) -> str:
    (value,) = [one.get("value") for one in symbol.iter("Option") if one.get("name") == "color"]
    return "#" + "".join(f"{int(part):02x}" for part in value.split(",")[:3])


def test_the_colours_are_those_of_the_map(package):
    styles = styles_of(package)
    shares = [colour_of(symbol) for symbol in styles["zones"].iter("symbol")]
    assert shares == list(SHARE_COLOURS)
    assert [colour_of(symbol) for symbol in styles["demand"].iter("symbol")] == [
        COVERED,
        GAP,
        UNKNOWN,
    ]
    assert [colour_of(symbol) for symbol in styles["residential_zones"].iter("symbol")] == list(
        VERDICT_COLOURS.values()
    )


def test_a_share_on_a_bound_belongs_to_the_step_above_as_on_the_map(package):
    """QGIS draws the first range that holds a value, bounds included."""
    ranges = [
        (float(one.get("lower")), float(one.get("upper")), int(one.get("symbol")))
        for one in styles_of(package)["zones"].iter("range")
    ]
    for share in (0.0, 0.04, *(step / 100 for step in SHARE_STEPS), 0.2, 1.0):
        drawn = next(symbol for low, high, symbol in ranges if low <= share <= high)
        assert drawn == sum(share >= step / 100 for step in SHARE_STEPS)


def test_labels_say_where_they_stand(package):
    """Without placement and rendering QGIS draws no label at all."""
    styles = styles_of(package)
    labelled = {name for name, style in styles.items() if style.get("labelsEnabled") == "1"}
    assert labelled == {"zones", "residential_zones", "gap_areas", "facilities"}
    for name in labelled:
        settings = styles[name].find("labeling/settings")
        assert settings.find("placement").get("placementFlags") == "10"
        assert settings.find("rendering").get("drawLabels") == "1"
        assert settings.find("text-style").get("isExpression") == "1"


@pytest.mark.parametrize(
    ("shapes", "kind", "symbol"),
    [
        ([shapely.Point(500000, 3400000)], "Point", "marker"),
        ([shapely.box(0, 0, 9, 9)], "MultiPolygon", "fill"),
        ([shapely.Point(0, 0), shapely.box(0, 0, 9, 9)], "Unknown", "fill"),
    ],
)
def test_zones_may_be_points(tmp_path, shapes, kind, symbol):
    result = make_result()
    (check,) = result.zone_checks
    checks = [replace(check, zone=replace(check.zone, shape=shape)) for shape in shapes]
    path = tmp_path / "results.gpkg"
    write_geopackage(replace(result, zone_checks=checks), path)
    assert pyogrio.read_info(path, layer="residential_zones")["geometry_type"] == kind
    assert len(pyogrio.read_dataframe(path, layer="residential_zones")) == len(shapes)
    drawn = styles_of(path)["residential_zones"].find("renderer-v2/symbols/symbol")
    assert drawn.get("type") == symbol


def test_same_bytes_twice(tmp_path):
    write_geopackage(make_result(), tmp_path / "one.gpkg")
    time.sleep(1.1)  # a clock in the file would show now
    write_geopackage(make_result(), tmp_path / "two.gpkg")
    assert (tmp_path / "one.gpkg").read_bytes() == (tmp_path / "two.gpkg").read_bytes()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_empty_layers_are_layers(tmp_path):
    none = make_area("").streets.iloc[:0]
    result = replace(
        make_result(make_study(circle=Circle())),
        area=StudyArea(None, none, none, none, []),
        zone_rows=[],
        coverage_rows=[],
        catchments={},
        access=[],
        zone_checks=[],
        categories=[],
        judged=NOBODY_JUDGED,
        demand=make_demand().iloc[:0],
        facilities=make_facilities("").iloc[:0],
        served=gpd.GeoDataFrame({"category": [], "cutoff_min": []}, geometry=[], crs=none.crs),
    )
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
