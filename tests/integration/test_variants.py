"""Variants of hostile inputs: each is refused in one line, or runs with all its people."""

from __future__ import annotations

import json
import os
import socket
import struct
from typing import TYPE_CHECKING, cast

import geopandas as gpd
import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from tests.builders.hostile_study import (
    PACK,
    RULES,
    WHOLE,
    edit,
    findings,
    refusal,
    study,
    write_graph,
)
from tests.commands import heard
from tests.streets import lon_lat

from circle15.workflow.folders.own_results import listed_by_run, listed_by_zones

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

__all__ = ["study"]  # the fixture

Said = pytest.CaptureFixture[str]
LINE = "LINESTRING (120 31.5, 120.1 31.5)"
CURVES = ["CIRCULARSTRING (120 31, 121 32, 122 31)", "CURVEPOLYGON ((0 0, 1 1, 2 0, 0 0))"]


# --- Geometries with empty parts, or none at all ----------------------------------------------


def with_empty_part(shape: BaseGeometry) -> BaseGeometry:
    """Make a geometry of two parts, the second of which is empty."""
    empty: BaseGeometry = shapely.from_wkt(f"{shape.geom_type} EMPTY")
    line = shape.geom_type == "LineString"
    make = shapely.multilinestrings if line else shapely.multipolygons
    return cast("BaseGeometry", make([shape, empty]))


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet", "shp"])
def test_an_empty_part_of_a_street_is_nothing(study: Path, capfd: Said, suffix: str) -> None:
    layer = gpd.read_file(study / "streets.geojson")
    layer.geometry = [with_empty_part(shape) for shape in layer.geometry]
    write = layer.to_parquet if suffix == "parquet" else layer.to_file
    write(study / f"n.{suffix}")
    edit(study, "study.toml", "streets.geojson", f"n.{suffix}")
    assert findings(study, capfd) == [("NO_STATUS_COLUMN", 0)]


@pytest.mark.parametrize("role", ["barriers", "boundary", "covers"])
def test_an_empty_part_of_any_layer_is_nothing(study: Path, capfd: Said, role: str) -> None:
    wall = shapely.LineString(lon_lat([(100, 200), (200, 200)]))
    area = shapely.Polygon(lon_lat([(-200, -200), (800, -200), (800, 500), (-200, 500)]))
    shape = with_empty_part(wall if role == "barriers" else area)
    gpd.GeoDataFrame(geometry=[shape], crs="EPSG:4326").to_parquet(study / "x.parquet")
    old, new = {
        "barriers": ("min_component_m = 0", 'min_component_m = 0\nbarriers = "x.parquet"'),
        "boundary": ('"boundary.geojson"', '"x.parquet"'),
        "covers": ('covers = "extent"', 'covers = "x.parquet"'),
    }[role]
    edit(study, "study.toml", old, new)
    assert findings(study, capfd) == [("NO_STATUS_COLUMN", 0)]


@pytest.mark.parametrize("role", ["barriers", "boundary", "wards", "zones"])
def test_an_empty_hole_is_nothing(study: Path, capfd: Said, role: str) -> None:
    corners = np.array([(-200, 600), (800, 600), (800, 700), (-200, 700), (-200, 600)], float)
    if role != "barriers":
        corners = np.array([(-200, -200), (800, -200), (800, 500), (-200, 500), (-200, -200)])
    ring = struct.pack("<I", 5) + lon_lat(corners).astype("<f8").tobytes()
    piece = struct.pack("<BII", 1, 3, 2) + ring + struct.pack("<I", 0)
    cells = {"code": ["S1"], "label": ["x"], "zone_id": ["Z"], "kind": ["new"], "households": [5]}
    table = pa.table({**cells, "rooms_m2": ["9"], "geometry": [piece]})
    about = {b"geo": json.dumps(WHOLE).encode()}
    pq.write_table(table.replace_schema_metadata(about), study / "x.parquet")
    old, new = {
        "barriers": ("min_component_m = 0", 'min_component_m = 0\nbarriers = "x.parquet"'),
        "boundary": ('"boundary.geojson"', '"x.parquet"'),
        "wards": ('"wards.geojson"', '"x.parquet"'),
        "zones": ("[walk]", '[[residential_zones]]\nfile = "x.parquet"\n[walk]'),
    }[role]
    edit(study, "study.toml", old, new)
    findings(study, capfd)


@pytest.mark.parametrize("shape", ["POLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY", "POINT EMPTY"])
def test_a_zone_that_is_empty_has_no_position(study: Path, capfd: Said, shape: str) -> None:
    rows = {"zone_id": ["Z1", "Z2"], "kind": "new", "households": 10, "rooms_m2": "5"}
    area = shapely.Polygon(lon_lat([(0, -100), (600, -100), (600, 250), (0, 250)]))
    shapes = [area, shapely.from_wkt(shape)]
    gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326").to_file(study / "z.gpkg")
    edit(study, "study.toml", "[walk]", '[[residential_zones]]\nfile = "z.gpkg"\n[walk]')
    assert ("NO_POSITION", 2) in findings(study, capfd)


def curve(kind: int) -> bytes:
    """Well-known binary of a curve of three points, which the libraries here cannot hold."""
    points = lon_lat([(0, 0), (300, 50), (600, 0)])
    return struct.pack("<BII", 1, kind, 3) + points.astype("<f8").tobytes()


@pytest.mark.parametrize("kind", [8, 9, 17, 99, 1008])
def test_a_curve_in_a_parquet_file(study: Path, capfd: Said, kind: int) -> None:
    whole = shapely.to_wkb(shapely.box(119, 31, 121, 32))
    table = pa.table({"geometry": [whole, curve(kind)]})
    about = {b"geo": json.dumps(WHOLE).encode()}
    pq.write_table(table.replace_schema_metadata(about), study / "b.parquet")
    edit(study, "study.toml", '"boundary.geojson"', '"b.parquet"')
    assert "b.parquet, row 2: holds" in refusal(study, capfd)


# --- Graphs -----------------------------------------------------------------------------------


def say(folder: Path, **attributes: str) -> None:
    """Write a graph of one street that says these attributes."""
    write_graph(folder)
    graph = nx.read_graphml(folder / "n.graphml")
    graph.graph |= attributes
    nx.write_graphml(graph, folder / "n.graphml")


@pytest.mark.parametrize(
    "wkt",
    [
        *CURVES,
        "POINT (120 31.5)",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        "LINESTRING (inf 31, 120 31)",
        "LINESTRING (1e300 31, 120 31)",
        "LINESTRING (nan nan, 120 31)",
        "MULTIPOINT ((1 2), (3 4))",
    ],
)
def test_barriers_of_a_graph_that_are_no_lines(study: Path, capfd: Said, wkt: str) -> None:
    say(study, barriers=wkt)
    assert "n.graphml: " in refusal(study, capfd)


@pytest.mark.parametrize("wkt", ["LINESTRING EMPTY", f"MULTI{LINE[:10]} ({LINE[11:]}, EMPTY)"])
def test_empty_barriers_of_a_graph_are_nothing(study: Path, capfd: Said, wkt: str) -> None:
    say(study, barriers=wkt)
    findings(study, capfd)


@pytest.mark.parametrize(
    "wkt",
    [
        *CURVES,
        LINE,
        "POLYGON EMPTY",
        "POINT (120 31.5)",
        "POLYGON ((0 0, 0 0, 0 0, 0 0))",
        "POLYGON ((119 31, 121 33, 121 31, 119 33, 119 31))",
        "POLYGON ((0 0, 1e9 0, 1 1, 0 0))",
    ],
)
def test_an_extent_of_a_graph_that_is_no_area(study: Path, capfd: Said, wkt: str) -> None:
    say(study, extent=wkt)
    edit(study, "study.toml", 'extent = "extent.geojson"\n', "")
    assert "n.graphml: " in refusal(study, capfd)


@pytest.mark.parametrize("wkt", CURVES)
def test_an_edge_of_a_graph_that_is_a_curve(study: Path, capfd: Said, wkt: str) -> None:
    write_graph(study, geometry=wkt)
    assert "n.graphml: the geometry" in refusal(study, capfd)


@pytest.mark.parametrize("cost", ["inf", "1e300", "1.5", "[1, 2]", "abc", "True"])
@pytest.mark.parametrize("key", ["base_mm", "delay_ms"])
def test_a_cost_of_a_graph_that_is_no_number(study: Path, capfd: Said, key: str, cost: str) -> None:
    """It was left out in silence, and the street was as long as it is drawn."""
    write_graph(study, **{"base_mm": "600000", "delay_ms": "0", key: cost})
    assert f"has {key} '{cost}'" in refusal(study, capfd)


@pytest.mark.parametrize("cost", ["600000.0", "600000"])
def test_a_cost_of_a_graph_with_a_point(study: Path, capfd: Said, cost: str) -> None:
    write_graph(study, base_mm=cost, delay_ms="0")
    findings(study, capfd)


# --- What is no file --------------------------------------------------------------------------


def make_special(path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path.name)
    elif kind == "folder":
        path.mkdir()
    else:
        with socket.socket(socket.AF_UNIX) as one, pytest.MonkeyPatch.context() as patch:
            patch.chdir(path.parent)  # names of sockets are short
            one.bind(path.name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")
@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "loop"])
def test_a_study_that_is_no_file(tmp_path: Path, capfd: Said, kind: str) -> None:
    make_special(tmp_path / "study.toml", kind)
    said = heard(capfd, "check", tmp_path / "study.toml")
    assert said.code == 2
    assert "study.toml: is " in said.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
@pytest.mark.parametrize("part", ["w.dbf", "w.cpg", "w.gpkg-journal", "w.gpkg-wal"])
def test_a_part_that_is_no_file(study: Path, capfd: Said, part: str, kind: str) -> None:
    whole = study / ("w.shp" if part.endswith(("dbf", "cpg")) else "w.gpkg")
    gpd.read_file(study / "wards.geojson").to_file(whole)
    (study / part).unlink(missing_ok=True)
    make_special(study / part, kind)
    edit(study, "study.toml", "wards.geojson", whole.name)
    assert "Give a file." in refusal(study, capfd)


# --- Settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x" * 300, "梁" * 100, "nul", "COM1", "a.", "Aux.x"])
def test_a_name_that_is_no_folder_everywhere(study: Path, capfd: Said, name: str) -> None:
    edit(study, "study.toml", 'name = "small"', f'name = "{name}"')
    assert "key 'study.name'" in refusal(study, capfd)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("walk.sensitivity_m_s", "[0.8, 1e-30]"),
        ("walk.access_speed_factor", "1e-20"),
        ("walk.speed_m_s", "0.123456789123"),
    ],
)
def test_too_many_decimals_are_said_of_their_key(
    study: Path, capfd: Said, key: str, value: str
) -> None:
    edit(study, "study.toml", "[walk]", f"[walk]\n{key.removeprefix('walk.')} = {value}")
    line = refusal(study, capfd)
    assert f"key '{key}'" in line
    assert "too many decimals" in line


# --- Results and arguments --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a\nb", "a\tb/c", "\x1b[31m", "a\x7f"])
def test_results_into_a_name_with_control_characters(study: Path, capfd: Said, name: str) -> None:
    """The library of the GeoPackage drops such characters and writes elsewhere, or nowhere."""
    said = heard(capfd, "run", study / "study.toml", "--out", study / name)
    assert said.code == 2, said.err
    assert "has a line break or control character in its name" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")
@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "loop"])
def test_zones_that_are_no_file(study: Path, capfd: Said, kind: str) -> None:
    make_special(study / "q.csv", kind)
    said = heard(capfd, "zones", study / "study.toml", "--zones", study / "q.csv")
    assert said.code == 2, said.err
    assert "q.csv: is " in said.err


@pytest.mark.parametrize(
    ("key", "value"), [("calibrate_to", "1e-20"), ("year", "0"), ("year", "99999999999")]
)
def test_people_and_years_beyond_reason(study: Path, capfd: Said, key: str, value: str) -> None:
    edit(study, "study.toml", 'value = "p60"', f'value = "p60", {key} = {value}')
    assert key in refusal(study, capfd)


@pytest.mark.parametrize("level", ["STREET", "Street ", "street\\t"])
def test_a_level_in_another_case(study: Path, capfd: Said, level: str) -> None:
    (study / "p.toml").write_text(PACK.replace('"street"', f'"{level}"'), encoding="utf-8")
    edit(study, "study.toml", "[demand]", f"{RULES}[demand]")
    assert "nearest known one is 'street'" in refusal(study, capfd)


@pytest.mark.parametrize("zone", ["Nowhere/Zone", "+99:99", "Asia"])
def test_times_of_a_parquet_file_in_no_zone(study: Path, capfd: Said, zone: str) -> None:
    times = pa.array([1, 2], pa.timestamp("us", zone))
    cells = {"x_m": [500_010.0, 500_500.0], "y_m": [3_490_005.0] * 2, "p60": [100, 50]}
    pq.write_table(pa.table({**cells, "seen": times}), study / "h.parquet")
    edit(study, "study.toml", '"homes.csv"', '"h.parquet"')
    assert "h.parquet, column 'seen': its values" in refusal(study, capfd)


@pytest.mark.parametrize("kind", ["date32", "date64", "time64"])
def test_dates_of_a_parquet_file_beyond_reason(study: Path, capfd: Said, kind: str) -> None:
    far = {
        "date32": pa.array([2**31 - 1, 1], pa.date32()),
        "date64": pa.array([86_400_000 * 3_000_000, 0], pa.date64()),
        "time64": pa.array([1, 2], pa.time64("ns")),
    }
    cells = {"x_m": [500_010.0, 500_500.0], "y_m": [3_490_005.0] * 2, "p60": [100, 50]}
    pq.write_table(pa.table({**cells, "seen": far[kind]}), study / "h.parquet")
    edit(study, "study.toml", '"homes.csv"', '"h.parquet"')
    assert "h.parquet, column 'seen': its values" in refusal(study, capfd)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")
@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("name", ["run.json", "zones.json"])
def test_a_result_that_is_no_file(tmp_path: Path, name: str, kind: str) -> None:
    make_special(tmp_path / "x", kind)
    (tmp_path / name).symlink_to("x")
    listed = listed_by_run if name == "run.json" else listed_by_zones
    assert listed(tmp_path, [name]) == ()
