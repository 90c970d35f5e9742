"""Catchments one by one, as tests compare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.catchments import CatchmentSearch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.arrays import Ints
    from circle15.travel.engine.graph import Positions, TravelGraph


def catchments(
    graph: TravelGraph, origins: Positions, destinations: Positions, *, cutoff_ms: int
) -> Iterator[tuple[int, Ints, Ints]]:
    """
    Stream the catchment of each destination; neighbouring destinations follow each other.

    Yields
    ------
    Row of the destination, rows of the origins that reach it within the cutoff (inclusive), in
    ascending order, and their times in milliseconds. Destinations that have not joined the network
    have no catchment and are left out.
    """
    search = CatchmentSearch(graph, origins, destinations, cutoff_ms=cutoff_ms)
    for part in search.stream():
        for k, row in enumerate(part.destinations):
            points = part.points[part.offsets[k] : part.offsets[k + 1]].astype(np.int64)
            ms = part.ms[part.offsets[k] : part.offsets[k + 1]].astype(np.int64)
            rising = np.argsort(points, kind="stable")
            yield int(row), points[rising], ms[rising]
