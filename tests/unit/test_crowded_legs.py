"""Points among streets and barriers that lie over each other are refused beyond a limit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.streets import plane

from circle15.errors import InputDataError
from circle15.network import edge_grid
from circle15.network.snapping import SnapCode, snap_to_network
from circle15.study.limits import LEGS

STREET = {"A": (0.0, 0.0), "B": (100.0, 0.0)}
X, Y = np.linspace(10, 90, 20), np.full(20, 10.0)


def rivers(many):
    return [[(-50.0, 5 + k * 0.001), (150.0, 5 + k * 0.001)] for k in range(many)]


@pytest.fixture
def counted(monkeypatch):
    """Numbers of comparisons of each search."""
    found: list[int] = []
    monkeypatch.setattr(edge_grid, "_require_few", lambda compared, _x: found.append(compared))
    return found


def test_comparisons_are_those_of_points_with_what_lies_around_them(counted):
    """20 legs of 10 m over 5 rivers, then over 50: each looks at 45 more at least once."""
    for many in (5, 50):
        snaps = snap_to_network(X, Y, plane(STREET, "AB", barriers=rivers(many)))
        assert set(snaps.code) == {SnapCode.ACCESS_BARRIER}
    streets, few, again, many = counted
    assert streets == again >= 20
    assert many - few >= 20 * 45


@pytest.mark.parametrize("crowd", ["streets", "barriers"])
def test_a_crowd_is_refused_beyond_the_limit(monkeypatch, crowd):
    ways = ["AB"] * (200 if crowd == "streets" else 1)
    network = plane(STREET, *ways, barriers=rivers(200 if crowd == "barriers" else 1))
    snap_to_network(X, Y, network)
    monkeypatch.setattr(edge_grid, "LEGS", replace(LEGS, most=2000))
    with pytest.raises(InputDataError, match="lie over each other around 20 points; the limit is"):
        snap_to_network(X, Y, network)
