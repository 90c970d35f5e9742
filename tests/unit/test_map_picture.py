"""The map as a picture: who is where, drawn from the result made by hand."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from importlib import resources

import geopandas as gpd
import numpy as np
import pytest
import shapely
from tests.builders.coverage import NOBODY_JUDGED, with_coverage
from tests.builders.report_result import METRIC, STATION, make_area, make_result, make_study

from circle15.inputs.area.study_area import StudyArea
from circle15.output.charts.map_picture import (
    BOUNDARY_COLOUR,
    SERVED_COLOUR,
    SITE_COLOUR,
    UNKNOWN_COLOURS,
    map_picture,
    round_length,
)
from circle15.output.charts.picture_canvas import Canvas, Frame
from circle15.output.document.html import html_blocks
from circle15.output.report.picture import map_figure
from circle15.output.text.palette import GAP_COLOURS
from circle15.output.text.wording import Words
from circle15.study.settings.records import Circle


def read_png(png: bytes) -> tuple[np.ndarray, list[str]]:
    """Read back what `palette_png` writes: numbers of colours, and the colours."""
    chunks, at = {}, 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        chunks[png[at + 4 : at + 8]] = png[at + 8 : at + 8 + size]
        at += 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)[:, 1:]
    pixels = np.stack([rows >> 4, rows & 15], axis=2).reshape(height, -1)[:, :width]
    palette = chunks[b"PLTE"]
    return pixels, [f"#{palette[k : k + 3].hex()}" for k in range(0, len(palette), 3)]


def colour_at(picture, x_m: float, y_m: float) -> str:
    pixels, palette = read_png(picture.png)
    ((column, row),) = picture.frame.place(np.array([[x_m, y_m]]))
    return palette[int(pixels[int(row), int(column)])]


@pytest.fixture(scope="module")
def picture():
    found = map_picture(make_result())
    assert found is not None
    return found


def test_the_home_in_the_gap_is_coloured_and_the_covered_one_is_not(picture):
    # Home b (1.5 people) is the gap; a (2.5) is covered and lies in the served square.
    assert colour_at(picture, 501100, 3400500 + 8) in GAP_COLOURS
    assert colour_at(picture, 500100, 3400500 + 8) == SERVED_COLOUR
    # Home c is unknown; nothing is drawn of home d, which has no position.
    assert colour_at(picture, 501900, 3400500 + 8) in UNKNOWN_COLOURS
    assert (picture.gap, picture.unknown, picture.served) == (True, True, True)


def test_open_sites_are_marked_and_closed_ones_are_not(picture):
    assert colour_at(picture, 500400, 3400500) == SITE_COLOUR
    assert colour_at(picture, 501400, 3400500) != SITE_COLOUR
    assert picture.sites == {STATION: ("disc", 1)}


def test_the_scale_bar_is_as_long_as_it_says(picture):
    left, top, length = picture.scale_px
    assert length == round(picture.scale_m / picture.frame.pixel_m)
    pixels, palette = read_png(picture.png)
    ink = [palette[n] == SITE_COLOUR for n in pixels[top, left - 1 : left + length + 1]]
    assert ink == [False, *[True] * length, False]


def test_the_boundary_is_the_frame_and_its_rim_is_drawn():
    area = make_area("")
    shape = shapely.box(500000, 3400000, 502000, 3401000)
    picture = map_picture(
        replace(
            make_result(), area=StudyArea(shape, area.streets, area.communities, area.parts, [])
        )
    )
    assert picture is not None
    assert colour_at(picture, 500000, 3400700) == BOUNDARY_COLOUR
    # 2000 m wide and 3 % of margin on both sides; the height is stretched to 2 : 3 of the width.
    assert picture.frame.width == 1400
    assert picture.frame.pixel_m * 1400 == pytest.approx(2120)
    assert picture.frame.height == 933


def test_the_same_result_gives_the_same_bytes(picture):
    again = map_picture(make_result())
    assert again is not None
    assert again.png == picture.png


def test_without_anything_to_judge_the_streets_remain():
    result = make_result(make_study(facilities=(), circle=Circle()))
    nothing = replace(
        result,
        categories=[],
        judged=NOBODY_JUDGED,
        facilities=result.facilities.iloc[:0],
        served=gpd.GeoDataFrame({"category": [], "cutoff_min": []}, geometry=[], crs=METRIC),
    )
    picture = map_picture(nothing)
    assert picture is not None
    assert (picture.gap, picture.unknown, picture.served, picture.sites) == (
        False, False, False, {},
    )  # fmt: skip


def test_one_home_and_no_other_place():
    result = make_result()
    one = replace(
        result,
        demand=result.demand.iloc[1:2],
        facilities=result.facilities.iloc[:0],
    )
    one = with_coverage(one, result.coverage.iloc[1:2])
    picture = map_picture(one)
    assert picture is not None
    assert (picture.gap, picture.unknown) == (True, False)
    assert colour_at(picture, 501100, 3400503) in GAP_COLOURS
    # A kilometre around it is shown, with a bar that fits.
    assert picture.scale_m == 200
    assert picture.scale_px[2] < 1400 / 4


def test_nowhere_is_no_picture():
    result = make_result()
    network = replace(result.network, extent=shapely.Polygon())
    demand = result.demand.assign(x_m=np.nan, y_m=np.nan)
    sites = result.facilities.iloc[:0]
    assert map_picture(replace(result, network=network, demand=demand, facilities=sites)) is None


def test_a_line_passes_every_pixel_between_its_ends():
    canvas = Canvas(Frame(0.0, 10.0, 1.0, 10, 10))
    # From (1.5, 8.5) to (4.5, 5.5): a diagonal of four pixels; what is outside is left out.
    canvas.lines(np.array([[1.5, 8.5]]), np.array([[4.5, 5.5]]), 3, width_px=1)
    canvas.lines(np.array([[-50.0, 2.5]]), np.array([[2.2, 2.5]]), 5, width_px=1)
    assert np.argwhere(canvas.pixels == 3).tolist() == [[1, 1], [2, 2], [3, 3], [4, 4]]
    assert np.argwhere(canvas.pixels == 5).tolist() == [[7, 0], [7, 1], [7, 2]]


def test_cells_of_a_grid_touch_without_seam_or_overlap():
    canvas = Canvas(Frame(0.0, 12.0, 1.0, 12, 12))
    places = np.array([(x, y) for y in (1.75, 5.25, 8.75) for x in (1.75, 5.25, 8.75)])
    canvas.cells(places, np.arange(1, 10, dtype=np.uint8), size_m=(3.5, 3.5))
    # Nine cells of 3.5 m fill 10.5 m from the lower left corner; halves go right and down, so
    # that is 11 pixels to the right and 10 up, and none of them is empty.
    assert (canvas.pixels[2:, :11] > 0).all()
    assert (canvas.pixels[:2] == 0).all()
    assert set(np.bincount(canvas.pixels.ravel())[1:].tolist()) <= {9, 12, 16}


def test_an_area_keeps_its_hole():
    canvas = Canvas(Frame(0.0, 6.0, 1.0, 6, 6))
    ring = shapely.box(0, 0, 6, 6).difference(shapely.box(2, 2, 4, 4))
    assert canvas.area(ring).sum() == 36 - 4
    assert canvas.area(None).sum() == canvas.area(shapely.Polygon()).sum() == 0


@pytest.mark.parametrize(("longest", "wanted"), [(999, 500), (1000, 1000), (4999, 2000), (0, 1)])
def test_round_lengths(longest, wanted):
    assert round_length(longest) == wanted


def test_the_legend_has_the_colours_of_the_picture():
    """The style sheet cannot read the palette: a colour that changes must change in both."""
    sheet = resources.files("circle15.output.document").joinpath("report.css").read_text("utf-8")
    for k, colour in enumerate(GAP_COLOURS):
        assert f".gap-{k} {{ color: {colour}; }}" in sheet
    assert f".sites {{ color: {SITE_COLOUR}; }}" in sheet
    assert f".rim {{ color: {BOUNDARY_COLOUR}; }}" in sheet


def test_the_figure_names_what_it_shows_and_nothing_else():
    words = Words("en", make_study())
    figure = map_figure(make_result(), words)
    assert figure is not None
    html = html_blocks([figure])
    # One class of people (breaks at 2): the home in the gap has 1.5.
    for text in ("below 2", "2 and more", "cannot be judged", "Home-care station, 1 open sites"):
        assert text in html
    assert "> study area<" not in html  # there is no boundary
    assert html.count('class="street"') == 2
    # 1800 m between the homes and 3 % on both sides: a bar of at most a quarter of 1908 m.
    assert "the scale bar is 200 m long" in html


@pytest.mark.parametrize("name", ["<svg onload=x>", "长" * 500])
def test_names_of_streets_are_text_and_short(name):
    figure = map_figure(make_result(name=name), Words("zh", make_study()))
    assert figure is not None
    html = html_blocks([figure])
    assert "<svg onload" not in html
    assert "长" * 20 not in html


def test_a_street_beyond_the_picture_takes_no_name_from_the_others():
    result = make_result()
    area = result.area
    here = area.streets.geometry.iloc[0]
    away = shapely.box(600000, 3400000, 601000, 3401000)
    far = area.streets.set_geometry([here, away], crs=METRIC)
    moved = StudyArea(None, far, area.communities, area.parts, [])
    figure = map_figure(replace(result, area=moved), Words("en", make_study()))
    assert figure is not None
    html = html_blocks([figure])
    assert html.count('class="street"') == 1
    assert ">S 1</text>" in html


def test_nobody_inside_leaves_a_map_without_people():
    result = make_result()
    for demand in (
        result.demand.assign(in_area=False),
        result.demand.assign(p60_micro=0),
        result.demand.iloc[:0],
    ):
        coverage = result.coverage if len(demand) else result.coverage.iloc[:0]
        picture = map_picture(with_coverage(replace(result, demand=demand), coverage))
        assert picture is not None
        assert (picture.gap, picture.unknown) == (False, False)
