"""Sums over catchments by hand, on a straight street of two kilometres.

A --500-- S1 --500-- B --500-- S2 --500-- C      600 s: S1 reaches A and B, S2 B and C
"""

from __future__ import annotations

import numpy as np
from tests.streets import graph_of, joined, plane

from circle15.travel.engine.accumulate import destination_sums, reach_counts
from circle15.travel.engine.catchments import CatchmentSearch

NETWORK = plane({"W": (0, 0), "E": (2000, 0)}, "WE")


def search() -> CatchmentSearch:
    homes = joined(NETWORK, (0, 0), (1000, 0), (2000, 0))
    sites = joined(NETWORK, (500, 0), (1500, 0))
    return CatchmentSearch(graph_of(NETWORK), homes, sites, cutoff_ms=600_000)


def test_destinations_sum_their_people():
    people = np.array([[100, 1], [200, 2], [100, 4]], np.int64)
    # S1: A + B = 300 and 3; S2: B + C = 300 and 6.
    assert destination_sums(search(), people).tolist() == [[300, 3], [300, 6]]


def test_only_one_in_reach():
    found = reach_counts(search(), np.array([True, True]))
    assert found.count.tolist() == [1, 2, 1]
    assert found.only.tolist() == [0, -1, 1]
    # If S2 does not count, S1 is the only one of A and B, and C has none.
    found = reach_counts(search(), np.array([True, False]))
    assert found.count.tolist() == [1, 1, 0]
    assert found.only.tolist() == [0, 0, -1]
