"""Figures of the network's quality, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from tests.streets import XY, plane

from circle15.network.quality import (
    BANDS,
    Band,
    Points,
    dead_ends,
    distance_bands,
    farthest,
    islands,
    network_quality,
    street_distance_m,
)
from circle15.network.snapping import snap_to_network

if TYPE_CHECKING:
    from collections.abc import Mapping

NODES = {
    "A": (0.0, 0.0),
    "B": (300.0, 0.0),
    "C": (300.0, 300.0),
    "D": (600.0, 0.0),
    "P": (0.0, 900.0),
    "Q": (200.0, 900.0),
    "R": (200.0, 1000.0),
    "X": (0.0, 2000.0),
    "Y": (50.0, 2000.0),
}
EXTENT = shapely.box(-40, -1000, 5000, 5000)
"""
    X─Y              50 m: too short to be joined, nobody on it

    P──────Q         300 m: P–Q–R
           R

           C
           │
    A──────B──────D  900 m; A is 40 m from the rim of the data
"""


def network(**options):
    return plane(NODES, "ABC", "BD", "PQR", "XY", extent=EXTENT, min_component_m=100, **options)


def points(net, places: Mapping[str, tuple[float, float, int]]) -> Points:
    """Id to x, y and micro-persons."""
    x, y = (np.array([place[k] for place in places.values()], np.float64) for k in (0, 1))
    weight = np.array([place[2] for place in places.values()], np.int64)
    ids = np.array(list(places), dtype=object)
    return Points(ids, x, y, snap_to_network(x, y, net), weight)


HOMES = {
    "on": (100, 25, 1_000_000),  # 25 m from A–B: the first band ends there
    "near": (100, 25.001, 2_000_000),
    "far": (450, 150, 4_000_000),  # 150 m from B–C and from B–D
    "island": (100, 840, 8_000_000),  # 60 m from P–Q
    "lost": (450, -400, 16_000_000),  # 400 m from B–D
    "away": (450, -4000, 1),  # more than 1 km from anything
    "nowhere": (np.nan, np.nan, 32_000_000),
    "nobody": (450, -199, 0),
}
SITES = {"s1": (100, 10, 1), "s2": (200, 990, 1), "s3": (30, 2000, 1)}


def test_islands_carry_people_and_sites():
    """The longest part (900 m) is no island; P–Q–R has 8 persons and s2, X–Y nobody."""
    net = network()
    one, other = islands(net, points(net, HOMES), points(net, SITES))
    assert (one.length_m, one.persons, one.sites) == (300.0, 8_000_000, 1)
    assert (one.x_m, one.y_m) == (0.0, 900.0)
    assert (other.length_m, other.persons, other.sites) == (50.0, 0, 0)


def test_dead_ends_are_counted_where_the_data_do_not_end():
    """Ends are A, C, D, P, R, X and Y; A, P and X are within 50 m of the rim: exits."""
    assert dead_ends(network()) == len("CDRY")
    assert dead_ends(replace(network(), extent=shapely.box(-1e4, -1e4, 1e4, 1e4))) == len("ACDPRXY")


def test_distances_are_legs_or_the_nearest_street():
    net = network()
    found = street_distance_m(net, points(net, HOMES)).tolist()
    assert found[:5] == [25.0, 25.001, 150.0, 60.0, 400.0]
    assert np.isnan(found[5:7]).all()
    assert found[7] == 199.0


def test_bands_sum_to_all_points_and_people():
    net = network()
    homes = points(net, HOMES)
    bands = dict(zip(BANDS, distance_bands(homes, street_distance_m(net, homes)), strict=True))
    assert bands == {
        "0-25": Band(1, 1_000_000),
        "25-50": Band(1, 2_000_000),
        "50-100": Band(1, 8_000_000),
        "100-200": Band(2, 4_000_000),
        ">200": Band(0, 0),
        "unsnapped": Band(3, 48_000_001),
    }
    assert sum(band.weight for band in bands.values()) == homes.weight.sum()


def test_a_leg_longer_than_the_last_band_has_its_own():
    """With a limit of 500 m the home 400 m away joins: band '>200'."""
    net = network()
    x, y = np.array([450.0]), np.array([-400.0])
    snaps = snap_to_network(x, y, net, max_snap_m=500)
    home = Points(np.array(["h"], dtype=object), x, y, snaps, np.array([7]))
    found = dict(zip(BANDS, distance_bands(home, street_distance_m(net, home)), strict=True))
    assert found[">200"] == Band(1, 7)


def test_the_worst_homes_are_those_with_most_people_and_metres():
    """
    Person-metres: nowhere 32 × 1000 (no position), lost 16 × 400 = 6400, far 4 × 150 = 600,
    island 8 × 60 = 480, near 2 × 25.001, on 25, away a millionth × 1000; nobody is left out.
    """
    net = network()
    homes = points(net, HOMES)
    found = farthest(homes, street_distance_m(net, homes))
    names = [one.id for one in found]
    assert names == ["nowhere", "lost", "far", "island", "near", "on", "away"]
    assert [one.code for one in found][:3] == ["NO_POSITION", "TOO_FAR", ""]
    assert [one.distance_m for one in found][:3] == [None, 400.0, 150.0]


def test_the_order_of_the_points_does_not_matter():
    """Twelve homes alike: the first ten by id, whatever their order."""
    net = network()
    places: dict[str, tuple[float, float, int]] = {f"h{k:02}": (100, 30, 1000) for k in range(12)}
    for order in (list(places), list(places)[::-1]):
        homes = points(net, {k: places[k] for k in order})
        found = farthest(homes, street_distance_m(net, homes))
        assert [one.id for one in found] == [f"h{k:02}" for k in range(10)]


def test_a_home_across_a_barrier_has_the_distance_of_the_street():
    """A wall between the home and A–B, 30 m apart: unsnapped, though the street is 30 m away."""
    wall: list[XY] = [(-5000.0, 20.0), (5000.0, 20.0)]
    net = network(barriers=[wall])
    homes = points(net, {"h": (50, 30, 1_000_000)})
    (found,) = farthest(homes, street_distance_m(net, homes))
    assert (found.distance_m, found.code) == (30.0, "ACCESS_BARRIER")


def test_all_together():
    """1250 m of network in 3 parts; P–Q–R (300 m) is private."""
    net = network()
    private = np.array([False, False, False, True, True, False])
    found = network_quality(replace(net, private=private), points(net, HOMES), points(net, SITES))
    assert (found.components, len(found.islands), found.nodes) == (3, 2, 9)
    assert (found.length_m, found.private_m) == pytest.approx((1250.0, 300.0))
    assert [band.points for band in found.sites] == [2, 0, 0, 0, 0, 1]
    assert [one.id for one in found.far_sites] == ["s3", "s1"]


def test_nobody_anywhere():
    net = network()
    none = points(net, {})
    found = network_quality(net, none, none)
    assert found.far_homes == found.far_sites == ()
    assert set(found.homes) == {Band(0, 0)}
