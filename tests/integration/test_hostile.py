"""Studies that ended in a traceback, a crash or a hang: one line that names the place, exit 2.

Each case spoils a small study that runs: a street of 600 m with a turn, two homes with 150 people,
two meal points.
"""

# ruff: noqa: F811 - a fixture that is imported is an argument of tests

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
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
    study,  # noqa: F401 - a fixture
    write_graph,
)
from tests.commands import heard
from tests.streets import lon_lat

if TYPE_CHECKING:
    from pathlib import Path

ZONES = '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"\n'
PEOPLE = 'value = "p60"'


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e15", "1e-999999999"])
def test_people_beyond_reason(study: Path, capfd: pytest.CaptureFixture[str], number: str) -> None:
    edit(study, "homes.csv", "h1,100", f"h1,{number}")
    line = refusal(study, capfd)
    assert "homes.csv, row 2, column 'p60'" in line
    assert number in line


def test_a_coordinate_beyond_reason_is_no_position(
    study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    edit(study, "sites.csv", "500300.000", "1e999999999")
    assert ("UNREADABLE", 2) in findings(study, capfd)


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        ("speed_m_s", "[walk]", "[walk]\nspeed_m_s = 1e-999999999"),
        ("max_snap_m", "[walk]", "[walk]\nmax_snap_m = 1e999999999"),
        ("max_snap_m", "[walk]", f"[walk]\nmax_snap_m = 0.{'1' * 100}"),
        ("min_component_m", "min_component_m = 0", "min_component_m = 1e-400000"),
        ("min_component_m", "min_component_m = 0", f"min_component_m = 1{'0' * 60}"),
    ],
)
def test_a_setting_beyond_reason(
    study: Path, capfd: pytest.CaptureFixture[str], key: str, old: str, new: str
) -> None:
    edit(study, "study.toml", old, new)
    line = refusal(study, capfd)
    assert key in line
    assert "has a number beyond reason" in line


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", f"1{'0' * 70}"])
def test_a_threshold_beyond_reason(
    study: Path, capfd: pytest.CaptureFixture[str], number: str
) -> None:
    (study / "p.toml").write_text(PACK.replace("100", number), encoding="utf-8")
    edit(study, "study.toml", "[demand]", f"{RULES}[demand]")
    line = refusal(study, capfd)
    assert "p.toml" in line
    assert "beyond reason" in line


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("../..", "not a known level"),
        ("streets", "nearest known one is 'street'"),
        ("city", "may be"),
    ],
)
def test_a_level_that_cannot_be_counted(
    study: Path, capfd: pytest.CaptureFixture[str], level: str, said: str
) -> None:
    (study / "p.toml").write_text(PACK.replace('"street"', f'"{level}"'), encoding="utf-8")
    edit(study, "study.toml", "[demand]", f"{RULES}[demand]")
    assert said in refusal(study, capfd)
    checked = heard(capfd, "rules", "check", study / "p.toml")
    assert checked.code == 2
    assert said in checked.out + checked.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[demand]", '[circle]\nrequire = ["meal_point", "meal_point"]\n[demand]', "twice"),
        ("[demand]", '[categories]\nKiosk = "a"\nkiosk = "b"\n[demand]', "case only"),
        ("[demand]", '[categories]\nMeal_Point = "a"\n[demand]', "case only"),
        (PEOPLE, 'value = ["p60", "p60"]', "would count twice"),
        (PEOPLE, 'value = ["p60", "P60 "]', "would count twice"),
    ],
)
def test_what_is_named_twice(
    study: Path, capfd: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    edit(study, "study.toml", old, new)
    assert said in refusal(study, capfd)


def test_a_raster_named_twice(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (study / "p.tif").write_bytes(b"")
    edit(
        study,
        "study.toml",
        'points = "homes.csv", value = "p60", crs = "EPSG:4549"',
        'raster = ["p.tif", "./p.tif"]',
    )
    assert "would count twice" in refusal(study, capfd)


def test_a_cell_of_very_many_rooms(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rooms = "+".join(["3"] * 50_000)
    (study / "zones.csv").write_text(
        f"x_m,y_m,zone_id,kind,households,rooms_m2\n500000,3490000,Z1,new,100,{rooms}\n",
        encoding="utf-8",
    )
    edit(study, "study.toml", "[walk]", f"{ZONES}[walk]")
    assert "zones.csv, row 2, column 'rooms_m2': lists 50,000 rooms" in refusal(study, capfd)


def broken(kind: str) -> dict[str, object]:
    """A geometry, in degrees, that GeoJSON can write and that is none."""
    ring = lon_lat([(0, 0), (100, 0), (100, 100), (0, 100)]).tolist()
    return {
        "unclosed ring": {"type": "Polygon", "coordinates": [ring]},
        "ring of two": {"type": "Polygon", "coordinates": [ring[:2]]},
        "unclosed hole": {"type": "Polygon", "coordinates": [[*ring, ring[0]], ring]},
        "unclosed part": {"type": "MultiPolygon", "coordinates": [[ring]]},
        "line of one": {"type": "LineString", "coordinates": ring[:1]},
        "part of one": {"type": "MultiLineString", "coordinates": [ring, ring[:1]]},
    }[kind]


def add_feature(path: Path, geometry: object) -> None:
    """Add a row to a layer, with the properties of the first."""
    layer = json.loads(gpd.read_file(path).to_crs("EPSG:4326").to_json(drop_id=True))
    layer["features"].append({**layer["features"][0], "geometry": geometry})
    path.unlink()
    path.write_text(json.dumps(layer), encoding="utf-8")


@pytest.mark.parametrize("kind", ["unclosed ring", "ring of two", "unclosed hole", "unclosed part"])
@pytest.mark.parametrize("name", ["boundary.geojson", "wards.geojson", "extent.geojson"])
def test_a_broken_polygon_that_the_layer_needs(
    study: Path, capfd: pytest.CaptureFixture[str], kind: str, name: str
) -> None:
    add_feature(study / name, broken(kind))
    line = refusal(study, capfd)
    assert f"{name}, row 2: holds a geometry that cannot be read" in line
    assert "Redraw it." in line


@pytest.mark.parametrize("kind", ["line of one", "part of one"])
def test_a_broken_street_is_listed(
    study: Path, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    add_feature(study / "streets.geojson", broken(kind))
    assert ("GEOMETRY_BROKEN", 4) in findings(study, capfd)


@pytest.mark.parametrize("kind", ["line of one", "unclosed ring"])
def test_a_broken_barrier_is_listed(
    study: Path, capfd: pytest.CaptureFixture[str], kind: str
) -> None:
    wall = lon_lat([(100, 200), (200, 200)]).tolist()
    rows = [{"type": "LineString", "coordinates": wall}, broken(kind)]
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in rows]
    (study / "walls.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    edit(
        study,
        "study.toml",
        "min_component_m = 0",
        'min_component_m = 0\nbarriers = "walls.geojson"',
    )
    assert ("GEOMETRY_BROKEN", 2) in findings(study, capfd)


def test_a_broken_site_has_no_position(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    points = lon_lat([(300, 10), (600, 200)]).tolist()
    rows = [{"type": "Point", "coordinates": points[0]}, broken("line of one")]
    features = [
        {"type": "Feature", "properties": {"facility_id": f"f{k}"}, "geometry": one}
        for k, one in enumerate(rows, 1)
    ]
    (study / "s.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    edit(
        study,
        "study.toml",
        '"sites.csv"\ncategory = "meal_point"\ncrs = "EPSG:4549"',
        '"s.geojson"\ncategory = "meal_point"',
    )
    assert ("GEOMETRY_BROKEN", 2) in findings(study, capfd)


@pytest.mark.parametrize("word", ["zlib", "rot13", "hex", "utf-16", "undefined", "idna", "\0\xff"])
def test_a_codec_that_is_no_encoding_of_a_shapefile(
    study: Path, capfd: pytest.CaptureFixture[str], word: str
) -> None:
    gpd.read_file(study / "wards.geojson").to_file(study / "w.shp", encoding="gbk")
    (study / "w.cpg").write_text(word, encoding="latin-1")
    edit(study, "study.toml", '"wards.geojson"', '"w.shp"')
    findings(study, capfd)


def nested(depth: int, kind: int = 7) -> bytes:
    """WKB of a point within collections within collections."""
    return struct.pack("<BII", 1, kind, 1) * depth + struct.pack("<BIdd", 1, 1, 120.0, 31.5)


def write_parquet(path: Path, pieces: list[bytes | None], said: object) -> None:
    table = pa.table({"code": [f"S{k}" for k in range(len(pieces))], "geometry": pieces})
    about = said if isinstance(said, bytes) else json.dumps(said).encode()
    pq.write_table(table.replace_schema_metadata({"geo": about}), path)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"no json", "metadata 'geo' is damaged"),
        (b"[" * 100_000, "metadata 'geo' is damaged"),
        ([], "metadata 'geo' is damaged"),
        ({}, "metadata 'geo' is damaged"),
        ({**WHOLE, "primary_column": "nope"}, "metadata 'geo' is damaged"),
        ({**WHOLE, "primary_column": 7}, "metadata 'geo' is damaged"),
        ({**WHOLE, "primary_column": ["geometry"]}, "metadata 'geo' is damaged"),
        ({**WHOLE, "columns": {"geometry": None}}, "metadata 'geo' is damaged"),
        ({**WHOLE, "columns": {"geometry": {"encoding": "WKB", "crs": {"type": "x"}}}}, "CRS"),
        ({**WHOLE, "columns": {"geometry": {"encoding": "WKB", "crs": [1]}}}, "CRS"),
        ({**WHOLE, "columns": {"geometry": {"encoding": "point"}}}, "cannot be read"),
        ({**WHOLE, "columns": {"geometry": {"encoding": "?"}}}, "cannot be read"),
    ],
)
def test_what_a_parquet_file_says_of_its_geometry(
    study: Path, capfd: pytest.CaptureFixture[str], said: object, words: str
) -> None:
    write_parquet(study / "b.parquet", [shapely.to_wkb(shapely.box(120, 31, 121, 32))], said)
    edit(study, "study.toml", '"boundary.geojson"', '"b.parquet"')
    line = refusal(study, capfd)
    assert "b.parquet" in line
    assert words in line


@pytest.mark.parametrize(
    "piece",
    [b"", b"\1", b"\1\3\0\0\0", nested(100_000), nested(100_000, 4), nested(5000, 1007), nested(3)],
)
def test_a_geometry_of_a_parquet_file_that_is_none(
    study: Path, capfd: pytest.CaptureFixture[str], piece: bytes
) -> None:
    whole = shapely.to_wkb(shapely.box(119, 31, 121, 32))
    write_parquet(study / "b.parquet", [whole, piece], WHOLE)
    edit(study, "study.toml", '"boundary.geojson"', '"b.parquet"')
    assert "b.parquet, row 2: holds" in refusal(study, capfd)


def test_a_parquet_file_that_claims_a_billion_cells(
    study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 5_000_000, pa.int8()), ["x"])
    pq.write_table(pa.table({"a": column, "b": column}), study / "h.parquet")
    edit(study, "study.toml", '"homes.csv"', '"h.parquet"')
    assert "claims 5,000,000 rows" in refusal(study, capfd)


def test_the_index_of_a_parquet_file_is_a_column(
    study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    frame = pd.read_csv(study / "homes.csv").set_index("demand_id")
    frame.to_parquet(study / "h.parquet")
    edit(study, "study.toml", '"homes.csv"', '"h.parquet"')
    findings(study, capfd)
    homes = gpd.read_file(study / "out" / "results.gpkg", layer="demand")
    assert sorted(homes["demand_id"]) == ["h1", "h2"]


@pytest.mark.parametrize(
    ("base_mm", "delay_ms"),
    [(2**62, 0), (2**64, 0), (-2, 0), (600_000, 2**63), (600_000, -1), (10**9 + 1, 0)],
)
def test_costs_of_a_graph_beyond_reason(
    study: Path, capfd: pytest.CaptureFixture[str], base_mm: int, delay_ms: int
) -> None:
    write_graph(study, base_mm=str(base_mm), delay_ms=str(delay_ms))
    line = refusal(study, capfd)
    assert "n.graphml: the edge" in line
    assert f"base_mm {base_mm} and delay_ms {delay_ms}" in line


@pytest.mark.parametrize(
    "wkt", ["GEOMETRYCOLLECTION(" * 50_000, "LINESTRING(" + "(" * 50_000, "LINESTRING(1 1"]
)
def test_a_line_of_a_graph_that_is_none(
    study: Path, capfd: pytest.CaptureFixture[str], wkt: str
) -> None:
    write_graph(study, geometry=wkt)
    assert "n.graphml: the geometry" in refusal(study, capfd)


def test_a_place_in_its_way_beyond_reason_is_not_taken(
    study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_graph(study, base_mm="600000", way_pos=str(2**70))
    findings(study, capfd)
