"""Write `compare.xlsx`: the sentences, and a worksheet for each table with unrounded numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle15.output.document.table_sheet import sheet_looks, write_rows, write_sentences
from circle15.output.document.workbook_file import new_workbook, sheet_name
from circle15.output.document.write_faults import disk_faults_named
from circle15.output.text.changes.tables import comparison_tables
from circle15.output.text.changes.wording import ComparisonWords

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.results.difference.comparison_entries import Comparison
    from circle15.study.languages import Language


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
        looks = sheet_looks(book, language)
        behind = words.behind_with_tables(found)
        told = [*words.sentences(found), *([behind] if behind else [])]
        told += [] if code is None else [words.codes(found, code)]
        write_sentences(book.add_worksheet(words.say("sheet_summary")), told, looks)
        taken = [words.say("sheet_summary")]
        for table in comparison_tables(found, words):
            name = sheet_name(words.say(f"table_{table.key}"), taken)
            taken.append(name)
            columns = [(words.say(key), kind) for key, kind in table.columns]
            write_rows(book.add_worksheet(name), columns, table.rows, looks)
