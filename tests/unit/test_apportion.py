"""Largest remainders: nothing is lost, and no share is more than a unit too large."""

from __future__ import annotations

import numpy as np
import pytest

from circle15.inputs.demand.apportion import apportion, apportion_groups


@pytest.mark.parametrize(
    ("share", "total", "parts"),
    [
        ([1, 1, 1], 100, [34, 33, 33]),  # equal remainders: the earlier part gets the unit
        ([0.5, 0.25, 0.25], 7, [3, 2, 2]),  # 3.5, 1.75, 1.75: the two larger remainders get it
        ([6, 3, 1], 10, [6, 3, 1]),
        ([0, 1, 0], 5, [0, 5, 0]),
        ([1, 0], 1, [1, 0]),
        ([2], 9, [9]),
        ([1, 1], 0, [0, 0]),
        ([0, 0], 0, [0, 0]),
        ([1e-9, 1], 3, [0, 3]),
    ],
)
def test_by_hand(share, total, parts):
    assert apportion(np.array(share, float), total).tolist() == parts


def test_large_totals_are_exact():
    """Beyond 2⁵³ binary fractions no longer hold every unit: the parts still sum to the total."""
    total = 3 * 10**16 + 1
    parts = apportion(np.array([1.0, 1.0, 1.0]), total)
    assert int(parts.sum()) == total
    assert parts.max() - parts.min() <= 8


def test_groups_do_not_mix():
    """Group 0 splits 3 over two halves: 2 and 1. Group 1 is whole. Group 2 has nobody."""
    share, group = np.array([0.5, 0.5, 1.0, 0.0]), np.array([0, 0, 1, 2])
    assert apportion_groups(share, group, np.array([3, 7, 0])).tolist() == [2, 1, 7, 0]


def test_a_total_without_a_share_is_refused():
    with pytest.raises(ValueError, match="no share"):
        apportion(np.array([0.0, 0.0]), 5)
