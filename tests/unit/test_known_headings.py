"""Headings and status words as bureaus write them: each is its field, or is not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
import xlsxwriter

from circle15.inputs.facilities.statuses import read_statuses
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.headings import known_headings

if TYPE_CHECKING:
    pass

FACILITY = {
    "status": [
        "经营状态",
        "是否运营",
        "运营情况",
        "Operational status",
        "Operational_Status",
        "OPERATIONAL-STATUS",
        "OperationalStatus",
        "经营\n状态",
        "　经营状态　",
        "经营状态（是/否）",
        "*经营状态",
        "7.经营状态",
        "（7）经营状态",
        "七、经营状态",
        "运营状态*",
        "运营状态：",
        "Is open?",
        "是否在用",
        "是否停业",
        "运行情况",
        "目前运营情况",
        "Business_status",
        "\ufeff经营状态",
        "经营\u200b状态",
        "ＳＴＡＴＵＳ",
        "运营状态（必填）",
        "Status (required)",
    ],
    "name": [
        "Centre name",
        "Center Name",
        "centre_name",
        "中心名称",
        "Facility Name",
        "Name of facility",
        "养老院名称",
        "机构名",
        "驿站名称",
        "1、机构名称",
        "设施名称（必填）",
        "Location Name",
        "Care home name",
    ],
    "floor_area_m2": [
        "养老用房面积",
        "养老用房面积（㎡）",
        "养老用房面积(平方米)",
        "养老用房\n面积",
        "Gross floor area (m²)",
        "gross_floor_area",
        "Floor Area (sqm)",
        "GFA",
        "建筑面积【平方米】",
        "房屋建筑面积",
        "建面（㎡）",
        "用房面积",
    ],
    "opened": [
        "Opening date",
        "opening_date",
        "开业年月",
        "Date opened",
        "投用时间",
        "Year opened",
    ],
    "beds": ["核定床位数（张）", "Number of beds", "bed_count", "床位总数", "Bed capacity"],
    "meals_per_day": ["每日供餐量(份/日)", "日均供餐能力（份）", "Meals per day"],
    "places": ["Number of places", "托位总数"],
    "facility_id": ["Facility No.", "site_id", "机构代码"],
}

RESIDENTIAL = {
    "rooms_m2": [
        "养老用房面积",
        "养老服务用房面积（平方米）",
        "配建养老用房面积",
        "care_room_area",
        "Elder-care rooms",
        "Elder care rooms (m2)",
        "养老用房\n建筑面积",
        "社区养老服务用房面积",
    ],
    "households": ["规划户数", "住户数（户）", "No. of households", "Total households", "总户数*"],
    "dwellings": ["住宅套数（套）", "Number of dwellings", "总套数"],
    "kind": ["建设情况", "Zone type", "小区类型"],
    "name": ["Estate name", "楼盘名称", "地块名称"],
    "households_new": ["新建户数（户）", "New households"],
    "households_existing": ["Existing households", "现状户数"],
}

CASES = [
    *(("facility", field, word) for field, words in FACILITY.items() for word in words),
    *(("residential", field, word) for field, words in RESIDENTIAL.items() for word in words),
]


def table(folder, heading, *cells):
    """Write a workbook of one column beside a number, as a heading may hold a line break."""
    with xlsxwriter.Workbook(folder / "t.xlsx") as book:
        sheet = book.add_worksheet()
        for row, cell in enumerate([heading, *(cells or ("x",))]):
            sheet.write_row(row, 0, ["lon" if row == 0 else 120.5, cell])
    return read_table(folder / "t.xlsx")


@pytest.mark.parametrize(("kind", "field", "heading"), CASES)
def test_a_heading_becomes_its_field(tmp_path, kind, field, heading):
    found = find_columns(table(tmp_path, heading), kind, {})
    got = {name for name, own in found.items() if own is not None} - {"lon"}
    assert got == {field}


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("facility", "使用面积"),
        ("facility", "面积"),
        ("facility", "营业时间"),
        ("facility", "运营单位"),
        ("facility", "Area"),
        ("facility", "Opening hours"),
        ("residential", "户型"),
        ("facility", "XM"),
        ("residential", "面积"),
        ("residential", "配套情况"),
    ],
)
def test_a_heading_that_may_mean_something_else_is_not_guessed(tmp_path, kind, heading):
    found = find_columns(table(tmp_path, heading), kind, {})
    assert {name for name, own in found.items() if own is not None} <= {"lon"}


def test_a_lesser_heading_gives_way_to_the_usual_one(tmp_path):
    (tmp_path / "t.csv").write_text(
        "lon,成立日期,开业日期,单位名称,设施名称\n1,2020-01-01,2021-01-01,甲,乙\n", encoding="utf-8"
    )
    found = find_columns(read_table(tmp_path / "t.csv"), "facility", {})
    assert (found["opened"], found["name"]) == ("开业日期", "设施名称")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Operational status", "status"),
        ("Centre name", "name"),
        ("Opening date", "opened"),
        ("Gross floor area", "floor_area_m2"),
        ("Number of beds", None),
        ("养老用房建筑面积", "floor_area_m2"),
        ("核定床位数（张）", "beds"),
    ],
)
def test_a_heading_that_a_shapefile_cuts(tmp_path, heading, field):
    """Ten bytes are left; what may then mean several fields is not guessed."""
    cut = heading.encode("utf-8")[:10].decode("utf-8", "ignore").strip()
    frame = gpd.GeoDataFrame({cut: ["x"]}, geometry=[shapely.Point(120.5, 31.5)], crs="EPSG:4326")
    frame.to_file(tmp_path / "t.shp", encoding="UTF-8")
    found = find_columns(read_table(tmp_path / "t.shp"), "facility", {})
    assert {name for name, own in found.items() if own is not None} == ({field} - {None})


def test_no_heading_stands_for_two_fields():
    """Nor does a word that a status column may hold make a heading line of a row of cells."""
    known = known_headings()
    for kind in ("facility", "residential"):
        words = [
            word
            for section in (kind, f"{kind}_also")
            for names in known[section].values()
            for word in names
        ]
        assert len(words) == len(set(words)), sorted(w for w in words if words.count(w) > 1)


OPEN = (
    "是",
    "运营",
    "正常运营",
    "营业中",
    "Open",
    "in operation",
    "In Operation",
    "IN_OPERATION",
    "operational",
    "正常营业。",
    "运营（试运行）",
    "OPERATIONAL",
    "在营",
    "已投入运营",
    "1",
    "Yes",
    "√",
    "在营(开业)企业",
    "Currently operating",
    "运营\u200b",
)
CLOSED = (
    "否",
    "暂停营业",
    "已关停",
    "停业（装修）",
    "Closed",
    "Temporarily closed",
    "closed_temporarily",
    "CLOSED_PERMANENTLY",
    "non-operational",
    "Not in operation",
    "已停业",
    "撤并",
    "未投用",
    "0",
    "No",
    "歇业",
    "out of service",
    "暂停营业（装修中）",
    "否（装修）",
    "永久关闭",
)
PLANNED = (
    "在建",
    "筹建中",
    "Under construction",
    "施工中",
    "尚未开业",
    "coming soon",
    "Planned",
    "拟建",
)
UNKNOWN = ("运营（已停业）", "待定", "看情况", "maybe", "改造", "open (closed)")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (status, word)
        for status, words in (
            ("open", OPEN),
            ("closed", CLOSED),
            ("planned", PLANNED),
            ("unknown", UNKNOWN),
        )
        for word in words
    ],
)
def test_a_word_of_a_status_column(tmp_path, status, word):
    found, findings = read_statuses(table(tmp_path, "运营情况", word), "运营情况")
    assert found == [status]
    assert [one.code for one in findings] == (["UNKNOWN_STATUS"] if status == "unknown" else [])


@pytest.mark.parametrize(
    ("heading", "yes"),
    [
        ("是否运营", "open"),
        ("是否正常营业", "open"),
        ("Is open?", "open"),
        ("Operational", "open"),
        ("是否停业", "closed"),
        ("是否已停止运营", "closed"),
        ("是否暂停营业", "closed"),
        ("Closed?", "closed"),
        ("Is inactive", "closed"),
        ("是否未开放", "closed"),
        ("Open/closed", "unknown"),
        ("运营/停业", "unknown"),
    ],
)
def test_what_yes_means_is_what_the_heading_asks(tmp_path, heading, yes):
    other = {"open": "closed", "closed": "open", "unknown": "unknown"}[yes]
    read = table(tmp_path, heading, "是", "否", "Yes", "No")
    assert read_statuses(read, read.cells.columns[1])[0] == [yes, other, yes, other]
