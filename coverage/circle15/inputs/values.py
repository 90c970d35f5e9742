"""Read single cells exactly: numbers as decimals, dates, yes and no."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from numbers import Number
from typing import Any, Final

BLANK: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "无", "nan", "none", "null", "n/a", "不详"}
)
_TOO_LARGE = 10**15  # nothing in a bureau's table is; keeps every sum and its printing exact
_YES = frozenset({"1", "true", "yes", "y", "是", "存疑"})
_NO = frozenset({"0", "false", "no", "n", "否"})
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?(?:[ T].*)?")


def clean(cell: Any) -> str | None:
    """
    Return a cell as text of half-width characters, None where it is blank.

    Examples
    --------
    >>> clean("　３００㎡ "), clean("—"), clean(None)
    ('300m2', None, None)
    """
    if cell is None or (isinstance(cell, Number) and cell != cell):  # NaN is not equal to itself
        return None
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    return None if text.casefold() in BLANK else text


def parse_number(cell: Any) -> Decimal | None:
    """
    Read a plain number exactly as it is written; None where the cell is blank.

    A spreadsheet's binary number is read by its shortest decimal form, so 300.1 stays 300.1.

    Raises
    ------
    ValueError
        If the cell is not a plain finite number below 10¹⁵. Units and words are not guessed.

    Examples
    --------
    >>> parse_number("1,250"), parse_number(300.1), parse_number("—") is None
    (Decimal('1250'), Decimal('300.1'), True)
    """
    if isinstance(cell, bool):
        raise ValueError(cell)
    text = clean(cell)
    if text is None:
        return None
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not (number.is_finite() and abs(number) < _TOO_LARGE):
        raise ValueError(text)
    whole = number.to_integral_value()
    # 300.0 of a spreadsheet is 300; keep written decimals of text such as "300.00".
    return whole if isinstance(cell, float) and number == whole else number


def parse_count(cell: Any) -> Decimal | None:
    """
    Read a whole number that is not negative; None where the cell is blank.

    Raises
    ------
    ValueError
        If it is negative, fractional or no number.

    Examples
    --------
    >>> parse_count("2,000")
    Decimal('2000')
    """
    number = parse_number(cell)
    if number is not None and (number < 0 or number != number.to_integral_value()):
        raise ValueError(str(cell))
    return number


def parse_area(cell: Any) -> Decimal | None:
    """
    Read an area in m², with or without its unit; None where the cell is blank.

    Raises
    ------
    ValueError
        If it is negative or no number in m².

    Examples
    --------
    >>> parse_area("300㎡"), parse_area("249.5平方米")
    (Decimal('300'), Decimal('249.5'))
    """
    text = clean(cell)
    if text is None:
        return None
    number = parse_number(
        re.sub(r"(m2|m²|平方米|平米)$", "", text) if isinstance(cell, str) else cell
    )
    if number is None or number < 0:
        raise ValueError(text)
    return number


def parse_date(cell: Any, *, end_of_month: bool = False) -> dt.date | None:
    """
    Read a date; None where the cell is blank.

    Without a day the month's first day is meant, or its last with `end_of_month`.

    Raises
    ------
    ValueError
        If it is no date.

    Examples
    --------
    >>> parse_date("2023年4月"), parse_date("2025-12-31")
    (datetime.date(2023, 4, 1), datetime.date(2025, 12, 31))
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = clean(cell)
    if text is None:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month = int(match[1]), int(match[2])
    if match[3] is not None:
        return dt.date(year, month, int(match[3]))
    if not end_of_month:
        return dt.date(year, month, 1)
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def parse_flag(cell: Any) -> bool:
    """
    Read yes or no; blank is no.

    Raises
    ------
    ValueError
        If it is neither.
    """
    text = clean(cell)
    if text is None or text.casefold() in _NO:
        return False
    if text.casefold() in _YES:
        return True
    raise ValueError(text)


def parse_id(cell: Any) -> str | None:
    """
    Read an identifier as text; None where the cell is blank.

    A spreadsheet's 320213001.0 is the code 320213001.

    Examples
    --------
    >>> parse_id(320213001.0), parse_id("S-017")
    ('320213001', 'S-017')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean(cell)
