"""Rule packs: the bundled data, the faults of a file, and the presence rule."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from circle15.errors import InputDataError, MissingFileError, StudyError
from circle15.rules.packs import Evaluator, Force, known_packs, load_pack
from circle15.rules.presence import judge_presence
from circle15.rules.verdicts import Verdict
from circle15.study.categories import known_categories

DOCUMENT = "000_d9ce324a3b68a896.txt"
FORCE_ZH = {Force.BINDING: "约束性", Force.EXPECTED: "预期性"}

GOOD = """
id = "own"
title = { zh = "甲", en = "a" }
source = { title = "t", publisher = "p", date = 2025-01-01 }
[[rules]]
id = "X-1"
quote = "q"
meaning = { zh = "甲", en = "a" }
evaluator = "units_with_category"
threshold = 55.5
comparison = ">="
unit = "%"
level = "street"
force = "not_stated"
"""


def test_liangxi_holds_the_evaluated_rules():
    pack = load_pack("liangxi-2025")
    assert pack.source.date == dt.date(2022, 11, 14)
    rows = [(r.id, r.evaluator, r.threshold, r.target_year, r.force) for r in pack.rules]
    none, binding = Force.NOT_STATED, Force.BINDING
    assert rows == [
        ("LX-01", Evaluator.SERVICE_CIRCLE, None, 2025, none),
        ("LX-02", Evaluator.FLOOR_AREA_NEW, Decimal(30), 2025, none),
        ("LX-03", Evaluator.FLOOR_AREA_EXISTING, Decimal(20), 2025, none),
        ("LX-04", Evaluator.FLOOR_AREA_SITE, Decimal(300), 2025, none),
        ("LX-05", Evaluator.UNITS_WITH_CATEGORY, Decimal(100), 2025, binding),
        ("LX-06", Evaluator.UNITS_WITH_CATEGORY, Decimal(100), 2025, binding),
    ]
    assert [r.parameters.get("category") for r in pack.rules[4:]] == ["complex", "meal_center"]


def test_care_homes_never_count_by_default():
    law = load_pack("liangxi-2025").floor_area
    assert law is not None
    assert "care_home" not in law.counts
    assert set(law.counts) <= set(known_categories())


@pytest.mark.parametrize("name", known_packs())
def test_every_bundled_pack_loads(name):
    pack = load_pack(name)
    assert pack.id == name
    assert all(rule.quote and rule.meaning["zh"] and rule.meaning["en"] for rule in pack.rules)


@pytest.mark.real
def test_quotes_stand_verbatim_in_the_document(policies):
    text = (policies / DOCUMENT).read_text("utf-8")
    assert [r.id for r in load_pack("liangxi-2025").rules if r.quote not in text] == []


@pytest.mark.real
@pytest.mark.parametrize("rule_id", ["LX-05", "LX-06"])
def test_indicators_stand_in_the_table_with_value_and_force(policies, rule_id):
    rule = next(r for r in load_pack("liangxi-2025").rules if r.id == rule_id)
    lines = [line.strip() for line in (policies / DOCUMENT).read_text("utf-8").splitlines()]
    filled = [line for line in lines if line]
    row = filled.index(rule.quote)
    assert filled[row + 1 : row + 3] == [str(rule.threshold), FORCE_ZH[rule.force]]


def test_unknown_pack_lists_the_known_ones():
    with pytest.raises(StudyError, match="'liangxi'; known are: liangxi-2025"):
        load_pack("liangxi")


def test_missing_file(tmp_path):
    with pytest.raises(MissingFileError, match=r"none\.toml"):
        load_pack(tmp_path / "none.toml")


def test_own_pack_from_a_file(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(GOOD, "utf-8")
    pack = load_pack(str(path))
    assert (pack.rules[0].threshold, pack.floor_area) == (Decimal("55.5"), None)
    assert pack.rules[0].target_year is None


AREA = '[floor_area]\ncounts = ["complex"]\n[[rules]]'
SITE = 'evaluator = "floor_area_site"'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "own"', "id = ", "no TOML file"),
        ('id = "own"', "", "key 'id' is missing"),
        ('unit = "%"', "", r"key 'rules\[0\].unit' is missing"),
        ('unit = "%"', 'unit = "%"\nunti = 1', r"'rules\[0\].unti' is unknown.*'unit'"),
        ('level = "street"', "level = 3", r"'rules\[0\].level' is 3, which is no str"),
        ('"units_with_category"', '"unknown"', r"'rules\[0\].evaluator' is 'unknown', and may be"),
        ("55.5", "true", r"'rules\[0\].threshold' is True, which is no number"),
        ("55.5", "inf", r"'rules\[0\].threshold' is Infinity"),
        ("55.5", '"55.5"', r"'rules\[0\].threshold' is '55.5', which is no number"),
        ('comparison = ">="', "", r"'rules\[0\].comparison' must stand with a threshold"),
        ('comparison = ">="', 'comparison = "≥"', r"'rules\[0\].comparison' is '≥'"),
        ('{ zh = "甲", en = "a" }', '{ zh = "甲" }', "key 'title.en' is missing"),
        ("2025-01-01", "2025", "key 'source.date' is 2025, which is no date"),
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
    with pytest.raises(InputDataError, match=r"'rules\[1\].id' is 'X-1' a second time"):
        load_pack(path)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("threshold = 30", "threshold = 0", "key 'rules' new_m2_per_100 is 0"),
        ('"complex", "day_care"', "3", r"key 'floor_area\.counts' must list ids"),
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


def test_q04_seventeen_complexes_in_sixteen_of_seventeen_streets():
    streets = [f"s{i:02}" for i in range(1, 18)]
    complexes = [*streets[:16], "s01"]  # two in one street
    sheet = judge_presence(streets, complexes, threshold_percent=Decimal(100))
    assert sheet.value_percent == Fraction(1600, 17)
    assert f"{float(sheet.value_percent):.2f}" == "94.12"
    assert (sheet.verdict, sheet.shortfall, sheet.without) == (Verdict.NOT_MET, 1, ("s17",))


def test_presence_at_the_threshold_and_elsewhere():
    sheet = judge_presence(["a", "b", "c"], ["a", "b", None, "x"], threshold_percent=Decimal("66"))
    # 200 / 3 = 66.67 >= 66; of 3 units 66 % are 1.98, so 2 are needed
    assert (sheet.verdict, sheet.shortfall, sheet.elsewhere) == (Verdict.MET, 0, 2)
    half = judge_presence(["a", "b"], ["b"], threshold_percent=Decimal(50))
    assert half.verdict is Verdict.MET


def test_presence_without_units_or_threshold():
    empty = judge_presence([], ["a"], threshold_percent=Decimal(100))
    assert (empty.verdict, empty.value_percent, empty.shortfall) == (
        Verdict.UNDETERMINED,
        None,
        None,
    )
    assert judge_presence(["a"], [], threshold_percent=None).verdict is Verdict.REPORTED


def test_presence_refuses_a_unit_listed_twice():
    with pytest.raises(InputDataError, match="1 units are listed more than once: a"):
        judge_presence(["a", "a"], [], threshold_percent=None)
