"""Candidates of a question: which are usable, why others are not, and where they could be moved."""

from __future__ import annotations

import csv

import pytest
import shapely
from tests.builders.siting_study import write_candidates, write_grid
from tests.streets import EAST_M, NORTH_M, write_layer

import circle15
from circle15.errors import InputDataError

ASKED = """
[siting.new]
category = "meal_point"
candidates = "candidates.csv"
crs = "EPSG:4549"
"""
HEADING = "candidate_id,name,floor_area_m2,cost,owner"
ROWS = (
    (1000, 1510, "c2", "hall", 300, 12, "city"),
    (2000, 1510, "c10", "school", 299.5, 8, "city"),
    (1500, 2510, "c1", "shop", 800, 30, "private"),
)


def asked(folder, rows=ROWS, more="add = 1", heading=HEADING):
    study = write_grid(folder, homes=40, more=ASKED + more)
    write_candidates(folder, rows, heading)
    return study


def codes(found):
    return {(finding.code, finding.row) for finding in found.findings}


def test_a_question_is_answered_from_its_file(tmp_path):
    found = circle15.propose_sites(asked(tmp_path, more='add = 2\nwhere = "owner = city"'))
    table = found.answer.question.candidates.table
    assert list(table["candidate_id"]) == ["c10", "c2"]  # as text
    assert list(table["floor_area_m2"].astype(str)) == ["299.5", "300"]
    sites = {site["candidate_id"]: site for site in found.entry["sites"]}
    assert sites["c2"]["cost"] == 12
    assert sites["c2"]["street_id"] == "W"
    assert ("ROWS_LEFT_OUT", None) in codes(found)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((9000, 9000, "c9", "x", 1, 1, ""), "CANDIDATE_OUTSIDE"),
        ((750, 750, "c9", "x", 1, 1, ""), "CANDIDATE_TOO_FAR"),
        ((1000, 1510, "c9", "x", 1, 1, ""), "CANDIDATE_REPEATED"),
        ((1010, 1510, "c9", "Hall", 1, 1, ""), "CANDIDATE_REPEATED"),
        ((515, 510, "c9", "site f1", 1, 1, ""), "CANDIDATE_IS_SITE"),
        ((1000, 2010, "c9", "x", 1, "", ""), "CANDIDATE_NO_COST"),
        ((1000, 2010, "c9", "x", 1, -5, ""), "NEGATIVE_VALUE"),
        ((3000, 3010, "c9", "x", 1, 1, ""), "CANDIDATE_FORBIDDEN"),
    ],
)
def test_what_is_no_candidate_is_listed_and_left_out(tmp_path, row, code):
    more = 'budget = 50\nforbidden = "forbidden.geojson"'
    write_layer(tmp_path / "forbidden.geojson", [(shapely.box(2900, 2900, 3100, 3100), {})])
    found = circle15.propose_sites(asked(tmp_path, (*ROWS, row), more))
    assert [one for one, row in codes(found) if row == 5] == [code]
    assert "c9" not in set(found.answer.question.candidates.table["candidate_id"])
    assert len(found.answer.question.candidates) == 3


def test_a_candidate_behind_a_barrier_has_a_place_that_can_be_accepted(tmp_path):
    """
    A wall of water along the street y = 1500 cuts off a candidate at y = 1510 on its far side.

    Its proposed place is on that street; taken as the candidates, the file has no fault.
    """
    study = asked(tmp_path, (*ROWS, (1250, 1520, "c9", "hut", 50, 1, "city")))
    lake = shapely.LineString([(1100, 1515), (1100, 1515.5), (1400, 1515.5), (1400, 1515)])
    write_layer(tmp_path / "water.geojson", [(lake, {"waterway": "river"})])
    text = study.read_text("utf-8")
    text = text.replace(
        'extent = "extent.geojson"', 'extent = "extent.geojson"\nbarriers = "water.geojson"'
    )
    study.write_text(text, encoding="utf-8")
    found = circle15.propose_sites(study, out=tmp_path / "out.csv")
    assert ("CANDIDATE_ACCESS_BARRIER", 5) in codes(found)
    moved = tmp_path / "out_moved.csv"
    assert moved in found.files
    with moved.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["candidate_id"]: row for row in csv.DictReader(file)}
    assert rows["c9"]["moved_m"] == "20"
    assert (rows["c9"]["owner"], rows["c2"]["moved_m"]) == ("city", "")
    accepted = text.replace(
        'candidates = "candidates.csv"\ncrs = "EPSG:4549"',
        'candidates = "out_moved.csv"\ndatum = "wgs84"',
    )
    assert accepted != text
    study.write_text(accepted, encoding="utf-8")
    again = circle15.propose_sites(study)
    assert codes(again) == set()
    table = again.answer.question.candidates.table.set_index("candidate_id")
    place = table.loc["c9", ["x_m", "y_m"]].to_numpy(float) - (EAST_M, NORTH_M)
    assert place == pytest.approx((1250, 1500), abs=0.002)
    stays = table.loc["c2", ["x_m", "y_m"]].to_numpy(float) - (EAST_M, NORTH_M)
    assert stays == pytest.approx((1000, 1510), abs=0.0011)


def test_the_file_of_moved_candidates_keeps_the_rows_that_where_excludes(tmp_path):
    """c1 is private, and the first; c9 behind the water is moved. All four stand as in the file."""
    rows = (ROWS[2], (1250, 1520, "c9", "hut", 50, 1, "city"), *ROWS[:2])
    plain = asked(tmp_path, rows, 'add = 1\nwhere = "owner = city"')
    lake = shapely.LineString([(1100, 1515), (1100, 1515.5), (1400, 1515.5), (1400, 1515)])
    write_layer(tmp_path / "water.geojson", [(lake, {"waterway": "river"})])
    text = plain.read_text("utf-8").replace(
        'extent = "extent.geojson"', 'extent = "extent.geojson"\nbarriers = "water.geojson"'
    )
    plain.write_text(text, encoding="utf-8")
    circle15.propose_sites(plain, out=tmp_path / "out.csv")
    with (tmp_path / "out_moved.csv").open(encoding="utf-8-sig", newline="") as file:
        moved = list(csv.DictReader(file))
    assert [row["candidate_id"] for row in moved] == [row[2] for row in rows]
    assert [bool(row["moved_m"]) for row in moved] == [row[2] == "c9" for row in rows]
    assert all(row["lon"] and row["lat"] for row in moved)


@pytest.mark.parametrize("head", ["candidate_id,lon,lat,moved_m", "id,notes"])
def test_moved_candidates_of_an_earlier_answer_go_and_a_file_of_others_stays(tmp_path, head):
    old = tmp_path / "out_moved.csv"
    old.write_text(f"\ufeff{head}\nc9,1,2,3\n", encoding="utf-8")
    found = circle15.propose_sites(asked(tmp_path), out=tmp_path / "out.csv")
    assert old not in found.files
    assert old.exists() is (head == "id,notes")


def test_moved_candidates_that_the_study_reads_stay(tmp_path):
    study = asked(tmp_path)
    old = tmp_path / "out_moved.csv"
    head, *rows = (tmp_path / "candidates.csv").read_text("utf-8").splitlines()
    told = [f"{head},lon,lat,moved_m", *(f"{row},,," for row in rows)]
    old.write_text("\n".join(told) + "\n", encoding="utf-8")
    asks = study.read_text("utf-8").replace("candidates.csv", "out_moved.csv")
    study.write_text(asks, encoding="utf-8")
    circle15.propose_sites(study, out=tmp_path / "out.csv")
    assert old.exists()


CANNOT = {
    "more sites than candidates": (
        ROWS,
        "add = 4",
        "key 'siting.new.add': asks for 4 sites, and has 3 candidates.",
    ),
    "more in phases": (ROWS, "phases = [2, 2]", "siting.new.phases': asks for 4 sites"),
    "all outside": (
        [(9e3, 9e3, "a", "", 1, 1, "")],
        "add = 1",
        "key 'siting.new': has no candidate that can be used (1 outside the area).",
    ),
    "none has a cost": (
        [(1000, 1510, "c1", "", 1, "", "")],
        "budget = 5",
        "has no candidate that can be used (1 without a cost).",
    ),
    "no such column": (
        ROWS,
        'add = 1\nwhere = "floor_aera_m2 > 1"',
        "there is no column 'floor_aera_m2' in candidates.csv (did you mean 'floor_area_m2'?).",
    ),
    "no row": (ROWS, 'add = 1\nwhere = "cost > 99"', "no candidate has cost > 99."),
    "one id twice": ((*ROWS, ROWS[0]), "add = 1", "row 5: the candidate 'c2' stands in row 2 too"),
    "no such field": (ROWS, 'add = 1\ncolumns = { rent = "cost" }', "'rent' is not a field of a"),
}


@pytest.mark.parametrize("fault", CANNOT)
def test_what_cannot_be_asked_is_one_message(tmp_path, fault):
    rows, more, message = CANNOT[fault]
    with pytest.raises(InputDataError) as found:
        circle15.check(asked(tmp_path, rows, more))
    assert message in str(found.value)


def test_a_file_of_candidates_is_hashed_and_counted(tmp_path):
    """It is an input like others: of the record of what was read, and no place for results."""
    study = asked(tmp_path)
    outcome = circle15.check(study)
    assert (
        next(rows for file, rows in outcome.files.items() if file.endswith("candidates.csv")) == 3
    )
    with pytest.raises(InputDataError, match=r"candidates\.csv: is an input of the study"):
        circle15.propose_sites(study, out=tmp_path / "candidates.csv")
    assert (tmp_path / "candidates.csv").read_text("utf-8").count("\n") == 4
