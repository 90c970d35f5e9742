"""The raster under the isochrones: its cells, and the points between them, count like homes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from tests.builders.rasters import raster_over
from tests.streets import Nodes, plane

from circle15.network.snapping import snap_to_network
from circle15.travel.served_areas.snap_raster import HALFWAY, HIDDEN, SnapRaster

STREET: Nodes = {"A": (0, 0), "B": (400, 0), "C": (0, 150), "D": (400, 150)}
BOX = shapely.box(-50, -50, 450, 250)


def middles(raster: SnapRaster) -> tuple[np.ndarray, np.ndarray]:
    x = raster.frame.west_m + raster.frame.cell_m * np.arange(raster.frame.columns)
    y = raster.frame.south_m + raster.frame.cell_m * np.arange(raster.frame.rows)
    return np.tile(x, raster.frame.rows), np.repeat(y, raster.frame.columns)


def test_the_grid_covers_its_shape():
    raster = raster_over(shapely.box(0, 0, 95, 40), plane(STREET, "AB"), cell_m=10)
    x, y = middles(raster)
    assert len(raster) == len(x) == 11 * 5
    assert (x.min(), y.min(), x.max(), y.max()) == (0, 0, 100, 40)


def test_a_shape_thinner_than_a_cell_has_cells():
    raster = raster_over(shapely.box(0, 0, 1, 1), plane(STREET, "AB"))
    assert (raster.frame.rows, raster.frame.columns) == (2, 2)


@pytest.mark.parametrize("barriers", [[], [[(-100, 40), (500, 40)]]])
def test_cells_and_the_points_between_join_as_homes_do(barriers):
    """Streets at y = 0 and 150; the barrier turns those from 40 to 75 m to the far street."""
    network = plane(STREET, "AB", "CD", barriers=barriers)
    raster = raster_over(BOX, network)
    x, y = middles(raster)
    homes = snap_to_network(x, y, network)
    assert np.where(raster.habitable, raster.snaps.edge, -1).tolist() == homes.edge.tolist()
    for kind, (east, north) in enumerate(HALFWAY):
        between = snap_to_network(x + 20 * east, y + 20 * north, network, max_snap_m=230)
        assert raster.between[kind].tolist() == between.edge.tolist()
    assert not raster.narrow.any()


def test_cells_know_streets_a_little_beyond_the_longest_leg():
    """200 m is the longest leg of a home; the cells at 210 m still know their street."""
    raster = raster_over(shapely.box(0, 10, 0, 410), plane(STREET, "AB"), cell_m=20)
    joined = raster.snaps.joined[:: raster.frame.columns]
    habitable = raster.habitable[:: raster.frame.columns]
    y = 10 + 20 * np.arange(raster.frame.rows)
    assert y[joined].max() == 230
    assert y[habitable].max() == 190


def test_a_lane_between_two_others_is_not_lost():
    """Lanes at y = 6, 10 and 14: the rows of middles at 0 and 20 know the outer ones only."""
    nodes: Nodes = {
        k: (x, y) for k, x, y in zip("ABCDEF", (0, 400) * 3, (6, 6, 10, 10, 14, 14), strict=True)
    }
    raster = raster_over(shapely.box(0, 0, 400, 40), plane(nodes, "AB", "CD", "EF"))
    assert 1 not in raster.snaps.edge
    assert (raster.between == HIDDEN - 1).sum() >= 20
    first_row = raster.narrow[: raster.frame.columns - 1]
    assert first_row.all()


def test_without_streets_no_cell_joins():
    network = plane(STREET, "AB")
    raster = raster_over(shapely.box(0, 1000, 100, 1100), network)
    assert not raster.snaps.joined.any()
    assert (raster.between == -1).all()
