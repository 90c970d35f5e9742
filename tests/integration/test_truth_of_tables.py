"""Whole studies: the doubts that a table states about its numbers reach every result."""

from __future__ import annotations

import csv
import json

import pytest
import shapely
from tests.streets import EAST_M, NORTH_M, write_study

from circle15.workflow.api import run

NODES = {"A": (0.0, 0.0), "B": (500.0, 0.0), "C": (1000.0, 0.0)}
DISTRICT = shapely.box(-50, -50, 400, 50)
ZONES = """
[[residential_zones]]
file = "zones.csv"
crs = "EPSG:4549"
[rules]
packs = ["{pack}"]
"""


def study(folder, sites, *, zones="", pack="liangxi-2025", category='category = "meal_point"'):
    """One home of 100 at 0 m; sites and zones as csv below x_m, y_m in metres of the plane."""
    path = write_study(
        folder,
        NODES,
        ["ABC"],
        {"h": (0, 0, 100)},
        {"x": (0, 0)},
        boundary=DISTRICT,
        streets={"S": DISTRICT},
        more=ZONES.format(pack=pack),
    )
    text = path.read_text("utf-8")
    path.write_text(text.replace('category = "meal_point"', category), encoding="utf-8")
    for name, rows in (("sites.csv", sites), ("zones.csv", zones or "zone_id\n0,0,Z\n")):
        heading, *places = rows.strip().split("\n")
        lines = [f"x_m,y_m,{heading}"]
        for row in places:
            x, y, rest = row.split(",", 2)
            lines.append(f"{float(x) + EAST_M},{float(y) + NORTH_M},{rest}")
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def results(path):
    out = path.parent / "out"
    run(path, out=out)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    with (out / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        return summary, list(csv.DictReader(file)), (out / "report.html").read_text("utf-8")


STATION = 'category = "home_care_station"'
SITE = "facility_id,name,建筑面积,zone_id\n"
ZONE = "zone_id,kind,households,rooms_m2\n"


@pytest.mark.parametrize(
    ("site_area", "households", "own", "rooms", "about_households"),
    [
        ("300", "1000", "", ["Z#1"], False),
        ("约300", "1000", "", ["Z#1", "f"], False),
        ("300", "近1000", "", ["Z#1"], True),
        ("300", "1000", "exact", [], False),
    ],
)
def test_an_approximate_area_is_told_beside_its_verdict(
    tmp_path, site_area, households, own, rooms, about_households
):
    """About 300 m² meets the minimum of 300 as written; sheet, rules and report say what it is."""
    own = "50" if own else "约50"
    path = study(
        tmp_path,
        f"{SITE}5,5,f,甲站,{site_area},Z",
        zones=f"{ZONE}0,0,Z,已建成,{households},{own}",
        category=STATION,
    )
    summary, _, report = results(path)
    (zone,) = summary["residential_zones"]
    assert zone["verdict"] == "met"
    assert zone["approximate_rooms"] == rooms
    assert zone["approximate_households"] is about_households
    for rule in summary["rules"]:
        if rule["scope"] != "Z":
            continue
        said = {one["code"]: one.get("rooms") for one in rule["remarks"]}
        assert said.get("APPROXIMATE_ROOMS") == ("、".join(rooms) or None)
    codes = {one["code"] for r in summary["rules"] if r["scope"] == "Z" for one in r["remarks"]}
    assert ("APPROXIMATE_HOUSEHOLDS" in codes) is about_households
    assert ("面积为约数" in report) is bool(rooms)
    assert ("户数是约数" in report) is about_households


def test_an_approximate_capacity_is_told_beside_its_sum(tmp_path):
    path = study(
        tmp_path,
        "facility_id,name,日供餐能力\n5,5,f,甲,约14000份\n300,5,g,乙,10",
        pack="jingan-2025",
    )
    summary, _, _ = results(path)
    (meals,) = [r for r in summary["rules"] if r["value"] == 14010]
    assert meals["verdict"] == "met"
    assert {"code": "APPROXIMATE_SITES", "sites": "f"} in meals["remarks"]


def test_a_site_outside_covers_people_and_fills_no_quota(tmp_path):
    """
    Case T07. The district ends at 400 m, the only meal point stands at 450 m.

    The home at 0 m walks 450 s to it: covered. Its 20,000 meals are not the district's.
    """
    path = study(
        tmp_path,
        "facility_id,name,日供餐能力,建筑面积\n450,0,f,邻区食堂,20000,900",
        pack="jingan-2025",
    )
    summary, _, _ = results(path)
    covered = {
        row["cutoff_min"]: row["covered"] for row in summary["coverage"] if row["speed_m_s"] == 1.0
    }
    assert covered == {5: 0, 10: 100, 15: 100}
    (meals,) = [r for r in summary["rules"] if r["id"] == "JA-02"]
    assert (meals["value"], meals["verdict"]) == (0, "not_met")


@pytest.mark.parametrize(
    ("areas", "counted"), [(("400", "400"), 400), (("400", ""), 400), (("400", "120"), 400)]
)
def test_one_building_under_two_ids(tmp_path, areas, counted):
    """
    One name and place as f (station) and g (day care): one site of each category.

    An area that both rows state, or one of them, is one area. Areas that differ may be two rooms:
    each is tested against the minimum of 300 m².
    """
    path = study(
        tmp_path,
        "facility_id,name,类别,建筑面积,zone_id\n"
        f"5,5,f,阳光中心,居家养老服务站,{areas[0]},Z\n5,5,g,阳光中心,日间照料中心,{areas[1]},Z",
        zones=f"{ZONE}0,0,Z,已建成,1000,0",
        category='category_column = "类别"',
    )
    summary, findings, _ = results(path)
    found = {row["category"]: row["open"] for row in summary["facilities"]}
    assert (found["home_care_station"], found["day_care"]) == (1, 1)
    (zone,) = summary["residential_zones"]
    assert zone["counted_m2"] == counted
    assert zone["plain_sum_m2"] == sum(map(int, filter(None, dict.fromkeys(areas))))
    code = "SAME_BUILDING" if areas[1] != "120" else "ROOMS_OF_BUILDING"
    assert code in {row["code"] for row in findings}
