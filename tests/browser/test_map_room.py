"""Space on the map: cards beside the search, numbers, and a page that was hidden."""

from __future__ import annotations

import pytest
from tests.builders.map_pages import boxes, map_files, overlap, press
from tests.builders.map_use import CARD, choose, opened_site

__all__ = ["map_files"]  # a fixture

SMALL = [(390, 844), (844, 390), (360, 640), (1024, 600)]
WIDE = [(1440, 900), (1920, 1080)]
RANKS = ".c15-rank span"


@pytest.mark.parametrize(("width", "height"), [*SMALL, *WIDE])
@pytest.mark.parametrize("kind", ["site", "community", "gap", "cell"])
def test_no_card_lies_under_the_search(
    map_files, open_page, sample_result, screenshots, kind, width, height
):
    page = open_page(map_files["en"], width, height)
    if kind == "site":
        choose(page, opened_site(sample_result)[0]["facility_id"])
    elif kind == "cell":
        window = boxes(page, "#map_circle15")[0]
        # The first cell below the upper edge of the map that says anything.
        for y in range(int(window[1]) + 70, int(window[3]), 12):
            page.mouse.click((window[0] + window[2]) / 2, y)
            if page.locator(CARD).count():
                break
    else:
        press(page, "views", "gaps" if kind == "gap" else "communities")
        pane = "gaps" if kind == "gap" else "areas"
        shapes = page.locator(f".leaflet-c15-{pane}-pane path")
        highest = shapes.evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().top).reduce("
            "(best, y, k, tops) => y < tops[best] ? k : best, 0)"
        )
        shapes.nth(highest).dispatch_event("click", {"clientX": 1, "clientY": 1})
    page.locator(CARD).wait_for()
    page.wait_for_timeout(400)
    page.screenshot(path=screenshots / f"map_room_{kind}_{width}.png")
    card = boxes(page, ".leaflet-popup-content-wrapper")[0]
    for other in boxes(page, "#c15-search, #c15-keys-button, .leaflet-control-zoom"):
        assert not overlap(card, other)
    window = boxes(page, "#map_circle15")[0]
    assert card[0] >= window[0]
    assert card[1] >= window[1]
    assert card[2] <= window[2]
    assert card[3] <= window[3]


def test_a_card_that_is_moved_under_the_search_is_seen(map_files, open_page, sample_result):
    page = open_page(map_files["zh"])
    choose(page, opened_site(sample_result)[0]["facility_id"])
    look = "getComputedStyle(document.querySelector('.c15-find')).opacity"
    assert page.evaluate(look) == "1"
    card, search = boxes(page, ".leaflet-popup")[0], boxes(page, ".c15-find")[0]
    away = [card[0] - search[0], card[1] - search[1]]
    page.evaluate("by => circle15.stage.map.panBy(by, {animate: false})", away)
    assert page.evaluate(look) == "0"
    page.keyboard.press("/")
    assert page.evaluate(look) == "1"
    page.keyboard.press("Escape")
    assert page.evaluate(look) == "1"


@pytest.mark.parametrize(("width", "height"), [*SMALL, *WIDE])
def test_a_short_card_is_seen_whole(map_files, open_page, width, height):
    page = open_page(map_files["en"], width, height)
    press(page, "views", "communities")
    window = boxes(page, "#map_circle15")[0]
    for left, top, right, bottom in boxes(page, ".leaflet-c15-areas-pane path")[::9]:
        x, y = (left + right) / 2, (top + bottom) / 2
        if not (window[0] < x < window[2] and window[1] < y < window[3]):
            continue
        page.mouse.move(x, y)
        for tip in boxes(page, ".leaflet-tooltip"):
            assert tip[1] >= window[1]
            assert tip[3] <= window[3]
            assert not overlap(tip, boxes(page, "#c15-search")[0])


# --- numbers of gap areas


@pytest.mark.parametrize(("width", "height"), [*SMALL, *WIDE])
def test_numbers_hide_no_area(map_files, open_page, width, height):
    page = open_page(map_files["zh"], width, height)
    press(page, "views", "gaps")
    numbers = page.eval_on_selector_all(
        RANKS,
        """all => all.filter(e => getComputedStyle(e).visibility === 'visible').map(e => {
            const b = e.getBoundingClientRect();
            return [e.textContent, b.width, b.height];
        })""",
    )
    areas = dict(
        page.eval_on_selector_all(
            ".leaflet-c15-gaps-pane path",
            """all => all.map(e => {
            const b = e.getBoundingClientRect();
            return [e.getAttribute('aria-label').match(/\\d+/)[0], [b.width, b.height]];
        })""",
        )
    )
    assert numbers
    for rank, wide, high in numbers:
        assert areas[rank][0] >= wide
        assert areas[rank][1] >= high
    window = boxes(page, "#map_circle15")[0]
    room = (window[2] - window[0]) * (window[3] - window[1])
    assert sum(wide * high for _, wide, high in numbers) < 0.05 * room


def test_numbers_come_as_the_map_comes_nearer(map_files, open_page):
    page = open_page(map_files["zh"], 390, 844)
    press(page, "views", "gaps")
    shown = f"""[...document.querySelectorAll('{RANKS}')].filter(
        e => getComputedStyle(e).visibility === 'visible').length"""
    before = page.evaluate(shown)
    page.evaluate("circle15.stage.map.setZoom(15, {animate: false})")
    assert page.evaluate(shown) > before


@pytest.mark.parametrize(("width", "most"), [(390, 0.2), (1440, 0.2)])
def test_facilities_leave_most_of_the_map_free(map_files, open_page, width, most):
    page = open_page(map_files["zh"], width, 844)
    window = boxes(page, "#map_circle15")[0]
    dots = boxes(page, ".leaflet-c15-sites-pane path")
    room = (window[2] - window[0]) * (window[3] - window[1])
    assert sum((d[2] - d[0]) * (d[3] - d[1]) for d in dots) < most * room


# --- a page that was loaded while it had no size

VIEW = """(() => {
    const map = circle15.stage.map, [s, w, n, e] = circle15.data.bounds;
    return [map.getBounds().contains([[s, w], [n, e]]), map.getZoom()]; })()"""


@pytest.mark.parametrize("hide", ["display: none", "width: 0; height: 0; border: 0"])
@pytest.mark.parametrize(("width", "height"), [(1200, 800), (390, 700)])
def test_a_map_that_was_loaded_hidden_fits(map_files, open_page, tmp_path, hide, width, height):
    path = tmp_path / "frame.html"
    inner = map_files["zh"].resolve().as_uri()
    path.write_text(f'<iframe id="f" src="{inner}" style="{hide}"></iframe>', encoding="utf-8")
    page = open_page(path, 1440, 900)
    frame = next(one for one in page.frames if one != page.main_frame)
    frame.wait_for_function("window.circle15 && circle15.stage")
    page.evaluate(
        "([w, h]) => { document.getElementById('f').style = `width: ${w}px; height: ${h}px`; }",
        [width, height],
    )
    page.wait_for_timeout(400)
    alone = open_page(map_files["zh"], width, height)
    whole, zoom = frame.evaluate(VIEW)
    assert whole
    assert zoom == alone.evaluate(VIEW)[1]


def test_a_window_of_another_size_fits_again_unless_the_map_was_moved(map_files, open_page):
    page = open_page(map_files["zh"], 1440, 900)
    page.set_viewport_size({"width": 800, "height": 600})
    page.wait_for_timeout(300)
    assert page.evaluate(VIEW)[0]
    page.evaluate("circle15.stage.map.setZoom(16, {animate: false})")
    page.set_viewport_size({"width": 1200, "height": 700})
    page.wait_for_timeout(300)
    assert page.evaluate(VIEW) == [False, 16]
