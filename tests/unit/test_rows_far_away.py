"""Rows far from the streets: ways and graphs say the number of the way, layers the row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from circle15.inputs.crs.among_streets import (
    compared_with_streets,
    layer_of,
    note_far_rows,
    note_streets,
)
from circle15.inputs.crs.positions import WGS84
from circle15.network.osm.osm_file import OsmWays
from circle15.network.osm.osm_objects import Way
from circle15.network.sources.network_source import OpenedNetwork
from circle15.study.settings.records import NetworkSource

FILE = Path("a.csv")


def far(places, rows, streets=((120.3, 31.5), (120.4, 31.6), (120.2, 31.4))):
    x, y = np.array(streets).T
    lon, lat = np.array(places, float).T
    with compared_with_streets() as found:
        note_streets(layer_of(Path("streets.gpkg"), x, y, WGS84))
        finding = note_far_rows(lon, lat, np.array(rows), FILE)
    assert found == ([] if finding is None else [finding])
    return finding


@pytest.mark.parametrize(("degrees", "is_far"), [(2.69, False), (2.71, True)])
def test_the_limit_is_300_km(degrees, is_far):
    """A degree of a meridian is 111.19 km of the sphere: 2.698° are 300 km."""
    finding = far([(120.3, 31.5), (120.3, 31.5 + degrees)], [2, 3])
    assert (finding is not None) == is_far
    if finding is not None:
        assert (finding.row, finding.detail["first"], finding.detail["count"]) == (3, "row/3", "1")


def test_a_row_around_the_streets_or_leading_away_from_them_is_near():
    """The corners of row 2, a country, are all far; row 3, a river, has a vertex each 190 km."""
    country = [(100, 20), (140, 20), (140, 45), (100, 45)]
    river = [(120.3 - 2 * k, 31.5) for k in range(10)]
    assert far([*country, *river], [2] * 4 + [3] * 10) is None


@pytest.mark.parametrize(
    "line",
    [
        [(120.3, 31.5), (120.31, 31.5), (-5.98, 37.39)],
        [(-5.98, 37.39), (120.3, 31.5), (120.31, 31.5)],
        [(120.3, 31.5), (-5.98, 37.39), (120.31, 31.5)],
        [(120.3, 31.5), (120.31, 31.5), (-5.98, 37.39), (-5.97, 37.39)],  # a part of its own
        [(120.3, 31.5), (120.31, 31.5), (120.3, 37.39)],
    ],
)
def test_a_vertex_or_part_far_away_makes_its_row_one(line):
    ring = [(120.3, 31.5), (120.31, 31.5), (120.31, 31.51)]
    finding = far([*ring, *line, *ring], [2] * 3 + [3] * len(line) + [4] * 3)
    assert (finding.row, finding.detail["count"], finding.detail["rows"]) == (3, "1", "3")
    assert "37.39" in finding.detail["place"]


def test_whole_rows_and_parts_of_rows_are_counted_together():
    places = [(120.3, 31.5), (120.3, 31.5), (-5.98, 37.39), (-5.98, 37.39)]
    finding = far(places, [2, 3, 3, 4])
    assert (finding.row, finding.detail["count"], finding.detail["rows"]) == (3, "2", "3")


def test_across_the_date_line_is_near():
    around = ((179.9, -16.0), (179.95, -16.0), (-179.9, -16.0))
    assert far([(179.9, -16.0), (-179.8, -16.1)], [2, 3], around) is None


def test_all_rows_far_is_for_others_and_no_place_is_none():
    assert far([(-5.98, 37.39), (-5.99, 37.4)], [2, 3]) is None
    assert far([(120.3, 31.5), (np.inf, np.nan)], [2, 3]) is None


def test_ways_have_their_numbers():
    runs = [np.array([[k, 1_203_000_000 + k, 315_000_000] for k in (1, 2)])] * 2
    stray = np.array([[5, -60_000_000, 370_000_000], [6, -60_000_001, 370_000_000]])
    ways = OsmWays(Path("n.osm"), [Way(7, {}, runs), Way(9, {}, [stray])])
    opened = OpenedNetwork(NetworkSource(Path("n.osm")), ways)
    xy, source = opened.vertices()
    numbers, kind = opened.numbers()
    assert numbers.tolist() == [7, 7, 7, 7, 9, 9]
    with compared_with_streets() as found:
        note_streets(layer_of(Path("n.osm"), xy[:, 0], xy[:, 1], source))
        note_far_rows(xy[:, 0], xy[:, 1], numbers, Path("n.osm"), kind=kind)
    assert [(finding.row, finding.detail["first"]) for finding in found] == [(None, "way/9")]
