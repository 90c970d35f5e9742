"""`report.html` in a browser: silent, offline, readable, and printable on A4."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.builders.report_page import build_report
from tests.builders.report_result import text_of

from circle15.access.counting import NO_PEOPLE
from circle15.output.report.document import SECTIONS
from circle15.results.figures import coverage_row, worst_zones, zone_counts
from circle15.results.gaps.gap_places import gap_homes, gap_place
from circle15.results.summary.building import build_summary

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

A4 = re.compile(rb"/MediaBox\s*\[\s*0 0 59\d(?:\.\d+)? 84\d(?:\.\d+)?\s*\]")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_reads_and_prints(
    language: Language,
    sample_result: StudyResult,
    open_page: OpenPage,
    tmp_path: Path,
    screenshots: Path,
) -> None:
    file = tmp_path / "report.html"
    file.write_text(build_report(sample_result, language), encoding="utf-8")
    page = open_page(file, width=1200, height=900)
    shown = [one for one in SECTIONS if one != "scenarios" or sample_result.scenarios]
    for section in shown:
        assert page.locator(f"#{section} h2").is_visible()
    figures = [
        page.locator(".card .figure").nth(k).inner_text() for k in range(4)
    ]  # the fifth is not of people
    total, *parts = (int(text.replace(",", "")) for text in figures)
    assert total == sum(parts) > 0
    # Nothing is wider than the window.
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200
    page.screenshot(path=screenshots / f"report_{language}.png", full_page=True)
    pdf = screenshots / f"report_{language}.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))
    # Capacity, choice and equity with its curves take three of them, proposed sites two, and the
    # method with its formulas two.
    assert 12 <= pages <= 25  # the sample has every section, scenarios too
    assert A4.search(pdf.read_bytes())


def test_no_text_is_cut_in_the_picture(
    sample_result: StudyResult, open_page: OpenPage, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    file.write_text(build_report(sample_result, "en"), encoding="utf-8")
    page = open_page(file, width=1200, height=900)
    outside = page.evaluate(
        """() => { const box = document.querySelector('svg.bars').getBoundingClientRect();
        return [...document.querySelectorAll('svg.bars text')].filter(text => {
          const r = text.getBoundingClientRect();
          return r.left < box.left - 1 || r.right > box.right + 1;
        }).map(text => text.textContent); }"""
    )
    assert outside == []


def test_the_numbers_of_the_report_are_those_of_the_summary(sample_result: StudyResult) -> None:
    """Figures and tables of the page beside `summary.json`, made from the same result."""
    summary = build_summary(sample_result)
    page = text_of(build_report(sample_result, "en"))

    def rounded(value: float) -> int:
        return math.floor(value + 0.5)

    def whole(value: float) -> str:
        return f"{rounded(value):,}"

    rows = {
        (row["category"], row["cutoff_min"]): row
        for row in summary["coverage"]
        if row["group"] == "p60" and row["speed_m_s"] == 1.0
    }
    head = rows["all", 15]
    assert f"Of {whole(head['persons'])} in the study area" in page
    persons, gap, unknown = (rounded(head[key]) for key in ("persons", "gap", "unknown"))
    for number in (persons - gap - unknown, gap, unknown):
        assert f"{number:,}" in page
    for row in rows.values():
        shares = [row["share_covered_of_judged"], row["share_by_circles_of_judged"]]
        assert " ".join(f"{100 * (share or 0.0):.1f}%" for share in shares) in page
    streets = [
        row
        for row in summary["zones"]
        if (row["level"], row["category"], row["cutoff_min"]) == ("street", "all", 15)
    ]
    for street in streets:
        share = 100 * street["covered"] / street["persons"]
        assert f"{street['name']} {whole(street['persons'])}" in page
        shares = [street["share_covered_of_judged"], street["share_by_circles_of_judged"]]
        compared = " ".join(f"{100 * (one or 0.0):.1f}%" for one in shares)
        assert f"{share:.1f}% {compared}" in page


def test_homes_in_the_gap_sum_to_what_is_counted(sample_result: StudyResult) -> None:
    homes = gap_homes(sample_result)
    row = coverage_row(sample_result, "all")
    assert homes is not None
    assert row is not None
    assert int(homes.weight.sum()) == row.counts.gap
    community = sample_result.demand["community_id"].to_numpy(dtype=object)[homes.row]
    for zone in worst_zones(sample_result, "community", "all"):
        assert gap_place(homes, community == zone.zone_id).people == zone.counts.gap
    # Circles overstate, and their share of everybody is that of the streets together.
    streets = [z for (_, k), z in zone_counts(sample_result, "street").items() if k == "all"]
    assert sum((z.claimed for z in streets), NO_PEOPLE) == row.claimed
