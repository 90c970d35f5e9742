"""Rule packs: the bundled data and faults of a file."""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from tests.builders.small_pack import GOOD

from circle15.errors import InputDataError, MissingFileError, StudyError
from circle15.rules.evaluators.remarks import printed_remarks
from circle15.rules.packs.evaluator_parameters import PARAMETERS, Evaluator
from circle15.rules.packs.known import unit_key
from circle15.rules.packs.load import (
    Force,
    Status,
    Verified,
    known_packs,
    load_pack,
    load_packs,
    pack_faults,
)
from circle15.study.languages import LANGUAGES
from circle15.study.messages import messages
from circle15.study.typed_toml.reader import keys_of
from circle15.study.vocabulary.categories import known_categories

DOCUMENTS = {
    "liangxi-2025": "000_d9ce324a3b68a896.txt",
    "shaoxing-2020": "001_fde7539cae57ddf0.txt",
    "rushan-2027": "002_1edc8b3739476439.txt",
    "chongqing-2025": "003_2a6fcef82aadbdb0.txt",
    "jingan-2025": "004_aebea35f7388b25d.txt",
}
AS_SHARES = {"SX-07", "SX-19", "SX-29", "JA-10"}
"""Listed as one in each unit, which is 100 % of the units; SX-29 counts the hubs of a centre."""
CATEGORY = '{ category = "complex" }'
FORCE_ZH = {Force.BINDING: "约束性", Force.EXPECTED: "预期性"}


def test_an_unknown_pack_of_a_study_is_named_with_the_study_and_key():
    with pytest.raises(
        StudyError, match=r"^s\.toml, key 'rules\.packs': there is no rule pack 'x'"
    ):
        load_packs(["liangxi-2025", "x"], study_file=Path("s.toml"))
    with pytest.raises(StudyError, match=r"^there is no rule pack 'x'"):
        load_packs(["x"])


def test_liangxi_holds_every_rule_of_the_plan():
    pack = load_pack("liangxi-2025")
    assert pack.source.date == dt.date(2022, 11, 14)
    assert [rule.id for rule in pack.rules] == [f"LX-{k:02}" for k in range(1, 26)]
    rules = {rule.id: rule for rule in pack.rules}
    numbers = {key: rules[key].threshold for key in ("LX-02", "LX-03", "LX-04", "LX-05", "LX-17")}
    assert numbers == {"LX-02": 30, "LX-03": 20, "LX-04": 300, "LX-05": 100, "LX-17": 1}


def test_care_homes_never_count_by_default():
    law = load_pack("liangxi-2025").floor_area
    assert law is not None
    assert "care_home" not in law.counts
    assert set(law.counts) <= set(known_categories())


@pytest.mark.parametrize("name", known_packs())
def test_every_bundled_pack_loads(name):
    pack = load_pack(name)
    assert pack.id == name
    assert all(rule.meaning["zh"] and rule.meaning["en"] for rule in pack.rules)
    assert all(rule.quote for rule in pack.rules) or pack.status.is_excerpt


@pytest.mark.parametrize("name", known_packs())
def test_a_bundled_pack_says_how_each_rule_was_verified(name):
    """A rule whose wording was not seen is only reported, and no other is."""
    pack = load_pack(name)
    for rule in pack.rules:
        assert (pack.grade(rule) is Verified.REPORTED) == (not rule.quote), rule.id
    graded = {pack.grade(rule) for rule in pack.rules}
    if Verified.REPUBLISHED in graded and name not in DOCUMENTS:
        assert pack.source.pages, "where was it read?"


def whole(rule_id):
    """Id of the listed rule of which this is a part: SX-16 of SX-16a."""
    return rule_id.rstrip("abcd")


@pytest.mark.real
@pytest.mark.parametrize("name", DOCUMENTS)
def test_quotes_stand_verbatim_in_the_document(policies, name):
    text = (policies / DOCUMENTS[name]).read_text("utf-8")
    pack = load_pack(name)
    quotes = [(one.id, one.quote) for one in pack.rules]
    quotes += [(one.rule, one.quote) for one in pack.printed]
    assert [key for key, quote in quotes if quote not in text] == []


@pytest.mark.real
def test_all_106_rules_are_there_with_their_numbers(rule_tables):
    """Ids, comparisons and years as listed; a rule with two numbers has a part for each."""
    with (rule_tables / "rules.csv").open(encoding="utf-8") as file:
        listed = {row["id"]: row for row in csv.DictReader(file)}
    rules = [rule for name in DOCUMENTS for rule in load_pack(name).rules]
    assert list(dict.fromkeys(whole(rule.id) for rule in rules)) == list(listed)
    assert len(listed) == 106
    for key, row in listed.items():
        parts = [rule for rule in rules if whole(rule.id) == key]
        numbers = re.findall(r"\d[\d,.]*(?:e\d+)?", row["threshold"])
        wanted = {Decimal(number.replace(",", "").rstrip(".")) for number in numbers}
        years = {int(year) for year in re.findall(r"20\d\d", row["threshold"])}
        found = {rule.threshold for rule in parts if rule.threshold is not None}
        assert key in AS_SHARES or wanted - years - {Decimal(100)} <= found | {None}, key
        numberless = row["comparison"] == "report" or row["threshold"].startswith("none stated")
        assert numberless == (found == set() and key != "JA-06"), key
        if row["comparison"] in {">", "<="} and len(parts) == 1:
            assert {rule.comparison for rule in parts} == {row["comparison"]}, key
        stated = {int(year) for year in re.findall(r"20\d\d", row["target_year"])}
        assert {rule.target_year for rule in parts} <= stated | {None}, key


@pytest.mark.real
def test_liangxi_indicators_stand_in_the_table_with_value_and_force(policies):
    """The plan's own table says which indicators bind; LX-05 does."""
    text = (policies / DOCUMENTS["liangxi-2025"]).read_text("utf-8")
    filled = [line.strip() for line in text.splitlines() if line.strip()]
    tabled = [rule for rule in load_pack("liangxi-2025").rules if rule.quote in filled]
    assert len(tabled) == 14
    for rule in tabled:
        row = filled.index(rule.quote)
        assert filled[row + 1 : row + 3] == [str(rule.threshold), FORCE_ZH[rule.force]], rule.id
    others = [rule for rule in load_pack("liangxi-2025").rules if rule not in tabled]
    assert {rule.force for rule in others} == {Force.NOT_STATED}


def test_a_study_may_require_a_grade():
    assert [load_packs(["yinchuan"], least_verified="official")[0].id] == ["yinchuan"]
    says = (
        r"^s\.toml, key 'rules\.packs': the rule packs must be verified as 'official', but "
        r"'guizhou' is 'reported' \(GZ-01, GZ-02, GZ-04, and 2 more\); "
        r"'hubei-2022' is 'republished' \(HB-01, HB-02, HB-03, and 1 more\)\. Remove these"
    )
    names = ["yinchuan", "guizhou", "hubei-2022"]
    with pytest.raises(StudyError, match=says):
        load_packs(names, study_file=Path("s.toml"), least_verified="official")
    with pytest.raises(StudyError, match="'guizhou' is 'reported'"):
        load_packs(names, least_verified="republished")
    assert len(load_packs(names, least_verified="reported")) == 3


def test_a_pack_that_says_nothing_of_it_is_of_the_lowest_grade(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(GOOD, "utf-8")
    assert load_pack(path).verified is Verified.NOT_STATED
    path.write_text(GOOD.replace('publisher = "p"', 'publisher = "p", verified = "law"'), "utf-8")
    with pytest.raises(InputDataError, match=r"'source\.verified' is 'law'; allowed are official"):
        load_pack(path)


def test_the_draft_of_shaoxing_is_never_called_law():
    assert load_pack("shaoxing-2020").status is Status.DRAFT


@pytest.mark.parametrize("name", known_packs())
def test_every_unit_of_a_rule_has_words(name):
    rules = load_pack(name).rules
    for language in LANGUAGES:
        known = messages(language)
        assert {r.unit for r in rules if f"units.{unit_key(r.unit)}" not in known} == set()


def test_two_packs_with_one_id_or_one_rule_are_refused(tmp_path):
    for name, content in (("a", GOOD), ("b", GOOD), ("c", GOOD.replace('"own"', '"other"'))):
        (tmp_path / f"{name}.toml").write_text(content, "utf-8")
    files = [str(tmp_path / f"{name}.toml") for name in "abc"]
    says = r"b\.toml: the pack id 'own' is also that of .*a\.toml"
    with pytest.raises(InputDataError, match=says):
        load_packs(files[:2])
    says = r"c\.toml: the rule id 'X-1' is also used in .*a\.toml"
    with pytest.raises(InputDataError, match=says):
        load_packs([files[0], files[2]])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "{ category =",
            "{ categroy =",
            r"line 9: .*parameters\.categroy' is unknown; .*'category'",
        ),
        ('"complex"', '"complx"', "line 9: .*'complx'; allowed are complex"),
        ("threshold = 55.5", "treshold = 55.5", "line 10: .*treshold' is unknown.*'threshold'"),
        (
            CATEGORY,
            '{ any_of = ["complx"] }',
            "'complx', which is not a known category; .*'complex'",
        ),
        (CATEGORY, '{ category = "complex", units = "street" }', "'street', .* is 'streets'"),
        (
            CATEGORY,
            '{ category = "complex", units = "hub" }',
            "'hub', which is not a number of the",
        ),
        (CATEGORY, "{ }", "line 9: .*must hold one of category, any_of, each_of"),
    ],
)
def test_a_bad_parameter_names_its_line_and_what_is_near(tmp_path, old, new, fault):
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.lstrip().replace(old, new, 1), "utf-8")
    with pytest.raises(InputDataError, match=fault):
        load_pack(path)


def test_all_faults_of_a_pack_are_listed(tmp_path):
    path = tmp_path / "bad.toml"
    text = GOOD.lstrip().replace('force = "not_stated"', 'force = "law"').replace('"甲"', "3", 1)
    path.write_text(text.replace('id = "own"', 'id = "own"\nfoo = 1'), "utf-8")
    found = [str(fault) for fault in pack_faults(path)]
    assert len(found) == 3
    assert "line 2: key 'foo' is unknown" in found[0]
    assert "line 3: key 'title.zh' is 3" in found[1]
    assert "line 15: key 'rules[0].force' is 'law'" in found[2]


@pytest.mark.parametrize(
    ("parameters", "place", "found"),
    [
        (
            "evaluator = 'count'\nparameters = { indicator = ['streets'] }",
            "indicator",
            "not a text",
        ),
        ("evaluator = 'count'", "indicator", "is missing"),
        (
            "evaluator = 'ratio'\nparameters = { numerator = 'p60', denominator = 'p60', per = 0 }",
            "per",
            "must be greater than 0",
        ),
        (
            "evaluator = 'ratio'\nparameters = { numerator = [], denominator = 'p60' }",
            "numerator",
            "must list words",
        ),
        (
            "evaluator = 'each_object'\nparameters = { figure = 'p60' }",
            "figure",
            "not a number of single objects",
        ),
        (
            (
                "evaluator = 'each_object'\n"
                "parameters = {figure = 'star_grade', where = {star_grad = 5}}"
            ),
            "where.star_grad",
            "not a known indicator; the nearest known one is 'star_grade'",
        ),
        (
            "evaluator = 'in_step'\nparameters = { steps = [['rooms_built']] }",
            "steps[0]",
            "must pair a date of the rooms",
        ),
        (
            "evaluator = 'colocation'\nparameters = { pairs = [{ name = 'a', of = 'complex' }] }",
            "pairs[0].with",
            "is missing",
        ),
        (
            (
                "evaluator = 'colocation'\nparameters = { pairs = [{ name = 'a', of = 'complex',"
                " partners = 'complex' }] }"
            ),
            "pairs[0].partners",
            "is unknown",
        ),
        (
            "evaluator = 'service_circle'\nparameters = { group = 'p61' }",
            "group",
            "allowed are total",
        ),
        (
            "evaluator = 'service_circle'\nparameters = { group = 'p60', needs = [] }",
            "needs",
            "is empty",
        ),
        ("evaluator = 'floor_area_new'\nparameters = { scope = 'new' }", "scope", "is unknown"),
        (
            (
                "evaluator = 'tiers'\nparameters = { tiers = [{ level = 'city',"
                " with_one = 'streets', units = 'streets' }] }"
            ),
            "tiers[0].level",
            "allowed are district, street, community",
        ),
    ],
)
def test_each_evaluator_has_parameters_of_its_own(tmp_path, parameters, place, found):
    path = tmp_path / "bad.toml"
    old = GOOD.split("evaluator")[1].split("\nthreshold")[0]
    path.write_text(GOOD.replace(f"evaluator{old}", parameters, 1), "utf-8")
    said = [str(fault) for fault in pack_faults(path)]
    assert any(f"key 'rules[0].parameters.{place}'" in one and found in one for one in said), said


@pytest.mark.parametrize(
    "key", ["evaluator", "level", "force", "comparison", "contradicts", "unit = 3\nquote"]
)
def test_a_message_is_one_line_whatever_stands_in_a_pack(tmp_path, key):
    path = tmp_path / "bad.toml"
    path.write_text(GOOD + f'\n[[rules]]\nid = "X-1"\n{key} = "a\\u202e\\n\\u0007"\n', "utf-8")
    found = [str(fault) for fault in pack_faults(path)]
    assert found
    assert all(one.isprintable() for one in found), found


@pytest.mark.parametrize("number", ["0.10", "1e-3", "3", "123456789012345678901234567890.1"])
def test_numbers_are_the_decimals_that_are_written(tmp_path, number):
    path = tmp_path / "own.toml"
    path.write_text(GOOD.replace("55.5", number), "utf-8")
    assert str(load_pack(path).rules[0].threshold) == str(Decimal(number))


@pytest.mark.parametrize("rules", ["3", "2.5", '"x"', "[1]", "[[]]", "true", "{ id = 1 }"])
def test_rules_that_are_no_list_of_tables_are_a_fault(tmp_path, rules):
    path = tmp_path / "bad.toml"
    path.write_text(f"rules = {rules}\n{GOOD.lstrip().split('[[rules]]')[0]}", "utf-8")
    assert any("'rules'" in str(fault) for fault in pack_faults(path))
    with pytest.raises(InputDataError):
        load_pack(str(path))


def test_a_pack_may_bring_indicators_and_categories_of_its_own(tmp_path):
    path = tmp_path / "own.toml"
    more = """categories = ["library"]
[indicators.books]
zh = "图书"
en = "Books"
unit = "count"
[[rules]]
id = "X-2"
quote = "q"
meaning = { zh = "甲", en = "a" }
evaluator = "count"
parameters = { indicator = "books" }
threshold = 3
comparison = ">="
unit = "count"
level = "city"
force = "status"
[[rules]]"""
    head, rules = GOOD.split("[[rules]]")
    path.write_text(head.lstrip() + more + rules, "utf-8")
    pack = load_pack(path)
    assert [rule.id for rule in pack.rules] == ["X-2", "X-1"]
    assert set(pack.indicators) == {"books"}


def test_unknown_pack_lists_the_known_ones():
    with pytest.raises(StudyError, match=r"'liangxi'; the known packs are: .*liangxi-2025"):
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


def test_the_guide_is_a_whole_pack_and_names_every_evaluator(repository, tmp_path):
    text = (repository / "docs" / "rule-packs.md").read_text("utf-8")
    path = tmp_path / "guide.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0], "utf-8")
    assert pack_faults(path) == []
    pack = load_pack(path)
    assert [rule.id for rule in pack.rules] == ["MC-01", "MC-02"]
    (remark,) = (r for r in printed_remarks(pack, pack.rules[0]) if r.code == "STATED_NEEDS")
    assert dict(remark.numbers)["value"] == 56
    named = [*Evaluator, *(key for kind in PARAMETERS.values() for key in keys_of(kind))]
    assert [word for word in named if f"`{word}`" not in text] == []
