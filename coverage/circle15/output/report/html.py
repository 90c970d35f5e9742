"""Build `report.html`: one file that opens offline, runs no script and prints on A4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.document.markup import Markup, el, join
from circle15.output.document.page import page
from circle15.output.report.coverage_section import coverage_section, speed_section
from circle15.output.report.data import (
    facilities_section,
    issues_section,
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
    signing_lines,
)
from circle15.output.report.quality import quality_section
from circle15.output.report.rules import rules_section
from circle15.output.report.subdistricts import streets_section
from circle15.output.report.zones import zones_section
from circle15.output.text.wording import Words, shortened

if TYPE_CHECKING:
    from circle15.results.records import StudyResult
    from circle15.study.languages import Language

SECTIONS: Final = {
    "coverage": coverage_section,
    "speed": speed_section,
    "streets": streets_section,
    "communities": gaps_section,
    "rules": rules_section,
    "residential": zones_section,
    "facilities": facilities_section,
    "people": people_section,
    "unknown": unknown_section,
    "network": network_section,
    "quality": quality_section,
    "issues": issues_section,
    "parameters": parameters_section,
    "provenance": provenance_section,
    "method": method_section,
}
"""Sections after the first page, by their id, in their order."""


def build_report(result: StudyResult, language: Language) -> str:
    """
    Build the printable report.

    Parameters
    ----------
    result
        What a run has found.
    language
        `zh` or `en`.

    Returns
    -------
    A complete HTML page without scripts or links to other files; its content-security policy
    allows nothing but its own style sheet and the pictures inside it. The same
    result gives the same text.
    """
    words = Words(language, result.study)
    body = el(
        "body",
        title_block(result, words),
        first_page(result, words),
        _contents(words),
        *(build(result, words) for build in SECTIONS.values()),
        signing_lines(words),
        el("footer", words.say("report.footer")),
    )
    title = words.say("report.page_title", title=shortened(result.study.title))
    return page(title, body, language, pictures="data:")


def _contents(words: Words) -> Markup:
    links = (el("li", el("a", words.say(f"report.{key}"), href=f"#{key}")) for key in SECTIONS)
    return el("nav", el("h2", words.say("report.contents")), el("ol", join(links)), id="contents")
