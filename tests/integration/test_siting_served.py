"""Sites that serve within a capacity: candidates and sites of today together, people once."""

from __future__ import annotations

import csv

import pytest
from tests.builders.siting_study import write_candidates, write_grid

import circle15
from circle15.errors import StudyError

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


def asked(folder, rows, *, today=None, more=ASKED):
    """A study whose sites of today have room for so many meals; None: it is not stated."""
    study = write_grid(folder, homes=60, more=more)
    write_candidates(folder, rows, HEADING)
    if today is not None:
        with (folder / "sites.csv").open(encoding="utf-8", newline="") as file:
            sites = list(csv.DictReader(file))
        with (folder / "sites.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, [*sites[0], "meals_per_day"], lineterminator="\n")
            table.writeheader()
            table.writerows({**site, "meals_per_day": today} for site in sites)
    return study


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
    """
    A candidate at the place of f1 reaches the people of f1 alone.

    Where f1 has room for nobody they are served; where its room is not stated none of them counts.
    """
    rows = [(560, 510, "beside", 5000)]
    (site,) = circle15.propose_sites(asked(tmp_path, rows, today=0)).entry["sites"]
    assert (site["persons_served"] or 0) > site["persons_newly"]
    unknown = circle15.propose_sites(asked(tmp_path, rows)).answer
    served = sum(one.served for one in unknown.sites)
    assert served <= sum(one.newly for one in unknown.sites)


def test_a_candidate_without_a_capacity_is_left_out(tmp_path):
    found = circle15.propose_sites(asked(tmp_path, [(1000, 1510, "a", ""), (2000, 1510, "b", 3)]))
    assert [(one.code, one.row) for one in found.findings] == [("CANDIDATE_NO_CAPACITY", 2)]
    assert [site["candidate_id"] for site in found.entry["sites"]] == ["b"]


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
