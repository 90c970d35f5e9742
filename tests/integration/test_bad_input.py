"""Bad input through the command line: exit 2, one message that names the place, nothing touched.

Every case breaks one thing of a small study that runs, and says what the message must name.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine
from tests.commands import call
from tests.streets import EAST_M, NORTH_M, STUDY, write_layer, write_osm, write_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (600.0, 300.0)}
ZONES = '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"'
ZONE_ROW = "x_m,y_m,zone_id,kind,households\n500000,3490000,Z1,new,100\n"
PEOPLE = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'
EARLIER = "an earlier result"


def base_study(folder: Path) -> Path:
    box = shapely.box(-200, -200, 800, 500)
    study = write_study(
        folder,
        NODES,
        ["ABCD"],
        {"h1": (10, 5, 100), "h2": (500, 5, 50)},
        {"f1": (300, 10), "f2": (600, 200)},
        boundary=box,
        streets={"S1": box},
        more=ZONES,
    )
    (folder / "zones.csv").write_text(ZONE_ROW, encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    base_study(folder)
    return folder


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace the one occurrence of a text in a file of the study."""

    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (name, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def write(name: str, content: str | bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(raw)

    return change


def in_study(old: str, new: str) -> Callable[[Path], None]:
    return edit("study.toml", old, new)


def both(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


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


def dem_of(content: bytes | np.ndarray) -> Callable[[Path], None]:
    """Take an elevation model of these bytes, or of these bands of 300 m cells."""

    def change(folder: Path) -> None:
        path = folder / "dem.tif"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            bands, height, width = content.shape
            place = Affine(300, 0, EAST_M - 900, 0, -300, NORTH_M + 900)
            with rasterio.open(
                path,
                "w",
                driver="GTiff",
                dtype=content.dtype,
                count=bands,
                height=height,
                width=width,
                crs="EPSG:4549",
                transform=place,
            ) as target:
                target.write(content)
        in_study("min_component_m = 0", 'min_component_m = 0\ndem = "dem.tif"')(folder)

    return change


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


def raster(cells: np.ndarray, **options) -> Callable[[Path], None]:
    """Take people from a raster of these cells; options go to the file's profile."""

    def change(folder: Path) -> None:
        profile = {
            "crs": "EPSG:4549",
            "transform": Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300),
            "dtype": "float32",
            "count": 1,
            "height": cells.shape[0],
            "width": cells.shape[1],
        } | options
        profile = {k: v for k, v in profile.items() if v is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(folder / "p.tif", "w", driver="GTiff", **profile) as target:
                target.write(cells.astype("float32"), 1)
        in_study(PEOPLE, '{ group = "p60", raster = "p.tif" }')(folder)

    return change


def null_geometry(folder: Path) -> None:
    layer = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},'
    (folder / "boundary.geojson").write_text(layer + '"geometry":null}]}', encoding="utf-8")


def two_streets_of_one_id(folder: Path) -> None:
    halves = [shapely.box(-200, -200, 300, 500), shapely.box(300, -200, 800, 500)]
    rows = [(half, {"code": "S1", "label": f"street {k}"}) for k, half in enumerate(halves)]
    write_layer(folder / "wards.geojson", rows)


HOMES = "x_m,y_m,demand_id,p60\n"
SITES = "x_m,y_m,facility_id,name,floor_area_m2,position_unsure\n"
EMPTY_LAYER = '{"type": "FeatureCollection", "features": []}'
ONES = np.ones((3, 3))


@dataclass(frozen=True)
class Case:
    """What is broken, and what the message must say (regular expressions)."""

    name: str
    change: Callable[[Path], None]
    says: tuple[str, ...]


def case(name: str, change: Callable[[Path], None], *says: str) -> Case:
    return Case(name, change, says)


CASES = [
    # The study file
    case("missing study", lambda folder: (folder / "study.toml").unlink(), r"study\.toml: no such"),
    case(
        "study is no toml",
        write("study.toml", "[study\n"),
        r"study\.toml: is not valid TOML",
        "line 1",
    ),
    case("study is not utf-8", write("study.toml", b"# \xff\xfe"), r"study\.toml: is not UTF-8"),
    case(
        "missing section", in_study("[network]", "[netwerk]"), "netwerk", "Did you mean 'network'"
    ),
    case("missing key", in_study('name = "small"\n', ""), r"study\.name", "is missing"),
    case(
        "unknown key",
        in_study("[walk]", "[walk]\nspeed_ms = 1.0"),
        r"walk\.speed_ms",
        "'speed_m_s'",
    ),
    case(
        "unknown key of a layer",
        in_study('category = "meal_point"', 'categori = "meal_point"'),
        r"facilities\.categori",
        "'category'",
    ),
    case("unknown section", in_study("[walk]", "[parking]\n[walk]"), "parking", "Known keys"),
    case(
        "wrong type",
        in_study("[walk]", '[walk]\nmax_snap_m = "far"'),
        r"walk\.max_snap_m",
        "number",
    ),
    case(
        "a list for a text",
        in_study('name = "small"', "name = [1]"),
        r"study\.name",
        "must be text",
    ),
    case("true for a number", in_study("[walk]", "[walk]\nspeed_m_s = true"), r"walk\.speed_m_s"),
    case("a date that is none", in_study("2025-12-31", '"yesterday"'), r"study\.as_of", "date"),
    case(
        "a name that leaves the folder",
        in_study('"small"', '"../up"'),
        r"study\.name",
        "cannot name",
    ),
    case(
        "speed 0", in_study("[walk]", "[walk]\nspeed_m_s = 0"), r"walk\.speed_m_s", "greater than 0"
    ),
    case("speed nan", in_study("[walk]", "[walk]\nspeed_m_s = nan"), r"walk\.speed_m_s"),
    case(
        "negative sensitivity",
        in_study("[walk]", "[walk]\nsensitivity_m_s = [-1]"),
        r"walk\.sensitivity_m_s",
    ),
    case(
        "sensitivity nan",
        in_study("[walk]", "[walk]\nsensitivity_m_s = [0.8, nan]"),
        r"walk\.sensitivity_m_s",
    ),
    case(
        "too many decimals",
        in_study(
            "[walk]", "[walk]\nspeed_m_s = 1.1234567891234\naccess_speed_factor = 0.98765432198765"
        ),
        r"walk\.speed_m_s",
        "decimal",
    ),
    case(
        "cutoffs not rising",
        in_study("[walk]", "[walk]\ncutoffs_min = [15, 5]"),
        r"walk\.cutoffs_min",
        "rising",
    ),
    case("no cutoff", in_study("[walk]", "[walk]\ncutoffs_min = []"), r"walk\.cutoffs_min"),
    case(
        "cutoff beyond the hour",
        in_study("[walk]", "[walk]\ncutoffs_min = [61]"),
        r"walk\.cutoffs_min",
    ),
    case("half a minute", in_study("[walk]", "[walk]\ncutoffs_min = [7.5]"), r"walk\.cutoffs_min"),
    case(
        "calibrated to less than nobody",
        in_study('value = "p60",', 'value = "p60", calibrate_to = -5,'),
        "calibrate_to",
    ),
    case("unknown group", in_study('{ group = "p60"', '{ group = "p61"'), "p61", "Known groups"),
    case(
        "group without a layer",
        in_study('group = "p60"\nlayers', 'group = "p65"\nlayers'),
        r"demand\.group",
        "p65",
    ),
    case(
        "a later feature",
        in_study("[walk]", "[scenarios.a]\nclose = []\n[walk]"),
        "scenarios",
        "yet",
    ),
    case(
        "no elevation model",
        in_study("min_component_m = 0", 'min_component_m = 0\ndem = "dem.tif"'),
        r"network\.dem",
        r"no such file: .*dem\.tif",
    ),
    case("heights in a text", dem_of(b"x,y,z\n1,2,3\n"), r"dem\.tif", "cannot be read as a raster"),
    case("a picture of heights", dem_of(np.zeros((3, 9, 9), np.uint8)), r"dem\.tif", "3 bands"),
    case(
        "heights that are nodata",
        dem_of(np.full((1, 9, 9), -9999, np.int16)),
        r"dem\.tif",
        "-9999 m",
        "nodata",
    ),
    case(
        "unset variable",
        in_study('"homes.csv"', '"${CIRCLE15_NO_SUCH}/homes.csv"'),
        "CIRCLE15_NO_SUCH",
        "not set",
    ),
    case(
        "unknown category", in_study('"meal_point"', '"supermarket"'), "supermarket", "meal_point"
    ),
    case(
        "unknown required category",
        in_study("[walk]", '[circle]\nrequire = ["supermarket"]\n[walk]'),
        r"circle\.require",
        "supermarket",
    ),
    case(
        "unknown rule pack",
        in_study("[walk]", '[rules]\npacks = ["atlantis"]\n[walk]'),
        "atlantis",
        "liangxi-2025",
    ),
    case(
        "unknown crs",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:1"\n[area]'),
        r"study\.crs",
    ),
    case(
        "crs in degrees",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:4326"\n[area]'),
        r"study\.crs",
        "metres",
    ),
    case(
        "crs of another place",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:32633"\n[area]'),
        r"study\.crs",
        "off",
    ),
    case(
        "web mercator",
        in_study('crs = "EPSG:4549"\n[area]', 'crs = "EPSG:3857"\n[area]'),
        r"study\.crs",
        r"1\.17",
    ),
    # Files that are missing, empty or something else
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
    # OpenStreetMap
    case("truncated pbf", network_of("n.osm.pbf"), r"n\.osm\.pbf: cannot be read", "truncated"),
    case("garbage pbf", network_of("n.osm.pbf", b"garbage" * 99), r"n\.osm\.pbf: cannot be read"),
    case("empty pbf", network_of("n.osm.pbf", b""), r"n\.osm\.pbf"),
    case("truncated osm", network_of("n.osm"), r"n\.osm: cannot be read", "truncated"),
    case("garbage osm", network_of("n.osm", b"<html><body>Too many requests</body>"), r"n\.osm"),
    case("osm without highways", no_highway, r"n\.osm: holds no walkable way"),
    # No CRS
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
    # Columns and cells
    case(
        "csv without coordinates",
        write("sites.csv", "facility_id,name\nf1,one\n"),
        r"sites\.csv: has no columns of coordinates",
        "facility_id, name",
    ),
    case(
        "people without coordinates",
        write("homes.csv", "demand_id,p60\nh1,5\n"),
        r"homes\.csv: has no columns of coordinates",
    ),
    case(
        "missing column",
        in_study('value = "p60"', 'value = "people"'),
        r"homes\.csv, column 'people'",
        "demand_id",
    ),
    case(
        "missing id column",
        in_study('id = "code"', 'id = "kode"'),
        r"wards\.geojson, column 'kode'",
        "code",
    ),
    case(
        "duplicate facility id",
        edit("sites.csv", ",f2,", ",f1,"),
        r"sites\.csv, row [23]",
        "'f1'",
        "row [23]",
    ),
    case(
        "duplicate demand id",
        edit("homes.csv", "h2,", "h1,"),
        r"homes\.csv, row 3",
        "'h1'",
        "row 2",
    ),
    case(
        "duplicate zone id",
        write("zones.csv", ZONE_ROW + "500100,3490000,Z1,new,5\n"),
        r"zones\.csv, row 3",
        "'Z1'",
        "row 2",
    ),
    case(
        "zone without an id",
        write("zones.csv", ZONE_ROW + "500100,3490000,,new,5\n"),
        r"zones\.csv, row 3, column 'zone_id'",
    ),
    case(
        "zones without ids",
        write("zones.csv", "x_m,y_m,kind\n500000,3490000,new\n"),
        r"zones\.csv: ",
        "no column of zone ids",
    ),
    case(
        "duplicate street id",
        two_streets_of_one_id,
        r"wards\.geojson, row 2, column 'code'",
        "'S1'",
        "row 1",
    ),
    case(
        "negative population",
        edit("homes.csv", "h2,50", "h2,-50"),
        r"homes\.csv, row 3, column 'p60'",
        "-50",
    ),
    case(
        "population in words",
        edit("homes.csv", "h2,50", "h2,many"),
        r"homes\.csv, row 3, column 'p60'",
        "many",
    ),
    case("population blank", edit("homes.csv", "h2,50", "h2,"), r"homes\.csv, row 3, column 'p60'"),
    case(
        "population beyond all bounds",
        edit("homes.csv", "h2,50", "h2,1e99"),
        r"homes\.csv, row 3, column 'p60'",
    ),
    case(
        "negative households",
        edit("zones.csv", "new,100", "new,-100"),
        r"zones\.csv, row 2, column 'households'",
        "-100",
    ),
    case(
        "half a household",
        edit("zones.csv", "new,100", "new,10.5"),
        r"zones\.csv, row 2, column 'households'",
    ),
    case("negative cells", raster(-ONES), r"p\.tif: has cells that are neg", "line 1, column 1"),
    case(
        "heading twice",
        write("sites.csv", "x_m,y_m,name,name\n1,2,a,b\n"),
        r"sites\.csv, row 1, column 'name'",
        "twice",
    ),
    case("a row too long", edit("homes.csv", "h2,50", "h2,50,9"), r"homes\.csv, row 3"),
    case(
        "unknown field",
        in_study('covers = "extent"', 'columns = { bedz = "name" }'),
        "'bedz' is not a field",
        "beds",
    ),
    case(
        "a mapped column that is not there",
        in_study('covers = "extent"', 'columns = { beds = "betten" }'),
        r"sites\.csv, column 'betten'",
    ),
    case(
        "a condition that is none",
        in_study('covers = "extent"', 'where = "beds over 3"'),
        r"facilities\.where",
    ),
    case(
        "nobody to calibrate",
        both(
            in_study('value = "p60",', 'value = "p60", calibrate_to = 5,'),
            write("homes.csv", HOMES + "500000,3590000,h1,5\n"),
        ),
        r"homes\.csv: has no people",
    ),
]


def prepared(tmp_path: Path, base: Path, *, pbf: Path | None = None) -> tuple[Path, Path]:
    """Copy of the study that runs, and a folder of earlier results."""
    folder = tmp_path / "study"
    shutil.copytree(base, folder)
    if pbf is not None:
        shutil.copy(pbf, folder / "whole.osm.pbf")
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.json").write_text(EARLIER, encoding="utf-8")
    return folder, out


def the_message(errors: str) -> str:
    lines = errors.splitlines()
    assert len(lines) == 1, errors
    assert lines[0].startswith("circle15: ")
    assert "Traceback" not in errors
    return lines[0]


def assert_untouched(out: Path) -> None:
    assert [entry.name for entry in out.iterdir()] == ["summary.json"]
    assert (out / "summary.json").read_text("utf-8") == EARLIER
    assert sorted(entry.name for entry in out.parent.iterdir()) == ["out", "study"]


def test_the_study_runs_as_it_stands(base, tmp_path, capfd):
    """Else the cases below would fail for another reason than their own."""
    assert call("check", base / "study.toml") == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_bad_input(one, base, sample_study, tmp_path, capfd):
    folder, out = prepared(tmp_path, base, pbf=sample_study.parent / "network.osm.pbf")
    one.change(folder)
    code = call("run", folder / "study.toml", "--out", out)
    answer = capfd.readouterr()
    assert (code, answer.out) == (2, ""), answer.err
    message = the_message(answer.err)
    assert call("check", folder / "study.toml", "--json") == 2
    checked = capfd.readouterr()
    if not checked.err:  # a finding that stops a run stands among the others
        wrong = [i for i in json.loads(checked.out)["issues"] if i["severity"] == "error"]
        assert wrong[0]["file"] in message
    else:
        assert checked.err == answer.err
    for pattern in one.says:
        assert re.search(pattern, message), f"{pattern!r} is not in {message!r}"
    assert_untouched(out)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, r"none\.csv: no such file"),
        ("zone_id,kind\nN1,new\n", "no columns of coordinates"),
        ("name,lon,lat\nN1,120,31.5\n", "no column of zone ids"),
        ("zone_id,lon,lat,households\nN1,120,31.5,-3\n", r"none\.csv, row 2, column 'households'"),
        ("zone_id,lon,lat\nN1,120,31.5\nN1,120,31.5\n", r"none\.csv, row 3: .*'N1'"),
        ("zone_id,lon,lat\n", "holds no record"),
    ],
)
def test_bad_zones(content, says, base, tmp_path, capfd):
    folder, out = prepared(tmp_path, base)
    if content is not None:
        write("none.csv", content)(folder)
    code = call("zones", folder / "study.toml", "--zones", folder / "none.csv", "--out", out)
    answer = capfd.readouterr()
    assert (code, answer.out) == (2, "")
    assert re.search(says, the_message(answer.err)), answer.err
    assert_untouched(out)


def test_out_is_a_file(base, tmp_path, capfd):
    folder, out = prepared(tmp_path, base)
    code = call("run", folder / "study.toml", "--out", out / "summary.json")
    message = the_message(capfd.readouterr().err)
    assert code == 2
    assert re.search(r"summary\.json: is a file\..*--out", message)
    assert_untouched(out)


def test_out_is_below_a_file(base, tmp_path, capfd):
    """No folder can be made below a file: something outside has failed, for any user."""
    folder, out = prepared(tmp_path, base)
    code = call("run", folder / "study.toml", "--out", out / "summary.json" / "deeper")
    message = the_message(capfd.readouterr().err)
    assert code == 3
    assert "cannot be written" in message
    assert_untouched(out)


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="root and Windows write where they like",
)
def test_a_folder_that_may_not_be_written(base, tmp_path, capfd):
    folder, out = prepared(tmp_path, base)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    code = call("run", folder / "study.toml", "--out", locked / "out")
    locked.rmdir()
    message = the_message(capfd.readouterr().err)
    assert (code, "cannot be written" in message) == (3, True)
    assert_untouched(out)


def test_a_usage_error(base, capfd):
    assert call("run") == 2
    assert call("run", base / "study.toml", "--lang", "fr") == 2
    assert call("run", base / "study.toml", "--no-such-option") == 2
    assert call("schema", "nothing") == 2
    assert "Traceback" not in capfd.readouterr().err


def test_in_a_process_of_its_own(base, tmp_path):
    """The same from outside: nothing but the message reaches the terminal."""
    folder, out = prepared(tmp_path, base)
    raster(ONES, crs=None, transform=None)(folder)
    answer = subprocess.run(
        [sys.executable, "-m", "circle15", "run", folder / "study.toml", "--out", out],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "p.tif" in the_message(answer.stderr)
    assert_untouched(out)


def test_a_broken_geojson_of_a_real_place(real_data, base, tmp_path, capfd):
    """A boundary of Wuhan with a stray letter before a key, as it was published."""
    folder, out = prepared(tmp_path, base)
    shutil.copy(real_data / "wuhan" / "boundary_invalid.geojson", folder / "boundary.geojson")
    code = call("run", folder / "study.toml", "--out", out)
    answer = capfd.readouterr()
    assert code == 2
    assert re.search(r"boundary\.geojson: cannot be read", the_message(answer.err))
    assert_untouched(out)


def test_the_template_has_every_part():
    """The study above is the one of the other tests: a part that is renamed there breaks here."""
    assert {"[network]", "[walk]", "[demand]", "[[facilities]]"} <= set(STUDY.split())
