"""Create Excel workbooks: fonts, fixed dates, valid worksheet names, text widths."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, Protocol

import xlsxwriter

from circle15.output.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LONGEST_CELL: Final = 32_000
"""Longest text written to one value; Excel's limit is 32,767 characters."""
WIDEST: Final = 60
_LONGEST_SHEET: Final = 31
_REFUSED: Final = re.compile(r"[\[\]:*?/\\']")
_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
FONT: Final = {"zh": "Microsoft YaHei", "en": "Arial"}


class Titled(Protocol):
    """What the properties of a workbook say: those of the study."""

    @property
    def title(self) -> str:
        """Title of the study."""

    @property
    def as_of(self) -> dt.date:
        """Date of the study."""


def new_workbook(path: Path, study: Titled) -> Any:
    """Create a workbook (a context manager) that never turns text into formulas or links."""
    book = xlsxwriter.Workbook(path, _OPTIONS)
    # Dated by the study, as the time of the clock would change the bytes.
    book.set_properties(
        {
            "title": printable(study.title)[:200],
            "author": "circle15",
            "comments": "",
            "created": dt.datetime.combine(study.as_of, dt.time(), dt.UTC),
        }
    )
    return book


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """
    Return a valid Excel worksheet name that differs from all names in `taken`.

    Excel's limit is 31 UTF-16 code units, and names that differ only in case or character width
    count as equal.

    Examples
    --------
    >>> sheet_name("a/b", []), sheet_name("Z-1", ["z-1"]), sheet_name("History", [])
    ('a_b', 'Z-1 (2)', 'History (2)')
    """
    others = {_folded(name) for name in taken} | {"history"}
    plain = _cut(_REFUSED.sub("_", printable(wanted)), _LONGEST_SHEET)
    name = plain = plain if plain.strip() else "_"
    number = 1
    while _folded(name) in others:
        number += 1
        end = f" ({number})"
        name = _cut(plain, _LONGEST_SHEET - len(end)) + end
    return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _cut(text: str, longest: int) -> str:
    """Cut a text to at most `longest` UTF-16 code units without splitting a surrogate pair."""
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")


def text_width(text: str, *, longest: int = WIDEST * 2) -> int:
    """Width of the first `longest` characters in half-width characters; East Asian count two."""
    if text.isascii():
        return min(len(text), longest)
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text[:longest])
