"""Whole studies: a cell without a value is refused for people and reported for the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from tests.commands import heard
from tests.streets import EAST_M, NORTH_M, write_study
from tests.workbooks import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

NODES = {"A": (0.0, 0.0), "B": (1000.0, 0.0)}
BOX = shapely.box(-100, -100, 1100, 100)
ZONES = '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"\n'


def study(folder: Path, *, more: str = "") -> Path:
    """Homes of 100 and 50 people, a site beside each, 900 m apart; one walks within 5 min only."""
    homes = {"h1": (50, 5, 100), "h2": (950, 5, 50)}
    sites = {"f1": (60.0, 5.0), "f2": (940.0, 5.0)}
    return write_study(folder, NODES, ["AB"], homes, sites, boundary=BOX, more=more)


def put(folder: Path, name: str, heading: str, *rows: tuple[Any, ...]) -> None:
    """Write a table whose first two cells are metres of the plane, as csv or as workbook."""
    placed = [(x + EAST_M, y + NORTH_M, *rest) for x, y, *rest in rows]
    lines = [["x_m", "y_m", *heading.split(",")], *map(list, placed)]
    if name.endswith(".xlsx"):
        write_xlsx(folder / name, lines)
        path = folder / "study.toml"
        text = path.read_text("utf-8").replace(name.replace(".xlsx", ".csv"), name)
        path.write_text(text, encoding="utf-8")
        return
    text = "\n".join(",".join(map(str, line)) for line in lines) + "\n"
    (folder / name).write_text(text, encoding="utf-8")


def checked(capfd, path):
    code, out, said = heard(capfd, "check", path, "--json")
    assert (code, said) == (0, ""), said
    return json.loads(out)


def refused(capfd, path):
    code, _, said = heard(capfd, "check", path)
    assert code == 2
    assert said.count("\n") == 1, said
    return said


def open_sites(found):
    return sum(one["open"] for one in found["facilities"])


def test_people_that_were_never_computed_are_refused(tmp_path, capfd):
    path = study(tmp_path)
    put(tmp_path, "homes.xlsx", "demand_id,p60", (50, 5, "h1", "=60+40"), (950, 5, "h2", 50))
    said = refused(capfd, path)
    assert "row 2, column 'p60': '=60+40' is a formula that was never computed." in said
    assert "Open the workbook in a spreadsheet program" in said


def test_households_that_were_never_computed_are_refused(tmp_path, capfd):
    path = study(tmp_path, more=ZONES)
    put(tmp_path, "zones.xlsx", "zone_id,kind,households", (0, 0, "Z", "new", "=1+1"))
    assert "row 2, column 'households': '=1+1' is a formula that was" in refused(capfd, path)


def test_a_status_that_was_never_computed_is_listed_and_not_open(tmp_path, capfd):
    path = study(tmp_path)
    put(
        tmp_path,
        "sites.xlsx",
        "facility_id,name,建筑面积,状态",
        (60, 5, "f1", "甲", "=200+120", '=IF(1,"停用","运营")'),
        (940, 5, "f2", "乙", 300, "运营"),
    )
    found = checked(capfd, path)
    assert open_sites(found) == 1
    listed = [(i["code"], i["row"]) for i in found["issues"]]
    assert listed.count(("UNCOMPUTED", 2)) == 2


@pytest.mark.parametrize(
    ("date", "count"),
    [("2020-01-01", 2), ("", 2), ("去年", 1), ("2020-13-45", 1), ("2099-01-01", 1), ("不详", 2)],
)
def test_a_site_whose_opening_date_cannot_be_read_is_not_open(tmp_path, capfd, date, count):
    path = study(tmp_path)
    put(
        tmp_path,
        "sites.csv",
        "facility_id,name,状态,开业日期",
        (60, 5, "f1", "甲", "运营", date),
        (940, 5, "f2", "乙", "运营", "2021-01-01"),
    )
    assert open_sites(checked(capfd, path)) == count


def test_all_bad_cells_of_people_are_told_at_once(tmp_path, capfd):
    path = study(tmp_path)
    put(
        tmp_path,
        "homes.csv",
        "demand_id,p60",
        (50, 5, "h1", "many"),
        (950, 5, "h2", -5),
        (950, 6, "h2", 3),
    )
    said = refused(capfd, path)
    for words in (
        "row 4, column 'demand_id': the point 'h2' is also in row 3",
        "row 2, column 'p60': 'many' is not a number of people",
        "row 3, column 'p60': '-5' is not a number of people",
    ):
        assert words in said


def test_bad_cells_of_two_groups_are_told_at_once(tmp_path, capfd):
    path = study(tmp_path)
    text = path.read_text("utf-8")
    layer = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'
    assert layer in text
    both = f"{layer}, {layer.replace('p60', 'p80')}"
    path.write_text(text.replace(layer, both), encoding="utf-8")
    put(tmp_path, "homes.csv", "demand_id,p60,p80", (50, 5, "h1", "x", 1), (950, 5, "h2", 5, "y"))
    said = refused(capfd, path)
    assert "row 2, column 'p60': 'x'" in said
    assert "row 3, column 'p80': 'y'" in said


def test_more_bad_cells_than_can_be_read_are_counted(tmp_path, capfd):
    path = study(tmp_path)
    put(tmp_path, "homes.csv", "demand_id,p60", *((50, k, f"h{k}", "?") for k in range(13)))
    assert "row 11, column 'p60': '?' is not a number of people; and 3 more." in refused(
        capfd, path
    )


def test_all_bad_cells_of_zones_are_told_at_once(tmp_path, capfd):
    path = study(tmp_path, more=ZONES)
    put(
        tmp_path,
        "zones.csv",
        "zone_id,kind,households,dwellings",
        (0, 0, "Z", "new", "1.5", ""),
        (9, 0, "", "new", 3, ""),
        (9, 9, "Y", "new", 3, "-2"),
    )
    said = refused(capfd, path)
    for words in (
        "row 2, column 'households': '1.5'",
        "row 3, column 'zone_id': has no zone id",
        "row 4, column 'dwellings': '-2'",
    ):
        assert words in said


def test_all_repeated_zones_are_told_at_once(tmp_path, capfd):
    path = study(tmp_path, more=ZONES)
    rows = [(0, k, key, "new", 3) for k, key in enumerate("ZYZY")]
    put(tmp_path, "zones.csv", "zone_id,kind,households", *rows)
    said = refused(capfd, path)
    assert "row 4: the zone id 'Z' is also in row 2" in said
    assert "row 5: the zone id 'Y' is also in row 3" in said


def test_all_repeated_sites_are_told_at_once(tmp_path, capfd):
    path = study(tmp_path)
    rows = [(60, k, key, "") for k, key in enumerate("fgfg")]
    put(tmp_path, "sites.csv", "facility_id,name", *rows)
    said = refused(capfd, path)
    assert "row 4: the id 'f' is also in row 2 of sites.csv" in said
    assert "row 5: the id 'g' is also in row 3 of sites.csv" in said


def test_all_rows_with_too_many_cells_are_told_at_once(tmp_path, capfd):
    path = study(tmp_path)
    put(tmp_path, "sites.csv", "facility_id,name", (60, 5, "f", "", 1), (60, 5, "g", "", 2, 3))
    said = refused(capfd, path)
    assert "row 2: has 5 cells under 4 headings" in said
    assert "row 3: has 6 cells under 4 headings" in said
