"""Lattice cells that group homes: which are adjacent, their positions and outlines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pyproj import CRS
from rasterio.transform import Affine

from circle15.inputs.crs.positions import transform
from circle15.planning import lattice as lattice_module
from circle15.planning.gaps.gap_areas import gap_areas
from circle15.planning.lattice import Lattice, cell_keys, square_m, touching_cells

BELT = CRS.from_epsg(4549)
UNITS = Lattice(BELT, Affine(1.0, 0.0, 0.0, 0.0, -1.0, 0.0))
"""Cells of a metre: the cell in row 2 and column 5 covers x from 5 to 6 and y from −3 to −2."""


def test_cells_touch_at_edges_and_corners_and_not_across_a_hole() -> None:
    """Cells 0 to 3; 0 meets 1 (edge) and 2 (corner), 3 stands apart.

    .   0 1 . .
    .   . 2 . 3
    """
    one, other = touching_cells(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 3]))
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]


def test_the_last_cell_of_a_row_does_not_touch_the_first_of_the_next() -> None:
    """Rows of three cells: 2 ends the first row, 3 begins the second one.

    .   . . 0
    .   1 . .
    """
    for column in ([2, 0], [1, -1]):
        one, other = touching_cells(np.array([0, 1]), np.array(column))
        assert len(one) == len(other) == 0


places = st.lists(st.tuples(st.integers(-6, 6), st.integers(-6, 6)), unique=True, max_size=40)


@given(places)
def test_pairs_are_those_that_stand_one_apart(where: list[tuple[int, int]]) -> None:
    row, column = np.array(where, np.int64).reshape(-1, 2).T
    one, other = touching_cells(row, column)
    expected = [
        (a, b)
        for a in range(len(where))
        for b in range(a + 1, len(where))
        if max(abs(where[a][0] - where[b][0]), abs(where[a][1] - where[b][1])) == 1
    ]
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == expected


def test_cells_are_numbered_from_west_to_east_then_from_south_to_north() -> None:
    """Rows count from the north: of the two western cells the southern one comes first."""
    key = cell_keys(np.array([-4, -3, -4]), np.array([7, 7, 8]))
    assert np.argsort(key).tolist() == [1, 0, 2]


def outlines_of(area: np.ndarray) -> list[Any]:
    """Outline the areas 1 … n of a picture of unit cells."""
    row, column = np.nonzero(area)
    mine = area[row, column] - 1
    return list(UNITS.outlines(row, column, mine, int(area.max()), BELT))


def test_an_area_around_a_hole_keeps_it_and_corners_alone_do_not_join() -> None:
    """The ring 1 leaves out its middle; the cells of 2 meet at a corner.

    .   1 1 1 . 2 .
    .   1 . 1 . . 2
    .   1 1 1 . . .
    """
    ring, two = outlines_of(np.array([[1, 1, 1, 0, 2, 0], [1, 0, 1, 0, 0, 2], [1, 1, 1, 0, 0, 0]]))
    assert (ring.geom_type, ring.area, len(ring.interiors)) == ("Polygon", 8.0, 1)
    assert (two.geom_type, two.area, len(two.geoms)) == ("MultiPolygon", 2.0, 2)


def test_a_ring_that_closes_at_a_corner_is_valid() -> None:
    """The cells around the hole hang together at edges but for the corner at its upper left.

    .   . 1 1
    .   1 . 1
    .   1 1 1
    """
    (area,) = outlines_of(np.array([[0, 1, 1], [1, 0, 1], [1, 1, 1]]))
    assert area.is_valid
    assert area.area == 7.0
    assert not area.intersects(shapely.Point(1.5, -1.5))


pictures = arrays.arrays(
    np.int64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(0, 1)
)


@given(pictures, st.booleans())
def test_outlines_hold_their_cells_and_no_other(people: np.ndarray, far_apart: bool) -> None:
    row, column = map(np.ravel, np.indices(people.shape))
    rank, persons = gap_areas(people.ravel(), touching_cells(row, column))
    if not len(persons):
        return
    mine = rank > 0
    with pytest.MonkeyPatch.context() as patch:
        if far_apart:
            patch.setattr(lattice_module, "_MOST_PIXELS", 0)
        found = UNITS.outlines(row[mine], column[mine], rank[mine] - 1, len(persons), BELT)
    assert all(one.is_valid for one in found)
    assert [one.area for one in found] == persons.tolist()  # a person in each cell of a m²
    middles = shapely.points(column[mine] + 0.5, -row[mine] - 0.5)
    assert shapely.within(middles, np.array(found)[rank[mine] - 1]).all()


def test_cells_of_a_geographic_raster_are_outlined_where_they_are() -> None:
    """Three cells of 3 arc seconds in a row: the corners are those of the raster, moved."""
    degrees = CRS.from_epsg(4326)
    lattice = Lattice(degrees, Affine(1 / 1200, 0.0, 120.0, 0.0, -1 / 1200, 32.0))
    lon, lat = 120.0 + (np.arange(3) + 0.5) / 1200, np.full(3, 32.0 - 0.5 / 1200)
    x, y = transform(lon, lat, degrees, BELT)
    row, column = lattice.cells_at(x, y, BELT)
    assert (row.tolist(), column.tolist()) == ([0, 0, 0], [0, 1, 2])
    found: Any
    (found,) = lattice.outlines(row, column, np.zeros(3, np.int64), 1, BELT)
    corners = np.array([(120.0, 32.0), (120.0025, 32.0), (120.0025, 32 - 1 / 1200)])
    expected = np.column_stack(transform(corners[:, 0], corners[:, 1], degrees, BELT))
    vertices = shapely.get_coordinates(found)
    for corner in expected:
        assert np.hypot(*(vertices - corner).T).min() < 1e-6
    assert len(vertices) == 5


def test_a_turned_raster_has_areas_of_touching_cells() -> None:
    """A 20 × 20 raster of 100 m, turned by 30°: all of it is one area of 4 km²."""
    lattice = Lattice(BELT, Affine.rotation(30.0) * Affine.scale(100.0, -100.0))
    row, column = map(np.ravel, np.indices((20, 20)))
    x, y = lattice.affine * (column + 0.5, row + 0.5)
    found_row, found_column = lattice.cells_at(x, y, BELT)
    assert (found_row == row).all()
    assert (found_column == column).all()
    rank, persons = gap_areas(np.ones(400, np.int64), touching_cells(found_row, found_column))
    assert persons.tolist() == [400]
    (outline,) = lattice.outlines(row, column, rank - 1, 1, BELT)
    assert outline.area == pytest.approx(4e6)


def hexagons(side_m: float, rows: int = 8) -> np.ndarray:
    """Middles of hexagons in rows, every other row half a step aside."""
    return np.array(
        [
            (side_m * (k + 0.5 * (row % 2)), side_m * np.sqrt(0.75) * row)
            for row in range(rows)
            for k in range(rows)
        ]
    )


@pytest.mark.parametrize(
    ("step_m", "size_m"),
    # Neighbouring hexagons are a step apart; buildings closer than 100 m take squares of 100 m, and
    # so do farms 900 m apart, which are no neighbours.
    [(350.0, 385.0), (40.0, 100.0), (900.0, 100.0)],
)
def test_squares_are_as_large_as_homes_are_apart(step_m: float, size_m: float) -> None:
    assert square_m(hexagons(step_m)) == pytest.approx(size_m)


def test_neighbouring_hexagons_are_one_area() -> None:
    homes = hexagons(350.0)
    row, column = Lattice.of_squares(homes, BELT).cells_at(homes[:, 0], homes[:, 1], BELT)
    _, first = np.unique(cell_keys(row, column), return_index=True)
    people = np.ones(len(first), np.int64)
    _, persons = gap_areas(people, touching_cells(row[first], column[first]))
    assert persons.tolist() == [len(first)]


def test_one_home_has_a_square() -> None:
    assert square_m(np.array([[1.0, 2.0]])) == 100.0


def test_squares_have_one_size_however_far_apart_the_homes_are() -> None:
    """Homes at 10, 70, 260 and 5,000 m: squares of 100 m, not of the gap between neighbours."""
    homes = np.array([[10.0, 5.0], [70.0, 5.0], [260.0, 5.0], [5000.0, 5.0]])
    row, column = Lattice.of_squares(homes, BELT).cells_at(homes[:, 0], homes[:, 1], BELT)
    assert (row.tolist(), column.tolist()) == ([-1] * 4, [0, 0, 2, 50])
