"""The page of a province: open to all, no wider than paper, its districts lead to their maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely
from tests.browser.axe import grave_findings
from tests.builders.districts_by_hand import HOSTILE, MISSING, district, make_summary

from circle15.output.province.page import province_page
from circle15.results.province.remarks import CountedTwice
from circle15.results.province.rolling_up import province_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage

    from circle15.study.languages import Language

PAPER_PX = 687
"""Width of A4 without the margins of the style sheet, 182 mm at 96 pixels an inch."""
WIDER = """width => [...document.querySelectorAll('table, svg, h1, h2, p, li')]
    .filter(one => one.getBoundingClientRect().right > width + 1)
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module", params=["zh", "en"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province of twelve districts, the last of another date, beside a missing one."""
    summary, language = make_summary(), request.param
    kept = [district(summary, f"district-{k}", language=language) for k in range(1, 12)]
    kept.append(district(summary, "last", study__as_of="2020-01-01"))
    places = {
        one.name: shapely.box(120 + k % 4, 31 + k // 4, 121 + k % 4, 32 + k // 4)
        for k, one in enumerate(kept)
    }
    places["x"] = shapely.box(124, 31, 125, 34)
    found = province_of(kept, [MISSING], [CountedTwice("last", "district-1", 7_000_000, 1)])
    folder = tmp_path_factory.mktemp(str(language))
    (folder / "district-1").mkdir()
    (folder / "district-1" / "map.html").write_text("<title>the map</title>", "utf-8")
    page = province_page(found, places, _language(language))
    (folder / "province.html").write_text(page, "utf-8")
    return folder


def _language(text: str) -> Language:
    return "zh" if text == "zh" else "en"


def test_it_is_open_to_all_and_fits(pages: Path, open_page: OpenPage, screenshots: Path) -> None:
    page = open_page(pages / "province.html")
    page.screenshot(path=screenshots / f"province-{pages.name[:2]}.png", full_page=True)
    assert grave_findings(page) == []
    assert HOSTILE in page.locator("body").inner_text()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER_PX, "height": 900})
    assert page.evaluate(WIDER, PAPER_PX) == []
    page.locator("#districts svg a").first.wait_for()
    assert page.locator("#districts svg a").count() == 12
    page.locator("#districts svg a[href='district-1/map.html']").click()
    assert page.title() == "the map"
