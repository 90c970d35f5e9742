"""The three states of a demand point: covered, gap, unknown."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools, Codes, Ints


class State(IntEnum):
    """State of a demand point for a category and cutoff; see `STATE_WORDS`."""

    COVERED = 0
    GAP = 1
    UNKNOWN = 2


StateWord = Literal["covered", "gap", "unknown"]

STATE_WORDS: tuple[StateWord, ...] = ("covered", "gap", "unknown")


class Reason(StrEnum):
    """Why a state is unknown, and so what would settle it; the first that holds is reported."""

    NONE = ""
    UNSNAPPED = "UNSNAPPED"
    NOT_CONNECTED = "NOT_CONNECTED"
    POSITION_UNSURE = "POSITION_UNSURE"
    SITE_UNJOINED = "SITE_UNJOINED"
    SITE_UNPLACED = "SITE_UNPLACED"
    NETWORK_ENDS = "NETWORK_ENDS"
    LIST_ENDS = "LIST_ENDS"


WITHOUT_TIMES = (
    Reason.UNSNAPPED,
    Reason.NOT_CONNECTED,
    Reason.SITE_UNJOINED,
    Reason.SITE_UNPLACED,
)
"""Reasons for which a walking time does not count, because the route itself is not known."""

REASON_WORDS = tuple(reason.value for reason in Reason)
_CODE = {reason: code for code, reason in enumerate(Reason)}


def judge_states(
    *,
    joined: Bools,
    time_ms: Ints,
    time_if_unsure_ms: Ints,
    exit_ms: Ints,
    list_end_ms: Ints,
    cutoff_ms: int,
    break_ms: Ints | None = None,
    time_if_unjoined_ms: Ints | None = None,
    unplaced: Bools | None = None,
) -> tuple[Codes, Codes]:
    """
    Judge demand points for one category and cutoff.

    Times are milliseconds, shape (n,); -1 where there is none within the horizon.

    Parameters
    ----------
    joined
        Whether each point has joined the network, shape (n,).
    time_ms
        Time to the nearest facility with a sure position.
    time_if_unsure_ms
        The same if facilities with an unsure position count too.
    exit_ms
        Time to the nearest exit, where the network leaves the data.
    list_end_ms
        Time to the nearest street where the list of facilities is not complete.
    cutoff_ms
        A time equal to the cutoff is inside.
    break_ms
        Time to the nearest place where the point's piece of the network comes close to a larger one
        without connecting to it. None if there is no such place.
    time_if_unjoined_ms
        Time to the nearest open facility that has not joined, if it were joined across the barrier
        that stopped it. None if all have joined.
    unplaced
        Whether an open facility without a position may be near a point. None if there is none.

    Returns
    -------
    Codes of `State` and, where unknown, of `Reason` (index in the enumeration), else 0.
    """

    def within(ms: Ints | None) -> Bools:
        if ms is None:
            return np.zeros(len(time_ms), np.bool_)
        inside: Bools = (ms >= 0) & (ms <= cutoff_ms)
        return inside

    covered = joined & within(time_ms)
    doubts = {
        Reason.UNSNAPPED: ~joined,
        Reason.NOT_CONNECTED: within(break_ms),
        Reason.POSITION_UNSURE: within(time_if_unsure_ms),
        Reason.SITE_UNJOINED: within(time_if_unjoined_ms),
        Reason.SITE_UNPLACED: within(None) if unplaced is None else unplaced,
        Reason.NETWORK_ENDS: within(exit_ms),
        Reason.LIST_ENDS: within(list_end_ms),
    }
    # The first reason that holds is reported.
    codes = [_CODE[reason] for reason in doubts]
    reason = np.select(list(doubts.values()), codes, default=_CODE[Reason.NONE]).astype(np.int8)
    reason[covered] = _CODE[Reason.NONE]
    state = np.where(covered, State.COVERED, np.where(reason > 0, State.UNKNOWN, State.GAP))
    return state.astype(np.int8), reason


def any_of(states: Sequence[Codes]) -> Codes:
    """
    Combine categories: covered if one is, gap if all are, otherwise unknown.

    Examples
    --------
    >>> one, two = np.array([0, 1, 1], np.int8), np.array([2, 1, 2], np.int8)
    >>> [STATE_WORDS[s] for s in any_of([one, two])]
    ['covered', 'gap', 'unknown']
    """
    stack = np.stack(states)
    covered = (stack == State.COVERED).any(axis=0)
    gap = (stack == State.GAP).all(axis=0)
    return _choose(covered, gap)


def all_of(states: Sequence[Codes]) -> Codes:
    """
    Combine categories: gap if one is, covered if all are, otherwise unknown.

    Examples
    --------
    >>> one, two = np.array([0, 0, 0], np.int8), np.array([0, 1, 2], np.int8)
    >>> [STATE_WORDS[s] for s in all_of([one, two])]
    ['covered', 'gap', 'unknown']
    """
    stack = np.stack(states)
    covered = (stack == State.COVERED).all(axis=0)
    gap = (stack == State.GAP).any(axis=0)
    return _choose(covered, gap)


def _choose(covered: Bools, gap: Bools) -> Codes:
    state = np.where(covered, State.COVERED, np.where(gap, State.GAP, State.UNKNOWN))
    return state.astype(np.int8)
