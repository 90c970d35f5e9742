"""The map of a study made by hand: its content, its escaping, and that it is deterministic."""

from __future__ import annotations

import dataclasses
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.builders.painted_cells import lay_out_cells
from tests.builders.small_map import (
    NO_CATEGORY,
    PLAIN,
    SOUTH,
    STUDY_CRS,
    WEST,
    data_of,
    small_result,
    small_study,
)
from tests.hostile_names import HOSTILE

from circle15.access.counting import Counts
from circle15.inputs.crs.degrees import SCALE
from circle15.inputs.crs.positions import to_metric
from circle15.inputs.demand.population import Population
from circle15.output.charts.class_breaks import class_breaks
from circle15.output.map.geometry import encode_lines, encode_polygons
from circle15.output.map.html import build_map
from circle15.output.map.people import people_layer
from circle15.output.text.numbers import whole_people
from circle15.results.states_by_choice import states_by_choice
from circle15.study.messages import messages


class Tags(HTMLParser):
    """The tags of a page with their attributes, as a browser sees them."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_holds_all_and_asks_for_nothing(language):
    page = build_map(small_result(), language)
    attributes = [item for _, attrs in Tags(page).found for item in attrs.items()]
    assert [item for item in attributes if item[0] in {"src", "href", "style", "srcset"}] == []
    assert [item for item in attributes if item[0].startswith("on")] == []
    assert re.findall(r"url\((?!data:|#)", page) == []
    assert data_of(page)["counts"]["meal_point"]["15"] == {
        "persons": [3, 2, 1],
        "shares": ["50.0%", "33.3%", "16.7%"],
    }


def test_two_builds_give_equal_bytes():
    random.seed(1)
    first = build_map(small_result(), "zh")
    random.seed(2)
    assert build_map(small_result(), "zh") == first
    assert re.findall(r"[0-9a-f]{32}", first.split("<script", 1)[0]) == []


def test_hostile_names_stay_text():
    tags = [tag for tag, _ in Tags(build_map(small_result(), "zh")).found]
    for name in HOSTILE.values():
        page = build_map(small_result(name=name, study=small_study(title=name)), "zh")
        assert data_of(page)["facilities"][0]["name"] == name
        assert [tag for tag, _ in Tags(page).found] == tags


def test_both_languages_hold_the_same_messages():
    zh, en = messages("zh"), messages("en")
    assert {k for k in zh if k.startswith("map.")} == {k for k in en if k.startswith("map.")}
    fields = re.compile(r"\{(\w+)\}")
    for key in (k for k in zh if k.startswith("map.")):
        asked = set(fields.findall(zh[key]))
        assert set(fields.findall(en[key])) <= asked | {"n", "minutes", "size"}, key


def test_the_scripts_know_every_message_they_ask_for():
    folder = Path(__file__).resolve().parents[2] / "coverage/circle15/output/map/scripts"
    asked = set()
    for script in folder.rglob("*.js"):
        asked |= set(re.findall(r'\bsay\("(\w+)"[,)]', script.read_text(encoding="utf-8")))
    known = {key.removeprefix("map.") for key in messages("zh")}
    assert asked
    assert asked - known == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"states": ("gap", "gap", "gap")},
        {"states": ("unknown", "unknown", "unknown")},
        {"states": ("covered", "covered", "covered")},
        {"people": (0, 0, 0)},
        NO_CATEGORY,
        {"facilities": PLAIN.facilities.assign(x_m=np.nan, y_m=np.nan, snap_code="NO_POSITION")},
        {"demand": PLAIN.demand.assign(x_m=np.nan, y_m=np.nan)},
    ],
    ids=["gaps", "unknown", "covered", "nobody", "no-category", "no-site-position", "no-position"],
)
def test_missing_things_still_make_a_map(changes):
    data = data_of(build_map(small_result(**changes), "zh"))
    assert (data["bounds"] is None) == ("demand" in changes)


def test_the_whole_circle_is_judged_from_its_categories():
    result = small_result()
    states = states_by_choice(result)
    assert states["all", 15].tolist() == states["meal_point", 15].tolist() == [0, 1, 2]


def test_points_and_cells_hold_the_same_people():
    result = small_result()
    states = states_by_choice(result)
    points = people_layer(result, states)
    raster = dataclasses.replace(result, population=Population(result.demand, [], [], 100.0, {}))
    cells = people_layer(raster, states)
    assert points is not None
    assert cells is not None
    assert (points.meta["kind"], cells.meta["kind"]) == ("points", "cells")
    where = {"east", "north", "left", "top"}
    plans = [[row for row in one.meta["columns"] if row[0] not in where] for one in (points, cells)]
    assert plans[0] == plans[1]
    size = sum(n * width for _, n, width, _ in plans[0])
    assert points.packed[:size] == cells.packed[:size]


def test_rounded_people_sum_to_their_rounded_total():
    # 1.4 + 1.3 + 0.3 = 3: floors 1, 1, 0, and the one left goes to the largest remainder, .4
    assert whole_people(Counts(3_000_000, 1_400_000, 1_300_000, 300_000)) == [2, 1, 0]


def test_lines_are_steps_from_the_vertex_before():
    x, y = to_metric(
        np.array([120.3, 120.30001, 120.3]), np.array([31.5, 31.50002, 31.5]), STUDY_CRS
    )
    flat = encode_lines(np.array([shapely.linestrings(np.column_stack([x, y]))]), STUDY_CRS)
    assert flat == [[12_030_000, 3_150_000, 1, 2, -1, -2]]


def test_polygons_keep_their_holes_and_their_owner():
    around, hole = shapely.box(0, 0, 300, 300), shapely.box(100, 100, 200, 200)
    ring = shapely.affinity.translate(shapely.difference(around, hole), WEST, SOUTH)
    two = shapely.multipolygons(
        [
            shapely.affinity.translate(shapely.box(0, 0, 50, 50), WEST + 400 * k, SOUTH)
            for k in (0, 1)
        ]
    )
    encoded = encode_polygons([None, ring, two], STUDY_CRS)
    assert [[len(polygon) for polygon in shape] for shape in encoded] == [[], [2], [1, 1]]
    lon, lat = np.cumsum(np.reshape(encoded[1][0][0], (-1, 2)), axis=0).T / SCALE
    assert lon.min() == pytest.approx(120.3, abs=2e-5)
    assert lat.min() == pytest.approx(31.5, abs=2e-5)


def test_cells_tile_without_seams():
    """A 3 × 4 grid of 0.001° cells: every pixel of the picture belongs to the nearest cell."""
    lon, lat = (
        a.ravel() for a in np.meshgrid(120.3 + 0.001 * np.arange(4), 31.5 + 0.001 * np.arange(3))
    )
    picture = lay_out_cells(lon, lat, cell_m=100.0)
    assert picture is not None
    assert picture.cell.shape == (12, 16)
    assert picture.cell[0, 0] == 8  # the north-west cell comes first in the picture
    assert np.bincount(picture.cell.ravel()).tolist() == [16] * 12
    south, west, north, east = picture.bounds
    assert (west, east) == pytest.approx((120.2995, 120.3035))
    assert (south, north) == pytest.approx((31.4995, 31.5025), abs=1e-6)


def test_cells_of_a_turned_grid_leave_no_seam():
    """100 m cells turned by 3°: inside the outline no pixel is empty."""
    x, y = (a.ravel() * 100.0 for a in np.meshgrid(np.arange(40), np.arange(40)))
    turn = np.radians(3)
    lon = 120.3 + (x * np.cos(turn) - y * np.sin(turn)) / 95_000
    lat = 31.5 + (x * np.sin(turn) + y * np.cos(turn)) / 111_000
    picture = lay_out_cells(lon, lat, cell_m=100.0)
    assert picture is not None
    middle = picture.cell[30:-30, 30:-30]
    assert (middle < 0).mean() < 0.002


def test_one_cell_and_no_cell():
    one = lay_out_cells(np.array([120.3]), np.array([31.5]), cell_m=100.0)
    assert one is not None
    assert (one.cell == 0).all()
    assert lay_out_cells(np.empty(0), np.empty(0), cell_m=100.0) is None


def test_classes_have_round_bounds():
    assert class_breaks(np.array([0.0, 0.0])) == []
    assert class_breaks(np.array([7.0])) == [5]
    # Quantiles 50, 75 and 95 of 0.1 … 10 are 5.05, 7.525 and 9.505: round numbers 5, 10 and 10
    assert class_breaks(np.arange(1, 101) / 10) == [5, 10]


def test_a_large_district_is_one_picture_of_as_many_pixels_as_cells():
    """200,000 cells cost a picture, never an element each."""
    lon, lat = (
        a.ravel() for a in np.meshgrid(120 + 0.001 * np.arange(500), 31 + 0.001 * np.arange(400))
    )
    picture = lay_out_cells(lon, lat, cell_m=100.0)
    assert picture is not None
    assert len(np.unique(picture.cell)) >= len(lon)
    assert picture.cell.size <= 4 * len(lon)
