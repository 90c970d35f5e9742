"""
One study, its tables in seven formats: the same `summary.json`, number by number.

Facilities, residential zones and homes are written as csv in UTF-8 and in GBK, xlsx, a shape file
in GBK, GeoPackage, GeoParquet and a PostGIS table, each with the kinds of cells that the format
has: the csv is all text (450.50, 是), a workbook and a database have dates, a shape file cuts
its headings to 10 bytes and has no booleans, a GeoPackage reads whole numbers beside blanks as
floats. Some rows have no id, no place or no area, some say 约300. Only `provenance` may differ.
"""

from __future__ import annotations

import datetime as dt
import json
import warnings

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from tests.streets import lon_lat, write_layer, write_streets

from circle15.workflow.api import run

FORMS = ("utf8.csv", "gbk.csv", "xlsx", "shp", "gpkg", "parquet", "postgis")
NODES = {
    "A": (0.0, 0.0),
    "B": (500.0, 0.0),
    "C": (1000.0, 0.0),
    "D": (0.0, 400.0),
    "E": (500.0, 400.0),
    "F": (1000.0, 400.0),
}
KINDS = {"text": "text", "area": "numeric(10,2)", "count": "bigint", "day": "date", "flag": "bool"}

SITES = {
    "编号": "text",
    "设施名称": "text",
    "设施类型": "text",
    "建筑面积(㎡)": "area",
    "总床位数(张)": "count",
    "日供餐能力": "text",
    "启用日期": "day",
    "运营状态": "text",
    "位置存疑": "flag",
    "备注说明文字": "text",
    "所属居住区编号": "text",
}
SITE_ROWS = [
    (
        "S-1",
        "乐龄·服务站",
        "居家养老服务站",
        450.5,
        30,
        "120客",
        dt.date(2023, 4, 1),
        "",
        False,
        '路东, 近"桥"',
        None,
        (10, 0),
    ),
    (
        "S-2",
        "福寿助餐点",
        "助餐点、助浴点",
        280.1,
        None,
        "约80",
        dt.date(2024, 12, 31),
        "运营",
        None,
        "",
        "20",
        (490, 5),
    ),
    (
        "S-3",
        "新里服务站",
        "居家养老服务站",
        320,
        12,
        None,
        dt.date(2027, 6, 30),
        "在建",
        None,
        None,
        None,
        (995, 5),
    ),
    ("S-4", "停用站", "居家养老服务站", 500, 0, None, None, "停用", None, None, None, (505, 400)),
    (
        None,
        "无编号站",
        "居家养老服务站",
        312.75,
        5,
        "60",
        dt.date(2020, 1, 5),
        None,
        True,
        "民办",
        None,
        (998, 395),
    ),
    (
        None,
        "无编号站 ",
        "居家养老服务站",
        312.75,
        5,
        "60",
        None,
        None,
        None,
        "民办",
        None,
        (995, 398),
    ),
    (None, "社区食堂", "助餐点", None, None, "1.5万", None, "", None, "—", None, (3, 402)),
    ("S-8", "远郊站", "居家养老服务站", 800, None, None, None, None, None, None, None, (9000, 0)),
    ("S-9", "无坐标站", "助餐点", 200.25, None, "余", None, None, None, None, "21", None),
]
ZONES = {
    "居住区编号": "count",
    "小区名称": "text",
    "居住区类型": "text",
    "总户数": "count",
    "新建户数": "count",
    "已建成户数": "count",
    "养老服务用房面积": "text",
    "合并组": "text",
}
ZONE_ROWS = [
    (20, "锦绣花园", "混合", 1502, 600, 902, "150+80", None, (480, 20)),
    (21, "东 苑", "已建成", 800, None, None, "", "甲", (980, 20)),
    (22, "北里", "新建", None, 1000, None, "310.5", "甲", (20, 380)),
    (23, "未知里", None, None, None, None, None, None, (600, 390)),
]
HOMES = {"编号": "count", "六十岁以上人口": "area", "户籍": "text"}
HOME_ROWS = [
    *(
        (320213001000 + k, p, "本地", (x, y))
        for k, (p, x, y) in enumerate([(12.5, 5, 10), (100, 250, -8), (7.25, 700, 3), (0, 900, 10)])
    ),
    (None, 33.33, None, (501, 210)),
    (None, 41, "外地", (12, 399)),
    (None, 5, "", (5000, 5000)),
]

STUDY = """
[study]
name = "same"
title = "同一方案"
as_of = 2025-12-31
plan_as_of = 2027-12-31
crs = "EPSG:4549"
[area]
boundary = "boundary.geojson"
streets = {{ file = "wards.geojson", id = "code", name = "label" }}
[network]
file = "streets.geojson"
extent = "extent.geojson"
min_component_m = 0
[demand]
layers = [ {{ group = "p60", points = {homes}, value = "六十岁以上人口", datum = "wgs84" }} ]
[[facilities]]
file = {sites}
category_column = "设施类型"
datum = "wgs84"
[[facilities]]
file = {sites}
category = "day_care"
where = "备注说明文字 = 民办"
datum = "wgs84"
covers = "extent"
[[residential_zones]]
file = {zones}
datum = "wgs84"
[rules]
packs = ["liangxi-2025"]
[circle]
require = ["home_care_station", "meal_point"]
"""


def frame_of(columns, rows):
    """A table with the kinds of its columns, blanks in them, and points in degrees."""
    frame = pd.DataFrame([row[:-1] for row in rows], columns=list(columns), dtype=object)
    for name, kind in columns.items():
        if kind == "count":
            frame[name] = frame[name].astype("Int64")
        elif kind == "area":
            frame[name] = frame[name].astype("float64")
        elif kind == "flag":
            frame[name] = frame[name].astype("boolean")
    degrees = [None if row[-1] is None else lon_lat([row[-1]])[0] for row in rows]
    points = [shapely.Point() if xy is None else shapely.Point(*xy.round(8)) for xy in degrees]
    shapes = gpd.GeoSeries(points, crs=4326)
    return gpd.GeoDataFrame(frame, geometry=shapes.where(~shapes.is_empty, None))


def in_words(frame, columns):
    """The cells as a csv says them: two decimals, 是 and 否, dates, and — for some blanks."""
    words = pd.DataFrame(frame.drop(columns="geometry")).astype(object)
    for name, kind in columns.items():
        said = {"area": lambda v: f"{v:.2f}", "flag": lambda v: "是" if v else "否"}.get(kind, str)
        words[name] = [None if pd.isna(v) else said(v) for v in words[name]]
    return words


def with_degrees(cells, frame):
    place = [(None, None) if p is None else (p.x, p.y) for p in frame.geometry]
    return cells.assign(经度=[x for x, _ in place], 纬度=[y for _, y in place])


def loaded(server, name, frame, columns):
    kinds = {key: KINDS[kind] for key, kind in columns.items()} | {"geom": "geometry"}
    points = [None if p is None else f"SRID=4326;POINT({p.x!r} {p.y!r})" for p in frame.geometry]
    rows = frame.drop(columns="geometry").itertuples(index=False)
    records = [
        [*(None if pd.isna(cell) else cell for cell in row), point]
        for row, point in zip(rows, points, strict=True)
    ]
    # Not in the order of the other forms: a database has none.
    return json.dumps(server.load(f"same.{name}", kinds, records[::-1]), ensure_ascii=False)


def write(folder, name, form, columns, rows, server):
    """Write a table in a form; return how the study names it."""
    frame = frame_of(columns, rows)
    file = folder / f"{name}.{form.removeprefix('utf8.').removeprefix('gbk.')}"
    if form == "postgis":
        return loaded(server, name, frame, columns)
    if form.endswith("csv"):
        encoding = "utf-8" if form.startswith("utf8") else "gbk"
        with_degrees(in_words(frame, columns), frame).to_csv(file, index=False, encoding=encoding)
    elif form == "xlsx":
        cells = pd.DataFrame(frame.drop(columns="geometry")).astype(object)
        with_degrees(cells.where(cells.notna(), None), frame).to_excel(file, index=False)
    elif form == "shp":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # headings are cut
            frame.to_file(file, encoding="GBK", use_arrow=True)
    elif form == "gpkg":
        frame.to_file(file, use_arrow=True)
    else:
        frame.to_parquet(file)
    return f'"{file.name}"'


@pytest.fixture(scope="module")
def write_form(tmp_path_factory):
    def study(form, server):
        folder = tmp_path_factory.mktemp("same") / form.replace(".", "-")
        folder.mkdir()
        write_streets(folder / "streets.geojson", NODES, "ABC", "DEF", "AD", "BE", "CF")
        write_layer(folder / "extent.geojson", [(shapely.box(-3e3, -3e3, 3e3, 3e3), {})])
        area = shapely.box(-100, -100, 1100, 500)
        write_layer(folder / "boundary.geojson", [(area, {})])
        west, east = shapely.box(-100, -100, 500, 500), shapely.box(500, -100, 1100, 500)
        wards = [(west, {"code": "W", "label": "西"}), (east, {"code": "E", "label": "东"})]
        write_layer(folder / "wards.geojson", wards)
        named = {
            name: write(folder, name, form, columns, rows, server)
            for name, columns, rows in (
                ("sites", SITES, SITE_ROWS),
                ("zones", ZONES, ZONE_ROWS),
                ("homes", HOMES, HOME_ROWS),
            )
        }
        path = folder / "study.toml"
        path.write_text(STUDY.format(**named), encoding="utf-8")
        return path

    return study


def summary_of(path):
    run(path, out=path.parent / "out")
    summary = json.loads((path.parent / "out" / "summary.json").read_text("utf-8"))
    findings = pd.read_csv(path.parent / "out" / "issues.csv", encoding="utf-8-sig")
    return summary, findings


@pytest.fixture(scope="module")
def plain(write_form):
    return summary_of(write_form("utf8.csv", None))


def test_the_study_says_something(plain):
    summary, findings = plain
    assert {entry["category"]: entry["rows"] for entry in summary["facilities"]} == {
        "day_care": 2,
        "home_care_station": 6,
        "meal_point": 3,
        "bath_point": 1,
    }
    assert {zone["zone_id"] for zone in summary["residential_zones"]} == {"20", "21", "22", "23"}
    assert len(summary["rules"]) > 3
    assert summary["population"][0]["inside"] == pytest.approx(194.08, abs=1e-6)
    assert {"APPROXIMATE_VALUE", "UNREADABLE", "NO_POSITION", "TOO_FAR"} <= set(findings["code"])


@pytest.mark.parametrize("form", [*FORMS[1:-1], pytest.param("postgis", marks=pytest.mark.postgis)])
def test_every_form_gives_the_same_summary(form, plain, write_form, request):
    server = request.getfixturevalue("postgis") if form == "postgis" else None
    path = write_form(form, server)
    if form == "shp":
        raw = (path.parent / "sites.dbf").read_bytes()
        assert "乐龄·服务站".encode("gbk") in raw
        assert "建筑面积".encode("gbk") + b"(" in raw
    summary, findings = summary_of(path)
    expected, found = plain
    assert summary.keys() == expected.keys()
    assert [key for key in expected if summary[key] != expected[key]] == ["provenance"]
    # What was found in the rows is the same too, wherever they stand.
    one, two = (
        f.loc[f["code"] != "ENCODING_GUESSED", ["code", "severity"]].value_counts().to_dict()
        for f in (found, findings)
    )
    assert one == two
