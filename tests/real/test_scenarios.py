"""Scenarios of a real city give the numbers of a run of its files changed by hand."""

from __future__ import annotations

import pytest
from tests.builders.real_scenario import write_city
from tests.builders.scenario_study import numbers

pytestmark = pytest.mark.real

ALONE = (("add",), ("close",), ("status", "room", "move"), ("homes",), ("gates",))


@pytest.mark.parametrize("kinds", ALONE, ids="+".join)
def test_each_kind_of_change_alone(real_data, tmp_path, kinds):
    folders = tmp_path / "own", tmp_path / "other"
    study, by_hand = write_city(real_data, *folders, ALONE.index(kinds), kinds)
    assert numbers(study.with_changes("changed")) == numbers(by_hand)
