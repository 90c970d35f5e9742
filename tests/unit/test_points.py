"""Positions of rows: from geometry, lon/lat, or x/y."""

from __future__ import annotations

import numpy as np
import pytest
from tests.streets import METRIC, lon_lat

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crs.points import locate, require_position
from circle15.inputs.crs.positions import choose_crs
from circle15.inputs.table_sources import find_columns, read_table


def located(tmp_path, text, **options):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    settings = {"layer_crs": None, "datum": "wgs84"} | options
    return locate(table, find_columns(table, "facility", {}), METRIC, **settings)


def test_lon_and_lat(tmp_path):
    """120° E on the middle meridian is x = 500 000 exactly."""
    ((lon, lat),) = lon_lat([(0.0, 0.0)])
    found = located(tmp_path, f"lon,lat\n{lon:.17g},{lat:.17g}\n")
    assert (found.x_m[0], found.y_m[0]) == (500_000.0, 3_490_000.0)
    assert found.findings == []


def test_without_a_datum_wgs84_is_assumed_and_said(tmp_path):
    found = located(tmp_path, "lon,lat\n120,31.5\n", datum=None)
    assert [i.code for i in found.findings] == ["DATUM_ASSUMED"]


def test_rows_that_cannot_be_used_are_listed(tmp_path):
    """Blank, words, 0/0, out of range: no position, each with its row and code."""
    found = located(tmp_path, "lon,lat\n120,31.5\n,31\neast,31\n0,0\n31.5,120\n181,31\n")
    assert np.isfinite(found.x_m).tolist() == [True, False, False, False, False, False]
    assert [(i.code, i.row) for i in found.findings] == [
        ("NO_POSITION", 3),
        ("UNREADABLE", 4),
        ("BAD_COORDINATES", 5),
        ("COORDINATES_SWAPPED", 6),
        ("BAD_COORDINATES", 7),
    ]


def test_x_and_y_need_a_crs(tmp_path):
    text = "x_m,y_m\n500010.5,3490000\n"
    assert located(tmp_path, text, layer_crs="EPSG:4549").x_m.tolist() == [500_010.5]
    with pytest.raises(InputDataError, match="no CRS"):
        located(tmp_path, text)
    with pytest.raises(CrsError, match="EPSG:1"):
        located(tmp_path, text, layer_crs="EPSG:1")


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (120.3, 31.57, 4549),  # Wuxi: 3-degree belt of 120° E
        (118.6, 31.5, 4549),
        (118.4, 31.5, 4548),
        (114.3, 30.6, 4547),  # Wuhan: 114° E
        (-51.2, -30.0, 32722),  # Porto Alegre
        (7.42, 43.73, 32632),  # Monaco
        (179.9, 0.0, 32660),
    ],
)
def test_the_crs_is_chosen_by_longitude(lon, lat, epsg, tmp_path):
    assert choose_crs("auto", lon, lat, tmp_path).to_epsg() == epsg


def test_a_crs_must_fit_the_place(tmp_path):
    assert choose_crs("EPSG:4549", 120, 31.5, tmp_path).to_epsg() == 4549
    for wanted in ("EPSG:3857", "EPSG:4326", "EPSG:32722", "EPSG:2263", "nonsense"):
        with pytest.raises(CrsError, match=r"study\.crs"):
            choose_crs(wanted, 120, 31.5, tmp_path)


D02_GCJ, D02_BD = (120.304600, 31.568099), (120.311200, 31.573751)


@pytest.mark.parametrize(
    ("datum", "place"),
    [
        ("wgs84", (120.30, 31.57)),
        ("cgcs2000", (120.30, 31.57)),
        ("gcj02", D02_GCJ),
        ("bd09", D02_BD),
    ],
)
def test_d02_in_every_datum_is_one_place(tmp_path, datum, place):
    """D02 to 1e-6 degrees, which is 0.1 m; written with six digits."""
    here = located(tmp_path, "lon,lat\n120.30,31.57\n")
    found = located(tmp_path, f"lon,lat\n{place[0]},{place[1]}\n", datum=datum)
    assert np.hypot(found.x_m - here.x_m, found.y_m - here.y_m)[0] < 0.1


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_outside_china_there_is_no_gcj02(tmp_path, datum):
    with pytest.raises(CrsError, match=r"t\.csv, column 'datum'.*only exists in China"):
        located(tmp_path, "lon,lat\n-51.2,-30.0\n", datum=datum)


@pytest.mark.parametrize(
    ("text", "options", "mend"),
    [
        ("lon,lat\n31.57,120.30\n31.58,120.31\n", {}, "are swapped: swap the columns"),
        ("lon,lat\n40528480,3494300\n", {}, "They are metres, not degrees.*EPSG:4528"),
        ("x,y\n120.3,31.57\n", {"layer_crs": "EPSG:4549"}, "They are degrees, not metres"),
        ("lon,lat\n0,0\n0,0\n", {}, "Check the columns"),
    ],
)
def test_columns_that_mean_something_else(tmp_path, text, options, mend):
    path = tmp_path / "t.csv"
    found = located(tmp_path, text, **options)
    code = "COORDINATES_SWAPPED" if "swapped" in mend else "BAD_COORDINATES"
    assert {i.code for i in found.findings} == {code}
    with pytest.raises(InputDataError, match=mend):
        require_position(found, read_table(path))
