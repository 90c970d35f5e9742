"""Classes of supply per person at each home, for maps, and the people to whom supply is related."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.results.once import once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    import numpy.typing as npt

    from circle15.access.supply.records import CategoryAccess
    from circle15.arrays import Floats
    from circle15.results.records import StudyResult

NO_SUPPLY, SUPPLY_UNKNOWN, NOT_JUDGED = 0, 254, 255
"""Codes of homes that reach no supply, whose supply is unknown, and which were not judged."""

NEED_FACTORS: Final = (0.5, 1, 2)
"""Lower bounds of the classes above the first, where it is known what a person needs."""

_PEOPLE: Final = (100, 1_000, 10_000, 100_000, 1_000_000)
_NICE: Final = (1, 2, 5)
_SHARES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class SupplyClasses:
    """
    Supply per person of a category with `[capacity]`, in classes.

    Attributes
    ----------
    field
        Unit of the supply, such as `beds`.
    people
        Number of people to whom `breaks`, `needed` and `amount` relate, see `people_related`.
    needed
        What so many people need; None without `per_person`.
    breaks
        Lower bounds of the classes above the first: half, all and twice of what is needed, or
        round numbers where that is not stated.
    codes : uint8, by row of `demand`
        Class of each home from 1 up, or one of the codes above.
    amount : float64, by row of `demand`
        Supply; NaN where it is unknown or the home was not judged.
    bounds
        The same as `breaks`, per person.
    """

    field: str
    people: int
    needed: Decimal | None
    breaks: Sequence[float]
    codes: npt.NDArray[np.uint8]
    amount: Floats
    bounds: Sequence[float]

    def class_of(self, per_person: float) -> int:
        """Return the class of a supply per person: 0 for none, then from 1 up."""
        return bisect_right(self.bounds, per_person) + 1 if per_person > 0 else NO_SUPPLY


@once
def supply_classes(result: StudyResult) -> Mapping[str, SupplyClasses]:
    """Return the classes of each category with `[capacity]`, for the slowest walkers as drawn."""
    found = {}
    for one in result.access:
        drawn = next((part for part in one.homes if part.name == result.drawn.name), None)
        if one.supplied is None or drawn is None or drawn.supply_per_person is None:
            continue
        settings, people = one.supplied.settings, people_related(one)
        each, need = drawn.supply_per_person, settings.per_person
        # Bounds per person, so that a supply of exactly what is needed is in the class of enough.
        bounds = (
            [bound / people for bound in round_breaks(each * people)]
            if need is None
            else [float(need) * factor for factor in NEED_FACTORS]
        )
        level = np.searchsorted(np.array(bounds), each, side="right") + 1
        codes = np.where(each > 0, level, NO_SUPPLY)
        codes[np.isnan(each)] = SUPPLY_UNKNOWN
        found[one.category] = SupplyClasses(
            field=settings.field,
            people=people,
            needed=None if need is None else need * people,
            breaks=[bound * people for bound in bounds],
            codes=result.of_demand(codes, NOT_JUDGED).astype(np.uint8),
            amount=result.of_demand(each * people, np.nan),
            bounds=bounds,
        )
    return found


def people_related(one: CategoryAccess) -> int:
    """
    Return the people to whom supply is related in print: 100, or so many that they need 1 unit.

    Without `per_person`, so many that they have 1 unit in the mean of the area; at most a million.
    """
    need = None if one.supplied is None else one.supplied.settings.per_person
    each = float(need) if need is not None else one.everybody.supply_per_person or 1.0
    return next((n for n in _PEOPLE if each * n >= 1), _PEOPLE[-1])


def round_breaks(values: Floats) -> list[float]:
    """
    Return round numbers (1, 2 or 5 × 10ᵏ) near the quartiles of the values above 0, each once.

    Examples
    --------
    >>> round_breaks(np.array([0.0, 0.9, 2.2, 2.3, 4.8, 60.0]))
    [2.0, 5.0]
    """
    known = values[values > 0]
    if not len(known):
        return []
    nice = np.sort(np.outer(_NICE, 10.0 ** np.arange(-6, 9)).ravel())
    near = np.abs(np.log(nice)[:, None] - np.log(np.quantile(known, _SHARES))).argmin(axis=0)
    return [float(one) for one in np.unique(nice[near])]
