"""Write `zones.xlsx`: an overview of all residential zones, and a sheet for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from circle15.output.document.html_tables import SHAPES
from circle15.output.document.workbook_file import (
    FONT,
    LONGEST_CELL,
    WIDEST,
    new_workbook,
    text_width,
)
from circle15.output.document.write_faults import disk_faults_named
from circle15.output.text.columns_told import columns_headings, columns_rows, tables_of
from circle15.output.text.numbers import MOST_DIGITS, digits_apart, numbers_of
from circle15.output.text.palette import INKS
from circle15.output.text.wording import Words, printable
from circle15.output.zones.pages import Badge, hashes, overview, zone_pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle15.output.text.numbers import Number
    from circle15.output.zones.pages import Cell, Grid, ZonePage
    from circle15.study.languages import Language
    from circle15.zones.records import ZonePapers

MOST_SHEETS: Final = 200
"""Sheets of single zones; a workbook with thousands of them opens nowhere."""

_COLUMNS: Final = 7
_WIDTHS: Final = (32, 20, 28, 22, 13, 14, 14)
_LONGEST_NAME: Final = 31
_BOLD, _INDENT = 1.2, 2
_REFUSED: Final = re.compile(r"[\[\]:*?/\\']")


def write_zone_workbook(papers: ZonePapers, path: Path, language: Language) -> None:
    """
    Write the workbook.

    Text from data is written as text: no formula and no link comes of it. Numbers keep their full
    precision and are rounded by their format only. The same papers give the same bytes.
    """
    words = Words(language, papers.study)
    with disk_faults_named(path), new_workbook(path, papers.study) as book:
        writer = _Writer(book, words)
        writer.write_overview(overview(papers, words), len(papers.dossiers))
        for number, page in enumerate(zone_pages(papers, words)):
            if number == MOST_SHEETS:
                break
            writer.write_page(page)
        headings = [(words.say("zone_sheet.file"), "t"), ("SHA-256", "t")]
        writer.write_list(words.say("zone_sheet.sources"), headings, hashes(papers))
        rows = columns_rows(tables_of(papers.provenance), words)
        writer.write_list(words.say("zone_sheet.columns"), columns_headings(words), rows)


def head_lines(headings: Sequence[str]) -> int:
    """
    Count the lines of the highest heading of a sheet: bold words are wider, and stay whole.

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
            count += int(wide // width)  # Chinese has no blanks
        lines.append(count)
    return max(lines)


class _Writer:
    """Writes sheets with shared formats."""

    def __init__(self, book: Any, words: Words) -> None:
        self.book = book
        self.words = words
        self.names: set[str] = set()
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
        self.head = book.add_format({
            **font, "bold": True, "bg_color": "#E8EEF4", "bottom": 2, "text_wrap": True,
            "indent": 1,
        })  # fmt: skip
        self.head_of_numbers = book.add_format({
            **font, "bold": True, "bg_color": "#E8EEF4", "bottom": 2, "text_wrap": True,
            "align": "right",
        })  # fmt: skip
        self.title = book.add_format({**font, "bold": True, "font_size": 15})
        self.part = book.add_format({**font, "bold": True, "font_size": 11, "top": 2})
        self.verdicts = {
            word: book.add_format({**cell, "bold": True, "font_color": colour, "indent": 1})
            for word, colour in INKS.items()
        }
        self.first = book.add_format({**font, "bold": True, "bg_color": "#FFF5E8",
                                      "text_wrap": True, "font_size": 10})  # fmt: skip
        self.kicker = book.add_format({**font, "font_color": "#5A6672"})
        self.sign = book.add_format({**font, "bottom": 1})

    def write_overview(self, grid: Grid, zones: int) -> None:
        sheet = self._list(self.words.say("zone_sheet.overview"), grid.headings, grid.rows)
        sheet.freeze_panes(1, 2)
        if zones > MOST_SHEETS:
            text = self.words.say("zone_sheet.too_many", count=MOST_SHEETS)
            sheet.write_string(zones + 2, 0, text, self.title)

    def write_list(
        self, name: str, headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]]
    ) -> None:
        self._list(name, headings, rows)

    def _list(
        self, name: str, headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[Cell]]
    ) -> Any:
        sheet = self._sheet(name)
        sheet.freeze_panes(1, 0)
        widths = [min(text_width(text), 14) for text, _ in headings]
        for k, (text, kind) in enumerate(headings):
            sheet.write_string(0, k, text, self._head(kind))
        for r, row in enumerate(rows, 1):
            for k, cell in enumerate(row):
                self._cell(sheet, r, k, cell, beside=numbers_of(row))
                widths[k] = max(widths[k], text_width(_text(cell)))
        for k, width in enumerate(widths):
            sheet.set_column(k, k, min(width + 2, WIDEST + 10))
        sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        return sheet

    def write_page(self, page: ZonePage) -> None:
        sheet = self._sheet(page.zone_id)
        for k, width in enumerate(_WIDTHS):
            sheet.set_column(k, k, width)
        sheet.write_string(0, 0, page.kicker, self.kicker)
        sheet.write_string(1, 0, printable(page.title), self.title)
        sheet.set_row(1, 24)
        row = 2
        if page.first:
            row = self._wide(sheet, row, page.first, self.first)
        self._cell(sheet, row, 0, page.verdict)
        self._wide(sheet, row, page.verdict_text, self.line, start=1)
        sheet.freeze_panes(row + 1, 0)
        facts = " · ".join(f"{word} {value}" for word, value in page.facts)
        row = self._wide(sheet, row + 1, facts, self.line)
        for block in page.blocks:
            sheet.merge_range(row, 0, row, _COLUMNS - 1, "", self.part)
            sheet.write_string(row, 0, block.heading, self.part)
            row += 1
            if block.grid is not None:
                row = self._grid(sheet, row, block.grid)
            for line in block.lines:
                row = self._wide(sheet, row, line, self.line)
        for k, word in enumerate(page.signing):
            sheet.write_string(row + 1, k, word, self.sign)
        sheet.set_row(row + 1, 34)
        sheet.set_landscape()
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 1)
        sheet.hide_gridlines(2)

    def _grid(self, sheet: Any, row: int, grid: Grid) -> int:
        for k, (text, kind) in enumerate(grid.headings):
            sheet.write_string(row, k, text, self._head(kind))
        sheet.set_row(row, 13 * head_lines([text for text, _ in grid.headings]))
        for cells in grid.rows:
            row += 1
            for k, (cell, (_, kind)) in enumerate(zip(cells, grid.headings, strict=True)):
                self._cell(sheet, row, k, cell, kind, beside=numbers_of(cells))
            lines = [-(-text_width(_text(c)) // w) for c, w in zip(cells, _WIDTHS, strict=False)]
            sheet.set_row(row, 13 * max(1, *lines))
        return row + 1

    def _head(self, kind: str) -> Any:
        return self.head_of_numbers if kind == "n" else self.head

    def _wide(self, sheet: Any, row: int, text: str, form: Any, *, start: int = 0) -> int:
        """Write a line over the whole width, as high as it needs; return the next row."""
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
        """Write a cell; a number so that it shows unlike the other numbers of its row."""
        if isinstance(cell, Badge):
            sheet.write_string(row, column, _text(cell), self.verdicts[cell.word])
        elif isinstance(cell, str):
            form = self.text_of_numbers if kind == "n" else self.text
            sheet.write_string(row, column, printable(cell)[:LONGEST_CELL], form)
        elif cell is None:
            sheet.write_blank(row, column, None, self.text)
        else:
            exact = self.numbers[digits_apart(cell, beside)]
            form = self.whole if cell == int(cell) else exact
            sheet.write_number(row, column, float(cell), form)

    def _sheet(self, name: str) -> Any:
        """Add a sheet under a name that Excel takes, unlike all others."""
        safe = _REFUSED.sub("_", printable(name))[:_LONGEST_NAME] or "_"
        number = 1
        while safe.lower() in self.names or safe.lower() == "history":
            number += 1
            end = f" ({number})"
            safe = safe[: _LONGEST_NAME - len(end)] + end
        self.names.add(safe.lower())
        sheet = self.book.add_worksheet(safe)
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.5, 0.5, 0.5, 0.6)
        sheet.set_footer("&P / &N")
        return sheet


def _text(cell: Cell) -> str:
    if isinstance(cell, Badge):
        return f"{SHAPES[cell.word]} {cell.text}"
    return "" if cell is None else cell if isinstance(cell, str) else "0" * 10
