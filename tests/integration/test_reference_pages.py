"""The pages made of the code are current: no command, column, code or function is missing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import circle15
from circle15.rules.packs.load import known_packs, load_pack
from circle15.study.languages import LANGUAGES
from circle15.study.messages import messages

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCRIPTS = ("commands", "issues", "packs", "schemas", "api")


def script(name: str) -> Any:
    found = importlib.util.spec_from_file_location(f"make_{name}", DOCS / f"make_{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def page(name: str, language: str) -> str:
    return (DOCS / (f"{name}.md" if language == "en" else f"{name}.zh.md")).read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_page_is_what_the_code_says(name, language):
    made = script(name)
    text = getattr(made, f"{name}_page")(language)
    assert made.PAGES[language].read_text("utf-8") == text, f"run `python -P docs/make_{name}.py`"


@pytest.mark.slow
def test_the_page_of_columns_is_what_the_sample_writes(sample_result):
    made = script("tables")
    written = made.written_tables(sample_result)
    for language in LANGUAGES:
        text = made.tables_page(language, sample_result, written)
        assert page("tables", language) == text, "run `python -P docs/make_tables.py`"


def test_a_column_without_words_is_named(sample_result):
    made = script("tables")
    with pytest.raises(KeyError, match="does not describe 'colour'"):
        made._as_patterns({"colour": "text"}, {"name": []}, sample_result)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_function_and_quote_is_there(language):
    issues, api, packs = (page(name, language) for name in ("issues", "api", "packs"))
    codes = {key.partition(".")[2] for key in messages(language) if key.startswith("issues.")}
    assert {code for code in codes if code.isupper() and f"`{code}`" not in issues} == set()
    public = set(circle15.__all__) - {"__version__"}
    assert {name for name in public if f"circle15.{name}\n" not in api} == set()
    quotes = {rule.quote for name in known_packs() for rule in load_pack(name).rules}
    plain = packs.replace("\\", "")
    assert {one for one in quotes if " ".join(one.split()) not in plain} == set()
