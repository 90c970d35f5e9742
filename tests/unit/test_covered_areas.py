"""
Residential land and buildings by state, on streets with a corner, at 1 m/s; the circle is 900 s.

            C (1000, 1000)
            |  land 50 m wide along BC: 20 pieces of 50 m × 50 m
            |
A -- S ---- B (1000, 0)         S (500, 0)

A piece in the middle of which y is is 500 + y + 25 s from S, and √(525² + y²) m in a straight line.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from tests.builders.small_inputs import CATEGORY, MICRO, inputs_of, streets, walks_of
from tests.streets import EAST_M, NORTH_M

from circle15.access.areas.covered_areas import FLOOR_AREA, FOOTPRINT, LAND, area_rows
from circle15.access.areas.joined_areas import joined_areas
from circle15.access.counting import Counts
from circle15.inputs.residential_areas import AreasAtPoints, ResidentialAreas, pieces_of

NODES = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (1000.0, 1000.0)}
INPUTS = inputs_of(streets(NODES, "ABC"), {"h": (0, 0, 1)}, {"S": (500.0, 0.0)})


def at_points(*rows, **areas):
    x, y = np.array(rows, float).reshape(-1, 2).T
    micro = {key: np.array(of, np.int64) * MICRO for key, of in areas.items()}
    return AreasAtPoints(x + EAST_M, y + NORTH_M, micro, dict.fromkeys(areas, 0.0), "layer.gpkg")


def land(*boxes):
    shape = shapely.union_all(
        [shapely.box(EAST_M + a, NORTH_M + b, EAST_M + c, NORTH_M + d) for a, b, c, d in boxes]
    )
    pieces = pieces_of(shape)
    inner = shapely.point_on_surface(pieces)
    points = zip(shapely.get_x(inner) - EAST_M, shapely.get_y(inner) - NORTH_M, strict=True)
    return at_points(*points, land=shapely.area(pieces))


def judged(judge="outbound", **layers):
    walk = replace(INPUTS.study.walk, judge=judge)
    living, findings = joined_areas(ResidentialAreas(**layers), INPUTS.network, walk)
    inputs = replace(INPUTS, living=living, study=replace(INPUTS.study, walk=walk))
    rows = {(one.category, one.cutoff_min): one for one in area_rows(inputs, walks_of(inputs))}
    return rows, findings


@pytest.mark.parametrize("judge", ["outbound", "round_trip"])
def test_land_is_covered_by_walking_and_by_circles(judge):
    """On foot y ≤ 375: 8 pieces; in a straight line y ≤ 731: 15 pieces, of 2,500 m² each."""
    rows, findings = judged(judge, land=land((1000, 0, 1050, 1000)))
    found = rows[CATEGORY, 15].areas[LAND]
    assert found.counts == Counts(50_000 * MICRO, 20_000 * MICRO, 30_000 * MICRO, 0)
    assert (found.counts.share_covered, found.share) == (0.4, 0.75)
    assert not findings
    # All categories, any and all, at every cutoff; the only category is required.
    assert {key for key, _ in rows} == {CATEGORY, "any", "all"}
    assert rows["any", 15].areas == rows[CATEGORY, 15].areas


def test_land_that_joins_no_street_is_unknown_and_reported():
    rows, findings = judged(land=land((1000, 0, 1050, 1000), (1300, 0, 1350, 50)))
    counts = rows[CATEGORY, 15].areas[LAND].counts
    assert counts == Counts(52_500 * MICRO, 20_000 * MICRO, 30_000 * MICRO, 2_500 * MICRO)
    (finding,) = findings
    assert (finding.code, finding.detail["area_m2"]) == ("LAND_UNJOINED", "2,500")


def test_buildings_count_by_footprint_and_by_floor_area():
    """At y = 100 a block of 6 floors, 610 s; at y = 400 a house of one, 910 s."""
    houses = at_points((1010, 100), (1010, 400), footprint=[200, 100], floor_area=[1200, 100])
    rows, _ = judged(buildings=houses)
    areas = rows[CATEGORY, 15].areas
    assert areas[FOOTPRINT].counts == Counts(300 * MICRO, 200 * MICRO, 100 * MICRO, 0)
    assert areas[FLOOR_AREA].counts == Counts(1300 * MICRO, 1200 * MICRO, 100 * MICRO, 0)
    # In a straight line both are within 900 m.
    assert areas[FLOOR_AREA].share == 1
    assert set(areas) == {FOOTPRINT, FLOOR_AREA}


def test_a_study_without_land_and_buildings_has_no_rows():
    assert judged() == ({}, [])


@pytest.mark.parametrize("cell_m", [50.0, 7.0, 1000.0])
def test_pieces_are_as_large_as_the_whole_and_lie_in_one_cell(cell_m):
    ring = shapely.Point(13, -7).buffer(300).difference(shapely.Point(0, 20).buffer(120))
    bar = shapely.box(400, -500, 401, 500)
    pieces = pieces_of(shapely.union_all([ring, bar]), cell_m)
    assert shapely.area(pieces).sum() == pytest.approx(ring.area + bar.area, rel=1e-9)
    west, south, east, north = shapely.bounds(pieces).T / cell_m
    assert (np.ceil(east - 1e-9) - np.floor(west + 1e-9) <= 1).all()
    assert (np.ceil(north - 1e-9) - np.floor(south + 1e-9) <= 1).all()
    assert set(shapely.get_type_id(pieces)) == {shapely.GeometryType.POLYGON}


def test_of_nothing_there_are_no_pieces():
    assert len(pieces_of(shapely.Polygon())) == 0
