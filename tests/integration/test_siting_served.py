"""Sites that serve within a capacity: candidates and sites of today together, people once."""

from __future__ import annotations

import csv

import pytest
from tests.builders.siting_study import write_candidates, write_grid

import circle15
from circle15.access.cohorts import Homes
from circle15.access.supply.of_study import access_by_category
from circle15.access.walks import Walks
from circle15.errors import StudyError
from circle15.workflow.reading import read_inputs, silent

ASKED = """
[capacity]
meal_point = { field = "meals_per_day", per_person = 0.5 }
[siting.new]
category = "meal_point"
objective = "served"
add = 1
candidates = "candidates.csv"
crs = "EPSG:4549"
"""
HEADING = "candidate_id,meals_per_day"
PROPOSED = """
[[facilities]]
file = "proposed.csv"
category_column = "category"
crs = "EPSG:4549"
covers = "extent"
"""


def asked(folder, rows, *, today=None, unsure=(), more=ASKED):
    """A study whose sites f1, f2 have room for so many meals; None: it is not stated."""
    study = write_grid(folder, homes=60, more=more)
    write_candidates(folder, rows, HEADING)
    if today is not None:
        with (folder / "sites.csv").open(encoding="utf-8", newline="") as file:
            sites = list(csv.DictReader(file))
        with (folder / "sites.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, [*sites[0], "meals_per_day"], lineterminator="\n")
            table.writeheader()
            for site, meals in zip(sites, today, strict=True):
                flag = "yes" if site["facility_id"] in unsure else ""
                row = {"meals_per_day": "" if meals is None else meals, "position_unsure": flag}
                table.writerow(site | row)
    return study


def in_a_run(study):
    """People by class, as a run of the study counts them."""
    inputs = read_inputs(circle15.load_study(study), silent)
    (one,) = access_by_category(inputs, Walks(inputs, Homes(inputs)))
    return one.served


def test_nobody_is_served_beyond_the_capacity(tmp_path):
    """Five meals a day are enough for ten people; the larger one has room for all in its circle."""
    rows = [(1000, 1510, "small", 5), (2000, 1510, "large", 5000)]
    small = asked(tmp_path, rows[:1])
    (site,) = circle15.propose_sites(small).entry["sites"]
    assert site["persons_served"] == 10
    assert site["persons_reached"] > 10
    found = circle15.propose_sites(asked(tmp_path, rows)).entry
    (site,) = found["sites"]
    assert (site["candidate_id"], found["counted"]) == ("large", "served")
    assert 10 < (site["persons_served"] or 0) <= site["persons_reached"]


def test_people_whom_a_full_site_turns_away_are_served_beside_it(tmp_path):
    """A candidate at the place of f1, which has no meals, reaches the people of f1 alone."""
    study = asked(tmp_path, [(560, 510, "beside", 5000)], today=(0, 0))
    turned_away = in_a_run(study).turned_away
    (site,) = circle15.propose_sites(study).entry["sites"]
    assert site["persons_newly"] < (site["persons_served"] or 0)
    assert turned_away > 0


@pytest.mark.parametrize(
    ("today", "unsure", "assign"),
    [
        ((40, 60), (), "nearest_first"),
        ((40, None), (), "nearest_first"),
        ((40, None), (), "least_walk"),
        ((None, None), (), "nearest_first"),
        ((40, 60), ("f2",), "nearest_first"),
    ],
)
def test_a_run_with_the_sites_serves_the_people_that_were_printed(tmp_path, today, unsure, assign):
    more = ASKED.replace("per_person = 0.5", f'per_person = 0.5, assign = "{assign}"')
    rows = [(560, 510, "beside", 50), (1500, 1510, "middle", 90), (2900, 2900, "corner", 70)]
    study = asked(
        tmp_path, rows, today=today, unsure=unsure, more=more.replace("add = 1", "add = 2")
    )
    before = in_a_run(study)
    found = circle15.propose_sites(study, out=tmp_path / "proposed.csv")
    study.write_text(study.read_text("utf-8") + PROPOSED, encoding="utf-8")
    after = in_a_run(study)
    curve = [round(point["persons"] * 10**6) for point in found.entry["curve"]]
    assert (curve[0], curve[-1]) == (before.served, after.served)
    assert found.answer.counted[0] == "served"
    settled = found.answer.settled
    assert found.answer.solution.value == after.served - settled
    assert before.unknown - after.unknown >= settled >= 0
    assert before.served < found.answer.solution.value <= found.answer.solution.bound


def test_a_candidate_without_a_capacity_is_left_out(tmp_path):
    found = circle15.propose_sites(asked(tmp_path, [(1000, 1510, "a", ""), (2000, 1510, "b", 3)]))
    assert [(one.code, one.row) for one in found.findings] == [("CANDIDATE_NO_CAPACITY", 2)]
    assert [site["candidate_id"] for site in found.entry["sites"]] == ["b"]


def test_candidates_that_all_lack_a_capacity_are_asked_for_it(tmp_path):
    study = asked(tmp_path, [(1000, 1510, "a", ""), (2000, 1510, "b", "")])
    with pytest.raises(StudyError, match="2 without a capacity") as error:
        circle15.propose_sites(study)
    assert error.value.mend.startswith("Give the candidates the column that [capacity] names")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (", per_person = 0.5", "", "siting.new.objective': is 'served', and [capacity] does not"),
        ("meal_point = {", "day_care = {", "Add meal_point with per_person under [capacity]."),
        ('candidates = "candidates.csv"\ncrs = "EPSG:4549"\n', "", "without 'candidates'"),
        ("add = 1", "add = 1\nmin_persons = 5", "min_persons': is given with the objective 'serv"),
        ("add = 1", "add = 1\nbackup = true", "backup': is given with the objective 'served'"),
    ],
)
def test_what_serving_asks_for_is_said(tmp_path, old, new, message):
    assert old in ASKED
    study = asked(tmp_path, [(1000, 1510, "a", 3)], more=ASKED.replace(old, new))
    with pytest.raises(StudyError) as found:
        circle15.load_study(study)
    assert message in str(found.value)
