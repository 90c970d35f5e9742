"""Streets of the map in a browser: drawn after each move, decoded where seen, printed as lines."""

# ruff: noqa: F811 - a fixture that is imported is an argument of tests

from __future__ import annotations

import pytest
from tests.builders.map_pages import map_files  # noqa: F401 - a fixture

# Waits until the picture of the streets is painted.
STILL = """() => new Promise(done => {
  const look = () => circle15.streets.busy ? setTimeout(look, 5) : requestAnimationFrame(done);
  requestAnimationFrame(look);
})"""

# The part of the streets' picture that is in view, on a canvas of its own.
VIEW = """() => {
  const canvas = document.querySelector('.leaflet-c15-base-pane canvas');
  const at = canvas.getBoundingClientRect();
  const box = document.querySelector('#map_circle15').getBoundingClientRect();
  const ratio = canvas.width / at.width;
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [box.width, box.height];
  const brush = copy.getContext('2d', {willReadFrequently: true});
  const [left, top] = [box.left - at.left, box.top - at.top];
  brush.drawImage(canvas, left * ratio, top * ratio, box.width * ratio, box.height * ratio,
    0, 0, box.width, box.height);
  return brush.getImageData(0, 0, box.width, box.height);
}"""

# Share of the view's squares of 100 pixels in which something of the streets' picture is seen.
SEEN = f"""() => {{
  const {{ width, height, data }} = ({VIEW})();
  const squares = new Map();
  for (let y = 0; y < height - height % 100; y += 1) {{
    for (let x = 0; x < width - width % 100; x += 1) {{
      const square = Math.floor(x / 100) + ' ' + Math.floor(y / 100);
      squares.set(square, squares.get(square) || data[4 * (y * width + x) + 3] > 100);
    }}
  }}
  return [...squares.values()].filter(Boolean).length / squares.size;
}}"""


def moved(page, script):
    page.evaluate(f"() => {{ {script} }}")
    page.evaluate(STILL)


def test_streets_are_seen_after_zooming_and_panning(map_files, open_page):
    page = open_page(map_files["zh"])
    assert page.evaluate(SEEN) > 0.5
    for script in (
        "map_circle15.setZoom(15, {animate: false})",
        "map_circle15.panBy([500, 0], {animate: false})",
        "map_circle15.panBy([-350, 210], {animate: false})",
        "map_circle15.panBy([-900, -600], {animate: false})",
        "map_circle15.setZoom(14.25, {animate: false})",
    ):
        moved(page, script)
        assert page.evaluate(SEEN) > 0.85, script
        assert page.locator(".leaflet-c15-base-pane > *").count() == 1


def test_a_pan_goes_on_as_the_whole_picture_is(map_files, open_page):
    """Painted in parts or at once, streets cover as many pixels of the view."""
    covered = f"() => ({VIEW})().data.filter((value, k) => k % 4 === 3 && value > 0).length"
    page = open_page(map_files["zh"])
    moved(page, "map_circle15.setZoom(15, {animate: false})")
    moved(page, "map_circle15.panBy([400, 300], {animate: false})")
    panned = page.evaluate(covered)
    moved(page, "map_circle15.setZoom(13, {animate: false})")
    moved(page, "map_circle15.setZoom(15, {animate: false})")
    whole = page.evaluate(covered)
    assert whole > 5000
    assert panned == pytest.approx(whole, rel=0.001)


def test_only_the_blocks_that_are_seen_are_decoded(map_files, open_page):
    page = open_page(map_files["zh"])
    blocks = page.evaluate("circle15.streets.blocks.n")
    assert page.evaluate("circle15.streets.blocks.decoded") == blocks
    moved(page, "map_circle15.setZoom(18, {animate: false})")
    moved(
        page,
        "const b = circle15.streets.blocks; b.kept.clear(); b.keptVertices = 0; b.decoded = 0;"
        "map_circle15.panBy([3000, 0], {animate: false})",
    )
    assert 0 < page.evaluate("circle15.streets.blocks.decoded") <= blocks / 3
    moved(page, "map_circle15.panBy([60, 0], {animate: false})")  # within the picture
    assert page.evaluate("circle15.streets.blocks.decoded") <= blocks / 3


def test_crowded_streets_are_painted_as_coverage_in_slices(map_files, open_page):
    """As if the sample had many streets: the same share of the view, with the old picture below."""
    page = open_page(map_files["zh"])
    lines = page.evaluate(SEEN)
    moved(
        page,
        "const b = circle15.streets.blocks; b.plain = b.within;"
        "b.within = (kind, box) => b.plain(kind, box).flatMap(k => Array(9).fill(k));"
        "map_circle15.setZoom(map_circle15.getZoom() - 0.25, {animate: false})",
    )
    moved(page, "map_circle15.setZoom(map_circle15.getZoom() + 0.25, {animate: false})")
    assert page.evaluate(SEEN) == pytest.approx(lines, abs=0.1)
    assert page.locator(".leaflet-c15-base-pane > *").count() == 1


def test_an_old_picture_is_shown_until_the_new_one_is_painted(map_files, open_page):
    page = open_page(map_files["zh"])
    page.evaluate("map_circle15.setZoom(map_circle15.getZoom() + 1)")
    page.wait_for_timeout(100)  # within the animation
    assert page.locator(".leaflet-c15-base-pane canvas").count() == 1
    page.wait_for_timeout(500)
    page.evaluate(STILL)
    assert page.evaluate(SEEN) > 0.6


def test_a_screen_of_two_pixels_each_has_a_finer_picture(map_files, browser):
    context = browser.new_context(
        viewport={"width": 1000, "height": 700}, offline=True, device_scale_factor=2
    )
    page = context.new_page()
    page.goto(map_files["zh"].resolve().as_uri())
    page.evaluate("() => circle15.ready")
    canvas = page.locator(".leaflet-c15-base-pane canvas")
    assert canvas.evaluate("e => e.width / e.getBoundingClientRect().width") == 2
    assert page.evaluate(SEEN) > 0.5
    context.close()


def test_the_switch_takes_the_streets_off_and_brings_them_back(map_files, open_page):
    page = open_page(map_files["zh"])
    page.evaluate("document.querySelector('#c15-layer-base').click()")
    assert page.locator(".leaflet-c15-base-pane > *").count() == 0
    moved(page, "map_circle15.panBy([300, 0], {animate: false})")
    page.evaluate("document.querySelector('#c15-layer-base').click()")
    page.evaluate(STILL)
    assert page.evaluate(SEEN) > 0.5


def test_the_sheet_has_lines_for_each_class_that_follow_the_map(map_files, open_page):
    page = open_page(map_files["zh"])
    page.click("#c15-print")
    paths = page.locator(".leaflet-c15-base-pane svg path")
    assert paths.count() == page.evaluate("circle15.data.ground.classes.length")
    first = paths.last.get_attribute("d")
    assert first.startswith("M")
    moved(page, "map_circle15.setZoom(16, {animate: false})")
    assert paths.last.get_attribute("d") != first
    box = page.locator("#map_circle15").bounding_box()
    lines = page.locator(".leaflet-c15-base-pane svg").bounding_box()
    assert lines["x"] <= box["x"]
    assert lines["x"] + lines["width"] >= box["x"] + box["width"]
    page.keyboard.press("Escape")
    assert page.locator(".leaflet-c15-base-pane canvas").count() == 1


def test_a_sheet_of_very_many_streets_is_a_fine_picture(map_files, open_page):
    page = open_page(map_files["zh"])
    moved(
        page,
        "const b = circle15.streets.blocks; b.plain = b.within;"
        "b.within = (kind, box) => b.plain(kind, box).flatMap(k => Array(40).fill(k));",
    )
    page.click("#c15-print")
    canvas = page.locator(".leaflet-c15-base-pane canvas.c15-pixels")
    assert canvas.count() == 1
    assert canvas.evaluate("e => Math.round(e.width / e.getBoundingClientRect().width)") == 3
    assert page.evaluate("circle15.streets.busy") is False
    assert page.evaluate(SEEN) > 0.5
