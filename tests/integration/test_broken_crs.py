"""A CRS that is broken, unknown or not of the earth is one line and exit code 2, in any file."""

from __future__ import annotations

import json
import sqlite3

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely
from pyproj import _network
from tests.commands import call, refused
from tests.streets import write_study

from circle15.inputs.crs.positions import WGS84, transform

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
BOX = shapely.box(-200, -200, 800, 500)


@pytest.fixture
def study(tmp_path):
    return write_study(
        tmp_path, NODES, ["ABC"], {"h1": (10, 5, 100)}, {"f1": (300, 10)}, boundary=BOX
    )


def edit(study, old, new):
    text = study.read_text("utf-8")
    assert text.count(old) == 1, old
    study.write_text(text.replace(old, new), encoding="utf-8")


TEXTS = [
    "EPSG:99999999",
    "EPSG:",
    "EPSG:5773",
    "EPSG:4978",
    "IAU_2015:49900",
    "+proj=nothing",
    "+proj=tmerc +lon_0=120 +ellps=GRS80 +nadgrids=/etc/hostname +units=m",
    "+proj=pipeline +step +proj=unitconvert",
    "+init=/etc/hostname:x",
    '{"type": "garbage"}',
    '{"type": "GeographicCRS", "name": 7}',
    "GEOGCS[",
    "\\u0000",
    "x" * 100_000,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("where", ["study", "layer"])
def test_a_crs_in_the_study_that_cannot_be_used(study, capfd, text, where):
    said = text if text == "\\u0000" else text.replace("\\", "\\\\").replace('"', '\\"')
    if where == "study":
        edit(study, 'crs = "EPSG:4549"\n[area]', f'crs = "{said}"\n[area]')
        refused(study, capfd, "study.toml")
    else:
        edit(study, 'value = "p60", crs = "EPSG:4549"', f'value = "p60", crs = "{said}"')
        refused(study, capfd, "homes.csv")


MARS = pyproj.CRS.from_user_input("IAU_2015:49900").to_json_dict()
PARQUET = {
    "type": {"type": "garbage"},
    "text": "garbage",
    "number": 4549,
    "list": ["EPSG:4549"],
    "mars": MARS,
    "vertical": pyproj.CRS.from_epsg(5773).to_json_dict(),
    "null": None,
}


@pytest.mark.parametrize("name", PARQUET)
def test_a_geoparquet_whose_crs_cannot_be_used(study, capfd, name):
    path = study.parent / "b.parquet"
    gpd.read_file(study.parent / "boundary.geojson").to_parquet(path)
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    geo["columns"]["geometry"]["crs"] = PARQUET[name]
    metadata = table.schema.metadata | {b"geo": json.dumps(geo).encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    edit(study, '"boundary.geojson"', '"b.parquet"')
    if name == "number":  # pyproj takes a number for a code of EPSG
        assert call("check", study) in {0, 2}
        assert "Traceback" not in capfd.readouterr().err
        return
    refused(study, capfd, "b.parquet")


@pytest.mark.parametrize("name", ["EPSG:99999", "garbage", "", "urn:ogc:def:crs:IAU_2015::49900"])
def test_a_geojson_whose_crs_cannot_be_used(study, capfd, name):
    """An unknown name is no crs at all: never WGS 84 in silence."""
    path = study.parent / "boundary.geojson"
    layer = json.loads(path.read_text("utf-8"))
    layer["crs"] = {"type": "name", "properties": {"name": name}}
    path.write_text(json.dumps(layer), encoding="utf-8")
    refused(study, capfd, "boundary.geojson")


@pytest.mark.parametrize("srs", [-1, 0, 424242])
def test_a_geopackage_without_a_crs(study, capfd, srs):
    path = study.parent / "b.gpkg"
    gpd.read_file(study.parent / "boundary.geojson").to_file(path, layer="b", engine="pyogrio")
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER IF EXISTS x")
        database.execute(f"UPDATE gpkg_geometry_columns SET srs_id = {srs}")
        database.execute(f"UPDATE gpkg_contents SET srs_id = {srs}")
    edit(study, '"boundary.geojson"', '"b.gpkg"')
    refused(study, capfd, "b.gpkg")


@pytest.mark.parametrize("crs", ["garbage", "EPSG:5773", "IAU_2015:49900", "{}"])
def test_a_graph_whose_crs_cannot_be_used(study, capfd, crs):
    (study.parent / "n.graphml").write_text(
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="c" for="graph" attr.name="crs" attr.type="string"/>'
        '<key id="x" for="node" attr.name="x" attr.type="double"/>'
        '<key id="y" for="node" attr.name="y" attr.type="double"/>'
        '<key id="h" for="edge" attr.name="highway" attr.type="string"/>'
        f'<graph edgedefault="directed"><data key="c">{crs}</data>'
        '<node id="1"><data key="x">120</data><data key="y">31.5</data></node>'
        '<node id="2"><data key="x">120.01</data><data key="y">31.5</data></node>'
        '<edge source="1" target="2"><data key="h">residential</data></edge></graph></graphml>',
        encoding="utf-8",
    )
    edit(study, '"streets.geojson"', '"n.graphml"')
    refused(study, capfd, "n.graphml")


def test_grids_are_never_downloaded():
    """Were a user's PROJ to ask the network, the first shift would turn that off."""
    before = _network.is_network_enabled()
    _network.set_network_enabled(active=True)
    try:
        crs = pyproj.CRS.from_user_input("+proj=longlat +datum=NAD27 +pm=1")
        transform(np.array([1.0]), np.array([2.0]), crs, WGS84)
        assert not _network.is_network_enabled()
    finally:
        _network.set_network_enabled(active=before)
