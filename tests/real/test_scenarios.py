"""Scenarios of a real city give the numbers of a run of its files changed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from tests.builders.real_scenario import KINDS, write_city
from tests.builders.scenario_study import numbers

pytestmark = pytest.mark.real

ALONE = (("add",), ("close",), ("status", "room", "move"), ("homes",), ("links",), ("gates",))
LENGTHS = ("network", "quality", "equity", "gap_areas", "supply", "supply_zones")
"""
Lengths, and minutes: the ends of a link stand on the nodes of the network, which are rounded to the
millimetre, so that it may be a millimetre and a millisecond longer than the way in the file.
"""


def require_same(found: dict[str, Any], by_hand: dict[str, Any], *, links: bool) -> None:
    """Every number is the same; with links, lengths and times to a hundred-thousandth."""
    for key in LENGTHS if links else ():
        require_near(found.pop(key), by_hand.pop(key))
    assert found == by_hand


def require_near(found: Any, other: Any) -> None:
    if isinstance(found, dict):
        assert found.keys() == other.keys()
        for key, value in found.items():
            require_near(value, other[key])
    elif isinstance(found, list):
        assert len(found) == len(other)
        for one, two in zip(found, other, strict=True):
            require_near(one, two)
    elif isinstance(found, float):
        assert found == pytest.approx(other, rel=1e-5, abs=1e-9)
    else:
        assert found == other


@pytest.mark.parametrize("kinds", ALONE, ids="+".join)
def test_each_kind_of_change_alone(real_data, tmp_path, kinds):
    folders = tmp_path / "own", tmp_path / "other"
    study, by_hand = write_city(real_data, *folders, ALONE.index(kinds), kinds)
    found = numbers(study.with_changes("changed"))
    require_same(found, numbers(by_hand), links="links" in kinds)


@pytest.mark.parametrize("links", [False, True], ids=["no link", "links"])
def test_all_kinds_together_on_a_mosaic(real_data, tmp_path, links):
    """Two cities side by side, and all changes at once."""
    kinds = tuple(one for one in KINDS if links or one != "links")
    folders = tmp_path / "own", tmp_path / "other"
    study, by_hand = write_city(real_data, *folders, 40, kinds, tiles=2)
    require_same(numbers(study.with_changes("changed")), numbers(by_hand), links=links)
