"""Scenarios of a real city give the numbers of a run of its files changed by hand."""

from __future__ import annotations

import pytest
from tests.builders.real_scenario import KINDS, write_city
from tests.builders.scenario_study import numbers

pytestmark = pytest.mark.real


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_change_alone(real_data, tmp_path, kind):
    study, by_hand = write_city(
        real_data, tmp_path / "own", tmp_path / "other", KINDS.index(kind), (kind,)
    )
    assert numbers(study.with_changes("changed")) == numbers(by_hand)
