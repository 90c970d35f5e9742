"""The view of the scenarios: numbers as in the report, colours as the homes change."""

from __future__ import annotations

from typing import Any

import pytest
from tests.builders.map_pages import map_files, press
from tests.builders.map_use import CARD, open_small, point_at
from tests.builders.siting_study import write_grid
from tests.streets import write_points

from circle15.output.document.model import Section, Table
from circle15.output.map.html import build_map
from circle15.output.report.document import report_document
from circle15.results.drawn_places import find_places
from circle15.study.settings.reading import load_study
from circle15.workflow.pipeline import run_study

__all__ = ["map_files", "open_small"]  # fixtures

GAINED = {"en": "newly covered", "zh": "新覆盖"}
MOVED = """
[scenarios.closing]
close = ["f2"]
[scenarios.more]
homes = "new.csv"
add = "add.csv"
crs = "EPSG:4549"
"""


def printed(result, language):
    """Rows of the report: by category label, covered today, gain, lose, covered then."""
    sections = [one for one in report_document(result, language).blocks if isinstance(one, Section)]
    (section,) = [one for one in sections if one.key == "scenarios"]
    first, second, *_ = [one.rows for one in section.blocks if isinstance(one, Table)]
    rows: list[Any] = list(second)
    return first[0], {row[0]: list(row[1:5]) for row in rows}


def dock(page):
    return page.locator("#c15-dock-body tbody tr").first.locator("th, td").all_inner_texts()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_numbers_are_those_of_the_report(map_files, open_page, sample_result, language):
    page = open_page(map_files[language])
    press(page, "views", "scenarios")
    first, by_category = printed(sample_result, language)
    assert dock(page)[1:5] == list(first[1:5])
    compared = 0
    for button in page.locator("#c15-choices button").all():
        button.click()
        label = button.locator("bdi").inner_text()
        _, today, gain, lose, then = dock(page)
        if label in by_category:
            assert [today, gain, lose, then] == by_category[label]
            compared += 1
        legend = page.locator("#c15-key-changes").inner_text()
        assert f"{GAINED[language]}{': ' if language == 'en' else '：'}{gain}" in legend
    assert compared >= 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_coloured_places_hold_the_people_who_gain_and_lose(
    map_files, open_page, sample_result, language
):
    page = open_page(map_files[language])
    (outcome,) = sample_result.scenarios
    places = find_places(sample_result)
    assert places is not None
    compared = 0
    for shift in outcome.shifts:
        if shift.group != "p60" or not (shift.gained or shift.lost) or shift.category == "any":
            continue
        key = f"0:{shift.category}:{shift.cutoff_min}"
        at, change = page.evaluate(
            """key => ["changed:", "change:"].map(
                 name => Array.from(circle15.data.people.column(name + key)))""",
            key,
        )
        sums = [
            sum(places.people[k] for k, one in zip(at, change, strict=True) if one == code)
            for code in (0, 1)
        ]
        assert sums == pytest.approx([shift.gained / 1e6, shift.lost / 1e6])
        compared += 1
    assert compared > 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cell_and_a_site_say_what_changes(map_files, open_page, sample_result, language):
    page = open_page(map_files[language])
    press(page, "views", "scenarios")
    press(page, "choices", "home_care_station")
    at = page.evaluate(
        "() => Array.from(circle15.data.people.column('changed:0:home_care_station:15'))"
    )
    change = page.evaluate(
        "() => Array.from(circle15.data.people.column('change:0:home_care_station:15'))"
    )
    places = find_places(sample_result)
    assert places is not None
    k = at[change.index(0)]
    page.mouse.click(*point_at(page, places.lon[k], places.lat[k]))
    assert GAINED[language] in page.locator(CARD).inner_text()
    press(page, "lists", "changed_sites")
    rows = page.locator("#c15-dock-body tbody tr")
    assert rows.count() == 2
    rows.first.locator("button").first.click()
    assert "scenario_sites" in page.locator(CARD).inner_text()
    assert page.locator(".leaflet-c15-sites-pane path[aria-label*='S-034']").count() == 1


def test_scenarios_are_chosen_one_by_one(tmp_path, open_page):
    """Of two the first is shown at first; the second has a new home that its site covers."""
    study = write_grid(tmp_path, homes=60)
    write_points(tmp_path / "new.csv", "demand_id,p60", [(1500, 1600, "z", 70)])
    write_points(
        tmp_path / "add.csv", "facility_id,name,category", [(1500, 1500, "n", "new", "meal_point")]
    )
    study.write_text(study.read_text("utf-8") + MOVED, "utf-8")
    result = run_study(load_study(study))
    file = tmp_path / "map.html"
    file.write_text(build_map(result, "en"), encoding="utf-8")
    page = open_page(file)
    assert page.locator("#c15-scenarios").is_hidden()
    press(page, "views", "scenarios")
    (closing, more) = [
        next(one for one in outcome.shifts if one.category == "meal_point" and one.cutoff_min == 15)
        for outcome in result.scenarios
    ]
    legend = page.locator("#c15-key-changes")
    assert f"no longer covered: −{round(closing.lost / 1e6)}" in legend.inner_text()
    assert "closed site: 1" in page.locator("#c15-key-changed_sites").inner_text()
    press(page, "scenarios", "1")
    assert f"newly covered: +{round(more.gained / 1e6)}" in legend.inner_text()
    assert "new homes, covered: +70" in legend.inner_text()
    colour = page.evaluate("() => circle15.data.colours.changes.new_home")
    assert page.locator(f".leaflet-c15-sites-pane path[fill='{colour}']").count() == 1
    press(page, "scenarios", "0")
    assert page.locator(f".leaflet-c15-sites-pane path[fill='{colour}']").count() == 0


def test_without_scenarios_there_is_no_view(open_small):
    page = open_small()
    assert page.locator("#c15-views button[data-id=scenarios]").count() == 0
    assert page.locator("#c15-layer-changes").count() == 0
