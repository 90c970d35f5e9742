"""`report.html` in a browser: silent, alone, readable, and printable on A4."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from circle15.output.report_html import SECTIONS, build_report

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

    from circle15.output.result import StudyResult
    from circle15.study.config import Language

A4 = re.compile(rb"/MediaBox\s*\[\s*0 0 59\d(?:\.\d+)? 84\d(?:\.\d+)?\s*\]")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_reads_and_prints(
    language: Language, sample_result: StudyResult, open_page: OpenPage, tmp_path: Path,
    screenshots: Path,
) -> None:  # fmt: skip
    file = tmp_path / "report.html"
    file.write_text(build_report(sample_result, language), encoding="utf-8")
    page = open_page(file, width=1200, height=900)
    for section in SECTIONS:
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
    assert 6 <= pages <= 25
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
