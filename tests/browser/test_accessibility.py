"""Every page that circle15 writes, checked by axe-core: nothing serious, in both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.browser.axe import ROOT, grave_findings
from tests.builders.report_page import build_report

import circle15
from circle15.output.check.page import build_check_page
from circle15.output.map.html import build_map
from circle15.output.route.map import build_route_map

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

SPOILED = '<!doctype html><title>x</title><img src="data:,"><p style="color:#ccc">pale</p>'


def test_the_check_finds_what_is_wrong(open_page: OpenPage, tmp_path: Path) -> None:
    """A picture without words, pale text, no language: were these not found, nothing would be."""
    file = tmp_path / "spoiled.html"
    file.write_text(SPOILED, encoding="utf-8")
    found = " ".join(grave_findings(open_page(file)))
    for rule in ("image-alt", "color-contrast", "html-has-lang"):
        assert rule in found


def test_the_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    tools = {name: entry for name, entry in packages.items() if name}
    assert tools
    for entry in tools.values():
        assert "resolved" not in entry
        assert entry["integrity"].startswith("sha512-")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_is_open_to_all(
    sample_result: StudyResult, open_page: OpenPage, tmp_path: Path, language: Language
) -> None:
    file = tmp_path / "map.html"
    file.write_text(build_map(sample_result, language), encoding="utf-8")
    page = open_page(file)
    views = page.locator("#c15-views button")
    views.first.wait_for()
    found = {}
    for k in range(views.count()):
        views.nth(k).click()
        page.wait_for_timeout(200)
        found[views.nth(k).inner_text()] = grave_findings(page)
        lists = page.locator("#c15-lists button:visible")
        for n in range(1, lists.count()):
            lists.nth(n).click()
            found[lists.nth(n).inner_text()] = grave_findings(page)
    assert {view: faults for view, faults in found.items() if faults} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_is_open_to_all(
    sample_result: StudyResult, open_page: OpenPage, tmp_path: Path, language: Language
) -> None:
    file = tmp_path / "report.html"
    file.write_text(build_report(sample_result, language), encoding="utf-8")
    assert grave_findings(open_page(file, 1200, 900)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_zone_sheets_are_open_to_all(
    sample_study: Path, open_page: OpenPage, tmp_path: Path, language: Language
) -> None:
    zones = sample_study.parent / "proposed_zones.csv"
    circle15.check_study_zones(sample_study, zones, out=tmp_path, language=language)
    assert grave_findings(open_page(tmp_path / "zones.html", 1200, 900)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_check_is_open_to_all(
    sample_study: Path, open_page: OpenPage, tmp_path: Path, language: Language
) -> None:
    file = tmp_path / "check.html"
    file.write_text(build_check_page(circle15.check(sample_study), language), encoding="utf-8")
    assert grave_findings(open_page(file, 1200, 900)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_drawing_of_a_route_is_open_to_all(
    sample_study: Path, open_page: OpenPage, tmp_path: Path, language: Language
) -> None:
    found = circle15.route(sample_study, "120.29165,31.5968", "S-071")
    file = tmp_path / "way.html"
    file.write_text(build_route_map(found, language), encoding="utf-8")
    assert grave_findings(open_page(file, 1100, 900)) == []
