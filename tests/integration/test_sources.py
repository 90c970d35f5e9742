"""The provenance names what was read, with all of its parts; inputs that change end a run."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from tests.commands import heard
from tests.streets import EAST_M, METRIC, NORTH_M, write_study

from circle15.errors import InputDataError, OutsideError
from circle15.inputs.files.source_files import source_files
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.checking import check
from circle15.workflow.zone_sheets import check_study_zones

NODES = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0)}
BOX = shapely.box(-200, -200, 800, 200)
GRID = '{ group = "total", raster = "p65.tif" }'


@pytest.fixture
def study(tmp_path):
    """A street with homes in a raster of two groups, its sites in a shapefile."""
    path = write_study(
        tmp_path,
        NODES,
        ["ABC"],
        {"h1": (10, 5, 100)},
        {"f1": (300.0, 10.0)},
        boundary=BOX,
        streets={"S1": BOX},
    )
    grid = np.full((4, 8), 10.0, np.float32)
    with rasterio.open(
        tmp_path / "p65.tif",
        "w",
        driver="GTiff",
        width=8,
        height=4,
        count=1,
        dtype="float32",
        crs=METRIC,
        transform=from_origin(EAST_M - 100, NORTH_M + 200, 100, 100),
        nodata=-1,
    ) as raster:
        raster.write(grid, 1)
    (tmp_path / "p65.tif.aux.xml").write_text("<PAMDataset></PAMDataset>", "utf-8")
    (tmp_path / "P65.TFW").write_text("100\n0\n0\n-100\n0\n0\n", "utf-8")
    point = shapely.Point(EAST_M + 300, NORTH_M + 10)
    sites = gpd.GeoDataFrame({"name": ["one"]}, geometry=[point], crs=METRIC)
    sites.to_file(tmp_path / "sites.shp", encoding="utf-8")
    text = path.read_text("utf-8")
    text = text.replace('file = "sites.csv"', 'file = "sites.shp"').replace(
        'crs = "EPSG:4549"\n', "", text.count('crs = "EPSG:4549"\n') - 1
    )
    path.write_text(text.replace("layers = [", f"layers = [{GRID}, "), "utf-8")
    return path


def changing(change, at="people"):
    """Do something to the inputs when a stage begins."""

    def report(stage):
        if stage == at:
            change()

    return report


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_part_has_its_hash(study, tmp_path):
    inputs = run(study, out=tmp_path / "out").summary["provenance"]["inputs"]
    found = {one["path"]: one["sha256"] for one in inputs}
    parts = {
        "p65.tif",
        "p65.tif.aux.xml",
        "P65.TFW",
        "sites.shp",
        "sites.shx",
        "sites.dbf",
        "sites.prj",
        "sites.cpg",
        "study.toml",
        "homes.csv",
    }
    assert parts <= set(found)
    assert all(found[name] == digest(tmp_path / name) for name in found)
    rows = {one["path"]: one["rows"] for one in inputs}
    assert (rows["sites.shp"], rows["sites.dbf"]) == (1, None)


CHANGED = [
    "homes.csv",
    "sites.dbf",
    "sites.prj",
    "p65.tif",
    "p65.tif.aux.xml",
    "P65.TFW",
    "study.toml",
]


@pytest.mark.parametrize("name", CHANGED)
@pytest.mark.parametrize("stage", ["people", "counts"])
def test_an_input_that_changes_ends_the_run(name, stage, study, tmp_path):
    def change():
        with (tmp_path / name).open("ab") as file:
            file.write(b"\n")

    out = tmp_path / "out"
    with pytest.raises(OutsideError, match=rf"{name} was changed while it was in use"):
        run(study, out=out, report=changing(change, stage))
    assert not out.exists()


@pytest.mark.parametrize("name", ["homes.csv", "sites.shp", "sites.shx", "boundary.geojson"])
def test_an_input_that_is_taken_away_is_the_cause_that_is_said(name, study, tmp_path):
    earlier = tmp_path / "out" / "summary.json"
    earlier.parent.mkdir()
    earlier.write_text("earlier", "utf-8")
    with pytest.raises(OutsideError, match=rf"{name} was removed") as caught:
        run(study, out=tmp_path / "out", report=changing((tmp_path / name).unlink))
    assert caught.value.exit_code == 3
    assert earlier.read_text("utf-8") == "earlier"
    assert [p.name for p in earlier.parent.iterdir()] == ["summary.json"]


@pytest.mark.parametrize("name", ["p65.tif.msk", "sites.qix", "homes.csv-wal"])
def test_a_part_that_appears_ends_the_run(name, study, tmp_path):
    with pytest.raises(OutsideError, match=name):
        check(study, report=changing(lambda: (tmp_path / name).write_text("x", "utf-8")))


def test_the_same_size_and_time_do_not_hide_a_change(study, tmp_path):
    """Written over within the same tick of the clock, and the old time set again."""
    homes = tmp_path / "homes.csv"
    before = homes.stat()

    def change():
        content = homes.read_bytes()
        homes.write_bytes(content[:-1] + b" ")
        os.utime(homes, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(OutsideError, match=r"homes\.csv was changed"):
        check(study, report=changing(change))


def test_what_changes_no_content_is_no_change(study, tmp_path):
    """Touched, given other modes, linked by a backup, replaced by its own copy."""

    def change():
        for name in ("homes.csv", "sites.shp"):
            (tmp_path / name).touch()
            (tmp_path / name).chmod(0o600)
        os.link(tmp_path / "p65.tif", tmp_path / "backup")
        copy = tmp_path / "copy"
        copy.write_bytes((tmp_path / "sites.dbf").read_bytes())
        copy.replace(tmp_path / "sites.dbf")
        (tmp_path / "sites.shp-journal").touch()

    assert run(study, out=tmp_path / "out", report=changing(change)).files


def test_a_study_that_is_edited_after_it_was_read_is_read_again(study):
    settings = load_study(study)
    study.write_text(study.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(OutsideError, match=r"study\.toml was changed"):
        check(settings)


def test_zones_that_change_end_their_check(study, tmp_path):
    zones = tmp_path / "zones.csv"
    zones.write_text("zone_id,lon,lat,households\nZ,120,31.53,5\n", "utf-8")
    with pytest.raises(OutsideError, match=r"zones\.csv was removed"):
        check_study_zones(study, zones, report=changing(zones.unlink))


def test_a_folder_of_a_geodatabase_changes_with_a_file_in_it(study, tmp_path):
    folder = tmp_path / "b.gdb"
    folder.mkdir()
    (folder / "a.gdbtable").write_bytes(b"1")
    settings = load_study(study)

    settings = replace(settings, area=replace(settings.area, boundary=folder))
    sources = source_files(settings)
    sources.require_unchanged()
    (folder / "lock.lock").write_bytes(b"1")
    sources.require_unchanged()
    (folder / "b.gdbtable").write_bytes(b"1")
    with pytest.raises(OutsideError, match=r"b\.gdb was changed"):
        sources.require_unchanged()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no FIFOs")
def test_a_fifo_is_no_input(study, tmp_path):
    """It would wait for ever for somebody who writes into it."""
    (tmp_path / "homes.csv").unlink()
    os.mkfifo(tmp_path / "homes.csv")
    with pytest.raises(InputDataError, match=r"homes\.csv: is not a file"):
        check(study)


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs a file that cannot be read")
def test_a_file_that_cannot_be_read_is_something_outside(study, tmp_path, capfd, monkeypatch):
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self.name == "homes.csv":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    said = heard(capfd, "check", study)
    assert said.code == 3
    assert "homes.csv cannot be read (Permission denied)" in said.err
