"""A run that is killed at any moment leaves complete results after the next command."""

from __future__ import annotations

import os
import signal

import pytest

from tests.faults.conftest import judged
from tests.faults.scenes import events_of_a_run, killed, killed_with_cache
from tests.faults.stage import played

KILLS = 600 if os.environ.get("CIRCLE15_ATTACK") == "1" else 60
AFTER = ("check", "rules list", "doctor")


@pytest.fixture(scope="module")
def moments(house):
    """Moments of writing in both processes, then times spread over the run."""
    first, second = (played(events_of_a_run, house, one) for one in (False, True))
    assert first > 40, "a run touches its results less often than it has files"
    assert second > 0, "the second process writes nothing"
    found = [("second", k + 1) for k in range(second)] + [("parent", k + 1) for k in range(second)]
    writing = KILLS - len(found) - KILLS // 6
    step = max(1.0, first / writing)
    found += [("first", round(1 + k * step)) for k in range(writing) if k * step < first]
    rest = KILLS - len(found)
    return found + [("time", 0.05 + 4.0 * k / rest) for k in range(rest)]


@pytest.mark.parametrize("part", range(4))
def test_kills_all_over_a_run(part, house, moments):
    seen = played(killed, house, moments[part::4], int(signal.SIGKILL), AFTER)
    judged("kills", seen)
    assert {one.left for one in seen} <= {"old", "new"}


def test_kills_with_a_cache(house, moments):
    """At each change of its folder, and all over the run; results and cache are whole after it."""
    own = [("cache", k + 1) for k in range(10)]
    some = [one for one in moments if one[0] in {"time", "first"}][:: max(1, len(moments) // 10)]
    seen = played(killed_with_cache, house, [*own, *some])
    judged("kills with a cache", seen)
    assert {one.left for one in seen[-2:]} == {"new"}
    assert {one.left for one in seen} <= {"old", "new"}
    killed_there = [one for one in seen[: len(own)] if one.ended.code == -signal.SIGKILL]
    assert len(killed_there) >= 5, "runs touch the cache less often than it has entries"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_other_signals_clean_up_at_once(name, house, moments):
    """To either process; the next command finds nothing to do, and no result is lost."""
    first = [one for one in moments if one[0] == "first"]
    some = [("second", 1), ("parent", 1), *first[:: max(1, len(first) // 5)]]
    judged("signals", played(killed, house, some, int(getattr(signal, name)), ("check",)))
