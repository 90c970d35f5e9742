"""Assignment by hand: L02, order of priority, least total walking, and all people in one class."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from tests.builders.matrix_search import matrix_search
from tests.oracle.oracle_supply import least_walk_of_units, served_in_order

from circle15.access.assignment.assigning import assigned
from circle15.access.assignment.classes import ServedCounts, room_of, served_by_zone
from circle15.access.assignment.pairs import pairs_of
from circle15.access.assignment.serving import least_walk, nearest_first
from circle15.access.states import State
from circle15.access.supply.floating import Walking

ONE = 1_000_000


def town(ms, persons):
    """The pairs of homes whose ids are in the order of the rows."""
    people = [Walking(matrix_search(ms), np.array(persons) * ONE)]
    return pairs_of(people, [np.arange(len(persons))])


def test_l02():
    """350 people reach one site with room for 250: 71.43 % are served."""
    found = nearest_first(town([[100], [200]], [200, 150]), np.array([250 * ONE]))
    assert found.served[0].tolist() == [200 * ONE, 50 * ONE]
    state = np.array([State.COVERED, State.COVERED])
    (counts,) = served_by_zone(
        state,
        np.array([200, 150]) * ONE,
        found.served[0],
        unserved=np.array([0, 100]) * ONE,
        zone=np.zeros(2, int),
        n_zones=1,
    )
    assert counts == ServedCounts(350 * ONE, 250 * ONE, 100 * ONE, 0, 0)
    assert counts.share_served == pytest.approx(0.7143, abs=5e-5)


def test_of_equal_times_the_site_and_then_the_home_of_the_smaller_id_comes_first():
    pairs = pairs_of(
        [Walking(matrix_search([[5, 5], [5, 5]]), np.array([2, 2]) * ONE)], [np.array([1, 0])]
    )
    found = nearest_first(pairs, np.array([3, 1]) * ONE)
    # The second home's id is the smaller: it fills the first site, which has 1 left.
    assert found.served[0].tolist() == [2 * ONE, 2 * ONE]
    found = nearest_first(pairs, np.array([3, 0]) * ONE)
    assert found.served[0].tolist() == [1 * ONE, 2 * ONE]


def test_nearest_first_may_turn_away_whom_least_walking_serves():
    """
    The home that reaches both sites takes the near one, and the other home has no site left.

    Nearest first: 1 served, 100 ms. Least walk: both, 200 + 300 ms.
    """
    pairs = town([[100, 200], [300, None]], [1, 1])
    room = np.array([1, 1]) * ONE
    first, least = nearest_first(pairs, room), least_walk(pairs, room)
    assert (first.served[0].tolist(), first.person_ms) == ([ONE, 0], 100 * ONE)
    assert (least.served[0].tolist(), least.person_ms) == ([ONE, ONE], 500 * ONE)
    assert least.least_person_ms == pytest.approx(500 * ONE)


def test_the_solver_says_nothing(capfd):
    least_walk(town([[100]], [1]), np.array([ONE]))
    assert capfd.readouterr() == ("", "")


def test_people_who_walk_at_two_speeds_share_the_room():
    people = [
        Walking(matrix_search([[100]]), np.array([2 * ONE])),
        Walking(matrix_search([[50]]), np.array([2 * ONE])),
    ]
    pairs = pairs_of(people, [np.array([0]), np.array([0])])
    found = nearest_first(pairs, np.array([3 * ONE]))
    assert [one.tolist() for one in found.served] == [[ONE], [2 * ONE]]


def test_nobody_reaches_anything():
    for share_out in (nearest_first, least_walk):
        found = share_out(town([[None]], [3]), np.array([ONE]))
        assert found.served[0].tolist() == [0]
        assert found.at_site.tolist() == [0]


def test_room_is_rounded_down_and_unknown_is_none():
    # 50 meals at .06 each: 833.333333… people.
    room = room_of([Decimal(50), None, Decimal(0)], Decimal("0.06"))
    assert room.tolist() == [833_333_333, 0, 0]


def test_only_those_unserved_whatever_the_unknown_capacities_are_are_turned_away():
    state = np.array([State.COVERED, State.COVERED, State.GAP, State.UNKNOWN])
    persons, served = np.full(4, 10), np.array([4, 4, 0, 0])
    unserved = np.array([6, 1, 10, 10])
    found = served_by_zone(
        state, persons, served, unserved=unserved, zone=np.array([0, 1, 0, -1]), n_zones=2
    )
    assert found == [ServedCounts(20, 4, 6, 10, 0), ServedCounts(10, 4, 1, 0, 5)]


@pytest.mark.parametrize("way", ["nearest_first", "least_walk"])
def test_a_site_of_unknown_capacity_matters_to_people_who_do_not_reach_it(way):
    """
    b reaches U (near) and J, a reaches J alone; J has room for 10 of their 20 people.

    With room at U, b leaves J to a: no one is turned away for certain. A third home asks at J last
    and finds no room in any case.
    """
    ms: list[list[int | None]] = [[300_000, 100_000], [700_000, None], [800_000, None]]
    people = [Walking(matrix_search(ms), np.array([10, 10, 4]) * ONE)]
    capacity = [Decimal(10), None]
    shared = assigned(people, ["b", "a", "c"], capacity, per_person=Decimal(1), way=way)
    assert shared.found.served[0].tolist() == [10 * ONE, 0, 0]
    assert shared.unserved[0].tolist() == [0, 0, 4 * ONE]
    assert shared.room.tolist() == [10 * ONE, 0]


@pytest.mark.parametrize("way", ["nearest_first", "least_walk"])
def test_who_is_turned_away_is_so_with_any_capacity_of_the_unknown_sites(way):
    for seed in range(40):
        ms, persons, room = random_town(seed, most_people=6)
        people = [Walking(matrix_search(ms), persons * ONE)]
        ids = [str(n) for n in range(len(persons))]
        capacity = [None if k % 2 == 0 else Decimal(int(n)) for k, n in enumerate(room)]
        away = assigned(people, ids, capacity, per_person=Decimal(1), way=way).unserved[0]
        totals = []
        for size in (0, 1, 3, int(persons.sum())):
            stated = [Decimal(size) if one is None else one for one in capacity]
            told = assigned(people, ids, stated, per_person=Decimal(1), way=way)
            totals.append(int(told.unserved[0].sum()))
        assert min(totals) >= away.sum(), seed
        # With room for all at the unknown sites, those and no others are turned away.
        assert totals[-1] == away.sum(), seed


def random_town(seed, *, most_people):
    rng = np.random.default_rng(seed)
    n_homes, n_sites = (int(n) for n in rng.integers(1, 5, 2))
    ms = [
        [int(t) if rng.random() < 0.7 else None for t in row]
        for row in rng.integers(0, 5, (n_homes, n_sites)) * 60_000
    ]
    persons = rng.integers(0, most_people + 1, n_homes)
    return ms, persons, rng.integers(0, most_people + 1, n_sites)


def test_nearest_first_is_an_independent_loop():
    for seed in range(100):
        ms, persons, room = random_town(seed, most_people=50)
        found = nearest_first(town(ms, persons), room * ONE)
        expected = np.array(served_in_order(ms, persons.tolist(), room.tolist()))
        assert (found.served[0] == expected.sum(axis=1) * ONE).all(), seed
        assert (found.at_site == expected.sum(axis=0) * ONE).all(), seed


def test_least_walk_is_the_best_of_all_choices_and_its_bound_holds():
    for seed in range(40):
        ms, persons, room = random_town(seed, most_people=2)
        found = least_walk(town(ms, persons), room * ONE)
        served, walk = least_walk_of_units(ms, persons.tolist(), room.tolist())
        assert int(found.at_site.sum()) == served * ONE, seed
        assert found.person_ms == walk * ONE, seed
        assert found.least_person_ms == pytest.approx(walk * ONE, abs=ONE), seed


@pytest.mark.parametrize("share_out", [nearest_first, least_walk])
def test_more_room_never_serves_fewer_and_no_site_is_overfull(share_out):
    for seed in range(60):
        ms, persons, room = random_town(seed, most_people=20)
        pairs, room = town(ms, persons), room * ONE + seed
        before = share_out(pairs, room)
        assert (before.at_site <= room).all()
        assert (before.served[0] <= persons * ONE).all()
        for site in range(len(room)):
            more, closed = room.copy(), room.copy()
            more[site] += 5 * ONE
            closed[site] = 0
            assert share_out(pairs, more).at_site.sum() >= before.at_site.sum()
            assert share_out(pairs, closed).at_site.sum() <= before.at_site.sum()


def test_rounding_loses_no_one_where_there_is_room():
    """Shares of people that no float holds: everybody is served all the same."""
    persons = np.array([333_333, 1, 2_000_001, 7])
    people = [Walking(matrix_search([[60_000, 120_000]] * 4), persons)]
    room = np.array([1_111_111, 1_222_231])
    found = least_walk(pairs_of(people, [np.arange(4)]), room)
    assert found.served[0].tolist() == persons.tolist()
    assert found.at_site.tolist() == room.tolist()
