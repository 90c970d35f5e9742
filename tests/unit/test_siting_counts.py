"""What siting counts with `backup`, a floor and `minutes`: in the answer, and in a run."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.builders.siting_answers import answered, inputs_in_subdistricts, lines
from tests.builders.small_inputs import CATEGORY, MICRO, walks_of

from circle15.access.supply.of_study import access_by_category
from circle15.results.summary.siting import siting_entry
from circle15.study.settings.siting import Siting

HOMES = {"h1": (100, 0, 10), "h2": (2000, 0, 20), "u": (4000, 0, 5)}
BACKUP = Siting(CATEGORY, add=3, backup=True)


def inputs_of(sites, *, unsure=(), zones=("S1", "S1", "S2")):
    """At 1.0 m/s a circle of 15 min is 900 m."""
    return inputs_in_subdistricts(
        HOMES,
        {own: (x, 0.0) for own, x in sites.items()},
        zones,
        position_unsure=[own in unsure for own in sites],
    )


def with_two_sites(inputs):
    (one,) = access_by_category(inputs, walks_of(inputs))
    return one.everybody.choice.more


def test_a_second_site_is_counted_as_a_run_counts_it():
    """f1 covers h1, whom x1 gives a second site; x2 and x3 are two for h2; two reach u, unknown."""
    sites = {"f1": 300.0, "f2": 4500.0}
    inputs = inputs_of(sites, unsure=["f2"])
    rows = [("x1", "x1", 600.0, 0.0), ("x2", "x2", 2100.0, 0.0), ("x3", "x3", 2200.0, 0.0),
            ("x4", "x4", 4100.0, 0.0), ("x5", "x5", 4200.0, 0.0)]  # fmt: skip
    found = answered(inputs, BACKUP, *rows)
    assert [site.facility_id for site in found.sites] == ["x1", "x2", "x3"]
    assert [site.newly // MICRO for site in found.sites] == [10, 0, 20]
    new = {site.facility_id: rows[site.candidate][2] for site in found.sites}
    after = inputs_of(dict(sorted((sites | new).items())), unsure=["f2"])
    assert [point.people for point in found.curve][::3] == [
        with_two_sites(inputs),
        with_two_sites(after),
    ]
    assert [point.covered // MICRO for point in found.curve] == [10, 10, 30, 30]
    assert (found.solution.value, found.settled) == (30 * MICRO, 0)


def test_people_of_unknown_state_may_get_a_second_site_and_are_not_won():
    """x1 and x2 cover h2 (20 people) and u (5), of whom it is unknown whether f2 covers them."""
    inputs = inputs_in_subdistricts(
        {"h2": (2000, 0, 20), "u": (2100, 0, 5)},
        {"f2": (2950.0, 0.0)},
        ["S1", "S2"],
        position_unsure=[True],
    )
    asked = Siting(CATEGORY, add=2, backup=True)
    rows = [("x1", "x1", 1950.0, 0.0), ("x2", "x2", 1960.0, 0.0)]
    found = answered(inputs, asked, *rows)
    assert [point.people // MICRO for point in found.curve] == [0, 0, 25]
    assert (found.solution.value, found.settled) == (20 * MICRO, 5 * MICRO)
    text = lines(found, inputs)
    assert any(line.startswith("Of the 25 people with a second site, 5 are") for line in text)


def test_the_words_of_backup_speak_of_second_sites():
    inputs = inputs_of({"f1": 300.0})
    found = answered(inputs, Siting(CATEGORY, add=1, backup=True), ("x1", "x1", 600.0, 0.0))
    text = lines(found, inputs)
    assert (
        "1. x1 – in no subdistrict: reaches 10, gives 10 of them a second site (8.3 min on average)"
        in text
    )
    says = "People with a second site within the circle, by number of new sites: "
    assert f"{says}0 → 0 (0.0%); 1 → 10 (28.6%)" in text
    assert not any("newly" in line for line in text)
    assert any(
        line.startswith("With the plan 10 people have a second site, those of") for line in text
    )


def test_subdistricts_that_stay_below_the_floor_are_listed_with_the_people_they_lack():
    """80 % of 30 people in S1 are 24, 10 are covered today; of 5 in S2 4 are, none is covered."""
    inputs = inputs_of({"f1": 300.0})
    asked = Siting(CATEGORY, add=1, street_floor=Decimal("0.8"))
    row = ("x1", "x1", 2100.0, 0.0)
    found = answered(inputs, asked, row)
    assert (found.area.short_before, found.area.short) == (18 * MICRO, 4 * MICRO)
    assert [(one.short_before, one.short) for one in found.streets] == [
        (14 * MICRO, 0),
        (4 * MICRO, 4 * MICRO),
    ]
    text = lines(found, inputs)
    at = text.index(
        "Below the floor of 80.0%: subdistricts lack 4 covered people in all (today 18)"
    )
    assert text[at + 1].endswith(": lacks 4 (today 4)")
    streets = siting_entry(found, inputs.study, inputs.crs)["streets"]
    assert [one["floor_short"] for one in streets] == [0, 4]
    met = answered(inputs, Siting(CATEGORY, add=2, street_floor=Decimal("0.8")), row,
                   ("x2", "x2", 4100.0, 0.0))  # fmt: skip
    assert "Each subdistrict reaches the floor of 80.0%." in lines(met, inputs)
    assert answered(inputs, Siting(CATEGORY, add=1), row).area.short is None


@pytest.mark.parametrize("objective", ["people", "minutes"])
def test_walking_saved_is_stated_where_times_beyond_the_circle_are_known(objective):
    """h2 walks 1700 m to f1, and 100 m to x1, so 20 people save 1600 s each; u 900 s less too."""
    inputs = inputs_of({"f1": 300.0}, zones=["S1"] * 3)
    found = answered(
        inputs, Siting(CATEGORY, add=1, objective=objective), ("x1", "x1", 2100.0, 0.0)
    )
    saved = siting_entry(found, inputs.study, inputs.crs)["sites"][0]["person_minutes_saved"]
    if objective == "people":
        assert saved is None
    else:
        # u walks 3700 m today, beyond an hour's 3600 m, so an hour; then 1900 m.
        assert saved == pytest.approx((20 * 1600 + 5 * 1700) / 60)


def test_an_aim_of_which_nothing_can_be_had_counts_people():
    """No candidate reaches anyone in a gap: the plan is none, and covers the 10 of today."""
    inputs = inputs_of({"f1": 300.0})
    found = answered(inputs, Siting(CATEGORY, until_share=Decimal("0.9")), ("x1", "x1", 200.0, 0.0))
    assert found.counted == ("people", MICRO)
    assert (found.solution.value, found.sites) == (10 * MICRO, [])
