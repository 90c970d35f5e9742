"""The report of a result as its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.document.html import render_html
from circle15.output.report.document import report_document

if TYPE_CHECKING:
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language


def build_report(result: StudyResult, language: Language) -> str:
    """Write `report.html` of a result."""
    return render_html(report_document(result, language))
