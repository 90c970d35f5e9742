"""The views on capacity and equity: who is covered but not served, full sites, how even it is."""

from __future__ import annotations

import re

import pytest
from tests.builders.map_pages import boxes, map_files, press
from tests.builders.map_use import CARD, choose, point_at

from circle15.output.tables.supply_sheets import equity_sheet
from circle15.output.text.numbers import decimals, rounded
from circle15.output.text.wording import Words
from circle15.results.drawn_places import find_places
from circle15.results.gaps.gap_places import judged_areas
from circle15.results.room import room_of_sites, served_homes
from circle15.results.summary.building import build_summary

__all__ = ["map_files"]  # a fixture

TEXTS = {
    "en": ("are served", "full sites", "all within 15 min are full. Covered, but not served."),
    "zh": ("人得到服务", "已满的设施", "都已满：已覆盖，未服务。"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_map_says_covered_but_not_served(map_files, open_page, sample_result, language):
    """The view opens with a service of known need; a cell whose people find no room says so."""
    served, full, note = TEXTS[language]
    page = open_page(map_files[language])
    press(page, "views", "unserved")
    chosen = page.locator("#c15-choices [aria-checked=true]").get_attribute("data-id")
    (counts,) = [one.served for one in sample_result.access if one.category == chosen]
    text = page.locator(".c15-served").inner_text()
    numbers = [int(one.replace(",", "")) for one in re.findall(r"[\d,]*\d{3}", text)]
    assert served in text
    assert numbers == [round(counts.served / 1e6), round(counts.turned_away / 1e6)]
    rows = sample_result.facilities["category"].tolist()
    sites = [one for row, one in room_of_sites(sample_result).items() if rows[row] == chosen]
    n_full = sum(site.full for site in sites)
    assert re.search(rf"{full}\D*{n_full}", page.locator("#c15-key-sites").inner_text())

    places = find_places(sample_result)
    assert places is not None
    away = served_homes(sample_result)[chosen].turned_away[places.row[places.first]]
    k = int(away.argmax())
    page.uncheck("#c15-layer-full_gaps")  # the areas lie over the cells
    page.mouse.click(*point_at(page, places.lon[k], places.lat[k]))
    assert note in page.locator(CARD).inner_text()


def test_a_row_of_the_table_opens_the_card_of_an_area_of_full_sites(
    map_files, open_page, sample_result
):
    page = open_page(map_files["en"])
    press(page, "views", "unserved")
    (found,) = [one for one in judged_areas(sample_result) if one.full]
    page.locator(".c15-table tbody tr").first.click()
    text = page.locator(CARD).inner_text()
    persons = f"{rounded(found.areas.areas[0].homes.people / 1e6):,}"
    assert f"Area 1: {persons} people covered but not served" in text
    assert f"gap_areas › area_id = {found.category}-full-1" in text


def test_a_zone_and_a_site_say_how_many_are_served(map_files, open_page, sample_result):
    page = open_page(map_files["en"])
    (access,) = [one for one in sample_result.access if one.category == "meal_point"]
    zone = next(one for one in access.zones if one.level == "street" and one.served.turned_away)
    site = next(one for one in access.supplied.sites if one.full)
    press(page, "choices", "meal_point")
    text = choose(page, zone.name).inner_text()
    assert f"Covered but not served\t{rounded(zone.served.turned_away / 1e6):,}" in text
    text = choose(page, sample_result.facilities["facility_id"][site.facility]).inner_text()
    assert f"Served\t{site.assigned // 10**6:,} · full" in text


def equity_line(result, words, measure):
    """The line of meal sites in the worksheet on equity, by column."""
    sheet = equity_sheet(result, words)
    named = words.say(f"workbook.equity_{measure}")
    (row,) = [row for row in sheet.rows if row[1] == "meal_point" and named in row]
    return dict(zip([name for name, _ in sheet.columns], row, strict=True))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_equity_is_that_of_the_summary_and_the_workbook(
    map_files, open_page, sample_result, language
):
    """Measures in the panel, zones in a table, both of a service with [capacity]; and printed."""
    page = open_page(map_files[language])
    press(page, "choices", "all")
    press(page, "cutoffs", 5)
    press(page, "views", "equity")
    chosen = page.locator("#c15-choices [aria-checked=true]").get_attribute("data-id")
    assert chosen == sample_result.access[0].category  # several services together have no equity
    assert not page.locator("#c15-cutoffs").is_visible()
    press(page, "choices", "meal_point")
    summary, words = build_summary(sample_result), Words(language, sample_result.study)
    zones = {
        zone["name"]: zone
        for zone in summary["supply_zones"]
        if (zone["category"], zone["level"]) == ("meal_point", "street")
    }
    body = page.locator("#c15-dock-body")
    shown: list[str] = []
    for measure, per, digits in (("minutes", 1, 1), ("supply", 100, 2)):
        press(page, "measures", measure)
        press(page, "lists", "equity_street")
        (found,) = [
            one
            for one in summary["equity"]
            if (one["category"], one["measure"]) == ("meal_point", measure)
        ]
        line = equity_line(sample_result, words, measure)
        assert line["equity_mean"] == found["mean"]
        assert line["worst_tenth"] == found["worst_tenth"]
        shown = page.locator(".c15-evenness dd").all_inner_texts()
        values = (line["equity_mean"], line["worst_tenth"], line["spread"])
        assert shown[1:4] == [decimals(per * value, digits) for value in values]
        assert shown[4:6] == [decimals(line["gini"], 3), decimals(line["palma"], 2)]
        if measure == "supply":
            assert line["decile_ratio"] is None
            assert shown[6] == words.say("supply.undefined_tenth")
        assert body.evaluate("e => e.scrollWidth <= e.clientWidth")
        cells = [row.locator("th, td").all_inner_texts() for row in body.locator("tbody tr").all()]
        assert {one[0] for one in cells} == set(zones)
        for name, persons, value, last in cells:
            zone = zones[name]
            assert persons == f"{rounded(zone['persons']):,}"
            own, people = (zone["mean_min"], zone["worst_tenth"])
            if measure == "supply":
                own, people = (zone["supply_per_person"], zone["turned_away"])
            assert own is not None
            assert people is not None
            assert value == decimals(per * own, digits)
            assert abs(int(last.replace(",", "")) - people) <= 1
    body.locator("tbody tr button").first.focus()
    page.keyboard.press("Enter")
    assert words.say("map.column_worst") in page.locator(CARD).inner_text()
    page.click("#c15-print")
    fields, plate = boxes(page, ".c15-signing")[0], boxes(page, "#c15-plate")[0]
    assert fields[3] <= plate[3] + 1
    assert shown[4] in page.locator("#c15-plate").inner_text()
