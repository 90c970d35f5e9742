"""
The oracle checked by hand on small streets: each docstring draws and computes its case.

Unless a test says otherwise people walk 1 m/s, so that a millimetre takes a millisecond.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import oracle
from tests.oracle.oracle_times import edge_ms, split_ms

ONE = Fraction(1)
CUTOFF = 900_000
Positions = dict[str, tuple[float, float]]


def street(
    xy: Positions, *ways: str, barriers: list[oracle.Line] | None = None
) -> oracle.OracleNetwork:
    """Build a plane network; a way is a word such as "ABC", its letters are nodes."""
    edges = [
        oracle.Edge(u, v, way, position, length, mm, mm)
        for way, word in enumerate(ways)
        for position, (u, v) in enumerate(itertools.pairwise(word))
        for length in [math.dist(xy[u], xy[v])]
        for mm in [math.floor(length * 1000 + 0.5)]
    ]
    return oracle.OracleNetwork(xy, edges, barriers or [])


def at(network: oracle.OracleNetwork, **points: tuple[float, float]) -> list[oracle.Place]:
    """Snapped places, named by keyword."""
    return oracle.places(points, points.values(), network)


def walk(
    network: oracle.OracleNetwork,
    start: tuple[float, float],
    end: tuple[float, float],
    speed: Fraction = ONE,
) -> int | None:
    """Milliseconds from one point to another."""
    label = oracle.nearest(at(network, h=start), at(network, f=end), network, speed)[0]
    return None if label is None else label[0]


def test_t02_the_cutoff_is_inclusive() -> None:
    """
    A --300-- B --300-- C --300-- D -0.01- E, home at A.

    To D: 3 · 300 000 = 900 000 ms, inside. To E: 900 000 + 10 = 900 010 ms, outside.
    """
    xy = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (900.0, 0.0)}
    network = street(xy | {"E": (900.01, 0.0)}, "ABCDE")
    assert walk(network, xy["A"], xy["D"]) == 900_000
    assert walk(network, xy["A"], (900.01, 0.0)) == 900_010
    homes = at(network, h=xy["A"])
    for facility, state in ((xy["D"], "covered"), ((900.01, 0.0), "gap")):
        times = oracle.nearest(homes, at(network, f=facility), network, ONE)
        assert oracle.states(homes, times, [CUTOFF])[0][CUTOFF] == (state, None)


def test_t03_a_circle_would_claim_what_the_streets_do_not_give() -> None:
    """
    B --350-- C --350-- D      A to E is 700 m straight, and 105 + 350 + 350 + 105 = 910 m
    |105            105 |      on foot: 910 000 ms = 15.17 min, not within 15.
    A                   E
    """
    xy = {"A": (0.0, 0.0), "B": (0.0, 105.0), "C": (350.0, 105.0), "D": (700.0, 105.0)}
    network = street(xy | {"E": (700.0, 0.0)}, "ABCDE")
    ms = walk(network, (0.0, 0.0), (700.0, 0.0))
    assert ms == 910_000
    assert round(ms / 60_000, 2) == 15.17
    assert math.dist((0, 0), (700, 0)) <= 900


def test_t06_the_unreachable_stay_in_the_denominator() -> None:
    """
    A --600-- B --300-- C -0.6- D      E --700-- G (an island), facility at A.

    Homes B 100 persons 600 000 ms, C 200: 900 000, D 300: 900 600 (15.01 min), E 400: never.
    Covered (100 + 200) / 1000 = 30 %; by points 2 / 4 = 50 %.
    """
    xy = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (900.0, 0.0), "D": (900.6, 0.0)}
    network = street(xy | {"E": (0.0, 5000.0), "G": (700.0, 5000.0)}, "ABCD", "EG")
    homes = at(network, B=xy["B"], C=xy["C"], D=xy["D"], E=(0.0, 5000.0))
    times = oracle.nearest(homes, at(network, f=(0.0, 0.0)), network, ONE)
    assert times == [(600_000, "f"), (900_000, "f"), (900_600, "f"), None]
    rows = oracle.states(homes, times, [CUTOFF])
    covered = [row[CUTOFF][0] == "covered" for row in rows]
    persons = [100, 200, 300, 400]
    assert Fraction(sum(p for p, c in zip(persons, covered, strict=True) if c), 1000) == Fraction(
        3, 10
    )
    assert sum(covered) / 4 == 0.5


def test_two_points_of_one_edge_do_not_go_round_the_block() -> None:
    """
    A --h(20)--f(50)-- B, 100 m: 50 000 - 20 000 = 30 000 ms, both ways.

    The ways via the ends would be 20 + 50 s with a turn at A, 80 + 50 s at B.
    """
    network = street({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    assert walk(network, (20.0, 0.0), (50.0, 0.0)) == 30_000
    assert walk(network, (50.0, 0.0), (20.0, 0.0)) == 30_000


def test_two_points_of_one_edge_go_round_when_that_is_quicker() -> None:
    """
    The edge A-B takes 500 s; A-C-B takes 50 + 50 s. Points at 0.1 and 0.9 of A-B.

    Along: 0.8 · 500 = 400 s. Round: 50 (to A) + 100 + 50 (from B) = 200 s.
    """
    xy = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (50.0, 90.0)}
    plain = street(xy, "AB", "ACB")
    cost = (500_000, 50_000, 50_000)
    edges = [
        replace(e, base_mm_fwd=mm, base_mm_bwd=mm) for e, mm in zip(plain.edges, cost, strict=True)
    ]
    network = replace(plain, edges=edges)
    assert walk(network, (10.0, 0.0), (90.0, 0.0)) == 200_000


def test_to_itself_is_the_two_access_legs_only() -> None:
    """
    A -------- B, a point 7 m beside the middle: 7 000 + 0 + 7 000 ms.

    On the street itself 0 ms. Legs at half the speed: 14 000 + 14 000 ms.
    """
    network = street({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    assert walk(network, (50.0, 7.0), (50.0, 7.0)) == 14_000
    assert walk(network, (50.0, 0.0), (50.0, 0.0)) == 0
    place = at(network, p=(50.0, 7.0))
    slow = oracle.nearest(place, place, network, ONE, access_speed_factor=Fraction(1, 2))
    assert slow == [(28_000, "p")]


def test_one_way_on_foot() -> None:
    """
    A ==>100==> B, back over B --100-- C --100-- A (an equilateral triangle).

    From 0.4 to 0.6: 20 s. From 0.6 to 0.4: 40 (to B) + 200 + 40 (from A) = 280 s.
    From C to 0.4: 100 (to A) + 40 = 140 s, and from 0.4 to C: 60 (to B) + 100 = 160 s.
    """
    height = 50 * math.sqrt(3)
    plain = street({"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (50.0, height)}, "AB", "BCA")
    network = replace(plain, edges=[replace(plain.edges[0], base_mm_bwd=None), *plain.edges[1:]])
    assert walk(network, (40.0, 0.0), (60.0, 0.0)) == 20_000
    assert walk(network, (60.0, 0.0), (40.0, 0.0)) == 280_000
    assert walk(network, (50.0, height), (40.0, 0.0)) == 140_000
    assert walk(network, (40.0, 0.0), (50.0, height)) == 160_000


def test_slopes_and_delays_have_directions() -> None:
    """
    A --100 m-- B, up 141 910 mm, down 100 000 mm, a signal of 20 s before B.

    A to B 141 910 + 20 000 = 161 910; B to A 100 000. The point at 0.25 from B backwards:
    100 000 - floor(25 000.5) = 75 000; forwards from A: floor(0.25 · 161 910 + 0.5) = 40 478.
    """
    plain = street({"A": (0.0, 0.0), "B": (100.0, 0.0)}, "AB")
    edge = replace(plain.edges[0], base_mm_fwd=141_910, delay_ms_fwd=20_000)
    network = replace(plain, edges=[edge])
    assert edge_ms(edge, ONE) == (161_910, 100_000)
    assert walk(network, (0.0, 0.0), (100.0, 0.0)) == 161_910
    assert walk(network, (100.0, 0.0), (25.0, 0.0)) == 75_000
    assert walk(network, (0.0, 0.0), (25.0, 0.0)) == 40_478


def test_halves_round_up() -> None:
    """
    2 mm at 0.8 m/s = 2.5 -> 3 ms and 10 mm = 12.5 -> 13 ms (to even: 2 and 12).

    Half of 5 ms: 2.5 -> a = 3, b = 5 - 3 = 2. A leg of 3 mm at 1.2 m/s = 2.5 -> 3 ms.
    """
    assert oracle.walk_ms(2, Fraction("0.8")) == 3
    assert oracle.walk_ms(10, Fraction("0.8")) == 13
    assert split_ms(0.5, 5) == 3
    network = street({"A": (0.0, 0.0), "B": (0.005, 0.0)}, "AB")
    half = oracle.Place("h", oracle.Snap(0, 0.5, 3))
    for end, ms in ((0.0, 3 + 3), (1.0, 3 + 2)):
        facility = oracle.Place("f", oracle.Snap(0, end, 0))
        label = oracle.nearest([half], [facility], network, ONE)[0]
        assert label == (ms, "f")
    on_leg = oracle.Place("f", oracle.Snap(0, 0.5, 0))
    assert oracle.nearest([half], [on_leg], network, Fraction("1.2"))[0] == (3, "f")


def test_islands_take_no_snaps() -> None:
    """
    A --500-- B at y = 0; C --499.999-- D at y = 30. A point at y = 29 is 1 m from C-D.

    The component C-D is too short for snaps (500 m is enough), so it joins A-B: 29 m.
    """
    xy = {"A": (0.0, 0.0), "B": (500.0, 0.0), "C": (0.0, 30.0), "D": (499.999, 30.0)}
    plain = street(xy, "AB", "CD")
    edges = oracle.without_islands(plain.edges, 500)
    assert [edge.takes_snaps for edge in edges] == [True, False]
    assert oracle.snap([(50.0, 29.0)], replace(plain, edges=edges)) == [oracle.Snap(0, 0.1, 29_000)]


def test_equal_times_go_to_the_first_id_as_text() -> None:
    """
    f10 --100-- h --100-- f9 -0.001- f09: two at 100 000 ms, one at 100 001.

    As text "10" < "9", whatever the order of the rows; "09" comes first but is 1 ms farther.
    """
    xy = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0), "D": (200.001, 0.0)}
    network = street(xy, "ABCD")
    homes = at(network, h=xy["B"])
    sites = oracle.places(["9", "10", "09"], [xy["C"], xy["A"], xy["D"]], network)
    assert oracle.nearest(homes, sites, network, ONE) == [(100_000, "10")]
    assert oracle.nearest(homes, sites[::-1], network, ONE) == [(100_000, "10")]
    assert oracle.all_pairs(homes, sites, network, ONE, 100_000) == {
        ("h", "9"): 100_000,
        ("h", "10"): 100_000,
    }


def test_equal_distances_snap_to_the_first_edge() -> None:
    """At the corner B of A-B-C both edges are 0 m away: A-B takes it, at fraction 1."""
    network = street({"A": (0.0, 0.0), "B": (10.0, 0.0), "C": (10.0, 10.0)}, "ABC")
    assert oracle.snap([(10.0, 0.0)], network) == [oracle.Snap(0, 1.0, 0)]


def test_a_leg_crosses_no_barrier() -> None:
    """
    C ------- D  y = 60     point at y = 20: A-B is 20 m away behind the wall at y = 10,
      point                 so it joins C-D at 40 m; without C-D it is cut off.
    ##########   y = 10
    A ------- B  y = 0
    """
    xy = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (0.0, 60.0), "D": (100.0, 60.0)}
    wall = [((-50.0, 10.0), (150.0, 10.0))]
    both = street(xy, "AB", "CD", barriers=wall)
    assert oracle.snap([(50.0, 20.0)], both) == [oracle.Snap(1, 0.5, 40_000)]
    assert oracle.snap([(50.0, 5.0)], both) == [oracle.Snap(0, 0.5, 5_000)]
    one = street(xy, "AB", barriers=wall)
    assert oracle.snap([(50.0, 20.0)], one) == [oracle.ACCESS_BARRIER]
    assert walk(one, (50.0, 20.0), (0.0, 0.0)) is None


def test_touching_a_barrier_is_not_crossing_it() -> None:
    """A wall that ends on the leg, or runs under its end, stops nobody; 1 mm farther it does."""
    xy = {"A": (0.0, 0.0), "B": (100.0, 0.0)}
    for wall, blocked in (
        (((0.0, 5.0), (50.0, 5.0)), False),
        (((0.0, 5.0), (50.001, 5.0)), True),
        (((0.0, 10.0), (90.0, 10.0)), False),
        (((10.0, 0.0), (90.0, 0.0)), False),
    ):
        found = oracle.snap([(50.0, 10.0)], street(xy, "AB", barriers=[wall]))
        assert (found == [oracle.ACCESS_BARRIER]) == blocked


def test_a_point_far_off_is_not_at_zero_minutes() -> None:
    """A-B at y = 0, limit 200 m: 250 m off is too far, 200.000 m is not, 200.001 m is."""
    network = street({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, "AB")
    assert oracle.snap([(500.0, 250.0), (500.0, 200.001)], network) == [oracle.TOO_FAR] * 2
    assert oracle.snap([(500.0, 200.0004)], network) == [oracle.Snap(0, 0.5, 200_000)]
    homes = at(network, h=(500.0, 250.0))
    times = oracle.nearest(homes, at(network, f=(500.0, 0.0)), network, ONE)
    assert times == [None]
    rows = oracle.states(homes, times, [CUTOFF])
    assert rows[0][CUTOFF] == ("unknown", "UNSNAPPED")


def test_an_exit_within_the_cutoff_makes_a_gap_unknown() -> None:
    """
    X --600-- A --1000-- F: the network ends at X, the facility is at F.

    From A: F 1000 s, X 600 s: 5 min gap, 10 min (inclusive) and 15 min unknown, 20 min covered.
    """
    xy = {"X": (0.0, 0.0), "A": (600.0, 0.0), "F": (1600.0, 0.0)}
    network = street(xy, "XAF")
    homes = at(network, h=xy["A"])
    times = oracle.nearest(homes, at(network, f=xy["F"]), network, ONE)
    cutoffs = [300_000, 600_000, 900_000, 1_200_000]
    study = oracle.Study(network, cutoffs_ms=cutoffs)
    to_exit = oracle.to_nodes(homes, {"X": 0}, network, study)
    row = oracle.states(homes, times, cutoffs, exit_ms=to_exit)[0]
    assert [row[c][0] for c in cutoffs] == ["gap", "unknown", "unknown", "covered"]
    outside = oracle.states(homes, times, [CUTOFF], outside_ms=[600_000.0])[0]
    assert outside[CUTOFF] == ("unknown", "LIST_ENDS")
    unsure = oracle.states(homes, [None], [CUTOFF], times_if_unsure_count=[(9, "f")])
    assert unsure[0][CUTOFF] == ("unknown", "POSITION_UNSURE")
    assert oracle.any_of(["gap", "unknown"]) == "unknown"
    assert oracle.any_of(["gap", "covered", "unknown"]) == "covered"
    assert oracle.all_of(["gap", "unknown"]) == "gap"
    assert oracle.all_of(["covered", "unknown"]) == "unknown"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_one_search_finds_what_a_search_per_facility_finds(data: st.DataObject) -> None:
    """On random networks the coded cost gives the least (ms, id) of all pairs."""
    names = "ABCDEF"
    integer = st.integers(0, 5)
    ends = data.draw(st.lists(st.tuples(integer, integer), min_size=2, max_size=12))
    edges = [
        oracle.Edge(names[u], names[v], way, 0, 1.0, mm, back)
        for way, (u, v) in enumerate(ends)
        for mm in [data.draw(st.integers(0, 6))]
        for back in [data.draw(st.none() | st.integers(0, 6))]
    ]
    network = oracle.OracleNetwork({}, edges)
    snaps = st.builds(
        oracle.Snap,
        st.integers(0, len(edges) - 1),
        st.sampled_from([0.0, 0.25, 0.5, 1.0]),
        st.integers(0, 3),
    )
    homes = [oracle.Place(f"h{i}", data.draw(snaps)) for i in range(3)]
    sites = [oracle.Place(i, data.draw(snaps)) for i in ("9", "10", "2", "11")]
    pairs = oracle.all_pairs(homes, sites, network, ONE, 8)
    expected = [
        min(((ms, f) for (h, f), ms in pairs.items() if h == home.id), default=None)
        for home in homes
    ]
    assert oracle.nearest(homes, sites, network, ONE, 8) == expected


def test_comparison_names_every_kind_of_difference() -> None:
    """Order and number types are free; NaN is a missing time."""
    ours = [("a", 1, "f"), ("b", None, None), ("c", 5, "f"), ("d", 5, "f"), ("e", 1, "f")]
    theirs = [("d", 5, "g"), ("c", 6, "f"), ("b", math.nan, None), ("a", 1.0, "f"), ("x", 1, "f")]
    found = oracle.compare_times(ours, theirs)
    assert [(d.demand_id, d.kind) for d in found] == [
        ("c", "time"),
        ("d", "facility"),
        ("e", "missing"),
        ("x", "extra"),
    ]
    assert oracle.compare_times(ours, ours[::-1]) == []
    with pytest.raises(ValueError, match="two rows"):
        oracle.compare_times(ours, theirs[:1] * 2)
