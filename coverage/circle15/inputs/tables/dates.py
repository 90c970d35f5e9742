"""Read dates as bureaus write them: to the day, to the month, or as a spreadsheet's number."""

from __future__ import annotations

import datetime as dt
import re
from numbers import Number
from typing import Any, Final

from circle15.inputs.tables.values import clean

_DATE: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})(?:\s*日)?|月)?"
    r"(?:(?:\s*T|\s)\s*+\d{1,2}(?::\d{1,2}.*)?)?"  # the time of day; not "to 2024"
)
_YEAR: Final = re.compile(r"(\d{4})年?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_SERIALS: Final = (20_000, 80_000)  # 1954 to 2119
_FIRST_SERIAL: Final = dt.date(1899, 12, 30)
"""Day 0 of spreadsheets, which count 1900 as a leap year; right from March 1900 on."""


def parse_date(cell: Any) -> dt.date | None:
    """
    Read a date; None where the cell is blank.

    Without a day it is the first day of the month, without a month that of the year. A number of
    five digits counts days as spreadsheets do.

    Raises
    ------
    ValueError
        If it is not a date.

    Examples
    --------
    >>> parse_date("2023年4月"), parse_date("20251231"), parse_date(45017.0)
    (datetime.date(2023, 4, 1), datetime.date(2025, 12, 31), datetime.date(2023, 4, 1))
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = _text(cell)
    if text is None:
        return None
    if _SERIAL.fullmatch(text) and _SERIALS[0] <= float(text) <= _SERIALS[1]:
        return _FIRST_SERIAL + dt.timedelta(days=int(float(text)))
    if isinstance(cell, Number) and text.endswith(".1"):  # January, or October as a number
        raise ValueError(text)
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is not None:
        return dt.date(int(match[1]), int(match[2]), int(match[3] or 1))
    year = _YEAR.fullmatch(text)
    if year is None:
        raise ValueError(text)
    return dt.date(int(year[1]), 1, 1)


def is_year_only(cell: Any) -> bool:
    """Return whether a date is a year only, so that it may be any day of that year."""
    text = _text(cell)
    return text is not None and _YEAR.fullmatch(text) is not None


def _text(cell: Any) -> str | None:
    """Text of a cell; a spreadsheet's 2023.0 is 2023."""
    text = clean(cell)
    if text is not None and isinstance(cell, Number):
        return text.removesuffix(".0")
    return text
