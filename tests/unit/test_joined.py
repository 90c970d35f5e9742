"""Catchments of facilities with several entrances, against a separate search for each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.streets import graph_of, joined, plane

from circle15.access.joining.sites import Doors, Sites
from circle15.network.snapping import snap_to_network
from circle15.travel.engine.accumulate import destination_sums, reach_counts
from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.joined import JoinedSearch
from circle15.travel.engine.round_trips import RoundTripSearch
from circle15.travel.engine.search import nearest

SIDE = 6
NODES = {chr(0x4E00 + k): (100.0 * (k % SIDE), 100.0 * (k // SIDE)) for k in range(SIDE * SIDE)}
NAMES = list(NODES)
ROWS = ["".join(NAMES[k * SIDE : (k + 1) * SIDE]) for k in range(SIDE)]
COLUMNS = ["".join(NAMES[k::SIDE]) for k in range(SIDE)]
CUTOFF_MS = 250_000


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("round_trip", [False, True])
def test_a_facility_is_reached_at_the_nearest_entrance(seed, round_trip):
    """Twelve places belong to five facilities; one place lies off the streets."""
    rng = np.random.default_rng(seed)
    network = plane(NODES, *ROWS, *COLUMNS)
    graph = graph_of(network)
    homes = joined(network, *rng.uniform(0, 500, (30, 2)))
    places = rng.uniform(0, 500, (12, 2))
    places[3] = (5000, 5000)
    owner = np.sort(rng.integers(0, 5, 12))
    goals = joined(network, *places)
    limit_ms = CUTOFF_MS * (2 if round_trip else 1)
    search: CatchmentSearch | RoundTripSearch = (
        RoundTripSearch(graph, homes, goals, total_ms=limit_ms)
        if round_trip
        else CatchmentSearch(graph, homes, goals, cutoff_ms=limit_ms)
    )
    merged = JoinedSearch(search, owner, 5)
    found = np.full((5, 30), -1, np.int64)
    for part in merged.stream():
        for k, row in enumerate(part.destinations):
            here = slice(part.offsets[k], part.offsets[k + 1])
            assert (found[row] == -1).all()  # each facility comes once, and a home once in it
            assert len(np.unique(part.points[here])) == len(part.points[here])
            found[row, part.points[here]] = part.ms[here]
    for facility in range(5):
        own = goals.take(np.flatnonzero(owner == facility))
        times = nearest(graph, homes, own, horizon_ms=CUTOFF_MS).time_ms
        expected = np.where(times < 0, -1, times * (2 if round_trip else 1))  # no one-way streets
        assert found[facility].tolist() == expected.tolist()
    weights = rng.integers(1, 100, (30, 1))
    assert destination_sums(merged, weights)[:, 0].tolist() == [
        int(weights[row >= 0].sum()) for row in found
    ]
    counted = reach_counts(merged, np.ones(5, bool)).count
    assert counted.tolist() == (found >= 0).sum(axis=0).tolist()


def test_places_of_facilities_stand_in_their_order():
    """Row 1 has two entrances, row 2 one; row 0 is reached where it stands."""
    network = plane({"A": (0, 0), "B": (100, 0)}, "AB")
    xy = [(10.0, 0.0), (20.0, 0.0), (30.0, 0.0)]
    x, y = np.array(xy).T
    snaps = snap_to_network(x, y, network)
    door_x, door_y = np.array([40.0, 50.0, 60.0]), np.zeros(3)
    doors = snap_to_network(door_x, door_y, network)
    sites = Sites(
        pd.DataFrame({"x_m": [10.0, 20.0, 30.0], "y_m": 0.0}),
        snaps,
        {},
        Doors(np.array([1, 1, 2]), door_x, door_y, doors),
    )
    found, owner = sites.goals(np.array([0, 1, 2]))
    assert owner.tolist() == [0, 1, 1, 2]
    assert (found.fraction * 100).tolist() == [10, 40, 50, 60]
    found, owner = sites.goals(np.array([2, 0]))
    assert owner.tolist() == [0, 1]
    assert (found.fraction * 100).tolist() == [60, 10]
    assert sites.ends(0)[0] == [(10.0, 0.0)]
    assert sites.ends(1)[0] == [(40.0, 0.0), (50.0, 0.0)]
    assert len(sites.ends(1)[1].edge) == 2
