"""Nearest facilities and catchments on streets that can be walked through by hand.

At 1 m/s a metre takes 1 000 ms.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from tests.builders.streamed_catchments import catchments
from tests.streets import CUTOFF_MS, HOUR_MS, Nodes, Way, graph_of, joined, plane, walk_ms

from circle15.travel.engine.search import Nearest, nearest

LINE: Nodes = {
    "A": (0.0, 0.0),
    "B": (300.0, 0.0),
    "C": (600.0, 0.0),
    "D": (900.0, 0.0),
    "E": (900.01, 0.0),
}


def find(network, homes, sites, *, horizon_ms=HOUR_MS, speed=Fraction(1)) -> Nearest:
    return nearest(
        graph_of(network, speed),
        joined(network, *homes, speed=speed),
        joined(network, *sites, speed=speed),
        horizon_ms=horizon_ms,
    )


def reach(network, homes, sites, *, cutoff_ms=CUTOFF_MS) -> dict[int, dict[int, int]]:
    """Site to {home: ms} within the cutoff."""
    stream = catchments(
        graph_of(network), joined(network, *homes), joined(network, *sites), cutoff_ms=cutoff_ms
    )
    return {site: dict(zip(h.tolist(), ms.tolist(), strict=True)) for site, h, ms in stream}


def test_t02_the_cutoff_is_inclusive():
    """
    A --300-- B --300-- C --300-- D -0.01- E, home at A.

    T02: to D 900.00 m = 900 000 ms, inside; to E 900.01 m = 900 010 ms, outside.
    """
    network = plane(LINE, "ABCDE")
    assert walk_ms(network, LINE["A"], LINE["D"]) == 900_000
    assert walk_ms(network, LINE["A"], LINE["E"]) == 900_010
    assert reach(network, [LINE["A"]], [LINE["D"], LINE["E"]]) == {0: {0: 900_000}, 1: {}}
    inside = find(network, [LINE["A"]], [LINE["E"]], horizon_ms=900_010)
    outside = find(network, [LINE["A"]], [LINE["E"]], horizon_ms=900_009)
    assert (inside.time_ms.tolist(), outside.time_ms.tolist()) == ([900_010], [-1])
    assert outside.destination.tolist() == [-1]


@pytest.mark.parametrize("metres", [599, 600, 601])
def test_b5_no_cutoff_falls_between_the_seconds(metres):
    """B5: 599, 600 and 601 s behave alike: inside from their own millisecond on, not before."""
    nodes = {"A": (0.0, 0.0), "B": (float(metres), 0.0)}
    network = plane(nodes, "AB")
    ms = metres * 1000
    for cutoff, homes in ((ms - 1, {}), (ms, {0: ms}), (ms + 1, {0: ms})):
        assert reach(network, [nodes["A"]], [nodes["B"]], cutoff_ms=cutoff) == {0: homes}
        found = find(network, [nodes["A"]], [nodes["B"]], horizon_ms=cutoff)
        assert found.time_ms.tolist() == ([ms] if homes else [-1])


def test_t03_the_way_round_is_longer_than_the_straight_line():
    """
    B --350-- C --350-- D      A to E: 700 m straight,
    |105            105 |      105 + 350 + 350 + 105 = 910 m = 910 000 ms on foot
    A                   E
    """
    nodes = {
        "A": (0.0, 0.0),
        "B": (0.0, 105.0),
        "C": (350.0, 105.0),
        "D": (700.0, 105.0),
        "E": (700.0, 0.0),
    }
    assert walk_ms(plane(nodes, "ABCDE"), nodes["A"], nodes["E"]) == 910_000


def test_access_legs_take_their_time_at_both_ends():
    """
    H           F     40 m to the street, 60 m along it, 30 m to the site: 130 000 ms;
    |40         |30   at 0.8 m/s 50 000 + 75 000 + 37 500 ms
    A---(60)----B
    """
    nodes = {"A": (0.0, 0.0), "B": (60.0, 0.0)}
    network = plane(nodes, "AB")
    assert walk_ms(network, (0.0, 40.0), (60.0, 30.0)) == 130_000
    assert walk_ms(network, (0.0, 40.0), (60.0, 30.0), Fraction("0.8")) == 162_500


def test_b2_to_itself_is_its_two_access_legs():
    """A home at the door of a site 7 m beside the street: 7 + 0 + 7 m. On the street: 0."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    assert walk_ms(network, (50.0, 7.0), (50.0, 7.0)) == 14_000
    assert walk_ms(network, (50.0, 0.0), (50.0, 0.0)) == 0
    assert walk_ms(network, (0.0, 0.0), (0.0, 0.0)) == 0


def test_b1_nobody_250_m_off_the_network_is_at_0_minutes():
    """250 m is beyond the limit of 200 m: neither end gets there, whatever the other end is."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    assert walk_ms(network, (50.0, 250.0), (50.0, 0.0)) is None
    assert walk_ms(network, (50.0, 0.0), (50.0, 250.0)) is None
    assert walk_ms(network, (50.0, 250.0), (50.0, 250.0)) is None


def test_b2_two_points_of_one_edge():
    """A --h(20)-------f(50)-------- B: 30 m along the edge, both ways."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    assert walk_ms(network, (20.0, 0.0), (50.0, 0.0)) == 30_000
    assert walk_ms(network, (50.0, 0.0), (20.0, 0.0)) == 30_000
    assert reach(network, [(20.0, 0.0), (90.0, 0.0)], [(50.0, 0.0)]) == {0: {0: 30_000, 1: 40_000}}


def test_two_points_of_one_edge_go_round_where_that_is_quicker():
    """
    A-B is slow, 500 s; A-C-B takes 50 + 50 s. Points at 10 and 90 m of A-B.

    Along: 0.8 · 500 = 400 s. Round: 50 to A + 100 + 50 from B = 200 s.
    """
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (50.0, 90.0)}
    network = plane(nodes, Way("AB", mm=500_000), Way("ACB", mm=50_000))
    assert walk_ms(network, (10.0, 0.0), (90.0, 0.0)) == 200_000


def test_two_points_of_a_one_way_edge():
    """
    A ->h(20)->f(50)-> B, one-way; back B-C-A, 100 + 100 m.

    h to f 30 m along. f to h: 50 to B, 200 round, 20 from A = 270 m.
    """
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (50.0, 86.0)}
    network = plane(nodes, Way("AB", one_way=True), Way("BCA", mm=100_000))
    assert walk_ms(network, (20.0, 0.0), (50.0, 0.0)) == 30_000
    assert walk_ms(network, (50.0, 0.0), (20.0, 0.0)) == 270_000
    assert reach(network, [(50.0, 0.0)], [(20.0, 0.0)]) == {0: {0: 270_000}}


def test_a_one_way_street_is_walked_one_way():
    """A -> B one-way: from A 100 m; from B never."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, Way("AB", one_way=True))
    assert walk_ms(network, (10.0, 0.0), (90.0, 0.0)) == 80_000
    assert walk_ms(network, (90.0, 0.0), (10.0, 0.0)) is None


def test_a_point_at_the_end_of_a_one_way_is_at_the_node():
    """
    C --100-- A -> B: a home exactly at A snaps to the end of the one-way A-B, which comes first.

    It stands on the node, so it may also walk to C (100 m), and be reached from there.
    """
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (-100.0, 0.0)}
    network = plane(nodes, Way("AB", one_way=True), "CA")
    assert joined(network, nodes["A"]).edge.tolist() == [0]
    assert walk_ms(network, nodes["A"], nodes["C"]) == 100_000
    assert walk_ms(network, nodes["C"], nodes["A"]) == 100_000


def test_ties_go_to_the_first_row():
    """f0 -100- h -100- f1: both 100 m away; the earlier row (the smaller id) is the label."""
    nodes = {"A": (-100.0, 0.0), "B": (0.0, 0.0), "C": (100.0, 0.0)}
    network = plane(nodes, "ABC")
    for sites in ([nodes["A"], nodes["C"]], [nodes["C"], nodes["A"]]):
        found = find(network, [nodes["B"]], sites)
        assert (found.time_ms.tolist(), found.destination.tolist()) == ([100_000], [0])


def test_ties_on_one_edge_and_through_its_ends():
    """
    Sites on one spot, one of them twice: the first row counts, also along the same edge.

    A--f(10)---h(50)---g(90)--B: both 40 m away.
    """
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    found = find(network, [(50.0, 0.0)], [(90.0, 0.0), (10.0, 0.0), (90.0, 0.0)])
    assert (found.time_ms.tolist(), found.destination.tolist()) == ([40_000], [0])


def test_nearest_among_many_rows_keeps_time_and_row_apart():
    """
    300 sites on one spot but the 257th, which is 1 mm nearer: it wins, whatever its row.

    With rows packed below the milliseconds, a row number must never spill into the time.
    """
    network = plane({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, "AB")
    sites = [(500.0, 0.0)] * 300
    sites[257] = (499.999, 0.0)
    found = find(network, [(0.0, 0.0), (700.0, 0.0)], sites)
    assert found.time_ms.tolist() == [499_999, 200_000]
    assert found.destination.tolist() == [257, 0]


def test_islands_reach_nothing():
    """A-B and C-D do not meet: no time, no row, no catchment; the home stays a row of it."""
    nodes = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (0.0, 900.0), "D": (600.0, 900.0)}
    network = plane(nodes, "AB", "CD")
    found = find(network, [nodes["A"], nodes["C"]], [nodes["B"]])
    assert found.time_ms.tolist() == [600_000, -1]
    assert found.destination.tolist() == [0, -1]
    assert reach(network, [nodes["A"], nodes["C"]], [nodes["B"]]) == {0: {0: 600_000}}


def test_unsnapped_sites_and_homes():
    """Rows keep their numbers: site 0 has not joined, site 1 has."""
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    homes, sites = [(0.0, 900.0), (10.0, 0.0)], [(0.0, 900.0), (100.0, 0.0)]
    found = find(network, homes, sites)
    assert found.time_ms.tolist() == [-1, 90_000]
    assert found.destination.tolist() == [-1, 1]
    assert reach(network, homes, sites) == {1: {1: 90_000}}


def test_no_site_and_no_home():
    network = plane({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    assert find(network, [(0.0, 0.0)], []).time_ms.tolist() == [-1]
    assert find(network, [], [(0.0, 0.0)]).time_ms.tolist() == []
    assert reach(network, [(0.0, 0.0)], []) == {}
    assert reach(network, [], [(0.0, 0.0)]) == {0: {}}


def test_of_parallel_edges_the_quicker_one_counts():
    """A=B twice, 100 and 60 m, and a third of 80 m: 60 000 ms, not the sum of them."""
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "H": (-50.0, 0.0), "F": (150.0, 0.0)}
    ways: list[str | Way] = ["HA", "AB", Way("AB", mm=60_000), Way("BA", mm=80_000), "BF"]
    assert walk_ms(plane(nodes, *ways), nodes["H"], nodes["F"]) == 50_000 + 60_000 + 50_000


def test_a_loop_is_walked_the_shorter_way_round():
    """
    A loop A-A of 100 m with a site a quarter of the way on, and a street H-A of 50 m.

    To the site: 50 + 25 along; back over the other side it would be 75. Home at three quarters:
    along 50, through A 25 + 25 = 50.
    """
    nodes = {"H": (-50.0, 0.0), "A": (0.0, 0.0)}
    network = plane(nodes, "HA", Way("AA", mm=100_000))
    graph = graph_of(network)
    home = joined(network, nodes["H"])
    ring = replace(home, edge=np.array([1]))
    quarter = replace(ring, fraction=np.array([0.25]))
    three = replace(ring, fraction=np.array([0.75]))
    for start, end, ms in (
        (home, quarter, 75_000),
        (home, three, 75_000),
        (three, quarter, 50_000),
    ):
        found = nearest(graph, start, end, horizon_ms=HOUR_MS)
        assert found.time_ms.tolist() == [ms]
        ((_, rows, times),) = catchments(graph, start, end, cutoff_ms=HOUR_MS)
        assert (rows.tolist(), times.tolist()) == ([0], [ms])


def test_edges_of_no_length_and_waits():
    """H-A 50 m, A-B 0 m, B-C 0 m but 20 s wait, C-F 50 m: 50 + 0 + 20 + 50 s."""
    nodes = {
        "H": (0.0, 0.0),
        "A": (50.0, 0.0),
        "B": (50.0, 0.0),
        "C": (50.0, 0.0),
        "F": (100.0, 0.0),
    }
    network = plane(nodes, "HA", "AB", Way("BC", delay_ms=20_000), "CF")
    assert walk_ms(network, nodes["H"], nodes["F"]) == 120_000


def test_t04_two_signals_of_20_s():
    """870 m with two waits of 20 s: 910 s, not covered; 870 s without them."""
    nodes = {"A": (0.0, 0.0), "B": (290.0, 0.0), "C": (580.0, 0.0), "D": (870.0, 0.0)}
    waits = plane(nodes, "AB", Way("BC", delay_ms=20_000), Way("CD", delay_ms=20_000))
    assert walk_ms(waits, nodes["A"], nodes["D"]) == 910_000
    assert walk_ms(plane(nodes, "ABCD"), nodes["A"], nodes["D"]) == 870_000


def test_t05_direction_matters():
    """100 m that take 141.91 s up and 100.00 s down: out and back differ."""
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0)}
    flat = plane(nodes, "AB")
    hill = replace(flat, base_mm_fwd=np.array([141_910]))
    assert walk_ms(hill, nodes["A"], nodes["B"]) == 141_910
    assert walk_ms(hill, nodes["B"], nodes["A"]) == 100_000


def test_more_sites_than_one_search_holds():
    """130 sites along one street, more than one thread takes at a time: none loses its homes."""
    nodes = {"A": (0.0, 0.0), "B": (1300.0, 0.0)}
    network = plane(nodes, "AB")
    found = reach(network, [nodes["A"]], [(10.0 * k, 0.0) for k in range(130)])
    assert sorted(found) == list(range(130))
    assert sorted(k for k, homes in found.items() if homes) == list(range(91))
    assert found[90] == {0: 900_000}
    assert found[13] == {0: 130_000}


def test_b9_a_new_site_or_street_never_makes_anybody_walk_longer():
    """
    A --300-- B --300-- C --300-- D: adding a site at D or a short cut A-C only shortens.
    """
    homes = [LINE[k] for k in "ABCD"]
    network = plane(LINE, "ABCDE")
    before = find(network, homes, [LINE["A"]]).time_ms
    more_sites = find(network, homes, [LINE["A"], LINE["D"]]).time_ms
    more_streets = find(plane(LINE, "ABCDE", Way("AC", mm=500_000)), homes, [LINE["A"]]).time_ms
    assert before.tolist() == [0, 300_000, 600_000, 900_000]
    assert more_sites.tolist() == [0, 300_000, 300_000, 0]
    assert more_streets.tolist() == [0, 300_000, 500_000, 800_000]
