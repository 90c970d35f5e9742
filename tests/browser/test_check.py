"""The page of a check in a browser: silent, offline, nothing wider than the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import circle15
from circle15.output.check.page import build_check_page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage

    from circle15.study.languages import Language


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1200, 420])
def test_the_page_of_a_check_reads(
    language: Language, width: int, sample_study: Path, open_page: OpenPage, tmp_path: Path
) -> None:
    outcome = circle15.check(sample_study)
    file = tmp_path / "check.html"
    file.write_text(build_check_page(outcome, language), encoding="utf-8")
    page = open_page(file, width=width, height=900)
    counts = [page.locator(".card .figure").nth(k).inner_text() for k in range(3)]
    assert sum(int(text.replace(",", "")) for text in counts) == len(outcome.findings)
    assert page.locator(".findings tbody tr").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
