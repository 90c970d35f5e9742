"""Worksheets on capacity for a result made by hand: one site with a bed for 2 of 3 people."""

from __future__ import annotations

from dataclasses import replace

from tests.builders.category_access import access_of
from tests.builders.report_result import make_result

from circle15.output.tables.supply_sheets import equity_sheet, if_closed_sheet, supply_sheet
from circle15.output.text.wording import Words

RESULT = make_result()
WITH_BEDS = replace(RESULT, access=access_of(RESULT.catchments, beds=True))
WORDS = Words("en", RESULT.study)


def row_of(sheet, place):
    return dict(zip([key for key, _ in sheet.columns], sheet.rows[place], strict=True))


def test_supply_of_the_area_and_of_a_subdistrict():
    sheet = supply_sheet(WITH_BEDS, WORDS)
    whole, zone = row_of(sheet, 0), row_of(sheet, 1)
    assert (whole["level"], whole["level_id"], whole["level_name"]) == ("Whole area", None, None)
    assert (zone["level"], zone["level_id"], zone["level_name"]) == ("Subdistrict", "S1", "S 1")
    assert (whole["without_site"], whole["one_site"], whole["more_sites"]) == (2, 2, 1)
    assert (whole["supply_unit"], whole["supply_per_person"]) == ("Beds", 0.2)
    assert [whole[key] for key in ("served", "turned_away", "gap", "unknown")] == [2, 1, 1, 1]
    assert whole["share_served"] == 0.4


def test_without_capacity_there_is_choice_alone():
    whole = row_of(supply_sheet(RESULT, WORDS), 0)
    assert (whole["persons"], whole["one_site"]) == (5, 2)
    assert {whole[key] for key in ("supply_unit", "supply_per_person", "served")} == {None}


def test_if_a_site_closes():
    site = row_of(if_closed_sheet(WITH_BEDS, WORDS), 0)
    assert site["catchment_persons"] == site["shared"] + site["lost"]
    assert (site["further"], site["further_mean_min"], site["further_most_min"]) == (1, 3, 3)
    assert (site["site_capacity"], site["room"], site["assigned"]) == (1, 2, 2)
    assert row_of(if_closed_sheet(RESULT, WORDS), 0)["site_capacity"] is None


def test_equity_of_minutes():
    """Three people walk 5 minutes and one 25: mean 10, the worst tenth 25."""
    minutes = row_of(equity_sheet(RESULT, WORDS), 0)
    assert (minutes["equity_of"], minutes["persons_known"]) == ("Minutes to the nearest site", 4)
    assert (minutes["equity_mean"], minutes["worst_tenth"], minutes["spread"]) == (10, 25, None)
    assert minutes["gini"] == 0.375
    assert minutes["lorenz_50"] == 0.25  # two of four people walk 10 of 40 minutes
