"""Sum over catchments in one pass, in integers, so that the order of summing does not matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.travel.engine.catchment_sums import add_at_destinations, note_reached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools, Ints
    from circle15.travel.engine.joined import Search


_ANY_TIME: Final = 1 << 40
"""A time beyond the cutoff of any search, milliseconds."""


def destination_sums(search: Search, weights: Ints) -> Ints:
    """
    Sum the weights of the origins in each catchment.

    Parameters
    ----------
    weights : int64, shape (origins, groups)
        Micro-persons, or any other whole numbers.

    Returns
    -------
    int64, shape (destinations, groups); 0 for a destination that no origin reaches.
    """
    return destination_sums_within(search, weights, [_ANY_TIME])[:, 0]


def destination_sums_within(search: Search, weights: Ints, limits_ms: Sequence[int]) -> Ints:
    """
    Sum the weights of the origins of each catchment within each of several time limits.

    Parameters
    ----------
    weights : int64, shape (origins, groups)
        Micro-persons, or any other whole numbers.
    limits_ms
        Ascending, each inclusive, milliseconds; at most the cutoff of the search.

    Returns
    -------
    int64, shape (destinations, limits, groups); the sum of a limit includes those of shorter ones.
    """
    limits = np.array(limits_ms, np.int64)
    sums = np.zeros((search.n_destinations, len(limits), weights.shape[1]), np.int64)
    for part in search.stream():
        found = part.destinations, part.offsets, part.points, part.ms
        add_at_destinations(*found, limits, weights, sums)
    return np.cumsum(sums, axis=1)


@dataclass(frozen=True)
class ReachCounts:
    """
    Number of destinations that each origin reaches.

    Attributes
    ----------
    count : int64, shape (origins,)
        Number of counted destinations in reach.
    mixed : int64, shape (origins,)
        The rows of these destinations, combined by exclusive or: of a single one its row.
    """

    count: Ints
    mixed: Ints

    @property
    def only(self) -> Ints:
        """Row of the only destination in reach; -1 where there is none or more than one."""
        return np.where(self.count == 1, self.mixed, -1)


def reach_counts(search: Search, counted: Bools, *, numbers: Ints | None = None) -> ReachCounts:
    """
    Count the destinations that each origin reaches.

    Parameters
    ----------
    counted : bool, shape (destinations,)
        Destinations to count.
    numbers
        Number of each destination, instead of its row, by which `counted` and the result name it.
    """
    count = np.zeros(search.n_origins, np.int64)
    mixed = np.zeros(search.n_origins, np.int64)
    for part in search.stream():
        rows = part.destinations if numbers is None else numbers[part.destinations]
        note_reached(rows, part.offsets, part.points, counted, count, mixed)
    return ReachCounts(count, mixed)
