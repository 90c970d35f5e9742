"""Sums over catchments in one pass: whole numbers, so that no order of summing matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.kernels import add_at_destinations, add_at_points, note_reached

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.travel.catchments import CatchmentSearch
    from circle15.travel.round_trips import RoundTripSearch

    Search = CatchmentSearch | RoundTripSearch

    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]


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
    sums = np.zeros((search.n_destinations, weights.shape[1]), np.int64)
    for part in search.stream():
        add_at_destinations(part.destinations, part.offsets, part.points, weights, sums)
    return sums


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
