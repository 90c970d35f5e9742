"""Covered, gap, unknown: every row of the rules of DESIGN §3.4."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.oracle import oracle

from circle15.access.states import (
    REASON_WORDS,
    STATE_WORDS,
    Reason,
    State,
    all_of,
    any_of,
    judge_states,
)

FAR = -1
CUTOFF = 900_000


def judge(*, joined=True, time=FAR, unsure=FAR, ends=FAR, list_ends=FAR) -> tuple[str, str]:
    state, reason = judge_states(
        joined=np.array([joined]),
        time_ms=np.array([time]),
        time_if_unsure_ms=np.array([unsure]),
        exit_ms=np.array([ends]),
        list_end_ms=np.array([list_ends]),
        cutoff_ms=CUTOFF,
    )
    return STATE_WORDS[state[0]], REASON_WORDS[reason[0]]


@pytest.mark.parametrize(
    ("found", "state", "reason"),
    [
        ({"time": 900_000}, "covered", ""),
        ({"time": 900_001}, "gap", ""),
        ({"time": 0}, "covered", ""),
        ({}, "gap", ""),
        ({"joined": False}, "unknown", "UNSNAPPED"),
        # Unsure positions, the rim of the network and the end of the list, each within reach …
        ({"time": 1_000_000, "unsure": 900_000}, "unknown", "POSITION_UNSURE"),
        ({"ends": 900_000}, "unknown", "NETWORK_ENDS"),
        ({"list_ends": 900_000}, "unknown", "LIST_ENDS"),
        # … and a millisecond beyond it.
        ({"time": 1_000_000, "unsure": 900_001}, "gap", ""),
        ({"ends": 900_001}, "gap", ""),
        ({"list_ends": 900_001}, "gap", ""),
        # A facility in reach settles it, whatever lies beyond the rims.
        ({"time": 900_000, "unsure": 0, "ends": 0, "list_ends": 0}, "covered", ""),
        # The first reason in the order of the enumeration is named.
        ({"unsure": 1, "ends": 1, "list_ends": 1}, "unknown", "POSITION_UNSURE"),
        ({"ends": 1, "list_ends": 1}, "unknown", "NETWORK_ENDS"),
        ({"joined": False, "unsure": 1, "ends": 1}, "unknown", "UNSNAPPED"),
    ],
)
def test_the_rules(found, state, reason):
    assert judge(**found) == (state, reason)


def test_every_unknown_has_a_reason_and_nothing_else_has():
    """All 2⁵ combinations of what may be within the cutoff."""
    for joined, time, unsure, ends, list_ends in itertools.product([True, False], *[[1, FAR]] * 4):
        state, reason = judge(
            joined=joined, time=time, unsure=unsure, ends=ends, list_ends=list_ends
        )
        assert (state == "unknown") == (reason != Reason.NONE)
        if not joined:
            assert (state, reason) == ("unknown", "UNSNAPPED")


COMBINED = {
    # (one, other): (any, all)
    ("covered", "covered"): ("covered", "covered"),
    ("covered", "gap"): ("covered", "gap"),
    ("covered", "unknown"): ("covered", "unknown"),
    ("gap", "gap"): ("gap", "gap"),
    ("gap", "unknown"): ("unknown", "gap"),
    ("unknown", "unknown"): ("unknown", "unknown"),
}


@pytest.mark.parametrize("pair", list(itertools.product(STATE_WORDS, STATE_WORDS)))
def test_any_and_all(pair):
    """The table of all pairs, in both orders; the oracle combines them the same."""
    states = [np.array([STATE_WORDS.index(word)], np.int8) for word in pair]
    found = STATE_WORDS[any_of(states)[0]], STATE_WORDS[all_of(states)[0]]
    assert found == COMBINED[tuple(sorted(pair))]
    assert found == (oracle.any_of(pair), oracle.all_of(pair))


def test_three_categories():
    """covered + gap + unknown: one of them is there, and not all are."""
    states = [np.array([s], np.int8) for s in State]
    assert STATE_WORDS[any_of(states)[0]] == "covered"
    assert STATE_WORDS[all_of(states)[0]] == "gap"
