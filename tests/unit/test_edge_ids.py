"""Text ids of edges, some at a time, and back."""

from __future__ import annotations

import numpy as np
from tests.streets import plane

from circle15.results.gaps.gap_cells import edges_of_ids


def network():
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0), "D": (200.0, 100.0)}
    return plane(nodes, "ABC", "CD", "DA")


def test_ids_of_some_edges_are_those_of_all():
    streets = network()
    every = streets.edge_ids.tolist()
    assert len(set(every)) == len(streets.u) == 4
    assert streets.ids_of(np.array([2, 0, 2, -1])).tolist() == [every[2], every[0], every[2], None]
    assert streets.ids_of(np.zeros(0, np.int64)).tolist() == []


def test_edges_are_found_by_their_ids():
    streets = network()
    every = streets.edge_ids
    for order in ([3, 1, 1, 0], [2], []):
        assert edges_of_ids(streets, every[order]).tolist() == order
    beyond = f"{every[1].partition(':')[0]}:77"
    asked = np.array([every[1], None, "99:0", float("nan"), beyond], object)
    assert edges_of_ids(streets, asked).tolist() == [1, -1, -1, -1, -1]
