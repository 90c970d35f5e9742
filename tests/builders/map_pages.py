"""Pages of a map in the browser."""

from __future__ import annotations

import pytest

from circle15.output.map.html import build_map

SIZES = [(1440, 900), (1024, 768)]


@pytest.fixture(scope="session")
def map_files(sample_result, tmp_path_factory):
    """The map of the sample, by language."""
    folder = tmp_path_factory.mktemp("map")
    files = {}
    for language in ("zh", "en"):
        files[language] = folder / f"map_{language}.html"
        files[language].write_text(build_map(sample_result, language), encoding="utf-8")
    return files


def press(page, group, entry):
    page.click(f'#c15-{group} button[data-id="{entry}"]')


def boxes(page, selector):
    """Rectangles of the visible elements: left, top, right, bottom."""
    script = """found => found.filter(e => e.checkVisibility({visibilityProperty: true})).map(e => {
        const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"""
    return page.eval_on_selector_all(selector, script)


def overlap(one, two):
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
