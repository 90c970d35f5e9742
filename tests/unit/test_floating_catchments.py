"""Floating catchments by hand: the worked cases F01–F05, a published example, odd supplies.

A --500-- S1 --500-- B --500-- S2 --500-- C      600 s: S1 reaches A and B, S2 B and C

P = 100, 200, 100; S1 = 30, S2 = 20:
R1 = 30 / 300 = .1, R2 = 20 / 300 = .0666…;  A = .1, .1666…, .0666…;  Σ P·A = 50 = Σ S
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.builders.matrix_search import matrix_search
from tests.oracle.oracle_supply import supply_per_person
from tests.streets import Nodes, Way, graph_of, joined, plane

from circle15.access.supply.floating import METHODS, Walking, floating_catchment
from circle15.errors import InputDataError
from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.decay import Decay
from circle15.travel.engine.round_trips import RoundTripSearch

NETWORK = plane({"W": (0, 0), "E": (9000, 0)}, "WE")
HOMES = ((0, 0), (1000, 0), (2000, 0))
PEOPLE = np.array([100, 200, 100]) * 1_000_000
SUPPLY = np.array([30.0, 20.0])
TOWN: list[list[int | None]] = [[100, None], [200, 100], [None, 200]]
"""Times of F02–F04: A–S1 and B–S2 are near (W = 1), B–S1 and C–S2 far (W = .5)."""
HALVES = Decay.steps((100, 200), (1.0, 0.5))


def on_the_street(*sites):
    homes, goals = joined(NETWORK, *HOMES), joined(NETWORK, *sites)
    return [Walking(CatchmentSearch(graph_of(NETWORK), homes, goals, cutoff_ms=600_000), PEOPLE)]


def in_town(method):
    decay = None if method == "2sfca" else HALVES
    return floating_catchment(
        [Walking(matrix_search(TOWN), PEOPLE)], SUPPLY, method=method, decay=decay
    )


def test_f01():
    found = floating_catchment(on_the_street((500, 0), (1500, 0)), SUPPLY)
    assert found.ratio == pytest.approx([0.1, 20 / 300], rel=1e-15)
    assert found.access[0] == pytest.approx([0.1, 0.1 + 20 / 300, 20 / 300], rel=1e-15)
    assert found.balance.supply_handed_out == pytest.approx(50.0, rel=1e-15)
    assert found.balance.error == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("method", "access", "handed_out"),
    [
        ("2sfca", [0.1, 1 / 6, 2 / 30], 50.0),
        ("e2sfca", [0.15, 0.155, 0.04], 50.0),
        ("m2sfca", [0.15, 0.1175, 0.02], 40.5),
        # D1 = 100·1 + 200·(.5/1.5)·.5 = 133.3…, R1 = .225; D2 = 200·(1/1.5)·1 + 100·.5 = 183.3…
        ("3sfca", [0.225, 0.225 / 6 + 4 / 55, 3 / 55], 50.0),
        # D1 = 100 + 200/3, L1 = .18; D2 = 400/3 + 100, L2 = .0857…; columns 1.5 and 1.5.
        ("bfca", [0.12, 0.06 + 2 / 35, 1 / 35], 12 + 2 * (6 + 200 / 35) + 100 / 35),
    ],
)
def test_f01_to_f04_and_the_balanced_one(method, access, handed_out):
    found = in_town(method)
    assert found.access[0] == pytest.approx(access, rel=1e-12)
    assert found.balance.supply_reached == 50.0
    assert found.balance.supply_handed_out == pytest.approx(handed_out, rel=1e-12)
    assert (found.balance.error is None) == (method == "m2sfca")
    assert (found.balance.error or 0) < 1e-12


def test_the_balanced_one_with_weights_alike():
    found = floating_catchment([Walking(matrix_search(TOWN), PEOPLE)], SUPPLY, method="bfca")
    assert found.access[0] == pytest.approx([0.075, 0.125, 0.05], rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_points_without_people_change_nothing(method):
    """Two more points beside S1 where no people live."""
    decay = None if method == "2sfca" else HALVES
    town: list[list[int | None]] = [*TOWN, [100, None], [150, None]]
    people = [Walking(matrix_search(town), np.append(PEOPLE, [0, 0]))]
    found = floating_catchment(people, SUPPLY, method=method, decay=decay)
    assert found.access[0][:3] == pytest.approx(in_town(method).access[0], rel=1e-12)
    assert (found.balance.error or 0) < 1e-12


@pytest.mark.parametrize("method", METHODS)
def test_people_of_one_home_in_parts_that_walk_alike_have_what_all_of_them_have(method):
    decay = None if method == "2sfca" else HALVES
    parts = [PEOPLE // 4, PEOPLE - PEOPLE // 4]
    people = [Walking(matrix_search(TOWN), part) for part in parts]
    found = floating_catchment(people, SUPPLY, method=method, decay=decay)
    for access in found.access:
        assert access == pytest.approx(in_town(method).access[0], rel=1e-12)
    assert (found.balance.error or 0) < 1e-12


@pytest.mark.parametrize("method", METHODS)
def test_f05_a_site_that_nobody_reaches_is_idle_and_gives_nothing(method):
    found = floating_catchment(on_the_street((500, 0), (8000, 0)), SUPPLY, method=method)
    assert found.idle.tolist() == [False, True]
    assert np.isnan(found.ratio).tolist() == [False, True]
    assert np.isfinite(found.access[0]).all()
    assert found.access[0][2] == 0
    assert found.balance.supply_reached == 30


def test_homes_without_people_leave_a_site_idle():
    found = floating_catchment(
        [Walking(matrix_search([[0], [0]]), np.array([0, 0]))], np.array([5.0])
    )
    assert found.idle.tolist() == [True]
    assert found.access[0].tolist() == [0, 0]
    assert found.balance.error is None


def test_a_site_without_supply_or_of_unknown_supply_is_not_idle():
    """Nobody reaches any of the three; only the first has something to offer."""
    supply = np.array([5.0, 0.0, np.nan])
    found = floating_catchment(on_the_street((7000, 0), (8000, 0), (9000, 0)), supply)
    assert found.idle.tolist() == [True, False, False]


def test_no_supply_gives_no_access():
    found = floating_catchment(on_the_street((500, 0)), np.array([0.0]))
    assert found.access[0].tolist() == [0.0, 0.0, 0.0]
    assert not found.idle.any()
    assert not found.at_least[0].any()


@pytest.mark.parametrize("method", METHODS)
def test_unknown_supply_is_null_and_what_reaches_it_has_at_least_the_rest(method):
    people = [Walking(matrix_search(TOWN), PEOPLE)]
    found = floating_catchment(people, np.array([30.0, np.nan]), method=method)
    assert np.isnan(found.ratio).tolist() == [False, True]
    assert found.idle.tolist() == [False, False]
    assert found.at_least[0].tolist() == [False, True, True]
    # The unknown site keeps its part of the demand: what the known one gives does not change.
    known = floating_catchment(people, SUPPLY, method=method)
    assert found.ratio[0] == known.ratio[0]
    assert found.access[0][0] == known.access[0][0]
    assert found.balance.supply_reached == 30


@pytest.mark.parametrize("bad", [-1.0, np.inf])
def test_impossible_supply_is_refused(bad):
    with pytest.raises(InputDataError, match="negative or infinite"):
        floating_catchment(on_the_street((500, 0)), np.array([bad]))


def test_weights_of_2sfca_are_refused():
    with pytest.raises(InputDataError, match="weighs all walks alike"):
        floating_catchment(on_the_street((500, 0)), np.array([1.0]), decay=HALVES)


@pytest.mark.parametrize(
    ("limits", "weights", "found"),
    [
        ((1, 2), (1.0,), "1 weights for 2 steps"),
        ((2, 2), (1.0, 0.5), "do not rise"),
        ((1, 2), (0.5, 1.0), "do not fall"),
        ((1, 2), (2.0, 1.0), "do not fall"),
    ],
)
def test_steps_that_make_no_sense_are_refused(limits, weights, found):
    with pytest.raises(InputDataError, match=found):
        Decay.steps(limits, weights)


def test_a_limit_is_inclusive_and_beyond_the_last_there_is_nothing():
    assert HALVES.of(np.array([0, 100, 101, 200, 201])).tolist() == [1, 1, 0.5, 0.5, 0]


def test_the_curve_falls_to_nothing_at_the_cutoff():
    curve = Decay.gaussian(900_000).of(np.array([0, 300_000, 600_000, 900_000, 900_001]))
    assert curve == pytest.approx([1, 0.8627, 0.4936, 0, 0], abs=5e-5)
    assert curve[3:].tolist() == [0, 0]


def test_an_example_of_another_package():
    """sdc-catchment: consumers at 0, 1, 2 of 100 each, providers at 0 and 2 of 10, scale 1."""
    people = [Walking(matrix_search([[0, 2000], [1000, 1000], [2000, 0]]), np.full(3, 10**8))]
    found = floating_catchment(
        people, np.array([10.0, 10.0]), method="e2sfca", decay=Decay(scale_ms=1000.0)
    )
    assert found.access[0] == pytest.approx([0.065179, 0.069641, 0.065179], abs=5e-7)


def test_people_who_walk_at_two_speeds_share_the_sites():
    """Half of B's people are slow and reach S2 only: S1 serves 200, S2 300."""
    slow = matrix_search([[None, None], [None, 100], [None, None]])
    people = [
        Walking(matrix_search(TOWN), np.array([100, 100, 100]) * 10**6),
        Walking(slow, np.array([0, 100, 0]) * 10**6),
    ]
    found = floating_catchment(people, SUPPLY)
    assert found.ratio == pytest.approx([30 / 200, 20 / 300])
    assert found.access[0] == pytest.approx([0.15, 0.15 + 20 / 300, 20 / 300])
    assert found.access[1] == pytest.approx([0, 20 / 300, 0])
    assert found.balance.error == pytest.approx(0, abs=1e-14)


INTO, OUT = {0: 40, 1: 20, 2: 40, 3: 20}, {0: 40, 1: 40, 2: 20, 3: 20}
"""Seconds of the two suburbs to the city and back, in the four cases of PySAL's hospital example;
both suburbs are 1 from themselves, and no case lets one through the city within 59 s but the last.
"""


def hospital_streets(case):
    nodes: Nodes = {"1": (0, 0), "2": (0, 100), "3": (100, 50)}
    ways = [Way(a + "3", one_way=True, mm=INTO[case] * 1000) for a in "12"]
    ways += [Way("3" + a, one_way=True, mm=OUT[case] * 1000) for a in "12"]
    network = plane(nodes, *ways)
    return graph_of(network), joined(network, *nodes.values())


@pytest.mark.parametrize(
    ("case", "access"),
    [
        (0, [0.331444, 0.579828, 7.286418]),
        (1, [0.43534, 0.683724, 5.727977]),
        (2, [0.331072, 0.577858, 7.299992]),
        (3, [0.442568, 0.666758, 5.740525]),
    ],
)
def test_people_walk_to_the_hospital_and_not_from_it(case, access):
    """P = 100, 50, 10; S = 15, 20, 100; W = 1 / cost, the cost of no way at all being 1."""
    graph, places = hospital_streets(case)
    search = CatchmentSearch(graph, places, places, cutoff_ms=59_000)
    persons, supply = np.array([100, 50, 10]) * 10**6, np.array([15.0, 20.0, 100.0])
    decay = Decay.steps((0, 20_000, 40_000), (1.0, 1 / 20, 1 / 40))
    found = floating_catchment([Walking(search, persons)], supply, method="e2sfca", decay=decay)
    assert found.access[0] == pytest.approx(access, abs=5e-7)
    assert found.balance.supply_handed_out == pytest.approx(135, rel=1e-12)


@pytest.mark.parametrize("case", [0, 1, 2, 3])
def test_round_trips_to_the_hospital_count_both_ways(case):
    graph, places = hospital_streets(case)
    search = RoundTripSearch(graph, places, places, total_ms=118_000)
    persons, supply = np.array([100, 50, 10]) * 10**6, np.array([15.0, 20.0, 100.0])
    decay = Decay.steps((0, 50_000, 118_000), (1.0, 0.5, 0.25))
    found = floating_catchment([Walking(search, persons)], supply, method="e2sfca", decay=decay)
    once = INTO[case] + OUT[case]
    near = 0.5 if once <= 50 else 0.25
    across = 0.25 if 2 * once <= 118 else 0.0
    weights = [[1.0, across, near], [across, 1.0, near], [near, near, 1.0]]
    expected = supply_per_person("e2sfca", weights, [100, 50, 10], supply.tolist())
    assert found.access[0] == pytest.approx(expected, rel=1e-12)
