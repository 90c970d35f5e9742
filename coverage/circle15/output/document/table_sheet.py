"""Worksheets with sentences, and with tables of unrounded numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.output.document.workbook_file import FONT, LONGEST_CELL, WIDEST, text_width
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.study.languages import Language

_FORMATS: Final = {
    "text": "@",
    "people": "#,##0",
    "part": "+#,##0;-#,##0;0",
    "number": "#,##0.##",
    "km": "#,##0.000",
    "share": "0.0%",
    "degrees": "0.00000",
}
"""Number format by kind of a column."""
_NARROW: Final = 12
_WIDE: Final = 110


def sheet_looks(book: Any, language: Language) -> dict[str, Any]:
    """Return the formats of a workbook by kind of column, and `head` and `long`."""
    font = {"font_name": FONT[language], "font_size": 10, "valign": "top"}
    head = {**font, "bold": True, "bg_color": "#E8EEF4", "bottom": 2, "text_wrap": True}
    looks = {k: book.add_format({**font, "num_format": v}) for k, v in _FORMATS.items()}
    looks["head"] = book.add_format(head)
    looks["long"] = book.add_format({**font, "text_wrap": True})
    return looks


def write_sentences(page: Any, sentences: Sequence[str], looks: Mapping[str, Any]) -> None:
    """Write sentences one below the other."""
    page.set_column(0, 0, _WIDE)
    for row, sentence in enumerate(sentences):
        page.write_string(row, 0, printable(sentence), looks["long"])


def write_rows(
    page: Any,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[Any]],
    looks: Mapping[str, Any],
) -> None:
    """
    Write a table with its headings, for printing on A4 across.

    Parameters
    ----------
    columns
        Heading and kind of each; `text`, or a kind of number.
    rows
        Unrounded values; None stays empty.
    """
    for column, (heading, kind) in enumerate(columns):
        page.write_string(0, column, heading, looks["head"])
        texts = [str(row[column] or "") for row in rows] if kind == "text" else []
        wide = max([_NARROW, *(text_width(text) + 2 for text in texts)])
        page.set_column(column, column, min(wide, WIDEST))
        for number, row in enumerate(rows, 1):
            value = row[column]
            if value is None:
                continue
            if kind == "text":
                page.write_string(number, column, printable(value)[:LONGEST_CELL], looks[kind])
            else:
                page.write_number(number, column, value, looks[kind])
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, len(rows), len(columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
