"""The same facilities in four datums: same positions, same verdicts, and doubt where needed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import CRS, Transformer

import circle15
from circle15.errors import CrsError
from circle15.inputs.crs.datums import from_wgs84, to_wgs84
from circle15.results.summary.building import build_summary
from circle15.study.vocabulary import columns as c
from circle15.workflow.pipeline import run_study

LAYERS = ("stations.xlsx", "meals.xlsx", "care_homes.xlsx", "centers.csv")
FORMS = {
    "wgs84": 'datum = "wgs84"',
    "cgcs2000": 'datum = "cgcs2000"',
    "gcj02": 'datum = "gcj02"',
    "bd09": 'datum = "bd09"',
    "belt": 'crs = "EPSG:4549"',
    "prefixed": 'crs = "EPSG:4528"',
}


def copy_in(sample_study, folder, form: str, declared: str | None = None):
    """Copy the sample with its facilities as csv in another datum or belt."""
    shutil.copytree(sample_study.parent, folder)
    text = (folder / "study.toml").read_text("utf-8")
    for name in LAYERS:
        frame, lon, lat = in_wgs84(folder / name)
        if "crs" in FORMS[form]:
            belt = CRS.from_user_input(FORMS[form].split('"')[1])
            x, y = Transformer.from_crs(4326, belt, always_xy=True).transform(lon, lat)
            frame["x_m"], frame["y_m"] = [f"{v:.4f}" for v in x], [f"{v:.4f}" for v in y]
        else:
            x, y = from_wgs84(lon, lat, form)
            frame["lon"], frame["lat"] = [f"{v:.10f}" for v in x], [f"{v:.10f}" for v in y]
        frame.to_csv((folder / name).with_suffix(".csv"), index=False)
        text = text.replace(name, name.replace(".xlsx", ".csv"))
    text = re.sub(r'^datum = .*\n|lon = "经度", lat = "纬度", ', "", text, flags=re.MULTILINE)
    text = text.replace("covers =", f"{FORMS[declared or form]}\ncovers =")
    (folder / "study.toml").write_text(text, "utf-8")
    return circle15.load_study(folder / "study.toml")


def in_wgs84(file: Path) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Rows of a table of the sample without their coordinates, and these in WGS 84."""
    if file.name == "meals.xlsx":  # two titles, a heading of two lines, a total and a note
        names = ["编号", "设施名称", "设施类型", "经度", "纬度", "建筑面积", "日供餐能力", "状态"]
        frame = pd.read_excel(file, header=None, names=names, skiprows=4, engine="calamine")[:-2]
    elif file.suffix == ".csv":
        frame = pd.read_csv(file, encoding="gbk")
        frame = frame[frame["经度"] > 100]  # one row has its coordinates exchanged
    else:
        frame = pd.read_excel(file, dtype=object, engine="calamine")
    lon, lat = (frame.pop(key).to_numpy(np.float64) for key in ("经度", "纬度"))
    if file.name == "care_homes.xlsx":
        lon, lat = to_wgs84(lon, lat, "gcj02")
    return frame, lon, lat


@pytest.fixture(scope="module")
def results(sample_study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("datums")
    return {form: run_study(copy_in(sample_study, folder / form, form)) for form in FORMS}


@pytest.mark.parametrize("form", FORMS)
def test_the_places_are_the_same_within_a_centimetre(results, form):
    here, there = results["wgs84"].facilities, results[form].facilities
    assert len(here) > 50
    assert here[c.FACILITY_ID].tolist() == there[c.FACILITY_ID].tolist()
    apart = np.hypot(here[c.X_M] - there[c.X_M], here[c.Y_M] - there[c.Y_M])
    assert apart.max() < 0.01


@pytest.mark.parametrize("form", FORMS)
def test_the_verdicts_are_the_same(results, form):
    here, there = results["wgs84"], results[form]
    keys = [c.DEMAND_ID, c.CATEGORY, c.SPEED_M_S, c.CUTOFF_MIN, c.STATE]
    differing = (here.coverage[keys] != there.coverage[keys]).any(axis=1)
    assert differing.sum() == 0
    first, second = build_summary(here), build_summary(there)
    for key in ("coverage", "zones", "rules", "facilities", "population"):
        assert first[key] == second[key]
    zones = [
        [
            (zone["verdict"], [one["state"] for one in zone["circle"]])
            for zone in of["residential_zones"]
        ]
        for of in (first, second)
    ]
    assert zones[0] == zones[1]


def test_the_datum_is_told_in_the_results(results):
    told = {d["file"]: d for d in build_summary(results["bd09"])["provenance"]["datums"]}
    assert told["stations.csv"] == {"file": "stations.csv", "datum": "bd09", "known": "declared"}
    assert told["zones.geojson"]["known"] == "crs"
    (belt, *_) = build_summary(results["belt"])["provenance"]["datums"]
    assert belt["datum"] == "EPSG:4549"


@pytest.mark.parametrize("form", ["wgs84", "gcj02", "bd09"])
def test_a_wrong_datum_is_doubted_and_nothing_is_shifted(sample_study, tmp_path, form):
    declared = "gcj02" if form == "wgs84" else "wgs84"
    study = copy_in(sample_study, tmp_path / "study", form, declared)
    outcome = circle15.check(study)
    doubted = {
        finding.file: finding for finding in outcome.findings if finding.code == "DATUM_DOUBTED"
    }
    names = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
    assert {finding.detail["best"] for finding in doubted.values()} == {names[form]}
    assert "stations.csv" in doubted


def test_the_sample_itself_is_not_doubted(sample_study):
    codes = {finding.code for finding in circle15.check(sample_study).findings}
    assert not codes & {"DATUM_DOUBTED", "DATUM_WRONG", "COORDINATES_EXCHANGED", "LAYER_OFF_MAP"}


def test_exchanged_metres_stop_a_run(sample_study, tmp_path):
    study_file = copy_in(sample_study, tmp_path / "study", "belt").file
    text = study_file.read_text("utf-8")
    swapped = text.replace("columns = { fac", 'columns = { x_m = "y_m", y_m = "x_m", fac')
    study_file.write_text(swapped, "utf-8")
    with pytest.raises(CrsError, match="EPSG:4549"):
        run_study(circle15.load_study(study_file))


def test_an_area_in_gcj02_is_the_same_area(sample_study, tmp_path, results):
    """Every vertex of boundary, streets and communities is converted."""
    import geopandas as gpd
    import shapely

    folder = tmp_path / "study"
    shutil.copytree(sample_study.parent, folder)
    for name in ("boundary", "streets", "communities"):
        layer = gpd.read_file(folder / f"{name}.geojson")
        layer = layer.set_geometry(
            shapely.transform(
                layer.geometry.to_numpy(),
                lambda xy: np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "gcj02")),
            )
        ).set_crs(4326, allow_override=True)
        layer.to_file(folder / f"{name}.gpkg")
        text = (folder / "study.toml").read_text("utf-8").replace(f"{name}.geojson", f"{name}.gpkg")
        (folder / "study.toml").write_text(text, "utf-8")
    text = (folder / "study.toml").read_text("utf-8").replace("[area]", '[area]\ndatum = "gcj02"')
    (folder / "study.toml").write_text(text, "utf-8")
    result = run_study(circle15.load_study(folder / "study.toml"))
    here = results["wgs84"].area.boundary
    assert shapely.hausdorff_distance(here, result.area.boundary) < 0.01
    assert result.area.communities.geometry.area.to_numpy() == pytest.approx(
        results["wgs84"].area.communities.geometry.area.to_numpy(), rel=1e-5
    )
