"""The page of a comparison: three sentences, a waterfall, tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from circle15.output.charts.changes import change_table, change_waterfall
from circle15.output.document.model import (
    Definitions,
    Document,
    Footer,
    Header,
    Listing,
    Paragraph,
    Section,
)
from circle15.output.text.changes.tables import comparison_tables
from circle15.output.text.changes.wording import ComparisonWords
from circle15.output.text.wording import printable, shortened

if TYPE_CHECKING:
    from circle15.output.document.model import Block
    from circle15.output.text.changes.tables import ComparisonTable
    from circle15.results.difference.comparison_entries import Comparison
    from circle15.study.languages import Language

MOST_ROWS = 60
"""Rows of a table on the page; the workbook has all."""


def comparison_document(
    found: Comparison, language: Language, *, code: str | None = None
) -> Document:
    """Return a comparison, which bears its `code`, as a document for the renderers."""
    words = ComparisonWords(language)
    a, b = found["a"], found["b"]
    title = words.say("title", a=a["as_of"], b=b["as_of"])
    sides = [
        (
            words.say("side", side=side),
            printable(f"{one['title']} · {one['as_of']} · circle15 {one['circle15']}"),
        )
        for side, one in (("A", a), ("B", b))
    ]
    first: list[Block] = [Listing(words.sentences(found), numbered=True)]
    if found["headline"] is not None:
        first.append(change_waterfall(found["headline"], words))
    behind = words.behind_with_tables(found)
    if behind is not None:
        first.append(Paragraph(behind))
    sections = [_section(table, words) for table in comparison_tables(_headline_rows(found), words)]
    shown_code = [] if code is None else [words.codes(found, code)]
    return Document(
        title=title,
        language=language,
        kind="report",
        blocks=[
            Header(title, shortened(printable(b["title"])), [Definitions(sides)]),
            Section("summary", None, first),
            *sections,
            Footer(" · ".join([words.say("footer"), *shown_code])),
        ],
        study_title=b["title"],
        as_of=dt.date.fromisoformat(b["as_of"]),
        foot=f"circle15 · {title}",
    )


def _headline_rows(found: Comparison) -> Comparison:
    """Keep the headline's cutoff, and of the zones its category; the workbook has all."""
    head = found["headline"]
    if head is None:
        return found
    key = (head["category"], head["cutoff_min"])
    zones = [row for row in found["zones"] if (row["category"], row["cutoff_min"]) == key]
    coverage = [row for row in found["coverage"] if row["cutoff_min"] == head["cutoff_min"]]
    return {**found, "coverage": coverage, "zones": zones}


def _section(table: ComparisonTable, words: ComparisonWords) -> Section:
    blocks = change_table(table, words, most=MOST_ROWS, where="compare.xlsx")
    return Section(f"compare-{table.key}", words.say(f"table_{table.key}"), blocks)
