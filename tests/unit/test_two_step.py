"""2SFCA by hand: the worked case F01, an idle site, and conservation.

A --500-- S1 --500-- B --500-- S2 --500-- C      600 s: S1 reaches A and B, S2 B and C

P = 100, 200, 100; S1 = 30, S2 = 20:
R1 = 30 / 300 = .1, R2 = 20 / 300 = .0666…;  A = .1, .1666…, .0666…;  Σ P·A = 50 = Σ S
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.streets import graph_of, joined, plane

from circle15.access.two_step import two_step_fca
from circle15.errors import InputDataError
from circle15.travel.engine.catchments import CatchmentSearch

NETWORK = plane({"W": (0, 0), "E": (9000, 0)}, "WE")
HOMES = ((0, 0), (1000, 0), (2000, 0))
PEOPLE = np.array([100, 200, 100]) * 1_000_000


def search(*sites: tuple[float, float]) -> CatchmentSearch:
    homes, goals = joined(NETWORK, *HOMES), joined(NETWORK, *sites)
    return CatchmentSearch(graph_of(NETWORK), homes, goals, cutoff_ms=600_000)


def test_f01():
    found = two_step_fca(search((500, 0), (1500, 0)), np.array([30.0, 20.0]), PEOPLE)
    assert found.ratio == pytest.approx([0.1, 20 / 300], rel=1e-15)
    assert found.access == pytest.approx([0.1, 0.1 + 20 / 300, 20 / 300], rel=1e-14)
    assert (found.access * PEOPLE / 1e6).sum() == pytest.approx(50.0, rel=1e-14)


def test_a_site_that_nobody_reaches_is_idle_and_gives_nothing():
    found = two_step_fca(search((500, 0), (8000, 0)), np.array([30.0, 20.0]), PEOPLE)
    assert np.isnan(found.ratio).tolist() == [False, True]
    assert found.access == pytest.approx([0.1, 0.1, 0.0])


def test_no_supply_gives_no_access():
    found = two_step_fca(search((500, 0)), np.array([0.0]), PEOPLE)
    assert found.access.tolist() == [0.0, 0.0, 0.0]


def test_unknown_supply_is_refused():
    with pytest.raises(InputDataError, match="negative or unknown"):
        two_step_fca(search((500, 0)), np.array([np.nan]), PEOPLE)
