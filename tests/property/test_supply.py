"""Floating catchments against plain loops on random towns; supply is conserved, in any order."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from tests.builders.matrix_search import matrix_search
from tests.oracle.oracle_supply import supply_per_person

from circle15.access.supply.floating import METHODS, Walking, floating_catchment
from circle15.travel.engine.decay import Decay

CUTOFF = 900_000
DECAYS = {
    "alike": None,
    "steps": Decay.steps((300_000, 600_000, CUTOFF), (1.0, 0.68, 0.22)),
    "curve": Decay.gaussian(CUTOFF),
}


def random_town(seed):
    """Times (None: out of reach), micro-persons and supply of a few homes and sites."""
    rng = np.random.default_rng(seed)
    n_homes, n_sites = (int(n) for n in rng.integers(1, 9, 2))
    reached = rng.random((n_homes, n_sites)) < 0.6
    times = rng.integers(0, CUTOFF + 1, (n_homes, n_sites))
    ms = [
        [int(t) if r else None for t, r in zip(*row, strict=True)]
        for row in zip(times, reached, strict=True)
    ]
    persons = rng.integers(0, 10 ** int(rng.integers(1, 10)), n_homes) * (rng.random(n_homes) < 0.8)
    supply = np.round(rng.random(n_sites) * 10.0 ** rng.integers(-3, 4), 3)
    return ms, persons.astype(np.int64), supply


@pytest.mark.parametrize(
    ("method", "weights"),
    [("2sfca", "alike"), *product([one for one in METHODS if one != "2sfca"], DECAYS)],
)
def test_formulas_as_printed_and_the_balance(method, weights):
    decay = DECAYS[weights] or Decay.alike()
    for seed in range(60):
        ms, persons, supply = random_town(seed)
        flat = np.array([-1 if t is None else t for row in ms for t in row])
        of_walks = np.where(flat < 0, 0.0, decay.of(np.maximum(flat, 0)))
        table = of_walks.reshape(len(ms), -1).tolist()
        found = floating_catchment(
            [Walking(matrix_search(ms), persons)], supply, method=method, decay=DECAYS[weights]
        )
        expected = supply_per_person(method, table, (persons / 1e6).tolist(), supply.tolist())
        assert found.access[0] == pytest.approx(expected, rel=1e-9, abs=1e-12), seed
        assert (found.balance.error or 0) < 1e-9, seed


def test_homes_in_another_order_have_the_same_access_to_the_last_bit():
    for seed in range(20):
        ms, persons, supply = random_town(seed)
        order = np.random.default_rng(seed).permutation(len(ms))
        turned = matrix_search([ms[i] for i in order])
        for method in METHODS:
            decay = None if method == "2sfca" else DECAYS["curve"]
            one = floating_catchment(
                [Walking(matrix_search(ms), persons)], supply, method=method, decay=decay
            )
            other = floating_catchment(
                [Walking(turned, persons[order])], supply, method=method, decay=decay
            )
            assert (one.access[0][order] == other.access[0]).all()
            assert np.array_equal(one.ratio, other.ratio, equal_nan=True)


def test_a_sliver_of_a_person_does_not_blur_the_others():
    """A millionth of a person alone with a site has a billion times the access of the others."""
    ms = [[0, None], [None, 0], [None, 0]]
    persons = np.array([1, 3_000_000, 4_000_000])
    found = floating_catchment([Walking(matrix_search(ms), persons)], np.array([1000.0, 0.001]))
    assert found.access[0] == pytest.approx([1e9, 0.001 / 7, 0.001 / 7], rel=1e-9)
