"""The layer of candidates and the supply of zones in `results.gpkg`, for results made by hand."""

from __future__ import annotations

from dataclasses import replace

import pyogrio
import pytest
from tests.builders.category_access import access_of
from tests.builders.new_sites import answer_of, sited
from tests.builders.report_result import STATION, make_result

from circle15.output.gis.geopackage import write_geopackage

RESULT = make_result()


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("siting") / "results.gpkg"
    served = replace(RESULT, access=access_of(RESULT.catchments, beds=True))
    write_geopackage(sited(served, answer_of()), path)
    return path


def test_every_candidate_with_its_gain(package):
    table = pyogrio.read_dataframe(package, layer="candidates")
    assert table["candidate_id"].tolist() == ["V-1", "V-2", "V-3"]
    assert set(table["question"]) == {"stations"}
    assert table["persons_reached"].tolist() == [3, 1.5, 2]
    assert table["persons_newly"].tolist() == [1, 0.25, 0]
    assert table["persons_unknown"].tolist() == [0, 0.1, 0]
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["proposed"].tolist() == [True, True, False]
    assert table["number"].tolist()[:2] == [1, 2]
    assert table["phase"].isna().tolist() == [False, False, True]
    assert table["cost"].tolist()[:2] == [400_000, 250_000.5]
    assert table["street_id"].tolist() == ["S2", "S2", "S1"]
    assert table.geometry.x.tolist() == [501200, 501500, 500300]


def test_proposed_sites_are_drawn_apart(package):
    styles = pyogrio.read_dataframe(package, layer="layer_styles").set_index("f_table_name")
    qml = styles.loc["candidates", "styleQML"]
    assert qml.count("<category ") == 2
    assert "CASE WHEN proposed" in qml


def test_zones_have_the_supply_of_the_categories_with_capacity(package):
    zones = pyogrio.read_dataframe(package, layer="zones").set_index("zone_id")
    keys = [f"{STATION}_{key}" for key in ("supply", "served", "turned_away")]
    assert zones.loc["S1", keys].tolist() == [0.2, 2, 1]
    assert zones.loc["S2", keys].isna().all()  # not in the table of supply


def test_without_questions_and_capacity_neither_is_written(tmp_path):
    path = tmp_path / "results.gpkg"
    write_geopackage(RESULT, path)
    assert "candidates" not in {name for name, _ in pyogrio.list_layers(path)}
    assert f"{STATION}_supply" not in pyogrio.read_info(path, layer="zones")["fields"]
