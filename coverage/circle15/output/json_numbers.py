"""Exact numbers as JSON has them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def number(value: Fraction | Decimal | None) -> float | int | None:
    """Return the nearest JSON number of an exact value; null stays null."""
    if value is None:
        return None
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else float(exact)
