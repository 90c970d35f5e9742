"""The page of `compare` and the report's page on what changed: open to all, no wider than paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.browser.axe import grave_findings
from tests.builders.kept_folder import keep_results
from tests.streets import OsmWay, write_study

from circle15.output.comparison.page import comparison_document
from circle15.output.document.html import render_html
from circle15.output.report.document import report_document
from circle15.results.difference.since_last_run import SinceLastRun
from circle15.workflow.comparison.comparing_folders import compare

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from tests.browser.conftest import OpenPage

    from circle15.results.difference.comparison_entries import Comparison
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (300.0, 400.0)}
LONG = "The Very Long Street of the Elder Brothers and Sisters of the Western Gate"
PAPER_PX = 687
"""Width of A4 without the margins of the style sheet, 182 mm at 96 pixels an inch."""
SITES = {"closed": (10.0, 5.0), "moved": (590.0, 5.0), "stays": (300.0, 390.0)}


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """People, sites, streets and parameters differ, with long names."""
    main, lane = ({"highway": "residential", "name": name} for name in (LONG, "旧巷"))
    found = []
    for ways, sites, homes, walk in (
        ([OsmWay("ABC", main), OsmWay("BD", lane)], SITES, {"h": (10, 5, 1000), "g": (590, 5, 9)},
         "cutoffs_min = [5]"),
        ([OsmWay("ABC", main), OsmWay("AD", {"highway": "path"})],
         {"moved": (10.0, 5.0), "stays": (300.0, 390.0), "new": (300.0, 5.0)},
         {"h": (10, 5, 2000), "f": (300, 390, 70)}, "cutoffs_min = [5]\nspeed_m_s = 0.8"),
    ):  # fmt: skip
        folder = tmp_path_factory.mktemp("change")
        study = write_study(folder, NODES, ways, homes, sites, walk=walk)
        found.append(keep_results(study, folder / "results"))
    return compare(*found)


def too_wide(page: Page) -> list[str]:
    """Open as printed, in the width of paper: what is wider than it, as text."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER_PX, "height": 900})
    wide: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('table, svg, h1, h2, p, li')]
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .map(one => one.outerHTML.slice(0, 120))""",
        PAPER_PX,
    )
    return wide


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_compare(
    change: Comparison, open_page: OpenPage, tmp_path: Path, language: Language
) -> None:
    file = tmp_path / "compare.html"
    file.write_text(render_html(comparison_document(change, language)), encoding="utf-8")
    page = open_page(file, 1200, 900)
    for table in ("coverage", "sites", "population", "parameters", "ways", "streets"):
        assert page.locator(f"#compare-{table} table").count() == 1, table
    assert grave_findings(page) == []
    assert too_wide(page) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_the_report(
    sample_result: StudyResult,
    change: Comparison,
    open_page: OpenPage,
    tmp_path: Path,
    language: Language,
) -> None:
    """The section is the second page of paper: the first page ends before it."""
    since = SinceLastRun("2026-01-05T08:30:00.000+00:00", change)
    file = tmp_path / "report.html"
    report = report_document(sample_result, language, since=since)
    file.write_text(render_html(report), encoding="utf-8")
    page = open_page(file, 1200, 900)
    assert page.locator("#headline + #changes").count() == 1
    assert "2026-01-05 08:30" in page.locator("#changes").inner_text()
    assert page.locator("#changes svg").count() == 1
    assert page.locator("#changes table").count() == 1
    assert grave_findings(page) == []
    assert [one for one in too_wide(page) if "compare" in one] == []


def test_what_is_too_wide_is_found(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "wide.html"
    file.write_text(
        '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1>'
        '<table style="width: 900px"><tr><td>x</table></main>',
        encoding="utf-8",
    )
    assert len(too_wide(open_page(file))) == 1
