"""GCJ-02 and BD-09: the worked case, an independent inverse, and the edge of China."""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import numpy.typing as npt
import pyproj
import pytest
from hypothesis import given

from circle15.errors import CrsError
from circle15.inputs.crs.datums import SHIFTED, from_wgs84, in_china, require_china, to_wgs84

Floats = npt.NDArray[np.float64]

GEOD = pyproj.Geod(ellps="WGS84")
IN_CHINA = st.tuples(st.floats(73.5, 135.1), st.floats(3.5, 53.6))


def pair(lon: float, lat: float) -> tuple[Floats, Floats]:
    return np.array([lon]), np.array([lat])


def apart_m(a, b) -> float:
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2][0])


@pytest.mark.parametrize(
    ("datum", "lon", "lat", "shift_m"),
    [("gcj02", 120.304600, 31.568099, 484), ("bd09", 120.311200, 31.573751, 1140)],
)
def test_case_d02(datum, lon, lat, shift_m):
    """D02: 120.30, 31.57 in Liangxi; tolerance 1e-6 degrees, metres on the sphere."""
    start = pair(120.30, 31.57)
    found = from_wgs84(*start, datum)
    assert found[0][0] == pytest.approx(lon, abs=1e-6)
    assert found[1][0] == pytest.approx(lat, abs=1e-6)
    on_sphere = pyproj.Geod(a=6371008.8, f=0)
    assert round(on_sphere.inv(*start, *found)[2][0]) == shift_m


@pytest.mark.parametrize("datum", SHIFTED)
@given(place=IN_CHINA)
def test_there_and_back_is_within_a_millimetre(datum, place):
    start = pair(*place)
    back = to_wgs84(*from_wgs84(*start, datum), datum)
    assert abs(back[0] - start[0])[0] < 1e-9
    assert abs(back[1] - start[1])[0] < 1e-9
    assert apart_m(start, back) < 0.001
    forth = from_wgs84(*to_wgs84(*start, datum), datum)
    assert apart_m(start, forth) < 0.001


@given(place=IN_CHINA)
def test_the_offset_is_what_is_known_of_it(place):
    """GCJ-02 is off by 50–1500 m everywhere in China, BD-09 by 600–1300 m from GCJ-02."""
    start = pair(*place)
    gcj, bd = from_wgs84(*start, "gcj02"), from_wgs84(*start, "bd09")
    assert 20 < apart_m(start, gcj) < 1500
    assert 500 < apart_m(gcj, bd) < 1500


def test_neighbours_keep_their_distance():
    """The offset is smooth: 100 m stay 100 m within a metre, so a wrong datum looks right."""
    lon, lat = np.array([120.30, 120.301]), np.array([31.57, 31.57])
    before = GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2]
    x, y = from_wgs84(lon, lat, "bd09")
    assert GEOD.inv(x[0], y[0], x[1], y[1])[2] == pytest.approx(before, abs=1.0)


def test_outside_china_there_is_no_offset():
    lon, lat = np.array([-51.2, 9.5, np.nan, np.inf]), np.array([-30.0, 47.1, 31.0, np.inf])
    for datum in SHIFTED:
        np.testing.assert_array_equal(from_wgs84(lon, lat, datum), (lon, lat))
        np.testing.assert_array_equal(to_wgs84(lon, lat, datum), (lon, lat))


def test_cgcs2000_is_taken_as_wgs84():
    start = pair(120.30, 31.57)
    assert from_wgs84(*start, "cgcs2000") == start
    assert to_wgs84(*start, "cgcs2000") == start


def test_rows_are_converted_each_by_itself():
    """A missing or foreign row does not change its neighbours."""
    lon, lat = np.array([120.3046, np.nan, -51.2]), np.array([31.568099, 31.0, -30.0])
    x, y = to_wgs84(lon, lat, "gcj02")
    assert (x[0], y[0]) == pytest.approx((120.30, 31.57), abs=1e-6)
    assert np.isnan(x[1])
    assert (x[2], y[2]) == (-51.2, -30.0)
    assert in_china(lon, lat).tolist() == [True, False, False]


def test_a_layer_outside_china_cannot_be_in_gcj02():
    file = Path("sites.csv")
    with pytest.raises(CrsError, match=r"GCJ-02, which only exists in China.*-51\.2, -30") as error:
        require_china(*pair(-51.2, -30.0), "gcj02", file)
    assert error.value.mend.startswith("Declare 'wgs84'")
    require_china(*pair(-51.2, -30.0), "wgs84", file)
    require_china(*pair(120.3, 31.5), "bd09", file)
