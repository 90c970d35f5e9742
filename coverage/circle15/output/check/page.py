"""The page of `circle15 check --html`: one offline file without scripts, fit to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.check import words as check_words
from circle15.output.check.findings import counts_by_severity, group_findings
from circle15.output.document.html_tables import paragraph, table
from circle15.output.document.markup import Markup, el
from circle15.output.document.page import page
from circle15.output.text.numbers import NOTHING, count
from circle15.output.text.wording import Words, shortened

if TYPE_CHECKING:
    from circle15.output.check.findings import CheckOutcome, Finding
    from circle15.study.languages import Language


def build_check_page(outcome: CheckOutcome, language: Language) -> str:
    """
    Build the page of a check.

    Returns
    -------
    A complete HTML page whose content-security policy allows nothing but its own style sheet.
    The same outcome gives the same text.
    """
    words = Words(language, outcome.study)
    body = el(
        "body",
        _head(outcome, words),
        _findings(outcome, words),
        el(
            "section",
            el("h2", words.say("check.read")),
            *(_sheet(one, words) for one in check_words.sheets(outcome, words)),
            id="read",
        ),
        el("footer", words.say("check.footer")),
        class_="check",
    )
    title = words.say("check.page_title", title=shortened(outcome.study.title))
    return page(title, body, language)


def _head(outcome: CheckOutcome, words: Words) -> Markup:
    counts = counts_by_severity(outcome.issues)
    cards = (
        el(
            "div",
            el("span", words.say(f"report.severity_{key}"), class_="what"),
            el("span", count(n), class_="figure"),
            class_=f"card {key}" if n else "card",
        )
        for key, n in counts.items()
    )
    state = "met" if outcome.ready else "not_met"
    mark = "●" if outcome.ready else "▲"
    synthetic = words.say("report.synthetic") if outcome.study.synthetic else None
    return el(
        "header",
        paragraph(words.say("check.kicker"), "kicker"),
        el("h1", shortened(outcome.study.title)),
        paragraph(synthetic, "synthetic") if synthetic else None,
        paragraph(
            el("span", el("i", mark), check_words.verdict(outcome, words), class_=f"badge {state}"),
            "verdict",
        ),
        el("div", *cards, class_="cards"),
    )


def _findings(outcome: CheckOutcome, words: Words) -> Markup:
    found = group_findings(outcome.issues)
    if not found:
        return el(
            "section", el("h2", words.say("check.found")), paragraph(words.say("check.nothing"))
        )
    headings = [
        (words.say(f"check.found_{key}"), kind)
        for key, kind in zip(("severity", "what", "place", "touches"), "cttt", strict=True)
    ]
    rows = [_row(one, words) for one in found]
    return el(
        "section",
        el("h2", words.say("check.found")),
        table(headings, rows, class_="findings"),
        id="found",
    )


def _row(finding: Finding, words: Words) -> Markup:
    severity = finding.first.severity
    word = words.say(f"report.severity_{severity}")
    return el(
        "tr",
        el("th", el("span", word, class_=f"badge {severity}"), class_="c", scope="row"),
        el("td", check_words.message(finding, words), class_="t"),
        el("td", check_words.place(finding, words), class_="t"),
        el("td", check_words.touches(finding, words) or NOTHING, class_="t"),
    )


def _sheet(sheet: check_words.Sheet, words: Words) -> Markup:
    note = words.say("check.datums_note") if sheet.key == "datums" else None
    return el(
        "div",
        el("h3", words.say(f"check.{sheet.key}")),
        paragraph(note, "caption") if note else None,
        table(sheet.headings, sheet.rows, class_=sheet.key),
    )
