"""Facilities: categories, status and dates, probable duplicates, cells that cannot be read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.streets import METRIC, write_layer, write_points

from circle15.errors import InputDataError, StudyError
from circle15.inputs.area.study_area import read_area
from circle15.inputs.facilities import similar_sites
from circle15.inputs.facilities.facility_table import read_facilities
from circle15.inputs.facilities.statuses import is_open, opens_by
from circle15.study.settings.records import (
    Area,
    Demand,
    DemandLayer,
    FacilityLayer,
    NetworkSource,
    Study,
)

TODAY, PLAN = dt.date(2025, 12, 31), dt.date(2027, 12, 31)


def read(tmp_path, heading, rows, *, boundary=None, name="f.csv", categories=None, **options):
    path = write_points(tmp_path / name, heading, rows)
    settings = {"category": "meal_point"} | options
    study = Study(
        file=tmp_path / "study.toml",
        name="s",
        title="s",
        as_of=TODAY,
        plan_as_of=PLAN,
        network=NetworkSource(Path("n")),
        demand=Demand((DemandLayer("p60"),)),
        facilities=(FacilityLayer(path, crs="EPSG:4549", **settings),),
        categories=categories or {},
    )
    area = Area(write_layer(tmp_path / "b.geojson", [(boundary, {})]) if boundary else None)
    return read_facilities(study, read_area(area, METRIC), METRIC)


@pytest.mark.parametrize(
    ("status", "opened", "today", "plan"),
    [
        ("open", None, True, True),
        ("open", TODAY, True, True),  # open on the day itself
        ("open", dt.date(2026, 1, 1), False, True),
        ("open", dt.date(2028, 1, 1), False, False),
        ("planned", None, False, True),
        ("planned", dt.date(2027, 6, 30), False, True),
        ("planned", dt.date(2028, 6, 30), False, False),
        ("planned", dt.date(2020, 1, 1), False, True),
        ("closed", None, False, False),
        ("unknown", None, False, False),
    ],
)
def test_when_a_site_counts(status, opened, today, plan):
    assert is_open(status, opened, TODAY) is today
    assert opens_by(status, opened, PLAN) is plan
    assert opens_by(status, opened, None) is False


def test_words_of_a_status(tmp_path):
    rows = [
        (900 * k, 0, f"f{k}", word) for k, word in enumerate(["运营", "", "在建", "停用", "搬迁"])
    ]
    found = read(tmp_path, "id,status", rows)
    assert found.table["status"].tolist() == ["open", "open", "planned", "closed", "unknown"]
    assert found.table["open"].tolist() == [True, True, False, False, False]
    assert [(i.code, i.row) for i in found.findings] == [("UNKNOWN_STATUS", 6)]


def test_categories_by_row(tmp_path):
    """A row whose word is unknown is listed and left out; a study's own category is known."""
    rows = [(0, 0, "a", "老年食堂"), (900, 0, "b", "书店"), (1800, 0, "c", "月球站")]
    found = read(
        tmp_path,
        "id,kind",
        rows,
        category=None,
        category_column="kind",
        categories={"books": "书店"},
    )
    assert found.table["category"].tolist() == ["meal_point", "books"]
    (finding,) = found.findings
    assert (finding.code, finding.row, finding.detail["value"]) == ("UNKNOWN_CATEGORY", 4, "月球站")


def test_a_layer_without_a_category(tmp_path):
    with pytest.raises(StudyError, match="has no category"):
        read(tmp_path, "id", [(0, 0, "a")], category=None)
    with pytest.raises(StudyError, match="'shop' is not a category"):
        read(tmp_path, "id", [(0, 0, "a")], category="shop")


def test_one_site_may_have_several_categories_but_each_once(tmp_path):
    rows = [(0, 0, "a", "助餐点"), (0, 0, "a", "日间照料中心")]
    found = read(tmp_path, "id,kind", rows, category=None, category_column="kind")
    assert found.table["category"].tolist() == ["day_care", "meal_point"]
    with pytest.raises(InputDataError, match="the id 'a' is also in row 2"):
        read(tmp_path, "id", [(0, 0, "a"), (9, 0, "a")])


def test_probable_duplicates_count_once(tmp_path):
    """
    Same name but for spaces, 20 m apart: one site. 20.001 m, another name, or no name: two.

    Of a pair the one of known size stands for both, whichever comes first.
    """
    rows = [
        (0, 0, "a", "阳光 食堂", ""),
        (20, 0, "b", "阳光食堂", 300),
        (500, 0, "c", "月亮食堂", 1),
        (520.001, 0, "d", "月亮食堂", 1),
        (900, 0, "e", "甲", 1),
        (901, 0, "f", "乙", 1),
        (1500, 0, "g", "", 1),
        (1500, 0, "h", "", 1),
    ]
    table = read(tmp_path, "id,name,floor_area_m2", rows).table.set_index("facility_id")
    assert table["duplicate_of"].dropna().to_dict() == {"a": "b"}
    assert table["open"].to_dict() == {k: k != "a" for k in "abcdefgh"}
    assert not table.loc["a", "open_at_plan"]


def test_cells_that_cannot_be_read_are_null_and_listed(tmp_path):
    """Never 0: an area of "under 300" is unknown; one of "about 250" counts and is listed."""
    rows = [
        (0, 0, "a", "不足300", "-5"),
        (900, 0, "b", "300.50㎡", "12"),
        (0, 900, "c", "约250", ""),
    ]
    found = read(tmp_path, "id,floor_area_m2,beds", rows)
    assert found.table["floor_area_m2"].tolist() == [None, Decimal("300.50"), Decimal(250)]
    assert found.table["beds"].tolist() == [None, Decimal(12), None]
    assert [(i.code, i.row, i.column) for i in found.findings] == [
        ("UNREADABLE", 2, "floor_area_m2"),
        ("APPROXIMATE_VALUE", 4, "floor_area_m2"),
        ("NEGATIVE_VALUE", 2, "beds"),
    ]
    assert [i.floor_area_m2 for i in found.findings] == [None, Decimal(250), None]


def test_several_functions_in_one_cell(tmp_path):
    """One site, a row for each category; a name with a stroke is one category."""
    rows = [
        (0, 0, "a", "助餐、助浴", 300),
        (900, 0, "b", "助餐点/老年食堂", 1),
        (1800, 0, "c", "助餐+书店;日间照料", 1),
    ]
    found = read(tmp_path, "id,kind,floor_area_m2", rows, category=None, category_column="kind")
    sites = zip(found.table["facility_id"], found.table["category"], strict=True)
    assert list(sites) == [
        ("a", "bath_point"),
        ("a", "meal_point"),
        ("b", "meal_point"),
        ("c", "day_care"),
        ("c", "meal_point"),
    ]
    assert found.table["floor_area_m2"].tolist()[:2] == [300, 300]
    assert [(i.code, i.row, i.detail["value"]) for i in found.findings] == [
        ("UNKNOWN_CATEGORY", 4, "书店")
    ]


def test_a_cell_of_many_unknown_functions_is_one_finding(tmp_path):
    """The first five are named, however many there are."""
    words = [f"书店{k}" for k in range(5000)]
    rows = [(0, 0, "a", "助餐、" + "、".join(words)), (900, 0, "b", "书店1、书店2")]
    found = read(tmp_path, "id,kind", rows, category=None, category_column="kind")
    assert found.table["category"].tolist() == ["meal_point"]
    assert [(i.code, i.row, i.detail["value"]) for i in found.findings] == [
        ("UNKNOWN_CATEGORY", 2, "书店0, 书店1, 书店2, 书店3, 书店4, …"),
        ("UNKNOWN_CATEGORY", 3, "书店1, 书店2"),
    ]


def test_similar_sites_are_listed_and_all_count(tmp_path):
    """
    Listed: 20 m with other names (a, b), 200 m with a short name (c, d), one place (g, h).

    Not listed: 21 m with other names, a branch (e, f), no name, farther than 200 m.
    """
    rows = [
        (0, 0, "a", "阳光食堂"),
        (20, 0, "b", "月亮食堂"),
        (41, 0, "b2", "星星食堂"),
        (1000, 0, "c", "梁溪区阳光社区食堂"),
        (1200, 0, "d", "阳光食堂"),
        (3000, 0, "e", "清名桥服务站"),
        (3100, 0, "f", "清名桥服务站一分站"),
        (5000, 0, "g", "甲"),
        (5000, 0, "h", "乙"),
        (7000, 0, "i", ""),
        (7010, 0, "j", "丙"),
        (9000, 0, "k", "清名桥食堂"),
        (9201, 0, "l", "清名桥食堂"),
    ]
    found = read(tmp_path, "id,name", rows)
    assert found.table["open"].all()
    assert [
        (i.code, i.row, i.detail["facility_id"], i.detail["other"]) for i in found.findings
    ] == [
        ("SIMILAR_SITES", 10, "h", "g"),
        ("SIMILAR_SITES", 3, "b", "a"),
        ("SIMILAR_SITES", 6, "d", "c"),
    ]


def test_each_site_is_compared_with_its_nearest_and_many_pairs_are_summed_up(monkeypatch, tmp_path):
    rows = [(37.317 * k * k % 300, 1.9173 * k**3 % 200, f"s{k:03}", f"甲{k}") for k in range(120)]
    pairs = set()
    for x, y, own, _ in rows:
        others = [(np.hypot(a - x, b - y), other) for a, b, other, _ in rows if other != own]
        metres, nearest = min(others)
        pairs |= {tuple(sorted((own, nearest)))} if metres <= 20 else set()
    findings = read(tmp_path, "id,name", rows).findings
    found = {(i.detail["other"], i.detail["facility_id"]) for i in findings}
    assert found == pairs
    assert len(findings) == len(pairs) > 30
    monkeypatch.setattr(similar_sites, "_LISTED_SINGLY", len(pairs) - 1)
    (all_in_one,) = read(tmp_path, "id,name", rows).findings
    assert (all_in_one.code, all_in_one.detail) == (
        "MANY_SIMILAR_SITES",
        {"pairs": str(len(pairs))},
    )


def test_of_several_nearest_sites_the_first_is_listed(tmp_path):
    """b and c are 15 m from a, and 30 m from each other."""
    rows = [(0, 0, "a", "甲"), (15, 0, "b", "乙"), (-15, 0, "c", "丙")]
    found = [
        (i.detail["other"], i.detail["facility_id"])
        for i in read(tmp_path, "id,name", rows).findings
    ]
    assert found == [("a", "b"), ("a", "c")]


def test_one_building_under_two_ids_is_listed(tmp_path):
    rows = [
        (0, 0, "a", "综合楼", "助餐点"),
        (0, 0, "b", "综合楼", "日间照料"),
        (0, 0, "a", "综合楼", "助浴点"),
    ]
    found = read(tmp_path, "id,name,kind", rows, category=None, category_column="kind")
    assert [(i.code, i.detail["facility_id"], i.detail["other"]) for i in found.findings] == [
        ("SAME_BUILDING", "b", "a")
    ]
    assert set(found.table["site_id"]) == {"a"}


def test_ledgers_place_one_building_some_metres_apart(tmp_path):
    """20 m are one place, 21 m are not; a row's own functions are no second site."""
    rows = [
        (0, 0, "a", "甲", "助餐点"),
        (12, 16, "b", "甲", "日间照料"),
        (0, 0, "a", "甲", "助浴点"),
        (500, 0, "c", "乙", "助餐点"),
        (521, 0, "d", "乙", "日间照料"),
    ]
    found = read(tmp_path, "id,name,kind", rows, category=None, category_column="kind")
    assert [(i.code, i.detail["facility_id"]) for i in found.findings] == [("SAME_BUILDING", "b")]
    assert found.table.groupby("facility_id")["site_id"].first().to_dict() == {
        "a": "a",
        "b": "a",
        "c": "c",
        "d": "d",
    }


def test_rooms_of_a_building_that_differ_are_not_one(tmp_path):
    """In floor area (a, b), in opening (c, d), in zone (e, f); a blank area contradicts none."""
    rows = [
        (0, 0, "a", "甲", "助餐点", 400, "", ""),
        (0, 0, "b", "甲", "日间照料", 120, "", ""),
        (900, 0, "c", "乙", "助餐点", 9, "", ""),
        (900, 0, "d", "乙", "日间照料", 9, "关闭", ""),
        (1800, 0, "e", "丙", "助餐点", 9, "", "Z1"),
        (1800, 0, "f", "丙", "日间照料", 9, "", "Z2"),
        (2700, 0, "g", "丁", "助餐点", "", "", ""),
        (2700, 0, "h", "丁", "日间照料", 9, "", ""),
        (3600, 0, "i", "", "助餐点", 9, "", ""),
        (3600, 0, "j", "", "日间照料", 9, "", ""),
    ]
    heading = "id,name,kind,建筑面积,状态,zone_id"
    found = read(tmp_path, heading, rows, category=None, category_column="kind")
    assert {i.detail["facility_id"]: (i.code, i.floor_area_m2) for i in found.findings} == {
        "b": ("ROOMS_OF_BUILDING", None),
        "d": ("ROOMS_OF_BUILDING", None),
        "f": ("ROOMS_OF_BUILDING", None),
        "h": ("SAME_BUILDING", 9),
    }
    assert dict(zip(found.table["facility_id"], found.table["site_id"], strict=True)) == {
        **{own: own for own in "abcdefgij"},
        "h": "g",
    }


def test_sites_beyond_the_boundary_and_without_a_position(tmp_path):
    """Both are rows; neither is in the area."""
    path = tmp_path / "f.csv"
    box = shapely.box(-10, -10, 10, 10)
    found = read(tmp_path, "id", [(0, 0, "in"), (50, 0, "out")], boundary=box)
    assert found.table.set_index("facility_id")["in_area"].to_dict() == {"in": True, "out": False}
    assert found.files == {str(path): 2}


def test_ids_come_from_the_content_and_the_order_does_not_matter(tmp_path):
    rows = [(0, 0, "甲"), (900, 0, "乙")]
    one = read(tmp_path, "name", rows).table.drop(columns="row")
    other = read(tmp_path, "name", rows[::-1]).table.drop(columns="row")
    assert one.equals(other)


def test_choosing_rows(tmp_path):
    rows = [(0, 0, "a", 5), (900, 0, "b", 0)]
    found = read(tmp_path, "id,n", rows, where="n > 0")
    assert found.table["facility_id"].tolist() == ["a"]
    assert [(i.code, i.detail["rows"]) for i in found.findings] == [("ROWS_LEFT_OUT", "1")]
    with pytest.raises(InputDataError, match="no row matches n > 9"):
        read(tmp_path, "id,n", rows, where="n > 9")
