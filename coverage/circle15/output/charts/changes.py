"""What changed between two results, as blocks of a document: waterfall and tables."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from circle15.output.charts.waterfall import Waterfall, WaterfallRow
from circle15.output.document.model import Column, Figure, Listing, Table
from circle15.output.text.changes.wording import (
    PARTS,
    rounded,
    whole_ends_of,
    whole_parts_of,
)
from circle15.output.text.numbers import NOTHING, area, count, decimals, with_sign
from circle15.output.text.wording import printable
from circle15.results.summary.json_numbers import micro
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.document.model import Block, Cell
    from circle15.output.text.changes.tables import ComparisonTable
    from circle15.output.text.changes.wording import ComparisonWords
    from circle15.results.difference.comparison_entries import ChangeEntry, CoverageChange


def change_waterfall(row: CoverageChange, words: ComparisonWords) -> Figure:
    """Return the change of the people covered, part by part."""
    parts = whole_parts_of(row)
    before, after = whole_ends_of(row)
    start = Fraction(micro(row["a"]), c.MICRO)
    rows = [WaterfallRow(words.say("before"), Fraction(0), start, count(before), whole=True)]
    for key in PARTS:
        end = start + Fraction(micro(row[key]), c.MICRO)
        rows.append(WaterfallRow(words.say(key), start, end, with_sign(parts[key])))
        start = end
    rows.append(WaterfallRow(words.say("after"), Fraction(0), start, count(after), whole=True))
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
    changes: Sequence[ChangeEntry | None] = table.changes or [None] * len(table.rows)
    shown = [
        _cells(row, kinds, change)
        for row, change in zip(table.rows[:most], changes[:most], strict=True)
    ]
    blocks: list[Block] = [Table(columns, shown, name=f"compare-{table.key}")]
    if len(table.rows) > most:
        more = words.say("more_rows", rows=count(len(table.rows) - most), where=where)
        blocks.append(Listing([more]))
    return blocks


def _cells(row: Sequence[Any], kinds: Sequence[str], change: ChangeEntry | None) -> list[Cell]:
    """Format a row; of a change the parts add up to its ends, printed as in the reports of both."""
    if change is None:
        return [_cell(value, kind) for value, kind in zip(row, kinds, strict=True)]
    before, after = whole_ends_of(change)
    told = [count(before), *map(with_sign, whole_parts_of(change).values()), count(after)]
    head = len(row) - len(told)
    return [*(_cell(value, kind) for value, kind in zip(row[:head], kinds, strict=False)), *told]


def _cell(value: Any, kind: str) -> str:
    if value is None or value == "":
        return NOTHING
    if kind == "people":
        return count(rounded(value))
    if kind == "km":
        return decimals(value, 3)
    return area(Fraction(value)) if kind == "number" else printable(str(value))
