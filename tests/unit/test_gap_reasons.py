"""One reason for each area, from what single changes would do: by hand, and against a loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from circle15.planning.gaps.gap_reasons import (
    CHANGES,
    REASONS,
    GapReason,
    main_reason,
    people_by_reason,
    reason_of_homes,
)

WORDS = ["no_site", "gate", "wall", "barrier", "climb", "detour", "capacity"]


def test_reasons_stand_in_the_order_that_breaks_ties():
    assert [one.value for one in REASONS] == WORDS
    assert [one.value for one in CHANGES] == WORDS[1:5]


def test_a_home_has_the_first_reason_that_holds():
    yes, no = np.array([True]), np.array([False])
    every = dict.fromkeys(CHANGES, yes)
    assert REASONS[reason_of_homes(no, every)[0]] is GapReason.NO_SITE
    for change in CHANGES:
        assert REASONS[reason_of_homes(yes, every)[0]] is change
        every[change] = no
    assert REASONS[reason_of_homes(yes, every)[0]] is GapReason.DETOUR
    assert REASONS[reason_of_homes(yes, {})[0]] is GapReason.DETOUR


def test_an_area_has_the_reason_of_most_people_not_of_most_homes():
    reason = np.array([5, 5, 5, 1], np.int8)
    table = people_by_reason(np.array([0, 0, 0, 0]), reason, np.array([1, 1, 1, 4]), 2)
    assert table.tolist() == [[0, 4, 0, 0, 0, 3, 0], [0] * 7]
    assert main_reason(table[0]) is GapReason.GATE
    assert main_reason(table[1]) is None


def test_of_equal_reasons_the_first_counts():
    table = people_by_reason(
        np.zeros(3, np.int64), np.array([5, 3, 2], np.int8), np.ones(3, np.int64), 1
    )
    assert main_reason(table[0]) is GapReason.WALL


flags = st.lists(st.booleans(), min_size=6, max_size=6)


@given(flags, st.dictionaries(st.sampled_from(CHANGES), flags), st.data())
def test_people_of_all_reasons_are_all_people(near, covered, data):
    weight = data.draw(st.lists(st.integers(0, 9), min_size=6, max_size=6))
    place = data.draw(st.lists(st.integers(0, 2), min_size=6, max_size=6))
    helped = {change: np.array(holds) for change, holds in covered.items()}
    reason = reason_of_homes(np.array(near), helped)
    table = people_by_reason(np.array(place), reason, np.array(weight), 3)
    wanted = [dict.fromkeys(WORDS, 0) for _ in range(3)]
    for k in range(6):
        holds = [one.value for one in CHANGES if covered.get(one, [False] * 6)[k]]
        word = "no_site" if not near[k] else (holds or ["detour"])[0]
        wanted[place[k]][word] += weight[k]
    assert [dict(zip(WORDS, row, strict=True)) for row in table.tolist()] == wanted
    for row, people in zip(table, wanted, strict=True):
        most = max(people.values())
        first = next(word for word in WORDS if people[word] == most) if most else None
        assert main_reason(row) == first
