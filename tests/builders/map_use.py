"""Actions of a user on a page of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle15.output.map.html import build_map
from circle15.output.text.numbers import rounded
from circle15.study.vocabulary import columns as c
from tests.builders.small_map import small_result

if TYPE_CHECKING:
    from playwright.sync_api import Page

CARD = ".leaflet-popup .c15-card"
OPTIONS = "#c15-found [role=option]"
FOCUS = "document.activeElement"


def search(page, text):
    page.fill("#c15-search", text)
    return page.locator(OPTIONS).all_inner_texts()


def choose(page, text):
    page.focus("#c15-search")
    search(page, text)
    page.keyboard.press("Enter")
    page.locator(CARD).wait_for()
    return page.locator(CARD)


def point_at(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Show a place in the middle of the map, close up; return where it is in the window."""
    x, y = page.evaluate(
        """([lon, lat]) => {
          map_circle15.setView([lat, lon], 17, {animate: false});
          const at = map_circle15.latLngToContainerPoint([lat, lon]);
          const box = map_circle15.getContainer().getBoundingClientRect();
          return [box.left + at.x, box.top + at.y];
        }""",
        [lon, lat],
    )
    return float(x), float(y)


def opened_site(result):
    """A required facility with people within every cutoff, and how many they are."""
    group = result.study.demand.group
    for category, found in result.catchments.items():
        for one in found:
            within = one.persons_within[group]
            if within[0] > 0 and category in result.study.circle.require:
                row = result.facilities.iloc[one.facility]
                return row, [rounded(n / c.MICRO) for n in within]
    raise LookupError


@pytest.fixture
def open_small(open_page, tmp_path):
    def open_map(language="zh", **changes):
        file = tmp_path / "map.html"
        file.write_text(build_map(small_result(**changes), language), encoding="utf-8")
        return open_page(file, 1024, 768)

    return open_map
