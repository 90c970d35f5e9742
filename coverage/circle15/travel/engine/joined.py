"""Catchments of destinations with several entrances: the time is that to the nearest one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.catchments import CatchmentSearch, Reached
from circle15.travel.engine.round_trips import RoundTripSearch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from circle15.arrays import Ints

    Int32s = npt.NDArray[np.int32]


class JoinedSearch:
    """
    Merges the catchments of a destination's places; it streams like `CatchmentSearch`.

    Parameters
    ----------
    search
        Search from every place, such as an entrance.
    owner : int64, shape (places,)
        Destination of each place, ascending.
    n_destinations
        Number of destinations.
    """

    def __init__(
        self, search: CatchmentSearch | RoundTripSearch, owner: Ints, n_destinations: int
    ) -> None:
        self.search = search
        self.owner = owner
        self.n_origins, self.n_destinations = search.n_origins, n_destinations
        self.goal_rows = np.unique(owner[search.goal_rows])
        places = np.bincount(owner, minlength=n_destinations)
        self.several = places > 1

    def stream(self, *, threads: int | None = None) -> Iterator[Reached]:
        """Yield the catchments of all destinations; those with several places come last."""
        waiting: dict[int, list[tuple[Int32s, Int32s]]] = defaultdict(list)
        for part in self.search.stream(threads=threads):
            for k, place in enumerate(part.destinations):
                destination = int(self.owner[place])
                here = slice(int(part.offsets[k]), int(part.offsets[k + 1]))
                points, ms = part.points[here], part.ms[here]
                if self.several[destination]:
                    waiting[destination].append((points, ms))
                else:
                    yield _of(destination, points, ms)
        for destination in sorted(waiting):
            points, ms = (np.concatenate(one) for one in zip(*waiting[destination], strict=True))
            order = np.lexsort((ms, points))
            points, ms = points[order], ms[order]
            first = np.r_[True, points[1:] != points[:-1]] if len(points) else np.empty(0, bool)
            yield _of(destination, points[first], ms[first])


def _of(destination: int, points: Int32s, ms: Int32s) -> Reached:
    return Reached(np.array([destination]), np.array([0, len(points)]), points, ms)


Search = CatchmentSearch | RoundTripSearch | JoinedSearch
"""Any search that streams catchments."""
