"""Write `zones.xlsx`: an overview of all residential zones, and a worksheet for each."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from circle15.output.document.model import (
    Column,
    Facts,
    Lines,
    Notice,
    Paragraph,
    Section,
    Signing,
    Table,
    cells_of,
)
from circle15.output.document.texts import Badge, joined, plain
from circle15.output.document.workbook_file import (
    FONT,
    LONGEST_CELL,
    WIDEST,
    new_workbook,
    sheet_name,
    text_width,
)
from circle15.output.document.write_faults import disk_faults_named
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.numbers import MOST_DIGITS, digits_apart, numbers_of
from circle15.output.text.palette import INKS
from circle15.output.text.wording import Words, printable
from circle15.output.zones.pages import hashes, overview, zone_pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle15.output.document.model import Block, Cell, Page
    from circle15.output.text.numbers import Number
    from circle15.study.languages import Language
    from circle15.zones.records import ZonePapers

MOST_SHEETS: Final = 200
"""Most worksheets of single zones; programs cannot open a workbook with thousands of them."""

_COLUMNS: Final = 7
_WIDTHS: Final = (32, 20, 28, 22, 13, 14, 14)
_BOLD, _INDENT = 1.2, 2


def write_zone_workbook(
    papers: ZonePapers, path: Path, language: Language, *, code: str | None = None
) -> None:
    """
    Write the workbook of a check of residential zones.

    Text from data is never turned into formulas or links. Numbers keep full precision and are
    rounded only by their format. The same input gives the same bytes.
    """
    words = Words(language, papers.study)
    with disk_faults_named(path), new_workbook(path, papers.study) as book:
        writer = _Writer(book, words)
        writer.write_overview(overview(papers, words), len(papers.dossiers))
        for number, page in enumerate(zone_pages(papers, words, code)):
            if number == MOST_SHEETS:
                break
            writer.write_page(page)
        files = Table([Column(words.say("zone_sheet.file")), Column("SHA-256")], hashes(papers))
        writer.write_list(words.say("zone_sheet.sources"), files)
        rows = columns_rows(tables_of(papers.provenance), words)
        columns = Table([Column(one) for one in columns_headings(words)], rows)
        writer.write_list(words.say("zone_sheet.columns"), columns)


def head_lines(headings: Sequence[str]) -> int:
    """
    Return the lines of the tallest heading of a worksheet; bold words are wider and not split.

    Examples
    --------
    >>> head_lines(["Category", "State"]), head_lines(["a", "b", "c", "d", "Verdict 2025-12-31"])
    (1, 2)
    """
    lines = [1]
    for text, width in zip(headings, _WIDTHS, strict=False):
        rest, count = 0.0, 1
        for word in text.split():
            wide = text_width(word) * _BOLD
            if rest and rest + wide > width - _INDENT:
                rest, count = 0.0, count + 1
            rest += wide + 1
            count += int(wide // width)  # Chinese has no spaces
        lines.append(count)
    return max(lines)


class _Writer:
    """Writes worksheets with shared formats."""

    def __init__(self, book: Any, words: Words) -> None:
        self.book = book
        self.words = words
        self.names: list[str] = []
        font = {"font_name": FONT[words.language], "font_size": 9, "valign": "top"}
        cell = {**font, "bottom": 1, "bottom_color": "#C9D1D9"}
        self.numbers = {
            digits: book.add_format({**cell, "num_format": "#,##0." + "0" * 2 + "#" * (digits - 2)})
            for digits in range(2, MOST_DIGITS + 1)
        }
        self.whole = book.add_format({**cell, "num_format": "#,##0"})
        self.text = book.add_format({**cell, "num_format": "@", "text_wrap": True, "indent": 1})
        self.text_of_numbers = book.add_format({**cell, "num_format": "@", "align": "right"})
        self.line = book.add_format({**font, "num_format": "@", "text_wrap": True})
        self.head = book.add_format(
            {
                **font,
                "bold": True,
                "bg_color": "#E8EEF4",
                "bottom": 2,
                "text_wrap": True,
                "indent": 1,
            }
        )
        self.head_of_numbers = book.add_format(
            {
                **font,
                "bold": True,
                "bg_color": "#E8EEF4",
                "bottom": 2,
                "text_wrap": True,
                "align": "right",
            }
        )
        self.title = book.add_format({**font, "bold": True, "font_size": 15})
        self.part = book.add_format({**font, "bold": True, "font_size": 11, "top": 2})
        self.verdicts = {
            word: book.add_format({**cell, "bold": True, "font_color": colour, "indent": 1})
            for word, colour in INKS.items()
        }
        self.first = book.add_format(
            {**font, "bold": True, "bg_color": "#FFF5E8", "text_wrap": True, "font_size": 10}
        )
        self.kicker = book.add_format({**font, "font_color": "#5A6672"})
        self.sign = book.add_format({**font, "bottom": 1})

    def write_overview(self, table: Table, zones: int) -> None:
        sheet = self.write_list(self.words.say("zone_sheet.overview"), table)
        sheet.freeze_panes(1, 2)
        if zones > MOST_SHEETS:
            text = self.words.say("zone_sheet.too_many", count=MOST_SHEETS)
            sheet.write_string(zones + 2, 0, text, self.title)

    def write_list(self, name: str, table: Table) -> Any:
        sheet = self._sheet(name)
        sheet.freeze_panes(1, 0)
        widths = [min(text_width(text), 14) for text, _ in table.columns]
        for k, (text, kind) in enumerate(table.columns):
            sheet.write_string(0, k, text, self._head(kind))
        rows = cells_of(table)
        for r, row in enumerate(rows, 1):
            for k, cell in enumerate(row):
                self._cell(sheet, r, k, cell, beside=numbers_of(row))
                widths[k] = max(widths[k], text_width(_text(cell)))
        for k, width in enumerate(widths):
            sheet.set_column(k, k, min(width + 2, WIDEST + 10))
        sheet.autofilter(0, 0, max(len(rows), 1), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        return sheet

    def write_page(self, page: Page) -> None:
        sheet = self._sheet(page.key)
        for k, width in enumerate(_WIDTHS):
            sheet.set_column(k, k, width)
        sheet.write_string(0, 0, page.header.kicker, self.kicker)
        sheet.write_string(1, 0, printable(page.header.title), self.title)
        sheet.set_row(1, 24)
        row = 2
        for block in (*page.header.blocks, *page.blocks):
            row = self._block(sheet, row, block)
        sheet.set_landscape()
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 1)
        sheet.hide_gridlines(2)

    def _block(self, sheet: Any, row: int, block: Block) -> int:
        """Write a block of a page; return the next row."""
        match block:
            case Notice():
                return self._wide(sheet, row, plain(block.text), self.first)
            case Paragraph(text=(Badge() as verdict, *rest)):
                self._cell(sheet, row, 0, verdict)
                self._wide(sheet, row, plain(joined(*rest)).lstrip(), self.line, start=1)
                sheet.freeze_panes(row + 1, 0)
                return row + 1
            case Facts():
                facts = " · ".join(map(plain, block.texts))
                return self._wide(sheet, row, facts, self.line)
            case Section():
                sheet.merge_range(row, 0, row, _COLUMNS - 1, "", self.part)
                sheet.write_string(row, 0, block.heading, self.part)
                row += 1
                for one in block.blocks:
                    row = self._block(sheet, row, one)
                return row
            case Table():
                return self._table(sheet, row, block)
            case Lines():
                for text in block.texts:
                    row = self._wide(sheet, row, plain(text), self.line)
                return row
            case Signing():
                for k, word in enumerate(block.names):
                    sheet.write_string(row + 1, k, word, self.sign)
                sheet.set_row(row + 1, 34)
                return row + 2
            case _:
                message = f"a zone sheet cannot contain a {type(block).__name__}"
                raise TypeError(message)

    def _table(self, sheet: Any, row: int, table: Table) -> int:
        for k, (text, kind) in enumerate(table.columns):
            sheet.write_string(row, k, text, self._head(kind))
        sheet.set_row(row, 13 * head_lines([text for text, _ in table.columns]))
        for cells in cells_of(table):
            row += 1
            for k, (cell, (_, kind)) in enumerate(zip(cells, table.columns, strict=True)):
                self._cell(sheet, row, k, cell, kind, beside=numbers_of(cells))
            lines = [-(-text_width(_text(c)) // w) for c, w in zip(cells, _WIDTHS, strict=False)]
            sheet.set_row(row, 13 * max(1, *lines))
        return row + 1

    def _head(self, kind: str) -> Any:
        return self.head_of_numbers if kind == "n" else self.head

    def _wide(self, sheet: Any, row: int, text: str, form: Any, *, start: int = 0) -> int:
        """Write a line across the whole width, as high as needed; return the next row."""
        text = printable(text)[:LONGEST_CELL]
        sheet.merge_range(row, start, row, _COLUMNS - 1, "", form)
        sheet.write_string(row, start, text, form)
        wide = sum(_WIDTHS[start:])
        sheet.set_row(row, 13 * max(1, -(-text_width(text, longest=10_000) // wide)))
        return row + 1

    def _cell(
        self,
        sheet: Any,
        row: int,
        column: int,
        cell: Cell,
        kind: str = "t",
        *,
        beside: Sequence[Number] = (),
    ) -> None:
        """Write a value; numbers that differ from others in the row are shown differently."""
        if isinstance(cell, Badge):
            sheet.write_string(row, column, _text(cell), self.verdicts[cell.word])
        elif cell is None:
            sheet.write_blank(row, column, None, self.text)
        elif isinstance(cell, Decimal | Fraction):
            exact = self.numbers[digits_apart(cell, beside)]
            form = self.whole if cell == int(cell) else exact
            sheet.write_number(row, column, float(cell), form)
        else:
            form = self.text_of_numbers if kind == "n" else self.text
            sheet.write_string(row, column, printable(plain(cell))[:LONGEST_CELL], form)

    def _sheet(self, name: str) -> Any:
        """Add a worksheet under a valid and unique name."""
        self.names.append(sheet_name(name, self.names))
        sheet = self.book.add_worksheet(self.names[-1])
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.5, 0.5, 0.5, 0.6)
        sheet.set_footer("&P / &N")
        return sheet


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal | Fraction):
        return "0" * 10
    return "" if cell is None else plain(cell)
