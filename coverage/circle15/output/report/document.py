"""Assemble the report, for both `report.html` and `report.docx`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.document.letterhead import signing_lines
from circle15.output.document.model import Contents, Document, Footer
from circle15.output.report.capacity import capacity_section
from circle15.output.report.changes.since_last_run import since_last_run_section
from circle15.output.report.coverage_section import coverage_section, speed_section
from circle15.output.report.data_sections import (
    facilities_section,
    findings_section,
    network_section,
    people_section,
    unknown_section,
)
from circle15.output.report.first_page import first_page, title_block
from circle15.output.report.gaps import gaps_section
from circle15.output.report.method import (
    method_section,
    parameters_section,
    provenance_section,
)
from circle15.output.report.plans.scenarios import scenarios_section
from circle15.output.report.plans.siting import siting_section
from circle15.output.report.quality import quality_section
from circle15.output.report.rules import rules_section
from circle15.output.report.subdistricts import subdistricts_section
from circle15.output.report.zones import zones_section
from circle15.output.text.wording import Words, shortened

if TYPE_CHECKING:
    from circle15.results.difference.since_last_run import SinceLastRun
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

SECTIONS: Final = {
    "coverage": coverage_section,
    "speed": speed_section,
    "streets": subdistricts_section,
    "communities": gaps_section,
    "capacity": capacity_section,
    "siting": siting_section,
    "scenarios": scenarios_section,
    "rules": rules_section,
    "residential": zones_section,
    "facilities": facilities_section,
    "people": people_section,
    "unknown": unknown_section,
    "network": network_section,
    "quality": quality_section,
    "issues": findings_section,
    "parameters": parameters_section,
    "provenance": provenance_section,
    "method": method_section,
}
"""Sections after the first page by id, in order; `siting` and `scenarios` only if there are any."""


def report_document(
    result: StudyResult,
    language: Language,
    *,
    code: str | None = None,
    since: SinceLastRun | None = None,
) -> Document:
    """
    Return the report of a run as a document.

    Parameters
    ----------
    result
        The results of a run.
    language
        `zh` or `en`.
    code
        Code of the numbers, shown at the end and at the foot of every page of the Word file.
    since
        What changed since the last run with other numbers; None if there is none.

    Returns
    -------
    A document for the HTML and Word renderers. The same result gives the same document.
    """
    study = result.study
    words = Words(language, study)
    left_out = set()
    if not result.siting:
        left_out.add("siting")
    if not result.scenarios:
        left_out.add("scenarios")
    sections = {key: build for key, build in SECTIONS.items() if key not in left_out}
    shown_code = [] if code is None else [words.say("report.code", code=code)]
    changes = [] if since is None else [since_last_run_section(since, language)]
    entries = [(one.key, one.heading or "") for one in changes]
    entries += [(key, words.say(f"report.{key}")) for key in sections]
    return Document(
        title=words.say("report.page_title", title=shortened(study.title)),
        language=language,
        kind="report",
        blocks=[
            title_block(result, words),
            first_page(result, words),
            *changes,
            Contents(words.say("report.contents"), entries),
            *(build(result, words) for build in sections.values()),
            signing_lines(words),
            Footer(" · ".join([words.say("report.footer"), *shown_code])),
        ],
        study_title=study.title,
        as_of=study.as_of,
        foot=" · ".join(["circle15", words.say("report.as_of", date=study.as_of), *shown_code]),
        word_head=result.letterhead.word,
    )
