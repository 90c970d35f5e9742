"""Sites tried on the map: placed, dragged, closed, saved; what is saved counts as the page does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.builders.map_pages import map_files, press
from tests.builders.map_use import CARD
from tests.builders.tried_on_the_page import (
    EAST,
    MARK,
    MIDDLE,
    OUTSIDE,
    SAID,
    SOUTH_EAST,
    SOUTH_WEST,
    STATION,
    WEST,
    at,
    close,
    counted,
    drag,
    figures,
    middle,
    place,
    save,
    start,
    zone_counts,
    zones,
)

import circle15
from circle15.output.text.numbers import count, moved, whole_people

if TYPE_CHECKING:
    from playwright.sync_api import Page


__all__ = ["map_files"]  # fixture


def test_what_is_saved_counts_as_the_page_does(open_page, map_files, sample_study, tmp_path):
    """Two services, closures, an undone edit: all figures and zones are those of the run."""
    folder = tmp_path / "study"
    shutil.copytree(sample_study.parent, folder)
    page = open_page(map_files["zh"])
    start(page)
    for spot in (WEST, SOUTH_WEST, EAST):
        place(page, spot)
    drag(page, 2, SOUTH_EAST)
    page.mouse.up()
    close(page, "S-031")
    close(page, "S-021")  # with its duplicate, which would count else
    assert "3" in page.locator(".c15-try-words").inner_text().split("·")[0]
    place(page, MIDDLE)
    page.click("#c15-try-undo")
    press(page, "choices", "meal_point")
    place(page, SOUTH_WEST)
    for category, site in (("day_care", "C-020"), ("care_home", "H-037")):  # unsure, not joined
        press(page, "choices", category)
        close(page, site)
    seen = {}
    asked = [(STATION, 15), (STATION, 5), ("meal_point", 10), ("day_care", 15), ("care_home", 15)]
    for category, minutes in asked:
        press(page, "choices", category)
        press(page, "cutoffs", str(minutes))
        seen[category, minutes] = figures(page), zones(page, "street"), zones(page, "community")
    name = save(page, folder)
    outcome = circle15.run(folder / "study.toml")
    scenario = outcome.scenario(name).result
    (change,) = [one for one in outcome.result.scenarios if one.changes.name == name]
    changed = 0
    for (category, minutes), (total, *by_zone) in seen.items():
        assert total["today"] == counted(outcome.result, category, minutes)
        assert total["then"] == counted(scenario, category, minutes)
        (shift,) = [
            one
            for one in change.shifts
            if (one.category, one.cutoff_min, one.group) == (category, minutes, "p60")
        ]
        assert [total["gained"], total["lost"]] == moved(shift, homes=False)[1:3]
        for level, rows in zip(("street", "community"), by_zone, strict=True):
            then = zone_counts(scenario, level, category, minutes)
            assert {key: row[2:4] for key, row in rows.items()} == {
                key: [count(persons) for persons in whole_people(counts)[1:]]
                for key, counts in then.items()
            }
            moves = {
                one.zone_id: moved(one.shift, homes=False)[1:3]
                for one in change.zones
                if (one.level, one.shift.category, one.shift.cutoff_min)
                == (level, category, minutes)
            }
            assert {key: row[:2] for key, row in rows.items()} == {
                key: moves.get(key, ["0", "0"]) for key in rows
            }
            changed += len(moves)
    assert changed > 10
    assert {"0"} < {seen[STATION, 15][0]["gained"], seen[STATION, 15][0]["lost"], "0"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_follow_a_dragged_site_and_undo_restores_them(open_page, map_files, language):
    page = open_page(map_files[language])
    start(page)
    nothing = figures(page)
    assert nothing["today"] == nothing["then"]
    assert page.locator("#c15-try-undo").is_disabled()
    place(page, WEST)
    first = figures(page)
    assert first != nothing
    drag(page, 1, SOUTH_WEST)
    dragged = figures(page)
    assert dragged not in (first, nothing)
    page.mouse.up()
    assert figures(page) == dragged
    page.click("#c15-try-undo")
    assert figures(page) == first
    page.keyboard.press("Control+z")
    assert figures(page) == nothing
    assert page.locator(MARK).count() == 0
    page.keyboard.press("Control+Shift+z")
    page.click("#c15-try-redo")
    assert figures(page) == dragged
    page.click("#c15-try-reset")
    assert figures(page) == nothing
    page.click("#c15-try-undo")
    assert figures(page) == dragged


def colours_of_homes(page: Page) -> set[str]:
    """Return the colours in the picture of homes that change."""
    found: list[str] = page.evaluate(
        """() => {
          const drawn = [...document.querySelectorAll('.leaflet-c15-people-pane canvas')].at(-1);
          const probe = document.createElement('canvas');
          [probe.width, probe.height] = [drawn.width, drawn.height];
          const brush = probe.getContext('2d', {willReadFrequently: true});
          brush.drawImage(drawn, 0, 0);
          const rgba = brush.getImageData(0, 0, probe.width, probe.height).data;
          const seen = new Set();
          for (let k = 0; k < rgba.length; k += 4) {
            const hex = [0, 1, 2].map(i => rgba[k + i].toString(16).padStart(2, '0')).join('');
            if (rgba[k + 3]) { seen.add('#' + hex); }
          }
          return [...seen];
        }"""
    )
    return set(found)


def test_homes_are_coloured_as_they_change(open_page, map_files):
    page = open_page(map_files["en"])
    colours = page.evaluate("() => circle15.data.colours.changes")
    start(page)
    assert colours_of_homes(page) == set()
    place(page, WEST)
    assert colours_of_homes(page) == {colours["gained"]}
    close(page, "S-031")
    assert colours_of_homes(page) == {colours["gained"], colours["lost"]}
    page.click("#c15-try-reset")
    assert colours_of_homes(page) == set()


def test_it_is_used_by_keys_alone(open_page, map_files):
    page = open_page(map_files["en"])
    start(page)
    page.keyboard.press("n")
    first = page.locator(SAID).inner_text()
    assert page.evaluate("document.activeElement.dataset.number") == "1"
    before = page.evaluate("document.activeElement.style.transform")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.style.transform") != before
    assert page.locator(SAID).inner_text() != first
    page.keyboard.press("Enter")
    assert "Tried site 1" in page.locator(CARD).inner_text()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.number") == "1"
    page.keyboard.press("Control+z")  # all steps in a row
    assert page.evaluate("document.querySelector('.c15-tried').style.transform") == before
    page.keyboard.press("Control+z")
    assert page.locator(MARK).count() == 0
    page.keyboard.press("Control+y")
    page.click("#c15-try-save")
    page.keyboard.press("n")  # not behind a dialog
    page.keyboard.press("Escape")
    assert page.locator(MARK).count() == 1
    page.locator(MARK).focus()
    page.keyboard.press("Delete")
    assert page.locator(MARK).count() == 0


def test_touch_places_and_drags(browser, map_files):
    context = browser.new_context(
        viewport={"width": 1024, "height": 768}, has_touch=True, offline=True
    )
    page = context.new_page()
    page.goto(map_files["zh"].as_uri())
    page.evaluate("() => circle15.ready")
    start(page)
    page.touchscreen.tap(*at(page, WEST))
    page.locator(MARK).wait_for()
    first = figures(page)
    x, y = middle(page, 1)
    client = context.new_cdp_session(page)
    for kind, step in (("touchStart", 0), *(("touchMove", 12 * k) for k in range(1, 9))):
        points = [{"x": x + step, "y": y + step / 3}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(20)
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(100)
    assert middle(page, 1) != (x, y)
    assert figures(page)["today"] == first["today"]
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_no_site_can_stand_it_says_why(open_page, map_files, language):
    page = open_page(map_files[language])
    start(page)
    place(page, OUTSIDE)
    assert "200" in page.locator(SAID).inner_text()
    assert page.locator(MARK).count() == 0
    place(page, EAST)
    kept = middle(page, 1), figures(page)
    drag(page, 1, OUTSIDE)
    assert "200" in page.locator(SAID).inner_text()
    assert page.locator(f"{MARK}.c15-lost").count() == 1
    page.mouse.up()
    assert page.locator(f"{MARK}.c15-lost").count() == 0
    assert figures(page) == kept[1]
    assert "200" in page.locator(SAID).inner_text()
    press(page, "choices", "all")
    assert page.locator("#c15-try-place").is_disabled()
    assert page.locator(MARK).count() == 0
    press(page, "choices", STATION)
    assert page.locator(MARK).count() == 1


@pytest.mark.parametrize("before", ["", "delete window.Worker;"], ids=["worker", "none"])
def test_the_best_place_gains_what_the_gain_map_says(open_page, map_files, before):
    """One press tries a site there; the gains follow what is tried, and end with the layer."""
    page = open_page(map_files["en"], before=before)
    start(page)
    page.click("#c15-try-gains")
    rows = page.locator("#c15-dock-body tr[data-key]")
    rows.first.wait_for()
    assert rows.count() == 10
    for k in range(2):
        best = rows.first.locator("td").last.inner_text()
        rows.first.locator("button").click()
        assert page.locator(MARK).count() == k + 1
        total = page.locator("#c15-figures .c15-moved b").first.inner_text()
        rows.filter(has_text=best).first.wait_for(state="detached")
        assert k or total == f"+{best}"
        rows.first.wait_for()
    assert page.locator("#c15-key-gains svg").count() == 4
    press(page, "cutoffs", "5")
    rows.first.wait_for()
    page.click("#c15-try-gains")
    assert page.locator(".c15-gains").count() == 0
    assert rows.count() > 10  # the zones again


def test_for_a_capacity_it_says_what_is_exact(open_page, map_files):
    page = open_page(map_files["en"])
    start(page, "meal_point")
    place(page, SOUTH_WEST)
    assert "Capacities are not counted" in page.locator("#c15-trials").inner_text()
    press(page, "choices", STATION)
    assert "Capacities are not counted" not in page.locator("#c15-trials").inner_text()


def test_a_card_closes_and_opens_sites(open_page, map_files):
    page = open_page(map_files["en"])
    start(page)
    nothing = figures(page)
    close(page, "S-031")
    assert figures(page)["lost"].startswith("−")
    close(page, "S-031")
    assert figures(page) == nothing


def test_rows_open_the_cards_of_what_is_tried(open_page, map_files):
    page = open_page(map_files["en"])
    start(page)
    nothing = figures(page)
    place(page, MIDDLE)
    press(page, "lists", "relieved")
    assert page.locator("#c15-dock-body tbody tr").count() > 0
    close(page, "S-031")
    press(page, "lists", "tried_sites")
    rows = page.locator("#c15-dock-body tbody tr")
    for kind in ("closed", "tried"):
        rows.filter(has_text=kind).locator("button").first.click()
        page.locator(f"{CARD} .c15-act").last.click()
    assert rows.count() == 0
    assert figures(page) == nothing
