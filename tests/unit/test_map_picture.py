"""The map as a picture: states of people, drawn from the result made by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from importlib import resources

import geopandas as gpd
import numpy as np
import pytest
import shapely
from PIL import Image
from tests.builders.coverage import NOBODY_JUDGED, with_coverage
from tests.builders.new_sites import answer_of, sited
from tests.builders.report_result import METRIC, STATION, make_area, make_result, make_study

from circle15.inputs.area.study_area import StudyArea
from circle15.output.charts.map_furniture import round_length
from circle15.output.charts.map_picture import (
    BOUNDARY_COLOUR,
    COLOURS,
    SERVED_COLOUR,
    SITE_COLOUR,
    map_picture,
)
from circle15.output.charts.picture_canvas import SHAPES, Canvas, Frame
from circle15.output.document.html import html_blocks
from circle15.output.report.picture import map_figure
from circle15.output.text.palette import GAP_COLOURS, PROPOSED
from circle15.output.text.wording import Words
from circle15.study.languages import Language
from circle15.study.settings.rules.requirements import Circle


def pixels_of(png: bytes) -> np.ndarray:
    """Colours of a picture, shape (height, width), as `#rrggbb`."""
    image = Image.open(io.BytesIO(png))
    assert image.mode == "P"
    colours = np.array(image.convert("RGB"))
    return np.array([[f"#{bytes(one).hex()}" for one in row] for row in colours])


def colour_at(picture, x_m: float, y_m: float) -> str:
    ((column, row),) = picture.frame.place(np.array([[x_m, y_m]]))
    image = Image.open(io.BytesIO(picture.png)).convert("RGB")
    return f"#{image.crop((int(column), int(row), int(column) + 1, int(row) + 1)).tobytes().hex()}"


def small_canvas(side: int) -> Canvas:
    """A square whose pixels are a metre, its lower left corner at 0, 0: white, red and green."""
    return Canvas(Frame(0.0, float(side), 1.0, side, side), ["#ffffff", "#ff0000", "#00ff00"])


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
    assert colour_at(picture, 501900, 3400500 + 8) in COLOURS[-2:]
    assert (picture.gap, picture.unknown, picture.served) == (True, True, True)


def test_the_site_to_build_first_is_a_star_and_named():
    """V-1 stands at 501200, 3400500; without a question there is no star."""
    result = sited(make_result(), answer_of())
    found = map_picture(result)
    assert found is not None
    assert colour_at(found, 501200, 3400500) == PROPOSED
    texts: dict[Language, str] = {
        "en": "new site to build first: V-1",
        "zh": "首先建议的新设施 V-1",
    }
    for language, text in texts.items():
        figure = map_figure(result, Words(language, result.study))
        assert figure is not None
        assert [one.text for one in figure.legend if one.glyph == "★"] == [text]


def test_open_sites_are_marked_and_closed_ones_are_not(picture):
    assert colour_at(picture, 500400, 3400500) == SITE_COLOUR
    assert colour_at(picture, 501400, 3400500) != SITE_COLOUR
    assert picture.sites == {STATION: ("disc", 1)}


def test_the_scale_bar_is_as_long_as_it_says(picture):
    left, top, length = picture.scale_px
    assert length == round(picture.scale_m / picture.frame.pixel_m)
    image = Image.open(io.BytesIO(picture.png)).convert("RGB")
    row = image.crop((left - 1, top, left + length + 1, top + 1)).tobytes()
    ink = [f"#{row[k : k + 3].hex()}" == SITE_COLOUR for k in range(0, len(row), 3)]
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
        False,
        False,
        False,
        {},
    )


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
    canvas = small_canvas(10)
    # From (1.5, 8.5) to (4.5, 5.5): a diagonal of four pixels; what is outside is left out.
    canvas.lines(shapely.linestrings([[(1.5, 8.5), (4.5, 5.5)]]), 1, width_px=1)
    canvas.lines(shapely.linestrings([[(-50.0, 2.5), (2.5, 2.5)]]), 2, width_px=1)
    canvas.lines(shapely.linestrings([[(-50.0, 90.0), (50.0, 90.0)]]), 2, width_px=1)
    pixels = pixels_of(canvas.png())
    crossed = np.argwhere(pixels != "#ffffff").tolist()
    assert {(1, 1), (2, 2), (3, 3), (4, 4), (7, 0), (7, 1)} <= set(map(tuple, crossed))
    assert pixels[7, 0] == "#00ff00"
    assert {row for row, column in crossed if column > 5} <= {3, 4, 5}
    assert {column for row, column in crossed if row > 6} <= {0, 1, 2}


def test_cells_of_a_grid_touch_without_seam_or_overlap():
    canvas = small_canvas(12)
    places = np.array([(x, y) for y in (1.75, 5.25, 8.75) for x in (1.75, 5.25, 8.75)])
    canvas.cells(places, np.array([1, 2] * 4 + [1], np.uint8), size_m=(3.5, 3.5))
    # Nine cells of 3.5 m fill 10.5 m from the lower left corner; halves go right and down, so
    # that is 11 pixels to the right and 10 up, and none of them is empty or of two colours.
    pixels = pixels_of(canvas.png())
    assert set(pixels[2:, :11].ravel()) == {"#ff0000", "#00ff00"}
    assert set(pixels[:2].ravel()) == {"#ffffff"}


def test_an_area_keeps_its_hole_and_what_lies_in_it():
    """A ring 5 m wide around a hole of 10 m, with 4 m of ground in the middle of it."""
    canvas = small_canvas(20)
    ring = shapely.box(0, 0, 20, 20).difference(shapely.box(5, 5, 15, 15))
    canvas.fill(shapely.union_all([shapely.box(8, 8, 12, 12), ring]), 1)
    for nothing in (None, shapely.Polygon()):
        canvas.fill(nothing, 2)
    pixels = pixels_of(canvas.png())
    assert {pixels[2, 2], pixels[10, 10], pixels[17, 10]} == {"#ff0000"}
    assert {pixels[6, 6], pixels[13, 13], pixels[10, 6]} == {"#ffffff"}
    # 400 - 100 + 16 m², the pixels at an edge in a colour between the two.
    assert (pixels == "#ff0000").sum() <= 316 <= (pixels != "#ffffff").sum()
    assert "#00ff00" not in pixels


@pytest.mark.parametrize("shape", SHAPES)
def test_every_mark_lies_around_its_place_within_its_rim(shape):
    canvas = small_canvas(40)
    canvas.marks(np.array([[20.0, 20.0]]), shape, radius_px=8, colour=1, rim=2)
    pixels = pixels_of(canvas.png())
    assert pixels[20, 20] == "#ff0000"
    rows, columns = np.nonzero(pixels != "#ffffff")
    assert 7 <= rows.min() <= 13
    assert 27 <= rows.max() <= 32
    assert columns.min() + columns.max() == pytest.approx(39, abs=1)
    assert "#00ff00" in pixels


def test_a_picture_of_many_colours_keeps_the_most_frequent():
    canvas = Canvas(Frame(0.0, 40.0, 1.0, 40, 40), [f"#{k:02x}{255 - k:02x}80" for k in range(256)])
    for k in range(1, 256):
        canvas.box(k % 20 * 2 + 0.5, k // 20 * 3, 1.5, 3, k)
    canvas.box(0, 39, 40, 1, 7)
    assert pixels_of(canvas.png())[39, 20] == "#07f880"


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
    for text in ("below 2", "2 or more", "unknown", "Home-care station, 1 open sites"):
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
