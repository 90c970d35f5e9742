"""What is said beside a verdict: why there is none, what would settle it, sources and scopes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.builders.report_result import STATION, make_checks, make_study

from circle15.output.text.rule_texts import RuleTexts
from circle15.output.text.wording import Words
from circle15.rules.evaluators.answers import Remark
from circle15.rules.packs.records import Status, Verified
from circle15.rules.verdicts import Verdict
from circle15.study.vocabulary.indicators import known_indicators

STUDY = make_study()
(FOUND,) = make_checks("")[1]


def texts(language="en", **indicators):
    return RuleTexts(Words(language, STUDY), indicators)


def test_a_source_with_its_year():
    """Of a rule on zones the year is the study's own, and is not repeated."""
    say = texts()
    assert say.source(replace(FOUND, data_source="plan (2022)")) == "Data: plan (2022)."
    assert say.source(replace(FOUND, data_source="a、b", data_year=2024)) == "Data: a, b, 2024."
    assert say.source(replace(FOUND, data_source="")) == "Data: the study's own tables."


def test_what_is_missing_and_what_lacks():
    say = texts()
    open_verdict = replace(
        FOUND,
        data_source="register",
        missing=("beds_of_all", "persons_60"),
        alone=Verdict.MET,
        lacking=1250,
    )
    told = say.why(open_verdict)
    assert "Add to the register: beds_of_all, persons_60." in told
    assert "By this source alone: met." in told
    assert "Lacking: 1,250 (sites, beds, persons)." in told
    assert told.endswith("Data: register.")


def test_remarks_with_their_numbers():
    say = texts()
    assert say.remark(Remark("SITES_SILENT", (("sites", 2), ("of", 7)))) == (
        "2 of 7 sites state no figure."
    )
    assert say.remark(Remark("FROM", (("part", Fraction(1, 2)), ("whole", 4)))) == (
        "That is 0.5 / 4."
    )
    assert say.remark(Remark("LACKS", (("indicators", "a、b"),))) == "Lacking: a, b."
    assert say.remark(Remark("UNITS_WITHOUT", (("units", "S1、S2"),))) == (
        "Units without one: S1, S2."
    )
    told = say.why(replace(FOUND, data_source="", remarks=(Remark("SHARE_OVER_100"),)))
    assert told.endswith("Note: a share above 100 %; check the register.")


def test_an_indicator_is_named_with_its_id():
    key, found = next(iter(known_indicators().items()))
    say = texts(**{key: found})
    assert say.indicator(key) == f"{found.en} ({key})"
    assert texts("zh", **{key: found}).indicator(key) == f"{found.zh} ({key})"
    assert say.scope(key) == say.indicator(key)
    assert say.indicator("other") == "other"


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("community", "communities and villages"),
        ("street:gini", "subdistricts and towns · Gini index"),
        ("street:other", "subdistricts and towns · other"),
        (STATION, "Home-care station"),
        (f"{STATION}:same_site", "Home-care station · on one site"),
        ("Z1", None),
        ("Z1:cv", None),
    ],
)
def test_scopes_in_words(scope, name):
    assert texts().scope(scope) == name


def test_a_document_with_its_standing():
    say = texts()
    whole = replace(FOUND, source="Plan", status=Status.DOCUMENT, verified=Verified.OFFICIAL)
    assert say.document(whole) == "Plan [compared with the text published by the issuing body]"
    draft = replace(whole, status=Status.DRAFT, verified=Verified.NOT_STATED)
    assert say.standing(draft) == [
        "draft for comment, not law",
        "the pack does not state how it was verified",
    ]


def test_a_unit_without_a_translation_stays():
    assert texts().unit("furlongs") == "furlongs"
    assert texts().unit("m2") == "m²"
