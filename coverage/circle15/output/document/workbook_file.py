"""A workbook of ours: its fonts, fixed dates, and how wide a text is."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.study.settings.records import Study

LONGEST_CELL: Final = 32_000
"""Excel takes 32,767 characters in a cell; a longer text is cut."""
WIDEST: Final = 60
_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
FONT: Final = {"zh": "Microsoft YaHei", "en": "Arial"}


def new_workbook(path: Path, study: Study) -> Any:
    """Open a new workbook of a study, in which text from data stays text; closed by `with`."""
    book = xlsxwriter.Workbook(path, _OPTIONS)
    # The clock would change the bytes; the date of the study says what the figures are of.
    book.set_properties(
        {
            "title": printable(study.title)[:200],
            "author": "circle15",
            "comments": "",
            "created": dt.datetime.combine(study.as_of, dt.time(), dt.UTC),
        }
    )
    return book


def text_width(text: str, *, longest: int = WIDEST * 2) -> int:
    """Columns that a text takes, up to some characters: East Asian ones take two."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text[:longest])
