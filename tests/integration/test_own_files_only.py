"""Files that refer to other files or to the network are refused, and nothing is fetched."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from tests.commands import call, refused
from tests.streets import EAST_M, NORTH_M, write_study

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
BOX = shapely.box(-200, -200, 800, 500)
PEOPLE = 'points = "homes.csv", value = "p60", crs = "EPSG:4549"'


class Server(HTTPServer):
    hits = 0


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        assert isinstance(self.server, Server)
        self.server.hits += 1
        self.send_error(404)

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names that the library calls

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """Count what is asked of a server; nothing may be."""
    own = Server(("127.0.0.1", 0), _Answer)
    thread = threading.Thread(target=own.serve_forever, daemon=True)
    thread.start()
    yield own
    own.shutdown()
    thread.join()
    own.server_close()
    assert own.hits == 0


@pytest.fixture
def study(tmp_path):
    return write_study(
        tmp_path, NODES, ["ABC"], {"h1": (10, 5, 100)}, {"f1": (300, 10)}, boundary=BOX
    )


def edit(study, old, new):
    text = study.read_text("utf-8")
    assert text.count(old) == 1, old
    study.write_text(text.replace(old, new), encoding="utf-8")


VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='boundary'><SrcDataSource>{path}</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>"
)
WFS = "<OGRWFSDataSource><URL>http://127.0.0.1:{port}/wfs?SERVICE=WFS</URL></OGRWFSDataSource>"
GDALG = json.dumps(
    {"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {path} ! write -"}
).replace("{path}", "PATH")


@pytest.mark.parametrize("suffix", ["geojson", "json", "kml", "gpkg", "fgb", "shp"])
@pytest.mark.parametrize("kind", ["vrt", "wfs", "gdalg"])
def test_a_virtual_layer_is_refused_whatever_its_suffix(study, server, capfd, suffix, kind):
    secret = study.parent / "boundary.geojson"
    text = {
        "vrt": VRT.format(path=secret),
        "wfs": WFS.format(port=server.server_port),
        "gdalg": GDALG.replace("PATH", str(secret)),
    }[kind]
    (study.parent / f"b.{suffix}").write_text(text, encoding="utf-8")
    edit(study, '"boundary.geojson"', f'"b.{suffix}"')
    refused(study, capfd, f"b.{suffix}", "refers to other files or to the network")


def test_a_virtual_layer_within_an_archive_is_refused(study, capfd):
    with zipfile.ZipFile(study.parent / "b.zip", "w") as archive:
        archive.writestr("b.geojson", VRT.format(path=study.parent / "boundary.geojson"))
    edit(study, '"boundary.geojson"', '"b.zip"')
    refused(study, capfd, "b.zip", "refers to other files")


@pytest.mark.parametrize(
    ("content", "suffix"),
    [(b"SQLite format 3\0", "geojson"), (b"PK\x03\x04", "fgb"), (b"{}", "kml"), (b"<kml>", "json")],
)
def test_a_suffix_opens_with_its_own_driver(study, capfd, content, suffix):
    (study.parent / f"b.{suffix}").write_bytes(content)
    edit(study, '"boundary.geojson"', f'"b.{suffix}"')
    refused(study, capfd, f"b.{suffix}", "cannot be read (it is not")


def test_a_real_layer_of_another_format_is_refused(study, capfd):
    layer = gpd.read_file(study.parent / "boundary.geojson")
    layer.to_file(study.parent / "b.gpkg", engine="pyogrio")
    (study.parent / "b.gpkg").rename(study.parent / "b.geojson")
    edit(study, '"boundary.geojson"', '"b.geojson"')
    refused(study, capfd, "b.geojson", "it is not a GeoJSON")


LINKS = {
    "link": {"type": "link", "properties": {"href": "URL", "type": "ogcwkt"}},
    "url": {"type": "URL", "properties": {"url": "URL"}},
    "capitals": {"type": "LINK", "properties": {"href": "URL"}},
}


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("where", ["root", "geometry", "escaped"])
def test_a_crs_that_is_a_link_is_not_fetched(study, server, capfd, name, where):
    path = study.parent / "boundary.geojson"
    layer = json.loads(path.read_text("utf-8"))
    url = f"http://127.0.0.1:{server.server_port}/crs.wkt"
    link = json.loads(json.dumps(LINKS[name]).replace("URL", url, 1 if name != "url" else 0))
    if name == "url":
        link["properties"]["url"] = url
    if where == "geometry":
        layer["features"][0]["geometry"]["crs"] = link
    else:
        layer["crs"] = link
    text = json.dumps(layer)
    if where == "escaped":
        text = text.replace('"crs"', '"\\u0063rs"').replace('"type"', '"\\u0074ype"')
    path.write_text(text, encoding="utf-8")
    refused(study, capfd, "boundary.geojson", "refers to other files or to the network (crs")


def test_words_that_only_look_like_links_are_read(study, capfd):
    """A property `url`, a property of type `link`, and a named crs."""
    path = study.parent / "boundary.geojson"
    layer = json.loads(path.read_text("utf-8"))
    layer["features"][0]["properties"] = {"url": "https://example.org", "type": "link", "href": ""}
    path.write_text(json.dumps(layer), encoding="utf-8")
    assert call("check", study) == 0
    assert "0" in capfd.readouterr().out


def test_a_column_that_calls_out_is_refused(study, server, capfd):
    path = study.parent / "b.gpkg"
    gpd.read_file(study.parent / "boundary.geojson").to_file(path, layer="b", engine="pyogrio")
    with sqlite3.connect(path) as database:
        database.create_function("ogr_geocode", 1, lambda _: 1, deterministic=True)
        database.execute("ALTER TABLE b ADD COLUMN place AS (ogr_geocode('Wuxi'))")
    edit(study, '"boundary.geojson"', '"b.gpkg"')
    refused(study, capfd, "b.gpkg", "refers to other files or to the network (b calls ogr_geocode")


@pytest.mark.parametrize("call_", ["ogr_geocode('Wuxi')", "load_extension('x.so')"])
def test_a_view_that_calls_out_is_refused(study, server, capfd, call_):
    path = study.parent / "b.gpkg"
    gpd.read_file(study.parent / "boundary.geojson").to_file(path, layer="b", engine="pyogrio")
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE VIEW v AS SELECT *, {call_} AS place FROM b")
    edit(study, '"boundary.geojson"', '"b.gpkg"')
    refused(study, capfd, "b.gpkg", "refers to other files or to the network (v calls")


def test_a_plain_view_is_read(study, capfd):
    path = study.parent / "b.gpkg"
    gpd.read_file(study.parent / "boundary.geojson").to_file(path, layer="b", engine="pyogrio")
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW v AS SELECT fid FROM b")
    edit(study, '"boundary.geojson"', '{ file = "b.gpkg", sheet = "b" }')
    assert call("check", study) == 0
    capfd.readouterr()


def tiff(path, value=1.0, **tags):
    shape = {"count": 1, "height": 10, "width": 10, "dtype": "float32"}
    corner = from_origin(EAST_M - 100, NORTH_M + 500, 100, 100)
    with rasterio.open(path, "w", driver="GTiff", crs=4549, transform=corner, **shape) as file:
        file.write(np.full((10, 10), value, np.float32), 1)
        for namespace, items in tags.items():
            file.update_tags(ns=namespace, **items)


RASTER_VRT = (
    "<VRTDataset rasterXSize='10' rasterYSize='10'><SRS>EPSG:4549</SRS>"
    "<GeoTransform>499900, 100, 0, 3490500, 0, -100</GeoTransform>"
    "<VRTRasterBand dataType='Float32' band='1'><SimpleSource>"
    "<SourceFilename relativeToVRT='0'>{path}</SourceFilename><SourceBand>1</SourceBand>"
    "</SimpleSource></VRTRasterBand></VRTDataset>"
)
RAW_VRT = (
    "<VRTDataset rasterXSize='2' rasterYSize='2'><SRS>EPSG:4549</SRS>"
    "<GeoTransform>499900, 100, 0, 3490500, 0, -100</GeoTransform>"
    "<VRTRasterBand dataType='Byte' band='1' subClass='VRTRawRasterBand'>"
    "<SourceFilename relativeToVRT='0'>{path}</SourceFilename></VRTRasterBand></VRTDataset>"
)
WMS = (
    "<GDAL_WMS><Service name='TMS'><ServerUrl>http://127.0.0.1:{port}/${{z}}/${{x}}/${{y}}.png"
    "</ServerUrl></Service><DataWindow><SizeX>10</SizeX><SizeY>10</SizeY></DataWindow>"
    "<Projection>EPSG:4549</Projection><BandsCount>1</BandsCount></GDAL_WMS>"
)


@pytest.mark.parametrize("key", ["raster", "dem"])
@pytest.mark.parametrize("kind", ["vrt", "raw", "wms"])
@pytest.mark.parametrize("suffix", ["tif", "asc", "vrt", "xml", "img"])
def test_a_virtual_raster_is_refused_whatever_its_suffix(study, server, capfd, key, kind, suffix):
    secret = study.parent / "secret.tif"
    tiff(secret)
    text = {"vrt": RASTER_VRT, "raw": RAW_VRT, "wms": WMS}[kind]
    (study.parent / f"p.{suffix}").write_text(
        text.format(path=secret, port=server.server_port), encoding="utf-8"
    )
    name_raster(study, key, f"p.{suffix}")
    says = "refers to other files" if suffix in {"tif", "asc"} else "is not a raster format"
    refused(study, capfd, f"p.{suffix}", says)


def name_raster(study, key, name):
    if key == "raster":
        edit(study, PEOPLE, f'raster = "{name}"')
    else:
        edit(study, "min_component_m = 0", f'min_component_m = 0\ndem = "{name}"')


@pytest.mark.parametrize("key", ["raster", "dem"])
@pytest.mark.parametrize("side", ["p.tif.aux.xml", "p.tif.ovr", "p.tif.msk", "p.msk", "P.TIF.OVR"])
def test_what_stands_beside_a_raster_may_lead_nowhere(study, capfd, key, side):
    tiff(study.parent / "p.tif")
    tiff(study.parent / "secret.tif", 7.0)
    link = RASTER_VRT.format(path=study.parent / "secret.tif")
    if side.endswith(".aux.xml"):
        link = (
            "<PAMDataset><Metadata domain='OVERVIEWS'><MDI key='OVERVIEW&#95;FILE'>secret.tif</MDI>"
            "</Metadata></PAMDataset>"
        )
    (study.parent / side).write_text(link, encoding="utf-8")
    name_raster(study, key, "p.tif")
    refused(study, capfd, side, "refers to other files or to the network")


def test_a_raster_that_names_its_overviews_elsewhere_is_refused(study, capfd):
    tiff(study.parent / "p.tif", OVERVIEWS={"OVERVIEW_FILE": "secret.tif"})
    name_raster(study, "raster", "p.tif")
    refused(study, capfd, "p.tif", "names another file for its overviews")


def test_real_overviews_and_statistics_do_no_harm(study, capfd):
    tiff(study.parent / "p.tif")
    shutil.copy(study.parent / "p.tif", study.parent / "p.tif.ovr")
    (study.parent / "p.tif.aux.xml").write_text(
        "<PAMDataset><PAMRasterBand band='1'><Metadata><MDI key='STATISTICS_MEAN'>1</MDI>"
        "</Metadata></PAMRasterBand></PAMDataset>",
        encoding="utf-8",
    )
    name_raster(study, "raster", "p.tif")
    assert call("check", study) == 0
    capfd.readouterr()


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:{port}/crs.prj", "/vsicurl/http://127.0.0.1:{port}/crs.prj"]
)
def test_a_crs_or_file_of_the_network_is_not_fetched(study, server, capfd, text):
    url = text.format(port=server.server_port)
    before = study.read_text("utf-8")
    edit(study, 'crs = "EPSG:4549"\n[area]', f'crs = "{url}"\n[area]')
    refused(study, capfd, "is not a known CRS")
    study.write_text(before, encoding="utf-8")
    edit(study, '"boundary.geojson"', f'"{url}"')
    refused(study, capfd, "is the address of a server, not the path of a file", "Download it")


GUARD = """
import os, socket, sys

ASKS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
        "socket.gethostbyname", "socket.gethostbyaddr"}

def refuse(event, args):
    # a pair of sockets within the machine is how processes talk
    made = event == "socket.__new__" and args[1] in {socket.AF_INET, socket.AF_INET6}
    if made or event in ASKS:
        sys.stderr.write(f"the network was asked: {event} {args}")
        os._exit(99)

sys.addaudithook(refuse)
sys.argv = ["circle15", *sys.argv[1:]]
from circle15.cli import main
main()
"""


def test_a_run_without_a_place_asks_no_network(study):
    """Python's sockets are watched by a hook, those of the libraries by strace where it is."""
    command = [sys.executable, "-P", "-c", GUARD, "run", str(study), "--out"]
    done = subprocess.run(
        [*command, str(study.parent / "out")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: only Python's own sockets were watched")
    log = study.parent / "trace.txt"
    trace = [
        "strace",
        "-f",
        "-qq",
        "-e",
        "trace=socket,connect,sendto,sendmsg,sendmmsg",
        "-o",
        str(log),
    ]
    done = subprocess.run(
        [*trace, *command, str(study.parent / "out2")], capture_output=True, text=True, check=False
    )
    if done.returncode == 1 and "ptrace" in done.stderr:
        pytest.skip("strace is not allowed here")
    assert done.returncode == 0, done.stderr
    assert [line for line in log.read_text("utf-8").splitlines() if "AF_INET" in line] == []


def test_maps_and_checks_load_no_library_of_the_network():
    code = (
        "import sys, circle15.workflow.checking, circle15.output.map.html;"
        "sys.exit('urllib3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-P", "-c", code], check=False).returncode == 0


def test_the_guard_sees_the_network():
    asks = "import socket; socket.create_connection(('127.0.0.1', 9))"
    broken = GUARD.replace("from circle15.cli import main\nmain()", asks)
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, check=False)
    assert done.returncode == 99


@pytest.mark.parametrize(
    "crs",
    [
        'GEOGCS["m",DATUM["m",SPHEROID["m",3396190,169.89]],PRIMEM["x",0],UNIT["degree",0.0174532925]]',
        'LOCAL_CS["site",UNIT["metre",1]]',
    ],
)
def test_a_raster_with_a_crs_that_says_nothing_is_one_line(study, capfd, crs):
    tiff(study.parent / "p.tif")
    with rasterio.open(study.parent / "p.tif", "r+") as file:
        file.crs = rasterio.crs.CRS.from_wkt(crs)
    name_raster(study, "raster", "p.tif")
    refused(study, capfd, "p.tif", "CRS")


@pytest.mark.parametrize("text", ["GEOGCS[", 'PROJCS["x"]', "+proj=nothing", 'ENGCRS["a"]'])
def test_a_shapefile_with_a_broken_prj_is_one_line(study, capfd, text):
    layer = gpd.read_file(study.parent / "boundary.geojson")
    layer.to_file(study.parent / "b.shp", engine="pyogrio")
    (study.parent / "b.prj").write_text(text, encoding="utf-8")
    edit(study, '"boundary.geojson"', '"b.shp"')
    refused(study, capfd, "b.shp")
