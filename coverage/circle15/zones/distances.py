"""Walking distances between residential zones, in metres along the streets."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.graph import positions_at
from circle15.travel.engine.lengths import MM_PER_MS, by_length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.judging import Judge
    from circle15.arrays import Ints
    from circle15.network.snapping import Snaps
    from circle15.rules.floor_area.pooling import Apart


class ZonesApart:
    """
    Walking distances between residential zones, along the streets.

    The distance of two zones is that of their nearest homes (or entrances), with both access legs,
    in the longer direction. Stairs, slopes and signals are ignored.

    Parameters
    ----------
    zone_ids
        Ids of the residential zones.
    owner : int64
        Index of the zone of each home.
    snaps
        Where the homes join the network.
    judge
        The network as it may be walked.
    """

    def __init__(self, zone_ids: Sequence[str], owner: Ints, snaps: Snaps, judge: Judge) -> None:
        self.zone_ids = list(zone_ids)
        self.owner = owner
        self.snaps = snaps
        self.judge = judge
        self._found: dict[Decimal, Apart] = {}

    def within(self, limit_m: Decimal) -> Apart:
        """Return the distances (mm) of pairs of zones within a limit, the smaller id first."""
        if limit_m not in self._found:
            self._found[limit_m] = self._search(math.floor(limit_m * 1000))
        return self._found[limit_m]

    def _search(self, limit_mm: int) -> Apart:
        travel = by_length(self.judge.travel, self.judge.network.length_m)
        homes = positions_at(self.snaps, MM_PER_MS)
        search = CatchmentSearch(travel.at_speed(MM_PER_MS), homes, homes, cutoff_ms=limit_mm)
        count = len(self.zone_ids)
        keys, least = np.empty(0, np.int64), np.empty(0, np.int64)
        for part in search.stream():
            goal = self.owner[np.repeat(part.destinations, np.diff(part.offsets))]
            start = self.owner[part.points]
            other = start != goal
            keys = np.r_[keys, start[other] * count + goal[other]]
            least = np.r_[least, part.ms[other]]
            keys, least = _least_of_each(keys, least)
        return self._both_ways(dict(zip(keys.tolist(), least.tolist(), strict=True)))

    def _both_ways(self, one_way: dict[int, int]) -> Apart:
        """Return the longer direction of each pair, without pairs that only connect one way."""
        count = len(self.zone_ids)
        found: dict[tuple[str, str], int] = {}
        for key, mm in one_way.items():
            a, b = divmod(key, count)
            back_mm = one_way.get(b * count + a)
            one, other = self.zone_ids[a], self.zone_ids[b]
            if back_mm is not None and one < other:
                found[one, other] = max(mm, back_mm)
        return found


def _least_of_each(keys: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Keep the least value of each key."""
    order = np.lexsort((values, keys))
    keys, values = keys[order], values[order]
    first = np.r_[True, keys[1:] != keys[:-1]] if len(keys) else np.empty(0, bool)
    return keys[first], values[first]
