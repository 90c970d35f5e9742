"""The page of a comparison: three sentences, a waterfall, tables."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from circle15.output.charts.waterfall import Waterfall, WaterfallRow
from circle15.output.comparison.tables import comparison_tables
from circle15.output.comparison.wording import (
    PARTS,
    ComparisonWords,
    micro,
    rounded,
    whole_parts_of,
    with_sign,
)
from circle15.output.document.model import (
    Column,
    Definitions,
    Document,
    Figure,
    Footer,
    Header,
    Listing,
    Section,
    Table,
)
from circle15.output.text.numbers import NOTHING, area, count
from circle15.output.text.wording import printable, shortened
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.comparison.tables import ComparisonTable
    from circle15.output.document.model import Block, Cell
    from circle15.results.difference.comparison_entries import Comparison, CoverageChange
    from circle15.study.languages import Language

MOST_ROWS = 60
"""Rows of a table on the page; the workbook has all."""


def comparison_document(found: Comparison, language: Language) -> Document:
    """Return a comparison as a document for the HTML and Word renderers."""
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
        first.append(_waterfall(found["headline"], words))
    sections = [_section(table, words) for table in comparison_tables(_headline_rows(found), words)]
    return Document(
        title=title,
        language=language,
        kind="report",
        blocks=[
            Header(title, shortened(printable(b["title"])), [Definitions(sides)]),
            Section("summary", None, first),
            *sections,
            Footer(words.say("footer")),
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


def _waterfall(row: CoverageChange, words: ComparisonWords) -> Figure:
    parts = whole_parts_of(row)
    start = Fraction(micro(row["a"]), c.MICRO)
    rows = [
        WaterfallRow(words.say("before"), Fraction(0), start, count(rounded(row["a"])), whole=True)
    ]
    for key in PARTS:
        end = start + Fraction(micro(row[key]), c.MICRO)
        rows.append(WaterfallRow(words.say(key), start, end, with_sign(parts[key])))
        start = end
    rows.append(
        WaterfallRow(words.say("after"), Fraction(0), start, count(rounded(row["b"])), whole=True)
    )
    title = words.say(
        "waterfall",
        group=words.group(row["group"]),
        services=words.services(row["category"]),
        minutes=row["cutoff_min"],
    )
    return Figure(title, Waterfall(rows), words.say("waterfall_note"))


def _section(table: ComparisonTable, words: ComparisonWords) -> Section:
    kinds = [kind for _, kind in table.columns]
    columns = [
        Column(words.say(key), "t" if kind == "text" else "n") for key, kind in table.columns
    ]
    shown = [_cells(row, kinds) for row in table.rows[:MOST_ROWS]]
    blocks: list[Block] = [Table(columns, shown, name=f"compare-{table.key}")]
    if len(table.rows) > MOST_ROWS:
        more = words.say("more_rows", rows=count(len(table.rows) - MOST_ROWS))
        blocks.append(Listing([more]))
    return Section(f"compare-{table.key}", words.say(f"table_{table.key}"), blocks)


def _cells(row: Sequence[Any], kinds: Sequence[str]) -> list[Cell]:
    """Format a row; parts of a change add up to its rounded ends."""
    parts: dict[str, int] = {}
    if "part" in kinds:
        first = kinds.index("part")
        amounts = dict(zip(("a", *PARTS), row[first - 1 :], strict=False))
        parts = whole_parts_of(amounts)
    signed = iter(parts.values())
    return [
        with_sign(next(signed)) if kind == "part" else _cell(value, kind)
        for value, kind in zip(row, kinds, strict=True)
    ]


def _cell(value: Any, kind: str) -> str:
    if value is None or value == "":
        return NOTHING
    if kind == "people":
        return count(rounded(value))
    return area(Fraction(value)) if kind == "number" else printable(str(value))
