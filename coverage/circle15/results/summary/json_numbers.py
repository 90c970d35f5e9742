"""Convert exact numbers to JSON numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from decimal import Decimal


def finite(value: float | None) -> float | None:
    """Return a finite number unchanged; None for None and infinity, which JSON cannot hold."""
    return None if value is None or math.isinf(value) else value


def number(value: Fraction | Decimal | None) -> float | int | None:
    """Return the JSON number nearest to an exact value; None stays None."""
    return None if value is None else exact(value)


def exact(value: Fraction | Decimal) -> float | int:
    """Return the JSON number nearest to an exact value; a whole number as int."""
    found = Fraction(value)
    return found.numerator if found.denominator == 1 else float(found)


def micro(persons: float) -> int:
    """
    Return persons of a results file in micro-persons, exactly.

    Examples
    --------
    >>> micro(0.000001), micro(230299.999999)
    (1, 230299999999)
    """
    return round(Fraction(persons) * c.MICRO)
