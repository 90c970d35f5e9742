"""Cards, areas of one facility, keys and hostile names, in a browser with the network off."""

# ruff: noqa: F811 - a fixture that is imported is an argument of tests

from __future__ import annotations

import re

import pytest
from tests.builders.map_pages import boxes, map_files, press
from tests.builders.map_use import (
    CARD,
    FOCUS,
    OPTIONS,
    choose,
    open_small,  # noqa: F401 - a fixture
    opened_site,
    search,
)
from tests.builders.small_map import small_result, small_study
from tests.hostile_names import HOSTILE

from circle15.output.text.numbers import rounded
from circle15.study.vocabulary import columns as c

__all__ = ["map_files"]  # a fixture

OWN = ".leaflet-c15-own-pane path"


# --- areas and cards of a facility


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_facility_shows_its_own_areas(
    map_files, open_page, sample_result, screenshots, language, width, height
):
    page = open_page(map_files[language], width, height)
    site, _ = opened_site(sample_result)
    before = page.locator(".leaflet-c15-served-pane").evaluate("e => getComputedStyle(e).opacity")
    choose(page, site[c.FACILITY_ID])
    # An outline and its casing for every cutoff, and a ring around the site.
    assert page.locator(OWN).count() == 7
    faded = page.locator(".leaflet-c15-served-pane").evaluate("e => getComputedStyle(e).opacity")
    assert float(faded) < float(before)
    legend = page.locator("#c15-key-own")
    assert site[c.NAME] in legend.inner_text()
    assert legend.locator("svg").count() == 3
    page.screenshot(path=screenshots / f"map_own_areas_{language}_{width}.png")
    window, inside = boxes(page, "#map_circle15")[0], boxes(page, OWN)
    for left, top, right, bottom in [*inside, *boxes(page, ".leaflet-popup")]:
        assert left >= window[0] - 1
        assert top >= window[1] - 1
        assert right <= window[2] + 1
        assert bottom <= window[3] + 1
    page.keyboard.press("Escape")
    assert page.locator(OWN).count() == 0
    assert legend.inner_text() == ""


def test_the_areas_of_a_facility_are_printed(map_files, open_page, sample_result, screenshots):
    page = open_page(map_files["zh"])
    site, _ = opened_site(sample_result)
    choose(page, site[c.FACILITY_ID])
    page.click("#c15-print")
    assert page.locator(CARD).count() == 0
    assert page.locator(OWN).count() == 7
    assert site[c.NAME] in page.locator("#c15-plate").inner_text()
    page.screenshot(path=screenshots / "map_own_areas_sheet_zh.png")
    # Its legend takes room from the stamp, not from the fields below.
    fields, plate = boxes(page, ".c15-signing label"), boxes(page, "#c15-plate")[0]
    assert len(fields) == 2
    assert fields[-1][3] <= plate[3] + 1
    stamp = boxes(page, ".c15-stamp")[0]
    assert stamp[3] - stamp[1] >= 30
    page.click("#c15-print-close")
    assert page.locator(OWN).count() == 0
    assert page.locator("#c15-key-own").inner_text() == ""


def test_a_card_names_the_people_of_the_run_and_its_source(map_files, open_page, sample_result):
    page = open_page(map_files["en"])
    site, within = opened_site(sample_result)
    card = choose(page, site[c.FACILITY_ID])
    text = card.inner_text()
    assert within == sorted(within)
    for minutes, people in zip(sample_result.study.walk.cutoffs_min, within, strict=True):
        assert re.search(rf"within {minutes} min\s+{people:,}\b", text)
    assert f"{site['file']}:{site['row']}" in text
    assert f"results.gpkg › facilities › facility_id = {site[c.FACILITY_ID]}" in text
    assert re.search(r"Capacity\s+unknown", text)


def test_capacity_is_said_where_it_is_known(map_files, open_page, sample_result):
    page = open_page(map_files["en"])
    table = sample_result.facilities
    home = table[(table[c.CATEGORY] == "care_home") & table["beds"].notna()].iloc[0]
    text = choose(page, home[c.FACILITY_ID]).inner_text()
    assert re.search(rf"Beds\s+{int(home['beds']):,}", text)


def test_a_site_that_is_not_open_has_no_area_and_says_so(map_files, open_page, sample_result):
    page = open_page(map_files["zh"])
    table = sample_result.facilities
    planned = table[~table[c.OPEN] & table[c.X_M].notna()].iloc[0]
    card = choose(page, planned[c.FACILITY_ID])
    assert "不计人数" in card.inner_text()
    assert page.locator(OWN).count() == 0
    assert not page.locator("#map_circle15").evaluate("e => e.classList.contains('c15-faded')")


def test_holes_of_an_area_are_drawn_as_holes(map_files, open_page, sample_result):
    result = sample_result
    with_hole = next(
        row
        for row, place in result.site_areas.place.items()
        if any(part.interiors for part in result.site_areas.areas[place][-1].geoms)
    )
    page = open_page(map_files["zh"])
    site = result.facilities.iloc[with_hole]
    choose(page, site[c.FACILITY_ID])
    outer = page.locator(OWN).first
    assert outer.get_attribute("d").count("z") >= 2
    assert outer.get_attribute("fill-rule") == "evenodd"


# --- hover, click, close


def test_hover_shows_a_short_card_and_a_click_pins_the_whole_one(map_files, open_page, screenshots):
    page = open_page(map_files["zh"])
    left, top, right, bottom = boxes(page, ".leaflet-c15-sites-pane path")[40]
    middle = (left + right) / 2, (top + bottom) / 2
    page.mouse.move(*middle)
    tip = page.locator(".leaflet-tooltip .c15-card")
    tip.wait_for()
    assert "15 分钟内的人" in tip.inner_text()
    assert page.locator(OWN).count() == 0
    page.screenshot(path=screenshots / "map_hover_site_zh_1440.png")
    page.mouse.click(*middle)
    page.locator(CARD).wait_for()
    assert tip.count() == 0
    assert page.locator(OWN).count() == 7
    page.mouse.move(700, 500)
    assert page.locator(CARD).is_visible()
    page.locator(".leaflet-popup-close-button").click()
    assert page.locator(CARD).count() == 0
    assert page.locator(OWN).count() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_community_and_a_zone_pin_their_cards(
    map_files, open_page, screenshots, sample_result, language
):
    page = open_page(map_files[language], 1024, 768)
    press(page, "views", "communities")
    left, top, right, bottom = boxes(page, ".leaflet-c15-areas-pane path")[40]
    page.mouse.click((left + right) / 2, (top + bottom) / 2)
    text = page.locator(CARD).inner_text()
    zone_id = text.split("results.gpkg › zones › zone_id = ")[1].split()[0]
    area = sample_result.area
    assert zone_id in set(area.communities[c.ZONE_ID])
    assert f"communities.geojson: code = {zone_id}" in text
    row = next(
        row
        for row in sample_result.zone_rows
        if (row.zone_id, row.category, row.cutoff_min) == (zone_id, "all", 15)
        and row.level == "community"
    )
    assert f"{rounded(row.counts.persons / c.MICRO):,}" in text
    page.screenshot(path=screenshots / f"map_pinned_community_{language}_1024.png")
    press(page, "views", "residential")
    assert page.locator(CARD).count() == 0
    left, top, right, bottom = boxes(page, ".leaflet-c15-zones-pane path")[3]
    page.mouse.click((left + right) / 2, (top + bottom) / 2)
    text = page.locator(CARD).inner_text()
    assert "results.gpkg › residential_zones › zone_id = " in text
    assert "zones.geojson:" in text
    page.screenshot(path=screenshots / f"map_pinned_zone_{language}_1024.png")


# --- keys


def test_groups_of_options_are_radio_groups(map_files, open_page):
    page = open_page(map_files["en"])
    for group in ("views", "choices", "cutoffs"):
        box = page.locator(f"#c15-{group}")
        assert box.get_attribute("role") == "radiogroup"
        assert box.get_attribute("aria-label")
        assert box.locator('[role=radio][tabindex="0"]').count() == 1
        assert box.locator('[role=radio][aria-checked="true"]').count() == 1
    page.focus('#c15-cutoffs [aria-checked="true"]')
    seen = []
    for key in ("ArrowRight", "ArrowLeft", "Home", "End", "ArrowUp"):
        page.keyboard.press(key)
        chosen = page.locator('#c15-cutoffs [aria-checked="true"]')
        assert chosen.evaluate("e => e === document.activeElement && e.tabIndex === 0")
        seen.append(chosen.get_attribute("data-id"))
    assert seen == ["5", "15", "5", "15", "10"]
    assert "10 min" in page.locator("#c15-legend-title").inner_text()


def test_tab_goes_through_everything_in_its_order(map_files, open_page):
    page = open_page(map_files["en"], 1024, 768)
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("""() => {
            const e = document.activeElement;
            if (e === document.body) return "end";
            const pane = e.closest(".leaflet-pane[class*=c15-]");
            if (pane) return pane.className.match(/c15-(\\w+)-pane/)[1];
            return e.id || (e.closest("[role=radiogroup]") || {}).id || e.className.split(" ")[0];
        }""")
        )
        if stops[-1] == "end":
            break
    order = ["c15-views", "c15-choices", "c15-cutoffs", "c15-search", "c15-keys-button"]
    places = [stops.index(one) for one in order]
    assert places == sorted(places)
    # The map comes after the panel and the search; each kind of shape is one stop.
    assert stops.index("map_circle15") > places[-1]
    assert stops.count("sites") == 1


def test_every_stop_shows_that_it_has_the_focus(map_files, open_page, screenshots):
    page = open_page(map_files["zh"], 1024, 768)
    for _ in range(40):
        page.keyboard.press("Tab")
        look = page.evaluate("""() => {
            const e = document.activeElement, s = getComputedStyle(e);
            if (e === document.body) return null;
            return [e.outerHTML.slice(0, 80), s.outlineStyle, parseFloat(s.outlineWidth), s.stroke];
        }""")
        if look is None:
            break
        _, style, width, stroke = look
        assert (style != "none" and width >= 2) or stroke == "rgb(245, 163, 0)", look


def test_arrows_move_the_map_and_signs_zoom(map_files, open_page):
    page = open_page(map_files["zh"])
    middle = """(() => {
        const map = circle15.stage.map, at = map.getCenter();
        return [at.lng, at.lat, map.getZoom()];
    })()"""
    page.focus("#map_circle15")
    zoom = page.evaluate(middle)[2]
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1)):
        before = page.evaluate(middle)
        page.keyboard.press(key)
        page.wait_for_timeout(500)
        assert sign * (page.evaluate(middle)[axis] - before[axis]) > 0
    page.keyboard.press("+")
    page.wait_for_timeout(500)
    assert page.evaluate(middle)[2] > zoom
    nearer = page.evaluate(middle)[2]
    # From a facility too, and from the panel.
    page.focus(".leaflet-c15-sites-pane path")
    page.keyboard.press("-")
    page.wait_for_timeout(500)
    assert page.evaluate(middle)[2] < nearer


def test_arrows_go_from_facility_to_facility(map_files, open_page, screenshots):
    page = open_page(map_files["zh"])
    page.focus(".leaflet-c15-sites-pane path[tabindex='0']")
    place = f"(() => {{ const b = {FOCUS}.getBoundingClientRect(); return [b.x, b.y]; }})()"
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowDown", 1, 1), ("ArrowLeft", 0, -1)):
        before, name = page.evaluate(place), page.evaluate(f"{FOCUS}.getAttribute('aria-label')")
        page.keyboard.press(key)
        assert page.evaluate(f"{FOCUS}.getAttribute('aria-label')") != name
        after = page.evaluate(place)
        assert sign * (after[axis] - before[axis]) > 0
        assert page.locator(".leaflet-c15-sites-pane path[tabindex='0']").count() == 1
    page.screenshot(path=screenshots / "map_focus_site_zh_1440.png")
    page.keyboard.press("Enter")
    page.locator(CARD).wait_for()
    page.keyboard.press("Escape")
    assert page.locator(CARD).count() == 0
    assert page.evaluate(f"{FOCUS}.tagName") == "path"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_keys_are_listed(map_files, open_page, screenshots, language):
    page = open_page(map_files[language], 1024, 768)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    assert dialog.locator("tr").count() == 8
    page.screenshot(path=screenshots / f"map_keys_{language}_1024.png")
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    page.click("#c15-keys-button")
    dialog.get_by_role("button").click()
    assert dialog.count() == 0
    # In the search they are letters.
    page.focus("#c15-search")
    page.keyboard.type("?/+")
    assert page.input_value("#c15-search") == "?/+"
    assert dialog.count() == 0


def test_figures_and_results_are_announced(map_files, open_page):
    page = open_page(map_files["en"])
    assert page.locator("#c15-figures").get_attribute("aria-live") == "polite"
    assert page.get_by_role("status").count() == 1


# --- hostile names, and what is missing


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_are_found_and_shown_as_text(open_small, name):
    study = small_study(title=name, categories={"own": name})
    plain = small_result(name=name).facilities
    page = open_small(study=study, facilities=plain.assign(facility_id=name, file=name))
    typed = name[:20]
    found = search(page, typed)
    assert len(found) == 1
    title = page.locator(f"{OPTIONS} .c15-found-text span bdi")
    assert title.first.evaluate("e => e.textContent") == name
    page.focus("#c15-search")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(f"{CARD} h3").evaluate("e => e.textContent") == name
    popup, window = boxes(page, ".leaflet-popup")[0], boxes(page, "#map_circle15")[0]
    assert popup[2] - popup[0] < 400
    assert popup[3] - popup[1] < window[3] - window[1]
    list_box = boxes(page, ".c15-find")[0]
    assert list_box[2] <= window[2]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_anything_to_find_the_search_says_so(open_small):
    page = open_small(facilities=small_result().facilities.iloc[:0], catchments={})
    assert search(page, "食堂") == []
    assert "没有找到" in page.get_by_role("status").inner_text()
