"""The doctor on a city of straight streets whose right answer is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given as given_strategy
from pyproj import CRS
from scipy.stats import wilcoxon
from tests.streets import METRIC

from circle15.inputs.crs.datum_doctor import (
    FARTHEST_M,
    FEWEST_POINTS,
    MOST_POINTS,
    Diagnosis,
    Reference,
    chance_of,
    examine_datum,
)
from circle15.inputs.crs.datums import from_wgs84
from circle15.inputs.crs.points import Given
from circle15.inputs.crs.positions import WGS84, transform

Pair = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]

WEST, SOUTH, SIDE = 500_000.0, 3_490_000.0, 6000.0
BLOCK_M = 400.0


def distance_m(x, y):
    """Streets every 400 m both ways, and none outside of the square of 6 km."""
    off_x, off_y = (np.abs((v - o + 200) % BLOCK_M - 200) for v, o in ((x, WEST), (y, SOUTH)))
    outside = (x < WEST) | (x > WEST + SIDE) | (y < SOUTH) | (y > SOUTH + SIDE)
    return np.where(outside, np.inf, np.minimum(off_x, off_y))


CITY = Reference(METRIC, shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE), distance_m)


def beside_streets(n: int, seed: int = 0) -> Pair:
    """Places 5–20 m beside a street, as real ones are, in degrees of WGS 84."""
    rng = np.random.default_rng(seed)
    along = rng.uniform(100, SIDE - 100, n)
    across = rng.integers(1, 14, n) * BLOCK_M + rng.uniform(5, 20, n)
    swap = rng.random(n) < 0.5
    x, y = np.where(swap, across, along), np.where(swap, along, across)
    return transform(x + WEST, y + SOUTH, METRIC, WGS84)


def anywhere(n: int, seed: int) -> Pair:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(1500, SIDE - 1500, (2, n))
    return transform(x + WEST, y + SOUTH, METRIC, WGS84)


def examined(layer: Given) -> Diagnosis:
    found = examine_datum(layer, CITY)
    assert found is not None
    return found


def given(lon, lat, datum="wgs84", source=WGS84) -> Given:
    return Given(Path("sites.csv"), lon, lat, source, datum, "declared")


@pytest.mark.parametrize("told", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("true", ["wgs84", "gcj02", "bd09"])
def test_it_finds_the_datum(told, true):
    found = examined(given(*from_wgs84(*beside_streets(60), true), told))
    assert found.verdict == ("fits" if told == true else "doubted")
    if told != true:
        assert found.best.datum == true
        assert found.best.median_m == pytest.approx(12.5, abs=4)
        assert found.best.p90_m is not None
        assert found.best.p90_m < 21


def test_middles_of_areas_are_not_doubted():
    """Compounds fill blocks, so their middles are far from streets in the right datum."""
    middle = (np.arange(1, 14) + 0.5) * BLOCK_M
    x, y = (grid.ravel() for grid in np.meshgrid(middle + WEST, middle + SOUTH))
    layer = given(*transform(x, y, METRIC, WGS84))
    assert examined(layer).verdict == "doubted"  # of places this would be right
    assert examined(replace(layer, of_areas=True)).verdict == "unclear"
    elsewhere = replace(layer, of_areas=True, x=layer.y, y=layer.x)
    assert examined(elsewhere).verdict == "wrong"


def test_cgcs2000_is_no_other_datum():
    found = examined(given(*beside_streets(60), "cgcs2000"))
    assert found.verdict == "fits"
    assert found.declared.name == "CGCS2000"
    assert "WGS-84" not in [fit.name for fit in found.fits]


def test_few_points_tell_nothing():
    lon, lat = from_wgs84(*beside_streets(FEWEST_POINTS - 1), "gcj02")
    found = examined(given(lon, lat))
    assert (found.verdict, found.tested) == ("few", FEWEST_POINTS - 1)


def test_points_anywhere_accuse_no_datum():
    """False alarms: points that do not know the streets, 200 layers of 60; 1 % each by design."""
    verdicts = [examined(given(*anywhere(60, seed))).verdict for seed in range(200)]
    assert verdicts.count("doubted") <= 4
    assert set(verdicts) <= {"unclear", "doubted", "fits"}


def test_how_near_within_the_setback_tells_nothing():
    """
    Real places stand 15–25 m from the middle of the street, random ones in a dense network nearer.

    Streets every 40 m: nobody can be 20 m away, so the wrong datum has the smaller median.
    """

    def dense(x, y):
        return np.abs((x - WEST + 20) % 40 - 20)

    x, y = transform(*anywhere(400, 3), WGS84, METRIC)
    x = WEST + np.round((x - WEST) / 40) * 40 + 18
    places = given(*transform(x, y, METRIC, WGS84))
    found = examine_datum(places, Reference(METRIC, CITY.extent, dense))
    assert found is not None
    assert found.declared.median_m is not None
    assert found.declared.median_m > 1.5 * min(fit.median_m or 0 for fit in found.fits[1:])
    assert found.verdict == "unclear"


@given_strategy(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=5, max_size=80).filter(
        lambda pairs: len({max(a, 30) - max(b, 30) for a, b in pairs} - {0}) > 1
    )
)
def test_the_chance_is_that_of_another_library(pairs):
    """Whole metres, so that many tie; both below 30 m are beside the street and drop out."""
    first, second = np.array(pairs, np.float64).T
    theirs = wilcoxon(
        np.maximum(first, 30), np.maximum(second, 30), alternative="less", method="approx"
    )
    assert chance_of(first, second) == pytest.approx(float(theirs.pvalue), rel=1e-9)


def test_without_a_difference_nothing_is_nearer():
    same = np.array([5.0, 20.0, 400.0])
    assert chance_of(same, same) == 1.0
    assert chance_of(np.array([5.0]), np.array([29.0])) == 1.0


def test_neighbours_count_once():
    """A thousand rows of one mall are one place."""
    lon, lat = from_wgs84(*beside_streets(1), "gcj02")
    found = examined(given(np.repeat(lon, 1000), np.repeat(lat, 1000)))
    assert (found.rows, found.looked_at, found.verdict) == (1000, 1, "few")


def test_many_points_are_thinned_the_same_way_in_any_order():
    lon, lat = beside_streets(20_000)
    first = examined(given(lon, lat))
    shuffled = np.random.default_rng(9).permutation(len(lon))
    assert first == examined(given(lon[shuffled], lat[shuffled]))
    assert (first.rows, first.looked_at <= MOST_POINTS) == (20_000, True)


@pytest.mark.parametrize("n", [3, 60])
def test_exchanged_columns_make_a_run_wrong(n):
    """In China exchanged degrees are no degrees at all; metres and southern places are."""
    lon, lat = beside_streets(n)
    x, y = transform(lon, lat, WGS84, METRIC)
    found = examined(given(y, x, None, METRIC))
    assert found.verdict == "wrong"
    assert found.best.exchanged
    assert found.best.near == found.looked_at


def test_the_belt_beside_it_is_named():
    """Numbers of 123° E declared as 120° E lie 280 km to the west."""
    lon, lat = beside_streets(40)
    x, y = transform(lon, lat, WGS84, CRS.from_epsg(4550))
    found = examined(given(x, y, None, METRIC))
    assert (found.verdict, found.best.crs) == ("wrong", "EPSG:4550")


def test_another_place_is_off_the_map():
    lon, lat = beside_streets(40)
    found = examined(given(lon + 2.0, lat))
    assert found.verdict == "off_map"
    assert found.declared.median_m is None or found.declared.median_m == FARTHEST_M


def test_a_layer_without_positions_is_not_examined():
    nothing = np.array([np.nan])
    assert examine_datum(given(nothing, nothing), CITY) is None
    lon, lat = beside_streets(30)
    odd = np.array([np.nan, np.inf, 1e300, -1e300])
    found = examined(given(np.append(lon, odd), np.append(lat, odd)))
    assert found.rows == 30
