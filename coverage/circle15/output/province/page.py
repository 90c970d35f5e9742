"""The page of a province: sentences, key figures, a map of districts, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle15.output.document.html import html_blocks
from circle15.output.document.markup import el
from circle15.output.document.model import (
    Column,
    Contents,
    Facts,
    Footer,
    Header,
    KeyFigure,
    KeyFigures,
    Listing,
    Notice,
    Paragraph,
    Section,
    Table,
)
from circle15.output.document.page import page
from circle15.output.document.texts import Link
from circle15.output.province.district_map import district_map
from circle15.output.province.tables import province_tables
from circle15.output.province.wording import ProvinceWords
from circle15.output.text.numbers import (
    NOTHING,
    area_or_none,
    count,
    decimals,
    people,
    percent,
    split_people,
)
from circle15.results.province.kept_districts import counts_of
from circle15.results.summary.json_numbers import micro

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from circle15.output.document.model import Block, Cell, Kind
    from circle15.output.province.tables import ProvinceTable
    from circle15.results.province.province_entries import Province
    from circle15.study.languages import Language


def province_page(
    found: Province, outlines: Mapping[str, BaseGeometry | None], language: Language
) -> str:
    """
    Return the page, which opens offline and runs no script; its links lead to the districts.

    Parameters
    ----------
    found
        The province.
    outlines
        Area of each study by its name, also of missing ones, degrees (WGS 84); None if unknown.
    language
        Language of its texts.
    """
    words = ProvinceWords(language, found)
    tables = province_tables(found, words)
    first: list[Block] = [Listing(words.sentences(), numbered=True), *_figures(found, words)]
    remarks = [words.remark(one) for one in found["remarks"]]
    head: list[Block] = [Header(words.heading(), words.say("kicker"), [Facts(words.facts())])]
    head += [Notice(text, "important") for text in words.warnings()]
    told: list[Block] = [Paragraph(words.say("remarks")), Listing(remarks)]
    warned = [Section("remarks", None, told)] if remarks else []
    contents = [(f"province-{one.key}", words.say(f"table_{one.key}")) for one in tables]
    body = el(
        "body",
        html_blocks([*head, Section("headline-of-all", None, first), *warned]),
        district_map(found, outlines, words),
        html_blocks([Contents(words.say("contents"), contents)]),
        html_blocks([_section(table, words) for table in tables]),
        html_blocks([Footer(words.say("footer"))]),
    )
    return page(words.heading(), body, language)


def _figures(found: Province, words: ProvinceWords) -> list[Block]:
    """Return the key figures of the headline that most districts ask."""
    if not found["headline"]:
        return []
    row = found["headline"][0]
    persons, covered, gap, unknown = split_people(counts_of(row))
    unit = words.say("persons")
    return [
        KeyFigures(
            [
                KeyFigure(words.say("col_persons"), persons, unit),
                KeyFigure(words.say("col_covered"), covered, unit, "covered"),
                KeyFigure(words.say("col_gap"), gap, unit, "gap"),
                KeyFigure(words.say("col_unknown"), unknown, unit, "unknown"),
                KeyFigure(words.say("col_share"), percent(row["share_covered"]), None, "covered"),
            ]
        )
    ]


def _section(table: ProvinceTable, words: ProvinceWords) -> Section:
    rows = table.rows if table.shown is None else table.rows[: table.shown]
    columns = [
        Column(words.say(key), _kind(kind, k)) for k, (key, kind) in enumerate(table.columns)
    ]
    lines = [_line(table, number, row) for number, row in enumerate(rows)]
    blocks: list[Block] = [Table(columns, lines, name=f"province-{table.key}")]
    more = len(table.rows) - len(rows)
    if more:
        blocks.append(
            Paragraph(
                words.say("more_rows", n=count(more), sheet=words.say(f"table_{table.key}")),
                "caption",
            )
        )
    if f"note_{table.key}" in NOTES:
        blocks.append(Paragraph(words.say(f"note_{table.key}", **words.of_zones()), "caption"))
    return Section(f"province-{table.key}", words.say(f"table_{table.key}"), blocks)


NOTES = ("note_districts", "note_rules", "note_new_sites_by_category", "note_files")
"""Tables with a note below."""


def _kind(kind: str, place: int) -> Kind:
    if kind == "text":
        return "t"
    return "c" if place == 0 else "n"


def _line(table: ProvinceTable, number: int, row: Sequence[Any]) -> list[Cell]:
    cells: list[Cell] = [
        _cell(kind, value) for (_, kind), value in zip(table.columns, row, strict=True)
    ]
    if table.states is not None:
        first = table.states
        keys = ("persons", "covered", "gap", "unknown")
        counts = counts_of(dict(zip(keys, row[first : first + 4], strict=True)))
        cells[first : first + 4] = split_people(counts)
    if number in table.links:
        column, address = table.links[number]
        cells[column] = Link(str(row[column]), address)
    return cells


def _cell(kind: str, value: Any) -> Cell:
    match kind:
        case _ if value is None:
            return NOTHING
        case "people":
            return people(micro(value))
        case "share":
            return percent(value)
        case "degrees":
            return decimals(value, 5)
        case "number":
            return count(value) if isinstance(value, int) else area_or_none(value) or NOTHING
        case _:
            return str(value)
