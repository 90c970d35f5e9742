"""The place of results and the limits of the system: complete results, and the right cause."""

from __future__ import annotations

import os

import pytest

from tests.faults import places
from tests.faults.conftest import judged
from tests.faults.scenes import on_a_full_disk
from tests.faults.stage import played

SIZES = {
    True: (16_000, 120_000, 320_000, 520_000, 680_000, 8_000_000),
    False: (4_096, 16_000, 300_000, 500_000, 700_000, 8_000_000),
}
"""Bytes of the disk beside what the earlier results take; they and new ones need 800,000 each."""


def ends(seen):
    return {one.what: (one.ended.code, one.left) for one in seen}


@pytest.mark.parametrize("earlier", [True, False], ids=["earlier results", "none"])
def test_full_disks_of_six_sizes(earlier, house, mounts):
    seen = played(on_a_full_disk, house, SIZES[earlier], earlier)
    judged("full disks", seen)
    left = "old" if earlier else "none"
    assert list(ends(seen).values()) == [(3, left)] * 5 + [(0, "new")]
    for one in seen[:-1]:
        assert "No space left on device" in one.ended.err
        assert ("The earlier results are unchanged" in one.ended.err) <= earlier


def test_mounts(house, mounts):
    seen = played(places.mounted_places, house)
    judged("mounts", seen)
    assert ends(seen) == {
        "a file system inside the results": (0, "new"),
        "a read-only mount": (3, "old"),
        "one result is a mount": (3, "old"),
        "a mount whose parent is read-only": (0, "new"),
    }


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_modes(house):
    """Whoever may write into the folder may write results, whatever is above it."""
    seen = played(places.places_by_mode, house)
    judged("modes and links", seen)
    for what, (code, left) in ends(seen).items():
        shut = what.startswith(("mode 555", "mode 500", "mode 0 "))
        assert (code, left) == ((3, "old") if shut else (0, "new")), what


def test_a_second_run_is_refused(house):
    seen = played(places.others_at_work, house)
    judged("locks", seen)
    second, check, first = seen
    assert (second.ended.code, check.ended.code, first.ended.code) == (3, 0, 0)
    assert "is being written by another run" in second.ended.err
    assert (second.left, first.left) == ("old", "new")


def test_limits_of_memory(house):
    """Too little to begin with is said before anything begins; enough is enough."""
    seen = played(places.under_limits, house, (20, 60, 150, 3000 + 100 * (os.cpu_count() or 1)), ())
    judged("limits", seen)
    assert [one.ended.code for one in seen] == [3, 3, 3, 0]
    assert all("not enough memory" in one.ended.err for one in seen[:3])


def test_limits_of_files(house):
    """Few open files, short files: the cause is said."""
    seen = played(places.under_limits, house, (), (3, 10, 20, 40))
    judged("limits", seen)
    for one in seen:
        assert one.ended.code in {0, 3}
        assert (one.ended.code == 0) == (one.left == "new"), one


def test_streams_that_are_closed_full_or_unread(house):
    """The results are there; code 3 says that nobody could be told."""
    seen = played(places.odd_streams, house)
    judged("streams", seen)
    for what, (code, left) in ends(seen).items():
        assert (code, left) == (0 if what == "output closed, messages closed" else 3, "new"), what


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_homes(house):
    seen = played(places.odd_homes, house)
    judged("no HOME", seen)
    assert set(ends(seen).values()) == {(0, "new")}


def test_nowhere_for_compiled_code(house, mounts):
    """It is compiled anew, which `doctor` says, and nothing else changes."""
    seen = played(places.nowhere_for_compiled_code, house)
    judged("no cache", seen)
    assert ends(seen) == {"doctor": (0, "old"), "run": (0, "new")}
    doctor, run = seen
    assert "not cached (no writable folder)" in doctor.ended.out
    assert run.ended.err == "Ran again: new.toml is new; old.toml is no longer read.\n"


def test_full_folders_for_temporary_files(house, mounts):
    """What needs one says which; what needs none runs."""
    seen = played(places.full_temporary_folders, house)
    judged("full TMPDIR", seen)
    assert ends(seen) == {
        "room for a page or two": (3, "old"),
        "no room at all": (3, "old"),
        "no room, and none needed": (0, "new"),
    }
    for one in seen[:2]:
        assert "the folder for temporary files" in one.ended.err
        assert "as TMPDIR" in one.ended.err


def test_a_clock_before_1980(house):
    seen = played(places.old_clock, house)
    judged("clock", seen)
    assert set(ends(seen).values()) == {(0, "new")}


def test_inputs_that_change(house):
    seen = played(places.inputs_at_fault, house)
    judged("inputs", seen)
    for one in seen:
        assert (one.ended.code, one.left) == (3, "old")
        assert "homes.csv" in one.ended.err
        assert "while it was in use" in one.ended.err
