"""Class breaks for the number of people at a place, used in maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circle15.arrays import Floats


_NICE = (1, 2, 5)


def class_breaks(people: Floats) -> list[float]:
    """
    Return the lower bounds of the classes above the first.

    The breaks are round numbers (1, 2 or 5 times a power of ten) near the 50th, 75th and 95th
    percentile of the values above 0, so there are at most three; none if no value is above 0.

    Examples
    --------
    >>> class_breaks(np.array([1.0, 3.0, 8.0, 9.0, 22.0, 40.0, 70.0, 120.0]))
    [20, 50, 100]
    """
    inhabited = people[people > 0]
    if not len(inhabited):
        return []
    wanted = np.quantile(inhabited, [0.5, 0.75, 0.95])
    power = 10.0 ** np.arange(-6, 9)
    nice = np.sort(np.outer(_NICE, power).ravel())
    found = [float(nice[np.abs(np.log(nice) - np.log(q)).argmin()]) for q in wanted]
    return [int(b) if b >= 1 else b for b in sorted(set(found))]
