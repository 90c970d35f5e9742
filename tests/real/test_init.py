"""Studies of real extracts, made by `circle15 init` with options only, pass `check`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.commands import call, heard

from circle15.inputs.crs.datums import from_wgs84
from circle15.study.settings.reading import load_study

HERE = Path(__file__).parent

pytestmark = pytest.mark.real


def test_porto_alegre_from_an_extract_and_two_tables(real_data, tmp_path, capfd):
    data, study = real_data / "porto_alegre", tmp_path / "poa" / "study.toml"
    words = ["--network", data / "poa_osm.pbf", "--people", data / "poa_hexgrid.csv"]
    words += ["--facilities", data / "poa_points_of_interest.csv", "--category", "medical"]
    said = heard(capfd, "init", study.parent, *words, "--lang", "en")
    assert said.code == 0
    assert "Guessed: the column population of poa_hexgrid.csv counts total." in said.err
    assert "poa_hexgrid.csv, datum WGS-84: fits the streets clearly best (1206 points" in said.err
    assert "14 points are too few to tell" in said.err
    made = load_study(study)
    assert (made.demand.group, made.circle.require) == ("total", ("medical",))
    assert call("check", study) == 0
    assert "812,935" in capfd.readouterr().out


def test_a_list_in_gcj02_is_recognised_by_the_streets_of_beijing(real_data, tmp_path, capfd):
    """Places beside the streets of Wangjing, moved to GCJ-02 as a map service would give them."""
    places = pd.read_csv(HERE / "beijing_wangjing" / "homes.csv")
    lon, lat = from_wgs84(places["lon"].to_numpy(), places["lat"].to_numpy(), "gcj02")
    table = pd.DataFrame({"名称": "长者食堂", "经度": lon, "纬度": lat})
    table.to_csv(tmp_path / "list.csv", index=False)
    study = tmp_path / "wangjing" / "study.toml"
    words = ["--network", real_data / "china_osm" / "beijing_wangjing.osm"]
    words += ["--people", HERE / "beijing_wangjing" / "homes.csv"]
    words += ["--facilities", tmp_path / "list.csv"]
    said = heard(capfd, "init", study.parent, *words)
    assert said.code == 0, said.err
    assert "推测：list.csv 的坐标系为 gcj02" in said.err
    (layer,) = load_study(study).facilities
    assert (layer.category, layer.datum) == ("meal_point", "gcj02")
    assert np.isfinite(lon).all()
    assert call("check", study) == 0
