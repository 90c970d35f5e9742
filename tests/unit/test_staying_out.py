"""
Who stays in the gap, and by which limit: a street of 6 km, circles of 900 m, meal points.

    m 0      1500     3000     4500     6000
      20 A   30 B     10 C     5 D      M (a site of today)
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from tests.builders.new_sites import ONE, answer_of, sited
from tests.builders.report_page import build_report
from tests.builders.report_result import make_result, text_of
from tests.builders.siting_answers import answered, inputs_in_subdistricts, lines

from circle15.access.counting import Counts
from circle15.output.text.siting_words import parts_out, reasons_out
from circle15.output.text.wording import Words
from circle15.planning.posing import Posed
from circle15.planning.proposals import After
from circle15.planning.reach import Gains
from circle15.planning.siting.problem import Candidates, Homes, Limits, SitingProblem
from circle15.planning.staying_out import HOLDING, staying_out
from circle15.study.settings.rules.requirements import Circle
from circle15.study.settings.siting import MostPer, Siting

CATEGORY = "meal_point"
HOMES = {"A": (0, 0, 20), "B": (1500, 0, 30), "C": (3000, 0, 10), "D": (4500, 0, 5)}
A, B, C = ("a", "", 0.0, 0.0), ("b", "", 1500.0, 0.0), ("c", "", 3000.0, 0.0)
COST = {"cost": [Decimal(4), Decimal(5), Decimal(3)]}


@pytest.fixture(scope="module")
def inputs():
    return inputs_in_subdistricts(HOMES, {"M": (6000, 0)}, ["S1", "S1", "S1", "S2"])


@pytest.mark.parametrize(
    ("settings", "held"),
    [
        # B and A are built: C needs a third.
        ({"add": 2}, {"add": 10}),
        # B costs 5; 3 more would suffice for C, and 4 for A.
        ({"budget": Decimal(5)}, {"budget": 30}),
        # One of three sites is left over: C would reach 10, fewer than 15.
        ({"add": 3, "min_persons": Decimal(15)}, {"min_persons": 10}),
        # No candidate lies in a zone, so most_per stops none of them.
        ({"add": 1, "most_per": MostPer("street", 1)}, {"add": 30}),
        # C would need more sites and reach too few; A needs more sites alone.
        ({"add": 1, "min_persons": Decimal(15)}, {"add": 20, "several": 10}),
        # 30 of 65 suffice.
        ({"until_share": Decimal("0.4")}, {"until_share": 30}),
    ],
)
def test_the_reason_is_the_limit_that_holds(inputs, settings, held):
    found = answered(inputs, Siting(CATEGORY, **settings), A, B, C, **COST)
    assert {one: n // ONE for one, n in found.area.held.items()} == held
    assert sum(found.area.held.values()) == found.area.not_chosen
    assert found.area.beyond == 5 * ONE
    for limit in held:
        said = limit if limit in {"min_persons", "until_share", "budget"} else "people"
        assert said in "\n".join(lines(found, inputs))
    if "budget" not in settings:
        assert "budget" not in "\n".join(lines(found, inputs))


def test_a_candidate_that_where_excludes_is_a_reason_of_its_own(inputs):
    """D is in the circle of a room that `where` excludes, C of nothing."""
    room = [(4500.0 + 100, 0.0)]
    found = answered(inputs, Siting(CATEGORY, add=2), A, B, file_rows=3, excluded=room)
    assert (found.area.beyond, found.area.excluded) == (15 * ONE, 5 * ONE)
    assert parts_out(found.area) == (10, 5, 0)
    text = reasons_out(found, Words("en", inputs.study))
    assert text == (
        "10 have no candidate in their circle and need other places for sites; 5 have only "
        "candidates in their circle that the question leaves out (1 that `where` excludes)"
    )
    by_street = {one.zone_id: one.excluded for one in found.streets}
    assert by_street == {"S1": 0, "S2": 5 * ONE}


def test_the_parts_sum_to_the_whole():
    """0.6, 0.6 and 0.8 people: 2 in all."""
    counts = Counts(2 * ONE, 0, 2 * ONE, 0)
    one = After(counts, counts, 1_200_000, excluded=600_000, held={"add": 800_000})
    assert sum(parts_out(one)) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_has_a_column_for_excluded_candidates_where_there_are_some(language):
    answer = answer_of()
    heading = {"zh": "候选点被条件排除", "en": "Candidate left out"}[language]
    assert heading not in text_of(build_report(sited(make_result(), answer), language))
    area = After(answer.area.before, answer.area.after, 200_000, excluded=150_000,
                 held={"several": 50_000})  # fmt: skip
    answer = replace(answer, area=area)
    assert heading in text_of(build_report(sited(make_result(), answer), language))


def test_a_zone_that_has_its_sites_shuts_out_the_others():
    """Candidates 0 and 1 share a zone with room for one: 0 is built, and 1 alone reaches home 1."""
    ids = ("a", "b", "c")
    candidates = Candidates(
        ids, np.arange(4), np.arange(3), np.zeros(3, np.int64), group=np.array([0, 0, -1])
    )
    ones, zeros = np.full(3, ONE, np.int64), np.zeros(3, np.int64)
    homes = Homes(ones, zeros, zeros - 1, np.zeros(3, np.bool_), zeros)
    problem = SitingProblem(homes, candidates, "people", Limits(add=2, most_per=1))
    found = staying_out(Posed(problem, (), Gains(zeros, zeros, zeros)), [0])
    assert [HOLDING[k] if k < len(HOLDING) else None for k in found.held] == [
        None, "most_per", "other",
    ]  # fmt: skip
    both = staying_out(Posed(problem, (), Gains(zeros, zeros, zeros)), [0, 2])
    assert HOLDING[both.held[1]] == "several"


def test_who_lacks_another_required_service_too_is_not_completed(inputs):
    """Nothing else is required: no figure. Of a second category there is no site: 0 people."""
    assert answered(inputs, Siting(CATEGORY, add=1), A, B).completes is None
    circle = Circle((CATEGORY, "home_care_station"))
    both = replace(inputs, study=replace(inputs.study, circle=circle))
    found = answered(both, Siting(CATEGORY, add=1), A, B)
    assert found.sites[0].newly == 30 * ONE
    assert found.completes == 0


def test_today_sums_to_all_people(inputs):
    """0.6 covered, 0.7 in the gap and 0.7 unknown are printed as 0, 1 and 1 of 2."""
    answer = answer_of(sites=[])
    today = Counts(2 * ONE, 600_000, 700_000, 700_000)
    answer = replace(answer, area=After(today, today, 700_000))
    assert "Today: 0 of 2 covered (30.0%), 1 in a gap, 1 unknown" in lines(answer, inputs)
