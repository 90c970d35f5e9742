"""What changed between two results, as blocks of a document: waterfall and tables."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from circle15.output.charts.waterfall import Waterfall, WaterfallRow
from circle15.output.document.model import Column, Figure, Listing, Table
from circle15.output.text.changes.wording import PARTS, micro, rounded, whole_parts_of, with_sign
from circle15.output.text.numbers import NOTHING, area, count, decimals
from circle15.output.text.wording import printable
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.document.model import Block, Cell
    from circle15.output.text.changes.tables import ComparisonTable
    from circle15.output.text.changes.wording import ComparisonWords
    from circle15.results.difference.comparison_entries import CoverageChange


def change_waterfall(row: CoverageChange, words: ComparisonWords) -> Figure:
    """Return the change of the people covered, part by part."""
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


def change_table(
    table: ComparisonTable, words: ComparisonWords, *, most: int, where: str
) -> list[Block]:
    """Return a table with its first rows; of more, a line says how many and `where` they are."""
    kinds = [kind for _, kind in table.columns]
    columns = [
        Column(words.say(key), "t" if kind == "text" else "n") for key, kind in table.columns
    ]
    shown = [_cells(row, kinds) for row in table.rows[:most]]
    blocks: list[Block] = [Table(columns, shown, name=f"compare-{table.key}")]
    if len(table.rows) > most:
        more = words.say("more_rows", rows=count(len(table.rows) - most), where=where)
        blocks.append(Listing([more]))
    return blocks


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
    if kind == "km":
        return decimals(value, 3)
    return area(Fraction(value)) if kind == "number" else printable(str(value))
