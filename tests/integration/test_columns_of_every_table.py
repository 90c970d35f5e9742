"""For every table of a study, each column is reported as read (with its field) or unread."""

from __future__ import annotations

import json

import docx
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from python_calamine import CalamineWorkbook
from tests.builders.columns_study import LAT, LON, RULES, found, study
from tests.commands import heard
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer

from circle15.output.check.findings import check_entry
from circle15.output.text.wording import Words
from circle15.workflow.checking import check

CITY = shapely.box(-50, -50, 1100, 50)
ROOM = shapely.box(10, 10, 20, 20)


def tables(outcome):
    entry = check_entry(outcome, Words("en", outcome.study))
    return {one["file"]: (one["columns"], one["unread"]) for one in entry["columns"]}


def with_keys(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1, text
    path.write_text(text.replace(old, new), encoding="utf-8")


def codes(outcome, file):
    return [
        (i.code, i.severity, i.column, i.detail.get("field"))
        for i in outcome.findings
        if i.file == file and i.code.startswith(("UNREAD", "NO_"))
    ]


def test_every_table_is_there_with_every_column(tmp_path):
    """Boundary, communities, people, sites, entrances, zones, register: all but the streets."""
    path = study(tmp_path, "status,facility_id,remark", "open,S,x")
    write_layer(tmp_path / "c.geojson", [(CITY, {"code": "C", "name": "c", "p60": 5, "户数": 3})])
    (tmp_path / "e.csv").write_text(f"facility_id,lon,lat,door\nS,{LON},{LAT},main\n", "utf-8")
    (tmp_path / "z.csv").write_text(
        f"zone_id,kind,households,rooms_m2,lon,lat,architect\nZ,new,1,300,{LON},{LAT},x\n", "utf-8"
    )
    (tmp_path / "r.csv").write_text("indicator,value,unit,year,source,author\n", "utf-8")
    with_keys(path, "[rules]\n", '[[residential_zones]]\nfile = "z.csv"\n\n[rules]\n')
    with_keys(
        path,
        "[area]\n",
        '[area]\ncommunities = { file = "c.geojson", id = "code", name = "name" }\n',
    )
    with_keys(path, 'file = "sites.csv"\n', 'file = "sites.csv"\nentrances = "e.csv"\n')
    outcome = check(path)
    told = tables(outcome)
    assert told["sites.csv"] == (
        {"lon": "lon", "lat": "lat", "status": "status", "facility_id": "facility_id"},
        ["remark"],
    )
    assert told["e.csv"] == (
        {"facility_id": "facility_id", "lon": "lon", "lat": "lat"},
        ["door"],
    )
    assert told["z.csv"][1] == ["architect"]
    assert told["z.csv"][0]["rooms_m2"] == "rooms_m2"
    assert told["c.geojson"] == ({"code": "id", "name": "name"}, ["p60", "户数"])
    assert told["homes.csv"][0]["p60"] == "p60"
    assert any(file.startswith("boundary") for file in told)
    assert codes(outcome, "c.geojson") == [("UNREAD_COLUMN", "warning", "户数", "households")]
    (finding,) = (
        i for i in outcome.findings if i.file == "c.geojson" and i.code == "UNREAD_COLUMN"
    )
    assert finding.detail["named"] == 'households = "户数"'


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"道路类型": ["residential"]}, "道路类型"),
        ({"fclass": ["residential"]}, "fclass"),
        ({"higway": ["residential"]}, "higway"),
    ],
)
def test_an_unread_kind_of_street_is_a_warning(tmp_path, columns, wanted):
    path = study(tmp_path, "status", "open")
    line = [shapely.LineString([(EAST_M, NORTH_M), (EAST_M + 1000, NORTH_M)])]
    gpd.GeoDataFrame(columns | {"lanes": [2]}, geometry=line, crs=METRIC).to_file(
        tmp_path / "streets.gpkg"
    )
    with_keys(path, '"streets.geojson"', '"streets.gpkg"\ndefault_highway = "residential"')
    outcome = check(path)
    assert tables(outcome)["streets.gpkg"] == ({}, [wanted, "lanes"])
    assert codes(outcome, "streets.gpkg") == [("UNREAD_COLUMN", "warning", wanted, "highway")]


def test_a_heading_of_buildings_or_registers_is_to_be_renamed(tmp_path):
    """No key of a study names their columns."""
    path = study(tmp_path, "status", "open")
    write_layer(tmp_path / "c.geojson", [(CITY, {"code": "C", "name": "c", "p60": 100})])
    write_layer(
        tmp_path / "h.geojson", [(ROOM, {"主要用途": "住宅", "floors": 2, "楼层说明": "x"})]
    )
    text = path.read_text("utf-8")
    start = text.index("{ group")
    end = text.index("}", start) + 1
    layer = '{ group = "p60", zones = "c.geojson", value = "p60", buildings = "h.geojson" }'
    path.write_text(text[:start] + layer + text[end:], encoding="utf-8")
    outcome = check(path)
    assert codes(outcome, "h.geojson") == [
        ("UNREAD_COLUMN_RENAME", "warning", "主要用途", "use"),
        ("UNREAD_COLUMN_BESIDE_RENAME", "note", "楼层说明", "floors"),
    ]


def test_what_the_study_or_the_geometry_says_needs_no_column(tmp_path):
    """One category for all rows, and points: the columns of both are unread, and no warning."""
    path = study(tmp_path, "status,设施类型", "open,助餐点")
    assert tables(check(path))["sites.csv"][1] == ["设施类型"]
    assert not found(check(path), "UNREAD_COLUMN")
    frame = gpd.GeoDataFrame(
        {"status": ["open"], "经度": [0.0], "纬度": [0.0], "x": [1]},
        geometry=[shapely.Point(LON, LAT)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "sites.gpkg")
    with_keys(path, '"sites.csv"', '"sites.gpkg"')
    outcome = check(path)
    assert tables(outcome)["sites.gpkg"] == ({"status": "status"}, ["经度", "纬度", "x"])
    assert not codes(outcome, "sites.gpkg")


@pytest.mark.parametrize("metres", [True, False])
def test_degrees_and_metres_in_one_table(tmp_path, metres):
    """With `crs` the metres are read, without it the degrees; the others are said to be unread."""
    path = study(tmp_path, "x,y,status", "500010,3490005,open")
    if not metres:
        with_keys(path, 'crs = "EPSG:4549"\ncovers', "covers")
    read = {"x": "x_m", "y": "y_m"} if metres else {"lon": "lon", "lat": "lat"}
    unread = ["lon", "lat"] if metres else ["x", "y"]
    assert tables(check(path))["sites.csv"] == ({**read, "status": "status"}, unread)


def test_a_column_of_zones_matters_where_there_are_zones(tmp_path):
    path = study(tmp_path, "status,所在小区", "open,Z")
    assert not found(check(path), "UNREAD_COLUMN")
    (tmp_path / "z.csv").write_text(f"zone_id,lon,lat\nZ,{LON},{LAT}\n", "utf-8")
    with_keys(path, "[rules]\n", '[[residential_zones]]\nfile = "z.csv"\n\n[rules]\n')
    assert codes(check(path), "sites.csv") == [("UNREAD_COLUMN", "warning", "所在小区", "zone_id")]


KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">
<Document><Folder><name>sites</name>{marks}</Folder></Document></kml>"""


@pytest.mark.parametrize(
    ("extra", "unread"),
    [
        ("", []),
        ("<TimeStamp><when>2024-05-01</when></TimeStamp>", ["timestamp"]),
        ("<TimeSpan><begin>2024-05-01</begin></TimeSpan>", ["begin"]),
        ("<visibility>1</visibility>", ["visibility"]),
    ],
)
def test_what_a_kml_says_of_drawing_is_said_to_be_unread(tmp_path, extra, unread):
    path = study(tmp_path, "status", "open")
    mark = (
        f"<Placemark><name>X</name>{extra}"
        f"<Point><coordinates>{LON},{LAT}</coordinates></Point></Placemark>"
    )
    (tmp_path / "sites.kml").write_text(KML.format(marks=mark * 1), "utf-8")
    with_keys(path, '"sites.csv"', '"sites.kml"')
    outcome = check(path)
    assert tables(outcome)["sites.kml"] == ({"Name": "name"}, unread)


def test_the_sizes_that_a_geodatabase_adds_are_no_floor_areas(tmp_path):
    path = study(tmp_path, "status", "open")
    frame = gpd.GeoDataFrame(
        {"status": ["open"], "SHAPE_Area": [5.0], "Shape_Leng": [3.0]},
        geometry=[shapely.Point(LON, LAT)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "sites.gpkg")
    with_keys(path, '"sites.csv"', '"sites.gpkg"')
    outcome = check(path)
    assert tables(outcome)["sites.gpkg"][1] == ["SHAPE_Area", "Shape_Leng"]
    assert not codes(outcome, "sites.gpkg")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_zones_say_it_too_in_every_output(tmp_path, capfd, language):
    path = study(tmp_path, "status,联系电话", "open,1", more=RULES)
    zones = tmp_path / "proposed.csv"
    zones.write_text(f"zone_id,户数,lon,lat,建筑师\nZ,100,{LON},{LAT},甲\n", "utf-8")
    out = tmp_path / "out"
    code, told, said = heard(
        capfd, "zones", path, "--zones", zones, "--out", out, "--lang", language
    )
    assert code == 0
    assert "户数 → households" in said
    assert "户数 → households" not in told
    assert "建筑师" in said
    assert "联系电话" in said
    page = (out / "zones.html").read_text("utf-8")
    text = [
        cell.text
        for table in docx.Document(str(out / "zones.docx")).tables
        for row in table.rows
        for cell in row.cells
    ]
    book = CalamineWorkbook.from_path(str(out / "zones.xlsx"))
    cells = [
        str(cell)
        for row in book.get_sheet_by_name(book.sheet_names[-1]).to_python()
        for cell in row
    ]
    for place in (page, "\n".join(text), "\n".join(cells)):
        assert "户数 → households" in place
        assert "建筑师" in place
        assert "联系电话" in place
    as_json = heard(capfd, "zones", path, "--zones", zones, "--json")
    assert json.loads(as_json[1])[0]["zone_id"] == "Z"


def test_a_table_of_very_many_columns_is_named_in_part_and_counted(tmp_path, capfd):
    """The page stays readable; the JSON of the check has them all."""
    path = study(tmp_path, "status", "open")
    frame = pd.read_csv(tmp_path / "sites.csv")
    wide = pd.DataFrame({f"extra {k}": [k] for k in range(100)})
    pd.concat([frame, wide], axis=1).to_csv(tmp_path / "sites.csv", index=False)
    code, told, _ = heard(capfd, "check", path, "--json")
    assert code == 0
    (sites,) = (one for one in json.loads(told)["columns"] if one["file"] == "sites.csv")
    assert len(sites["unread"]) == 100
    _, told, _ = heard(capfd, "check", path, "--lang", "en")
    assert "and 40 more" in " ".join(told.split())
