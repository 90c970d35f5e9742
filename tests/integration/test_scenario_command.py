"""`circle15 scenario`, and the scenarios in the results of `circle15 run`."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.builders.siting_study import write_grid
from tests.commands import heard
from tests.streets import write_points

import circle15
from circle15.output.tables.sheets import sheets
from circle15.output.text.wording import Words

SCENARIOS = """
[scenarios.new_site]
add = "add.csv"
homes = "new_homes.csv"
crs = "EPSG:4549"
[scenarios.one_less]
close = ["f1"]
"""


@pytest.fixture
def study(tmp_path):
    write_points(
        tmp_path / "add.csv", "facility_id,name,category", [(1500, 1500, "n1", "new", "meal_point")]
    )
    write_points(tmp_path / "new_homes.csv", "demand_id,p60", [(1510, 1500, "z1", 40)])
    return write_grid(tmp_path, homes=60, more=SCENARIOS)


def text_of(page):
    html = page.read_text("utf-8").replace("<wbr/>", "")
    plain = re.sub(r"<style.*?</style>|<script.*?</script>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain))


def test_it_writes_the_results_of_the_changed_study(study, tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = heard(capfd, "scenario", str(study), "new_site", "--lang", "en")
    folder = tmp_path / "maps" / "small" / "scenarios" / "new_site"
    assert code == 0
    assert out.splitlines()[0] == str(folder.relative_to(tmp_path) / "map.html")
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["study"]["title"] == "small · new_site"
    assert summary["parameters"]["changes"] == {
        "name": "new_site",
        "add": "add.csv",
        "close": [],
        "change": None,
        "links": None,
        "open_gates": [],
        "homes": "new_homes.csv",
        "datum": None,
        "crs": "EPSG:4549",
    }
    files = {one["path"]: one["rows"] for one in summary["provenance"]["inputs"]}
    assert (files["add.csv"], files["new_homes.csv"]) == (1, 1)
    assert summary["scenarios"] == []
    text = text_of(folder / "report.html")
    assert "adds the sites of add.csv · adds the homes of new_homes.csv" in text
    changed = circle15.run(circle15.load_study(study).with_changes("new_site")).summary
    assert json.loads(json.dumps(changed["coverage"])) == summary["coverage"]


def test_a_run_shows_all_scenarios_beside_the_study(study, tmp_path, capfd):
    out = tmp_path / "results"
    code, _, _ = heard(capfd, "run", str(study), "--out", str(out), "--lang", "en")
    assert code == 0
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    assert [one["name"] for one in summary["scenarios"]] == ["new_site", "one_less"]
    new, less = (
        next(row for row in one["coverage"] if row["cutoff_min"] == 15)
        for one in summary["scenarios"]
    )
    # The new home is beside the new site, and the other people there gain it.
    assert new["covered_b"] == new["covered_a"] + new["gained"] + 40
    assert (new["persons_b"] - new["persons_a"], new["lost"]) == (40, 0)
    assert less["covered_b"] == less["covered_a"] - less["lost"]
    assert less["lost"] > 0
    text = text_of(out / "report.html")
    gained, lost = f"+{new['gained']:.0f}", f"−{less['lost']:.0f}"
    assert f"new_site {new['covered_a']:.0f} {gained} 0 +40 {new['covered_b']:.0f} 1 0" in text
    assert f"one_less {less['covered_a']:.0f} 0 {lost} 0 {less['covered_b']:.0f} 1 0" in text
    assert "The scenario closes f1." in text
    assert summary["parameters"]["scenarios"]["one_less"]["close"] == ["f1"]


def test_a_name_that_is_none_is_one_message(study, capfd):
    code, out, told = heard(capfd, "scenario", str(study), "one_les")
    assert (code, out) == (2, "")
    assert "[scenarios.one_les] is not in the study. The study has new_site, one_less." in told
    assert "Did you mean 'one_less'?" in told
    assert told.count("\n") == 1


def test_site_writes_the_file_that_a_scenario_adds(study, tmp_path, capfd):
    """The scenario is no input of the question, so that its file can be written again."""
    text = study.read_text("utf-8")
    study.write_text(text.replace('crs = "EPSG:4549"\n[scenarios.one', "[scenarios.one"), "utf-8")
    asked = ["--category", "meal_point", "--add", "2", "--out", str(tmp_path / "add.csv")]
    code, _, told = heard(capfd, "site", str(study), *asked)
    assert (code, told.splitlines()[-2]) == (0, str(tmp_path / "add.csv"))


def test_the_workbook_has_every_number_of_the_scenarios(study):
    result = circle15.run(study).result
    sheet = next(one for one in sheets(result, Words("en", result.study)) if one.key == "scenarios")
    keys = [key for key, _ in sheet.columns]
    shown: list[dict[str, Any]] = [dict(zip(keys, row, strict=True)) for row in sheet.rows]
    wanted = [
        (one.changes.name, shift.category, shift.cutoff_min, shift.before.covered, shift.gained)
        for one in result.scenarios
        for shift in one.shifts
    ]
    area = [row for row in shown if row["level"] == "Whole area"]
    names = ("scenario", "category_id", "cutoff_min")
    assert [
        (*(row[name] for name in names), row["covered_today"] * 10**6, row["gain_access"] * 10**6)
        for row in area
    ] == wanted
    assert len(shown) - len(area) == sum(len(one.zones) for one in result.scenarios) > 0
