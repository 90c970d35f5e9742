"""Write `zones.docx`: a page for each residential zone, to be edited, signed and filed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docx.shared import Pt

from circle15.output.document.docx_file import VERDICT_COLOURS, append, new_document, packed
from circle15.output.document.docx_styles import add_styles
from circle15.output.document.docx_tables import (
    CELL_STYLES,
    PLAIN_STYLE,
    TABLE_STYLE,
    TEXT_STYLE,
    assembled,
    cell,
    style,
    tr,
)
from circle15.output.document.docx_text import PLAIN, Look, run
from circle15.output.document.docx_widths import Measured, column_widths
from circle15.output.document.html_tables import SHAPES
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.numbers import NOTHING, area, numbers_of
from circle15.output.text.wording import Words
from circle15.output.zones.pages import Badge, Grid, hashes, zone_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from circle15.output.text.numbers import Number
    from circle15.output.zones.pages import Cell, ZonePage
    from circle15.study.languages import Language
    from circle15.zones.records import ZonePapers

_MARGIN_MM: Final = (12, 10)
_PAGE: Final = round((210 - 2 * _MARGIN_MM[0]) * 1440 / 25.4)
_SIZES: Final = {
    "Normal": 8.0, "Heading 1": 15.0, "Heading 2": 9.5, "Body Text": 8.0, "Caption": 7.0,
    "Kicker": 7.5, "Facts": 8.0, "Notice": 9.5, "Signing": 8.0,
}  # fmt: skip
_LINES: Final = {
    "Body Text": 10.5, "Caption": 9.0, "Facts": 10.5, "Table Text": 10.5, "Table Number": 10.5,
    "Table Centred": 10.5, "Table Key": 10.0,
}  # fmt: skip
"""Points: a zone with all that can be said of one has to fit its page."""


def write_zone_document(papers: ZonePapers, path: Path, language: Language) -> None:
    """Write the document; the same papers give the same bytes."""
    words = Words(language, papers.study)
    document = new_document(papers.study, language, margin_mm=_MARGIN_MM)
    add_styles(document)
    _tighten(document.styles)
    blocks = [
        part
        for number, page in enumerate(zone_pages(papers, words))
        for part in _page(page, first=number == 0)
    ]
    heading = words.say("zone_sheet.sources_heading")
    blocks.append(_paragraph(heading, "Heading1", break_before=bool(papers.dossiers)))
    headings = [(words.say("zone_sheet.file"), "t"), ("SHA-256", "k")]
    blocks.append(_grid(Grid(headings, hashes(papers))))
    blocks.append(_paragraph(words.say("check.columns"), "Heading2"))
    told = columns_rows(tables_of(papers.provenance), words)
    blocks.append(_grid(Grid(columns_headings(words), told)))
    append(document, "".join(blocks))
    path.write_bytes(packed(document))


def _tighten(styles: Any) -> None:
    for name, size in _SIZES.items():
        styles[name].font.size = Pt(size)
        styles[name].paragraph_format.space_after = Pt(0)
    # Fonts of Chinese characters take half as much again as their size; small print needs less.
    for name, points in _LINES.items():
        styles[name].paragraph_format.line_spacing = Pt(points)
    styles["Heading 1"].paragraph_format.space_before = Pt(0)
    styles["Heading 2"].paragraph_format.space_before = Pt(4)
    styles["Heading 2"].paragraph_format.space_after = Pt(1)
    styles["Signing"].paragraph_format.space_before = Pt(4)
    styles["Signing"].paragraph_format.space_after = Pt(16)


def _page(page: ZonePage, *, first: bool) -> Iterator[str]:
    yield _paragraph(page.kicker, "Kicker", break_before=not first)
    yield _paragraph(page.title, "Heading1")
    if page.first:
        yield _paragraph(page.first, "Notice")
    verdict = _badge(page.verdict, size=21) + run(f"\u2002{page.verdict_text}", Look(size=19))
    yield f"<w:p>{style('Verdict')}{verdict}</w:p>"
    yield _paragraph(" · ".join(f"{word} {value}" for word, value in page.facts), "Facts")
    for block in page.blocks:
        yield _paragraph(block.heading, "Heading2")
        if block.grid is not None:
            yield _grid(block.grid)
        for line in block.lines:
            yield _paragraph(line, "Caption" if block.key == "parameters" else "BodyText")
    yield _paragraph("", "TableGap")
    yield _signing(page)


def _signing(page: ZonePage) -> str:
    wide = _PAGE // len(page.signing)
    line = '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:color="1C2733"/></w:tcBorders>'
    cells = [cell([_paragraph(word, "Signing")], wide, more=line) for word in page.signing]
    return assembled([tr(cells)], [wide] * len(cells), PLAIN_STYLE, head=False)


def _grid(grid: Grid) -> str:
    kinds = [kind for _, kind in grid.headings]
    names = [text for text, _ in grid.headings]
    measured = [
        [Measured([_text(one, numbers_of(row))], whole=kind in {"n", "k"}) for one, kind in zip(
            row, kinds, strict=True)]
        for row in grid.rows
    ]  # fmt: skip
    widths = column_widths([names], measured, _PAGE)
    rows = [_row(names, kinds, widths, Look(bold=True), head=True)]
    rows += [_row(row, kinds, widths, PLAIN) for row in grid.rows]
    return assembled(rows, widths, TABLE_STYLE, head=True)


def _row(cells: Any, kinds: list[str], widths: list[int], look: Look, *, head: bool = False) -> str:
    written, beside = [], numbers_of(cells)
    for content, kind, wide in zip(cells, kinds, widths, strict=True):
        text = _badge(content) if isinstance(content, Badge) else run(_text(content, beside), look)
        named = CELL_STYLES.get(kind, TEXT_STYLE)
        written.append(cell([f"<w:p>{style(named)}{text}</w:p>"], wide))
    return tr(written, head=head)


def _text(content: Cell, beside: Sequence[Number] = ()) -> str:
    if isinstance(content, Badge):
        return f"{SHAPES[content.word]} {content.text}"
    if content is None:
        return NOTHING
    return content if isinstance(content, str) else area(content, apart_from=beside)


def _paragraph(text: str, named: str, *, break_before: bool = False) -> str:
    properties = f'<w:pStyle w:val="{named}"/>{"<w:pageBreakBefore/>" * break_before}'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text) if text else ''}</w:p>"


def _badge(badge: Badge, *, size: int | None = None) -> str:
    return run(_text(badge), Look(bold=True, colour=VERDICT_COLOURS[badge.word], size=size))
