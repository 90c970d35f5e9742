"""The three sentences of the first page: who lacks what, where, and the step that helps most."""

from __future__ import annotations

import re
from dataclasses import replace
from inspect import unwrap

import pytest
from tests.builders.new_sites import ONE, answer_of, new_site, sited
from tests.builders.report_result import STATION, make_result, make_study

from circle15.access.counting import Counts
from circle15.output.document.model import Listing
from circle15.output.document.texts import plain
from circle15.output.report.first_page import first_page
from circle15.output.text.wording import Words
from circle15.planning.gaps.gap_reasons import REASONS, GapReason
from circle15.results.gaps.gap_places import headline_areas
from circle15.study.settings.records import Circle

RESULT = make_result()


def sentences(result, language="en"):
    words = Words(language, result.study)
    block = first_page(result, words).blocks[0]
    assert isinstance(block, Listing)
    return [plain(text) for text in block.texts]


def step(result, language="en"):
    return sentences(result, language)[2]


def test_who_lacks_which_service_where_several_are_required():
    """By hand: 1.5 people are in the gap of each, printed as 2; the covered are the rest."""
    several = make_study(circle=Circle((STATION, "any")))
    who, where, _ = sentences(make_result(several))
    assert "2 (50.0%) reach all" in who
    assert "2 (30.0%) do not (out of reach: Home-care station for 2" in who
    assert where == "The communities with most people in the gap: K 2 2."
    assert "out of reach" not in sentences(RESULT)[0]


def test_the_first_proposed_site_is_the_step():
    assert step(sited(RESULT, answer_of())) == (
        "To build first, of the new sites asked for: Home-care station at V-1 Room, S 2; it would "
        "bring 1 more people within 15 minutes on foot of one; none of its 2 other candidates "
        "alone would bring more."
    )
    assert step(sited(RESULT, answer_of()), "zh") == (
        "在研究所问的新设施中，首先建议：在S 2的“V-1 Room”新设居家养老服务站，可使 1 人新增在 "
        "15 分钟内走得到居家养老服务站；符合该问题条件的其余 2 个候选点，单独建设都不比它多。"
    )


def test_people_who_then_reach_all_services_are_said():
    answer = replace(answer_of(), completes=600_000)
    assert "foot of one, 1 of whom would then reach all required services; none" in step(
        sited(RESULT, answer)
    )


def test_a_question_of_people_served_is_ranked_by_its_people():
    """V-1 newly reaches 1 in a question of people; V-2 of another serves 3 more."""
    other = answer_of(sites=[new_site(1, served=3 * ONE)], objective="served")
    other = replace(other, question=replace(other.question, name="second"))
    assert "at V-2 Hall" in step(sited(RESULT, answer_of(), other))
    few = answer_of(sites=[new_site(1, served=ONE // 2)], objective="served")
    few = replace(few, question=replace(few.question, name="second"))
    assert "at V-1 Room" in step(sited(RESULT, few, answer_of()))


def test_of_two_questions_the_site_that_newly_reaches_most_is_the_step():
    other = answer_of(sites=[new_site(1, newly=2 * ONE, alone=250_000)])
    other = replace(other, question=replace(other.question, name="second"))
    found = step(sited(RESULT, answer_of(), other))
    assert "at V-2 Hall" in found
    assert "none of its" not in found  # V-1 alone would reach more than V-2 alone


@pytest.mark.parametrize(
    ("settings", "numbers", "told"),
    [
        ({"objective": "served"}, {"served": 3 * ONE}, "serve 3 more people within their capacity"),
        (
            {"backup": True},
            {"newly": 2 * ONE},
            "give 2 people a second one",
        ),
        (
            {"objective": "minutes"},
            {"saved_ms": ONE * 60_000 * 30},
            "would save 30 person-minutes of walking",
        ),
    ],
)
def test_a_site_is_said_to_do_what_was_sought(settings, numbers, told):
    assert told in step(sited(RESULT, answer_of(sites=[new_site(0, **numbers)], **settings)))


def test_without_a_useful_site_the_largest_gap_area_is_named():
    assert step(RESULT) == (
        "Look first at the largest gap area, around S 2 · K 2: 2 people, all of them without "
        "Home-care station; as the study asks for no new sites, what one would bring is not "
        "computed."
    )
    for nothing in ([], [new_site(0)]):
        assert "no candidate of the study" in step(sited(RESULT, answer_of(sites=nothing)))


def test_without_a_gap_no_step_is_needed():
    none = Counts(5 * ONE, 4 * ONE, 0, ONE)
    rows = [replace(row, counts=none) for row in RESULT.coverage_rows]
    _, where, found = sentences(replace(RESULT, coverage_rows=rows))
    assert where == "No people are known to be in a gap, so no place is named."
    assert found == "No people are known to be in a gap, so no new site is needed for them."


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_is_one_sentence(language):
    end = {"en": r"\.(?=\s|$)", "zh": "。"}[language]
    for result in (RESULT, sited(RESULT, answer_of())):
        assert [len(re.findall(end, one)) for one in sentences(result, language)] == [1, 1, 1]


def test_the_largest_gap_area_has_its_main_reason(monkeypatch):
    found = headline_areas(RESULT)
    assert found is not None
    (area,) = found.areas
    reasons = tuple(int(one == GapReason.GATE) * area.homes.people for one in REASONS)
    gated = replace(area, homes=replace(area.homes, by_reason=reasons))
    monkeypatch.setitem(RESULT.figures, unwrap(headline_areas), replace(found, areas=(gated,)))
    assert "(main reason: locked gate or private way); as the study" in step(RESULT)
