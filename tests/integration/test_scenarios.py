"""A scenario gives the numbers of a run of the study changed by hand in its files."""

from __future__ import annotations

import random

import pytest
from tests.builders.scenario_study import KINDS, numbers, write_pair


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_change_alone(tmp_path, kind):
    study, by_hand = write_pair(tmp_path, seed=KINDS.index(kind), kinds=(kind,))
    assert numbers(study.with_changes("changed")) == numbers(by_hand)
    assert numbers(study) != numbers(by_hand)


@pytest.mark.parametrize("seed", range(6))
def test_random_changes_together(tmp_path, seed):
    chance = random.Random(seed)
    kinds = tuple(kind for kind in KINDS if chance.random() < 0.6) or KINDS
    study, by_hand = write_pair(tmp_path, seed=100 + seed, kinds=kinds)
    assert numbers(study.with_changes("changed")) == numbers(by_hand)
