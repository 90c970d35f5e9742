"""A border between neighbours is drawn once, however the two of them were drawn."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.builders.small_map import SOUTH, STUDY_CRS, WEST, small_result

from circle15.inputs.area.study_area import StudyArea
from circle15.output.charts.map_picture import map_picture
from circle15.output.charts.zone_borders import borders
from circle15.output.map.html import map_data

AREA = shapely.box(0, 0, 2000, 1000)


def length(lines):
    return float(shapely.length(lines).sum())


@pytest.mark.parametrize("apart_m", [0.0, 1.5, -1.5, 0.01])
def test_two_neighbours_have_one_border(apart_m):
    """Two squares of 1 km side by side; the second begins 1.5 m too far east, or west.

    .  +-----+-----+
    .  |     |     |
    .  +-----+-----+
    """
    zones = [shapely.box(0, 0, 1000, 1000), shapely.box(1000 + apart_m, 0, 2000, 1000)]
    (line,) = borders(zones, AREA)
    assert line.bounds[0] == line.bounds[2] == 1000  # the first one's
    assert line.length == pytest.approx(1000, abs=6)  # but for a pixel at each end


def test_without_a_study_area_the_outline_is_drawn_once_too():
    zones = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)]
    assert length(borders(zones)) == pytest.approx(6000 + 1000, abs=12)


def test_a_zone_within_another_and_one_far_away_keep_their_borders():
    hole = shapely.box(400, 400, 600, 600)
    around = shapely.box(0, 0, 1000, 1000).difference(hole)
    away = shapely.box(1500, 400, 1700, 600)
    found = borders([around, hole, away], AREA)
    # The hole once (800 m), the lonely square (800 m), and the side that is not on the rim.
    assert length(found) == pytest.approx(800 + 800 + 1000, abs=12)


def test_vertices_of_one_neighbour_alone_change_nothing():
    wavy = shapely.segmentize(shapely.box(1000, 0, 2000, 1000), 37.0)
    assert length(borders([shapely.box(0, 0, 1000, 1000), wavy], AREA)) == pytest.approx(
        1000, abs=6
    )


@pytest.mark.parametrize("shapes", [[], [shapely.Polygon()], [None]])
def test_nothing_to_draw(shapes):
    assert len(borders(shapes, AREA)) == 0


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), st.floats(-2, 2))
def test_no_stretch_is_lost(widths, off_m):
    """Whatever is left out has a line, or the rim, within about a pixel."""
    edges = np.cumsum([0, *widths]) * 200.0
    zones = [
        shapely.box(a + off_m * (k % 2), 0, b, 1000)
        for k, (a, b) in enumerate(itertools.pairwise(edges))
    ]
    whole = shapely.box(0, 0, edges[-1], 1000)
    drawn = shapely.union_all([*borders(zones, whole), whole.boundary])
    around = drawn.buffer(max(edges[-1], 1000) / 700 * 2.1)
    for zone in zones:
        assert around.covers(zone.boundary)


def zoned(off_m):
    """The small study in two streets, whose borders are `off_m` apart."""
    boxes = [
        shapely.box(WEST - 500, SOUTH - 500, WEST, SOUTH + 500),
        shapely.box(WEST + off_m, SOUTH - 500, WEST + 500, SOUTH + 500),
    ]
    table = {"zone_id": ["A", "B"], "name": ["A", "B"], "street_id": None, "households": None}
    streets = gpd.GeoDataFrame(table, geometry=boxes, crs=STUDY_CRS)
    plain = small_result().area
    boundary = shapely.box(WEST - 500, SOUTH - 500, WEST + 500, SOUTH + 500)
    return small_result(area=StudyArea(boundary, streets, plain.communities, plain.parts, []))


@pytest.mark.parametrize("off_m", [0.0, 1.2])
def test_map_and_picture_draw_it_once(off_m):
    data = map_data(zoned(off_m), "zh")
    assert [zone["id"] for zone in data["zones"]["street"]] == ["A", "B"]
    assert len(data["borders"]["street"]) == 1
    assert data["borders"]["community"] == []
    both, one = map_picture(zoned(off_m)), map_picture(zoned(0.0))
    assert both is not None
    assert one is not None
    assert both.png == one.png
