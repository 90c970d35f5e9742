"""One position is treated as many are, whatever numpy and pyproj make of an array of one."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import CRS

from circle15.inputs.crs.positions import WGS84, as_several, moved, transform

METRES = CRS.from_epsg(4549)
OLD = CRS.from_epsg(4214)  # Beijing 1954: two steps lead from it to CGCS2000


@pytest.mark.parametrize("source", [WGS84, OLD])
def test_one_position_stays_an_array(source):
    """120° E is the central meridian of EPSG:4549: its easting is 500,000 m."""
    both = transform(np.array([120.0, 120.3]), np.array([31.5, 31.6]), source, METRES)
    alone = transform(np.array([120.0]), np.array([31.5]), source, METRES)
    assert [part.shape for part in alone] == [(1,), (1,)]
    assert [part[0] for part in alone] == [part[0] for part in both]
    if source is WGS84:
        assert alone[0][0] == 500_000.0


def test_no_position_and_a_raster_of_one_keep_their_shapes():
    for shape in ((0,), (1, 1), (2, 3)):
        x, y = moved(np.full(shape, 120.0), np.full(shape, 31.5), WGS84, METRES)
        assert x.shape == y.shape == shape


def test_only_one_value_becomes_a_list():
    assert as_several(np.array([2.5])) == [2.5]
    assert as_several(np.array([[2.5]])) == [2.5]
    two = np.array([1.0, 2.0])
    assert as_several(two) is two
