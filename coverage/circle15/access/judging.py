"""Judge points of any kind, homes or entrances, for every category at one walking speed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.access.limits import time_to_exit, time_to_list_end
from circle15.access.states import judge_states
from circle15.network.joining_across import snap_across, snap_to_larger_piece
from circle15.network.snapping import Snaps
from circle15.study import columns as c
from circle15.study.config import HORIZON_MIN, speed_ratio
from circle15.travel.catchments import CatchmentSearch
from circle15.travel.graph import Positions, TravelGraph, TravelNetwork, positions_at
from circle15.travel.joined import JoinedSearch, Search
from circle15.travel.round_trips import RoundTripSearch, nearest_round_trip
from circle15.travel.search import NOWHERE, Nearest, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from fractions import Fraction

    import numpy.typing as npt
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.config import Walk

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int8]
    Bools = npt.NDArray[np.bool_]

MS_PER_MIN = 60_000


@dataclass(frozen=True)
class Doors:
    """
    Entrances of facilities, all of each: study CRS, metres, and where they join the network.

    `row` is the row of the facility table, rising.
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
        Facilities as `inputs.facilities` gives them.
    snaps
        Where they join the network, a row per facility: of several entrances the first that does.
    covers
        Category to the polygon in which its list is complete; empty where there is no list.
    doors
        The entrances of facilities that have any; such a facility is reached at the nearest.
    unplaced_anywhere
        Whether a facility without a position may stand anywhere: the study has no layer of
        streets or communities in which its row could place it.
    """

    table: pd.DataFrame
    snaps: Snaps
    covers: Mapping[str, BaseGeometry]
    doors: Doors | None = None
    unplaced_anywhere: bool = False

    def goals(self, rows: Ints) -> tuple[Snaps, Ints]:
        """
        Tell where some facilities (rows of the table, each once) are reached.

        Returns
        -------
        Places, and of each the index in `rows`, rising: several where a facility has entrances.
        """
        if self.doors is None:
            return self.snaps.take(rows), np.arange(len(rows))
        place = np.full(len(self.table), -1, np.int64)
        place[rows] = np.arange(len(rows))
        doors = np.flatnonzero(place[self.doors.row] >= 0)
        alone = np.flatnonzero(~np.isin(rows, self.doors.row))
        owner = np.concatenate([alone, place[self.doors.row[doors]]])
        order = np.argsort(owner, kind="stable")
        found = self.snaps.take(rows[alone]).followed_by(self.doors.snaps.take(doors))
        return found.take(order), owner[order]

    def places(self, rows: Ints) -> tuple[Floats, Floats, Snaps]:
        """Points (study CRS, metres) at which facilities are reached, and where they join."""
        at, owner = self.goals(rows)
        x_m, y_m = (self.table[key].to_numpy(np.float64)[rows][owner] for key in (c.X_M, c.Y_M))
        if self.doors is not None:
            chosen = np.isin(self.doors.row, rows)
            of_door = np.isin(rows[owner], self.doors.row)
            # The doors of each facility stand in their own order in both.
            order = np.argsort(
                np.searchsorted(np.sort(rows), self.doors.row[chosen]), kind="stable"
            )
            x_m[of_door] = self.doors.x_m[chosen][order]
            y_m[of_door] = self.doors.y_m[chosen][order]
        return x_m, y_m, at

    def ends(self, row: int) -> tuple[list[tuple[float, float]], Snaps]:
        """Points at which a facility is reached (study CRS, metres), and where they join."""
        doors = self.doors
        own = np.empty(0, np.int64) if doors is None else np.flatnonzero(doors.row == row)
        if doors is None or not len(own):
            one = self.table.iloc[row]
            return [(float(one[c.X_M]), float(one[c.Y_M]))], self.snaps.take(np.array([row]))
        places = zip(doors.x_m[own].tolist(), doors.y_m[own].tolist(), strict=True)
        return list(places), doors.snaps.take(own)

    def may_be_near(self, rows: Ints) -> bool:
        """Whether one of some facilities has no position and may stand beside any home."""
        return self.unplaced_anywhere and bool(np.isnan(self.places(rows)[0]).any())

    def rows(self, category: str, *, sure: bool) -> Ints:
        """Rows of the open facilities of a category, in the order of their ids."""
        wanted = (self.table[c.CATEGORY] == category) & self.table[c.OPEN]
        if sure:
            wanted &= ~self.table[c.POSITION_UNSURE]
        return np.flatnonzero(wanted.to_numpy())


@dataclass(frozen=True)
class Judged:
    """
    Times and states of points for one category and speed.

    Attributes
    ----------
    time_ms : int64, shape (n,)
        Time to the nearest facility with a sure position; -1 beyond the horizon of 60 min. Of a
        round trip the time out and back, -1 beyond twice the circle's cutoff.
    facility : int64, shape (n,)
        Its row in the facility table; -1 where there is none.
    states, reasons
        Cutoff in minutes to codes of `State` and `Reason`.
    """

    time_ms: Ints
    facility: Ints
    states: dict[int, Codes]
    reasons: dict[int, Codes]


class Judge:
    """
    Judges points at one walking speed; the searches for the rims are made once.

    `network` is the one that people walk (`walked_network`), and `travel` is made of it; points
    have joined the `whole` network, under the same edges: a compound that a rule closes is no piece
    that does not connect.
    """

    def __init__(
        self,
        network: WalkNetwork,
        travel: TravelNetwork,
        sites: Sites,
        walk: Walk,
        speed_m_s: Decimal | Fraction,
        *,
        whole: WalkNetwork | None = None,
    ) -> None:
        self.network = network
        self.whole = whole or network
        self.travel = travel
        self.sites = sites
        self.walk = walk
        self.speed_m_s = speed_m_s
        self.graph = travel.at_speed(speed_ratio(speed_m_s))

    @property
    def round_trip(self) -> bool:
        """Whether the way out and back is judged, against twice the cutoff."""
        return self.walk.judge == "round_trip"

    def limit_ms(self, cutoff_min: int) -> int:
        """Longest time that is inside a cutoff: of a round trip twice the cutoff."""
        return cutoff_min * MS_PER_MIN * (2 if self.round_trip else 1)

    @property
    def horizon_ms(self) -> int:
        """The longest cutoff: beyond it no rim matters."""
        return self.limit_ms(self.walk.circle_min)

    def catchments(self, origins: Positions, rows: Ints) -> Search:
        """Search the origins within the circle of facilities (rows of the facility table)."""
        places, owner = self.sites.goals(rows)
        goals = self.positions(places)
        found: CatchmentSearch | RoundTripSearch
        if self.round_trip:
            found = RoundTripSearch(self.graph, origins, goals, total_ms=self.horizon_ms)
        else:
            found = CatchmentSearch(self.graph, origins, goals, cutoff_ms=self.horizon_ms)
        return found if len(owner) == len(rows) else JoinedSearch(found, owner, len(rows))

    def positions(self, snaps: Snaps) -> Positions:
        """Give snapped points their access legs at this speed."""
        access_speed = speed_ratio(self.speed_m_s) * speed_ratio(self.walk.access_speed_factor)
        return positions_at(snaps, access_speed)

    def judge(
        self, snaps: Snaps, categories: list[str], *, x_m: Floats, y_m: Floats
    ) -> dict[str, Judged]:
        """Judge points (study CRS, metres) for each category at every cutoff."""
        limit_m = float(self.walk.max_snap_m)
        apart = snap_to_larger_piece(x_m, y_m, snaps, self.whole, max_snap_m=limit_m).joined
        origins = self.positions(snaps)
        exits = self._to_rim(
            lambda graph: time_to_exit(self.network, graph, origins, horizon_ms=self.horizon_ms)
        )
        rims: dict[bytes, Ints] = {}
        result = {}
        for category in categories:
            covers = self.sites.covers[category]
            key = shapely.to_wkb(covers)
            if key not in rims:
                rims[key] = self._to_rim(partial(self._to_list_end, origins=origins, covers=covers))
            result[category] = self._category(
                category, snaps, origins, apart=apart, exits=exits, rim=rims[key]
            )
        return result

    def _to_list_end(self, graph: TravelGraph, *, origins: Positions, covers: BaseGeometry) -> Ints:
        return time_to_list_end(self.network, graph, origins, covers, horizon_ms=self.horizon_ms)

    def _to_rim(self, search: Callable[[TravelGraph], Ints]) -> Ints:
        """Time to a rim; for a round trip the least that a way there and back can take."""
        there = search(self.graph)
        if not self.round_trip:
            return there
        back = search(self.graph.reversed)
        return np.where((there < 0) | (back < 0), NOWHERE, there + back)

    def _nearest(self, origins: Positions, rows: Ints, horizon_min: int) -> Nearest:
        places, owner = self.sites.goals(rows)
        found = self._search(origins, self.positions(places), horizon_min)
        of_goal = np.append(rows[owner], -1)
        site = np.where(found.destination >= 0, of_goal[found.destination], -1)
        return Nearest(found.time_ms, site)

    def _search(self, origins: Positions, goals: Positions, horizon_min: int) -> Nearest:
        if self.round_trip:
            return nearest_round_trip(self.graph, origins, goals, total_ms=self.horizon_ms)
        return nearest(self.graph, origins, goals, horizon_ms=horizon_min * MS_PER_MIN)

    def _if_unjoined(self, origins: Positions, rows: Ints) -> Ints | None:
        """
        Time to the nearest of some facilities that has not joined, were it joined.

        It joins across what stopped it. One that stands on a piece of network that does not
        connect may as well be reached from a larger piece beside it.
        """
        x_m, y_m, at = self.sites.places(rows)
        # A leg that is longer than the circle covers nobody.
        reach_m = (
            float(self.speed_m_s) * float(self.walk.access_speed_factor) * self.walk.circle_min * 60
        )
        limit_m = float(self.walk.max_snap_m)
        lost = np.flatnonzero(~at.joined)
        across = snap_across(x_m[lost], y_m[lost], self.whole, limit_m=max(reach_m, limit_m))
        beside = snap_to_larger_piece(x_m, y_m, at, self.whole, max_snap_m=limit_m)
        would = across.followed_by(beside)
        if not would.joined.any():
            return None
        goals = self.positions(would.take(would.joined))
        return self._search(origins, goals, self.walk.circle_min).time_ms

    def _category(
        self,
        category: str,
        snaps: Snaps,
        origins: Positions,
        *,
        apart: Bools,
        exits: Ints,
        rim: Ints,
    ) -> Judged:
        sure = self.sites.rows(category, sure=True)
        every = self.sites.rows(category, sure=False)
        found = self._nearest(origins, sure, HORIZON_MIN)
        if_unsure = found
        if len(every) > len(sure):
            if_unsure = self._nearest(origins, every, self.walk.circle_min)
        if_unjoined = self._if_unjoined(origins, every)
        unplaced = np.full(len(snaps.edge), self.sites.may_be_near(every))
        states, reasons = {}, {}
        for cutoff in self.walk.cutoffs_min:
            states[cutoff], reasons[cutoff] = judge_states(
                joined=snaps.joined,
                time_ms=found.time_ms,
                time_if_unsure_ms=if_unsure.time_ms,
                exit_ms=exits,
                list_end_ms=rim,
                cutoff_ms=self.limit_ms(cutoff),
                time_if_unjoined_ms=if_unjoined,
                apart=apart,
                unplaced=unplaced,
            )
        return Judged(found.time_ms, found.destination, states, reasons)
