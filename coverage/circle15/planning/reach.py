"""Whom each candidate would reach: people by their state today, and the times that decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.states import State
from circle15.travel.engine.accumulate import destination_sums_within
from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.round_trips import RoundTripSearch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from circle15.arrays import Bools, Ints
    from circle15.network.snapping import Snaps
    from circle15.planning.people import Walking

    Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Gains:
    """
    People within the circle of each candidate, in micro-persons: int64, shape (candidates,).

    Attributes
    ----------
    reached
        All of them.
    newly
        Those in a gap today; where a second site is sought, those who have one.
    unknown
        Those of whom it is unknown today: they would be covered, and are never counted as won.
    """

    reached: Ints
    newly: Ints
    unknown: Ints


@dataclass(frozen=True)
class Pairs:
    """
    Candidates and the people to whom they make a difference.

    Attributes
    ----------
    offsets : int64, shape (candidates + 1,)
        Where the pairs of each candidate begin.
    people : int64, shape (pairs,)
        Rows of all people, one `Walking` behind the other; rising within a candidate.
    time_ms : int64, shape (pairs,)
    """

    offsets: Ints
    people: Ints
    time_ms: Ints


def gains(
    people: Sequence[Walking],
    snaps: Mapping[str, Snaps],
    n_candidates: int,
    *,
    backup: bool = False,
) -> Gains:
    """
    Count the people whom each candidate would reach if it alone were built.

    By the engine's own times, each home at the speed and on the streets of its people: with the
    site in the study a run finds the same.

    Parameters
    ----------
    snaps
        Where the candidates join the streets of each profile.
    backup
        Whether a second site is sought.
    """
    sums = np.zeros((n_candidates, 3), np.int64)
    for one in people:
        columns = (True, winnable(one, backup=backup), one.state == State.UNKNOWN)
        weights = np.column_stack([np.where(chosen, one.micro, 0) for chosen in columns])
        search = _search(one, snaps[one.profile], one.limit_ms)
        sums += destination_sums_within(search, weights, [one.limit_ms])[:, -1]
    return Gains(*(np.ascontiguousarray(column) for column in sums.T))


def winnable(people: Walking, *, backup: bool) -> Bools:
    """Select the homes that one more site would win: those in a gap, or with one site only."""
    wanted: Bools = (people.sites == 1) if backup else (people.state == State.GAP)
    return wanted


def pairs(
    people: Sequence[Walking],
    snaps: Mapping[str, Snaps],
    n_candidates: int,
    *,
    horizon_ms: int | None = None,
    backup: bool = False,
    everyone: bool = False,
) -> Pairs:
    """
    List the people to whom each candidate makes a difference, with their times.

    That are those within its circle who lack a site (with `backup` a second one) or of whom it is
    unknown, and those to whom it is nearer than the nearest of today.

    Parameters
    ----------
    horizon_ms
        How far times are searched; None for the circle.
    everyone
        List all within the circle, whatever they reach today.
    """
    most = 2 if backup else 1
    first = np.r_[0, np.cumsum([len(one) for one in people])]
    owner, row, time = [], [], []
    for begin, one in zip(first, people, strict=False):
        lacks = (one.sites < most) | (one.state == State.UNKNOWN) | everyone
        nearest_ms = np.where(one.nearest_ms < 0, np.iinfo(np.int64).max, one.nearest_ms)
        reach_ms = max(one.limit_ms, horizon_ms or 0)
        for part in _search(one, snaps[one.profile], reach_ms).stream():
            of = np.repeat(part.destinations, np.diff(part.offsets))
            inside = lacks[part.points] & (part.ms <= one.limit_ms)
            kept = np.flatnonzero(inside | (part.ms < nearest_ms[part.points]))
            owner.append(of[kept].astype(np.int32))
            row.append((part.points[kept] + begin).astype(np.int32))
            time.append(part.ms[kept])
    return _ordered(owner, row, time, n_candidates)


def pairs_of_today(people: Sequence[Walking], rows: Ints) -> Pairs:
    """
    List the people within the circle of each of some sites of today.

    Parameters
    ----------
    rows
        Of the facility table.
    """
    first = np.r_[0, np.cumsum([len(one) for one in people])]
    owner, row, time = [], [], []
    for begin, one in zip(first, people, strict=False):
        search = one.judge.catchments(one.judge.positions(one.snaps), rows)
        for part in search.stream():
            owner.append(np.repeat(part.destinations, np.diff(part.offsets)).astype(np.int32))
            row.append((part.points + begin).astype(np.int32))
            time.append(part.ms)
    return _ordered(owner, row, time, len(rows))


def _ordered(
    owner: Sequence[Int32s], row: Sequence[Int32s], time: Sequence[Int32s], n_candidates: int
) -> Pairs:
    """Put pairs in the order of candidates and people."""
    nothing = np.empty(0, np.int32)
    of, who, ms = (np.concatenate([*parts, nothing]) for parts in (owner, row, time))
    order = np.lexsort((who, of))
    counted = np.bincount(of, minlength=n_candidates)
    offsets = np.r_[0, np.cumsum(counted)].astype(np.int64)
    return Pairs(offsets, who[order].astype(np.int64), ms[order].astype(np.int64))


def _search(people: Walking, snaps: Snaps, limit_ms: int) -> CatchmentSearch | RoundTripSearch:
    judge = people.judge
    origins, goals = judge.positions(people.snaps), judge.positions(snaps)
    if judge.round_trip:
        return RoundTripSearch(judge.graph, origins, goals, total_ms=judge.horizon_ms)
    return CatchmentSearch(judge.graph, origins, goals, cutoff_ms=limit_ms)
