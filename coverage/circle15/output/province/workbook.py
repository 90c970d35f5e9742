"""Write `province.xlsx`: the sentences, and a worksheet for each table with unrounded numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle15.output.document.table_sheet import sheet_looks, write_rows, write_sentences
from circle15.output.document.workbook_file import new_workbook, sheet_name
from circle15.output.document.write_faults import disk_faults_named
from circle15.output.province.tables import province_tables
from circle15.output.province.wording import ProvinceWords

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.results.province.province_entries import Province
    from circle15.study.languages import Language


@dataclass(frozen=True)
class _About:
    title: str
    as_of: dt.date


def write_province_workbook(found: Province, path: Path, language: Language) -> None:
    """Write the workbook; the same province gives the same bytes."""
    words = ProvinceWords(language, found)
    about = _About(words.heading(), dt.date.fromisoformat(latest_date(found)))
    with disk_faults_named(path), new_workbook(path, about) as book:
        looks = sheet_looks(book, language)
        told = [*words.warnings(), *words.sentences(), *map(words.remark, found["remarks"])]
        taken = [words.say("sheet_summary")]
        write_sentences(book.add_worksheet(taken[0]), told, looks)
        for table in province_tables(found, words):
            name = sheet_name(words.say(f"table_{table.key}"), taken)
            taken.append(name)
            columns = [(words.say(key), kind) for key, kind in table.columns]
            write_rows(book.add_worksheet(name), columns, table.rows, looks)


def latest_date(found: Province) -> str:
    """Return the latest date of the studies."""
    return max(one["as_of"] for one in found["districts"])
