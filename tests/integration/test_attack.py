"""Files with faults of real files: refused in one line, or run with every loss reported.

Each case spoils one file of a small study that runs: a street of 600 m with a turn, two homes
with 150 people, two meal points.
"""

from __future__ import annotations

import csv
import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import Affine
from tests.builders.small_study import BOX, NODES, PEOPLE, write_small
from tests.commands import heard
from tests.streets import (
    EAST_M,
    NORTH_M,
    lon_lat,
    write_layer,
    write_osm,
    write_streets,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[Path], None]

HOMES = "x_m,y_m,demand_id,p60\n"
SITES = "x_m,y_m,facility_id,name\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_small(tmp_path).parent


def edit(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def in_study(old: str, new: str) -> Change:
    return edit("study.toml", old, new)


def write(name: str, content: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content.encode())

    return change


def layer(name: str, *shapes: shapely.Geometry) -> Change:
    def change(folder: Path) -> None:
        rows = [(shape, {"code": f"S{k}", "label": "x"}) for k, shape in enumerate(shapes, 1)]
        write_layer(folder / name, rows)

    return change


def in_degrees(name: str) -> Change:
    """Say of a layer in metres that it is in degrees."""
    return edit(name, "EPSG::4549", "EPSG::4326")


def barriers(*shapes: shapely.Geometry) -> Change:
    return both(
        layer("b.geojson", *shapes),
        in_study("min_component_m = 0", 'min_component_m = 0\nbarriers = "b.geojson"'),
    )


def both(*changes: Change) -> Change:
    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def raster(cells: np.ndarray, **options: Any) -> Change:
    """Take people from a raster; 3 × 3 cells of 100 m, the upper left at (0, 300)."""

    def change(folder: Path) -> None:
        profile = {
            "crs": "EPSG:4549",
            "transform": Affine(100, 0, EAST_M, 0, -100, NORTH_M + 300),
            "dtype": "float64",
            "count": 1,
            "height": cells.shape[0],
            "width": cells.shape[1],
        } | options
        with rasterio.open(folder / "p.tif", "w", driver="GTiff", **profile) as target:
            target.write(cells.astype("float64"), 1)
        in_study(PEOPLE, '{ group = "p60", raster = "p.tif" }')(folder)

    return change


def osm(name: str, text: Callable[[str], str] = str, *, extent: bool = True) -> Change:
    """Take the network from an OSM file, with its text changed."""

    def change(folder: Path) -> None:
        path = write_osm(folder / name, NODES, "ABCD")
        path.write_text(text(path.read_text("utf-8")), encoding="utf-8")
        in_study('"streets.geojson"', f'"{name}"')(folder)
        if not extent:
            in_study('extent = "extent.geojson"\n', "")(folder)

    return change


def run(folder: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the study in this process; return the exit code and what stands on stderr."""
    code, _, said = heard(capfd, "run", folder / "study.toml", "--out", folder / "out")
    return code, said


def refused(folder: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """Run a study that must be refused; return the one line of the message."""
    code, said = run(folder, capfd)
    assert code == 2, said
    assert said.count("\n") == 1, said
    return said


def accepted(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Run a study that must go through; return its summary and its findings."""
    assert run(folder, capfd) == (0, "")
    summary = json.loads((folder / "out" / "summary.json").read_text("utf-8"))
    with (folder / "out" / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    findings = [row for row in rows if row["code"] != "NO_STATUS_COLUMN"]  # of these sites always
    for people in summary["population"]:
        assert people["input"] == pytest.approx(people["inside"] + people["outside"])
    for row in summary["coverage"]:
        states = (row["covered"], row["gap"], row["unknown"])
        assert sum(states) == pytest.approx(row["persons"], abs=1e-6)
    return summary, findings


def two_layers(name: str) -> Change:
    def change(folder: Path) -> None:
        for part in "ab":
            gpd.read_file(folder / "wards.geojson").to_file(folder / name, layer=part)

    return change


LOCAL = """'LOCAL_CS["site plan",UNIT["metre",1]]'"""
FLAT = shapely.Polygon([(0, 0), (100, 0), (200, 0), (0, 0)])

REFUSED = {
    "boundary elsewhere": (
        layer("boundary.geojson", shapely.box(50_000, 0, 51_000, 1000)),
        r"boundary\.geojson: The boundary and the streets do not meet",
    ),
    "boundary in a wrong CRS": (in_degrees("boundary.geojson"), r"boundary\.geojson"),
    "streets in a wrong CRS": (in_degrees("wards.geojson"), r"wards\.geojson.*belt.*4549"),
    "network in a wrong CRS": (in_degrees("streets.geojson"), r"streets\.geojson"),
    "raster in a wrong CRS": (raster(np.ones((3, 3)), crs="EPSG:4326"), r"p\.tif"),
    "network of a vertex out of this world": (
        edit("streets.geojson", "500000.0", "1e300"),
        r"streets\.geojson",
    ),
    "table in a local CRS": (
        in_study('value = "p60", crs = "EPSG:4549"', f'value = "p60", crs = {LOCAL}'),
        r"homes\.csv: .*site plan",
    ),
    "raster in a local CRS": (raster(np.ones((3, 3)), crs=LOCAL[1:-1]), r"p\.tif"),
    "boundary without an area": (layer("boundary.geojson", FLAT), r"boundary\.geojson, row 1"),
    "extent without an area": (layer("extent.geojson", FLAT), r"extent\.geojson, row 1"),
    "two streets of one shape": (
        layer("wards.geojson", BOX, BOX),
        r"wards\.geojson: .*'S2'.*'S1'",
    ),
    "more people in a cell than there are": (raster(np.full((3, 3), 1e30)), r"p\.tif: .*people"),
    "more people in all than there are": (raster(np.full((3, 3), 5e9)), r"p\.tif: .*people"),
    "calibrated to more people than there are": (
        in_study('value = "p60",', 'value = "p60", calibrate_to = 1e30,'),
        "calibrate_to",
    ),
    "people outside scaled beyond all bounds": (
        both(
            in_study('value = "p60",', 'value = "p60", calibrate_to = 1e9,'),
            write("homes.csv", HOMES + "500000,3490000,a,1\n510000,3490000,b,100\n"),
        ),
        r"homes\.csv: .*people",
    ),
    "households of next to nobody": (
        in_study('group = "p60"', 'group = "p60"\nhousehold_size = 1e-30'),
        r"household_size'?: is 1E-30",
    ),
    "a leg beyond all bounds": (in_study("[walk]", "[walk]\nmax_snap_m = 1e400"), "max_snap_m"),
    "a speed beyond all bounds": (in_study("[walk]", "[walk]\nspeed_m_s = 1e9"), "speed_m_s"),
    "a component beyond all bounds": (
        in_study("min_component_m = 0", "min_component_m = " + "9" * 400),
        "min_component_m",
    ),
    "a number too long to read": (in_study("[walk]", "[walk]\nspeed_m_s = " + "9" * 5000), "TOML"),
    "a nest too deep to read": (in_study("[walk]", "x = " + "[" * 5000 + "]" * 5000), "TOML"),
    "an added category of a known name": (
        in_study("[walk]", '[categories]\nmeal_point = "x"\n[walk]'),
        r"categories\.meal_point",
    ),
    "an added category of a row of the results": (
        in_study("[walk]", '[categories]\nany = "x"\n[walk]'),
        r"categories\.any",
    ),
    "one rule pack twice": (
        in_study("[walk]", '[rules]\npacks = ["liangxi-2025", "liangxi-2025"]\n[walk]'),
        r"rules\.packs",
    ),
    "a folder for a file": (in_study('points = "homes.csv"', 'points = "."'), "is a folder"),
    "a name too long for a file": (
        in_study('points = "homes.csv"', f'points = "{"a" * 5000}"'),
        "no such file",
    ),
    "longitude and latitude the wrong way round": (
        both(
            in_study('crs = "EPSG:4549"\ncovers', 'datum = "wgs84"\ncovers'),
            write("sites.csv", "lon,lat,name\n31.5,120.0,a\n31.6,120.1,b\n"),
        ),
        r"sites\.csv, row 2, column 'lon': .*31\.5, 120\.0",
    ),
    "people in degrees for metres": (
        write("homes.csv", HOMES + "120.0,31.5,a,5\n"),
        r"homes\.csv, row 2, column 'x_m': .*120\.0, 31\.5",
    ),
    "a list without a filled coordinate": (
        write("sites.csv", SITES + ",,f1,a\n"),
        r"sites\.csv, row 2, column 'x_m': no row has a usable position",
    ),
    "a node id that no computer holds": (
        osm("n.osm", lambda text: text.replace('"65"', '"99999999999999999999"')),
        r"n\.osm: cannot be read",
    ),
    "a file of two layers": (
        both(two_layers("w.gpkg"), in_study('"wards.geojson"', '"w.gpkg"')),
        r"w\.gpkg: holds 2 layers: a, b",
    ),
    "barriers of points": (barriers(shapely.Point(5, 5)), r"b\.geojson, row 1: .*Point"),
    "barriers in a wrong CRS": (
        both(barriers(shapely.LineString([(0, 5), (9, 5)])), in_degrees("b.geojson")),
        r"b\.geojson.*belt.*4549",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, study, capfd):
    change, says = REFUSED[name]
    change(study)
    assert re.search(says, refused(study, capfd))


def test_the_study_runs_unspoiled(study, capfd):
    summary, findings = accepted(study, capfd)
    assert summary["population"][0]["inside"] == 150
    assert findings == []


def test_coordinates_that_cannot_be_are_listed(study, capfd):
    """Degrees and nonsense where metres are declared; the people of the rows are counted."""
    lon, lat = lon_lat([(10, 5)])[0]
    rows = f"{lon},{lat},a,1\n1e300,3490000,b,2\n0,0,c,4\n500000,3490000,d,8\n"
    write("homes.csv", HOMES + rows)(study)
    summary, findings = accepted(study, capfd)
    people = summary["population"][0]
    assert (people["input"], people["inside"], people["outside"]) == (15, 8, 7)
    assert sorted((i["row"], i["persons"]) for i in findings) == [
        ("2", "1"),
        ("3", "2"),
        ("4", "4"),
    ]


def test_points_of_a_layer_that_cannot_be_are_listed(study, capfd):
    def point(x: float, y: float) -> shapely.Point:
        return shapely.Point(x - EAST_M, y - NORTH_M)

    places = [point(1e300, NORTH_M), shapely.Point(300, 10)]
    layer("sites.geojson", *places)(study)
    in_study('"sites.csv"', '"sites.geojson"')(study)
    summary, findings = accepted(study, capfd)
    assert [(i["file"], i["row"], i["code"]) for i in findings] == [
        ("sites.geojson", "1", "BAD_COORDINATES"),
        ("sites.geojson", "1", "SITE_PLACE_MISSING"),
    ]
    assert summary["facilities"][0]["rows"] == 2


def test_barriers_of_polygons_and_of_nothing(study, capfd):
    """The rim of a polygon holds back the home in it; an empty row is listed."""
    barriers(shapely.box(5, 2, 20, 8), shapely.LineString())(study)
    summary, findings = accepted(study, capfd)
    assert summary["snapping"]["persons_unsnapped"] == 100
    assert {i["code"] for i in findings} == {"ACCESS_BARRIER", "NO_POSITION"}


def test_an_area_beyond_all_bounds_is_listed(study, capfd):
    write("sites.csv", "x_m,y_m,facility_id,floor_area_m2\n500300,3490010,f1,1e400\n")(study)
    summary, findings = accepted(study, capfd)
    assert summary["facilities"][0]["rows"] == 1
    assert [(i["row"], i["column"], i["code"]) for i in findings] == [
        ("2", "floor_area_m2", "UNREADABLE")
    ]


def test_a_pack_of_ones_own_lies_beside_the_study(study, capfd, monkeypatch, tmp_path_factory):
    """Relative to the study file, whatever the working directory is."""
    pack = resources.files("circle15.rules").joinpath("packs/liangxi-2025.toml")
    write("own.toml", pack.read_text("utf-8"))(study)
    in_study("[walk]", '[rules]\npacks = ["own.toml"]\n[walk]')(study)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    summary, _ = accepted(study, capfd)
    assert summary["rules"]


def test_zones_that_contradict_themselves(study, capfd):
    """A check must not say that such a study can be run; both name the row."""
    heading = "x_m,y_m,zone_id,kind,households,households_new,households_existing\n"
    rows = "500000,3490000,Z1,new,5,,\n500000,3490000,Z2,mixed,5,400,500\n"
    write("zones.csv", heading + rows)(study)
    text = (study / "study.toml").read_text("utf-8")
    layer = '[[residential_zones]]\nfile = "zones.csv"\ncrs = "EPSG:4549"\n'
    (study / "study.toml").write_text(text + layer, encoding="utf-8")
    code, _, said = heard(capfd, "check", study / "study.toml")
    assert code == 2
    assert re.search(r"zones\.csv, row 3, column 'households': zone 'Z2'", said)
    assert refused(study, capfd) == said


@pytest.mark.parametrize(
    "bounds",
    [
        '<bounds minlat="31.5" minlon="120" maxlat="31.5" maxlon="120"/>',
        '<bounds minlat="31.5" minlon="120" maxlat="31.6" maxlon="120"/>',
    ],
)
def test_a_header_that_bounds_nothing(bounds, study, capfd):
    """The extent is guessed then, and the guess is listed."""
    osm("n.osm", lambda text: text.replace("<node", bounds + "<node", 1), extent=False)(study)
    summary, findings = accepted(study, capfd)
    assert [i["code"] for i in findings] == ["EXTENT_GUESSED"]
    assert summary["coverage"][0]["persons"] == 150


@pytest.mark.parametrize(
    "change",
    [
        layer("boundary.geojson", shapely.box(550, 150, 650, 280)),
        raster(np.ones((3, 3)), transform=Affine(100, 0, EAST_M + 9e4, 0, -100, NORTH_M)),
        raster(np.zeros((3, 3))),
        write("homes.csv", HOMES + "510000,3490000,a,7\n"),
    ],
    ids=["boundary without homes", "raster elsewhere", "nobody at all", "people elsewhere"],
)
def test_nobody_inside_is_listed(change, study, capfd):
    change(study)
    summary, findings = accepted(study, capfd)
    assert summary["population"][0]["inside"] == 0
    (finding,) = [i for i in findings if i["code"] == "NOBODY_INSIDE"]
    assert float(finding["persons"]) == summary["population"][0]["outside"]
    assert {row["share_covered"] for row in summary["coverage"]} == {None}


def test_cells_that_hold_lists(study, capfd):
    """GeoJSON may: a name of two parts is a text, an area of several is unreadable."""
    write(
        "sites.geojson",
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{"facility_id": "f1", "name": ["a", "b"], "floor_area_m2": [1, 2]}, "geometry": '
        '{"type": "Point", "coordinates": [120.003, 31.5324]}}]}',
    )(study)
    in_study('"sites.csv"', '"sites.geojson"')(study)
    summary, findings = accepted(study, capfd)
    assert summary["facilities"][0]["open"] == 1
    assert [i["code"] for i in findings] == ["UNREADABLE"]


def test_lines_that_end_as_on_an_old_macintosh(study, capfd):
    text = (study / "homes.csv").read_text("utf-8")
    write("homes.csv", text.replace("\n", "\r"))(study)
    summary, _ = accepted(study, capfd)
    assert summary["population"][0]["inside"] == 150


def test_a_round_trip_is_said_in_the_report(study, capfd):
    in_study("[walk]", '[walk]\njudge = "round_trip"')(study)
    summary, findings = accepted(study, capfd)
    assert summary["parameters"]["judge"] == "round_trip"
    assert findings == []


@pytest.mark.parametrize("kind", ["osm", "lines"])
def test_a_stray_way_far_away_does_not_choose_the_crs(kind, study, capfd):
    """Home and site on one street: 5 m to it, 290 m along it, 10 m from it."""
    far = (-6e6, -1e6)
    nodes = {**NODES, "Y": far, "Z": (far[0], far[1] + 10)}
    if kind == "osm":
        write_osm(study / "n.osm", nodes, "ABCD", "YZ")
        in_study('"streets.geojson"', '"n.osm"')(study)
    else:
        write_streets(study / "streets.geojson", nodes, "ABCD", "YZ")
    for old, new in (
        ('crs = "EPSG:4549"\n', 'crs = "auto"\n'),
        ('boundary = "boundary.geojson"\n', ""),
    ):
        in_study(old, new)(study)
    summary, _ = accepted(study, capfd)
    assert summary["study"]["crs"] == "EPSG:4549"
    times = pd.read_parquet(study / "out" / "coverage.parquet").set_index("demand_id")["time_ms"]
    assert list(times["h1"][:3]) == pytest.approx([305_000] * 3, abs=20)  # OSM: 1e-7 degrees
