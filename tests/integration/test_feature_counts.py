"""A layer that declares a wrong number of features never loses people silently."""

from __future__ import annotations

import json
import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
from tests.builders.hostile_study import edit, refusal, study, write_graph
from tests.commands import heard
from tests.streets import lon_lat

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["study"]  # the fixture

Said = pytest.CaptureFixture[str]
PEOPLE = 'points = "homes.csv", value = "p60", crs = "EPSG:4549"'


def write_homes(folder: Path, name: str, **options: Any) -> Path:
    """Take the people from a layer of three homes of 10, 20 and 30."""
    x, y = lon_lat([(10, 5), (100, 5), (200, 5)]).T
    rows = {"demand_id": ["a", "b", "c"], "p60": [10, 20, 30]}
    layer = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(x, y), crs="EPSG:4326")
    layer.to_file(folder / name, **options)
    edit(folder, "study.toml", PEOPLE, f'points = "{name}", value = "p60"')
    return folder / name


def people(folder: Path, capfd: Said) -> float:
    """Run a study; return all people that it has read."""
    said = heard(capfd, "run", folder / "study.toml", "--out", folder / "out")
    assert said.code == 0, said.err
    summary = json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    return float(summary["population"][0]["input"])


def patch(path: Path, at: int, content: bytes) -> None:
    whole = bytearray(path.read_bytes())
    whole[at : at + len(content)] = content
    path.write_bytes(whole)


@pytest.mark.parametrize("count", [0, 1, 2, 7, -3])
def test_a_geopackage_is_read_to_its_end(study: Path, capfd: Said, count: int) -> None:
    path = write_homes(study, "h.gpkg")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (count,))
    assert people(study, capfd) == 60


@pytest.mark.parametrize("index", ["YES", "NO"])
@pytest.mark.parametrize("count", [1, 2, 4, 10**9, 2**63])
def test_a_flatgeobuf_of_another_count(study: Path, capfd: Said, count: int, index: str) -> None:
    path = write_homes(study, "h.fgb", SPATIAL_INDEX=index)
    patch(path, path.read_bytes().index(struct.pack("<Q", 3)), struct.pack("<Q", count))
    assert f"h.fgb: states {count:,} features" in refusal(study, capfd)


def test_a_flatgeobuf_that_does_not_say_its_count(study: Path, capfd: Said) -> None:
    path = write_homes(study, "h.fgb", SPATIAL_INDEX="NO")
    patch(path, path.read_bytes().index(struct.pack("<Q", 3)), struct.pack("<Q", 0))
    assert people(study, capfd) == 60


@pytest.mark.parametrize("rows", [0, 1, 2, 4, 2**31])
def test_a_table_of_a_shapefile_of_another_count(study: Path, capfd: Said, rows: int) -> None:
    write_homes(study, "h.shp")
    patch(study / "h.dbf", 4, struct.pack("<I", rows))
    assert f"{rows:,}" in refusal(study, capfd)


@pytest.mark.parametrize("part", ["h.shx", "h.shp", "h.dbf"])
def test_a_part_of_a_shapefile_that_breaks_off(study: Path, capfd: Said, part: str) -> None:
    """The parts that are left say that there were three rows."""
    write_homes(study, "h.shp")
    content = (study / part).read_bytes()
    last = {"h.shx": 8, "h.shp": 28, "h.dbf": 90}[part]
    (study / part).write_bytes(content[:-last])
    if part != "h.dbf":
        patch(study / part, 24, struct.pack(">i", (len(content) - last) // 2))
    assert "Export it again." in refusal(study, capfd)


@pytest.mark.parametrize("layer", ["1e300", "99999999999999", "nan", "-1e9"])
def test_a_level_of_a_street_beyond_reason_is_none(study: Path, capfd: Said, layer: str) -> None:
    write_graph(study, layer=layer)
    assert people(study, capfd) == 150
