"""Residential land as a layer gives it: rows chosen, overlaps, the boundary; and nested WKB."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from tests.builders.report_result import make_area
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer

from circle15.errors import InputDataError, StudyError
from circle15.inputs.formats.wkb import is_too_deep, shapes_of_wkb
from circle15.inputs.residential_areas import read_residential_areas
from circle15.study.limits import NESTED
from circle15.study.settings.output_tables import BuildingLayer, CoverageBasis, LandLayer

HECTARE = 10_000 * 1_000_000
LEFT, RIGHT = shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)


def area(*bounds: float) -> Any:
    """The study area, in metres of the drawing; everywhere without bounds."""
    found = make_area("")
    if not bounds:
        return found
    west, south, east, north = bounds
    box = shapely.box(EAST_M + west, NORTH_M + south, EAST_M + east, NORTH_M + north)
    parts = gpd.GeoDataFrame(
        {"street_id": [None], "community_id": [None]}, geometry=[box], crs=METRIC
    )
    return replace(found, boundary=box, parts=parts)


def land(folder: Path, *rows: Any, within: tuple[float, ...] = (), **keys: Any) -> Any:
    path = write_layer(folder / "land.geojson", rows)
    basis = CoverageBasis(LandLayer(path, **keys))
    return read_residential_areas(basis, Path("study.toml"), area(*within), METRIC, None)


def test_land_is_measured_inside_the_boundary(tmp_path):
    """The boundary halves the second hectare."""
    rows = [(LEFT, {"use": "R"}), (RIGHT, {"use": "R"})]
    whole = land(tmp_path, *rows)
    assert whole.land.micro_m2["land"].sum() == pytest.approx(2 * HECTARE, rel=1e-3)
    assert whole.land.outside_m2["land"] == 0
    assert whole.files == {str(tmp_path / "land.geojson"): 2}
    half = land(tmp_path, *rows, within=(-10, -10, 250, 110))
    assert half.land.micro_m2["land"].sum() == pytest.approx(1.5 * HECTARE, rel=1e-3)
    assert half.land.outside_m2["land"] == pytest.approx(5_000, rel=1e-3)
    assert (half.land.x_m < EAST_M + 250.1).all()
    assert half.buildings is None


def test_rows_of_another_use_are_left_out(tmp_path):
    rows = [(LEFT, {"use": "R"}), (RIGHT, {"use": "M"})]
    found = land(tmp_path, *rows, where='use = "R"')
    assert found.land.micro_m2["land"].sum() == pytest.approx(HECTARE, rel=1e-3)
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("ROWS_LEFT_OUT", "note")
    assert finding.detail == {"rows": "1", "where": 'use = "R"'}
    every = land(tmp_path, *rows, where="use = R or use = M")
    assert list(every.findings) == []


def test_a_condition_that_cannot_be_used(tmp_path):
    with pytest.raises(InputDataError, match=r'no row matches use = "X"\. Correct `where`\.'):
        land(tmp_path, (LEFT, {"use": "R"}), where='use = "X"')
    with pytest.raises(StudyError) as caught:
        land(tmp_path, (LEFT, {"use": "R"}), where='colour = "X"')
    assert "study.toml" in str(caught.value)
    assert "coverage_basis.land.where" in str(caught.value)


def test_land_that_overlaps_counts_once_and_is_told(tmp_path):
    """Two boxes of a hectare share half of it."""
    found = land(tmp_path, (LEFT, {}), (shapely.box(50, 0, 150, 100), {}))
    assert found.land.micro_m2["land"].sum() == pytest.approx(1.5 * HECTARE, rel=1e-3)
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("LAND_OVERLAPS", "warning")
    assert float(finding.detail["area_m2"].replace(",", "")) == pytest.approx(5_000, rel=1e-2)


def test_land_elsewhere(tmp_path):
    with pytest.raises(InputDataError, match=r"land\.geojson: lies wholly outside the boundary"):
        land(tmp_path, (LEFT, {}), within=(1000, 1000, 2000, 2000))


def test_land_of_too_many_pieces(tmp_path):
    """300 km by 300 km are 90,000 km², give or take a thousandth of length."""
    with pytest.raises(InputDataError, match=r"has land of 90,... km²"):
        land(tmp_path, (shapely.box(-150e3, -150e3, 150e3, 150e3), {}))


def test_buildings_of_a_layer(tmp_path):
    """Two floors of a building of 100 m²; another lies outside."""
    rows = [
        (shapely.box(0, 0, 10, 10), {"building": "apartments", "building:levels": "2"}),
        (shapely.box(500, 0, 510, 10), {"building": "apartments", "building:levels": "9"}),
    ]
    path = write_layer(tmp_path / "buildings.geojson", rows)
    basis = CoverageBasis(buildings=BuildingLayer(path))
    found = read_residential_areas(
        basis, Path("study.toml"), area(-50, -50, 100, 100), METRIC, None
    )
    assert found.land is None
    assert found.buildings is not None
    inside = {key: of.sum() / 1e6 for key, of in found.buildings.micro_m2.items()}
    assert inside == pytest.approx({"footprint": 100, "floor_area": 200}, rel=1e-3)
    assert found.buildings.outside_m2 == pytest.approx(
        {"footprint": 100, "floor_area": 900}, rel=1e-3
    )
    assert found.files == {str(path): 2}


# --- geometries as bytes -----------------------------------------------------------------------


def nested(deep: int, inner: bytes, order: str = "<") -> bytes:
    """A geometry within collections of one part each."""
    head = (b"\x01" if order == "<" else b"\x00") + struct.pack(f"{order}II", 7, 1)
    return head * deep + inner


POINT = shapely.Point(1, 2).wkb
SHAPES = [
    POINT,
    shapely.LineString([(0, 0), (1, 1)]).wkb,
    shapely.box(0, 0, 1, 1).wkb,
    shapely.to_wkb(shapely.Point(1, 2, 3)),
    shapely.to_wkb(shapely.set_srid(shapely.Point(1, 2), 4326), include_srid=True),
]


@pytest.mark.parametrize("inner", SHAPES)
@pytest.mark.parametrize("order", ["<", ">"])
def test_collections_may_nest_to_a_limit(inner, order):
    assert not is_too_deep(nested(NESTED.most, inner, order))
    assert is_too_deep(nested(NESTED.most + 1, inner, order))


def test_many_parts_beside_each_other_are_not_deep():
    many = shapely.MultiPolygon([shapely.box(k, 0, k + 0.5, 1) for k in range(2 * NESTED.most)])
    each = shapely.GeometryCollection([many] * (NESTED.most + 1))
    assert not is_too_deep(each.wkb)


def test_what_ends_too_early_is_left_to_its_parser():
    cut = nested(NESTED.most + 1, b"")
    assert not is_too_deep(cut[:-4])


def test_broken_pieces_are_named_and_the_others_read():
    deep = nested(NESTED.most + 1, POINT)
    shapes, faults = shapes_of_wkb([POINT, None, b"\x01\x01", deep])
    assert shapes.tolist() == [shapely.Point(1, 2), None, None, None]
    assert set(faults) == {2, 3}
    assert faults[3] == f"collections nest more than {NESTED.most} deep"
    assert "WKB" in faults[2]
