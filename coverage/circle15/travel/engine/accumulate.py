"""Sums over catchments in one pass: whole numbers, so that no order of summing matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.travel.engine.kernels import add_at_destinations, add_at_points, note_reached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools, Ints
    from circle15.travel.engine.joined import Search


_ANY_TIME: Final = 1 << 40
"""Milliseconds beyond the cutoff of any search."""


def destination_sums(search: Search, weights: Ints) -> Ints:
    """
    Sum the weights of the origins in each catchment.

    Parameters
    ----------
    weights : int64, shape (origins, groups)
        Micro-persons, or any other whole numbers.

    Returns
    -------
    int64, shape (destinations, groups); 0 for a destination that nobody reaches.
    """
    return destination_sums_within(search, weights, [_ANY_TIME])[:, 0]


def destination_sums_within(search: Search, weights: Ints, limits_ms: Sequence[int]) -> Ints:
    """
    Sum the weights of the origins within each of several limits.

    Parameters
    ----------
    weights : int64, shape (origins, groups)
        Micro-persons, or any other whole numbers.
    limits_ms
        Rising, each inclusive; beyond the cutoff of the search nothing is found.

    Returns
    -------
    int64, shape (destinations, limits, groups); each limit holds the people of the ones before.
    """
    limits = np.array(limits_ms, np.int64)
    sums = np.zeros((search.n_destinations, len(limits), weights.shape[1]), np.int64)
    for part in search.stream():
        found = part.destinations, part.offsets, part.points, part.ms
        add_at_destinations(*found, limits, weights, sums)
    return np.cumsum(sums, axis=1)


def point_sums(search: Search, values: Ints) -> Ints:
    """
    Sum at each origin the values of the destinations that it reaches.

    Parameters
    ----------
    values : int64, shape (destinations,)

    Returns
    -------
    int64, shape (origins,); 0 for an origin that reaches nothing.
    """
    sums = np.zeros(search.n_origins, np.int64)
    for part in search.stream():
        add_at_points(part.destinations, part.offsets, part.points, values, sums)
    return sums


@dataclass(frozen=True)
class ReachCounts:
    """
    How many destinations each origin reaches.

    Attributes
    ----------
    count : int64, shape (origins,)
        Number of counted destinations in reach.
    only : int64, shape (origins,)
        Row of the one destination in reach; -1 where there is none or more than one.
    """

    count: Ints
    only: Ints


def reach_counts(search: Search, counted: Bools) -> ReachCounts:
    """
    Count the destinations that each origin reaches.

    Parameters
    ----------
    counted : bool, shape (destinations,)
        Which destinations count.
    """
    count = np.zeros(search.n_origins, np.int64)
    mixed = np.zeros(search.n_origins, np.int64)
    for part in search.stream():
        note_reached(part.destinations, part.offsets, part.points, counted, count, mixed)
    # Of exactly one row the exclusive or is that row.
    return ReachCounts(count, np.where(count == 1, mixed, -1))
