"""The path of one walking time, step by step, on small streets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.streets import CUTOFF_MS, Way, graph_of, joined, plane

from circle15.network.snapping import snap_to_network
from circle15.travel.paths.shortest import Stretch, shortest_path
from circle15.travel.paths.steps import point_on_edge, walk_steps

HOUR_MS = 3_600_000


def path_of(network, start, end, horizon_ms=HOUR_MS):
    return shortest_path(
        graph_of(network), joined(network, start), joined(network, end), horizon_ms=horizon_ms
    )


def steps_of(network, start, end):
    x, y = np.array([start, end], float).T
    snaps = snap_to_network(x, y, network)
    joints = [point_on_edge(network, e, f) for e, f in zip(snaps.edge, snaps.fraction, strict=True)]
    return walk_steps(
        network,
        path_of(network, start, end),
        origin=start,
        destination=end,
        joints=(joints[0], joints[1]),
        legs_mm=(int(snaps.access_mm[0]), int(snaps.access_mm[1])),
    )


CORNER = {
    "A": (0.0, 0.0),
    "B": (100.0, 0.0),
    "C": (200.0, 0.0),
    "D": (200.0, 100.0),
    "E": (100.0, 500.0),
}


def test_chains_unfold_into_edges_with_the_parts_at_both_ends():
    """
    A --100-- B --100-- C, C --100-- D northwards, and a branch B--E that makes B a junction.

    From (30, 10) to (190, 40): 10 m to A–B at 30 m, 70 m to B, 100 m to C, 40 m of C–D, 10 m to
    the site: 10 + 70 + 100 + 40 + 10 = 230 s. C–D is drawn from D to C: walked backwards.
    """
    network = plane(CORNER, "ABC", "DC", "BE")
    path = path_of(network, (30, 10), (190, 40))
    assert path is not None
    assert (path.access_ms, path.egress_ms, path.time_ms) == (10_000, 10_000, 230_000)
    assert path.stretches == (
        Stretch(0, 0.3, 1.0, 70_000),
        Stretch(1, 0.0, 1.0, 100_000),
        Stretch(2, 1.0, 0.6, 40_000),
    )
    assert [one.forward for one in path.stretches] == [True, True, False]


def test_two_points_on_one_edge_do_not_go_by_its_ends():
    """From 80 m to 20 m of A–B: 60 s backwards; from a point to itself there is no stretch."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    path = path_of(network, (80, 0), (20, 0))
    assert path is not None
    assert path.stretches == (Stretch(0, 0.8, 0.2, 60_000),)
    same = path_of(network, (50, 5), (50, -5))
    assert same is not None
    assert (same.stretches, same.time_ms) == ((), 10_000)


def test_on_a_one_way_edge_the_way_round_is_taken():
    """
    A → B one way (100 m), and B–C–A back (100 + 141.421 m). From 80 m of A–B to 20 m of it:
    20 m on to B, 100 m to C, 141.421 m to A and 20 m: 281.421 s.
    """
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (100.0, 100.0)}
    network = plane(nodes, Way("AB", one_way=True), "BCA")
    path = path_of(network, (80, 0), (20, 0))
    assert path is not None
    assert path.time_ms == 20_000 + 100_000 + 141_421 + 20_000
    assert [(s.edge, s.start, s.end) for s in path.stretches] == [
        (0, 0.8, 1.0),
        (1, 0.0, 1.0),
        (2, 0.0, 1.0),
        (0, 0.0, 0.2),
    ]


def test_of_parallel_ways_the_quicker_is_taken():
    """A and B are joined by 120 m and, in the same place, by 100 m: the second way is walked."""
    nodes = {"P": (-50.0, 0.0), "A": (0.0, 0.0), "B": (100.0, 0.0), "Q": (150.0, 0.0)}
    ways = [Way("PA"), Way("AB", mm=120_000), Way("AB", mm=100_000), Way("BQ")]
    path = path_of(plane(nodes, *ways), (-50, 0), (150, 0))
    assert path is not None
    assert [s.edge for s in path.stretches] == [0, 2, 3]
    assert path.time_ms == 200_000


def test_beyond_the_horizon_or_unjoined_there_is_no_path():
    """900 m are inside 900 s, also with the horizon at the millisecond; 900.001 m are not."""
    network = plane({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, "AB")
    inside = path_of(network, (0, 0), (900, 0), CUTOFF_MS)
    assert inside is not None
    assert inside.time_ms == CUTOFF_MS
    assert path_of(network, (0, 0), (900.001, 0), CUTOFF_MS) is None
    assert path_of(network, (0, 500), (900, 0)) is None


def test_steps_merge_a_name_and_keep_what_is_special():
    """
    Lake Road A–B–C in two ways of one name, stairs C–D (100 m that count as 300), a signal of
    30 s on the unnamed private D–E: 5 m + 200 m + 300 m + 130 s + 0.
    """
    nodes = {
        "A": (0.0, 0.0),
        "B": (100.0, 0.0),
        "C": (200.0, 0.0),
        "D": (300.0, 0.0),
        "E": (400.0, 0.0),
    }
    network = replace(
        plane(nodes, "AB", "BC", Way("CD", mm=300_000), Way("DE", delay_ms=30_000)),
        names={0: "Lake Road", 1: "Lake Road"},
        kind=np.array(["residential", "residential", "steps", "service"], dtype=object),
        private=np.array([False, False, False, True]),
    )
    access, road, stairs, lane, egress = steps_of(network, (0, 5), (400, 0))
    assert (access.part, access.length_m, access.time_ms) == ("access", 5.0, 5_000)
    assert (road.name, road.way_ids, road.length_m) == ("Lake Road", (0, 1), 200.0)
    assert road.line == ((0.0, 0.0), (100.0, 0.0), (200.0, 0.0))
    assert (stairs.stairs, stairs.length_m, stairs.flat_m) == (True, 100.0, 300.0)
    assert (lane.private, lane.waiting_ms, lane.time_ms) == (True, 30_000, 130_000)
    assert (egress.part, egress.time_ms) == ("egress", 0)
    total = sum(s.time_ms for s in (access, road, stairs, lane, egress))
    assert total == 5_000 + 200_000 + 300_000 + 130_000


def test_half_a_waiting_edge_is_half_a_wait():
    """From the middle of A–B (100 m, wait 30 s): 50 + 15 = 65 s."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, Way("AB", delay_ms=30_000))
    (step,) = steps_of(network, (50, 0), (100, 0))[1:-1]
    assert (step.waiting_ms, step.time_ms) == (15_000, 65_000)
    assert step.length_m == pytest.approx(50.0)
