"""Old datums: a known shift to WGS 84 is used; an unknown one stops the reading."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS, Geod, Transformer

from circle15.errors import CrsError
from circle15.inputs.crs.belts import fit_in_words
from circle15.inputs.crs.datum_shifts import require_known_place, require_known_shift, shifts_noted
from circle15.inputs.crs.positions import WGS84, choose_crs, parse_crs, transform

FILE = Path("layer.shp")
GEOD = Geod(ellps="WGS84")
KNOWN = {  # a CRS, a place in it, and how far the shift moves it at least, metres
    "EPSG:2326": (114.17, 22.30, 200),  # Hong Kong 1980
    "EPSG:27700": (-1.5, 52.5, 100),  # OSGB36
    "EPSG:23030": (-3.7, 40.4, 100),  # ED50
    "EPSG:26710": (-122.6, 45.5, 50),  # NAD27
    "EPSG:31467": (10.0, 50.0, 100),  # DHDN
    "EPSG:27200": (174.8, -41.3, 100),  # NZGD49
    "EPSG:4301": (139.7, 35.7, 300),  # Tokyo
    "EPSG:29193": (-43.2, -22.9, 40),  # SAD69
}


def one(lon: float, lat: float, crs: CRS) -> tuple[np.ndarray, np.ndarray]:
    return transform(np.array([lon]), np.array([lat]), WGS84, crs)


@pytest.mark.parametrize("code", KNOWN)
@pytest.mark.parametrize("target", ["EPSG:4490", "EPSG:4326"])
def test_a_known_shift_is_taken_to_cgcs2000_as_to_wgs84(code, target):
    """PROJ knows none of these from the old datum straight to CGCS2000, and would take it as 0."""
    lon, lat, least_m = KNOWN[code]
    crs, to = CRS.from_user_input(code), CRS.from_user_input(target)
    shift = Transformer.from_crs(crs, 4326, always_xy=True, allow_ballpark=False)
    x, y = shift.transform(lon, lat, direction="INVERSE")
    found = transform(np.array([x]), np.array([y]), crs, to)
    assert GEOD.inv(found[0][0], found[1][0], lon, lat)[2] < 0.01
    plain = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(x, y)
    assert GEOD.inv(*plain, lon, lat)[2] > least_m
    require_known_place(np.array([x]), np.array([y]), crs, FILE)


def test_there_and_back_by_an_old_study_crs():
    """Hong Kong's own grid as the CRS of a study: streets in WGS 84 and back are the same place."""
    grid, belt = CRS.from_epsg(2326), CRS.from_epsg(4547)
    x, y = one(114.17, 22.30, belt)
    east, north = transform(x, y, belt, grid)
    assert np.hypot(*(np.array(transform(east, north, grid, belt)) - [x, y])).max() < 0.005
    assert transform(east, north, grid, grid)[0] == east


UNKNOWN = [
    ("EPSG:2385", 120.3, 31.57),  # Xi'an 80, belt of 3 degrees
    ("EPSG:4610", 120.3, 31.57),  # degrees
    ("EPSG:2334", 117.0, 39.0),  # belt of 6 degrees with its zone
    ("EPSG:2437", 120.3, 31.57),  # Beijing 54: known in the Yellow Sea beside it only
    ("EPSG:21419", 112.5, 29.0),
    ("EPSG:4555", 120.3, 31.57),  # New Beijing
    ("EPSG:3821", 121.5, 25.0),  # TWD67
    ("+proj=tmerc +lon_0=120 +x_0=500000 +ellps=krass +units=m", 120.3, 31.57),
]


@pytest.mark.parametrize(("code", "lon", "lat"), UNKNOWN)
def test_an_unknown_shift_is_refused_unless_it_is_accepted(code, lon, lat):
    crs = CRS.from_user_input(code)
    x, y = one(lon, lat, crs)
    with pytest.raises(CrsError, match=r"layer\.shp.*not known at.*unknown_shift = 'accept'"):
        require_known_shift(x, y, crs, FILE)
    with (
        shifts_noted(accepted=False) as found,
        pytest.raises(CrsError, match="converted to CGCS2000"),
    ):
        require_known_shift(x, y, crs, FILE)
    assert found == []
    with shifts_noted(accepted=True) as found:
        require_known_shift(x, y, crs, FILE)
        require_known_shift(x, y, crs, FILE)
    assert [(finding.code, finding.severity, finding.file) for finding in found] == [
        ("SHIFT_UNKNOWN", "warning", "layer.shp")
    ]


def test_beijing_54_is_known_where_its_shift_was_published():
    crs = CRS.from_epsg(4214)
    with shifts_noted(accepted=False) as found:
        require_known_shift(*one(108.5, 39.0, crs), crs, FILE)  # the Ordos basin
    (finding,) = found
    assert finding.code == "SHIFT_KNOWN"
    assert finding.detail == {"datum": "Beijing 1954", "accuracy_m": "1"}


@pytest.mark.parametrize("code", ["EPSG:4490", "EPSG:4549", "EPSG:4269", "EPSG:3857", "EPSG:4283"])
def test_the_datums_of_today_need_no_shift_and_no_word(code):
    crs = CRS.from_user_input(code)
    with shifts_noted(accepted=False) as found:
        require_known_shift(*one(120.3, 31.57, crs), crs, FILE)
    assert found == []


def test_parameters_that_are_given_are_taken():
    """Three metres along each axis of the earth: by hand, not by a list of known shifts."""
    given = "+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0 +no_defs"
    crs = parse_crs(given, FILE)
    require_known_shift(np.array([120.3]), np.array([31.57]), crs, FILE)
    lon, lat = transform(np.array([120.3]), np.array([31.57]), crs, CRS.from_epsg(4490))
    assert 20 < GEOD.inv(lon[0], lat[0], 120.3, 31.57)[2] < 200


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("+proj=longlat +ellps=krass +nadgrids=/etc/hostname", "needs a grid file"),
        ("+proj=longlat +ellps=krass +nadgrids=@conus,/etc/hostname", "needs a grid file"),
        ("IAU_2015:49900", "cannot be computed"),
        ("EPSG:5773", "is not tied to the earth"),
        ("https://example.org/crs.prj", "not a known CRS"),
        ("", "not a known CRS"),
    ],
)
def test_a_crs_that_cannot_be_used_is_refused(text, says):
    with pytest.raises(CrsError, match=rf"layer\.shp.*{says}"):
        parse_crs(text, FILE)
    with pytest.raises(CrsError, match="study"):
        choose_crs(text, 120.3, 31.57, Path("study.toml"))


@pytest.mark.parametrize(
    ("wanted", "lon", "lat"),
    [
        ("EPSG:6933", 25.0, 60.0),  # equal area: 0.58 along one axis, 1.73 along the other
        ("EPSG:6931", 25.0, 60.0),
        ("ESRI:54034", 120.3, 31.57),
        ("+proj=laea +lat_0=0 +lon_0=0 +datum=WGS84 +units=m", 25.0, 60.0),
        ("+proj=eqc +datum=WGS84 +units=m", 120.3, 31.57),  # right along the meridian only
        ("EPSG:3857", 120.3, 31.57),
    ],
)
def test_lengths_must_be_right_along_both_axes(wanted, lon, lat):
    with pytest.raises(CrsError, match="off in length by a factor"):
        choose_crs(wanted, lon, lat, FILE)


def test_lengths_must_be_right_at_the_corners():
    """
    A belt 7 degrees from its middle meridian, at 31.57 N: 1 + (7° · cos 31.57°)² / 2 = 1.0054.
    """
    corners = [(120.3, 31.5), (127.0, 31.57)]
    assert choose_crs("EPSG:4549", 120.3, 31.57, FILE).to_epsg() == 4549
    assert choose_crs("EPSG:4549", 120.3, 31.57, FILE, corners=corners[:1]).to_epsg() == 4549
    with pytest.raises(CrsError, match=r"factor of 1\.005 at 127\.000, 31\.570"):
        choose_crs("EPSG:4549", 120.3, 31.57, FILE, corners=corners)
    with pytest.raises(CrsError, match="too wide for one CRS"):
        choose_crs("auto", 120.3, 31.57, FILE, corners=corners)
    equal_area = "+proj=laea +lat_0=31.57 +lon_0=120.3 +datum=WGS84 +units=m"
    choose_crs(equal_area, 120.3, 31.57, FILE)
    with pytest.raises(CrsError, match="off in length"):
        choose_crs(equal_area, 120.3, 31.57, FILE, corners=[(120.3, 46.0)])


@pytest.mark.parametrize(
    ("made_in", "said"),
    [
        (4528, 4549),  # 40528480 where the CRS has no zone
        (4549, 4528),  # and the other way round
        (4497, 4549),  # a belt of 6 degrees with its zone, 19
        (4508, 4528),
        (4527, 4529),  # another zone
    ],
)
def test_values_of_another_belt_are_refused(made_in, said):
    """With no area of use, as in a .prj of ArcGIS, the middle meridian tells."""
    lon = {4527: 117.0, 4497: 111.0, 4508: 111.0}.get(made_in, 120.3)
    x, y = one(lon, 31.57, CRS.from_epsg(made_in))
    esri = CRS.from_wkt(CRS.from_epsg(said).to_wkt("WKT1_ESRI").replace("CGCS2000_3", "Gauss_3"))
    assert esri.area_of_use is None
    for crs in (CRS.from_epsg(said), esri):
        with pytest.raises(CrsError, match="no position lies where") as caught:
            require_known_place(x, y, crs, FILE)
        prefix = made_in not in (4549, 4508)
        expected = f"EPSG:{made_in}' (zone prefix" if prefix else "a belt without zone prefix"
        assert expected in str(caught.value)


def test_belts_of_six_degrees_are_told_by_their_zone():
    x, y = one(117.5, 39.0, CRS.from_epsg(4498))
    assert (
        fit_in_words(x, y)
        == "The values fit crs = 'EPSG:4498' (zone prefix 20, a belt of 6 degrees)."
    )
    assert "x and y swapped" in fit_in_words(y, x)


@pytest.mark.parametrize(
    ("x", "y", "crs", "says"),
    [
        (31.57, 120.3, "EPSG:4326", "Longitude and latitude are swapped"),
        (31.57, 120.3, "EPSG:4490", "Longitude and latitude are swapped"),
        (120.3, 31.57, "EPSG:4549", "They are degrees, not metres"),
        (40528480.0, 3494300.0, "EPSG:4326", "They are metres, not degrees.*EPSG:4528"),
        (3494300.0, 528480.0, "EPSG:4549", "x and y swapped"),
        (3494300.0, 40528480.0, "EPSG:4528", "EPSG:4528' .zone prefix 40, x and y swapped"),
    ],
)
def test_exchanged_and_mistaken_coordinates_get_their_hint(x, y, crs, says):
    with pytest.raises(CrsError, match=rf"layer\.shp.*no position lies where.*{says}"):
        require_known_place(np.array([x]), np.array([y]), CRS.from_user_input(crs), FILE)
