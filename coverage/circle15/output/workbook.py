"""Write `report.xlsx`: what bureaus circulate, with headings in their language."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from circle15.output.report_sheets import Cell, Sheet, sheets
from circle15.output.wording import Words, printable

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.output.result import StudyResult
    from circle15.study.config import Language, Study

LONGEST_CELL: Final = 32_000
"""Excel takes 32,767 characters in a cell; a longer text is cut."""

WIDEST: Final = 60
_FORMATS: Final = {
    "text": "@", "whole": "#,##0", "people": "#,##0", "share": "0.0%", "area": "#,##0.00",
    "number": "General",
}  # fmt: skip
_OPTIONS: Final = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "in_memory": True,
}  # fmt: skip
FONT: Final = {"zh": "Microsoft YaHei", "en": "Arial"}


def write_workbook(result: StudyResult, path: Path, language: Language) -> None:
    """
    Write the workbook.

    Text from data is written as text: no formula and no link comes of it. Numbers keep their full
    precision and are rounded by their format only. The same result gives the same bytes.
    """
    words = Words(language, result.study)
    with new_workbook(path, result.study) as book:
        writer = _Writer(book, words)
        for sheet in sheets(result, words):
            writer.write(sheet)


def new_workbook(path: Path, study: Study) -> Any:
    """Open a new workbook of a study, in which text from data stays text; closed by `with`."""
    book = xlsxwriter.Workbook(path, _OPTIONS)
    # The clock would change the bytes; the date of the study says what the figures are of.
    book.set_properties({
        "title": printable(study.title)[:200], "author": "circle15", "comments": "",
        "created": dt.datetime.combine(study.as_of, dt.time(), dt.UTC),
    })  # fmt: skip
    return book


class _Writer:
    """Writes sheets with shared formats."""

    def __init__(self, book: Any, words: Words) -> None:
        self.book = book
        self.words = words
        font = {"font_name": FONT[words.language], "font_size": 10, "valign": "top"}
        self.formats = {
            kind: book.add_format({**font, "num_format": code}) for kind, code in _FORMATS.items()
        }
        self.head = book.add_format({
            **font, "bold": True, "bg_color": "#E8EEF4", "bottom": 2, "text_wrap": True,
        })  # fmt: skip

    def write(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(self.words.say(f"workbook.{sheet.key}"))
        page.freeze_panes(1, 0)
        headings = [sheet.heading(k, self.words) for k in range(len(sheet.columns))]
        widths = [text_width(text) + 2 for text in headings]
        for k, text in enumerate(headings):
            page.write_string(0, k, text, self.head)
        kinds = [kind for _, kind in sheet.columns]
        for r, cells in enumerate(sheet.rows, 1):
            for k, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
                widths[k] = max(widths[k], self._write_cell(page, r, k, cell, kind))
        for k, width in enumerate(widths):
            page.set_column(k, k, min(width + 1, WIDEST))
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(headings) - 1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_footer("&P / &N")

    def _write_cell(self, page: Any, row: int, column: int, cell: Cell, kind: str) -> int:
        """Write one cell; return the width that it wants."""
        if cell is None:
            return 0
        if isinstance(cell, str):
            text = printable(cell)[:LONGEST_CELL]
            page.write_string(row, column, text, self.formats["text"])
            return text_width(text)
        value = int(cell) if isinstance(cell, int) else float(cell)
        kind = _mixed_kind(cell) if kind == "mixed" else kind
        page.write_number(row, column, value, self.formats[kind])
        return 12


def _mixed_kind(cell: Cell) -> str:
    """Tell how a number of the summary is shown: people are decimals, shares binary."""
    if isinstance(cell, Decimal):
        return "people"
    return "share" if isinstance(cell, float) else "whole"


def text_width(text: str, *, longest: int = WIDEST * 2) -> int:
    """Columns that a text takes, up to some characters: East Asian ones take two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text[:longest])
