"""Write `zones.docx`: a page for each residential zone, to be edited, signed and filed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from circle15.output.docx_file import VERDICT_COLOURS, new_document, packed
from circle15.output.numbers import NOTHING, area
from circle15.output.report_tables import SHAPES
from circle15.output.wording import Words, printable
from circle15.output.zone_pages import Badge, Grid, hashes, zone_pages

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document as Doc
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

    from circle15.output.zone_dossier import ZonePapers
    from circle15.output.zone_pages import Cell, ZonePage
    from circle15.study.config import Language

_SMALL, _BODY, _PART, _TITLE = Pt(7.5), Pt(8), Pt(9.5), Pt(15)
_PAGE_MM: Final = 186
_ALIGN: Final = {"n": WD_ALIGN_PARAGRAPH.RIGHT, "c": WD_ALIGN_PARAGRAPH.CENTER}
_SHARES: Final = {"t": 2.6, "n": 1.0, "c": 1.25}
"""Widths of columns of text, numbers and verdicts, one to another."""


def write_zone_document(papers: ZonePapers, path: Path, language: Language) -> None:
    """Write the document; the same papers give the same bytes."""
    words = Words(language, papers.study)
    document = new_document(papers.study, language, margin_mm=(12, 10))
    document.styles["Normal"].font.size = _BODY
    for number, page in enumerate(zone_pages(papers, words)):
        _page(document, page, first=number == 0)
    title = _paragraph(document, words.say("zone_sheet.sources_heading"), _TITLE, bold=True)
    title.paragraph_format.page_break_before = bool(papers.dossiers)
    headings = [(words.say("zone_sheet.file"), "t"), ("SHA-256", "t")]
    _grid(document, Grid(headings, hashes(papers)))
    path.write_bytes(packed(document))


def _page(document: Doc, page: ZonePage, *, first: bool) -> None:
    kicker = _paragraph(document, page.kicker, _SMALL, colour="5A6672")
    kicker.paragraph_format.page_break_before = not first
    _paragraph(document, page.title, _TITLE, bold=True)
    if page.first:
        _shade(_paragraph(document, page.first, _PART, bold=True), "FFF5E8")
    verdict = _paragraph(document, "", _PART)
    _badge(verdict, page.verdict, Pt(12))
    _run(verdict, f"  {page.verdict_text}", _PART)
    facts = " · ".join(f"{word} {value}" for word, value in page.facts)
    _paragraph(document, facts, _BODY, colour="5A6672")
    for block in page.blocks:
        heading = _paragraph(document, block.heading, _PART, bold=True)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(5), Pt(1)
        heading.paragraph_format.keep_with_next = True
        if block.grid is not None:
            _grid(document, block.grid)
        for line in block.lines:
            _paragraph(document, line, _SMALL if block.key == "parameters" else _BODY)
    _paragraph(document, "", _BODY)
    _signing(document, page)


def _signing(document: Doc, page: ZonePage) -> None:
    table = document.add_table(rows=1, cols=len(page.signing))
    for cell, word in zip(table.rows[0].cells, page.signing, strict=True):
        _run(cell.paragraphs[0], word, _BODY)
        cell.paragraphs[0].paragraph_format.space_after = Pt(16)
        _border(cell, "1C2733")


def _grid(document: Doc, grid: Grid) -> None:
    table = document.add_table(rows=0, cols=len(grid.headings))
    table.autofit = False
    shares = [_SHARES[kind] for _, kind in grid.headings]
    widths = [Mm(_PAGE_MM * share / sum(shares)) for share in shares]
    kinds = [kind for _, kind in grid.headings]
    _row(table, [text for text, _ in grid.headings], kinds, widths, head=True)
    for cells in grid.rows:
        _row(table, cells, kinds, widths)


def _row(
    table: Table, cells: Any, kinds: list[str], widths: list[Any], *, head: bool = False
) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx leaves it without types
    if head:
        marked = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(marked)
    for cell, content, kind, width in zip(row.cells, cells, kinds, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        if kind in _ALIGN:
            paragraph.alignment = _ALIGN[kind]
        if isinstance(content, Badge):
            _badge(paragraph, content, _BODY)
        else:
            _run(paragraph, _text(content), _BODY, bold=head)
        _border(cell, "1C2733" if head else "C9D1D9")
        if head:
            _shade_cell(cell, "E8EEF4")


def _text(cell: Cell) -> str:
    if cell is None:
        return NOTHING
    return cell if isinstance(cell, str) else "" if isinstance(cell, Badge) else area(cell)


def _paragraph(
    document: Doc, text: str, size: Any, *, bold: bool = False, colour: str | None = None
) -> Paragraph:
    paragraph = document.add_paragraph()
    if text:
        _run(paragraph, text, size, bold=bold, colour=colour)
    return paragraph


def _run(
    paragraph: Paragraph, text: str, size: Any, *, bold: bool = False, colour: str | None = None
) -> None:
    run = paragraph.add_run(printable(text))
    run.font.size, run.bold = size, bold
    if colour is not None:
        run.font.color.rgb = RGBColor.from_string(colour)


def _badge(paragraph: Paragraph, badge: Badge, size: Any) -> None:
    text = f"{SHAPES[badge.word]} {badge.text}"
    _run(paragraph, text, size, bold=True, colour=VERDICT_COLOURS[badge.word])


def _shade(paragraph: Paragraph, colour: str) -> None:
    paragraph._p.get_or_add_pPr().append(_shading(colour))


def _shade_cell(cell: _Cell, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(_shading(colour))


def _shading(colour: str) -> Any:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), colour)
    return shading


def _border(cell: _Cell, colour: str) -> None:
    """Draw the line below a cell."""
    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("color", colour)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    cell._tc.get_or_add_tcPr().append(borders)
