"""Recompute the figures that a document prints, and remark where they differ."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.comparing import holds
from circle15.rules.evaluators.answers import Remark, remark

if TYPE_CHECKING:
    from decimal import Decimal

    from circle15.rules.packs.load import Printed, Rule, RulePack


def printed_remarks(pack: RulePack, rule: Rule) -> list[Remark]:
    """
    Compare the figures that a document states with those that its own numbers give.

    Also remarks where such a figure already meets the rule's threshold, so that the target lies
    below what the document reports.
    """
    remarks: list[Remark] = []
    for one in pack.printed:
        if one.rule != rule.id:
            continue
        if one.numerator is not None and one.denominator is not None:
            numbers: dict[str, Fraction | int | str] = {
                "numerator": Fraction(one.numerator),
                "denominator": Fraction(one.denominator),
                "per": one.per,
                "value": one.value,
            }
            remarks.append(remark("PRINTED_RATIO", numbers))
        if one.stated is not None and not rounds_to(one.value, one.stated):
            remarks.append(_stated_differs(one, one.stated))
        if rule.threshold is None or rule.comparison is None:
            continue
        target = {"value": one.value, "threshold": Fraction(rule.threshold)}
        if holds(one.value, rule.comparison, Fraction(rule.threshold)):
            remarks.append(remark("BASELINE_MEETS", target))
        elif one.numerator is None:
            remarks.append(remark("BASELINE", target))
    return remarks


def rounds_to(value: Fraction, stated: Decimal) -> bool:
    """
    Return whether a value rounds (half up) to a number as it is written.

    Examples
    --------
    >>> from decimal import Decimal
    >>> rounds_to(Fraction(8811000, 230300), Decimal("38.26"))
    True
    >>> rounds_to(Fraction(8811000, 230300), Decimal(39))
    False
    """
    half = _half_of_last_digit(stated)
    return Fraction(stated) - half <= value < Fraction(stated) + half


def _half_of_last_digit(stated: Decimal) -> Fraction:
    exponent = stated.as_tuple().exponent
    return Fraction(10) ** (exponent if isinstance(exponent, int) else 0) / 2


def _stated_differs(one: Printed, stated: Decimal) -> Remark:
    """Return a remark with the stated figure and the denominators that would give it."""
    numbers: dict[str, Fraction | int | str] = {"stated": Fraction(stated), "value": one.value}
    if one.numerator is None:
        return remark("STATED_DIFFERS", numbers)
    half = _half_of_last_digit(stated)
    least, most = needed_denominators(Fraction(one.numerator), one.per, Fraction(stated), half)
    return remark("STATED_NEEDS", {**numbers, "least": least, "most": most})


def needed_denominators(
    numerator: Fraction, per: int, stated: Fraction, half: Fraction
) -> tuple[int, int]:
    """
    Return the least and greatest whole `d` for which `per · numerator / d` rounds to `stated`.

    Examples
    --------
    >>> needed_denominators(Fraction(8811), 1000, Fraction(39), Fraction(1, 2))
    (223064, 228857)
    """
    least = math.floor(per * numerator / (stated + half)) + 1
    return least, math.floor(per * numerator / (stated - half))
