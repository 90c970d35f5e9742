"""
The same area in every format gives the same times, to the millisecond, and the same states.

One OpenStreetMap file is written as pbf, xml, gz and bz2; as a graph by OSMnx and by
`WalkNetwork.to_graph`; and as GeoParquet, GeoPackage, GeoJSON and shape file of lines. All studies
name the same extent, and the same barriers beside those of the file: a layer of streets has no
rivers. Squares are walked around: a graph or a line has no area to cross. Layers of lines have no
nodes, so no signals: all formats are compared on plain streets, and those that keep nodes with all
costs. Nothing else is kept apart, and no difference is tolerated: lengths come from the same
degrees, so they are the same millimetres.
"""

from __future__ import annotations

import itertools
import shutil
import warnings
from pathlib import Path

import geopandas as gpd
import osmium
import osmnx
import pandas as pd
import pytest
import shapely
from tests.streets import OsmWay, write_osm, write_study

from circle15.inputs.crs.positions import WGS84, choose_crs
from circle15.network.osm.osm_file import read_osm
from circle15.network.sources.network_source import open_network
from circle15.study.settings.reading import load_study
from circle15.study.settings.records import NetworkSource
from circle15.workflow.pipeline import run_study

FORMATS = (
    "xml",
    "pbf",
    "gz",
    "bz2",
    "osmnx.graphml",
    "own.graphml",
    "parquet",
    "gpkg",
    "geojson",
    "shp",
)
TAGS = ("highway", "name", "foot", "access", "bridge", "tunnel", "layer", "oneway:foot")


def lines_of(source: Path) -> gpd.GeoDataFrame:
    """One line per pair of neighbouring nodes, in degrees, with the tags as columns."""
    rows, shapes = [], []
    for way in osmium.FileProcessor(str(source)).with_locations():
        if not isinstance(way, osmium.osm.Way) or "highway" not in way.tags:
            continue
        for a, b in itertools.pairwise(way.nodes):
            if a.location.valid() and b.location.valid() and a.ref != b.ref:
                rows.append({key: way.tags.get(key) for key in TAGS})
                ends = [(n.location.x / 10_000_000, n.location.y / 10_000_000) for n in (a, b)]
                shapes.append(shapely.LineString(ends))
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=TAGS), geometry=shapes, crs=WGS84)


def write_again(source: Path, target: Path) -> None:
    with osmium.SimpleWriter(str(target)) as writer:
        for one in osmium.FileProcessor(str(source)):
            writer.add(one)


def as_osmnx(source: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an analyst would: all ways, no simplification, the tags that matter to people on foot."""
    monkeypatch.setattr(osmnx.settings, "useful_tags_way", ["highway", "oneway", *TAGS])
    xml = target.with_suffix(".osm")
    write_again(source, xml)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = osmnx.graph_from_xml(xml, simplify=False, retain_all=True)
    osmnx.save_graphml(graph, target)


def as_own(source: Path, target: Path, profile: str) -> None:
    opened = open_network(NetworkSource(source, squares="around"))
    crs = choose_crs("auto", *opened.middle(), source)
    osmnx.save_graphml(opened.build(crs, profile=profile)[0].to_graph(), target)


def write_format(
    source: Path, folder: Path, kind: str, patch: pytest.MonkeyPatch, *, profile: str = "plain"
) -> Path:
    """Write the streets of an OSM file in another format."""
    suffix = {"xml": "osm", "pbf": "osm.pbf", "gz": "osm.gz", "bz2": "osm.bz2"}.get(kind, kind)
    target = folder / f"network.{suffix}"
    if kind in {"xml", "pbf", "gz", "bz2"}:
        write_again(source, target)
    elif kind == "osmnx.graphml":
        as_osmnx(source, target, patch)
    elif kind == "own.graphml":
        as_own(source, target, profile)
    elif kind == "parquet":
        lines_of(source).to_parquet(target)
    elif kind == "shp":
        lines_of(source).rename(columns={"oneway:foot": "oneway_f"}).to_file(target)
    else:
        lines_of(source).to_file(target)
    return target


def write_barriers(source: Path, target: Path) -> None:
    lines = [
        shapely.LineString([(lon / 10_000_000, lat / 10_000_000) for _, lon, lat in run])
        for way in read_osm(source).barriers
        for run in way.runs
    ]
    gpd.GeoDataFrame(geometry=lines, crs=WGS84).to_file(target)


def study_with(folder: Path, network: Path, template: str) -> Path:
    """Write the study of a network; a shape file cuts the names of its columns."""
    text = template.replace('"@"', f'"{network.name}"')
    if network.suffix == ".shp":
        text = text.replace("[network]", '[network]\ncolumns = { "oneway:foot" = "oneway_f" }')
    study = folder / f"{network.name}.toml"
    study.write_text(text, encoding="utf-8")
    return study


def coverage_of(study: Path) -> pd.DataFrame:
    return run_study(load_study(study)).coverage


# A small area with what formats may lose: B-D one way for people on foot, E-F a bridge over A-C
# that joins nothing, C-G private, a motorway, a river and a loop.
NODES = {
    "A": (0.0, 0.0),
    "B": (300.0, 0.0),
    "C": (600.0, 0.0),
    "D": (300.0, 400.0),
    "E": (450.0, 200.0),
    "F": (450.0, -200.0),
    "G": (600.0, 500.0),
    "H": (900.0, 0.0),
    "M": (0.0, 150.0),
    "N": (250.0, 150.0),
    "R": (700.0, 80.0),
    "S": (900.0, 80.0),
    "T": (700.0, 50.0),
    "U": (750.0, -60.0),
}
FOOT = {"highway": "footway"}
WAYS = (
    OsmWay("ABC", {"highway": "residential", "name": "人民路", "oneway": "yes"}),
    OsmWay("BD", FOOT | {"oneway:foot": "yes"}),
    OsmWay("EF", FOOT | {"bridge": "yes", "layer": "1"}),
    OsmWay("CG", {"highway": "service", "access": "private"}),
    OsmWay("MN", {"highway": "motorway"}),
    OsmWay("RS", {"waterway": "river"}),
    OsmWay("CH", {"highway": "tertiary"}),
    OsmWay("CTUC", {"highway": "path"}),
    OsmWay("DE", {"highway": "steps", "oneway:foot": "-1"}),
    OsmWay("GD", {"highway": "living_street"}),
)
HOMES = {
    "h1": (10, 5, 100),
    "h2": (305, 390, 50),
    "h3": (455, -190, 9),
    "h4": (850, 90, 3),
    "h5": (605, 450, 7),
    "h6": (740, -50, 2),
    "h7": (100, 140, 5),
}
SITES = {"f1": (20.0, -4.0), "f2": (590.0, 250.0), "f3": (880.0, -5.0)}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    study = write_study(folder, NODES, ["AB"], HOMES, SITES, walk='profile = "plain"')
    signals = {"B": {"highway": "traffic_signals"}, "C": {"highway": "traffic_signals"}}
    write_osm(folder / "source.osm", NODES, *WAYS, node_tags=signals)
    write_barriers(folder / "source.osm", folder / "barriers.gpkg")
    text = study.read_text("utf-8").replace(
        '"streets.geojson"', '"@"\nsquares = "around"\nbarriers = "barriers.gpkg"'
    )
    (folder / "template.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def wangjing(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("wangjing")
    here = Path(__file__).parents[1] / "real" / "beijing_wangjing"
    for name in ("homes.csv", "sites.csv"):
        shutil.copy(here / name, folder)
    source = folder / "source.osm"
    shutil.copy(real_data / "china_osm" / "beijing_wangjing.osm", source)
    write_barriers(source, folder / "barriers.gpkg")
    bounds = read_osm(source).bounds
    assert bounds is not None
    gpd.GeoDataFrame(geometry=[shapely.box(*bounds)], crs=WGS84).to_file(folder / "extent.gpkg")
    text = (here / "study.toml").read_text("utf-8")
    text = text.replace("${CIRCLE15_REAL_DATA}/china_osm/beijing_wangjing.osm", "@")
    more = 'extent = "extent.gpkg"\nbarriers = "barriers.gpkg"\n[walk]\nprofile = "plain"\n[demand]'
    text = text.replace("[demand]", more)
    (folder / "template.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("area", ["small", "wangjing"])
def test_times_do_not_depend_on_the_format(area, kind, request, monkeypatch):
    folder = request.getfixturevalue(area)
    template = (folder / "template.toml").read_text("utf-8")
    known = folder / "expected.parquet"
    if not known.exists():
        coverage_of(study_with(folder, folder / "source.osm", template)).to_parquet(known)
    network = write_format(folder / "source.osm", folder, kind, monkeypatch)
    expected, found = pd.read_parquet(known), coverage_of(study_with(folder, network, template))
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False
    )
    assert expected["time_ms"].notna().sum() > 10


@pytest.mark.parametrize("kind", ["pbf", "osmnx.graphml", "own.graphml"])
@pytest.mark.parametrize("area", ["small", "wangjing"])
def test_nor_do_stairs_and_signals(area, kind, request, monkeypatch, tmp_path):
    folder = tmp_path / area
    shutil.copytree(request.getfixturevalue(area), folder)
    for old in folder.glob("network.*"):
        old.unlink()
    without_costs = (folder / "template.toml").read_text("utf-8")
    template = without_costs.replace('profile = "plain"', 'profile = "older-adult"')
    plain = coverage_of(study_with(folder, folder / "source.osm", without_costs))
    expected = coverage_of(study_with(folder, folder / "source.osm", template))
    assert (expected["time_ms"] >= plain["time_ms"]).all()
    assert (expected["time_ms"] > plain["time_ms"]).any()
    monkeypatch.setattr(osmnx.settings, "useful_tags_node", ["highway", "crossing"])
    network = write_format(folder / "source.osm", folder, kind, monkeypatch, profile="older-adult")
    found = coverage_of(study_with(folder, network, template))
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False
    )


def test_the_small_area_is_what_it_says(small):
    """
    From h1 (10, 5) to f1 (20, -4) 10 m along A-B and legs of 5 and 4 m: 19 s. h2 and all others
    have times; nobody joins the bridge, and the river keeps h4 from the street south of it.
    """
    template = (small / "template.toml").read_text("utf-8")
    rows = coverage_of(study_with(small, small / "source.osm", template))
    rows = rows[(rows["speed_m_s"] == 1) & (rows["cutoff_min"] == 15)].set_index("demand_id")
    assert rows.loc["h1", "time_ms"] == pytest.approx(19_000, abs=30)
    assert rows["time_ms"].isna().sum() >= 1
