"""Round trips from home to a destination and back; the way back may use other streets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.catchments import CatchmentSearch, Reached
from circle15.travel.engine.search import NOWHERE, Nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from circle15.travel.engine.catchments import Origins
    from circle15.travel.engine.graph import Positions, TravelGraph

    Int32s = npt.NDArray[np.int32]


class RoundTripSearch:
    """
    Searches the origins from which a trip to each destination and back is within a total time.

    It streams like `CatchmentSearch`; times are those of the whole trip.

    Parameters
    ----------
    total_ms
        Longest time out and back together, milliseconds, inclusive.
    """

    def __init__(
        self,
        graph: TravelGraph,
        origins: Positions | Origins,
        destinations: Positions,
        *,
        total_ms: int,
    ) -> None:
        self.total_ms = total_ms
        self.out = CatchmentSearch(graph, origins, destinations, cutoff_ms=total_ms)
        self.back = CatchmentSearch(graph.reversed, origins, destinations, cutoff_ms=total_ms)
        self.n_origins, self.n_destinations = len(origins), len(destinations)
        self.goal_rows = self.out.goal_rows

    def stream(self, *, threads: int | None = None) -> Iterator[Reached]:
        """Yield the catchments of all destinations, one at a time."""
        out, back = self.out.stream(threads=threads), self.back.stream(threads=threads)
        for (row, points, out_ms), (_, others, back_ms) in zip(
            _each(out), _each(back), strict=True
        ):
            both, here, there = np.intersect1d(
                points, others, assume_unique=True, return_indices=True
            )
            total = out_ms[here] + back_ms[there]
            inside = total <= self.total_ms
            offsets = np.array([0, int(inside.sum())])
            ms = total[inside].astype(np.int32)
            yield Reached(np.array([row]), offsets, both[inside], ms)


def _each(parts: Iterable[Reached]) -> Iterator[tuple[int, Int32s, Int32s]]:
    for part in parts:
        for k, row in enumerate(part.destinations):
            here = slice(part.offsets[k], part.offsets[k + 1])
            yield int(row), part.points[here], part.ms[here]


def nearest_round_trip(
    graph: TravelGraph, origins: Positions, destinations: Positions, *, total_ms: int
) -> Nearest:
    """
    Find for each origin the destination with the shortest time out and back.

    Returns
    -------
    Times of the whole trip (-1 beyond `total_ms`) and rows of `destinations`; of equal times the
    earlier row counts.
    """
    search = RoundTripSearch(graph, origins, destinations, total_ms=total_ms)
    time = np.full(len(origins), np.iinfo(np.int64).max, np.int64)
    label = np.full(len(origins), NOWHERE, np.int64)
    for part in search.stream():
        row, points = part.destinations[0], part.points
        nearer = (part.ms < time[points]) | ((part.ms == time[points]) & (row < label[points]))
        time[points[nearer]] = part.ms[nearer]
        label[points[nearer]] = row
    return Nearest(np.where(label < 0, NOWHERE, time), label)
