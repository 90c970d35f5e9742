"""Classes of supply per person at each home, for maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.results.once import once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from circle15.arrays import Floats
    from circle15.results.records import StudyResult

NO_SUPPLY, SUPPLY_UNKNOWN, NOT_JUDGED = 0, 254, 255
"""Codes of homes that reach no supply, whose supply is unknown, and which were not judged."""

_PER: Final = 100
_NICE: Final = (1, 2, 5)
_SHARES: Final = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class SupplyClasses:
    """
    Supply per 100 people of a category with `[capacity]`, in classes.

    Attributes
    ----------
    field
        Unit of the supply, such as `beds`.
    breaks
        Lower bounds of the classes above the first, units per 100 people.
    codes : uint8, by row of `demand`
        Class of each home from 1 up, or one of the codes above.
    """

    field: str
    breaks: Sequence[float]
    codes: npt.NDArray[np.uint8]


@once
def supply_classes(result: StudyResult) -> Mapping[str, SupplyClasses]:
    """Return the classes of each category with `[capacity]`, for the slowest walkers as drawn."""
    found = {}
    for one in result.access:
        drawn = next((part for part in one.homes if part.name == result.drawn.name), None)
        if one.supplied is None or drawn is None or drawn.supply_per_person is None:
            continue
        supply = drawn.supply_per_person * _PER
        breaks = round_breaks(supply)
        level = np.searchsorted(np.array(breaks), supply, side="right") + 1
        codes = np.where(supply > 0, level, NO_SUPPLY)
        codes[np.isnan(supply)] = SUPPLY_UNKNOWN
        every = result.of_demand(codes, NOT_JUDGED).astype(np.uint8)
        found[one.category] = SupplyClasses(one.supplied.settings.field, breaks, every)
    return found


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
