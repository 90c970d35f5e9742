"""Residential zones: kinds, counts and rooms, read without guessing."""

from __future__ import annotations

from decimal import Decimal

import pytest
import shapely
from tests.streets import METRIC, write_layer, write_points

from circle15.errors import InputDataError
from circle15.inputs.residential import read_residential
from circle15.study.settings.records import ResidentialLayer

HEADING = "zone_id,kind,households,rooms_m2"


def read(tmp_path, rows, heading=HEADING):
    path = write_points(tmp_path / "z.csv", heading, rows)
    found = read_residential((ResidentialLayer(path, crs="EPSG:4549"),), METRIC)
    return found.zones, found.findings


@pytest.mark.parametrize(
    ("cell", "rooms"),
    [
        ("150+80", (150, 80)),
        ("150、80㎡", (150, 80)),
        ("300", (300,)),
        ("0", ()),  # 0 says that there is none
        ("", (None,)),  # blank is not stated, and so unknown
        ("150+?", (150, None)),
    ],
)
def test_rooms(tmp_path, cell, rooms):
    (zone,), findings = read(tmp_path, [(0, 0, "Z", "new", 100, cell)])
    assert zone.rooms_m2 == rooms
    assert [i.code for i in findings] == (["UNREADABLE"] if "?" in cell else [])


def test_without_a_column_of_rooms_the_facilities_are_all_there_is(tmp_path):
    (zone,), _ = read(tmp_path, [(0, 0, "Z", "new", 100)], "zone_id,kind,households")
    assert zone.rooms_m2 == ()


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("新建", "new"),
        ("已建成", "existing"),
        ("混合", "mixed"),
        ("老旧小区", "existing"),
    ],
)
def test_kinds(tmp_path, cell, kind):
    (zone,), findings = read(tmp_path, [(0, 0, "Z", cell, 100, 0)])
    assert (zone.kind, findings) == (kind, [])


def test_an_unknown_kind_is_listed(tmp_path):
    (zone,), findings = read(tmp_path, [(0, 0, "Z", "半新", 100, 0)])
    assert zone.kind == "unknown"
    assert [(i.code, i.row, i.column) for i in findings] == [("UNKNOWN_KIND", 2, "kind")]


def test_a_blank_kind_and_blank_households_are_listed(tmp_path):
    """Both are unknown, never new or 0; a kind that is no kind is listed once."""
    (zone,), findings = read(tmp_path, [(0, 0, "Z", "", 100, 0)])
    assert zone.kind == "unknown"
    assert [(i.code, i.row, i.column, i.detail["value"]) for i in findings] == [
        ("KIND_BLANK", 2, "kind", "Z")
    ]
    _, findings = read(tmp_path, [(0, 0, "Z", "new", "", 0)])
    assert [(i.code, i.column) for i in findings] == [("HOUSEHOLDS_BLANK", "households")]


def test_blank_households_are_unknown_and_never_0(tmp_path):
    zones, _ = read(tmp_path, [(0, 0, "Y", "new", "", 0), (0, 0, "Z", "new", "1,200", 0)][:1])
    assert zones[0].households is None
    (zone,), _ = read(tmp_path, [(0, 0, "Z", "new", 1200, 0)])
    assert zone.households == Decimal(1200)


@pytest.mark.parametrize("cell", ["-1", "10.5", "many"])
def test_what_is_no_number_of_households(tmp_path, cell):
    with pytest.raises(InputDataError, match=r"z\.csv, row 2, column 'households'"):
        read(tmp_path, [(0, 0, "Z", "new", cell, 0)])


def test_zones_are_sorted_and_stand_once(tmp_path):
    """Numbers in ids count by their value, as an officer reads a list: Z2 before Z10."""
    zones, _ = read(tmp_path, [(0, 0, "Z2", "new", 1, 0), (0, 0, "Z10", "new", 1, 0)])
    assert [zone.zone_id for zone in zones] == ["Z2", "Z10"]
    with pytest.raises(InputDataError, match="row 3: the zone id 'Z' is also in row 2"):
        read(tmp_path, [(0, 0, "Z", "new", 1, 0), (0, 0, "Z", "new", 1, 0)])


def test_ids_of_thousands_of_digits_are_ordered_like_others(tmp_path):
    """Python refuses to read such a number."""
    many = "1" + "0" * 5000
    ids = ["9" + many, "2-x", "2", "010", many, "10", "02", "a"]
    zones, _ = read(tmp_path, [(0, 0, one, "new", 1, 0) for one in ids])
    assert [zone.zone_id for zone in zones] == [
        "02",
        "2",
        "2-x",
        "010",
        "10",
        many,
        "9" + many,
        "a",
    ]


def test_polygons_are_mended_and_kept(tmp_path):
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    path = write_layer(
        tmp_path / "z.geojson", [(bow, {"zone_id": "Z", "kind": "new", "households": 9})]
    )
    found = read_residential((ResidentialLayer(path),), METRIC)
    (zone,) = found.zones
    assert [i.code for i in found.findings] == ["GEOMETRY_MENDED"]
    assert zone.shape is not None
    assert shapely.area(zone.shape) == pytest.approx(5000)
