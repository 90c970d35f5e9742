"""A search over a given matrix of times, which returns catchments without a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from circle15.travel.engine.catchments import Reached

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.arrays import Ints
    from circle15.travel.engine.joined import Search


@dataclass(frozen=True)
class _Pairs:
    n_origins: int
    n_destinations: int
    origin: Ints
    destination: Ints
    ms: Ints

    @property
    def goal_rows(self) -> Ints:
        return np.arange(self.n_destinations)

    def stream(self) -> Iterator[Reached]:
        """All catchments at once, the last destination first: order must not matter."""
        order = np.lexsort((self.origin, -self.destination))
        rows = np.arange(self.n_destinations)[::-1]
        counts = np.bincount(self.destination, minlength=self.n_destinations)[rows]
        offsets = np.r_[0, np.cumsum(counts)]
        points, ms = (one[order].astype(np.int32) for one in (self.origin, self.ms))
        yield Reached(rows, offsets, points, ms)


def pair_search(n_origins: int, n_destinations: int, *pairs: Ints) -> Search:
    """Search over pairs: rows of origins, rows of destinations, milliseconds."""
    return cast("Search", _Pairs(n_origins, n_destinations, *pairs))


def matrix_search(ms: Sequence[Sequence[int | None]]) -> Search:
    """Search over a matrix, homes by sites; None is out of reach."""
    found = [
        (i, j, time) for i, row in enumerate(ms) for j, time in enumerate(row) if time is not None
    ]
    arrays = [np.array([one[k] for one in found], np.int64) for k in range(3)]
    return pair_search(len(ms), len(ms[0]), *arrays)
