"""The list of findings in the report: many of one kind never hide the others."""

from __future__ import annotations

from circle15.output.report.data_sections import ALIKE_SHOWN, FINDINGS_SHOWN, few_of_each
from circle15.study.vocabulary.finding import Finding


def test_of_each_kind_in_a_file_a_few_are_shown_and_the_others_are_counted():
    many = [Finding("ROOM_OUTSIDE_ZONES", "note", "a.csv", row) for row in range(2, 9)]
    other = [
        Finding("ROOM_OUTSIDE_ZONES", "note", "b.csv", 2),
        Finding("TOO_FAR", "note", "a.csv", 3),
    ]
    shown, rest = few_of_each([*many, *other])
    assert shown == [*many[:ALIKE_SHOWN], *other]
    assert rest == {("a.csv", "ROOM_OUTSIDE_ZONES"): 7 - ALIKE_SHOWN}


def test_none_is_lost_where_the_kinds_are_many():
    findings = [Finding(f"KIND_{k}", "note", "a.csv", 2) for k in range(FINDINGS_SHOWN + 7)]
    shown, rest = few_of_each(findings)
    assert shown == findings[:FINDINGS_SHOWN]
    assert len(shown) + rest.total() == len(findings)
