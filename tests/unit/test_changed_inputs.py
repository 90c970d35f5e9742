"""What a scenario makes of the sites and people of a small study that is read, not run."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from tests.streets import write_points, write_study

import circle15
from circle15.errors import InputDataError
from circle15.workflow.reading import read_inputs, silent

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
HOMES = {"h1": (10, 5, 100), "h2": (500, 5, 50)}
SITES = {"f1": (300.0, 10.0), "f2": (600.0, 200.0)}


def changed(folder, table: str) -> Any:
    """Read a study; return its inputs, and those of its scenario."""
    more = f'[scenarios.x]\n{table}\ncrs = "EPSG:4549"\n'
    study = circle15.load_study(write_study(folder, NODES, ["ABCD"], HOMES, SITES, more=more))
    inputs = read_inputs(study, silent)
    return inputs, inputs.scenarios["x"]


def by_id(inputs: Any) -> dict[str, dict[str, Any]]:
    rows = inputs.sites.table.astype(object)
    rows = rows.where(rows.notna(), None).to_dict("records")
    return {row["facility_id"]: row for row in rows}


def test_a_closed_site_stays_in_the_list(tmp_path):
    before, after = changed(tmp_path, 'close = ["f1"]')
    assert {own: row["open"] for own, row in by_id(after).items()} == {"f1": False, "f2": True}
    assert by_id(after)["f1"]["status"] == "closed"
    assert by_id(before)["f1"]["open"] is True


def test_sites_are_closed_by_a_table(tmp_path):
    (tmp_path / "t.csv").write_text("facility_id,category\nf2,meal_point\n", "utf-8")
    _, after = changed(tmp_path, 'close = "t.csv"')
    assert {own: row["open"] for own, row in by_id(after).items()} == {"f1": True, "f2": False}
    assert after.files[str(tmp_path / "t.csv")] == 1


def test_a_blank_cell_changes_nothing(tmp_path):
    text = "facility_id,name,floor_area_m2,meals_per_day\nf1,Long Hall,,90\nf2,,120.5,\n"
    (tmp_path / "t.csv").write_text(text, "utf-8")
    before, after = changed(tmp_path, 'change = "t.csv"')
    was, now = by_id(before), by_id(after)
    assert (now["f1"]["name"], now["f1"]["meals_per_day"]) == ("Long Hall", 90)
    assert now["f1"]["floor_area_m2"] == was["f1"]["floor_area_m2"]
    assert now["f2"]["name"] == was["f2"]["name"]
    assert float(now["f2"]["floor_area_m2"]) == 120.5
    same = ("x_m", "y_m", "open", "status")
    assert [now["f1"][key] for key in same] == [was["f1"][key] for key in same]


def test_status_and_date_decide_together_whether_a_site_is_open(tmp_path):
    """The study is as of 2025-12-31: a site that opens in 2030 is not open yet."""
    (tmp_path / "t.csv").write_text(
        "facility_id,status,opened\nf1,planned,\nf2,,2030-01-01\n", "utf-8"
    )
    _, after = changed(tmp_path, 'change = "t.csv"')
    assert {own: row["open"] for own, row in by_id(after).items()} == {"f1": False, "f2": False}


def test_a_site_is_moved_and_joins_the_street_there(tmp_path):
    write_points(tmp_path / "t.csv", "facility_id", [(100, 10, "f1")])
    before, after = changed(tmp_path, 'change = "t.csv"')
    was, now = by_id(before)["f1"], by_id(after)["f1"]
    assert was["x_m"] - now["x_m"] == pytest.approx(200)
    assert now["y_m"] == pytest.approx(was["y_m"])
    assert by_id(after)["f2"] == by_id(before)["f2"]


def test_added_sites_stand_among_those_of_the_study(tmp_path):
    write_points(
        tmp_path / "t.csv",
        "facility_id,category,name",
        [(100, 10, "n1", "meal_point", "New"), (200, 10, "f1", "care_home", "Same house")],
    )
    before, after = changed(tmp_path, 'add = "t.csv"')
    table = after.sites.table
    assert list(zip(table["facility_id"], table["category"], strict=True)) == [
        ("f1", "care_home"),
        ("f1", "meal_point"),
        ("f2", "meal_point"),
        ("n1", "meal_point"),
    ]
    assert table["open"].all()
    assert after.files[str(tmp_path / "t.csv")] == 2
    assert len(before.sites.table) == 2


# --- new homes ---------------------------------------------------------------------------------


def people(inputs: Any, group: str = "p60") -> dict[str, float]:
    table = inputs.population.demand
    return dict(
        zip(table["demand_id"], (table[f"{group}_micro"] / 1_000_000).tolist(), strict=True)
    )


def test_new_homes_stand_beside_those_of_the_study(tmp_path):
    write_points(tmp_path / "t.csv", "demand_id,p60", [(300, 5, "a", 7.25), (90_000, 5, "z", 2)])
    before, after = changed(tmp_path, 'homes = "t.csv"')
    assert people(after) == {"a": 7.25, "h1": 100, "h2": 50, "z": 2}
    assert people(before) == {"h1": 100, "h2": 50}
    (was,), (now,) = before.population.balances, after.population.balances
    assert now.inside - was.inside + now.outside - was.outside == 9_250_000
    assert now.raw_inside + now.raw_outside == 159_250_000
    inside = after.population.demand.set_index("demand_id")["in_area"]
    assert bool(inside["a"]) is True


def test_people_named_as_the_study_reads_them(tmp_path):
    """The column of the group may have any case and width."""
    write_points(tmp_path / "t.csv", "demand_id,Ｐ60", [(300, 5, "a", 7)])
    _, after = changed(tmp_path, 'homes = "t.csv"')
    assert people(after)["a"] == 7


def test_new_homes_without_a_position(tmp_path):
    text = "demand_id,p60,x_m,y_m\na,5,,\nb,5,500000,3490000\n"
    (tmp_path / "t.csv").write_text(text, "utf-8")
    with pytest.raises(InputDataError, match=r"t\.csv: the home 'a' has no position"):
        changed(tmp_path, 'homes = "t.csv"')


def test_new_homes_outside_the_area(tmp_path):
    write_points(tmp_path / "t.csv", "demand_id,p60", [(90_000, 5, "a", 5)])
    more = '[scenarios.x]\nhomes = "t.csv"\ncrs = "EPSG:4549"\n'
    study = write_study(
        tmp_path,
        NODES,
        ["ABCD"],
        HOMES,
        SITES,
        boundary=shapely.box(-200, -200, 800, 500),
        more=more,
    )
    with pytest.raises(InputDataError, match="has no home inside the study area"):
        read_inputs(circle15.load_study(study), silent)
