"""The areas of single facilities, by hand: which of them there are, and how the map holds them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import shapely
from tests.builders.rasters import raster_over
from tests.builders.small_map import SOUTH, STUDY_CRS, WEST, small_result
from tests.streets import Way, graph_of, joined, plane

from circle15.access.areas.site_areas import site_areas
from circle15.access.counting import CatchmentCount
from circle15.access.joining.sites import Doors, Sites
from circle15.access.records import SiteAreas
from circle15.inputs.crs.degrees import SCALE
from circle15.network.snapping import snap_to_network
from circle15.output.map.facilities import facility_rows, outline_of_rows, site_outlines
from circle15.output.map.geometry import encode_polygons
from circle15.output.text.wording import Words
from circle15.travel.engine.graph import positions_at
from circle15.travel.served_areas.drawing import WINDOW_CELLS, Drawing
from circle15.travel.served_areas.isochrones import Isochrones
from circle15.travel.served_areas.raster_frame import RasterFrame

MICRO = 1_000_000
ONE_M_S = Fraction(1)


@pytest.fixture(scope="module")
def drawn() -> SiteAreas:
    """A street of 2 km with sites at 500 m (two services, one planned), 1500 m, and far away."""
    network = plane({"W": (0, 0), "E": (2000, 0)}, "WE")
    places = [(500, 10), (500, 10), (500, 10), (1500, 0), (1000, 900)]
    table = pd.DataFrame(
        {
            "category": ["care_home", "meal_point", "meal_point", "meal_point", "meal_point"],
            "open": [True, True, False, True, True],
            "position_unsure": [False, True] + [False] * 3,
        }
    )
    x, y = np.array(places, float).T
    sites = Sites(table, snap_to_network(x, y, network, max_snap_m=200), {})
    raster = raster_over(shapely.box(-300, -300, 2300, 300), network, cell_m=20.0)
    drawing = Isochrones(raster, network, graph_of(network), access_speed_m_s=ONE_M_S)
    found = ["care_home", "meal_point"]
    return site_areas(drawing, sites, _at_one, found, [300_000, 600_000])


def _at_one(snaps):
    return positions_at(snaps, ONE_M_S)


def test_services_of_one_site_share_their_areas(drawn):
    """Rows 0 and 1 stand at one place; 2 is not open and 4 has not joined the street."""
    assert set(drawn.place) == {0, 1, 3}
    assert drawn.place[0] == drawn.place[1] != drawn.place[3]
    assert len(drawn.areas) == 2


def test_an_area_ends_where_the_walk_does(drawn):
    """From S at 500 m, 10 m off: 300 s reach from 500 - 290 = 210 m to 790 m along the street."""
    near, far = drawn.areas[drawn.place[0]]
    on_street = shapely.intersection(near, shapely.LineString([(0, 0), (2000, 0)]))
    assert shapely.bounds(on_street)[[0, 2]].tolist() == pytest.approx([210, 790], abs=2)
    assert far.covers(near)
    assert shapely.bounds(shapely.intersection(far, shapely.LineString([(0, 0), (2000, 0)])))[
        2
    ] == (pytest.approx(500 + 590, abs=2))


def test_a_site_with_entrances_has_the_areas_of_all_of_them():
    """Doors at 500 and 1500 m: 300 s reach from 200 to 800 m and from 1200 to 1800 m."""
    network = plane({"W": (0, 0), "E": (2000, 0)}, "WE")
    table = pd.DataFrame({"category": ["x"], "open": [True], "position_unsure": [False]})
    x, y = np.array([500.0, 1500.0]), np.zeros(2)
    snaps = snap_to_network(x, y, network)
    sites = Sites(table, snaps.take(np.array([0])), {}, Doors(np.zeros(2, np.int64), x, y, snaps))
    raster = raster_over(shapely.box(-300, -300, 2300, 300), network, cell_m=20.0)
    drawing = Isochrones(raster, network, graph_of(network), access_speed_m_s=ONE_M_S)
    found = site_areas(drawing, sites, _at_one, ["x"], [300_000])
    (area,) = found.areas[found.place[0]]
    street = shapely.LineString([(0, 0), (2000, 0)])
    pieces = shapely.get_parts(shapely.intersection(area, street))
    ends = sorted(shapely.bounds(pieces)[:, [0, 2]].ravel().tolist())
    assert ends == pytest.approx([200, 800, 1200, 1800], abs=2)


def test_without_categories_there_is_nothing_to_draw():
    network = plane({"W": (0, 0), "E": (200, 0)}, "WE")
    raster = raster_over(shapely.box(0, -50, 200, 50), network, cell_m=20.0)
    drawing = Isochrones(raster, network, graph_of(network), access_speed_m_s=ONE_M_S)
    table = pd.DataFrame({"category": ["x"], "open": [True], "position_unsure": [False]})
    sites = Sites(table, snap_to_network(np.zeros(1), np.zeros(1), network), {})
    assert site_areas(drawing, sites, _at_one, [], [1]) == SiteAreas()


def with_areas():
    """One site whose areas are a ring of 400 m around a hole of 100 m, and the ring's inside."""
    centre = shapely.Point(WEST, SOUTH)
    hole = shapely.box(WEST - 50, SOUTH - 50, WEST + 50, SOUTH + 50)
    ring = shapely.difference(centre.buffer(400), hole)
    areas = SiteAreas({0: 7}, {7: (shapely.MultiPolygon(), centre.buffer(300), ring)})
    within = CatchmentCount(0, {"p60": 3 * MICRO}, {"p60": MICRO}, {"p60": (0, 500_000, 3 * MICRO)})
    return replace(small_result(), site_areas=areas, catchments={"meal_point": [within]})


def test_the_map_holds_areas_with_their_holes_and_people_by_cutoff():
    result = with_areas()
    (own,) = site_outlines(result)
    assert outline_of_rows(result) == {0: 0}
    assert [len(polygons) for polygons in own] == [0, 1, 1]
    assert [len(rings) for rings in own[2]] == [2]
    (row,) = facility_rows(result, Words("en", result.study))
    # Half a person is rounded up, as everywhere in the outputs.
    assert (row["own"], row["within"], row["people"], row["only_here"]) == (0, [0, 1, 3], 3, 1)


def test_a_site_that_was_not_judged_has_neither():
    plain = replace(small_result(), catchments={})
    (row,) = facility_rows(plain, Words("en", plain.study))
    assert (row["own"], row["within"], row["people"]) == (None, None, None)


def test_thinned_outlines_stay_close_and_keep_their_holes():
    """A disc of 400 m, 256 vertices, with a hole of 120 m: 10 m off at most, and far shorter."""
    disc = shapely.Point(WEST, SOUTH).buffer(400, quad_segs=64)
    shape = shapely.difference(disc, shapely.Point(WEST, SOUTH).buffer(120, quad_segs=64))
    ((fine,),) = encode_polygons([shape], STUDY_CRS)
    ((thin,),) = encode_polygons([shape], STUDY_CRS, tolerance_m=10.0)
    assert len(fine) == len(thin) == 2
    assert all(len(a) < len(b) / 4 for a, b in zip(thin, fine, strict=True))
    degrees = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / SCALE for ring in (fine[0], thin[0])]
    one, other = (shapely.LineString(ring) for ring in degrees)
    assert shapely.hausdorff_distance(one, other) * 111_000 < 10.0 + 2.0


def drawing_of(network, *, wide_m, cell_m=45.0):
    return Drawing(
        RasterFrame.over(shapely.box(0, 0, wide_m, wide_m), cell_m=cell_m),
        network,
        graph_of(network),
        joined=network,
        access_speed_m_s=ONE_M_S,
        max_snap_m=200.0,
    )


def test_cells_stay_as_fine_over_a_large_area():
    """500 km wide: 11,112² cells, of which only those around three sites are drawn."""
    nodes = {"A": (2e5, 2e5), "B": (201e3, 2e5), "C": (4e5, 3e5), "D": (401e3, 3e5)}
    network = plane(nodes, "AB", "CD")
    sites = joined(network, (200_300, 200_000), (200_600, 200_000), (400_500, 300_000))
    fitted = drawing_of(network, wide_m=5e5).fitting(sites, 900_000)
    assert fitted.frame.cell_m == 45.0
    near = [area for _, (area,) in sorted(fitted.each(sites, [300_000], threads=1))]
    assert [shapely.bounds(area)[0] for area in near] == pytest.approx(
        [200_000, 200_300, 400_200], abs=30
    )
    (both,) = fitted.dissolved({"x": sites}, {"x": ["x"]}, [300_000])["x"]
    assert both.area == pytest.approx(shapely.union_all(near).area, rel=0.01)


def test_cells_are_larger_where_there_would_be_too_many(monkeypatch):
    """
    A street that takes a millisecond for 100 km: a walk may end anywhere.

    Around one site there may be a million cells, here all 2,223² of an area 100 km wide.
    """
    network = plane({"A": (0, 0), "B": (100_000, 0)}, Way("AB", mm=1))
    sites = joined(network, (50_000, 10))
    fitted = drawing_of(network, wide_m=1e5).fitting(sites, 900_000)
    assert fitted.frame.cell_m > 45.0
    assert len(fitted.frame) <= 4 * WINDOW_CELLS
    monkeypatch.setattr("circle15.travel.served_areas.drawing.ALL_CELLS", 1000)
    slow = plane({"A": (0, 0), "B": (100_000, 0)}, "AB")
    many = joined(slow, *((1000 + 9000 * k, 10) for k in range(11)))
    coarse = drawing_of(slow, wide_m=1e5).fitting(many, 900_000)
    assert 45.0 < coarse.frame.cell_m < 1000.0


def test_an_area_without_sites_is_drawn_at_once():
    network = plane({"A": (0, 0), "B": (1000, 0)}, "AB")
    nobody = joined(network)
    fitted = drawing_of(network, wide_m=1e6).fitting(nobody, 900_000)
    assert list(fitted.each(nobody, [900_000])) == []
    (area,) = fitted.dissolved({"x": nobody}, {"x": ["x"]}, [900_000])["x"]
    assert area.is_empty
