"""No word is broken inside, and nothing is wider than its page: on screens, phones and paper."""

from __future__ import annotations

import pytest
from tests.browser.broken_words import broken_words
from tests.builders.map_pages import boxes, map_files, press
from tests.builders.report_page import build_report
from tests.builders.small_map import small_result

from circle15.output.document.html import html_blocks
from circle15.output.document.html_text import breakable
from circle15.output.document.model import Column, Table
from circle15.output.map.html import build_map
from circle15.workflow.zone_sheets import check_study_zones

__all__ = ["map_files"]  # a fixture

SCREENS = [(1440, 900), (1024, 768), (390, 844)]
A4_PX = 688
"""Width of the text on a printed page."""


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_lists_and_cards_of_the_map(map_files, open_page, language, width, height):
    page = open_page(map_files[language], width, height)
    for view in page.locator("#c15-views button").all():
        view.click()
        for tab in range(max(1, page.locator("#c15-lists button:visible").count())):
            if page.locator("#c15-lists").is_visible():
                page.locator("#c15-lists button").nth(tab).click()
            assert broken_words(page) == []
            if width > 1400:
                body = page.locator("#c15-dock-body")
                assert body.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize(("width", "media"), [(1440, "screen"), (390, "screen"), (A4_PX, "print")])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report(open_page, sample_result, tmp_path, language, width, media):
    file = tmp_path / "report.html"
    file.write_text(build_report(sample_result, language), encoding="utf-8")
    page = open_page(file, width, 900)
    page.emulate_media(media=media)
    assert broken_words(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if width > 400:
        edge = boxes(page, "body")[0][2]
        assert all(box[2] <= edge + 1 for box in boxes(page, "table"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sheets_of_zones(open_page, sample_study, tmp_path, language):
    proposed = sample_study.parent / "proposed_zones.csv"
    check_study_zones(sample_study, proposed, out=tmp_path, language=language)
    for width, media in ((1440, "screen"), (390, "screen"), (A4_PX, "print")):
        page = open_page(tmp_path / "zones.html", width, 900)
        page.emulate_media(media=media)
        assert broken_words(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_of_the_map_of_a_report_lie_on_it(open_page, sample_result, tmp_path, language):
    """On a phone, too: picture, names and legend are one below the other."""
    file = tmp_path / "report.html"
    file.write_text(build_report(sample_result, language), encoding="utf-8")
    for width in (1440, 390):
        page = open_page(file, width, 844)
        image, names = boxes(page, ".map-frame img")[0], boxes(page, ".map-frame svg")[0]
        assert names == pytest.approx(image, abs=2)
        assert image[2] <= width
        assert boxes(page, ".map-legend")[0][2] <= width


@pytest.mark.parametrize("name", ["care_homes_of_the_district.xlsx:38", "W" * 300, "养老" * 90])
def test_a_long_name_widens_nothing(open_page, tmp_path, name):
    result = small_result(name=name)
    file = tmp_path / "map.html"
    file.write_text(build_map(result, "en"), encoding="utf-8")
    page = open_page(file, 390, 844)
    press(page, "views", "facilities")
    body = page.locator("#c15-dock-body")
    assert body.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert page.locator(".c15-name bdi").first.evaluate("e => e.textContent") == name
    report = tmp_path / "report.html"
    report.write_text(build_report(result, "en"), encoding="utf-8")
    page = open_page(report, 1440, 900)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_cells_break_after_signs_and_not_inside_words():
    assert breakable("communities.geojson") == "communities.<wbr/>geojson"
    assert breakable("function_housekeeping") == "function_<wbr/>housekeeping"
    table = Table([Column("a"), Column("b", "n")], [["a.b", "1,994.4"]])
    assert html_blocks([table]).count("<wbr/>") == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_of_the_report_is_laid_out_as_one(open_page, sample_result, tmp_path, language):
    """A class of a table that was one of boxes, too, put its head beside its rows."""
    file = tmp_path / "report.html"
    file.write_text(build_report(sample_result, language), encoding="utf-8")
    page = open_page(file, 1000, 900)
    looks = page.eval_on_selector_all("table", "all => all.map(e => getComputedStyle(e).display)")
    assert set(looks) == {"table"}
