"""
Fractions of cells in polygons: cases by hand, and shapely's overlay as a second opinion.

      0    1    2    3
    3 +----+----+----+
      |    |    |    |      line 0
    2 +----+----+----+
      |    |    |    |      line 1
    1 +----+----+----+
      |    |    |    |      line 2
    0 +----+----+----+
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from rasterio.transform import Affine
from shapely.affinity import affine_transform, rotate, scale, translate

from circle15.inputs.rasters import cell_fractions as module
from circle15.inputs.rasters.cell_fractions import cell_fractions
from circle15.inputs.rasters.grid import Tile

AFFINE = Affine(1, 0, 0, 0, -1, 3)
WHOLE = Tile(0, 3, 0, 3)


def fractions(shape, affine=AFFINE, tile=WHOLE):
    """Fractions of all cells of a tile."""
    found = np.zeros(tile.shape)
    window, values = cell_fractions(shape, affine, tile)
    found[window] = values
    return found


def overlay(shape, affine, tile):
    """The same by cutting each cell out of the shape."""
    x = affine.c + affine.a * np.arange(tile.left, tile.right)
    y = affine.f + affine.e * np.arange(tile.top, tile.bottom)
    west, north = np.meshgrid(x, y)
    cells = shapely.box(west, north + affine.e, west + affine.a, north)
    return shapely.area(shapely.intersection(cells, shape)) / abs(affine.a * affine.e)


def test_a_square_over_four_corners():
    """1 × 1 with its middle at a corner of the grid: a quarter of each of four cells."""
    found = fractions(shapely.box(0.5, 1.5, 1.5, 2.5))
    assert found.tolist() == [[0.25, 0.25, 0], [0.25, 0.25, 0], [0, 0, 0]]


def test_whole_cells_are_exactly_one():
    found = fractions(shapely.box(0, 0, 3, 3))
    assert found.tolist() == np.ones((3, 3)).tolist()
    assert fractions(shapely.box(1, 1, 2, 2))[1].tolist() == [0, 1, 0]


def test_a_diagonal_halves_cells():
    """The triangle below the diagonal from (0, 0) to (3, 3): ½ on it, 1 right of it."""
    found = fractions(shapely.Polygon([(0, 0), (3, 0), (3, 3)]))
    assert found.tolist() == [[0, 0, 0.5], [0, 0.5, 1], [0.5, 1, 1]]


def test_holes_and_parts_whichever_way_they_run():
    corners = [(1.25, 1.25), (1.75, 1.25), (1.75, 1.75), (1.25, 1.75)]
    ring = shapely.Polygon([(0, 1), (2, 1), (2, 2), (0, 2)], [corners])
    both = shapely.union(ring, shapely.box(2.5, 0, 3, 0.5))
    expected = [[0, 0, 0], [1, 0.75, 0], [0, 0, 0.25]]
    assert fractions(both).tolist() == expected
    outer = list(ring.exterior.coords)
    for shell in (outer, outer[::-1]):
        for gap in (corners, corners[::-1]):
            turned = shapely.Polygon(shell, [gap])
            assert fractions(turned)[1].tolist() == [1, 0.75, 0]


@pytest.mark.parametrize(
    ("shape", "line"),
    [
        (shapely.box(-9, 1, 0.5, 2), [0.5, 0, 0]),
        (shapely.box(2.5, 1, 99, 2), [0, 0, 0.5]),
        (shapely.box(-9, -9, 99, 1.5), [0.5, 0.5, 0.5]),
        (shapely.box(5, 0, 9, 3), [0, 0, 0]),
        (shapely.box(-9, 5, 9, 9), [0, 0, 0]),
        (shapely.Polygon(), [0, 0, 0]),
        (shapely.Point(1.5, 1.5), [0, 0, 0]),
        (shapely.LineString([(0, 0), (3, 3)]), [0, 0, 0]),
        (shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)]), [0, 0, 0]),
    ],
    ids=["west", "east", "south", "beyond", "north", "empty", "point", "line", "flat"],
)
def test_what_lies_beyond_the_tile_or_has_no_area(shape, line):
    assert fractions(shape)[1].tolist() == line


def test_a_place_that_no_number_holds_covers_nothing():
    shape = shapely.transform(shapely.box(0, 0, 2, 2), lambda xy: np.where(xy > 1, np.inf, xy))
    assert not fractions(shape).any()


def test_tiles_of_a_grid_see_what_the_whole_sees():
    shape = rotate(shapely.Point(1.4, 1.6).buffer(1.2).difference(shapely.box(1, 1, 1.3, 2.9)), 20)
    whole = fractions(shape)
    for tile in (Tile(0, 2, 1, 3), Tile(1, 3, 0, 1), Tile(2, 3, 2, 3)):
        part = whole[tile.top : tile.bottom, tile.left : tile.right]
        assert np.abs(fractions(shape, tile=tile) - part).max() < 1e-14


def random_shapes(n):
    """Stars, some with holes and parts, in grids of all sizes and places."""
    rng = np.random.default_rng(15)
    for _ in range(n):
        angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 60)))
        far = rng.uniform(0.2, 1, len(angle))
        star = shapely.make_valid(
            shapely.Polygon(np.column_stack([far * np.cos(angle), far * np.sin(angle)]))
        )
        hole = translate(scale(star, 0.3, 0.3), 0.2)
        shape = shapely.union(star.difference(hole), shapely.box(1.1, -0.5, 1.4, 0.5))
        size = 10 ** rng.uniform(-1, 1.5)
        affine = Affine(
            10 ** rng.uniform(-3, 3),
            0,
            rng.uniform(-4e6, 4e6),
            0,
            -(10 ** rng.uniform(-3, 3)),
            rng.uniform(-4e6, 4e6),
        )
        tile = Tile(3, 30, 5, 40)
        middle = affine * (rng.uniform(5, 40), rng.uniform(3, 30))
        matrix = (size * affine.a, 0, 0, -size * affine.e, *middle)
        yield affine_transform(shape, matrix), affine, tile


def test_fractions_are_those_of_an_overlay(monkeypatch):
    monkeypatch.setattr(module, "_CUTS", 50)  # several portions of edges
    worst = max(
        np.abs(fractions(shape, affine, tile) - overlay(shape, affine, tile)).max()
        for shape, affine, tile in random_shapes(60)
    )
    assert worst < 1e-6


def test_neighbours_leave_nothing_and_share_nothing():
    """A plane cut into 200 zones: the fractions of each cell sum to 1 to the last digits."""
    points = shapely.multipoints(np.random.default_rng(3).uniform(-5, 35, (200, 2)))
    around = shapely.box(-50, -50, 80, 80)
    zones = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=around))
    tile = Tile(0, 30, 0, 30)
    total = sum(fractions(zone, Affine(1, 0, 0, 0, -1, 30), tile) for zone in zones)
    assert np.abs(total - 1.0).max() < 1e-12
