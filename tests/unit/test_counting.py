"""Counting people: integers of micro-persons."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tests.streets import graph_of, joined, plane

from circle15.access.catching import caught_by
from circle15.access.counting import (
    CatchmentCount,
    count_by_zone,
    count_states,
    straight_line_m,
    straight_line_ms,
)
from circle15.results.summary.building import persons_by_state
from circle15.travel.engine.catchments import CatchmentSearch

STATES = np.array([0, 0, 1, 2], np.int8)
PERSONS = np.array([100, 200, 300, 400]) * 1_000_000


def test_t06_share_of_people_and_not_of_points():
    """T06: 100 + 200 of 1 000 are covered: 30 %, where two of four points would be 50 %."""
    counts = count_states(np.array([0, 0, 1, 1], np.int8), PERSONS)
    assert counts.share_covered == 0.3
    assert (counts.covered, counts.gap, counts.unknown) == (300_000_000, 700_000_000, 0)
    assert np.mean(np.array([0, 0, 1, 1]) == 0) == 0.5


def test_the_three_states_sum_to_the_people():
    counts = count_states(STATES, PERSONS)
    assert persons_by_state(counts) == {"persons": 1000, "covered": 300, "gap": 300, "unknown": 400}


def test_a_share_of_nobody_is_null():
    assert count_states(np.array([], np.int8), np.array([], np.int64)).share_covered is None
    assert count_states(np.array([0], np.int8), np.array([0])).share_covered is None


def test_sums_are_exact_where_floats_are_not():
    """0.1 + 0.2 persons are 0.3, and a million times 0.000001 is one person."""
    assert persons_by_state(count_states(np.zeros(2, np.int8), np.array([100_000, 200_000])))[
        "covered"
    ] == pytest.approx(0.3, abs=0)
    many = count_states(np.zeros(1_000_000, np.int8), np.ones(1_000_000, np.int64))
    assert persons_by_state(many)["covered"] == 1.0


def test_zones():
    """Zone 0: points 0 and 2; zone 1: point 1; zone 2: nobody; point 3 is in none."""
    counts = count_by_zone(STATES, PERSONS, np.array([0, 1, 0, -1]), 3)
    assert [(c.persons, c.covered, c.gap, c.unknown) for c in counts] == [
        (400_000_000, 100_000_000, 300_000_000, 0),
        (200_000_000, 200_000_000, 0, 0),
        (0, 0, 0, 0),
    ]


def test_t03_what_a_circle_would_claim():
    """T03: 700 m straight are 700 000 ms at 1 m/s, within 15 minutes. Without a position: never."""
    x, y = np.array([0.0, np.nan]), np.array([0.0, 0.0])
    metres = straight_line_m(x, y, np.array([700.0, np.nan]), np.array([0.0, 0.0]))
    assert metres.tolist() == [700.0, np.inf]
    assert straight_line_ms(metres, Fraction(1)).tolist() == [700_000, np.inf]
    assert straight_line_m(x, y, np.array([]), np.array([])).tolist() == [np.inf] * 2


def counted(search, weights, sure, limits):
    return caught_by(search, weights, sure=sure, limits_ms=limits).counts(weights)


def test_catchments_and_those_who_have_only_one():
    """
    a --50-- 0 --50-- b --50-- 1 --50-- c --50-- 2 --50-- d   cutoff 50 s; people 100 … 400

    Site 0 has {a, b}, 1 {b, c}, 2 {c, d}, and the position of 2 is unsure. b has two sites. c has
    1 for sure: only there, 2 does not count. d has none for sure.
    """
    network = plane({"A": (0.0, 0.0), "B": (300.0, 0.0)}, "AB")
    homes = joined(network, *[(100.0 * k, 0.0) for k in range(4)])
    sites = joined(network, (50.0, 0.0), (150.0, 0.0), (250.0, 0.0))
    search = CatchmentSearch(graph_of(network), homes, sites, cutoff_ms=50_000)
    sure = np.array([True, True, False])
    found = counted(search, {"p60": PERSONS}, sure, [50_000])
    persons = [c.persons["p60"] // 1_000_000 for c in found]
    only = [c.persons_only_here["p60"] // 1_000_000 for c in found]
    assert [c.facility for c in found] == [0, 1, 2]
    assert persons == [300, 500, 700]
    assert only == [100, 300, 0]


def test_a_site_that_has_not_joined_has_no_catchment():
    network = plane({"A": (0.0, 0.0), "B": (300.0, 0.0)}, "AB")
    homes, sites = joined(network, (10.0, 0.0)), joined(network, (0.0, 900.0), (0.0, 0.0))
    search = CatchmentSearch(graph_of(network), homes, sites, cutoff_ms=50_000)
    sure = np.array([True, True])
    found = counted(search, {"p60": np.array([7])}, sure, [50_000])
    assert [(c.facility, c.persons, c.persons_only_here) for c in found] == [
        (1, {"p60": 7}, {"p60": 7})
    ]


def test_catchments_by_cutoff_add_up_over_walkers():
    """
    a --30-- b --20-- S --40-- c    within 20, 49, 50 and 60 s of S: b; b and c; all; all

    b is at exactly 20 s and inside; a, at 50 s, is inside 50 s and not 49 s. A walker who has
    found nobody within any cutoff adds nothing.
    """
    network = plane({"A": (0.0, 0.0), "B": (90.0, 0.0)}, "AB")
    homes = joined(network, (0.0, 0.0), (30.0, 0.0), (90.0, 0.0))
    site = joined(network, (50.0, 0.0))
    search = CatchmentSearch(graph_of(network), homes, site, cutoff_ms=60_000)
    weights = {"p60": np.array([1, 20, 300]), "p80": np.array([0, 4, 5])}
    limits = [20_000, 49_000, 50_000, 60_000]
    (found,) = counted(search, weights, np.array([True]), limits)
    assert found.persons_within == {"p60": (20, 320, 321, 321), "p80": (4, 9, 9, 9)}
    assert found.persons == {"p60": 321, "p80": 9}
    twice = found + found
    assert twice.persons_within == {"p60": (40, 640, 642, 642), "p80": (8, 18, 18, 18)}
    alone = CatchmentCount(0, {}, {}) + found
    assert alone == found
