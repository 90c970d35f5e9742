"""Compare values with thresholds as exact rationals, without rounding."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from circle15.rules.verdicts import Verdict

Comparison = Literal[">=", ">", "<=", "<", "=="]
"""以上, 不少于, 不低于 and 达到 are inclusive; 超过 and 突破 are strict."""

NEAR_THRESHOLD: Final = Fraction(2, 100)


def holds(value: Fraction, comparison: Comparison, threshold: Fraction) -> bool:
    """
    Return whether a value meets a threshold.

    Examples
    --------
    >>> holds(Fraction(55), ">=", Fraction(55)), holds(Fraction(55), ">", Fraction(55))
    (True, False)
    """
    match comparison:
        case ">=":
            return value >= threshold
        case ">":
            return value > threshold
        case "<=":
            return value <= threshold
        case "<":
            return value < threshold
        case "==":
            return value == threshold


def judged(value: Fraction, comparison: Comparison | None, threshold: Fraction | None) -> Verdict:
    """Return the verdict of a known value: `reported` without a threshold."""
    if threshold is None or comparison is None:
        return Verdict.REPORTED
    return Verdict.MET if holds(value, comparison, threshold) else Verdict.NOT_MET


def margin(value: Fraction, comparison: Comparison, threshold: Fraction) -> Fraction:
    """
    Return the distance from the threshold: negative where the threshold is missed.

    Examples
    --------
    >>> margin(Fraction(58), ">=", Fraction(60)), margin(Fraction(900), "<=", Fraction(1000))
    (Fraction(-2, 1), Fraction(100, 1))
    """
    if comparison == "==":
        return -abs(value - threshold)
    return value - threshold if comparison in {">=", ">"} else threshold - value


def shortfall(value: Fraction, comparison: Comparison, threshold: Fraction) -> Fraction:
    """
    Return the shortfall, in the unit of the value; 0 where the threshold is met.

    A value equal to a strict threshold has the shortfall 0 but does not meet it.
    """
    return max(Fraction(0), -margin(value, comparison, threshold))


def least_whole(comparison: Comparison, bound: Fraction) -> int | None:
    """
    Return the least whole number that meets a lower bound; None for other comparisons.

    Examples
    --------
    >>> least_whole(">=", Fraction(6481 * 85, 100)), least_whole(">", Fraction(55))
    (5509, 56)
    """
    if comparison == ">=":
        return math.ceil(bound)
    return math.floor(bound) + 1 if comparison == ">" else None


def doubt_of(written: Decimal) -> Fraction:
    """
    Return the uncertainty of an approximate number: one unit of its last non-zero digit.

    余 (and more) may exceed the number by up to that; 约 (about) rounds by half of it.

    Examples
    --------
    >>> [int(doubt_of(Decimal(text))) for text in ("300", "160", "114", "0")]
    [100, 10, 1, 0]
    """
    if not written:
        return Fraction(0)
    exponent = written.normalize().as_tuple().exponent
    return Fraction(10) ** exponent if isinstance(exponent, int) else Fraction(0)
