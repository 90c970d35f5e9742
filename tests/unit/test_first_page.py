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
from circle15.study.settings.rules.requirements import Circle

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
    assert "lack: K 2 2 (Home-care station 2, " in where
    assert "out of reach" not in sentences(RESULT)[0]


SEVERAL = make_study(circle=Circle((STATION, "meal_point", "care_home", "day_care")))


def with_gaps(*, unknown=0, gap=9, **lacking):
    """Community K 2 with so many people in the gap, of whom so many lack each service."""
    result = make_result(SEVERAL)
    zone = next(one for one in result.zone_rows if (one.zone_id, one.category) == ("K2", "all"))
    whole = Counts(20 * ONE, (20 - gap - unknown) * ONE, gap * ONE, unknown * ONE)
    rows = [replace(zone, counts=whole)]
    for category, n in lacking.items():
        counts = Counts(20 * ONE, (20 - n) * ONE, n * ONE, 0)
        rows.append(replace(zone, category=category, counts=counts))
    return replace(result, zone_rows=rows)


@pytest.mark.parametrize(
    ("lacking", "en", "zh"),
    [
        (
            {"meal_point": 9, STATION: 4},
            "K 2 9 (Meal site 9, Home-care station 4).",
            "K 2 9 人（缺助餐点 9 人、缺居家养老服务站 4 人）。",
        ),
        (
            {"meal_point": 4, STATION: 4},
            "K 2 9 (Home-care station 4, Meal site 4).",
            "K 2 9 人（缺居家养老服务站 4 人、缺助餐点 4 人）。",
        ),
        (
            {"meal_point": 9, STATION: 4, "care_home": 3, "day_care": 1},
            "K 2 9 (Meal site 9, Home-care station 4, Care home 3, further services: 1).",
            "K 2 9 人（缺助餐点 9 人、缺居家养老服务站 4 人、缺养老机构 3 人、另缺 1 类）。",
        ),
        (
            {"meal_point": 9, "unknown": 6},
            "K 2 9 (Meal site 9; unknown for 6 more).",
            "K 2 9 人（缺助餐点 9 人；另有 6 人无法判断）。",
        ),
        ({}, "K 2 9.", "K 2 9 人。"),
    ],
    ids=["two", "equal", "four", "unknown", "none"],
)
def test_each_place_says_what_its_people_lack(lacking, en, zh):
    """Most people first, equal ones as required; a service that nobody lacks is left out."""
    result = with_gaps(**lacking)
    assert sentences(result)[1].endswith(f"these people lack: {en}")
    assert sentences(result, "zh")[1].endswith(f"各缺什么：{zh}")


def test_of_one_service_the_sentence_names_it_once():
    assert sentences(RESULT)[1] == (
        "The communities where most people do not reach a service of the kind “Home-care station”: "
        "K 2 2 (unknown for 1 more)."
    )
    assert sentences(RESULT, "zh")[1] == (
        "走不到居家养老服务站的人最多的社区：K 2 2 人（另有 1 人无法判断）。"
    )


def test_places_are_kept_apart():
    """Half the people of K 2 in K 1: the larger gap first."""
    result = with_gaps(meal_point=9)
    others = [replace(one, zone_id="K1", name="K 1") for one in result.zone_rows]
    fewer = Counts(20 * ONE, 15 * ONE, 5 * ONE, 0)
    others = [replace(one, counts=fewer) for one in others]
    both = replace(result, zone_rows=[*others, *result.zone_rows])
    assert sentences(both)[1].endswith("lack: K 2 9 (Meal site 9); K 1 5 (Meal site 5).")


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
    assert where == (
        "No people are known to be in a gap; most of those for whom it is unknown live in: K 2 1."
    )
    assert found == "No people are known to be in a gap, so no new site is needed for them."


def test_without_a_gap_and_without_unknown_people_no_place_is_named():
    all_covered = Counts(5 * ONE, 5 * ONE, 0, 0)
    rows = [replace(row, counts=all_covered) for row in RESULT.coverage_rows]
    result = replace(RESULT, coverage_rows=rows)
    assert sentences(result)[1] == "No people are known to be in a gap, so no place is named."
    unplaced = [replace(row, counts=Counts(5 * ONE, 4 * ONE, 0, ONE)) for row in rows]
    nowhere = replace(RESULT, coverage_rows=unplaced, zone_rows=[])
    assert sentences(nowhere)[1] == "No people are known to be in a gap, so no place is named."


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
