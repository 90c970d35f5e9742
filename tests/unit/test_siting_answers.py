"""
Where new meal points should go, on one street, and what `circle15 site` prints.

A===h1========f1============h2=====x======h3==========================h4===B   y = 0, x 0 to 6000
    100       300           1800   1900   2000                        5000

At 1.0 m/s a circle of 15 min is 900 m: h1 is covered today; h2 and h3 are not, nor is h4.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import shapely
from tests.builders.siting_answers import NODES, answered, candidates, ground_of, lines
from tests.builders.small_inputs import CATEGORY, MICRO, in_subdistricts, inputs_of, streets
from tests.streets import EAST_M, NORTH_M

from circle15.errors import StudyError
from circle15.output.siting.files import candidates_csv, moved_csv, proposed_csv
from circle15.planning.candidates import along_streets
from circle15.study.settings.siting import Siting
from circle15.study.vocabulary import columns as c

HOMES = {"h1": (100, 0, 10), "h2": (1800, 0, 20), "h3": (2000, 0, 30), "h4": (5000, 0, 5)}
SITES = {"f1": (300.0, 0.0)}
HALL, FAR = ("x1", "Hall", 1900.0, 5.0), ("x2", "Far hall", 4900.0, 0.0)


@pytest.fixture
def inputs():
    return in_subdistricts(inputs_of(streets(NODES, "AB"), HOMES, SITES), ["S1", "S1", "S2", None])


def test_one_site_wins_the_people_in_its_circle(inputs):
    """x1 reaches h2 and h3, 105 m each, 50 people; h4 is in the circle of x2 alone."""
    found = answered(inputs, Siting(CATEGORY, add=1), HALL, FAR)
    (site,) = found.sites
    assert (site.facility_id, site.phase, site.newly, site.alone) == (
        "x1", 1, 50 * MICRO, 50 * MICRO,
    )  # fmt: skip
    assert site.mean_ms == 105_000
    assert (found.area.before.covered, found.area.after.covered) == (10 * MICRO, 60 * MICRO)
    assert (found.area.after.gap, found.area.beyond, found.area.not_chosen) == (
        5 * MICRO, 0, 5 * MICRO,
    )  # fmt: skip
    by_id = {one.zone_id: one for one in found.streets}
    assert (by_id["S1"].before.covered, by_id["S1"].after.covered) == (10 * MICRO, 30 * MICRO)
    assert (by_id["S2"].before.gap, by_id["S2"].after.gap) == (30 * MICRO, 0)


def test_what_is_printed_of_it(inputs):
    found = answered(inputs, Siting(CATEGORY, add=1), HALL, FAR)
    text = lines(found, inputs)
    assert text[1] == "Objective: most people newly covered"
    assert text[2] == "Limits: add: 1, time_limit_s: search of up to 60 s"
    assert text[3] == ("Candidates: 2 of candidates.csv; 2 of them would newly cover people")
    assert text[4] == "Today: 10 of 65 covered (15.4%), 55 in a gap, 0 unknown"
    assert text[6].startswith("1. ")
    assert "Hall" in text[6]
    assert "in no subdistrict: reaches 50, newly 50 (1.8 min on average)" in text[6]
    assert text[8] == "Covered people by number of sites: 0 → 10 (15.4%); 1 → 60 (92.3%)"
    assert text[9] == "After: 60 covered (92.3%), 5 in a gap, 0 unknown"
    assert text[10].startswith("Still in a gap: 5 have one that was not chosen, and need")
    assert text[-2].startswith("Found a plan that covers 60 people, not counting people whose")
    assert text[-1] == "No better plan exists within the limits."


def test_a_study_without_subdistricts_names_none(inputs):
    found = answered(inputs, Siting(CATEGORY, add=1), HALL, FAR)
    text = lines(replace(found, streets=()), inputs)
    (site,) = [line for line in text if line.startswith("1. ")]
    assert "subdistrict" not in site


def test_two_phases_are_headed(inputs):
    found = answered(inputs, Siting(CATEGORY, phases=(1, 1)), HALL, FAR)
    assert [(site.facility_id, site.phase) for site in found.sites] == [("x1", 1), ("x2", 2)]
    text = lines(found, inputs)
    assert text.index("Phase 1") < text.index("Phase 2")
    assert not any(line.startswith("Still in a gap") for line in text)


def test_costs_are_printed_and_kept(inputs):
    """A budget of 10 buys x1 for 7.5 and then not x2 for 3."""
    costs = [Decimal("7.5"), Decimal(3)]
    found = answered(inputs, Siting(CATEGORY, budget=Decimal(10)), HALL, FAR, cost=costs)
    assert [site.facility_id for site in found.sites] == ["x1"]
    assert any("cost 7.50" in line for line in lines(found, inputs))


def test_the_fewest_sites_for_all_people_who_can_be_covered(inputs):
    found = answered(inputs, Siting(CATEGORY, objective="everybody"), HALL, FAR)
    assert len(found.sites) == 2
    assert found.counted == ("sites", 1)
    assert any("Found a plan with 2 sites" in line for line in lines(found, inputs))


def test_the_least_total_walk(inputs):
    found = answered(inputs, Siting(CATEGORY, add=1, objective="minutes"), HALL, FAR)
    assert found.counted == ("minutes", MICRO * 60_000)
    assert [site.facility_id for site in found.sites] == ["x1"]
    text = lines(found, inputs)
    (saved,) = [line for line in text if line.startswith("   saves ")]
    number = saved.removeprefix("   saves ").removesuffix(" person-minutes of walking")
    curve = f"Person-minutes of walking saved, by number of sites: 0 → 0; 1 → {number}"
    assert curve in text


def test_a_share_that_no_plan_reaches_says_which_is_possible(inputs):
    """60 of 65 people are 92.3 %: 99 % cannot be had with x1 alone."""
    found = answered(inputs, Siting(CATEGORY, until_share=Decimal("0.99")), HALL)
    ((limit, asked, possible),) = found.unmet
    assert limit == "until_share"
    assert asked == pytest.approx(0.99)
    assert possible == pytest.approx(60 / 65)
    assert found.counted == ("people", MICRO)
    assert any(line.startswith("Not possible: until_share = 99") for line in lines(found, inputs))


def test_an_id_of_a_site_that_there_is_is_made_another(inputs):
    found = answered(inputs, Siting(CATEGORY, add=1), ("f1", "Hall", 1900.0, 5.0))
    assert [site.facility_id for site in found.sites] == ["f1-new"]


def test_points_along_the_streets(inputs):
    """Every 1,000 m of 6,000 m, from the middle of the first: six points."""
    table = along_streets(inputs.network, 1000.0)
    assert (table[c.X_M] - EAST_M).tolist() == [500, 1500, 2500, 3500, 4500, 5500]
    assert [own.rpartition("+")[2] for own in table[c.CANDIDATE_ID]] == [
        "500", "1500", "2500", "3500", "4500", "5500",
    ]  # fmt: skip
    assert along_streets(inputs.network, 7000.0).empty
    found = answered(inputs, Siting(CATEGORY, add=1, spacing_m=Decimal(1000)))
    assert found.sites[0].newly == 50 * MICRO
    assert "points every 1,000 m" in lines(found, inputs)[3].replace("1000", "1,000")


def test_why_others_are_no_candidates(inputs):
    """
    No position, on forbidden ground, 300 m off the street, beside the site of its name, at the
    place of another; and x1, which is one.
    """
    ground = ground_of(
        inputs,
        forbidden=shapely.box(EAST_M + 3000, NORTH_M - 50, EAST_M + 3100, NORTH_M + 50),
    )
    rows = (
        HALL,
        ("y1", "", None, None),
        ("y2", "Forbidden", 3050.0, 0.0),
        ("y3", "Off", 2500.0, 300.0),
        ("y4", "site f1", 310.0, 0.0),
        ("y5", "Same place", 1900.0, 5.0),
        ("y6", "hall", 1915.0, 5.0),
    )
    found = candidates(inputs, Siting(CATEGORY, add=1), *rows, ground=ground)
    assert found.table[c.CANDIDATE_ID].tolist() == ["x1"]
    assert dict(found.left_out) == {
        "NO_POSITION": 1,
        "CANDIDATE_FORBIDDEN": 1,
        "CANDIDATE_TOO_FAR": 1,
        "CANDIDATE_IS_SITE": 1,
        "CANDIDATE_REPEATED": 2,
    }
    assert {(one.code, one.severity, one.row) for one in found.findings} == {
        ("CANDIDATE_FORBIDDEN", "note", 4),
        ("CANDIDATE_TOO_FAR", "warning", 5),
        ("CANDIDATE_IS_SITE", "warning", 6),
        ("CANDIDATE_REPEATED", "warning", 7),
        ("CANDIDATE_REPEATED", "warning", 8),
    }
    moved = {key: (x - EAST_M, y - NORTH_M) for key, (x, y) in found.moved.items()}
    assert moved == {3: (2500, 0)}  # onto the street
    text = next(one for one in found.findings if one.code == "CANDIDATE_TOO_FAR")
    assert text.detail == {"id": "y3", "moved_m": "300"}


def test_a_budget_needs_costs_and_a_capacity_is_needed_where_asked(inputs):
    settings = Siting(CATEGORY, budget=Decimal(5))
    found = candidates(inputs, settings, HALL, FAR, cost=[Decimal(1), None])
    assert dict(found.left_out) == {"CANDIDATE_NO_COST": 1}
    needs = ground_of(inputs, needs="meals_per_day")
    found = candidates(inputs, Siting(CATEGORY, add=1), HALL, ground=needs)
    assert dict(found.left_out) == {"CANDIDATE_NO_CAPACITY": 1}


@pytest.mark.parametrize(
    ("add", "rows", "says"),
    [
        (
            1,
            [("y1", "", None, None)],
            r"has no candidate that can be used \(1 without a position\)",
        ),
        (2, [HALL, ("y1", "", None, None)], r"asks for 2 sites, and has 1 candidate "),
    ],
)
def test_too_few_candidates_are_refused_with_the_reasons(inputs, add, rows, says):
    with pytest.raises(StudyError, match=says) as error:
        answered(inputs, Siting(CATEGORY, add=add), *rows)
    assert error.value.column is not None
    assert error.value.column.startswith("siting.q")


def test_where_no_people_are_in_a_gap_it_is_said(inputs):
    near = in_subdistricts(inputs_of(streets(NODES, "AB"), {"h1": (100, 0, 10)}, SITES), [None])
    found = answered(near, Siting(CATEGORY, add=1), ("x9", "Hall", 500.0, 0.0))
    text = lines(found, near)
    assert "No people are in a gap: a new site would not cover more people." in text
    assert "No site is proposed." in text


def test_the_files_of_an_answer(inputs):
    """The sites as a list of facilities; all candidates with their order; those moved."""
    off = ("y3", "=Off", 2500.0, 300.0)
    found = answered(inputs, Siting(CATEGORY, add=1), HALL, off, places=[Decimal(40), None])
    head, *rows = proposed_csv(found, inputs.crs).removeprefix("\ufeff").splitlines()
    assert head == "facility_id,name,category,lon,lat,x_m,y_m,places"
    (row,) = [one.split(",") for one in rows]
    assert row[:3] == ["x1", "Hall", CATEGORY]
    assert row[5:] == ["501900.000", "3490005.000", "40"]
    head, *rows = candidates_csv(found, inputs.crs).removeprefix("\ufeff").splitlines()
    assert head.endswith("places,persons_reached,persons_newly,persons_unknown,order")
    assert [one.split(",")[-4:] for one in rows] == [["50", "50", "0", "1"]]
    moved = moved_csv(found, inputs.crs)
    assert moved is not None
    head, *rows = moved.removeprefix("\ufeff").splitlines()
    assert head.split(",")[-3:] == ["lon", "lat", "moved_m"]
    assert [one.split(",")[-1] for one in rows] == ["", "300"]
    assert "'=Off" in rows[1]  # no formula for a spreadsheet


def test_without_a_file_or_a_lost_candidate_no_file_is_moved(inputs):
    joined = answered(inputs, Siting(CATEGORY, add=1), HALL)
    assert moved_csv(joined, inputs.crs) is None
    along = answered(inputs, Siting(CATEGORY, add=1, spacing_m=Decimal(1000)))
    assert moved_csv(along, inputs.crs) is None
    assert along.question.candidates.moved_m == {}
