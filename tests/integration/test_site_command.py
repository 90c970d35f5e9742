"""`circle15 site`: what it prints, writes and refuses; and `run`, which gives the same answers."""

from __future__ import annotations

import csv
import json

import pytest
from tests.builders.siting_study import write_candidates, write_grid
from tests.commands import heard

import circle15
from circle15.results.summary.building import build_summary
from circle15.workflow.pipeline import run_study

ASKED = """
[siting.two]
category = "meal_point"
phases = [1, 1]
spacing_m = 250
[siting.rooms]
category = "meal_point"
candidates = "candidates.csv"
crs = "EPSG:4549"
add = 1
"""
ROOMS = [(1000, 1510, "a", "hall", 320.5, 12), (2000, 2510, "b", "school", "", 8)]


@pytest.fixture
def study(tmp_path):
    write_candidates(tmp_path, ROOMS, "candidate_id,name,floor_area_m2,cost")
    return write_grid(tmp_path, homes=60, more=ASKED)


def test_it_prints_sites_curve_and_bound(study, capfd):
    code, out, _ = heard(capfd, "site", str(study), "two", "--lang", "en")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("two: Meal site")
    assert lines[2] == "Limits: phases: 1 + 1, time_limit_s: search of up to 60 s"
    assert "Candidates: " in lines[3]
    assert " points every 250 m along the streets" in lines[3]
    assert [line for line in lines if line.startswith("Phase ")] == ["Phase 1", "Phase 2"]
    sites = [line for line in lines if line[:3] in {"1. ", "2. "}]
    assert len(sites) == 2
    assert all(": reaches " in line and ", newly " in line for line in sites)
    curve = next(line for line in lines if line.startswith("Covered people by number of"))
    assert curve.count(" → ") == 3
    assert any(line.startswith("Still in a gap: ") for line in lines)
    assert any("no plan within the limits can cover more than" in line for line in lines)


def test_a_run_answers_all_questions_as_the_command_does(study, capfd):
    summary = json.loads(json.dumps(build_summary(run_study(circle15.load_study(study)))["siting"]))
    assert [entry["name"] for entry in summary] == ["two", "rooms"]
    for entry in summary:
        code, out, _ = heard(capfd, "site", str(study), entry["name"], "--json")
        assert code == 0
        assert json.loads(out) == entry


def test_the_files_hold_the_sites_and_every_candidate(study, tmp_path, capfd):
    target = tmp_path / "new" / "proposed.csv"
    target.parent.mkdir()
    code, _, told = heard(capfd, "site", str(study), "rooms", "--out", str(target), "--lang", "en")
    assert code == 0
    assert told.splitlines()[-2:] == [str(target), str(target.with_name("proposed_candidates.csv"))]
    with target.open(encoding="utf-8-sig", newline="") as file:
        (site,) = csv.DictReader(file)
    assert (site["category"], site["name"] in {"hall", "school"}) == ("meal_point", True)
    with target.with_name("proposed_candidates.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["candidate_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"a", "b"}
    assert rows["a"]["floor_area_m2"] == "320.5"
    best = max(rows.values(), key=lambda row: float(row["persons_newly"]))
    assert (best["candidate_id"], best["order"]) == (site["facility_id"], "1")


def test_an_id_that_a_site_has_already_is_made_another(tmp_path):
    write_candidates(tmp_path, [(1000, 1510, "f1", "hall")], "candidate_id,name")
    more = ASKED[ASKED.index("[siting.rooms]") :]
    found = circle15.propose_sites(write_grid(tmp_path, homes=40, more=more))
    assert [site["facility_id"] for site in found.entry["sites"]] == ["f1-new"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([], "No question is named. The study has two, rooms. Name one of them"),
        (
            ["tow"],
            "[siting.tow] is not in the study. The study has two, rooms. Did you mean 'two'?",
        ),
        (["two", "--add", "3"], "'two' and a category or number are both given."),
        (["--add", "3"], "A category and the number of sites go together."),
        (
            ["--category", "meal_piont", "--add", "3"],
            "not a category. Did you mean 'meal_point'?",
        ),
        (["--category", "meal_point", "--add", "0"], "The number of sites is 0. Add 1 or more."),
        (["two", "--out", "x.xlsx"], "x.xlsx: is not a .csv file. Use a name that ends in .csv."),
    ],
)
def test_what_is_asked_wrongly_is_one_message(study, asked, message, capfd):
    code, out, told = heard(capfd, "site", str(study), *asked)
    assert (code, out) == (2, "")
    assert message in told
    assert told.count("\n") == 1


def test_nobody_in_a_gap_is_said(tmp_path, capfd):
    """Two homes beside a site: no candidate wins anybody."""
    study = write_grid(tmp_path, homes=0)
    (tmp_path / "homes.csv").write_text(
        "x_m,y_m,demand_id,p60\n500520,3490510,a,3\n500500,3490520,b,4\n"
    )
    code, out, _ = heard(
        capfd, "site", str(study), "--category", "meal_point", "--add", "1", "--lang", "en"
    )
    assert code == 0
    assert "No people are in a gap" in out


def test_what_cannot_be_met_is_named_with_the_nearest_that_can(tmp_path, capfd):
    """One site cannot raise two subdistricts to 100 %, nor does any number cover everybody."""
    asked = """
[siting.all]
category = "meal_point"
spacing_m = 250
"""
    floor = write_grid(tmp_path, homes=60, more=f"{asked}add = 1\nstreet_floor = 1.0")
    code, out, _ = heard(capfd, "site", str(floor), "--lang", "en")
    assert code == 0
    assert "Not possible: street_floor = 100.0%" in out
    share = write_grid(tmp_path, homes=60, more=f"{asked}until_share = 1.0")
    code, out, _ = heard(capfd, "site", str(share), "--lang", "en")
    assert code == 0
    (line,) = [line for line in out.splitlines() if line.startswith("Not possible: until_share")]
    assert line.endswith("% is possible, not counting people whose state is unknown today.")
    assert "Found a plan that covers" in out
