"""Positions of rows: from geometry, lon/lat, or x/y."""

from __future__ import annotations

import numpy as np
import pytest
from tests.streets import METRIC, lon_lat

from circle15.errors import CrsError, InputDataError
from circle15.inputs.points import locate
from circle15.inputs.positions import choose_crs
from circle15.inputs.tables import find_columns, read_table


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
    assert found.issues == []


def test_without_a_datum_wgs84_is_assumed_and_said(tmp_path):
    found = located(tmp_path, "lon,lat\n120,31.5\n", datum=None)
    assert [i.code for i in found.issues] == ["DATUM_ASSUMED"]


def test_rows_that_cannot_be_used_are_listed(tmp_path):
    """Blank, words, 0/0, out of range: no position, each with its row and code."""
    found = located(tmp_path, "lon,lat\n120,31.5\n,31\neast,31\n0,0\n31.5,120\n181,31\n")
    assert np.isfinite(found.x_m).tolist() == [True, False, False, False, False, False]
    assert [(i.code, i.row) for i in found.issues] == [
        ("NO_POSITION", 3),
        ("UNREADABLE", 4),
        ("BAD_COORDINATES", 5),
        ("BAD_COORDINATES", 6),
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
