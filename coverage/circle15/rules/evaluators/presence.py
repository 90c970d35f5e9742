"""Rules that require at least one facility in each unit, such as a complex in every subdistrict."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class UnitPresence:
    """
    Number of units with at least one facility.

    Attributes
    ----------
    units, with_one
        Number of units, and of those with at least one facility.
    value_percent
        Their share in per cent, exact; null without units.
    shortfall
        Units that must still get a facility to meet the threshold; null where it is not compared.
    without
        Ids of the units without a facility, in the order given.
    elsewhere
        Number of facilities in none of the units, or without a position; they do not count.
    verdict
        `undetermined` without units, `reported` without a threshold.
    """

    units: int
    with_one: int
    value_percent: Fraction | None
    threshold_percent: Decimal | None
    shortfall: int | None
    without: tuple[str, ...]
    elsewhere: int
    verdict: Verdict


def judge_presence(
    unit_ids: Sequence[str],
    facility_unit_ids: Iterable[str | None],
    *,
    threshold_percent: Decimal | None,
) -> UnitPresence:
    """
    Compare the share of units that have at least one facility with a threshold.

    Two facilities in one unit do not compensate for a unit without any.

    Parameters
    ----------
    unit_ids
        Every unit once, such as the subdistricts of a district.
    facility_unit_ids
        The unit in which each facility lies; None if in none or unknown.
    threshold_percent
        Least share in per cent; a share equal to it is enough. None only reports the share.

    Raises
    ------
    InputDataError
        If a unit is listed twice.

    Examples
    --------
    >>> from decimal import Decimal
    >>> sheet = judge_presence(["a", "b"], ["a", "a"], threshold_percent=Decimal(100))
    >>> (sheet.with_one, sheet.value_percent, sheet.shortfall, sheet.verdict.value)
    (1, Fraction(50, 1), 1, 'not_met')
    """
    twice = sorted(unit for unit, n in Counter(unit_ids).items() if n > 1)
    if twice:
        message = f"{len(twice)} units are listed more than once: {', '.join(twice[:5])}."
        raise InputDataError(message, mend="List each unit once.")
    facilities = list(facility_unit_ids)
    served, known = set(facilities), set(unit_ids)
    without = tuple(unit for unit in unit_ids if unit not in served)
    units, with_one = len(unit_ids), len(unit_ids) - len(without)
    value = Fraction(with_one * 100, units) if units else None
    return UnitPresence(
        units=units,
        with_one=with_one,
        value_percent=value,
        threshold_percent=threshold_percent,
        shortfall=_units_missing(units, with_one, threshold_percent) if units else None,
        without=without,
        elsewhere=sum(unit not in known for unit in facilities),
        verdict=_verdict(value, threshold_percent),
    )


def _units_missing(units: int, with_one: int, threshold_percent: Decimal | None) -> int | None:
    if threshold_percent is None:
        return None
    wanted = math.ceil(Fraction(threshold_percent) * units / 100)
    return max(0, wanted - with_one)


def _verdict(value_percent: Fraction | None, threshold_percent: Decimal | None) -> Verdict:
    if value_percent is None:
        return Verdict.UNDETERMINED
    if threshold_percent is None:
        return Verdict.REPORTED
    return Verdict.MET if value_percent >= Fraction(threshold_percent) else Verdict.NOT_MET
