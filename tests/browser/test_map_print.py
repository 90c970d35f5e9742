"""The printed sheet: one page of the right size, with everything that a printed map must have."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from tests.browser.axe import grave_findings
from tests.builders.map_pages import boxes, press
from tests.builders.small_map import small_result, small_study
from tests.hostile_names import HOSTILE

from circle15.output.map.html import build_map

POINTS = {"A4": (841.9, 595.3), "A3": (1190.6, 841.9)}


@pytest.fixture(scope="session")
def map_files(sample_result, tmp_path_factory):
    """The map of the sample, by language."""
    folder = tmp_path_factory.mktemp("print")
    files = {}
    for language in ("zh", "en"):
        files[language] = folder / f"map_{language}.html"
        files[language].write_text(build_map(sample_result, language), encoding="utf-8")
    return files


def printed(page, path):
    """Print the page to a file: sizes of its pages in points."""
    page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    content = path.read_bytes()
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", content)
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    return pages, [(float(width), float(height)) for width, height in found]


@pytest.mark.parametrize("size", ["A4", "A3"])
@pytest.mark.parametrize(
    ("language", "view"), [("zh", "people"), ("en", "siting"), ("zh", "quality")]
)
def test_a_sheet_is_one_page_with_all_that_it_must_say(
    map_files, open_page, screenshots, language, view, size
):
    page = open_page(map_files[language])
    press(page, "views", view)
    legend = page.locator("#c15-legend").inner_text()
    figures = page.locator("#c15-figures").inner_text()
    page.click("#c15-print")
    press(page, "print-sizes", size)
    assert "内部使用" in page.locator("#c15-sheet-foot").inner_text()
    page.fill(".c15-signing input >> nth=1", "GS(2026)0001")
    page.emulate_media(media="print")
    plate = page.locator("#c15-plate")
    assert " ".join(legend.split()) in " ".join(plate.inner_text().split())
    assert figures in plate.inner_text()
    for word in ("2025-12-31", "200", "circle15", "盖章", "审图号"):
        assert word in plate.inner_text()
    assert page.locator("#c15-sheet-head").inner_text().startswith("梁溪区(示例·合成数据)")
    assert "SYNTHETIC" in page.locator("#c15-sheet-head").inner_text()
    # The number that is filled in stands in place of the note on internal use.
    assert page.locator("#c15-sheet-foot").inner_text() != ""
    assert not page.locator("#c15-sheet-foot .c15-use").is_visible()
    window = boxes(page, "#map_circle15")[0]
    for control in (".c15-north", ".leaflet-control-scale-line"):
        one = boxes(page, control)[0]
        assert window[0] <= one[0] <= one[2] <= window[2]
        assert window[1] <= one[1] <= one[3] <= window[3]
    # Nothing is cut off: the fields stand at the foot of the plate, above the foot of the sheet.
    fields, foot = boxes(page, ".c15-signing")[0], boxes(page, "#c15-sheet-foot")[0]
    assert fields[3] <= boxes(page, "#c15-plate")[0][3] + 1
    assert fields[3] <= foot[1]
    texts = boxes(page, "#c15-plate > *")
    assert all(one[3] <= two[1] + 1 for one, two in pairwise(texts))
    area = boxes(page, ".leaflet-c15-outlines-pane path")
    assert all(window[1] <= top and bottom <= window[3] for _, top, _, bottom in area)
    pages, sizes = printed(page, screenshots / f"map_{view}_{language}_{size}.pdf")
    assert pages == 1
    assert len(sizes) == 1
    assert sizes[0] == pytest.approx(POINTS[size], abs=1.5)


def test_printing_without_the_preview_gives_the_same_sheet(map_files, open_page, screenshots):
    page = open_page(map_files["zh"])
    page.evaluate(
        """() => addEventListener('beforeprint', () => { window.seen = [
            document.querySelectorAll('#map_circle15 canvas:not(.c15-pixels)').length,
            document.querySelectorAll('.leaflet-c15-base-pane path').length,
            document.querySelector('#c15-plate').innerText.length]; })"""
    )
    pages, sizes = printed(page, screenshots / "map_direct_zh.pdf")
    assert pages == 1
    assert sizes == [pytest.approx(POINTS["A4"], abs=1.5)]
    canvases, streets, words = page.evaluate("window.seen")
    # The picture of the cells apart: a canvas prints as pixels, an empty one as a white sheet.
    assert canvases == 0
    assert streets > 0
    assert words > 100
    assert page.locator(".c15-panel").is_visible()  # and all is as it was
    assert page.locator("#c15-plate").is_hidden()
    assert page.locator(".leaflet-c15-base-pane canvas").count() == 1


def test_the_sheet_shows_what_the_map_showed(map_files, open_page):
    page = open_page(map_files["zh"])
    press(page, "views", "communities")
    page.locator(".c15-name").first.click()
    page.wait_for_timeout(500)
    centre = page.evaluate(
        "(() => { const c = map_circle15.getCenter(); return [c.lat, c.lng]; })()"
    )
    page.click("#c15-print")
    after = page.evaluate(
        "(() => { const c = map_circle15.getCenter(); return [c.lat, c.lng]; })()"
    )
    assert after == pytest.approx(centre, abs=0.003)
    page.keyboard.press("Escape")
    assert page.locator("#c15-print").evaluate("e => e === document.activeElement")
    assert page.locator(".c15-dock").is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheet_is_open_to_all(map_files, open_page, language):
    page = open_page(map_files[language])
    page.click("#c15-print")
    assert grave_findings(page) == []


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_title_leaves_the_sheet_whole(open_page, tmp_path, name):
    file = tmp_path / "map.html"
    result = small_result(study=small_study(title=name, categories={"own": name}))
    file.write_text(build_map(result, "zh"), encoding="utf-8")
    page = open_page(file)
    page.click("#c15-print")
    assert page.locator(".c15-sheet-title").evaluate("e => e.textContent") == name
    page.emulate_media(media="print")
    window, foot = (boxes(page, part)[0] for part in ("#map_circle15", "#c15-sheet-foot"))
    assert window[3] - window[1] > 400
    assert foot[3] <= 740  # 193 mm and the rounding of millimetres
    pages, _ = printed(page, tmp_path / "sheet.pdf")
    assert pages == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_dates_of_the_sheet_are_written_alike(map_files, open_page, language):
    """The day on which it is drawn as the date of the data: 2025-12-31, never 12/31/2025."""
    page = open_page(map_files[language])
    page.click("#c15-print")
    lines = page.locator("#c15-plate > p").all_inner_texts()
    assert re.search(r"\d{4}-\d\d-\d\d", lines[-1])
    assert not re.search(r"\d/\d", " ".join(lines))
