"""Formats of layers: geodatabases, KML, FlatGeobuf, zip; and files of several layers."""

from __future__ import annotations

import json
import shutil
import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from tests.streets import EAST_M, METRIC, NORTH_M, write_study

from circle15.errors import InputDataError
from circle15.inputs.files.source_files import sha256
from circle15.inputs.table_sources import read_table
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.reading import read_inputs, silent

NODES = {"A": (0.0, 0.0), "B": (1000.0, 0.0)}
BOX = shapely.box(-100, -100, 1100, 100)
SITES = {"f1": (100.0, 10.0), "f2": (900.0, 10.0)}


def small_study(folder):
    return write_study(folder, NODES, ["AB"], {"h": (10, 5, 100)}, SITES, boundary=BOX)


def frame_of(sites=SITES):
    points = [shapely.Point(x + EAST_M, y + NORTH_M) for x, y in sites.values()]
    names = [f"甲站{k}" for k in range(len(sites))]
    return gpd.GeoDataFrame({"编号": [*sites], "名称": names}, geometry=points, crs=METRIC)


def zipped(target, folder, *, within=""):
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.write(path, within + path.relative_to(folder).as_posix())
    return target


def written(folder, kind):
    """Sites in a format; returns the path."""
    frame, inner = frame_of(), folder / "inner"
    inner.mkdir()
    if kind == "gdb":
        frame.to_file(folder / "s.gdb", driver="OpenFileGDB", layer="s")
        return folder / "s.gdb"
    if kind == "fgb":
        frame.to_file(folder / "s.fgb", driver="FlatGeobuf")
        return folder / "s.fgb"
    if kind in {"kml", "kmz"}:
        frame.to_crs(4326).to_file(folder / f"s.{kind}", driver="LIBKML")
        return folder / f"s.{kind}"
    if kind == "gdb.zip":
        frame.to_file(inner / "s.gdb", driver="OpenFileGDB", layer="s")
    elif kind == "gpkg.zip":
        frame.to_file(inner / "s.gpkg", layer="s")
    else:
        frame.to_file(inner / "站点.shp", encoding="gbk")
    return zipped(folder / f"s.{kind}.zip", inner, within="图层/" if kind == "sub" else "")


@pytest.mark.parametrize("kind", ["gdb", "fgb", "kml", "kmz", "gdb.zip", "gpkg.zip", "shp", "sub"])
def test_sites_of_every_format_are_the_same_sites(tmp_path, kind):
    path = written(tmp_path, kind)
    study = small_study(tmp_path)
    text = study.read_text("utf-8").replace('file = "sites.csv"', f'file = "{path.name}"')
    study.write_text(text.replace('crs = "EPSG:4549"\ncovers', "covers"), encoding="utf-8")
    run(study, out=tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    (total,) = (r for r in summary["coverage"] if r["cutoff_min"] == 5 and r["speed_m_s"] == 1.0)
    assert (total["covered"], total["persons"]) == (100, 100)
    sites = read_inputs(load_study(study), silent).sites.table
    assert list(sites["facility_id"]) == ["f1", "f2"]
    assert list(sites["name"]) == ["甲站0", "甲站1"]
    assert list(sites["x_m"] - EAST_M) == pytest.approx([100, 900], abs=0.01)


def test_a_zip_of_several_layers_asks_for_one_and_takes_it(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    frame_of().to_file(inner / "站点.shp", encoding="utf-8")
    frame_of({"g": (0.0, 0.0)}).to_file(inner / "other.shp", encoding="utf-8")
    path = zipped(tmp_path / "s.zip", inner)
    with pytest.raises(InputDataError, match=r"2 layers: other, 站点.*sheet"):
        read_table(path)
    assert list(read_table(path, sheet="站点").cells["编号"]) == ["f1", "f2"]
    with pytest.raises(InputDataError, match="no layer 'x'"):
        read_table(path, sheet="x")


def test_a_zip_of_names_in_the_encoding_of_chinese_windows(tmp_path):
    """Windows writes GBK bytes without a mark; 2-byte stand-ins of that length are replaced."""
    inner = tmp_path / "inner"
    inner.mkdir()
    for name in ("aaaa", "bbbb"):
        frame_of().to_file(inner / f"{name}.shp", encoding="utf-8")
    path = zipped(tmp_path / "s.zip", inner)
    raw = path.read_bytes()
    for plain, word in ((b"aaaa", "站点"), (b"bbbb", "其他")):
        raw = raw.replace(plain, word.encode("gbk"))
    path.write_bytes(raw)
    with pytest.raises(InputDataError, match=r"2 layers: 其他, 站点"):
        read_table(path)
    assert len(read_table(path, sheet="站点").rows) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [({"a.txt": b"x"}, "holds no layer"), (None, "cannot be read as a zip archive")],
)
def test_a_zip_without_a_layer_is_refused(tmp_path, content, message):
    path = tmp_path / "s.zip"
    if content is None:
        path.write_bytes(b"PK no zip")
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, raw in content.items():
                archive.writestr(name, raw)
    with pytest.raises(InputDataError, match=message):
        read_table(path)


def test_a_folder_that_is_no_geodatabase_is_refused(tmp_path):
    study = small_study(tmp_path)
    (tmp_path / "sites.csv").unlink()
    (tmp_path / "sites.csv").mkdir()
    with pytest.raises(InputDataError, match="is a folder"):
        load_study(study)
    (tmp_path / "s.gdb").mkdir()
    with pytest.raises(InputDataError, match=r"s\.gdb: cannot be read"):
        read_table(tmp_path / "s.gdb")


def test_a_geodatabase_is_hashed_by_its_content(tmp_path):
    frame_of().to_file(tmp_path / "s.gdb", driver="OpenFileGDB", layer="s")
    before = sha256(tmp_path / "s.gdb")
    shutil.copytree(tmp_path / "s.gdb", tmp_path / "t.gdb")
    assert sha256(tmp_path / "t.gdb") == before
    with (tmp_path / "t.gdb" / "more").open("wb") as file:
        file.write(b"1")
    assert sha256(tmp_path / "t.gdb") != before


def test_a_kml_of_several_folders_asks_for_one(tmp_path):
    point = (
        "<Placemark><name>{}</name><Point><coordinates>120,31,0</coordinates></Point></Placemark>"
    )
    folders = "".join(
        f"<Folder><name>{name}</name>{''.join(point.format(p) for p in places)}</Folder>"
        for name, places in {"stations": ["甲"], "empty": [], "schools": ["乙", "丙"]}.items()
    )
    path = tmp_path / "s.kml"
    kml = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>'
    path.write_text(kml, encoding="utf-8")
    with pytest.raises(InputDataError, match="2 layers: stations, schools"):
        read_table(path)
    assert list(read_table(path, sheet="schools").cells["Name"]) == ["乙", "丙"]


def city(folder):
    """All layers of the small study in one GeoPackage; returns the study, which names none."""
    study, gpkg = small_study(folder), folder / "city.gpkg"
    for name in ("streets", "extent", "boundary"):
        gpd.read_file(folder / f"{name}.geojson").to_file(gpkg, layer=name)
    wall = [shapely.LineString([(EAST_M, NORTH_M + 90), (EAST_M + 9, NORTH_M + 90)])]
    gpd.GeoDataFrame({"k": [1]}, geometry=wall, crs=METRIC).to_file(gpkg, layer="walls")
    doors = frame_of({"f1": (110.0, 10.0)}).rename(columns={"编号": "facility_id"})
    doors.to_file(gpkg, layer="doors")
    text = study.read_text("utf-8")
    text = text.replace('file = "streets.geojson"', 'file = "city.gpkg"\nsheet = "streets"')
    return study, text


PAIRS = [
    ('extent = "extent.geojson"', "extent", "extent", ""),
    ('boundary = "boundary.geojson"', "boundary", "boundary", ""),
    ('covers = "extent"', "covers", "extent", ""),
    ("min_component_m = 0", "barriers", "walls", "min_component_m = 0\n"),
    ('covers = "extent"', "entrances", "doors", 'covers = "extent"\n'),
]


@pytest.mark.parametrize("form", ["{k}_sheet", "record", "none"])
@pytest.mark.parametrize(("old", "key", "layer", "keep"), PAIRS)
def test_every_layer_of_a_file_of_several_can_be_named(tmp_path, old, key, layer, keep, form):
    study, text = city(tmp_path)
    new = f'{key} = "city.gpkg"'
    if form == "record":
        new = f'{key} = {{ file = "city.gpkg", sheet = "{layer}" }}'
    elif form != "none":
        new += f'\n{key}_sheet = "{layer}"'
    assert text.count(old) == 1
    study.write_text(text.replace(old, keep + new), encoding="utf-8")
    settings = load_study(study)
    if form == "none":
        with pytest.raises(InputDataError, match=r"city\.gpkg: holds 5 layers.*sheet"):
            read_inputs(settings, silent)
        return
    inputs = read_inputs(settings, silent)
    assert inputs.area.boundary is not None
    assert inputs.area.boundary.area == pytest.approx(1200 * 200)
    if key == "entrances":
        assert inputs.sites.snaps is not None
    if key == "barriers":
        assert len(inputs.network.barriers) == 1


def test_buildings_and_zones_of_a_file_of_several(tmp_path):
    study = small_study(tmp_path)
    gpkg = tmp_path / "city.gpkg"
    home = [shapely.box(EAST_M + 50, NORTH_M + 5, EAST_M + 60, NORTH_M + 15)]
    houses = gpd.GeoDataFrame({"use": ["住宅"], "floors": [3]}, geometry=home, crs=METRIC)
    houses.to_file(gpkg, layer="houses")
    ward = [shapely.box(EAST_M, NORTH_M - 50, EAST_M + 500, NORTH_M + 50)]
    wards = gpd.GeoDataFrame({"code": ["S1"], "p60": [70]}, geometry=ward, crs=METRIC)
    wards.to_file(gpkg, layer="wards")
    text = study.read_text("utf-8")
    old = '{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }'
    assert old in text
    new = (
        '{ group = "p60", zones = "city.gpkg", zones_sheet = "wards", value = "p60", '
        'buildings = { file = "city.gpkg", sheet = "houses" } }'
    )
    study.write_text(text.replace(old, new), encoding="utf-8")
    demand = read_inputs(load_study(study), silent).population.demand
    assert list(demand["x_m"] - EAST_M) == [55]


def test_a_sheet_without_its_file_is_refused(tmp_path):
    study = small_study(tmp_path)
    text = study.read_text("utf-8")
    study.write_text(text.replace("min_component_m = 0", 'barriers_sheet = "x"'), "utf-8")
    with pytest.raises(InputDataError, match=r"network\.barriers_sheet.*no file"):
        load_study(study)


def test_the_sheet_of_a_register(tmp_path):
    path = tmp_path / "r.xlsx"
    with pd.ExcelWriter(path) as book:
        for name in ("a", "b"):
            rows = {"indicator": ["x", "y"], "value": [1, 2], "unit": ["%", "%"]}
            pd.DataFrame(rows).to_excel(book, sheet_name=name, index=False)
    with pytest.raises(InputDataError, match="2 sheets"):
        read_table(path)
    assert len(read_table(path, sheet="b").rows) == 2


@pytest.mark.parametrize("text", ['"exceededTransferLimit": true', '"exceededTransferLimit":true'])
@pytest.mark.parametrize("limit", [True, False])
def test_a_layer_that_says_it_is_cut_is_warned(tmp_path, text, limit):
    """ArcGIS writes it beside the features, or (as GeoJSON) under properties."""
    study = small_study(tmp_path)
    path = tmp_path / "boundary.geojson"
    said = text if limit else text.replace("true", "false")
    path.write_text(path.read_text("utf-8").replace("{", "{" + said + ", ", 1), "utf-8")
    found = [finding.code for finding in read_inputs(load_study(study), silent).findings]
    assert ("CUT_BY_SERVER" in found) is limit
