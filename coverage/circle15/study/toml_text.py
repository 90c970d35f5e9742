"""Read TOML with numbers exactly as written, and none that arithmetic cannot hold."""

from __future__ import annotations

import tomllib
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_MOST_DIGITS: Final = 60
_LARGEST_EXPONENT: Final = 40
_SHOWN: Final = 50


def parse_toml(text: str) -> dict[str, Any]:
    """
    Read TOML; numbers with a point or an exponent are decimals, exactly as written.

    Raises
    ------
    ValueError
        If it is no TOML, nests too deeply, or holds a number of more than 60 digits or beyond
        10^±40, which no setting or threshold is; it names the number and its line.

    Examples
    --------
    >>> parse_toml("speed = 1.20")
    {'speed': Decimal('1.20')}
    """

    def decimal(literal: str) -> Decimal:
        try:
            number = Decimal(literal)
        except InvalidOperation:  # an exponent that not even a decimal can hold
            number = Decimal("sNaN")
        if number.is_snan() or is_beyond_reason(number):
            above = text.count("\n", 0, text.index(literal))
            line = text.splitlines()[above].strip()
            raise ValueError(f"line {above + 1} has a number beyond reason ({_short(line)})")
        return number

    try:
        content = tomllib.loads(text, parse_float=decimal)
    except RecursionError:
        raise ValueError("its tables and lists nest too deeply") from None
    return _checked(content)


def is_beyond_reason(number: Decimal) -> bool:
    """
    Tell whether a finite number is too large, too small, or too long for exact arithmetic.

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
        len(digits) > _MOST_DIGITS
        or smallest < -_LARGEST_EXPONENT
        or smallest + len(digits) > _LARGEST_EXPONENT
    )


def _checked(content: dict[str, Any]) -> dict[str, Any]:
    """Return the tables if no whole number in them is beyond reason."""
    rest: list[tuple[str, Any]] = [("", content)]
    while rest:
        place, value = rest.pop()
        if isinstance(value, dict):
            rest.extend((f"{place}.{key}" if place else key, one) for key, one in value.items())
        elif isinstance(value, list):
            rest.extend((place, one) for one in value)
        elif isinstance(value, int) and abs(value) >= 10**_LARGEST_EXPONENT:
            raise ValueError(f"{place} has a number beyond reason ({_short(str(value))})")
    return content


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
