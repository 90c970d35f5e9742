"""The drawing of a route in a browser: silent, offline, and everything inside its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import circle15
from circle15.output.route.map import build_route_map

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_drawing_shows_the_way(
    open_page: OpenPage, tmp_path: Path, sample_study: Path, screenshots: Path, language: str
) -> None:
    found = circle15.route(sample_study, "120.29165,31.5968", "S-071")
    path = tmp_path / "way.html"
    path.write_text(build_route_map(found, "zh" if language == "zh" else "en"), encoding="utf-8")
    page = open_page(path, 1100, 900)
    page.screenshot(path=screenshots / f"route-{language}.png", full_page=True)
    assert page.locator("tbody tr").count() == len(found.steps)
    frame = page.locator("svg").bounding_box()
    assert frame is not None
    assert frame["width"] > 900
    for letter in ("A", "B"):
        box = page.locator("svg text", has_text=letter).bounding_box()
        assert box is not None
        assert frame["x"] < box["x"] < frame["x"] + frame["width"]
        assert frame["y"] < box["y"] < frame["y"] + frame["height"]
