"""Properties of every rule with a number, whatever the numbers are."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.rule_evidence import evidence, judge, number

from circle15.rules.comparing import Comparison, holds, least_whole, margin, shortfall
from circle15.rules.evaluators.presence import judge_presence
from circle15.rules.evaluators.remarks import needed_denominators
from circle15.rules.packs.load import load_pack

LX = load_pack("liangxi-2025")
VALUES = st.fractions(min_value=0, max_value=10_000)
COUNTS = st.integers(min_value=0, max_value=100_000)
WHOLES = st.integers(min_value=1, max_value=100_000)


@given(VALUES, st.sampled_from(get_args(Comparison)), VALUES)
def test_margin_and_shortfall_agree_with_the_verdict(value, comparison, threshold):
    met = holds(value, comparison, threshold)
    apart = margin(value, comparison, threshold)
    assert (apart > 0) <= met <= (apart >= 0)
    assert shortfall(value, comparison, threshold) == max(0, -apart)
    if comparison not in {">", "<"}:
        assert met == (apart >= 0)


@given(VALUES, st.sampled_from([">=", ">"]), VALUES)
def test_what_is_lacking_mends_a_rule_and_less_does_not(value, comparison, threshold):
    least = least_whole(comparison, threshold)
    assert least is not None
    assert holds(Fraction(least), comparison, threshold)
    assert least == 0 or not holds(Fraction(least - 1), comparison, threshold)


@given(COUNTS, WHOLES, COUNTS)
def test_more_of_the_numerator_never_worsens_a_share(part, whole, more):
    order = {"not_met": 0, "met": 1}
    rows = [
        judge(
            LX, "LX-14", evidence(LX, number("graded_care_homes", n), number("care_homes", whole))
        )[0]
        for n in (part, part + more)
    ]
    assert order[rows[0].verdict.value] <= order[rows[1].verdict.value]
    row = rows[0]
    assert row.lacking is not None
    mended = evidence(
        LX, number("graded_care_homes", part + row.lacking), number("care_homes", whole)
    )
    assert judge(LX, "LX-14", mended)[0].verdict.value == "met"


@given(
    st.permutations(
        [
            number("nursing_beds", 5508, source="a"),
            number("nursing_beds", 5509, source="b"),
            number("institution_beds", 6481, source="a"),
            number("total_beds", 8811),
        ]
    )
)
def test_the_order_of_rows_is_irrelevant(rows):
    found = judge(LX, "LX-12", evidence(LX, *rows))
    assert {(r.value, r.verdict.value, r.data_source) for r in found} == {
        (Fraction(550_800, 6481), "source_conflict", "a"),
        (Fraction(550_900, 6481), "source_conflict", "b、a"),
    }


@given(st.lists(st.sampled_from("abcdef"), max_size=12))
def test_another_site_in_a_unit_that_has_one_changes_nothing(placed):
    threshold = LX.rules[4].threshold
    once = judge_presence(list("abcdef"), placed, threshold_percent=threshold)
    twice = judge_presence(list("abcdef"), placed * 2, threshold_percent=threshold)
    assert once == twice


@given(WHOLES, st.integers(min_value=1, max_value=99))
def test_denominators_that_give_a_printed_figure_are_exactly_those(part, stated):
    half = Fraction(1, 2)
    least, most = needed_denominators(Fraction(part), 1000, Fraction(stated), half)
    for whole in (least - 1, least, most, most + 1):
        if whole > 0:
            value = Fraction(1000 * part, whole)
            assert (stated - half <= value < stated + half) == (least <= whole <= most)
