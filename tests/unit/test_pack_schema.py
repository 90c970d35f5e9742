"""The keys of rule packs: their pages, their words, and the schema by which editors check them."""

from __future__ import annotations

import importlib.util
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.builders.schema_check import pack_marks
from tests.builders.small_pack import GOOD

from circle15.rules.packs.load import known_packs
from circle15.rules.packs.pack_schema import keys_of_pack, pack_schema
from circle15.study.languages import LANGUAGES
from circle15.study.messages import messages
from circle15.study.toml_text import parse_toml

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_keys_is_made_of_the_records(language):
    file = ROOT / "docs/make_pack_keys.py"
    found = importlib.util.spec_from_file_location("make_pack_keys", file)
    assert found is not None
    assert found.loader is not None
    made: Any = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    page = made.PAGES[language].read_text("utf-8")
    assert page == made.pack_keys_page(language), "run `python -P docs/make_pack_keys.py`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_words_and_no_word_is_of_no_key(language):
    said = {key for key in messages(language) if key.startswith("packs.")}
    assert said == {f"packs.{table}.{key}".replace("..", ".") for table, key, _ in keys_of_pack()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_schema_is_described_and_no_other_is_allowed(language):
    schema = pack_schema(language)
    for name, record in {"": schema, **schema["$defs"]}.items():
        if record.get("type") == "object":
            assert record["additionalProperties"] is False, name
            keys = record.get("properties", {})
            assert [key for key in keys if not keys[key].get("description")] == [], name


@pytest.mark.parametrize("name", known_packs())
def test_bundled_packs_are_taken(name):
    file = resources.files("circle15.rules").joinpath("packs", f"{name}.toml")
    assert pack_marks(parse_toml(file.read_text("utf-8"))) == []


RULE = 'evaluator = "units_with_category"\nparameters = { category = "complex" }'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title = { zh", "titel = { zh", "'titel' was unexpected"),
        ('{ zh = "甲", en = "a" }', '{ zh = "甲" }', "'en' is a required property"),
        ("2025-01-01", "2025", "2025 is not of type 'string'"),
        ("[[rules]]", "[rules]", "is not of type 'array'"),
        ("{ category =", "{ categroy =", "'categroy' was unexpected"),
        ('{ category = "complex" }', '{ category = "a", any_of = "b" }', "is valid under each of"),
        ('{ category = "complex" }', "{ }", "is not valid under any of the given schemas"),
        ('{ category = "complex" }', "3", "3 is not of type 'object'"),
        ('"units_with_category"', '"unit"', "'unit' is not one of ['service_circle'"),
        ("55.5", '"55.5"', "'55.5' is not of type 'number'"),
        ('comparison = ">="', "", "'comparison' is a dependency of 'threshold'"),
        ('">="', '"≥"', "'≥' is not one of"),
        ('level = "street"', 'level = "road"', "'road' is not one of ['city'"),
        ('"not_stated"', '"law"', "'law' is not one of ['binding'"),
        (RULE, 'evaluator = "count"', "'parameters' is a required property"),
        (RULE, 'evaluator = "ratio"\nparameters = { each = "a" }', "'denominator' is a required"),
        (RULE, 'evaluator = "in_step"\nparameters = { steps = [["a"]] }', "is too short"),
        (RULE, 'evaluator = "equity"\nparameters = { each_of = "a", per = 1 }', "'per' was un"),
        (
            RULE,
            (
                'evaluator = "colocation"\nparameters = { pairs = [{ name = "a", of = "b",'
                ' partners = "c" }] }'
            ),
            "'partners' was unexpected",
        ),
        (RULE, 'evaluator = "service_circle"\nparameters = { group = "p61" }', "'p61' is not one"),
    ],
)
def test_what_an_editor_marks(old, new, says):
    assert old in GOOD
    found = pack_marks(parse_toml(GOOD.replace(old, new, 1)))
    assert any(says in one for one in found), found


def test_a_whole_pack_is_taken():
    assert pack_marks(parse_toml(GOOD)) == []
