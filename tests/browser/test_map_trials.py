"""Sites tried on the map: placed, dragged, closed, saved; what is saved counts as the page does."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.browser.axe import grave_findings
from tests.builders.map_pages import SIZES, boxes, map_files, press
from tests.builders.map_use import CARD, open_small
from tests.builders.siting_study import write_grid
from tests.hostile_names import HOSTILE
from tests.odd_studies import named
from tests.streets import lon_lat

import circle15
from circle15.access.counting import Counts
from circle15.output.map.html import build_map
from circle15.output.text.numbers import count, moved, whole_people

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from circle15.results.records import StudyResult

__all__ = ["map_files", "open_small"]  # fixtures

STATION = "home_care_station"
MARK = ".c15-tried"
WEST, SOUTH_WEST, EAST, SOUTH_EAST = (
    (120.2679, 31.5806), (120.27194, 31.55095), (120.33488, 31.57752), (120.31987, 31.54567)
)  # fmt: skip
"""Places in gaps of the sample."""
MIDDLE = (120.30, 31.58)
OUTSIDE = (120.33, 31.612)
SAID = ".c15-try-said"
NO_STORAGE = """Object.defineProperty(window, 'localStorage', {
    get() { throw new DOMException('denied', 'SecurityError'); } });"""


def start(page: Page, category: str = STATION) -> None:
    """Open the tool for a service, and wait for the streets."""
    press(page, "views", "try")
    press(page, "choices", category)
    page.locator("#c15-try-place:enabled").wait_for()


def at(page: Page, spot: tuple[float, float]) -> tuple[float, float]:
    """Return the point of the window at a longitude and latitude."""
    left, top, _, _ = boxes(page, "#map_circle15")[0]
    x, y = page.evaluate(
        "([lon, lat]) => { const at = map_circle15.latLngToContainerPoint([lat, lon]);"
        " return [at.x, at.y]; }",
        list(spot),
    )
    return left + x, top + y


def place(page: Page, spot: tuple[float, float]) -> None:
    page.mouse.click(*at(page, spot))


def middle(page: Page, number: int) -> tuple[float, float]:
    left, top, far, low = boxes(page, f"{MARK}[data-number='{number}']")[0]
    return (left + far) / 2, (top + low) / 2


def drag(page: Page, number: int, spot: tuple[float, float]) -> None:
    page.mouse.move(*middle(page, number))
    page.mouse.down()
    page.mouse.move(*at(page, spot), steps=8)
    page.wait_for_timeout(60)


def close(page: Page, site: str) -> None:
    """Close a site of the shown service, or open it again, by its card."""
    page.evaluate(
        """id => {
          const {data, stage} = circle15;
          const {choice} = stage.state;
          const shown = data.facilities.filter(one => one.category === choice && one.at);
          const marks = document.querySelectorAll('.leaflet-c15-sites-pane [role=button]');
          marks[shown.findIndex(one => one.id === id)].dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
        }""",
        site,
    )
    page.locator(f"{CARD} .c15-act").first.click()


def figures(page: Page) -> dict[str, Any]:
    """Return what the panel says: today and then by state, newly covered, no longer covered."""
    rows = page.locator(".c15-tried-figures tbody tr")
    states = [rows.nth(k).locator("td").all_inner_texts() for k in range(3)]
    moves = page.locator("#c15-figures .c15-moved b").all_inner_texts()
    today, then = ([own[k] for own in states] for k in (0, 1))
    return {"today": today, "then": then, "gained": moves[0], "lost": moves[1]}


def zones(page: Page, level: str) -> dict[str, list[str]]:
    """Return the rows of the table of zones by id: newly covered, no longer, gap, unknown, rank."""
    press(page, "lists", f"tried_{level}")
    found: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('#c15-dock-body tr[data-key]')]
            .map(row => [row.dataset.key,
                [...row.querySelectorAll('td')].map(e => e.innerText)]))"""
    )
    return found


def save(page: Page, folder: Path) -> str:
    """Save the files into a folder and add the lines to its study; return the scenario's name."""
    page.click("#c15-try-save")
    for button in page.locator(".c15-save .c15-tools button").all():
        with page.expect_download() as download:
            button.click()
        download.value.save_as(folder / download.value.suggested_filename)
    lines, command = page.locator(".c15-save pre").all_inner_texts()
    page.locator(".c15-save > button").click()
    study = folder / "study.toml"
    study.write_text(f"{study.read_text('utf-8')}\n{lines}\n", "utf-8")
    return command.split()[-1]


def counted(result: StudyResult, category: str, minutes: int) -> list[str]:
    """Return the people of a run by state, as printed."""
    group, speed = result.study.demand.group, result.study.walk.speed_m_s
    (row,) = [
        one
        for one in result.coverage_rows
        if (one.category, one.cutoff_min, one.group) == (category, minutes, group)
        and one.speed_m_s == speed
    ]
    return [count(persons) for persons in whole_people(row.counts)]


def zone_counts(result: StudyResult, level: str, category: str, minutes: int) -> dict[str, Counts]:
    return {
        one.zone_id: one.counts
        for one in result.zone_rows
        if (one.level, one.category, one.cutoff_min) == (level, category, minutes)
        and one.group == result.study.demand.group
        and one.speed_m_s == result.study.walk.speed_m_s
    }


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
