"""Files that are missing, empty or something else, and layers without a CRS.

Every case breaks one thing of a small study that runs, and says what the message must name.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from tests.builders.bad_inputs import (
    HOMES,
    NODES,
    ONES,
    PEOPLE,
    SITES,
    assert_refused,
    assert_untouched,
    base,
    both,
    case,
    in_study,
    prepared,
    raster,
    the_message,
    write,
)
from tests.commands import call
from tests.streets import write_osm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["base"]  # the fixture

EMPTY_LAYER = '{"type": "FeatureCollection", "features": []}'


def network_of(name: str, content: bytes | None = None) -> Callable[[Path], None]:
    """Take another network file, with this content or cut off in the middle."""

    def change(folder: Path) -> None:
        path = folder / name
        if content is not None:
            path.write_bytes(content)
        elif name.endswith(".pbf"):
            whole = path.with_name("whole.osm.pbf").read_bytes()
            path.write_bytes(whole[: len(whole) * 2 // 3])
        else:
            text = write_osm(path, NODES, "ABCD").read_text("utf-8")
            path.write_text(text[: len(text) * 2 // 3], encoding="utf-8")
        in_study('file = "streets.geojson"', f'file = "{name}"')(folder)

    return change


def no_highway(folder: Path) -> None:
    text = write_osm(folder / "n.osm", NODES, "ABCD").read_text("utf-8")
    (folder / "n.osm").write_text(text.replace("highway", "building"), encoding="utf-8")
    in_study('file = "streets.geojson"', 'file = "n.osm"')(folder)


def shapefile_without_prj(folder: Path) -> None:
    gpd.read_file(folder / "boundary.geojson").to_file(folder / "b.shp")
    (folder / "b.prj").unlink()
    in_study('"boundary.geojson"', '"b.shp"')(folder)


def geopackage_without_crs(folder: Path) -> None:
    gpd.read_file(folder / "boundary.geojson").to_file(folder / "b.gpkg", layer="b")
    with sqlite3.connect(folder / "b.gpkg") as database:
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = 0")
        database.execute("UPDATE gpkg_contents SET srs_id = 0")
    database.close()
    in_study('"boundary.geojson"', '"b.gpkg"')(folder)


def parquet_without_crs(folder: Path) -> None:
    frame = gpd.read_file(folder / "streets.geojson")
    bare = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.to_numpy())
    bare.to_parquet(folder / "n.parquet")
    in_study('file = "streets.geojson"', 'file = "n.parquet"')(folder)


def null_geometry(folder: Path) -> None:
    layer = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},'
    (folder / "boundary.geojson").write_text(layer + '"geometry":null}]}', encoding="utf-8")


FILES = [
    case(
        "missing file",
        lambda folder: (folder / "homes.csv").unlink(),
        r"demand\.layers\.points",
        r"homes\.csv",
    ),
    case(
        "missing network",
        in_study('"streets.geojson"', '"nowhere.osm.pbf"'),
        r"network\.file",
        r"nowhere\.osm\.pbf",
    ),
    case(
        "a network of another format",
        in_study('"streets.geojson"', '"homes.csv"'),
        r"homes\.csv",
        "not that of a network",
    ),
    case("csv with a heading only", write("homes.csv", HOMES), r"homes\.csv: holds no record"),
    case("sites with a heading only", write("sites.csv", SITES), r"sites\.csv: holds no record"),
    case("empty csv", write("sites.csv", ""), r"sites\.csv: is empty"),
    case(
        "empty geojson",
        write("boundary.geojson", EMPTY_LAYER),
        r"boundary\.geojson: holds no record",
    ),
    case(
        "empty network layer", write("streets.geojson", EMPTY_LAYER), r"streets\.geojson: holds no"
    ),
    case("null geometry", null_geometry, r"boundary\.geojson, row 1"),
    case(
        "broken geojson",
        write("boundary.geojson", '{"type": "FeatureCollection", "features": [m'),
        r"boundary\.geojson: cannot be read",
    ),
    case("geojson of something else", write("boundary.geojson", "[1, 2]"), r"boundary\.geojson"),
    case(
        "boundary of points",
        both(
            in_study('boundary = "boundary.geojson"', 'boundary = "b.geojson"'),
            write("b.geojson", '{"type": "Point", "coordinates": [120, 31.5]}'),
        ),
        r"b\.geojson, row 1",
        "Point",
    ),
    case(
        "boundary without geometry",
        in_study('boundary = "boundary.geojson"', 'boundary = "homes.csv"'),
        r"homes\.csv: has no geometry",
    ),
    case(
        "barriers without geometry",
        in_study("min_component_m = 0", 'min_component_m = 0\nbarriers = "homes.csv"'),
        r"homes\.csv: has no geometry",
    ),
    case(
        "workbook that is none",
        both(in_study('"sites.csv"', '"s.xlsx"'), write("s.xlsx", SITES)),
        r"s\.xlsx: cannot be read as a workbook",
    ),
    case(
        "parquet that is none",
        both(in_study('"streets.geojson"', '"n.parquet"'), write("n.parquet", "PAR1 no")),
        r"n\.parquet: cannot be read",
    ),
    case(
        "geopackage that is none",
        both(
            in_study('boundary = "boundary.geojson"', 'boundary = "b.gpkg"'),
            write("b.gpkg", "no database"),
        ),
        r"b\.gpkg: cannot be read",
    ),
    case(
        "raster that is none",
        both(
            in_study(PEOPLE, '{ group = "p60", raster = "p.tif" }'), write("p.tif", "not a raster")
        ),
        r"p\.tif: cannot be read as a raster",
    ),
    case(
        "text of no encoding",
        write("homes.csv", HOMES.encode() + b"500000,3490000,h\xff\xff,5\n"),
        r"homes\.csv",
        "UTF-8",
    ),
    case(
        "an open quote",
        write("homes.csv", HOMES + '500000,3490000,"h,5\n' + "x\n" * 100_000),
        r"homes\.csv",
    ),
]
STREETS = [
    case("truncated pbf", network_of("n.osm.pbf"), r"n\.osm\.pbf: cannot be read", "truncated"),
    case("garbage pbf", network_of("n.osm.pbf", b"garbage" * 99), r"n\.osm\.pbf: cannot be read"),
    case("empty pbf", network_of("n.osm.pbf", b""), r"n\.osm\.pbf"),
    case("truncated osm", network_of("n.osm"), r"n\.osm: cannot be read", "truncated"),
    case("garbage osm", network_of("n.osm", b"<html><body>Too many requests</body>"), r"n\.osm"),
    case("osm without highways", no_highway, r"n\.osm: holds no walkable way"),
]
WITHOUT_CRS = [
    case(
        "shapefile without prj",
        shapefile_without_prj,
        r"b\.shp: .*no coordinate reference",
        r"\.prj",
    ),
    case("geopackage without crs", geopackage_without_crs, r"b\.gpkg: .*no coordinate reference"),
    case("parquet without crs", parquet_without_crs, r"n\.parquet: .*no coordinate reference"),
    case("raster without crs", raster(ONES, crs=None), r"p\.tif: .*no coordinate reference"),
    case(
        "raster without crs or place", raster(ONES, crs=None, transform=None), r"p\.tif: .*no coord"
    ),
    case(
        "table without crs",
        in_study('value = "p60", crs = "EPSG:4549"', 'value = "p60"'),
        r"homes\.csv",
        "no CRS",
    ),
    case(
        "unknown crs of a table",
        in_study('value = "p60", crs = "EPSG:4549"', 'value = "p60", crs = "EPSG:1"'),
        r"homes\.csv",
        "EPSG:1",
    ),
]


@pytest.mark.parametrize("one", [*FILES, *STREETS, *WITHOUT_CRS], ids=lambda one: one.name)
def test_bad_input(one, base, sample_study, tmp_path, capfd):
    assert_refused(one, base, tmp_path, capfd, pbf=sample_study.parent / "network.osm.pbf")


def test_a_broken_geojson_of_a_real_place(real_data, base, tmp_path, capfd):
    """A boundary of Wuhan with a stray letter before a key, as it was published."""
    folder, out = prepared(tmp_path, base)
    shutil.copy(real_data / "wuhan" / "boundary_invalid.geojson", folder / "boundary.geojson")
    code = call("run", folder / "study.toml", "--out", out)
    answer = capfd.readouterr()
    assert code == 2
    assert re.search(r"boundary\.geojson: cannot be read", the_message(answer.err))
    assert_untouched(out)
