"""Effect of closing a site, by hand, and against counting again without it.

A 100 S1, 300 S2;  B 200 S2 alone;  C 400 S1 and S2 alike;  D reaches none
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.builders.matrix_search import matrix_search

from circle15.access.supply.floating import Walking
from circle15.access.supply.site_worth import (
    Choice,
    SiteWorth,
    choice_by_zone,
    two_nearest,
    worth_of_sites,
)
from circle15.travel.engine.accumulate import destination_sums

ONE = 1_000_000
TIMES = [[100, 300], [None, 200], [400, 400], [None, None]]
PEOPLE = np.array([1, 2, 4, 8]) * ONE


def worth(ms, persons, counted):
    people = [Walking(matrix_search(ms), persons)]
    nearest = [two_nearest(people[0].search, counted)]
    sums = destination_sums(people[0].search, persons[:, None])[:, 0]
    return people, nearest, worth_of_sites(people, counted, nearest, sums)


def test_by_hand():
    people, nearest, found = worth(TIMES, PEOPLE, np.array([True, True]))
    # S1: A walks 200 ms further; C's other site is as near. S2: B loses it; C is S1's, for its id.
    assert found == [
        SiteWorth(5 * ONE, 0, 5 * ONE, ONE, 200 * ONE, 200),
        SiteWorth(7 * ONE, 2 * ONE, 2 * ONE, 0, 0, 0),
    ]
    assert [one.shared for one in found] == [5 * ONE, 5 * ONE]
    assert found[0].further_mean_min == pytest.approx(200 / 60_000)
    assert found[1].further_mean_min is None
    zone = np.array([0, 0, 1, -1])
    assert choice_by_zone(people, nearest, zone, 2) == [
        Choice(0, 2 * ONE, ONE),
        Choice(0, 0, 4 * ONE),
    ]


def test_a_site_that_does_not_count_is_no_way_out():
    _, _, found = worth(TIMES, PEOPLE, np.array([True, False]))
    assert found[0] == SiteWorth(5 * ONE, 5 * ONE, 5 * ONE, 0, 0, 0)
    assert found[1] == SiteWorth(7 * ONE, 0, 0, 0, 0, 0, counted=False)
    # Who reaches it reaches it for sure only once its position is known.
    assert [one.shared for one in found] == [0, None]


def test_as_counting_again_without_the_site():
    rng = np.random.default_rng(3)
    for _ in range(60):
        n_homes, n_sites = (int(n) for n in rng.integers(1, 7, 2))
        ms = [
            [int(t) if rng.random() < 0.6 else None for t in row]
            for row in rng.integers(0, 9, (n_homes, n_sites)) * 1000
        ]
        persons = rng.integers(0, 4, n_homes) * ONE
        _, _, found = worth(ms, persons, np.ones(n_sites, bool))
        for k, one in enumerate(found):
            lost = further = more_ms = 0
            for row, n in zip(ms, persons.tolist(), strict=True):
                reached = [t for t in row if t is not None]
                others = [t for j, t in enumerate(row) if t is not None and j != k]
                if reached and not others:
                    lost += n
                elif reached and min(others) > min(reached):
                    further += n
                    more_ms += n * (min(others) - min(reached))
            assert (one.only_here, one.further, one.further_person_ms) == (lost, further, more_ms)
