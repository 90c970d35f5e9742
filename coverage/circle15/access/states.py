"""The three states of a demand point: covered, gap, unknown (DESIGN §3.4)."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Codes = npt.NDArray[np.int8]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]


class State(IntEnum):
    """State of a demand point for a category and cutoff; `name` in lower case is the word."""

    COVERED = 0
    GAP = 1
    UNKNOWN = 2


STATE_WORDS = tuple(state.name.lower() for state in State)


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
    time_if_unjoined_ms: Ints | None = None,
    apart: Bools | None = None,
    unplaced: Bools | None = None,
) -> tuple[Codes, Codes]:
    """
    Judge demand points for one category and cutoff.

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
    time_if_unjoined_ms
        Time to the nearest open facility that has not joined, were it joined across what stopped
        it; -1 where none is in reach. Without it all have joined.
    apart
        Whether a point stands on a piece of network that does not connect although a larger one
        is in reach of it. Without it none does.
    unplaced
        Whether an open facility without a position may stand beside a point. Without it none may.

    Returns
    -------
    Codes of `State` and, where unknown, of `Reason` (its place in the enumeration), else 0.
    """

    def within(ms: Ints) -> Bools:
        return (ms >= 0) & (ms <= cutoff_ms)

    nowhere = np.full(len(time_ms), -1, np.int64)
    unjoined = nowhere if time_if_unjoined_ms is None else time_if_unjoined_ms
    nobody = np.zeros(len(time_ms), np.bool_)
    cut_off = nobody if apart is None else apart
    anywhere = nobody if unplaced is None else unplaced
    covered = joined & within(time_ms)
    reason = np.select(
        [
            covered,
            ~joined,
            cut_off,
            within(time_if_unsure_ms),
            within(unjoined),
            anywhere,
            within(exit_ms),
            within(list_end_ms),
        ],
        [
            _CODE[Reason.NONE],
            _CODE[Reason.UNSNAPPED],
            _CODE[Reason.NOT_CONNECTED],
            _CODE[Reason.POSITION_UNSURE],
            _CODE[Reason.SITE_UNJOINED],
            _CODE[Reason.SITE_UNPLACED],
            _CODE[Reason.NETWORK_ENDS],
            _CODE[Reason.LIST_ENDS],
        ],
        default=_CODE[Reason.NONE],
    ).astype(np.int8)
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
