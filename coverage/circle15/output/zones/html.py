"""Write `zones.html`: one offline file without scripts, a page for each residential zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.document.html_tables import badge, paragraph, table
from circle15.output.document.markup import Child, Markup, el, join
from circle15.output.document.page import page
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.numbers import NOTHING, area, numbers_of
from circle15.output.text.wording import Words, shortened
from circle15.output.zones.pages import Badge, hashes, zone_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.text.numbers import Number
    from circle15.output.zones.pages import Block, Cell, Grid, ZonePage
    from circle15.study.languages import Language
    from circle15.zones.records import ZonePapers


def build_zone_sheets(papers: ZonePapers, language: Language) -> str:
    """
    Build the sheets of all zones, and a last page with the whole hashes of the inputs.

    Returns
    -------
    A complete HTML page whose content-security policy allows nothing but its own style sheet.
    The same papers give the same text.
    """
    words = Words(language, papers.study)
    synthetic = words.say("report.synthetic") if papers.study.synthetic else None
    body = el(
        "body",
        *(_sheet(one, synthetic) for one in zone_pages(papers, words)),
        _sources(papers, words),
        class_="zone-sheets",
    )
    title = words.say("zone_sheet.page_title", title=shortened(papers.study.title))
    return page(title, body, language)


def _sheet(one: ZonePage, synthetic: str | None) -> Markup:
    head = el(
        "header",
        paragraph(one.kicker, "kicker"),
        el("h1", one.title),
        paragraph(one.first, "first") if one.first else None,
        paragraph(join((_cell(one.verdict), " ", one.verdict_text)), "verdict"),
        el("ul", *(el("li", f"{word} ", el("strong", value)) for word, value in one.facts),
           class_="facts"),
        paragraph(synthetic, "synthetic") if synthetic else None,
    )  # fmt: skip
    signing = el("div", *(el("span", word) for word in one.signing), class_="signing")
    return el("article", head, *(_block(block) for block in one.blocks), signing, class_="sheet")


def _block(block: Block) -> Markup:
    lines = join(el("p", line) for line in block.lines)
    return el(
        "section",
        el("h2", block.heading),
        _grid(block.grid) if block.grid else None,
        el("div", lines, class_="lines") if block.lines else None,
        class_=block.key,
    )


def _grid(grid: Grid) -> Markup:
    return table(
        grid.headings, [[_cell(cell, beside=numbers_of(row)) for cell in row] for row in grid.rows]
    )


def _cell(cell: Cell, *, beside: Sequence[Number] = ()) -> Child:
    if isinstance(cell, Badge):
        return badge(cell.word, cell.text)
    if cell is None:
        return NOTHING
    return cell if isinstance(cell, str) else area(cell, apart_from=beside)


def _sources(papers: ZonePapers, words: Words) -> Markup:
    headings = [(words.say("zone_sheet.file"), "t"), ("SHA-256", "k")]
    return el(
        "article",
        el("h1", words.say("zone_sheet.sources_heading")),
        table(headings, hashes(papers), class_="hashes"),
        el("h2", words.say("check.columns")),
        table(
            columns_headings(words),
            columns_rows(tables_of(papers.provenance), words),
            class_="columns",
        ),
        class_="sheet",
    )
