"""Judge points of any kind, homes or entrances, for every category at one walking speed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.access.limits import at_nodes, time_to_exit, time_to_list_end
from circle15.access.states import judge_states
from circle15.network.joining_across import (
    breaks_between_pieces,
    snap_across,
    snap_to_larger_piece,
)
from circle15.study.settings.records import HORIZON_MIN, speed_ratio
from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.graph import Positions, TravelGraph, TravelNetwork, positions_at
from circle15.travel.engine.joined import JoinedSearch, Search
from circle15.travel.engine.round_trips import RoundTripSearch, nearest_round_trip
from circle15.travel.engine.search import NOWHERE, Nearest, nearest

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from fractions import Fraction

    from shapely.geometry.base import BaseGeometry

    from circle15.access.joining.sites import Sites
    from circle15.arrays import Codes, Floats, Ints
    from circle15.network.joining_across import Breaks
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Walk


MS_PER_MIN = 60_000


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

    @cached_property
    def breaks(self) -> Breaks:
        """Where a piece of the whole network lies beside a larger one."""
        if self.sites.breaks is not None:
            return self.sites.breaks
        return breaks_between_pieces(self.whole, max_snap_m=float(self.walk.max_snap_m))

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

    def nearest(self, origins: Positions, rows: Ints, horizon_min: int) -> Nearest:
        """
        Find the nearest of some facilities (rows of the table, in the order of their ids).

        Within a horizon in minutes; of a round trip within twice the circle's cutoff.
        """
        places, owner = self.sites.goals(rows)
        found = self._search(origins, self.positions(places), horizon_min)
        of_goal = np.append(rows[owner], -1)
        site = np.where(found.destination >= 0, of_goal[found.destination], -1)
        return Nearest(found.time_ms, site)

    def positions(self, snaps: Snaps) -> Positions:
        """Give snapped points their access legs at this speed."""
        access_speed = speed_ratio(self.speed_m_s) * speed_ratio(self.walk.access_speed_factor)
        return positions_at(snaps, access_speed)

    def judge(
        self, snaps: Snaps, categories: list[str], *, x_m: Floats, y_m: Floats
    ) -> dict[str, Judged]:
        """Judge points (study CRS, metres) for each category at every cutoff."""
        origins = self.positions(snaps)
        breaks = self._to_break(snaps, origins, x_m, y_m)
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
            every = self.sites.rows(category, sure=False)
            sure = self.sites.rows(category, sure=True)
            found = if_unsure = self.nearest(origins, sure, HORIZON_MIN)
            if len(every) > len(sure):
                if_unsure = self.nearest(origins, every, self.walk.circle_min)
            if_unjoined = self._if_unjoined(origins, every)
            unplaced = self.sites.may_be_near(every, x_m, y_m)
            states, reasons = {}, {}
            for cutoff in self.walk.cutoffs_min:
                states[cutoff], reasons[cutoff] = judge_states(
                    joined=snaps.joined,
                    time_ms=found.time_ms,
                    break_ms=breaks,
                    time_if_unsure_ms=if_unsure.time_ms,
                    time_if_unjoined_ms=if_unjoined,
                    unplaced=unplaced,
                    exit_ms=exits,
                    list_end_ms=rims[key],
                    cutoff_ms=self.limit_ms(cutoff),
                )
            result[category] = Judged(found.time_ms, found.destination, states, reasons)
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

    def _search(self, origins: Positions, goals: Positions, horizon_min: int) -> Nearest:
        if self.round_trip:
            return nearest_round_trip(self.graph, origins, goals, total_ms=self.horizon_ms)
        return nearest(self.graph, origins, goals, horizon_ms=horizon_min * MS_PER_MIN)

    def _to_break(self, snaps: Snaps, origins: Positions, x_m: Floats, y_m: Floats) -> Ints:
        """
        Time to where the piece on which a point stands lies beside a larger one; -1 where nowhere.

        No time at all for a point that itself could as well join the larger one.
        """
        nodes = at_nodes(self.whole, self.breaks.node)
        found = np.full(len(origins), NOWHERE, np.int64)
        if len(nodes):
            found = self._to_rim(
                lambda graph: nearest(graph, origins, nodes, horizon_ms=self.horizon_ms).time_ms
            )
        found[self._beside_larger(x_m, y_m, snaps).joined] = 0
        return found

    def _beside_larger(self, x_m: Floats, y_m: Floats, at: Snaps) -> Snaps:
        """Join points to a larger piece of the network than that which they have joined."""
        limit_m = float(self.walk.max_snap_m)
        return snap_to_larger_piece(x_m, y_m, at, self.whole, max_snap_m=limit_m)

    def _if_unjoined(self, origins: Positions, rows: Ints) -> Ints:
        """
        Time to the nearest of some facilities that has not joined, were it joined; -1 if none.

        It joins across what stopped it. One on a piece of the network that does not connect is
        reached from the larger piece beside it: beside the facility, or beside its piece.
        """
        x_m, y_m, at = self.sites.places(rows)
        lost = np.flatnonzero(~at.joined)
        across = snap_across(x_m[lost], y_m[lost], self.whole, limit_m=self._longest_leg_m)
        at = at.replaced(lost, across)
        beside = self._beside_larger(x_m, y_m, at)
        would = self.positions(across.followed_by(beside)).followed_by(self._over_breaks(at))
        would = would.take(would.edge >= 0)
        if not len(would):
            return np.full(len(origins), NOWHERE, np.int64)
        return self._search(origins, would, self.walk.circle_min).time_ms

    @property
    def _longest_leg_m(self) -> float:
        """A longer leg to a facility covers nobody, but one that the study allows always counts."""
        speed_m_s = float(self.speed_m_s) * float(self.walk.access_speed_factor)
        return max(speed_m_s * self.walk.circle_min * 60, float(self.walk.max_snap_m))

    def _over_breaks(self, at: Snaps) -> Positions:
        """Places on larger pieces beside which facilities are reached on their own piece."""
        beside = self.positions(self.breaks.snaps)
        if not len(beside) or not at.joined.any():
            return beside.take(np.zeros(len(beside), np.bool_))
        nodes, goals = at_nodes(self.whole, self.breaks.node), self.positions(at.take(at.joined))
        graphs = [self.graph, self.graph.reversed] if self.round_trip else [self.graph]
        times = [nearest(one, nodes, goals, horizon_ms=self.horizon_ms).time_ms for one in graphs]
        # Of a round trip the quicker way, as the leg counts on the way out and back.
        onward = np.min(times, axis=0)
        reached = onward >= 0
        access_ms = beside.access_ms + np.where(reached, onward, 0)
        return Positions(beside.edge, beside.fraction, access_ms).take(reached)
