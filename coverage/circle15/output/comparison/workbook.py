"""Write `compare.xlsx`: the sentences, and a worksheet for each table with unrounded numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from circle15.output.document.workbook_file import (
    FONT,
    LONGEST_CELL,
    WIDEST,
    new_workbook,
    sheet_name,
    text_width,
)
from circle15.output.document.write_faults import disk_faults_named
from circle15.output.text.changes.tables import comparison_tables
from circle15.output.text.changes.wording import ComparisonWords
from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.output.text.changes.tables import ComparisonTable
    from circle15.results.difference.comparison_entries import Comparison
    from circle15.study.languages import Language

_FORMATS: Final = {
    "text": "@",
    "people": "#,##0",
    "part": "+#,##0;-#,##0;0",
    "number": "#,##0.##",
    "km": "#,##0.000",
}
_NARROW: Final = 12


@dataclass(frozen=True)
class _About:
    title: str
    as_of: dt.date


def write_comparison_workbook(
    found: Comparison, path: Path, language: Language, *, code: str | None = None
) -> None:
    """Write the workbook; the same comparison gives the same bytes."""
    words = ComparisonWords(language)
    about = _About(found["b"]["title"], dt.date.fromisoformat(found["b"]["as_of"]))
    with disk_faults_named(path), new_workbook(path, about) as book:
        font = {"font_name": FONT[language], "font_size": 10, "valign": "top"}
        head = {**font, "bold": True, "bg_color": "#E8EEF4", "bottom": 2, "text_wrap": True}
        looks = {k: book.add_format({**font, "num_format": v}) for k, v in _FORMATS.items()}
        looks["head"] = book.add_format(head)
        looks["long"] = book.add_format({**font, "text_wrap": True})
        page = book.add_worksheet(words.say("sheet_summary"))
        page.set_column(0, 0, 110)
        behind = words.behind_with_tables(found)
        told = [*words.sentences(found), *([behind] if behind else [])]
        told += [] if code is None else [words.codes(found, code)]
        for row, sentence in enumerate(told):
            page.write_string(row, 0, printable(sentence), looks["long"])
        taken = [words.say("sheet_summary")]
        for table in comparison_tables(found, words):
            name = sheet_name(words.say(f"table_{table.key}"), taken)
            taken.append(name)
            _write(book.add_worksheet(name), table, words, looks)


def _write(page: Any, table: ComparisonTable, words: ComparisonWords, looks: Any) -> None:
    for column, (key, kind) in enumerate(table.columns):
        page.write_string(0, column, words.say(key), looks["head"])
        texts = [str(row[column] or "") for row in table.rows] if kind == "text" else []
        wide = max([_NARROW, *(text_width(text) + 2 for text in texts)])
        page.set_column(column, column, min(wide, WIDEST))
        for number, row in enumerate(table.rows, 1):
            value = row[column]
            if value is None:
                continue
            if kind == "text":
                page.write_string(number, column, printable(value)[:LONGEST_CELL], looks[kind])
            else:
                page.write_number(number, column, value, looks[kind])
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
