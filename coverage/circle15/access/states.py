"""The three states of a demand point: covered, gap, unknown (DESIGN §3.4)."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools, Codes, Ints


class State(IntEnum):
    """State of a demand point for a category and cutoff; `name` in lower case is the word."""

    COVERED = 0
    GAP = 1
    UNKNOWN = 2


StateWord = Literal["covered", "gap", "unknown"]

STATE_WORDS: tuple[StateWord, ...] = ("covered", "gap", "unknown")


class Reason(StrEnum):
    """Why a state is unknown, and so what would settle it; in the order in which they are named."""

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
"""Reasons for which a walking time that was found says nothing: the way itself is not known."""

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
    Judge demand points for one category and cutoff; the rules stand here once, in their order.

    Parameters
    ----------
    joined
        Whether each point has joined the network, shape (n,).
    time_ms
        Time to the nearest facility whose position is sure; -1 where none is in reach.
    time_if_unsure_ms
        The same if facilities of unsure position count too.
    exit_ms
        Time to the nearest place where the network leaves the data; -1 where none.
    list_end_ms
        Time to the nearest edge where the list of facilities is not complete; -1 where none.
    cutoff_ms
        A time equal to it is inside.
    break_ms
        Time to the nearest place where the piece of network on which a point stands lies beside
        a larger one without connecting to it; -1 where none. Without it none does.
    time_if_unjoined_ms
        Time to the nearest open facility that has not joined, were it joined across what stopped
        it; -1 where none is in reach. Without it all have joined.
    unplaced
        Whether an open facility without a position may stand beside a point. Without it none may.

    Returns
    -------
    Codes of `State` and, where unknown, of `Reason` (its place in the enumeration), else 0.
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
    # The first reason that holds is named.
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
