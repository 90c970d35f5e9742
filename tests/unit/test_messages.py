"""Every message exists in both languages, with the same placeholders, and the code uses them."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import circle15
from circle15.access.states import Reason as UnknownReason
from circle15.network.osm.walk_filter import UNLISTED, walk_rules
from circle15.network.snapping import SnapCode
from circle15.rules.floor_area.households import Reason as ZoneReason
from circle15.rules.packs.load import Force
from circle15.rules.verdicts import Verdict
from circle15.study.languages import LANGUAGES
from circle15.study.messages import messages

PACKAGE = Path(circle15.__file__).parent
SOURCES = {path: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}


def places(template: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(template) if field is not None}


def keys_said() -> set[tuple[str, str]]:
    """Literal keys of `say("…")` with the file that says them."""
    found = re.compile(r"""\b(?:say|_template)\(\s*"([a-z0-9_]+\.[A-Za-z0-9_.]+)\"""")
    return {(key, path.name) for path, text in SOURCES.items() for key in found.findall(text)}


def prefixes_said() -> set[str]:
    """Beginnings of keys that are put together, as in `say(f"states.{state}")`."""
    found = re.compile(r'\b(?:say|_template)\(\s*f"([a-z0-9_]+\.[A-Za-z0-9_.]*)\{')
    return {prefix for text in SOURCES.values() for prefix in found.findall(text)}


def test_languages_hold_the_same_keys():
    zh, en = messages("zh"), messages("en")
    assert sorted(zh) == sorted(en)


def test_languages_fill_the_same_places():
    zh, en = messages("zh"), messages("en")
    differing = {key for key in zh.keys() & en.keys() if places(zh[key]) != places(en[key])}
    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_the_code_says_exists(language):
    known = messages(language)
    assert {said for said in keys_said() if said[0] not in known} == set()
    assert {p for p in prefixes_said() if not any(key.startswith(p) for key in known)} == set()


def test_the_search_for_keys_finds_them():
    assert ("report.kicker", "first_page.py") in keys_said()
    assert "report.kind_" in prefixes_said()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_code_has_a_message(language):
    """A finding without a message would stop the writing of issues.csv."""
    found = re.compile(r'Finding\(\s*f?"([A-Z_]+(?:\{)?)')
    codes = {code for text in SOURCES.values() for code in found.findall(text)}
    codes -= {code for code in codes if code.endswith("{")}
    codes |= {"CELLS_TOO_FAR", "CELLS_ACCESS_BARRIER", "TOO_FAR", "ACCESS_BARRIER"}
    codes |= {"THROUGH_WALL", "CELLS_THROUGH_WALL", "HOMES_THROUGH_WALL"}
    assert len(codes) > 10
    missing = {code for code in codes if f"issues.{code}" not in messages(language)}
    assert missing == set()


def test_every_reason_has_words_and_most_say_what_would_settle_it():
    known = messages("en")
    codes = {r.value for r in (*UnknownReason, *ZoneReason, *SnapCode) if r.value}
    assert {code for code in codes if f"reasons.{code}" not in known} == set()
    assert {code for code in codes if f"reasons.{code}_settle" not in known} == set()
    assert {"NO_CIRCLE", "NO_STREETS"} <= {key.partition(".")[2] for key in known}


def test_every_reason_of_the_walk_filter_has_words():
    reasons = {rule.reason for rule in walk_rules()} | {
        UNLISTED,
        "deleted",
        "no_geometry",
        "older_version",
        "repeated_id",
        "zero_length",
    }
    assert {r for r in reasons if f"reasons.way_{r}" not in messages("zh")} == set()


def test_every_verdict_and_force_has_words():
    known = messages("zh")
    assert {v for v in Verdict if f"verdicts.{v.value}" not in known} == set()
    assert {f for f in Force if f"report.force_{f.value}" not in known} == set()


@pytest.mark.parametrize("part", ["report", "workbook"])
def test_no_message_is_left_over(part):
    literal = {key for key, _ in keys_said()}
    prefixes = prefixes_said()
    # Sections are named by their ids, and parts of the report by keys in tables.
    tables = "\n".join(SOURCES[path] for path in SOURCES if "output" in path.parts)
    idle = [
        key
        for key in messages("zh")
        if key.startswith(part + ".")
        and key not in literal
        and not any(key.startswith(p) and p != f"{part}." for p in prefixes)
        and not re.search(rf'"(?:{part}\.)?{re.escape(key.partition(".")[2])}"', tables)
    ]
    assert idle == []


def test_findings_in_chinese_have_chinese_punctuation():
    half = re.compile(r"[\u4e00-\u9fff}][,;:?!(]|[,;:?!)][\u4e00-\u9fff{]")
    texts = {k: v for k, v in messages("zh").items() if k.startswith("issues.")}
    wrong = {key: text for key, text in texts.items() if half.search(text)}
    assert wrong == {}
