"""The homes that represent a residential zone, and how far they walk."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from tests.streets import Way, plane

from circle15.access.judging import Judged
from circle15.access.states import REASON_WORDS
from circle15.access.zone_circle import circle_of_zone, zone_homes

NODES = {"A": (-500.0, 0.0), "B": (500.0, 0.0)}


def test_homes_every_50_m_along_the_ways_of_the_zone():
    """
    A zone x 0–200 on the street A-B: 200 m, four homes at 25, 75, 125 and 175.
    """
    x, y = zone_homes(plane(NODES, "AB"), shapely.box(0, -20, 200, 20))
    assert sorted(x.tolist()) == [25, 75, 125, 175]
    assert set(y.tolist()) == {0}


def test_pieces_of_one_street_are_one_line():
    """Cut into edges of 30 m the street gives the same homes: the pieces are merged first."""
    nodes = {chr(0x4E00 + k): (30.0 * k, 0.0) for k in range(11)}
    x, _ = zone_homes(plane(nodes, "".join(nodes)), shapely.box(0, -20, 200, 20))
    assert sorted(x.tolist()) == [25, 75, 125, 175]


@pytest.mark.parametrize(("length", "homes"), [(10, 1), (74, 1), (76, 2), (124, 2), (126, 3)])
def test_a_line_has_a_home_for_each_50_m_and_at_least_one(length, homes):
    x, _ = zone_homes(plane(NODES, "AB"), shapely.box(0, -20, length, 20))
    assert len(x) == homes


def test_without_a_way_of_its_own_a_zone_is_a_point_inside():
    """Bridges do not count as ways of a zone: nobody lives there."""
    far = shapely.box(0, 100, 40, 140)
    x, y = zone_homes(plane(NODES, "AB"), far)
    assert far.contains(shapely.Point(x[0], y[0]))
    assert len(x) == 1
    over = plane(NODES, Way("AB", snaps=False))
    assert len(zone_homes(over, shapely.box(0, -20, 200, 20))[0]) == 1


def test_points_and_nothing():
    x, y = zone_homes(plane(NODES, "AB"), shapely.Point(7, 8))
    assert (x.tolist(), y.tolist()) == ([7], [8])
    assert len(zone_homes(plane(NODES, "AB"), None)[0]) == 0


def judged(times, states, reasons=None):
    """Times in ms (-1: none), state codes (0 covered, 1 gap, 2 unknown) and reasons of homes."""
    time = np.array(times, np.int64)
    codes = np.array(states, np.int8)
    facility = np.arange(len(times)) + 10
    given = reasons or ["NETWORK_ENDS" if state == 2 else "" for state in states]
    why = np.array([REASON_WORDS.index(reason) for reason in given], np.int8)
    return Judged(time, np.where(time < 0, -1, facility), {15: codes}, {15: why})


def circle(times, states, reasons=None):
    found = judged(times, states, reasons)
    return circle_of_zone("meal_point", found, np.arange(len(times)), 15)


def test_worst_median_and_share():
    """Times 100, 300, 700, 950 s: worst 950, lower median 300, three of four inside: a gap."""
    found = circle([300_000, 950_000, 100_000, 700_000], [0, 1, 0, 0])
    assert (found.worst_s, found.median_s, found.share_inside) == (950, 300, 0.75)
    assert (found.state, found.facility) == ("gap", 11)


@pytest.mark.parametrize(
    ("states", "word"),
    [
        ([0, 0], "covered"),
        ([0, 2], "unknown"),
        ([2, 2], "unknown"),
        ([1, 2], "gap"),
        ([0, 1], "gap"),
    ],
)
def test_the_state_of_a_zone(states, word):
    """Covered when every home is, a gap when one is, otherwise unknown."""
    assert circle([1, 1], states).state == word


def test_homes_that_reach_nothing_are_the_worst():
    """-1 is no time at all, never the shortest."""
    found = circle([300_000, -1, 100_000], [0, 1, 0])
    assert (found.worst_s, found.median_s, found.facility) == (math.inf, 300, -1)


def test_a_zone_without_homes_is_unknown():
    found = circle([], [])
    assert (found.state, found.share_inside, found.worst_s) == ("unknown", None, None)
    assert found.unknown_reason == "NO_POSITION"


def test_the_reason_of_most_homes_is_that_of_the_zone():
    reasons = ["LIST_ENDS", "SITE_UNJOINED", "SITE_UNJOINED", ""]
    assert circle([-1, -1, -1, 60_000], [2, 2, 2, 0], reasons).unknown_reason == "SITE_UNJOINED"
    assert circle([-1, -1], [2, 2], ["LIST_ENDS", "UNSNAPPED"]).unknown_reason == "UNSNAPPED"
    assert circle([-1, -1], [2, 1], ["LIST_ENDS", ""]).unknown_reason == ""


@pytest.mark.parametrize("reason", ["UNSNAPPED", "NOT_CONNECTED", "SITE_UNJOINED", "SITE_UNPLACED"])
def test_who_or_what_has_not_joined_has_no_minutes(reason):
    """A second site at 40 min does not tell how far the one is that has not joined."""
    found = circle([2_400_000, -1], [2, 2], [reason, reason])
    assert (found.state, found.worst_s, found.median_s) == ("unknown", None, None)
    assert (found.share_inside, found.facility, found.worst_home) == (None, -1, -1)
    assert found.unknown_reason == reason


def test_the_median_is_known_where_what_is_not_known_cannot_move_it():
    """Of five homes one is unknown: 300 is the median wherever it stands; the worst is open."""
    reasons = ["", "", "", "", "UNSNAPPED"]
    found = circle([300_000, 300_000, 300_000, 100_000, -1], [0, 0, 0, 0, 2], reasons)
    assert (found.state, found.worst_s, found.median_s) == ("unknown", None, 300)
    assert found.share_inside == 0.8
    moved = circle([100_000, 200_000, 300_000, 400_000, -1], [0, 0, 0, 0, 2], reasons)
    assert moved.median_s is None


def test_a_gap_beyond_the_hour_is_the_worst_whatever_the_others_are():
    found = circle([-1, -1], [1, 2], ["", "SITE_UNJOINED"])
    assert (found.state, found.worst_s, found.median_s) == ("gap", math.inf, None)
    found = circle([1_000_000, -1], [1, 2], ["", "SITE_UNJOINED"])
    assert (found.state, found.worst_s, found.facility) == ("gap", None, -1)


def test_where_the_data_end_the_site_that_was_found_keeps_its_minutes():
    found = circle([1_000_000, -1], [2, 2])
    assert (found.worst_s, found.median_s) == (None, None)
    found = circle([1_000_000, 950_000], [2, 2])
    assert (found.worst_s, found.median_s, found.facility) == (1000, 950, 10)


@pytest.mark.parametrize("east_m", [-50_000, 50_000])
@pytest.mark.parametrize("north_m", [-50_000, 0, 50_000])
def test_a_zone_beyond_all_streets_is_a_point_inside_it(east_m, north_m):
    shape = shapely.box(east_m, north_m, east_m + 200, north_m + 40)
    x, y = zone_homes(plane(NODES, "AB"), shape)
    assert (x.tolist(), y.tolist()) == ([east_m + 100], [north_m + 20])
