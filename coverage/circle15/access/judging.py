"""Judge points, such as homes or entrances, for every category at one walking speed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.access.data_edges import ListEnds, at_nodes, time_to_exit, time_to_list_end
from circle15.access.states import judge_states
from circle15.network.joining_across import (
    breaks_between_pieces,
    snap_across,
    snap_to_larger_piece,
)
from circle15.study.settings.records import HORIZON_MIN, speed_ratio
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.graph import Positions, TravelGraph, TravelNetwork, positions_at
from circle15.travel.engine.joined import JoinedSearch, Search
from circle15.travel.engine.round_trips import RoundTripSearch, nearest_round_trip
from circle15.travel.engine.search import NOWHERE, Nearest, SharedOrigins, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal
    from fractions import Fraction

    from shapely.geometry.base import BaseGeometry

    from circle15.access.joining.same_sites import SiteChanges
    from circle15.access.joining.sites import Sites
    from circle15.arrays import Bools, Codes, Floats, Ints
    from circle15.network.joining_across import Breaks
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Walk
    from circle15.travel.engine.catchments import Origins


@dataclass(frozen=True)
class Judged:
    """
    Times and states of points for one category and speed.

    Attributes
    ----------
    time_ms : int64, shape (n,)
        Time to the nearest facility with a sure position; -1 beyond the horizon of 60 min. For
        round trips the time out and back, -1 beyond twice the circle's cutoff.
    facility : int64, shape (n,)
        Row of that facility in the facility table; -1 where there is none.
    states, reasons
        Codes of `State` and `Reason`, by cutoff in minutes.
    """

    time_ms: Ints
    facility: Ints
    states: dict[int, Codes]
    reasons: dict[int, Codes]


@dataclass(frozen=True)
class Goals:
    """
    Places where facilities are reached.

    `at` are positions with the times of the access legs; `owner` (int64) is the row of the facility
    of each in the facility table.
    """

    at: Positions
    owner: Ints

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, index: Ints | Bools) -> Goals:
        """Return some of the places, by index or mask."""
        return Goals(self.at.take(index), self.owner[index])

    def followed_by(self, other: Goals) -> Goals:
        """Return these places followed by others."""
        return Goals(self.at.followed_by(other.at), np.r_[self.owner, other.owner])


@dataclass(frozen=True)
class Before:
    """Points as judged for a category, and how its sites differ now."""

    judged: Judged
    changes: SiteChanges


class LimitsAround:
    """
    Points to judge, and the times from them to where the data end.

    They do not depend on facilities, so that a scenario takes them from its study. Each is computed
    when it is first asked for.

    Parameters
    ----------
    judge
        Any judge of these streets at this speed.
    snaps
        Where the points join the whole network.
    x_m, y_m
        The points, study CRS, metres; NaN where a position is missing.
    """

    def __init__(self, judge: Judge, snaps: Snaps, *, x_m: Floats, y_m: Floats) -> None:
        self._judge = judge
        self.snaps, self.x_m, self.y_m = snaps, x_m, y_m
        self.origins = judge.positions(snaps)
        self.shared = SharedOrigins(self.origins)
        self._list_ends: dict[bytes, Ints] = {}

    @cached_property
    def to_break(self) -> Ints:
        """
        Time to where the piece of a point comes close to a larger one, ms; -1 for none.

        0 for a point that could itself join the larger piece.
        """
        judge = self._judge
        nodes = at_nodes(judge.whole, judge.breaks.node)
        found = np.full(len(self.origins), NOWHERE, np.int64)
        if len(nodes):
            found = judge.to_rim(
                lambda graph: (
                    nearest(graph, self.shared, nodes, horizon_ms=judge.horizon_ms).time_ms
                )
            )
        found[judge.beside_larger(self.x_m, self.y_m, self.snaps).joined] = 0
        return found

    @cached_property
    def to_exit(self) -> Ints:
        """Time to the nearest exit, ms; -1 for none within the horizon."""
        judge = self._judge
        return judge.to_rim(
            lambda graph: time_to_exit(
                judge.network, graph, self.shared, horizon_ms=judge.horizon_ms
            )
        )

    def to_list_end(self, covers: BaseGeometry) -> Ints:
        """Return the time to the nearest street beyond the area of a list, ms; -1 for none."""
        judge, key = self._judge, shapely.to_wkb(covers)
        if key not in self._list_ends:
            self._list_ends[key] = judge.to_rim(
                lambda graph: time_to_list_end(
                    judge.list_ends, graph, self.shared, covers, horizon_ms=judge.horizon_ms
                )
            )
        return self._list_ends[key]


class Judge:
    """
    Judges points at one walking speed.

    `network` is the network as it may be walked (`walked_network`), and `travel` is its contracted
    form; points have joined the `whole` network, whose edges have the same indices. Breaks are
    searched on the whole network, so that a closed compound does not count as disconnected.
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
        graph: TravelGraph | None = None,
        list_ends: ListEnds | None = None,
    ) -> None:
        self.network = network
        self.list_ends = list_ends or ListEnds(network)
        self.whole = whole or network
        self.travel = travel
        self.sites = sites
        self.walk = walk
        self.speed_m_s = speed_m_s
        self.graph = graph or travel.at_speed(speed_ratio(speed_m_s))

    @cached_property
    def breaks(self) -> Breaks:
        """Where a piece of the whole network comes close to a larger one without connecting."""
        if self.sites.breaks is not None:
            return self.sites.breaks
        return breaks_between_pieces(self.whole, max_snap_m=float(self.walk.max_snap_m))

    @property
    def round_trip(self) -> bool:
        """Whether the way out and back together is judged, against twice the cutoff."""
        return self.walk.judge == "round_trip"

    def limit_ms(self, cutoff_min: int) -> int:
        """Return the longest time within a cutoff, ms: twice the cutoff for round trips."""
        return cutoff_min * c.MS_PER_MIN * (2 if self.round_trip else 1)

    @property
    def horizon_ms(self) -> int:
        """The longest cutoff, milliseconds, beyond which limits of the data do not matter."""
        return self.limit_ms(self.walk.circle_min)

    def catchments(self, origins: Positions | Origins, rows: Ints) -> Search:
        """Return a search of the origins within the circle of facilities (rows of the table)."""
        places, owner = self.sites.goals(rows)
        goals = self.positions(places)
        found: CatchmentSearch | RoundTripSearch
        if self.round_trip:
            found = RoundTripSearch(self.graph, origins, goals, total_ms=self.horizon_ms)
        else:
            found = CatchmentSearch(self.graph, origins, goals, cutoff_ms=self.horizon_ms)
        return found if len(owner) == len(rows) else JoinedSearch(found, owner, len(rows))

    def nearest(self, origins: Positions | SharedOrigins, rows: Ints, horizon_min: int) -> Nearest:
        """
        Find the nearest of some facilities (rows of the table, in the order of their ids).

        The horizon is in minutes; for round trips it is twice the circle's cutoff.
        """
        places, owner = self.sites.goals(rows)
        found = self.search(origins, self.positions(places), horizon_min)
        of_goal = np.append(rows[owner], -1)
        site = np.where(found.destination >= 0, of_goal[found.destination], -1)
        return Nearest(found.time_ms, site)

    def positions(self, snaps: Snaps) -> Positions:
        """Return snapped points with the times of their access legs at this speed."""
        access_speed = speed_ratio(self.speed_m_s) * speed_ratio(self.walk.access_speed_factor)
        return positions_at(snaps, access_speed)

    def judge(
        self, snaps: Snaps, categories: list[str], *, x_m: Floats, y_m: Floats
    ) -> dict[str, Judged]:
        """
        Judge points for each category at every cutoff.

        Parameters
        ----------
        snaps
            Where the points join the whole network.
        categories
            Categories of facilities.
        x_m, y_m
            The points, study CRS, metres; NaN where a position is missing.

        Returns
        -------
        Times and states by category.
        """
        return self.judge_around(LimitsAround(self, snaps, x_m=x_m, y_m=y_m), categories, {})

    def judge_around(
        self, around: LimitsAround, categories: Sequence[str], before: Mapping[str, Before]
    ) -> dict[str, Judged]:
        """
        Judge points whose limits may be known for each category at every cutoff.

        Parameters
        ----------
        before
            The points as judged for other sites of a category: only what these change is searched.
        """
        origins, x_m, y_m = around.shared, around.x_m, around.y_m
        result = {}
        for category in categories:
            every = self.sites.rows(category, sure=False)
            sure = self.sites.rows(category, sure=True)
            if category in before:
                found = self._nearest_after(origins, sure, before[category])
            else:
                found = self.nearest(origins, sure, max(HORIZON_MIN, self.walk.circle_min))
            if_unsure = found
            if len(every) > len(sure):
                if_unsure = self.nearest(origins, every, self.walk.circle_min)
            if_unjoined = self._if_unjoined(origins, every)
            unplaced = self.sites.may_be_near(every, x_m, y_m)
            states, reasons = {}, {}
            for cutoff in self.walk.cutoffs_min:
                states[cutoff], reasons[cutoff] = judge_states(
                    joined=around.snaps.joined,
                    time_ms=found.time_ms,
                    break_ms=around.to_break,
                    time_if_unsure_ms=if_unsure.time_ms,
                    time_if_unjoined_ms=if_unjoined,
                    unplaced=unplaced,
                    exit_ms=around.to_exit,
                    list_end_ms=around.to_list_end(self.sites.covers[category]),
                    cutoff_ms=self.limit_ms(cutoff),
                )
            result[category] = Judged(found.time_ms, found.destination, states, reasons)
        origins.forget()
        return result

    def _nearest_after(self, origins: SharedOrigins, sure: Ints, before: Before) -> Nearest:
        """
        Find the nearest of `sure` from what it was before some sites changed.

        New sites are searched alone: the label of a time is the minimum of (time, id), whichever
        sites are searched together. Points whose nearest site has gone are searched again.
        """
        changes = before.changes
        time_ms, site = before.judged.time_ms.copy(), changes.row[before.judged.facility]
        again = np.flatnonzero((before.judged.facility >= 0) & (site < 0))
        if len(again):
            anew = self.nearest(origins.positions.take(again), sure, HORIZON_MIN)
            time_ms[again], site[again] = anew.time_ms, anew.destination
        added = np.intersect1d(changes.added, sure)
        if len(added):
            new = self.nearest(origins, added, HORIZON_MIN)
            nearer = (new.time_ms < time_ms) | ((new.time_ms == time_ms) & (new.destination < site))
            nearer = (new.destination >= 0) & (nearer | (site < 0))
            time_ms[nearer], site[nearer] = new.time_ms[nearer], new.destination[nearer]
        return Nearest(time_ms, site)

    def to_rim(self, search: Callable[[TravelGraph], Ints]) -> Ints:
        """Return the time to a limit of the data; for round trips the least time there and back."""
        there = search(self.graph)
        if not self.round_trip:
            return there
        back = search(self.graph.reversed)
        return np.where((there < 0) | (back < 0), NOWHERE, there + back)

    def search(
        self, origins: Positions | SharedOrigins, goals: Positions, horizon_min: int
    ) -> Nearest:
        """
        Find the nearest of some goals within a horizon in minutes.

        For round trips the horizon is twice the circle's cutoff.
        """
        if self.round_trip:
            at = origins.positions if isinstance(origins, SharedOrigins) else origins
            return nearest_round_trip(self.graph, at, goals, total_ms=self.horizon_ms)
        return nearest(self.graph, origins, goals, horizon_ms=horizon_min * c.MS_PER_MIN)

    def beside_larger(self, x_m: Floats, y_m: Floats, at: Snaps) -> Snaps:
        """Snap points to a larger piece of the network than the one that they have joined."""
        limit_m = float(self.walk.max_snap_m)
        return snap_to_larger_piece(x_m, y_m, at, self.whole, max_snap_m=limit_m)

    def goals(self, rows: Ints) -> Goals:
        """Return where facilities (rows of the table) are reached."""
        places, owner = self.sites.goals(rows)
        return Goals(self.positions(places), rows[owner])

    def goals_if_joined(self, rows: Ints) -> tuple[Goals, Goals]:
        """
        Return where facilities would be reached that do not join the network, if they did.

        Returns
        -------
        The places where they would join across the barrier that stopped them, and of facilities on
        a disconnected piece the places close by on a larger one; and where all facilities join the
        network, or would, from which those are reached that lie `beyond_breaks`.
        """
        x_m, y_m, at = self.sites.places(rows)
        owner = rows[self.sites.goals(rows)[1]]
        lost = np.flatnonzero(~at.joined)
        across = snap_across(x_m[lost], y_m[lost], self.whole, limit_m=self.longest_leg_m)
        at = at.replaced(lost, across)
        beside = self.beside_larger(x_m, y_m, at)
        would = Goals(self.positions(across.followed_by(beside)), np.r_[owner[lost], owner])
        every = Goals(self.positions(at), owner)
        return would.take(would.at.edge >= 0), every.take(every.at.edge >= 0)

    def over_breaks(self) -> tuple[Positions, Positions]:
        """Return where pieces come close to a larger one, and the places there, with the legs."""
        return at_nodes(self.whole, self.breaks.node), self.positions(self.breaks.snaps)

    def beyond_breaks(self, goals: Goals, *, most: int) -> Goals | None:
        """
        Return for each place that is reached across a break the places on larger pieces.

        None if more than `most` pairs of a place and a break reach each other.
        """
        nodes, beside = self.over_breaks()
        if not len(beside) or not len(goals):
            return goals.take(np.empty(0, np.int64))
        found = _pairs_in_reach(self.graph, nodes, goals.at, self.horizon_ms, most)
        if found is None:
            return None
        pairs, ms = found
        if self.round_trip:
            # The quicker way, as the leg counts on the way out and back.
            found = _pairs_in_reach(self.graph.reversed, nodes, goals.at, self.horizon_ms, most)
            if found is None:
                return None
            pairs, here, there = np.intersect1d(
                pairs, found[0], assume_unique=True, return_indices=True
            )
            ms = np.minimum(ms[here], found[1][there])
        to, at = np.divmod(pairs, len(nodes))
        onward = Positions(beside.edge[at], beside.fraction[at], beside.access_ms[at] + ms)
        return Goals(onward, goals.owner[to])

    def _if_unjoined(self, origins: SharedOrigins, rows: Ints) -> Ints:
        """Return the time to the nearest of `goals_if_joined`; -1 for none."""
        would, every = self.goals_if_joined(rows)
        goals = would.at.followed_by(self._over_breaks(every.at))
        if not len(goals):
            return np.full(len(origins), NOWHERE, np.int64)
        return self.search(origins, goals, self.walk.circle_min).time_ms

    @property
    def longest_leg_m(self) -> float:
        """A longer leg exceeds the circle; legs that the study allows always count, metres."""
        speed_m_s = float(self.speed_m_s) * float(self.walk.access_speed_factor)
        return max(speed_m_s * self.walk.circle_min * 60, float(self.walk.max_snap_m))

    def _over_breaks(self, goals: Positions) -> Positions:
        """Return places on larger pieces from which the nearest is reached across a break."""
        nodes, beside = self.over_breaks()
        if not len(beside) or not len(goals):
            return beside.take(np.zeros(len(beside), np.bool_))
        graphs = [self.graph, self.graph.reversed] if self.round_trip else [self.graph]
        times = [nearest(one, nodes, goals, horizon_ms=self.horizon_ms).time_ms for one in graphs]
        # For round trips the quicker way, as the leg counts on the way out and back.
        onward = np.min(times, axis=0)
        reached = onward >= 0
        access_ms = beside.access_ms + np.where(reached, onward, 0)
        return Positions(beside.edge, beside.fraction, access_ms).take(reached)


def _pairs_in_reach(
    graph: TravelGraph, nodes: Positions, goals: Positions, horizon_ms: int, most: int
) -> tuple[Ints, Ints] | None:
    """Return `goal · nodes + node` of every goal that a node reaches, and the times, ms."""
    pairs, ms = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    left = most
    for one in CatchmentSearch(graph, nodes, goals, cutoff_ms=horizon_ms).stream():
        left -= len(one.points)
        if left < 0:
            return None
        goal = np.repeat(one.destinations, np.diff(one.offsets))
        pairs.append(goal * len(nodes) + one.points)
        ms.append(one.ms.astype(np.int64))
    return np.concatenate(pairs), np.concatenate(ms)
