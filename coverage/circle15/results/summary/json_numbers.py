"""Exact numbers as JSON has them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def finite(value: float | None) -> float | None:
    """Return a number as it is; null for one that is infinite, as for one that is missing."""
    return None if value is None or math.isinf(value) else value


def number(value: Fraction | Decimal | None) -> float | int | None:
    """Return the nearest JSON number of an exact value; null stays null."""
    return None if value is None else exact(value)


def exact(value: Fraction | Decimal) -> float | int:
    """Return the nearest JSON number of an exact value: a whole one as it is."""
    found = Fraction(value)
    return found.numerator if found.denominator == 1 else float(found)
