"""Sites tried on the map: drafts, limits, damage, access for all, the printed sheet, odd names."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.browser.axe import grave_findings
from tests.builders.map_pages import SIZES, boxes, map_files, press
from tests.builders.map_use import CARD, open_small
from tests.builders.siting_study import write_grid
from tests.builders.tried_on_the_page import (
    EAST,
    MARK,
    MIDDLE,
    NO_STORAGE,
    SAID,
    SOUTH_WEST,
    STATION,
    WEST,
    close,
    counted,
    figures,
    place,
    save,
    start,
)
from tests.hostile_names import HOSTILE
from tests.odd_studies import named
from tests.streets import lon_lat

import circle15
from circle15.output.map.html import build_map

if TYPE_CHECKING:
    pass

__all__ = ["map_files", "open_small"]  # fixtures


def test_a_click_on_a_home_shows_its_way(open_page, map_files):
    page = open_page(map_files["en"])
    start(page)
    page.click("#c15-trials [data-id=way]")
    place(page, MIDDLE)
    assert re.search(r"With what is tried: \d+ min", page.locator(".c15-way").inner_text())
    assert page.locator(".leaflet-c15-own-pane path[d^=M]").count() >= 2
    assert page.locator(MARK).count() == 0


@pytest.mark.parametrize("storage", ["", NO_STORAGE], ids=["kept", "forbidden"])
def test_three_drafts_are_kept_where_the_browser_allows_it(open_page, map_files, storage):
    page = open_page(map_files["en"], before=storage)
    start(page)
    place(page, WEST)
    tried = figures(page)
    page.click(".c15-drafts summary")
    page.locator(".c15-draft input").first.fill("<b>Mill Lane</b>")
    page.click("#c15-try-keep1")
    code = page.locator(".c15-draft-code").first.inner_text()
    assert code in page.locator(".c15-try-words").inner_text()
    assert ("#try=" in page.url) == bool(storage)
    page.reload()
    page.evaluate("() => circle15.ready")
    start(page)
    page.click(".c15-drafts summary")
    assert page.locator(".c15-draft input").first.input_value() == "<b>Mill Lane</b>"
    page.click("#c15-try-open1")
    assert figures(page) == tried
    assert page.locator("#c15-try-open2").is_disabled()


def test_five_hundred_sites(open_page, map_files):
    """They come from a draft; the page counts them, and one of them can still be dragged."""
    page = open_page(map_files["zh"], before=NO_STORAGE)
    origin, half = page.evaluate(
        "() => [circle15.data.trials.origin, circle15.data.trials.degrees.half]"
    )
    assert len(origin) == 2
    wide, high = (2 * one - 2_000_000 for one in half)
    sites = [
        [
            k + 1,
            STATION,
            int(wide * (0.2 + 0.6 * (k % 25) / 25)),
            int(high * (0.2 + 0.6 * (k // 25) / 20)),
        ]
        for k in range(500)
    ]
    draft = {"name": "many", "code": "", "plan": json.dumps([sites, []])}
    page.evaluate(
        "text => { location.hash = '#try=' + encodeURIComponent(text); }", json.dumps([draft])
    )
    page.reload()
    page.evaluate("() => circle15.ready")
    start(page)
    page.click(".c15-drafts summary")
    page.click("#c15-try-open1")
    shown = page.locator(MARK).count()
    assert shown > 400
    everywhere = figures(page)
    assert everywhere["gained"].startswith("+")
    press(page, "lists", "tried_sites")
    assert page.locator("#c15-dock-body tbody tr").count() == shown
    page.click("#c15-try-reset")
    assert figures(page)["gained"] == "0"
    page.click("#c15-try-undo")
    assert figures(page) == everywhere


def test_a_damaged_block_or_other_numbers_are_said(map_files, open_page, tmp_path):
    text = map_files["en"].read_text("utf-8")
    damaged = tmp_path / "damaged.html"
    damaged.write_text(
        re.sub(r'(id="circle15-trials">).{40}', r"\1" + "A" * 40, text), encoding="utf-8"
    )
    page = open_page(damaged)
    press(page, "views", "try")
    press(page, "choices", STATION)
    page.locator(f"{SAID}:has-text('damaged')").wait_for()
    page = open_page(map_files["en"])
    page.evaluate("() => { circle15.data.trials.today.forEach(row => { row[2] += 1; }); }")
    press(page, "views", "try")
    press(page, "choices", STATION)
    page.locator(f"{SAID}:has-text('otherwise than in the run')").wait_for()
    assert page.locator("#c15-try-place").is_disabled()


def test_without_streets_there_is_no_such_view(open_small):
    page = open_small()
    assert page.locator("#c15-views [data-id=try]").count() == 0
    page.keyboard.press("n")
    assert page.locator(MARK).count() == 0


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tool_is_open_to_all(open_page, map_files, screenshots, language, size):
    page = open_page(map_files[language], *size)
    start(page)
    for spot in (WEST, SOUTH_WEST, EAST):
        place(page, spot)
    close(page, "S-031")
    page.click(".c15-drafts summary")
    assert grave_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    panel = boxes(page, ".c15-panel")[0]
    for part in ("#c15-trials", "#c15-keeping"):
        box = boxes(page, part)[0]
        assert all(box[0] <= one[0] and one[2] <= box[2] for one in boxes(page, f"{part} *"))
        assert box[2] <= panel[2]
    page.screenshot(path=screenshots / f"map_try_{language}_{size[0]}.png")
    page.locator(MARK).first.click()
    assert grave_findings(page) == []
    page.keyboard.press("Escape")
    page.click("#c15-try-save")
    assert grave_findings(page) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_shows_today_beside_then(open_page, map_files, screenshots, language):
    page = open_page(map_files[language])
    start(page)
    place(page, WEST)
    code = page.locator(".c15-try-words").inner_text().split()[-1]
    shown = page.evaluate("map_circle15.getZoom()")
    page.click("#c15-print")
    before, after = boxes(page, ".c15-before")[0], boxes(page, "#map_circle15")[0]
    assert before[2] == pytest.approx(after[0], abs=2)
    assert before[2] - before[0] == pytest.approx(after[2] - after[0], abs=3)
    assert page.locator(f".c15-before {MARK}").count() == 0
    assert page.locator(f"#map_circle15 {MARK}").count() == 1
    assert code in page.locator(".c15-after").inner_text()
    assert code in page.locator("#c15-plate").inner_text()
    assert grave_findings(page) == []
    page.pdf(
        path=screenshots / f"map_try_{language}.pdf",
        prefer_css_page_size=True, print_background=True,
    )  # fmt: skip
    page.click("#c15-print-close")
    assert page.locator(".c15-before").count() == 0
    assert page.evaluate("map_circle15.getZoom()") == shown
    assert figures(page)["gained"].startswith("+")


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_are_saved_and_read_as_they_are(open_page, tmp_path, name):
    """A study named so throughout: its site is closed, saved, and closed by the scenario."""
    study = replace(named(name), packs=()).write(tmp_path)
    result = circle15.run(study).result
    file = tmp_path / "map.html"
    file.write_text(build_map(result, "zh"), encoding="utf-8")
    page = open_page(file)
    press(page, "views", "try")
    category = result.categories[0]
    press(page, "choices", category)
    page.locator("#c15-try-place:enabled").wait_for()
    page.locator(".leaflet-c15-sites-pane [role=button]").first.focus()
    page.keyboard.press("Enter")
    page.locator(f"{CARD} .c15-act").first.click()
    press(page, "lists", "tried_sites")
    assert page.locator("#c15-dock-body tbody tr").count() == 1
    then = figures(page)["then"]
    tried = save(page, study.parent)
    after = circle15.run(study).scenario(tried).result
    assert then == counted(after, category, 15)
    closed = after.facilities[after.facilities["status"] == "closed"]
    assert len(closed) == 1


def test_points_are_coloured_too(open_page, tmp_path):
    """A study with few homes draws them as circles."""
    study = write_grid(tmp_path, homes=60)
    file = tmp_path / "map.html"
    file.write_text(build_map(circle15.run(study).result, "en"), encoding="utf-8")
    page = open_page(file)
    start(page, "meal_point")
    ((lon, lat),) = lon_lat([(1500, 1500)])
    page.evaluate("at => map_circle15.setView(at, 14, {animate: false})", [lat, lon])
    page.keyboard.press("n")
    gained = figures(page)["gained"]
    assert gained.startswith("+")
    name = save(page, tmp_path)
    assert (
        counted(circle15.run(study).scenario(name).result, "meal_point", 15)
        == figures(page)["then"]
    )
