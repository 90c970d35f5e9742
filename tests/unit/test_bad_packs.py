"""A pack that cannot be used is named with its key."""

from __future__ import annotations

import pytest
from tests.builders.small_pack import GOOD

from circle15.errors import InputDataError
from circle15.rules.packs.load import load_pack

AREA = '[floor_area]\ncounts = ["complex"]\n[[rules]]'
SITE = 'evaluator = "floor_area_site"'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "own"', "id = ", "not a TOML file"),
        ('id = "own"', "", "key 'id' is missing"),
        ('unit = "%"', "", r"key 'rules\[0\].unit' is missing"),
        ('unit = "%"', 'unit = "%"\nunti = 1', r"'rules\[0\].unti' is unknown.*'unit'"),
        ('level = "street"', "level = 3", r"'rules\[0\].level' is 3, which is not a text"),
        ('"units_with_category"', '"unknown"', r"'rules\[0\].evaluator' is 'unknown'; allowed are"),
        ("55.5", "true", r"'rules\[0\].threshold' is true, which is not a number"),
        ("55.5", "inf", r"'rules\[0\].threshold' is Infinity"),
        (
            "55.5",
            "[1.5, 2025-01-01, [true]]",
            r"is \[1.5, 2025-01-01, a list\], which is not a number",
        ),
        ("55.5", "[" + "0.5, " * 99 + "]", r"is \[0.5, 0.5, 0.5, 0.5, 0.5, …\], which is no"),
        ('level = "street"', "level = -0.0", r"'rules\[0\].level' is -0.0, which is not a text"),
        ("55.5", '"' + "9" * 4000 + '"', r"is '9{40}…', which is not a number"),
        ("55.5", '"55.5"', r"'rules\[0\].threshold' is '55.5', which is not a number"),
        ('comparison = ">="', "", r"'rules\[0\].comparison' must be given with a threshold"),
        ('comparison = ">="', 'comparison = "≥"', r"'rules\[0\].comparison' is '≥'"),
        ('{ zh = "甲", en = "a" }', '{ zh = "甲" }', "key 'title.en' is missing"),
        ("2025-01-01", "2025", "key 'source.date' is 2025, which is not a date"),
        ("[[rules]]", "rules = [1]\n[other]", "key 'other' is unknown"),
        ("[[rules]]", AREA, "'floor_area' needs rules with a threshold for floor_area_new"),
    ],
)
def test_bad_file_names_file_and_key(tmp_path, old, new, fault):
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(InputDataError, match=fault) as caught:
        load_pack(path)
    assert str(caught.value).startswith(str(path))


def test_repeated_rule_is_refused(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(GOOD + GOOD[GOOD.index("[[rules]]") :], "utf-8")
    with pytest.raises(InputDataError, match=r"'rules\[1\].id' is 'X-1' for the second time"):
        load_pack(path)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("threshold = 30", "threshold = 0", "key 'rules' new_m2_per_100 is 0"),
        ('"complex", "day_care"', "3", r"key 'floor_area\.counts\[0\]' is 3, which is not a text"),
    ],
)
def test_impossible_law_is_refused(repository, tmp_path, old, new, fault):
    bundled = repository / "coverage/circle15/rules/packs/liangxi-2025.toml"
    path = tmp_path / "bad.toml"
    path.write_text(bundled.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InputDataError, match=fault):
        load_pack(path)


def test_rules_that_are_no_tables_are_refused(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(GOOD[: GOOD.index("[[rules]]")] + "rules = [1]\n", "utf-8")
    with pytest.raises(InputDataError, match="key 'rules' must be a list of tables"):
        load_pack(path)
