"""The facilities that count: where they are reached, and how well their positions are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.joining_across import Breaks
    from circle15.network.snapping import Snaps


@dataclass(frozen=True)
class Doors:
    """
    All entrances of facilities: positions in the study CRS, metres, and where they join.

    `row` is the row of the facility table, ascending.
    """

    row: Ints
    x_m: Floats
    y_m: Floats
    snaps: Snaps


@dataclass(frozen=True)
class Sites:
    """
    The facilities that count, and where the lists of them are complete.

    Attributes
    ----------
    table
        Facilities as returned by `inputs.facilities.facility_table`.
    snaps
        Where they join the network, a row per facility: the first of its entrances that joins.
    covers
        Polygon in which the list of each category is complete, by category; empty without a list.
    doors
        The entrances of facilities that have any; such a facility is reached at the nearest.
    whereabouts
        Area in which a facility without a position may be, by row: the subdistrict or community
        that its row names, None for anywhere. A facility whose whereabouts are not known is
        missing.
    breaks
        Where a piece of the network comes close to a larger one without connecting to it; None if
        not searched for yet.
    """

    table: pd.DataFrame
    snaps: Snaps
    covers: Mapping[str, BaseGeometry]
    doors: Doors | None = None
    whereabouts: Mapping[int, BaseGeometry | None] = field(default_factory=dict)
    breaks: Breaks | None = None

    def goals(self, rows: Ints) -> tuple[Snaps, Ints]:
        """
        Return where some facilities (rows of the table, each once) are reached.

        Returns
        -------
        Places, and the index in `rows` of each, ascending: several for a facility with entrances.
        """
        if self.doors is None:
            return self.snaps.take(rows), np.arange(len(rows))
        stands, owner = self._reached_at(rows, self.doors.row)
        return self.snaps.followed_by(self.doors.snaps).take(stands), owner

    def places(self, rows: Ints) -> tuple[Floats, Floats, Snaps]:
        """Return the points (study CRS, metres) where facilities are reached, and their snaps."""
        x_m, y_m = (self.table[key].to_numpy(np.float64) for key in (c.X_M, c.Y_M))
        if self.doors is None:
            return x_m[rows], y_m[rows], self.snaps.take(rows)
        stands, _ = self._reached_at(rows, self.doors.row)
        x_m, y_m = np.r_[x_m, self.doors.x_m], np.r_[y_m, self.doors.y_m]
        at = self.snaps.followed_by(self.doors.snaps).take(stands)
        return x_m[stands], y_m[stands], at

    def _reached_at(self, rows: Ints, row_of_door: Ints) -> tuple[Ints, Ints]:
        """Return places, numbered over the table and then the doors, with their index in `rows`."""
        place = np.full(len(self.table), -1, np.int64)
        place[rows] = np.arange(len(rows))
        doors = np.flatnonzero(place[row_of_door] >= 0)
        alone = np.flatnonzero(~np.isin(rows, row_of_door))
        owner = np.concatenate([alone, place[row_of_door[doors]]])
        order = np.argsort(owner, kind="stable")
        stands = np.concatenate([rows[alone], len(self.table) + doors])
        return stands[order], owner[order]

    def ends(self, row: int) -> tuple[list[tuple[float, float]], Snaps]:
        """Return the points (study CRS, metres) where a facility is reached, and their snaps."""
        doors = self.doors
        own = np.empty(0, np.int64) if doors is None else np.flatnonzero(doors.row == row)
        if doors is None or not len(own):
            one = self.table.iloc[row]
            return [(float(one[c.X_M]), float(one[c.Y_M]))], self.snaps.take(np.array([row]))
        places = zip(doors.x_m[own].tolist(), doors.y_m[own].tolist(), strict=True)
        return list(places), doors.snaps.take(own)

    def may_be_near(self, rows: Ints, x_m: Floats, y_m: Floats) -> Bools:
        """Return a mask of the points near which an unplaced facility of `rows` may be."""
        near = np.zeros(len(x_m), np.bool_)
        known = (self.whereabouts[row] for row in rows.tolist() if row in self.whereabouts)
        for place in {id(place): place for place in known}.values():
            near |= True if place is None else shapely.intersects_xy(place, x_m, y_m)
        return near

    def rows(self, category: str, *, sure: bool) -> Ints:
        """Return the rows of the open facilities of a category, in the order of their ids."""
        wanted = (self.table[c.CATEGORY] == category) & self.table[c.OPEN]
        if sure:
            wanted &= ~self.table[c.POSITION_UNSURE]
        return np.flatnonzero(wanted.to_numpy())
