"""The keys of study.toml: their pages, their words, and the schema by which editors check them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from tests.builders.least_study import LEAST
from tests.builders.schema_check import study_faults

from circle15.study.languages import LANGUAGES
from circle15.study.messages import messages
from circle15.study.settings.editor_schema import keys_of_study, study_schema
from circle15.study.toml_text import parse_toml

ROOT = Path(__file__).resolve().parents[2]
OF_A_FILE = ({"database", "table"}, {"database", "query"}, {"file", "sheet"})
SECTIONS = {
    "study",
    "area",
    "network",
    "walk",
    "demand",
    "facilities",
    "residential_zones",
    "rules",
    "circle",
    "coverage_basis",
    "map",
    "report",
    "output",
    "capacity",
    "siting",
    "scenarios",
}


def script() -> Any:
    found = importlib.util.spec_from_file_location("make_settings", ROOT / "docs/make_settings.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_keys_is_made_of_the_records(language):
    made = script()
    page = made.PAGES[language].read_text("utf-8")
    assert page == made.settings_page(language), "run `python -P docs/make_settings.py`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_words_and_no_word_is_of_no_key(language):
    said = {key for key in messages(language) if key.startswith("settings.")}
    assert said == {f"settings.{key}" for key in {*SECTIONS, *dict(keys_of_study())}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_schema_is_described_and_no_other_is_allowed(language):
    def visit(node: Any, place: str) -> None:
        if isinstance(node, list):
            for one in node:
                visit(one, place)
        if not isinstance(node, dict):
            return
        keys = node.get("properties", {})
        if keys:
            assert node["additionalProperties"] is False, place
        if (keys and not {"database", "sheet"} & {*keys} - {"group"}) or "group" in keys:
            silent = [key for key, schema in keys.items() if not schema.get("description")]
            assert silent == [], place
        for key, one in node.items():
            visit(one, f"{place}.{key}")

    visit(study_schema(language), "")


def test_the_schema_shows_defaults_and_words():
    walk = study_schema("en")["$defs"]["Walk"]["properties"]
    assert walk["speed_m_s"]["default"] == 1
    assert walk["sensitivity_m_s"]["default"] == [0.8, 1.2]
    assert walk["judge"]["enum"] == ["outbound", "round_trip"]
    assert "wheelchair" in walk["profile"]["enum"]


def test_the_least_study_and_the_sample_are_taken():
    assert study_faults(parse_toml(LEAST)) == []
    sample = (ROOT / "data/sample/study.toml").read_text("utf-8")
    assert study_faults(parse_toml(sample)) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("name =", "nam =", "'nam' was unexpected"),
        ('name = "s"', "", "'name' is a required property"),
        ("[network]", "[netwerk]", "'network' is a required property"),
        ('"n.osm.pbf"', "3", "3 is not"),
        ('"n.osm.pbf"', '"n.osm.pbf"\nplace = "x"', "is valid under each of"),
        ('"n.osm.pbf"', '"n.osm.pbf"\nsquares = "over"', "'over' is not one of ['cross'"),
        ('"n.osm.pbf"', '"n.osm.pbf"\ncolumns = { hihgway = "x" }', "'hihgway' is not one of"),
        ('"n.osm.pbf"', '{ file = "n.gpkg", layer = "x" }', "is not valid under any"),
        ("[demand]", '[walk]\nspeed_m_s = "1"\n[demand]', "'1' is not of type 'number'"),
        ("[demand]", "[walk]\ncutoffs_min = [7.5]\n[demand]", "is not of type 'integer'"),
        ("[demand]", '[walk]\nprofile = "runner"\n[demand]', "'runner' is not one of"),
        ("[demand]", "[walk]\nage_speeds = { p60 = true }\n[demand]", "True is not of type"),
        ("[demand]", '[facilities]\nfile = "f.csv"\n[demand]', "is not of type 'array'"),
        ("[demand]", '[[facilities]]\nsheet = "f"\n[demand]', "'file' is a required property"),
        ("[demand]", "study.synthetic = 1\n[demand]", "'study' was unexpected"),
        ('group = "p60", ', "", "'group' is a required property"),
        ('"p60"', '"p61"', "'p61' is not one of ['total'"),
        (', raster = "p.tif"', "", "is not valid under any of the given schemas"),
        ("[demand]", "[scenarios.a]\nclosed = ['S']\n[demand]", "'closed' was unexpected"),
    ],
)
def test_what_an_editor_marks(old, new, says):
    assert old in LEAST
    found = study_faults(parse_toml(LEAST.replace(old, new, 1)))
    assert any(says in one for one in found), found


@pytest.mark.parametrize(
    "more",
    [
        '[area]\nboundary = { file = "c.gdb", sheet = "limits" }',
        '[area]\nboundary = "postgresql://a@b/c?table=d"',
        '[[facilities]]\nfile = { database = "postgresql://a@b/c", query = "SELECT 1" }',
        '[[facilities]]\nfile = "f.csv"\ncovers = "boundary"',
        '[[facilities]]\nfile = "f.csv"\ncovers = { file = "c.gpkg", sheet = "x" }',
        '[rules]\npacks = "liangxi-2025"',
        '[rules]\npacks = ["liangxi-2025", "own.toml"]',
        '[categories]\nkiosk = "报刊亭"',
        "[walk]\nspeed_m_s = 1\nage_speeds = { p60_69 = 1, p70 = 0.9 }",
    ],
)
def test_what_an_editor_takes(more):
    assert study_faults(parse_toml(LEAST + more)) == []
