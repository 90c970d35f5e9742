"""Columns that were not read are reported, and fields without a column are not stated."""

from __future__ import annotations

import json

import pytest
from tests.builders.columns_study import LAT, LON, RULES, found, study

from circle15 import check_study_zones
from circle15.output.check.findings import check_entry
from circle15.output.check.page import build_check_page
from circle15.output.text.wording import Words
from circle15.workflow.api import run
from circle15.workflow.checking import check


@pytest.mark.parametrize(
    ("heading", "row", "is_open"),
    [
        ("经营状态", "营业中", True),
        ("经营状态", "已停业", False),
        ("是否运营", "否", False),
        ("是否运营", "是", True),
        ("运营情况", "正常运营", True),
        ("Operational status", "Closed", False),
        ("Operational Status", "Under construction", False),
        ("Operating status", "Open", True),
        ("Is open", "No", False),
        ("是否在营", "0", False),
    ],
)
def test_a_status_by_any_usual_heading_decides(tmp_path, heading, row, is_open):
    outcome = check(study(tmp_path, f"Centre name,{heading}", f"X,{row}"))
    assert outcome.facilities["open"].tolist() == [is_open]
    assert outcome.facilities["name"].tolist() == ["X"]
    assert not found(outcome, "NO_STATUS_COLUMN")
    assert not found(outcome, "UNKNOWN_STATUS")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("目前经营怎么样", "status"),
        ("Is it closed now?", "status"),
        ("房屋面积合计", "floor_area_m2"),
        ("Total indoor area", "floor_area_m2"),
        ("机构名称（全称）及简称", "name"),
        ("NameOfPlace", "name"),
        ("可用床位合计", "beds"),
        ("Date first visited", "opened"),
        ("stauts", "status"),
    ],
)
def test_an_unread_heading_that_matters_is_a_warning_with_its_field(tmp_path, heading, field):
    outcome = check(study(tmp_path, heading, "1"))
    (finding,) = found(outcome, "UNREAD_COLUMN")
    assert (finding.severity, finding.column, finding.detail["field"]) == (
        "warning",
        heading,
        field,
    )
    assert finding.file == "sites.csv"


@pytest.mark.parametrize(
    "heading", ["备注", "联系电话", "更新日期", "rating", "updated", "negative"]
)
def test_a_heading_that_means_nothing_to_us_is_told_and_no_warning(tmp_path, heading):
    outcome = check(study(tmp_path, f"status,{heading}", "open,1"))
    assert not found(outcome, "UNREAD_COLUMN")
    entry = check_entry(outcome, Words("en", outcome.study))
    (sites,) = (one for one in entry["columns"] if one["file"] == "sites.csv")
    assert sites["unread"] == [heading]
    assert sites["columns"] == {"lon": "lon", "lat": "lat", "status": "status"}


def test_a_second_column_of_a_field_is_a_note(tmp_path):
    outcome = check(study(tmp_path, "status,现场营业调查", "open,停"))
    (finding,) = found(outcome, "UNREAD_COLUMN_BESIDE")
    assert (finding.severity, finding.detail["field"]) == ("note", "status")


def test_no_status_column_is_said_once_and_columns_reach_every_result(tmp_path):
    path = study(tmp_path, "设施名称,备注", "X,y")
    outcome = check(path)
    assert [finding.file for finding in found(outcome, "NO_STATUS_COLUMN")] == ["sites.csv"]
    page = build_check_page(outcome, "zh")
    assert "设施名称 → name" in page
    run(path, out=tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    (sites,) = (one for one in summary["provenance"]["inputs"] if one["path"] == "sites.csv")
    assert sites["columns"] == {"lon": "lon", "lat": "lat", "设施名称": "name"}
    assert sites["unread"] == ["备注"]
    assert "设施名称 → name" in (tmp_path / "out" / "report.html").read_text("utf-8")


def zones(folder, heading, row, *, site="open,300,", law=RULES):
    path = study(folder, "status,floor_area_m2,zone_id", site, more=law)
    text = path.read_text("utf-8").replace('"meal_point"', '"home_care_station"')
    path.write_text(text, encoding="utf-8")
    file = folder / "proposed.csv"
    rest = f"zone_id,kind,households,lon,lat,{heading}\nZ,existing,1000,{LON:.7f},{LAT:.7f},{row}\n"
    file.write_text(rest, encoding="utf-8")
    return check_study_zones(path, file)


@pytest.mark.parametrize(
    ("heading", "row", "site", "verdict"),
    [
        ("备注", "x", "open,300,", "undetermined"),
        ("备注", "x", "open,300,Z", "met"),
        ("备注", "x", "open,100,Z", "undetermined"),
        ("备注", "x", "open,,Z", "undetermined"),
        ("rooms_m2", "0", "open,300,", "not_met"),
        ("rooms_m2", "0", "open,100,Z", "not_met"),
        ("rooms_m2", "0", "open,,Z", "undetermined"),
        ("rooms_m2", "", "open,300,", "undetermined"),
        ("养老用房面积", "300", "open,300,", "met"),
        ("养老用房面积(㎡)", "150", "open,300,", "not_met"),
        ("care rooms area", "300", "open,300,", "met"),
    ],
)
def test_rooms_without_a_column_are_not_stated(tmp_path, heading, row, site, verdict):
    """1,000 households of an existing zone need 200 m², with one site of 300 m²."""
    outcome = zones(tmp_path, heading, row, site=site)
    assert outcome.zones[0]["verdict"] == verdict
    missing = [one.code for one in outcome.findings if one.code == "NO_ROOMS_COLUMN"]
    assert len(missing) == (heading == "备注")


def test_an_unread_column_of_rooms_is_a_warning_of_zones(tmp_path):
    outcome = zones(tmp_path, "配建用房情况", "300")
    (finding,) = (one for one in outcome.findings if one.code == "UNREAD_COLUMN")
    assert (finding.column, finding.detail["field"]) == ("配建用房情况", "rooms_m2")
    assert outcome.zones[0]["verdict"] == "undetermined"


@pytest.mark.parametrize(
    ("heading", "row", "site", "counted"),
    [
        ("备注", "x", "open,300,", None),
        ("rooms_m2", "", "open,300,", None),
        ("rooms_m2", "很多", "open,300,", None),
        ("备注", "x", "open,,Z", None),
        ("rooms_m2", "0", "open,300,", 0),
        ("rooms_m2", "100", "open,300,", 0),
        ("rooms_m2", "", "open,300,Z", 300),
    ],
)
def test_an_area_that_nothing_states_is_not_0(tmp_path, heading, row, site, counted):
    """A room of 100 m² is too small to count; 0 is said by the table itself."""
    zone = zones(tmp_path, heading, row, site=site).zones[0]
    assert zone["counted_m2"] == counted
    plain = 100 if row == "100" else counted
    assert zone["plain_sum_m2"] == plain
    assert zone["readings"]["R3"] == zone["verdict"]
