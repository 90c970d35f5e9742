"""Write `report.xlsx`, with headings in the language of the report."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from circle15.output.document.workbook_file import (
    FONT,
    LONGEST_CELL,
    WIDEST,
    new_workbook,
    text_width,
)
from circle15.output.document.write_faults import disk_faults_named
from circle15.output.tables.sheet_records import Cell, People, Sheet
from circle15.output.tables.sheets import sheets
from circle15.output.text.numbers import MOST_DIGITS, Number, count, decimals, digits_apart
from circle15.output.text.wording import Words, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language


LONG_LINE: Final = (40, 90)
HEAD_LINE: Final = 13
"""Characters per line in a column of long texts (least, most), and in a heading."""

_LINE_PT, _MOST_LINES, _BREAKS = 15.5, 20, 3
"""Line height in points, most lines per row, characters lost per line to word wrap."""

_WIDE_SHEET: Final = 190
"""Characters that fit across A4 in print; a wider worksheet is printed on A3."""

_TWO_PAGES: Final = 330
"""A worksheet wider than this is printed across two A3 pages."""

_A4, _A3 = 9, 8
_FORMATS: Final = {
    "text": "@",
    "long": "@",
    "whole": "#,##0",
    "people": "#,##0",
    "share": "0.0%",
    "area": "#,##0.00",
    "measure": "#,##0.######",
    "index": "#,##0.######",
    "seconds": "#,##0",
    "year": "0",
    "number": "General",
}
_TEXTS: Final = frozenset({"text", "long"})
_SET_APART: Final = {"align": "left", "indent": 1}
"""Texts stand apart from numbers on their left; an indent counts only with an alignment."""
_INDEX_DIGITS: Final = 4
"""Digits that an index shows, from the first that is not 0 on."""


def write_workbook(result: StudyResult, path: Path, language: Language) -> None:
    """
    Write the workbook of a result.

    Text from data is never turned into formulas or links. Numbers keep full precision and are
    rounded only by their format; people show the whole number that the report prints. The same
    result gives the same bytes.
    """
    words = Words(language, result.study)
    with disk_faults_named(path), new_workbook(path, result.study) as book:
        writer = _Writer(book, words)
        for sheet in sheets(result, words):
            writer.write(sheet)


class _Writer:
    """Writes worksheets with shared formats."""

    def __init__(self, book: Any, words: Words) -> None:
        self.book = book
        self.words = words
        font = {"font_name": FONT[words.language], "font_size": 10, "valign": "top"}
        self.font = font
        self.odd: dict[str, Any] = {}
        self.formats = {
            kind: book.add_format(
                {
                    **font,
                    "num_format": code,
                    "text_wrap": kind == "long",
                    **(_SET_APART if kind in _TEXTS else {}),
                }
            )
            for kind, code in (_FORMATS | finer_formats()).items()
        }
        head = {**font, "bold": True, "bg_color": "#E8EEF4", "bottom": 2, "text_wrap": True}
        self.head = book.add_format({**head, **_SET_APART})
        self.head_of_numbers = book.add_format({**head, "align": "right"})

    def write(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(self.words.say(f"workbook.{sheet.key}"))
        headings = [sheet.heading(k, self.words) for k in range(len(sheet.columns))]
        widths = [min(text_width(text) + 2, HEAD_LINE) for text in headings]
        kinds = [kind for _, kind in sheet.columns]
        for k, (text, kind) in enumerate(zip(headings, kinds, strict=True)):
            head = self.head if kind in {*_TEXTS, "mixed"} else self.head_of_numbers
            page.write_string(0, k, text, head)
        longest: list[int] = []
        for r, cells in enumerate(sheet.rows, 1):
            longest.append(0)
            areas = [
                cell
                for cell, kind in zip(cells, kinds, strict=True)
                if kind == "area" and is_number(cell)
            ]
            for k, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
                wide = self._write_cell(page, r, k, cell, finer_kind(cell, kind, areas))
                widths[k] = max(widths[k], wide)
                if kind == "long":
                    longest[-1] = max(longest[-1], wide)
        line = _long_line(widths, kinds)
        widths = [
            min(width + 2, line if kind == "long" else WIDEST)
            for width, kind in zip(widths, kinds, strict=True)
        ]
        for k, width in enumerate(widths):
            page.set_column(k, k, width)
        for r, wide in enumerate(longest, 1):
            if wide >= line:
                page.set_row(r, _LINE_PT * min(-(-wide // (line - _BREAKS)), _MOST_LINES))
        high = max(-(-text_width(t) // (w - 2)) for t, w in zip(headings, widths, strict=True))
        page.set_row(0, _LINE_PT * high)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(headings) - 1)
        _set_up_print(page, sum(widths), sheet.named)

    def _format(self, kind: str, cell: Cell) -> Any:
        """Return the format of a cell; people whom a format would round otherwise get their own."""
        if kind == "people" and isinstance(cell, People):
            code = people_format(cell)
            if code != _FORMATS["people"]:
                if code not in self.odd:
                    self.odd[code] = self.book.add_format({**self.font, "num_format": code})
                return self.odd[code]
        return self.formats[kind]

    def _write_cell(self, page: Any, row: int, column: int, cell: Cell, kind: str) -> int:
        """Write one value; return the width that it needs, in characters."""
        if cell is None:
            return 0
        if isinstance(cell, str):
            text = printable(cell)[:LONGEST_CELL]
            long = kind == "long"
            page.write_string(row, column, text, self.formats["long" if long else "text"])
            return (
                text_width(text, longest=LONG_LINE[0] * _MOST_LINES) if long else text_width(text)
            )
        value = int(cell) if isinstance(cell, int) else float(cell)
        kind = _mixed_kind(cell) if kind == "mixed" else kind
        page.write_number(row, column, value, self._format(kind, cell))
        return 3 + len(decimals(value, 2))


def people_format(cell: Decimal) -> str:
    """
    Return a format that shows people as the report prints them, and any other number as it is.

    Examples
    --------
    >>> people_format(People(600_000, 1)), people_format(People(600_000, 0))
    ('#,##0', '[<0.5]#,##0;[<1.5]"0";#,##0')
    """
    plain = _FORMATS["people"]
    whole = int(cell.to_integral_value(ROUND_HALF_UP))
    if not isinstance(cell, People) or cell.shown == whole:
        return plain
    return f'[<{whole - 0.5}]{plain};[<{whole + 0.5}]"{count(cell.shown)}";{plain}'


def finer_formats() -> dict[str, str]:
    """Return formats for indices, and for what two decimals or whole seconds do not tell apart."""
    areas = {f"area_{digits}": "#,##0." + "0" * digits for digits in range(3, MOST_DIGITS + 1)}
    indices = {
        f"index_{digits}": "#,##0.00" + "#" * (digits - 2) for digits in range(2, MOST_DIGITS + 1)
    }
    return areas | indices | {"seconds_exact": "#,##0.000"}


def finer_kind(cell: Cell, kind: str, areas: Sequence[Number]) -> str:
    """Return a kind whose format tells a number from the areas of its row and from integers."""
    if kind == "area" and is_number(cell) and (digits := digits_apart(cell, areas)) > 2:
        return f"area_{digits}"
    if kind == "index" and is_number(cell) and cell:
        # 0.0445 has two zeros before its digits, 28.10 none but two digits before the point.
        before = math.floor(math.log10(abs(float(cell)))) + 1
        return f"index_{min(max(_INDEX_DIGITS - before, 2), MOST_DIGITS)}"
    exact = kind == "seconds" and is_number(cell) and cell != int(cell)
    return "seconds_exact" if exact else kind


def is_number(cell: Cell) -> TypeGuard[Number]:
    """Whether a value is a number."""
    return cell is not None and not isinstance(cell, str)


def _set_up_print(page: Any, wide: float, names: int) -> None:
    """Set up printing: legible paper size, repeated heading row and, if wide, first columns."""
    named = names if wide > _WIDE_SHEET else 0
    page.freeze_panes(1, named)
    page.set_landscape()
    page.set_paper(_A3 if named else _A4)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.fit_to_pages(2 if wide > _TWO_PAGES else 1, 0)
    page.repeat_rows(0)
    if named:
        page.repeat_columns(0, named - 1)
    page.set_footer("&L&A&C&P / &N")


def _long_line(widths: list[int], kinds: list[str]) -> int:
    """Return the width of columns of long text: what the other columns leave of a page."""
    left = _WIDE_SHEET - sum(w for w, kind in zip(widths, kinds, strict=True) if kind != "long")
    return min(max(left // max(kinds.count("long"), 1), LONG_LINE[0]), LONG_LINE[1])


def _mixed_kind(cell: Cell) -> str:
    """Return the kind of a number of the summary: people are Decimal, shares float."""
    if isinstance(cell, Decimal):
        return "people"
    return "share" if isinstance(cell, float) else "whole"
