"""Capacity left over by the people of a zone: exact in results, whole numbers on the sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from tests.builders.report_result import make_checks, make_facilities, make_study
from tests.builders.zone_pages import rows

from circle15.output.text.wording import Words
from circle15.output.zones.pages import zone_pages
from circle15.results.summary.schema import summary_schema
from circle15.results.summary.zone_entries import ResidentialZone
from circle15.results.summary.zones import dossier_entry
from circle15.zones.dossiers import capacity_left
from circle15.zones.records import ExpectedPeople, Reached, ZoneDossier, ZonePapers

STUDY = replace(make_study(), as_of=dt.date(2025, 12, 31))


def people(persons: str) -> ExpectedPeople:
    """So many people are expected: of households of one person, all of the judged group."""
    return ExpectedPeople(Fraction(persons), Fraction(1), Fraction(1), Fraction(1))


def dossier(persons: str | None, **stated: str) -> ZoneDossier:
    check = make_checks("")[0][0]
    check = replace(check, circle=(replace(check.circle[0], facility=0),))
    expected = None if persons is None else people(persons)
    capacities = {field: Decimal(number) for field, number in stated.items()}
    reached = Reached(
        check.circle[0],
        "T1",
        "Station",
        "stations.csv:2",
        capacities,
        capacity_left(capacities, expected),
        2_500_001,
    )
    missing = "" if expected else "household_size"
    return ZoneDossier(check, (check,), (reached,), expected, missing, ())


def entry_of(one: ZoneDossier) -> ResidentialZone:
    found = dossier_entry(one, make_facilities(""))
    zones = summary_schema()["properties"]["residential_zones"]
    jsonschema.validate([found], zones)
    return found


def printed(one: ZoneDossier) -> list[Any]:
    papers = ZonePapers(STUDY, None, [one], {"circle15": "0", "inputs": []})
    (page,) = zone_pages(papers, Words("en", STUDY))
    return [list(row[2:]) for row in rows(page, "capacity")]


def test_nothing_is_rounded_in_the_results():
    """11.63 people (a third of 34.89) come to 40 beds: 28.37 are left."""
    found = capacity_left({"beds": Decimal(40)}, people("1163/100"))
    assert found == {"beds": Fraction(2837, 100)}
    entry = entry_of(dossier("1163/100", beds="40", meals_per_day="10"))
    assert entry["expected_persons"] == 11.63
    (site,) = entry["sites"]
    assert site["capacity"] == {"beds": 40, "meals_per_day": 10}
    assert site["capacity_left"] == {"beds": 28.37, "meals_per_day": -1.63}
    assert site["nearest_persons"] == 2.500001
    assert (site["category"], site["facility_id"]) == ("home_care_station", "T1")


@pytest.mark.parametrize(
    ("persons", "shown", "left"),
    [("11.63", 12, 28), ("10.5", 11, 29), ("10.49", 10, 30), ("40", 40, 0), ("50.5", 51, -11)],
)
def test_on_the_sheet_people_and_what_is_left_make_what_is_stated(persons, shown, left):
    ((people_shown, left_shown, others),) = printed(dossier(persons, beds="40"))
    assert (people_shown, left_shown, others) == (shown, left, 3)
    assert people_shown + left_shown == 40


def test_what_is_not_known_leaves_nothing_to_say():
    unknown = dossier(None, beds="40")
    assert entry_of(unknown)["expected_persons"] is None
    assert entry_of(unknown)["sites"][0]["capacity_left"] == {}
    assert printed(unknown) == [[None, None, 3]]
    unstated = dossier("10.5")
    assert entry_of(unstated)["sites"][0]["capacity"] == {}
    assert printed(unstated) == [[11, None, 3]]


def test_a_zone_without_a_site_has_none():
    none = dossier("10")
    none = replace(none, reached=(Reached(none.reached[0].circle),))
    assert entry_of(none)["sites"] == []
