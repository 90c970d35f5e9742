"""Isochrones whose outline can be worked out by hand; at 1 m/s a metre takes a second."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import shapely
from tests.builders.rasters import raster_over
from tests.streets import Nodes, Way, graph_of, joined, plane, straight

from circle15.network.walk_network import WalkNetwork
from circle15.travel.served_areas.isochrones import Isochrones

ONE = Fraction(1)
CELL_M = 20.0


def isochrones(
    network: WalkNetwork, *, access: Fraction = ONE, round_trip: bool = False
) -> Isochrones:
    west, south, east, north = shapely.total_bounds(network.lines)
    # Off the streets by an odd number, so that no row of cells lies on one.
    over = shapely.box(west - 307, south - 313, east + 300, north + 300)
    raster = raster_over(over, network, cell_m=CELL_M)
    return Isochrones(
        raster, network, graph_of(network), access_speed_m_s=access, round_trip=round_trip
    )


def area_of(network, site, cutoff_s, **options) -> Any:
    (found,) = isochrones(network, **options).each(
        joined(network, site), [round(cutoff_s * 1000)], threads=1
    )
    assert found[0] == 0
    (area,) = found[1]
    assert area.is_valid
    return area


def street(length_m: float = 4000) -> WalkNetwork:
    nodes, word = straight(length_m)
    return plane(nodes, word)


def stadium(cutoff_s: float, *, middle: float = 2000, leg: float = 1) -> shapely.Polygon:
    """|x - middle| + leg · |y| ≤ cutoff and |y| ≤ 200: a hexagon."""
    near, far = cutoff_s, cutoff_s - leg * 200
    return shapely.Polygon(
        [
            (middle - near, 0),
            (middle - far, 200),
            (middle + far, 200),
            (middle + near, 0),
            (middle + far, -200),
            (middle - far, -200),
        ]
    )


def iou(one: Any, other: Any) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def distance(one: Any, other: Any) -> float:
    """Largest distance from the outline of one to that of the other, in metres."""
    return float(shapely.hausdorff_distance(one.boundary, other.boundary, densify=0.05))


@pytest.mark.parametrize("cutoff_s", [300, 599, 600, 601, 900])
def test_b5_along_a_straight_street(cutoff_s):
    area = area_of(street(), (2000, 0), cutoff_s)
    assert iou(area, stadium(cutoff_s)) > 0.998
    assert distance(area, stadium(cutoff_s)) < CELL_M / 2


def test_b1_the_leg_has_its_own_speed():
    """At half the speed off the street the hexagon's sides are twice as steep."""
    area = area_of(street(), (2000, 0), 900, access=Fraction(1, 2))
    assert iou(area, stadium(900, leg=2)) > 0.998


def test_the_leg_of_the_site_counts_too():
    """A site 100 m beside the street: 800 s are left along it."""
    area = area_of(street(), (2000, 100), 900)
    assert iou(area, stadium(800)) > 0.998


def test_a_cell_on_the_cutoff_is_inside_to_the_millisecond():
    network = street()
    drawing = isochrones(network)
    raster = drawing.raster
    column, row = 100, 15
    x, y = raster.frame.west_m + 20 * column, raster.frame.south_m + 20 * row
    site = (x + 500.0, 0.0)
    ms = round((500 + abs(y)) * 1000)
    for cutoff_ms, inside in ((ms - 1, False), (ms, True), (ms + 1, True)):
        ((_, (area,)),) = drawing.each(joined(network, site), [cutoff_ms])
        assert area.contains(shapely.Point(x, y)) == inside


def test_all_cutoffs_at_once_are_those_one_by_one():
    network = street()
    cutoffs = [300_000, 600_000, 900_000]
    ((_, areas),) = isochrones(network).each(joined(network, (2000, 0)), cutoffs)
    for area, cutoff in zip(areas, cutoffs, strict=True):
        assert area.equals_exact(area_of(network, (2000, 0), cutoff / 1000), 0)


def test_b4_a_river_without_a_bridge_is_not_crossed():
    """
    Streets at y = 0 and y = 150, joined 3 km away; the river at y = 40.

    Homes between the river and y = 75 are nearer to the southern street but cannot get there.
    """
    nodes: Nodes = {"A": (0, 0), "B": (3000, 0), "C": (0, 150), "D": (3000, 150)}
    river = [(-400, 40), (2900, 40)]
    network = plane(nodes, "AB", "BD", "CD", barriers=[river])
    area = area_of(network, (800, 0), 900)
    assert 40 - CELL_M / 2 < area.bounds[3] < 40 + CELL_M / 2
    bank = shapely.box(-400, 40 + CELL_M / 2, 3000, 500)
    assert not area.intersects(bank)
    dry = plane(nodes, "AB", "BD", "CD")
    assert area_of(dry, (800, 0), 900).bounds[3] == pytest.approx(75, abs=1)


def test_b4_a_bridge_opens_the_other_bank():
    """B to C by a bridge of 150 m: 900 - 200 - 150 s are left to both sides of C."""
    nodes: Nodes = {
        "A": (0, 0),
        "B": (1000, 0),
        "E": (2000, 0),
        "C": (1000, 150),
        "D": (0, 150),
        "F": (2000, 150),
    }
    river = [(-400, 75), (2400, 75)]
    bridge = Way("BC", snaps=False)
    network = plane(nodes, "ABE", "DCF", bridge, barriers=[river])
    area = area_of(network, (800, 0), 900)
    north = area.intersection(shapely.box(-400, 76, 2400, 500))
    assert north.bounds[0] == pytest.approx(1000 - 550, abs=CELL_M / 2)
    assert north.bounds[2] == pytest.approx(1000 + 550, abs=CELL_M / 2)


def test_the_unserved_middle_of_a_ring_is_a_hole():
    """A square of 600 m: its middle 200 m × 200 m are more than 200 m from every street."""
    nodes: Nodes = {"A": (0, 0), "B": (600, 0), "C": (600, 600), "D": (0, 600)}
    area = area_of(plane(nodes, "ABCDA"), (300, 0), 1600)
    (outline,) = area.geoms
    (hole,) = outline.interiors
    assert iou(shapely.Polygon(hole), shapely.box(200, 200, 400, 400)) > 0.98


def test_b3_a_street_that_hangs_on_nothing_is_not_reached():
    """Two streets 100 m apart: the border between them is half-way."""
    nodes: Nodes = {"A": (0, 0), "B": (2000, 0), "C": (0, 100), "D": (2000, 100)}
    area = area_of(plane(nodes, "AB", "CD"), (1000, 0), 900)
    assert area.bounds[3] == pytest.approx(50, abs=0.5)


def test_b4_an_unreached_lane_inside_is_left_out():
    """Lanes at y = 10, 14 and 18; the middle one hangs on nothing, the others on each other."""
    nodes: Nodes = {
        "A": (0, 10),
        "B": (2000, 10),
        "C": (20, 14),
        "D": (1980, 14),
        "E": (0, 18),
        "F": (2000, 18),
    }
    area = area_of(plane(nodes, "AB", "CD", "EF", "AE"), (500, 10), 900)
    lane = shapely.LineString([(40, 14), (1200, 14)])
    assert lane.intersection(area.buffer(-CELL_M)).is_empty


@pytest.mark.parametrize("site", [(2000.0, 250.0), (4400.0, 0.0)])
def test_b1_a_site_off_the_network_has_no_area(site):
    network = street()
    drawing = isochrones(network)
    sites = joined(network, site)
    assert list(drawing.each(sites, [900_000])) == []
    (area,) = drawing.dissolved([drawing.times(sites, horizon_ms=900_000)], [900_000])
    assert area.is_empty


def test_a_cutoff_of_nothing_is_empty():
    assert area_of(street(), (2000, 0), 0).is_empty


def test_an_area_below_a_cell_is_drawn_as_one():
    """9 s reach a square of 162 m²; the cell whose middle lies in it is drawn."""
    network = street()
    raster = isochrones(network).raster
    x = raster.frame.west_m + 20 * 100
    area = area_of(network, (x, 0), 9)
    assert area.area == pytest.approx(CELL_M**2)
    assert area.contains(shapely.Point(x, 0))


def test_dissolved_areas_of_one_and_of_all_categories():
    """Sites at 1200 and 2000: one of them from 300 to 2900, both from 1100 to 2100."""
    network = street()
    drawing = isochrones(network)
    one, other = joined(network, (1200, 0)), joined(network, (2000, 0))
    both = joined(network, (1200, 0), (2000, 0))
    times = [drawing.times(sites, horizon_ms=900_000) for sites in (one, other)]
    any_of = drawing.times(both, horizon_ms=900_000)
    (nearest,) = drawing.dissolved([any_of], [900_000])
    (all_of,) = drawing.dissolved(times, [900_000])
    hexagons = stadium(900, middle=1200), stadium(900, middle=2000)
    assert iou(nearest, hexagons[0].union(hexagons[1])) > 0.998
    assert iou(all_of, hexagons[0].intersection(hexagons[1])) > 0.998


def test_a_layer_without_a_site_leaves_nothing_for_all():
    network = street()
    drawing = isochrones(network)
    layers = [
        drawing.times(sites, horizon_ms=900_000)
        for sites in (joined(network, (2000, 0)), joined(network, (2000, 900)))
    ]
    (area,) = drawing.dissolved(layers, [900_000])
    assert area.is_empty


def test_a_round_trip_has_twice_the_time():
    network = street()
    drawing = isochrones(network, round_trip=True)
    sites = joined(network, (2000, 50))
    ((_, (area,)),) = drawing.each(sites, [1_800_000])
    assert iou(area, stadium(850)) > 0.998
    (nearest,) = drawing.dissolved([drawing.times(sites, horizon_ms=1_800_000)], [1_800_000])
    assert nearest.equals_exact(area, 0)


def test_one_way_streets_lead_to_the_site_only():
    """The street may be walked to the east: only homes in the west reach the site."""
    nodes, word = straight(4000)
    area = area_of(plane(nodes, Way(word, one_way=True)), (2000, 0), 900)
    west, _, east, _ = area.bounds
    assert west == pytest.approx(1100, abs=CELL_M / 2)
    assert east == pytest.approx(2000, abs=1)


def test_an_area_at_the_rim_of_the_raster_ends_there():
    network = street()
    raster = raster_over(shapely.box(1900, -100, 2100, 100), network)
    drawing = Isochrones(raster, network, graph_of(network), access_speed_m_s=ONE)
    ((_, (area,)),) = drawing.each(joined(network, (2000, 0)), [900_000])
    assert area.is_valid
    assert area.contains(shapely.box(1900, -100, 2100, 100))
    assert shapely.box(1900, -100, 2100, 100).buffer(CELL_M, join_style="mitre").contains(area)


def test_sites_come_with_their_rows():
    network = street()
    sites = joined(network, (1000, 0), (1000, 900), (3000, 0))
    found = dict(isochrones(network).each(sites, [300_000]))
    assert sorted(found) == [0, 2]
    for row, x in ((0, 1000), (2, 3000)):
        assert found[row][0].centroid.x == pytest.approx(x, abs=1)
    assert np.isfinite(found[0][0].area)
