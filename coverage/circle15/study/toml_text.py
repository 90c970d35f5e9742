"""Parse TOML with exact decimal numbers, within limits of size and depth."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from circle15.study.limits import (
    NUMBER_DIGITS,
    NUMBER_EXPONENT,
    TOML_BYTES,
    TOML_DEPTH,
    TOML_ENTRIES,
)

_SHOWN: Final = 50
_PART: Final = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY: Final = re.compile(
    rf"(?:^[ \t]*+\[{{0,2}}|[{{,])[ \t]*+{_PART}"
    rf"(?:[ \t]*+\.[ \t]*+{_PART}){{{TOML_DEPTH.most}}}",
    re.MULTILINE,
)


def parse_toml(text: str) -> dict[str, Any]:
    """
    Parse TOML; numbers with a point or an exponent become decimals, exactly as written.

    Raises
    ------
    ValueError
        If it is not TOML, is too long, nests too deeply, or has a number of more than 60 digits or
        beyond 10^±40; the message names the number and its line.

    Examples
    --------
    >>> parse_toml("speed = 1.20")
    {'speed': Decimal('1.20')}
    """
    _refuse_large(text)

    def decimal(literal: str) -> Decimal:
        try:
            number = Decimal(literal)
        except InvalidOperation:  # the exponent is beyond the range of Decimal
            number = Decimal("sNaN")
        if number.is_snan() or is_beyond_reason(number):
            line = _line(text, text.index(literal))
            raise ValueError(f"{line[0]} has a number beyond reason ({_short(line[1])})")
        return number

    try:
        content = tomllib.loads(text, parse_float=decimal)
    except RecursionError:
        raise ValueError("its tables and lists nest too deeply") from None
    return _checked(content)


def _refuse_large(text: str) -> None:
    """Refuse input for which the parser takes quadratic time."""
    if len(text) > TOML_BYTES.most:
        raise ValueError(f"it has {len(text):,} characters; the limit is {TOML_BYTES.most:,}")
    deep = _DEEP_KEY.search(text)
    if deep is not None:
        line = _line(text, deep.start())
        raise ValueError(
            f"{line[0]} has a key of more than {TOML_DEPTH.most} parts ({_short(line[1])})"
        )


def _line(text: str, at: int) -> tuple[str, str]:
    """Return the line number of a position as text, and the beginning of that line."""
    start = text.rfind("\n", 0, at) + 1
    number = text.count("\n", 0, at) + 1
    return f"line {number}", text[start : start + 2 * _SHOWN].partition("\n")[0].strip()


def is_beyond_reason(number: Decimal) -> bool:
    """
    Whether a finite number is too large, too small, or too long for exact arithmetic.

    Examples
    --------
    >>> is_beyond_reason(Decimal("1e-999999999")), is_beyond_reason(Decimal("NaN"))
    (True, False)
    """
    if not number.is_finite():
        return False
    _, digits, exponent = number.as_tuple()
    smallest = int(exponent)
    return (
        len(digits) > NUMBER_DIGITS.most
        or smallest < -NUMBER_EXPONENT.most
        or smallest + len(digits) > NUMBER_EXPONENT.most
    )


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    """Return the tables if depth, number of entries and whole numbers are within the limits."""
    rest: list[tuple[str, int, Any]] = [("", 0, content)]
    while rest:
        place, depth, value = rest.pop()
        if depth > TOML_DEPTH.most:
            raise ValueError(f"its tables and lists nest too deeply ({_short(place)})")
        if isinstance(value, dict | list) and len(value) > TOML_ENTRIES.most:
            raise ValueError(
                f"{_short(place) or 'it'} has {len(value):,} entries; the limit is "
                f"{TOML_ENTRIES.most:,}. {TOML_ENTRIES.past('en').removesuffix('.')}"
            )
        if isinstance(value, dict):
            rest.extend(
                (f"{place}.{key}" if place else key, depth + 1, one) for key, one in value.items()
            )
        elif isinstance(value, list):
            rest.extend((place, depth + 1, one) for one in value)
        elif isinstance(value, int) and abs(value) >= 10**NUMBER_EXPONENT.most:
            raise ValueError(f"{place} has a number beyond reason ({_short(str(value))})")
    return content


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
