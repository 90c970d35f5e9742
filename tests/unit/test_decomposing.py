"""The change of the people covered: its parts add up to the micro-person."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tests.builders.line_town import CATEGORIES, CUTOFFS, KINDS, Town, changed, random_town

from circle15.results.difference.decomposing import (
    CAUSES,
    NO_CHANGE,
    Change,
    change_by_zone,
    change_of,
)
from circle15.results.difference.matched_homes import MatchedHomes

CHOICES = [
    (group, category, cutoff)
    for group in ("p60", "p80")
    for category in (*CATEGORIES, "any", "all")
    for cutoff in CUTOFFS
]


def totals(before: Town, after: Town) -> dict[tuple[str, str, int], Change]:
    """The change of each choice."""
    homes = MatchedHomes(before.judged(), after.judged())
    assert homes.comparable("p60")
    return {
        choice: sum((change_of(units) for units in homes.units(*choice)), NO_CHANGE)
        for choice in CHOICES
    }


def people_covered(town: Town, group: str, category: str, cutoff: int) -> int:
    """Count home by home, without matching anything."""
    found = 0
    combined = {"any": any, "all": all}.get(category)
    for home, (_, _, p60, p80) in town.homes.items():
        bands = [("p80", p80)] if group == "p80" else [("p60_79", p60 - p80), ("p80", p80)]
        for part, people in bands:
            if combined is None:
                inside = town.covers(home, category, cutoff, part)
            else:
                inside = combined(town.covers(home, k, cutoff, part) for k in CATEGORIES)
            found += people * inside
    return found


def parts(change: Change) -> dict[str, int]:
    return {name: getattr(change, name) for name in ("people", *CAUSES)}


def twice(seed: int) -> tuple[Town, Town]:
    """A town, and the same after one to five changes of any kinds."""
    seeded = random.Random(seed)
    before = after = random_town(seeded)
    for kind in seeded.choices(KINDS, k=seeded.randint(1, 5)):
        after = changed(after, kind, seeded)
    return before, after


@pytest.mark.parametrize("block", range(5))
def test_the_parts_add_up_for_a_hundred_pairs(block):
    for seed in range(20 * block, 20 * block + 20):
        before, after = twice(seed)
        for choice, found in totals(before, after).items():
            assert found.before == people_covered(before, *choice)
            assert found.after == people_covered(after, *choice)
            assert found.before + found.people + found.access == found.after, (seed, choice)


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_of_change_shows_alone(kind):
    seen = 0
    for seed in range(20):
        seeded = random.Random(seed)
        before = random_town(seeded)
        after = changed(before, kind, seeded)
        for choice, change in totals(before, after).items():
            found = parts(change)
            seen += found.pop(kind) != 0
            assert set(found.values()) == {0}, (seed, choice)
    assert seen > 20


def test_the_other_way_round_is_the_negative():
    """
    The whole always; its parts too unless people and states changed at one home.

    There both orders count w_after · s_after − w_before · s_before, but the first takes the people
    of before with the state of before; the two differ by Σ Δw · Δs in either part.
    """
    opposite = {"closed": "opened", "opened": "closed"}
    for seed in range(40):
        before, after = twice(seed)
        both_ways = totals(before, after).values(), totals(after, before).values()
        for there, back in zip(*both_ways, strict=True):
            assert there.after - there.before == -(back.after - back.before)
            both = there.access + back.access
            assert there.people + back.people == -both
            if before.homes == after.homes:
                assert both == 0
                for name, found in parts(back).items():
                    assert found == -parts(there)[opposite.get(name, name)]


def test_a_result_with_itself_shows_no_change():
    for seed in range(10):
        town = random_town(random.Random(seed))
        for choice, found in totals(town, town).items():
            assert set(parts(found).values()) == {0}
            assert found.before == found.after == people_covered(town, *choice)


def test_zones_sum_to_the_whole_and_those_who_change_zone_are_people():
    for seed in range(30):
        before, after = twice(seed)
        seeded = random.Random(seed)
        homes = MatchedHomes(before.judged(), after.judged())
        old = np.append(before.zones(), 3)[homes.row_before]
        new = np.append(after.zones(), 3)[homes.row_after]
        moved = np.array([seeded.randint(0, 3) for _ in new])
        for units in homes.units("p60", "all", 15):
            for zones in (new, moved):
                every = change_by_zone(units, np.where(old < 0, 3, old), abs(zones), 4)
                assert sum(every, NO_CHANGE) == change_of(units)
                assert all(c.before + c.people + c.access == c.after for c in every)


def test_a_hand_worked_town():
    """
    Cutoff 5 min at 1 m/s, 300 m. Homes at 0, 1000, 2000 m with 10, 20, 40 people.

    s1 at 100 m closes: −10. s2 opens at 1100 m: +25, as five people have moved to 1000 m, who
    were not covered there before. s3 moves from 2200 m to 3000 m: −40.
    """
    old = Town(
        {"a": (0, 0, 10, 0), "b": (1000, 0, 20, 0), "c": (2000, 0, 40, 0)},
        {
            "s1": (100, "day_care", True, False),
            "s2": (1100, "day_care", False, False),
            "s3": (2200, "day_care", True, False),
        },
    )
    new = Town(
        {"a": (0, 0, 10, 0), "b": (1000, 0, 25, 0), "c": (2000, 0, 40, 0)},
        {
            "s1": (100, "day_care", False, False),
            "s2": (1100, "day_care", True, False),
            "s3": (3000, "day_care", True, False),
        },
    )
    assert totals(old, new)["p60", "day_care", 5] == Change(50, 25, 0, -10, 25, -40, 0)


def test_a_home_of_one_result_only_counts_as_people():
    """Its state in the other is not known: it takes the one it has."""
    old = Town({"a": (0, 0, 10, 0)}, {"s1": (0, "day_care", True, False)})
    new = Town({"b": (0, 0, 7, 0)}, {"s1": (0, "day_care", True, False)})
    assert totals(old, new)["p60", "day_care", 5] == Change(10, 7, -3, 0, 0, 0, 0)


def test_a_position_that_becomes_sure_is_a_move():
    old = Town({"a": (0, 0, 10, 0)}, {"s1": (0, "day_care", True, True)})
    new = Town({"a": (0, 0, 10, 0)}, {"s1": (0, "day_care", True, False)})
    assert totals(old, new)["p60", "day_care", 5].moved == 10


def test_other_required_categories_are_a_parameter():
    old = Town({"a": (0, 0, 10, 0)}, {"s1": (0, "day_care", True, False)})
    homes = MatchedHomes(old.judged(), old.judged())
    assert [change_of(u).walking for u in homes.units("p60", "all", 5)] == [0]
    fewer = old.judged()
    fewer = type(fewer)(
        fewer.ids, fewer.groups, fewer.covered, fewer.nearest, fewer.sites, ("day_care",)
    )
    (units,) = MatchedHomes(old.judged(), fewer).units("p60", "all", 5)
    assert change_of(units) == Change(0, 10, 0, 0, 0, 0, 10)


def test_age_bands_without_the_people_of_an_age_are_not_compared():
    """A result that has p60 alone cannot be split at 80."""
    town = Town({"a": (0, 0, 10, 4)}, {"s1": (0, "day_care", True, False)})
    alike, split = town.judged(), Town(town.homes, town.sites, 1.0, 0.5).judged()
    only = type(alike)(
        alike.ids, {"p60": alike.groups["p60"]}, alike.covered, alike.nearest, alike.sites, ()
    )
    assert MatchedHomes(alike, split).comparable("p60")
    assert not MatchedHomes(only, split).comparable("p60")
    assert not MatchedHomes(only, split).comparable("p80")
