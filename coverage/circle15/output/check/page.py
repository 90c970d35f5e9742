"""The HTML page of `circle15 check --html`: one offline, printable file without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.check import words as check_words
from circle15.output.document.html import render_html
from circle15.output.document.model import (
    Column,
    Document,
    Footer,
    Header,
    KeyFigure,
    KeyFigures,
    Notice,
    Paragraph,
    Section,
    Subheading,
    Table,
)
from circle15.output.document.texts import Badge
from circle15.output.text.numbers import NOTHING, count
from circle15.output.text.wording import Words, shortened
from circle15.results.check.outcome import counts_by_severity, group_findings

if TYPE_CHECKING:
    from circle15.output.document.model import Block, Cell
    from circle15.results.check.outcome import CheckOutcome, FindingGroup
    from circle15.study.languages import Language


def build_check_page(outcome: CheckOutcome, language: Language) -> str:
    """
    Return the HTML page of a check.

    Returns
    -------
    A complete page whose Content-Security-Policy allows only its own style sheet.
    The same outcome gives the same text.
    """
    return render_html(check_document(outcome, language))


def check_document(outcome: CheckOutcome, language: Language) -> Document:
    """Return a check as a document: verdict, findings, inputs read."""
    words = Words(language, outcome.study)
    read = [block for sheet in check_words.sheets(outcome, words) for block in _sheet(sheet, words)]
    return Document(
        title=words.say("check.page_title", title=shortened(outcome.study.title)),
        language=language,
        kind="check",
        blocks=[
            _head(outcome, words),
            Section("found", words.say("check.found"), [_findings(outcome, words)]),
            Section("read", words.say("check.read"), read),
            Footer(words.say("check.footer")),
        ],
        study_title=outcome.study.title,
        as_of=outcome.study.as_of,
    )


def _head(outcome: CheckOutcome, words: Words) -> Header:
    figures = [
        KeyFigure(words.say(f"report.severity_{key}"), count(n), tone=key if n else None)
        for key, n in counts_by_severity(outcome.findings).items()
    ]
    verdict = Badge("met" if outcome.ready else "not_met", check_words.verdict(outcome, words))
    blocks: list[Block] = [Paragraph(verdict, "verdict"), KeyFigures(figures)]
    if outcome.study.synthetic:
        blocks.insert(0, Notice(words.say("report.synthetic"), "warning"))
    return Header(shortened(outcome.study.title), words.say("check.kicker"), blocks)


def _findings(outcome: CheckOutcome, words: Words) -> Block:
    found = group_findings(outcome.findings)
    if not found:
        return Paragraph(words.say("check.nothing"))
    columns = [
        Column(words.say("check.found_severity"), "c"),
        *(Column(words.say(f"check.found_{key}")) for key in ("what", "place", "touches")),
    ]
    return Table(columns, [_row(one, words) for one in found], name="findings")


def _row(finding: FindingGroup, words: Words) -> list[Cell]:
    severity = finding.first.severity
    return [
        Badge(severity, words.say(f"report.severity_{severity}")),
        check_words.message(finding, words),
        check_words.place(finding, words),
        check_words.touches(finding, words) or NOTHING,
    ]


def _sheet(sheet: check_words.Sheet, words: Words) -> list[Block]:
    heading = Subheading(words.say(f"check.{sheet.key}"))
    table = Table(sheet.columns, sheet.rows, name=sheet.key)
    if sheet.key != "datums":
        return [heading, table]
    return [heading, Paragraph(words.say("check.datums_note"), "caption"), table]
