"""Equity by hand: G01 and four people with 10, 20, 30, 40; what is undefined; exact tenths."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracle.oracle_supply import gini

from circle15.access.equity import equity_of, worst_tenth
from circle15.errors import InputDataError

ONE = 1_000_000
FOUR = np.array([10.0, 20.0, 30.0, 40.0])


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.1, 1 / 6, 2 / 30], 0.183333), ([0.15, 0.155, 0.04], 0.175)],
)
def test_g01_of_the_town(values, expected):
    found = equity_of(np.array(values), np.array([100, 200, 100]) * ONE)
    assert found.gini == pytest.approx(expected, abs=5e-7)


def test_g01_of_four_people():
    """μ = 25; Σ|x−y| over all pairs = 2·(10·3 + 20·2 + 30·1) = 200; 200 / (2·16·25) = .25."""
    found = equity_of(FOUR, np.full(4, ONE))
    assert found.gini == 0.25
    assert (found.mean, found.least, found.greatest) == (25, 10, 40)
    # 10 % of 4 people are .4: those with most have 16, those with least 4; 40 % are 1.6: 22... of
    # them 1 has 10 and .6 have 20 each: 22.
    assert found.palma == pytest.approx(16 / 22)
    assert found.decile_ratio == 4
    assert found.worst_tenth == 10
    assert found.lorenz[0] == 0
    assert found.lorenz[5] == pytest.approx(0.3)
    assert found.lorenz[10] == 1
    assert found.coefficient_of_variation == pytest.approx(125**0.5 / 25)
    assert found.spread is None


def test_of_minutes_those_with_most_are_worst_off():
    assert equity_of(FOUR, np.full(4, ONE), worse="high").worst_tenth == 40


def test_people_weigh():
    """Three with 10 and one with 30 are as a home of three and a home of one."""
    alike = equity_of(np.array([10.0, 10, 10, 30]), np.full(4, ONE))
    assert equity_of(np.array([10.0, 30]), np.array([3, 1]) * ONE) == alike


def test_all_zero_is_undefined_and_not_even():
    found = equity_of(np.zeros(3), np.full(3, ONE))
    assert (found.gini, found.palma, found.decile_ratio) == (None, None, None)
    assert (found.coefficient_of_variation, found.lorenz) == (None, ())
    assert (found.mean, found.worst_tenth) == (0, 0)


def test_a_tenth_with_nothing_has_no_ratio_but_a_gini():
    found = equity_of(np.array([0.0, 1.0]), np.array([1, 1]) * ONE)
    assert (found.palma, found.decile_ratio) == (None, None)
    assert found.gini == 0.5


def test_all_alike():
    found = equity_of(np.full(5, 0.1), np.full(5, 3))
    assert found.gini == 0
    assert found.coefficient_of_variation == pytest.approx(0, abs=1e-12)
    assert found.palma == pytest.approx(0.25)


def test_unknown_values_are_counted_apart():
    found = equity_of(np.array([1.0, np.nan, 3.0]), np.array([1, 5, 0]) * ONE)
    assert (found.persons, found.persons_unknown) == (ONE, 5 * ONE)
    assert (found.mean, found.greatest) == (1, 1)


@pytest.mark.parametrize("values", [[], [np.nan], [2.0]])
def test_without_people_nothing_is_defined(values):
    found = equity_of(np.array(values), np.zeros(len(values), np.int64))
    assert (found.persons, found.mean, found.gini, found.worst_tenth) == (0, None, None, None)


def test_the_spread_is_of_subdistricts_with_people():
    zone = np.array([0, 0, 1, -1])
    # (10·1 + 20·3) / 4 = 17.5 and 30; the last home is in none.
    found = equity_of(FOUR, np.array([1, 3, 2, 9]) * ONE, zone=zone)
    assert found.spread == pytest.approx(12.5)
    assert equity_of(FOUR[:2], np.full(2, ONE), zone=zone[:2]).spread is None


@pytest.mark.parametrize(
    ("values", "persons", "found"),
    [
        ([-1.0], [1], "negative or infinite"),
        ([np.inf], [1], "negative or infinite"),
        ([1.0], [-1], "persons are negative"),
    ],
)
def test_impossible_values_are_refused(values, persons, found):
    with pytest.raises(InputDataError, match=found):
        equity_of(np.array(values), np.array(persons))


def test_gini_as_printed_on_random_people():
    rng = np.random.default_rng(1)
    for _ in range(100):
        n = int(rng.integers(1, 12))
        values = np.round(rng.random(n) * 10, 1)
        persons = rng.integers(0, 5, n) * ONE
        found = equity_of(values, persons).gini
        expected = gini(values.tolist(), persons.tolist())
        assert (found is None) == (expected is None)
        if expected is not None:
            assert found == pytest.approx(expected, abs=1e-12)


def test_the_worst_tenth_by_hand():
    """100 people: a tenth are 10; the 4 who walk 30 minutes, and 6 of those who walk 20."""
    minutes, people = np.array([20.0, 5, 30, 20, np.nan]), np.array([5, 60, 4, 31, 900]) * ONE
    found = worst_tenth(minutes, people, worse="high")
    assert found.tolist() == [5 * ONE, 0, 4 * ONE, ONE, 0]
    assert worst_tenth(minutes, people, worse="low").tolist() == [0, 10 * ONE, 0, 0, 0]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("worse", ["low", "high"])
def test_the_worst_tenth_are_those_of_the_mean(seed, worse):
    draw = np.random.default_rng(seed)
    values = draw.integers(0, 30, 60).astype(float)
    values[draw.random(60) < 0.1] = np.nan
    people = draw.integers(0, 9_000_000, 60)
    found = worst_tenth(values, people, worse=worse)
    assert found.sum() == people[~np.isnan(values)].sum() // 10
    assert ((found >= 0) & (found <= people)).all()
    mean = np.nansum(values * found) / found.sum()
    assert mean == pytest.approx(equity_of(values, people, worse=worse).worst_tenth, rel=1e-5)


def test_nobody_is_worst_off_where_nobody_is_known():
    assert worst_tenth(np.array([np.nan, 3.0]), np.array([ONE, 0])).tolist() == [0, 0]
