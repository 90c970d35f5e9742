"""
The rules of the sample computed again from its raw files, with pandas and fractions only.

Nothing of circle15 is called: the expected answers are those of `tests/golden`, which a run gives.
Headings, codings and the one probable duplicate are read here as a person would read the files.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
GOLDEN = Path(__file__).parents[1] / "golden" / "sample_summary.json"
AS_OF = pd.Timestamp("2025-12-31")
PLAN = pd.Timestamp("2027-12-31")
MINIMUM = Fraction(300)
RATES = {"新建": Fraction(30, 100), "已建成": Fraction(20, 100)}
REPEATED = "S-161"  # 示例二第8社区 居家养老服务站, a space apart from S-021 and next door


@dataclass(frozen=True)
class Site:
    """One site that may count: id, place, area (None unknown), open now and by the plan year."""

    id: str
    place: shapely.Point | None
    area: Fraction | None
    now: bool
    then: bool


@pytest.fixture(scope="module")
def summary() -> Any:
    return json.loads(GOLDEN.read_text("utf-8"))


def number(cell: Any) -> Fraction | None:
    """Exact number of a cell, None where there is none."""
    try:
        return Fraction(str(cell))
    except ValueError:
        return None


def site(row: Any, lon: str, lat: str, area: str) -> Site:
    day = pd.Timestamp(row["开业日期"]) if pd.notna(row.get("开业日期")) else None
    now = bool(row["状态"] == "运营" and (day is None or day <= AS_OF))
    later = bool(day is not None and day <= PLAN and row["状态"] in {"运营", "在建"})
    place = shapely.Point(float(row[lon]), float(row[lat])) if pd.notna(row[lat]) else None
    return Site(str(row["编号"]), place, number(row[area]), now, now or later)


@pytest.fixture(scope="module")
def sites() -> list[Site]:
    """Stations, meal sites, complexes and day care; care homes do not count."""
    stations = pd.read_excel(SAMPLE / "stations.xlsx", engine="calamine")
    found = [site(row, "经度", "纬度", "建筑面积") for _, row in stations.iterrows()]
    meals = pd.read_excel(SAMPLE / "meals.xlsx", engine="calamine", skiprows=4, header=None)
    meals.columns = ["编号", "名称", "类型", "经度", "纬度", "面积", "份", "状态"]
    meals = meals[meals["编号"].str.match(r"M-\d+$")]
    found += [site(row, "经度", "纬度", "面积") for _, row in meals.iterrows()]
    centers = pd.read_csv(SAMPLE / "centers.csv", encoding="gb18030")
    centers = centers[centers["设施类型"] != "老年大学"]  # no category of the study
    found += [site(row, "经度", "纬度", "建筑面积") for _, row in centers.iterrows()]
    return [one for one in found if one.id != REPEATED]


def required(zone: dict[str, Any], kind: str | None = None) -> Any:
    """m², a fraction; None where the kind or the households are unknown."""
    kind = kind or zone["类型"]
    if kind == "混合":
        return zone["新建户数"] * RATES["新建"] + zone["已建户数"] * RATES["已建成"]
    if zone["户数"] is None or kind not in RATES:
        return None
    return zone["户数"] * RATES[kind]


def met(reading: str, areas: list[Fraction], need: Fraction) -> bool:
    large = [area for area in areas if area >= MINIMUM]
    if reading == "R3":
        return bool(large) and sum(large) >= need
    enough = sum(areas) >= need
    return enough and bool(large) and (reading == "R1" or len(large) == len(areas))


def least_to_add(areas: list[Fraction], need: Fraction) -> Fraction:
    """Least area that meets R3: every set of small rooms lifted, with or without a new site."""
    small = [area for area in areas if area < MINIMUM]
    costs = []
    for count in range(len(small) + 1):
        for lifted in itertools.combinations(range(len(small)), count):
            lift = sum((MINIMUM - small[k] for k in lifted), Fraction(0))
            counted = sum((a for a in areas if a >= MINIMUM), MINIMUM * count)
            rest = max(Fraction(0), need - counted)
            if counted:
                costs.append(lift + rest)
            costs.append(lift + max(MINIMUM, rest))
    return min(costs)


def verdicts(areas: list[Fraction], need: Fraction) -> dict[str, str]:
    return {r: "met" if met(r, areas, need) else "not_met" for r in ("R1", "R2", "R3")}


@pytest.fixture(scope="module")
def zones() -> list[dict[str, Any]]:
    content = json.loads((SAMPLE / "zones.geojson").read_text("utf-8"))
    return [
        row["properties"] | {"shape": shapely.geometry.shape(row["geometry"])}
        for row in content["features"]
    ]


def rooms(zone: dict[str, Any], sites: list[Site], *, then: bool) -> list[Fraction | None]:
    """Areas of the zone's own rooms and of the open sites in it; None is unknown."""
    stated = zone["用房面积"]
    own = [number(part) for part in stated.split("+")] if stated else [None]
    inside = [
        one.area
        for one in sites
        if one.place is not None
        and (one.then if then else one.now)
        and zone["shape"].intersects(one.place)
    ]
    return [area for area in [*own, *inside] if area is None or area > 0]


def test_every_zone_of_the_sample(zones, sites, summary):
    """Required, counted, plain sum, gap, shortfall and the three readings; pools as one."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for zone in zones:
        groups[zone["合并组"] or zone["编号"]].append(zone)
    golden = {entry["zone_id"]: entry for entry in summary["residential_zones"]}
    assert len(golden) == len(zones) == 40
    told = {"met": 0, "not_met": 0, "undetermined": 0, "not_applicable": 0}
    for members in groups.values():
        entry = golden[members[0]["编号"]]
        told[entry["verdict"]] += 1
        areas = [area for zone in members for area in rooms(zone, sites, then=False)]
        known = [area for area in areas if area is not None]
        if areas and not known:  # rooms of which no area is known: no sum, not one of 0
            assert (entry["plain_sum_m2"], entry["counted_m2"]) == (None, None)
        else:
            assert entry["plain_sum_m2"] == float(sum(known))
            assert entry["counted_m2"] == float(sum(a for a in known if a >= MINIMUM))
        needs: list[Any] = [required(zone) for zone in members]
        if None in needs:
            check_unknown(members[0], known, entry)
            continue
        need = sum(needs, Fraction(0))
        assert entry["required_m2"] == pytest.approx(float(need), abs=1e-9)
        if not need:
            assert set(entry["readings"].values()) == {"not_applicable"}
        elif len(known) < len(areas):
            assert entry["readings"] == {
                r: v if v == "met" else "undetermined" for r, v in verdicts(known, need).items()
            }
        else:
            assert entry["readings"] == verdicts(known, need)
            assert entry["plain_gap_m2"] == float(max(Fraction(0), need - sum(known)))
            short = Fraction(0) if met("R3", known, need) else least_to_add(known, need)
            assert entry["shortfall_m2"] == pytest.approx(float(short), abs=1e-9)
        for zone in members[1:]:
            other = golden[zone["编号"]]
            assert {k: other[k] for k in ("required_m2", "counted_m2", "verdict")} == {
                k: entry[k] for k in ("required_m2", "counted_m2", "verdict")
            }
    assert all(told.values()), told


def check_unknown(zone: dict[str, Any], areas: list[Fraction], entry: dict[str, Any]) -> None:
    """Without a kind both must agree; without households nothing is said."""
    assert entry["required_m2"] is None
    if zone["户数"] is None:
        assert set(entry["readings"].values()) == {"undetermined"}
        return
    both = [verdicts(areas, required(zone, kind)) for kind in RATES]
    assert entry["readings"] == {
        r: both[0][r] if both[0][r] == both[1][r] else "undetermined" for r in ("R1", "R2", "R3")
    }


def test_plan_year_verdicts(zones, sites, summary):
    """A zone has a verdict of the plan year where a room opens by then, and only there."""
    golden = {entry["zone_id"]: entry for entry in summary["residential_zones"]}
    for zone in zones:
        now, then = (rooms(zone, sites, then=flag) for flag in (False, True))
        need = required(zone)
        expected = None
        if now != then and need and not zone["合并组"]:
            expected = verdicts([area for area in then if area is not None], need)["R3"]
        assert golden[zone["编号"]]["verdict_at_plan"] == expected


@pytest.fixture(scope="module")
def register() -> dict[str, Fraction]:
    text = (SAMPLE / "registers.csv").read_text("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    return {row["指标"]: Fraction(row["数值"]) for row in rows if not row["对象"]}


def people(group: str) -> int:
    study = tomllib.loads((SAMPLE / "study.toml").read_text("utf-8"))
    (layer,) = (one for one in study["demand"]["layers"] if one["group"] == group)
    return int(layer["calibrate_to"])


def share(part: Any, whole: Any, per: int = 100) -> Fraction:
    return per * Fraction(part) / Fraction(whole)


def streets_with(sites_of: pd.DataFrame) -> Fraction:
    """Share of the streets in which an open site stands, per cent."""
    content = json.loads((SAMPLE / "streets.geojson").read_text("utf-8"))
    shapes = [shapely.geometry.shape(row["geometry"]) for row in content["features"]]
    points = shapely.points(sites_of["经度"].astype(float), sites_of["纬度"].astype(float))
    with_one = sum(bool(shapely.intersects(shape, points).any()) for shape in shapes)
    return share(with_one, len(shapes))


def open_sites(name: str) -> pd.DataFrame:
    """Open complexes, or open meal centres."""
    if name == "complex":
        table = pd.read_csv(SAMPLE / "centers.csv", encoding="gb18030")
        return table[(table["设施类型"] == "街道养老服务综合体") & (table["状态"] == "运营")]
    table = pd.read_excel(SAMPLE / "meals.xlsx", engine="calamine", skiprows=4, header=None)
    table.columns = ["编号", "名称", "设施类型", "经度", "纬度", "面积", "份", "状态"]
    return table[(table["设施类型"] == "区域性助餐中心") & (table["状态"] == "运营")]


def test_the_single_figures_of_the_plan(register, summary):
    """Value, threshold and verdict of every rule of Liangxi that is judged once."""
    r = register
    homes = pd.read_excel(SAMPLE / "care_homes.xlsx", engine="calamine")
    homes = homes[homes["状态"] == "运营"]
    beds, institutions = r["养老机构床位数"], len(homes)
    expected: dict[str, tuple[list[Fraction], int | None]] = {
        "LX-05": ([streets_with(open_sites("complex"))], 100),
        "LX-06": ([streets_with(open_sites("meal_center"))], 100),
        "LX-08": ([share(r["等级社区居家养老服务机构数"], r["社区居家养老服务机构数"])], 80),
        "LX-09": ([share(r["接受居家上门服务老年人数"], people("p60"))], 18),
        "LX-10": ([r["居家适老化改造户数"]], 1400),
        "LX-11": ([share(r["已评估80岁及以上老年人数"], people("p80"))], 100),
        "LX-12": (
            [
                share(r["养老机构护理型床位数"], beds),
                share(int(homes["护理型床位数"].sum()), int(homes["床位数"].sum())),
            ],
            85,
        ),
        "LX-13": ([share(r["社会化运营床位数"], beds)], 90),
        "LX-14": ([share(r["等级养老机构数"], institutions)], 80),
        "LX-15": ([r["养老服务人员培训人次"]], 1875),
        "LX-16": ([share(r["培训考证拿证人数"], r["参加职业技能培训人数"])], 80),
        "LX-17": ([share(r["养老机构社会工作者数"], beds)], 1),
        "LX-18": ([r["养老服务新增就业人数"]], 625),
        "LX-19": ([r["养老服务示范企业数"]], 1),
        "LX-20": ([share(r["有医疗服务的养老机构数"], institutions)], None),
        "LX-24": ([r["腾退用地用房数"]], None),
        "LX-25": ([share(r["养老总床位数"], people("p60"), 1000)], None),
    }
    for rule, (values, threshold) in expected.items():
        rows = [row for row in summary["rules"] if row["id"] == rule]
        assert [row["value"] for row in rows] == pytest.approx([float(v) for v in values]), rule
        said = {None if threshold is None else value >= threshold for value in values}
        for row, value in zip(rows, values, strict=True):
            assert row["threshold"] == threshold
            if threshold is None:
                assert row["verdict"] == "reported"
                continue
            alone = "met" if value >= threshold else "not_met"
            assert row["verdict"] == ("source_conflict" if len(said) > 1 else alone), rule
            assert row["shortfall"] == pytest.approx(float(max(Fraction(0), threshold - value)))
            assert row["near_threshold"] is (abs(value - threshold) <= Fraction(threshold, 50))
    (changed,) = (row for row in summary["rules"] if row["id"] == "LX-21")
    assert (changed["value"], changed["verdict"]) == (r["改变用途的养老用地宗数"], "met")
    (visits,) = (row for row in summary["rules"] if row["id"] == "LX-22")
    assert (visits["verdict"], visits["value"]) == ("undetermined", None)


def test_functions_of_single_sites(summary):
    """LX-07 counts five functions of each complex, LX-23 three of each room, as registered."""
    text = (SAMPLE / "registers.csv").read_text("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["对象"]]
    for rule, prefix, wanted in (("LX-07", "功能_", 5), ("LX-23", "用房", 3)):
        flags: dict[str, list[bool]] = defaultdict(list)
        for row in rows:
            if row["指标"].startswith(prefix):
                flags[row["对象"]].append(row["数值"] == "是")
        answers = {row["scope"]: row for row in summary["rules"] if row["id"] == rule}
        silent = answers.pop("study")
        assert silent["verdict"] == "undetermined"
        assert {scope: row["value"] for scope, row in answers.items()} == {
            one: sum(said) for one, said in flags.items()
        }
        for one, said in flags.items():
            assert answers[one]["verdict"] == ("met" if sum(said) == wanted else "not_met")


def test_the_rules_of_zones_say_what_their_sheets_say(zones, summary):
    """LX-02 to LX-04 have a row for each zone that they bind, with the figures of its sheet."""
    golden = {entry["zone_id"]: entry for entry in summary["residential_zones"]}
    for rule, kind in (("LX-02", "新建"), ("LX-03", "已建成"), ("LX-04", None)):
        bound = [z["编号"] for z in zones if kind is None or z["类型"] in {kind, "混合", None}]
        rows = {row["scope"]: row for row in summary["rules"] if row["id"] == rule}
        assert sorted(rows) == sorted(bound)
        if kind is None:
            continue
        for zone_id, row in rows.items():
            sheet = golden[zone_id]
            assert (row["value"], row["threshold"], row["verdict"], row["shortfall"]) == (
                sheet["counted_m2"],
                sheet["required_m2"],
                sheet["verdict"],
                sheet["shortfall_m2"],
            )


def test_the_circle_is_the_share_of_the_people_counted(summary):
    """LX-01 reports what the coverage table counts, of all people inside."""
    for row in (row for row in summary["rules"] if row["id"] == "LX-01"):
        (counted,) = (
            one
            for one in summary["coverage"]
            if one["category"] == row["scope"]
            and (one["group"], one["cutoff_min"], one["speed_m_s"]) == ("p60", 15, 1.0)
        )
        assert counted["persons"] == people("p60")
        assert row["value"] == pytest.approx(100 * counted["covered"] / counted["persons"])


def test_all_twenty_five_rules_answer(summary):
    assert {row["id"] for row in summary["rules"]} == {f"LX-{k:02}" for k in range(1, 26)}
