"""Whole persons of a change: its ends are those of both reports, and what is printed adds up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from circle15.access.counting import Counts
from circle15.output.text.changes.wording import PARTS, whole_ends_of, whole_parts_of
from circle15.output.text.numbers import moved, split_people, whole_steps
from circle15.planning.scenarios.differences import Shift

micro = st.integers(0, 5_000_000)
counts = st.builds(lambda a, b, u: Counts(a + b + u, a, b, u), micro, micro, micro)
steps = st.lists(st.integers(-5_000_000, 5_000_000), min_size=1, max_size=6)


def number(text: str) -> int:
    return int(text.replace(",", "").replace("−", "-"))


@given(steps, st.integers(-1, 1))
def test_steps_sum_to_the_printed_difference(parts, off):
    total = (sum(parts) + 500_000) // 1_000_000 + off
    whole = whole_steps(parts, total=total)
    assert sum(whole) == total or not any(parts)
    assert all(w == 0 for w, part in zip(whole, parts, strict=True) if part == 0)
    assert sum(abs(w - p / 1e6) >= 1 for w, p in zip(whole, parts, strict=True)) <= 1


@given(counts, counts, st.data())
def test_the_ends_of_a_scenario_are_those_of_the_reports(before, after, data):
    gained = data.draw(st.integers(0, after.covered))
    lost = data.draw(st.integers(0, before.covered))
    shift = Shift("all", "p60", 15, before, after, gained, lost)
    today, *parts, then = map(number, moved(shift, homes=True))
    assert today == number(split_people(before)[1])
    assert today + sum(parts) == then
    if any((gained, lost, after.covered - before.covered)):
        assert then == number(split_people(after)[1])


@given(counts, counts, st.lists(st.integers(-3_000_000, 3_000_000), min_size=4, max_size=4))
def test_the_ends_of_a_comparison_are_those_of_the_reports(before, after, first):
    parts = [*first, after.covered - before.covered - sum(first)]
    row = {key: part / 1e6 for key, part in zip(PARTS, parts, strict=True)}
    row |= {"a": before.covered / 1e6, "gap_a": before.gap / 1e6}
    row |= {"b": after.covered / 1e6, "gap_b": after.gap / 1e6}
    ends = whole_ends_of(row)
    assert ends == (number(split_people(before)[1]), number(split_people(after)[1]))
    if any(parts):
        assert sum(whole_parts_of(row).values()) == ends[1] - ends[0]
