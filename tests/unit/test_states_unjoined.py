"""What is unknown because a site or a home could not be snapped. At 1 m/s a metre takes 1 000 ms.

.   A --------------------- B --------------------- C     y = 0, 600 m each
.                                s                        a site 40 m beside it, behind a barrier
"""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from tests.builders.judged_points import judged
from tests.streets import Way, plane

from circle15.network.joining_across import (
    breaks_between_pieces,
    snap_across,
    snap_to_larger_piece,
)
from circle15.network.snapping import snap_to_network

NODES = {"A": (0.0, 0.0), "B": (600.0, 0.0), "C": (1200.0, 0.0)}
WALL = [(-50.0, 20.0), (1250.0, 20.0)]
ISLAND = {"P": (700.0, -10.0), "Q": (900.0, -10.0)}


def test_a_site_behind_a_barrier_is_unknown_only_where_joining_would_cover():
    """The leg is 40 m: from x = 1 060 it is 860 + 40 = 900 s, from 1 061 one more."""
    network = plane(NODES, "ABC", barriers=[WALL])
    homes = [(100, 0), (1060, 0), (1061, 0)]
    found = judged(network, homes, [(200, 40, True)])
    assert found == [("unknown", "SITE_UNJOINED")] * 2 + [("gap", "")]


def test_a_closed_site_that_has_not_joined_changes_nothing():
    network = plane(NODES, "ABC", barriers=[WALL])
    assert judged(network, [(100, 0)], [(200, 40, False)]) == [("gap", "")]


def test_a_site_too_far_from_the_streets_is_unknown_where_its_leg_would_do():
    """250 m beside the street: beyond max_snap_m; 650 m along it make 900 s."""
    found = judged(plane(NODES, "ABC"), [(850, 0), (851, 0)], [(200, 250, True)])
    assert found == [("unknown", "SITE_UNJOINED"), ("gap", "")]


def test_whoever_is_covered_stays_covered():
    network = plane(NODES, "ABC", barriers=[WALL])
    assert judged(network, [(100, 0)], [(200, 40, True), (150, 0, True)]) == [("covered", "")]


@pytest.mark.parametrize(("gap_m", "state"), [(10, "unknown"), (199, "unknown"), (201, "gap")])
def test_homes_on_a_piece_that_does_not_connect(gap_m, state):
    """P - Q lies beside B - C: of the homes on it nobody knows, unless it is out of reach."""
    island = {"P": (700.0, -float(gap_m)), "Q": (900.0, -float(gap_m))}
    network = plane(NODES | island, "ABC", "PQ")
    (found,) = judged(network, [(800, -gap_m)], [(600, 0, True)])
    assert found == (state, "NOT_CONNECTED" if state == "unknown" else "")


def test_homes_on_the_largest_piece_are_not_cut_off():
    network = plane(NODES | ISLAND, "ABC", "PQ")
    assert judged(network, [(1100, 0)], [(0, 0, True)]) == [("gap", "")]


def test_a_site_on_a_piece_that_does_not_connect_may_serve_the_larger_one():
    """The site joins P - Q, 4 m from it and 14 m from B - C."""
    network = plane(NODES | ISLAND, "ABC", "PQ")
    found = judged(network, [(850, 0), (0, 0)], [(800, -14, True)])
    assert found == [("unknown", "SITE_UNJOINED")] * 2


def test_covered_on_a_piece_of_its_own():
    network = plane(NODES | ISLAND, "ABC", "PQ")
    assert judged(network, [(800, -12)], [(850, -12, True)]) == [("covered", "")]


NOWHERE = [(np.nan, np.nan, True)]


def test_a_site_without_a_position_may_be_anywhere_where_no_street_can_be_named():
    network = plane(NODES, "ABC")
    assert judged(network, [(0, 0)], NOWHERE, places={0: None}) == [("unknown", "SITE_UNPLACED")]
    assert judged(network, [(0, 0)], NOWHERE) == [("gap", "")]


def test_a_site_without_a_position_may_be_in_the_street_that_its_row_names():
    """The street ends at x = 500: beyond it the site covers nobody who has no other."""
    places = {0: shapely.box(-10, -10, 500, 10)}
    found = judged(plane(NODES, "ABC"), [(0, 0), (500, 0), (501, 0)], NOWHERE, places=places)
    assert found == [("unknown", "SITE_UNPLACED")] * 2 + [("gap", "")]


def test_a_closed_site_without_a_position_changes_nothing():
    closed = [(np.nan, np.nan, False)]
    found = judged(plane(NODES, "ABC"), [(0, 0)], closed, places={0: None})
    assert found == [("gap", "")]


SPUR = {"P": (700.0, -3.0), "Q": (700.0, -400.0), "R": (700.0, -1000.0)}
"""A piece of 997 m that begins 3 m beside B - C and leads away from it."""


def test_a_home_far_along_a_piece_that_does_not_connect():
    """From (700, -890) the end beside B - C is 887 s away, from (700, -904) 901 s."""
    network = plane(NODES | SPUR, "ABC", "PQR")
    found = judged(network, [(700, -890), (700, -904)], [(600, 0, True)])
    assert found == [("unknown", "NOT_CONNECTED"), ("gap", "")]


def test_a_site_far_along_a_piece_that_does_not_connect():
    """The site is 597 s from the end of its piece, and that is 3 m from (700, 0): 600 s.

    From (400, 0) it would be 900 s, from (399, 0) one more.
    """
    network = plane(NODES | SPUR, "ABC", "PQR")
    found = judged(network, [(400, 0), (399, 0)], [(700, -600, True)])
    assert found == [("unknown", "SITE_UNJOINED"), ("gap", "")]


def test_a_closed_site_on_a_piece_that_does_not_connect_changes_nothing():
    network = plane(NODES | SPUR, "ABC", "PQR")
    assert judged(network, [(700, 0)], [(700, -600, False)]) == [("gap", "")]


def test_of_two_pieces_of_one_length_neither_is_sure():
    """A - B and D - E, 4 m apart: a home of one and the site of the other, both ways."""
    nodes = {"A": (0.0, 0.0), "B": (600.0, 0.0), "D": (0.0, -4.0), "E": (600.0, -4.0)}
    network = plane(nodes, "AB", "DE")
    for home, site in ((0, -4), (-4, 0)):
        ((state, _),) = judged(network, [(100, home)], [(500, site, True)])
        assert state == "unknown"


def test_a_piece_none_of_whose_streets_takes_snaps_is_no_place_to_be_on():
    """A bridge beside the street belongs to nobody."""
    network = plane(NODES | ISLAND, "ABC", Way("PQ", snaps=False))
    assert breaks_between_pieces(network, max_snap_m=200).node.tolist() == []
    assert judged(network, [(100, 0)], [(1200, 0, True)]) == [("gap", "")]


def test_breaks_are_the_nodes_beside_a_larger_piece():
    """P is 3 m from B - C; Q and R are farther than 200 m from everything."""
    network = plane(NODES | SPUR, "ABC", "PQR")
    found = breaks_between_pieces(network, max_snap_m=200)
    assert found.node.tolist() == [3]
    assert found.snaps.access_mm.tolist() == [3000]
    assert network.u[found.snaps.edge].tolist() == [1]


@pytest.mark.parametrize(("beyond_m", "state"), [(49, "gap"), (51, "unknown")])
def test_a_list_ends_where_a_street_leads_more_than_50_m_beyond_it(beyond_m, state):
    covers = shapely.box(-100, -100, 1200 - beyond_m, 100)
    (found,) = judged(plane(NODES, "ABC"), [(1000, 0)], [], covers=covers)
    assert found[0] == state


def test_a_border_that_wavers_over_a_street_ends_nothing():
    """A border along the street that swings 30 m to both sides of it."""
    x = np.arange(-100.0, 1400.0, 50.0)
    rim = np.column_stack([x, np.where(np.arange(len(x)) % 2, 30.0, -30.0)])
    covers = shapely.Polygon([*rim.tolist(), (1300.0, 900.0), (-100.0, 900.0)])
    assert judged(plane(NODES, "ABC"), [(1000, 0)], [], covers=covers) == [("gap", "")]


def test_joining_across_takes_the_nearest_edge_that_takes_snaps():
    network = plane(NODES | ISLAND, Way("PQ", snaps=False), "ABC", barriers=[WALL])
    x, y = np.array([800.0, np.nan]), np.array([-20.0, 0.0])
    found = snap_across(x, y, network, limit_m=200)
    assert found.edge.tolist() == [2, -1]
    assert found.access_mm.tolist() == [20_000, -1]


def test_a_larger_piece_is_sought_only_by_those_who_have_joined():
    network = plane(NODES | ISLAND, "ABC", "PQ")
    x, y = np.array([800.0, 800.0]), np.array([-12.0, -900.0])
    snaps = snap_to_network(x, y, network, max_snap_m=200)
    found = snap_to_larger_piece(x, y, snaps, network, max_snap_m=200)
    assert found.access_mm.tolist() == [12_000, -1]


def test_a_larger_piece_is_found_among_many():
    """1,500 pieces of 1 to 40 m, in no order: each against every edge, in plain arithmetic."""
    random = np.random.default_rng(3)
    x, y = random.uniform(0, 1500, (2, 1500))
    angle, reach = random.uniform(0, 2 * np.pi, 1500), random.uniform(1, 40, 1500)
    nodes, ways = {}, []
    for k in range(1500):
        a, b = chr(0x4E00 + 2 * k), chr(0x4E00 + 2 * k + 1)
        nodes[a] = (x[k], y[k])
        nodes[b] = (x[k] + reach[k] * np.cos(angle[k]), y[k] + reach[k] * np.sin(angle[k]))
        ways.append(a + b)
    network = plane(nodes, *ways)
    found = breaks_between_pieces(network, max_snap_m=50)
    at = dict(zip(found.node.tolist(), found.snaps.access_mm.tolist(), strict=True))
    rank = np.argsort(np.argsort(-np.round(network.length_m, 3), kind="stable"))
    starts = np.column_stack([network.x_m[network.u], network.y_m[network.u]])
    along = np.column_stack([network.x_m[network.v], network.y_m[network.v]]) - starts
    for node in range(len(network.x_m)):
        (own,) = np.flatnonzero((network.u == node) | (network.v == node))
        to = np.array([network.x_m[node], network.y_m[node]]) - starts
        f = np.clip((to * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)
        apart = np.hypot(*(to - f[:, None] * along).T)
        nearest = apart[rank < rank[own]].min(initial=np.inf)
        expected = round(nearest * 1000) if nearest <= 50 else None
        assert at.get(node) == (None if expected is None else pytest.approx(expected, abs=1))


@pytest.mark.timed
def test_pieces_by_the_thousand_are_told_apart_in_seconds():
    """
    20,000 diagonals from (x, 0) to (x + 1, 1), 0.1 m apart: each lies beside the one before it.

    From its start that is 0.1 / √2 m away, from its end 0.1 m, as the one before ends there.
    """
    n = 20_000
    nodes = {
        chr(0x10000 + 2 * k + end): (0.1 * k + end, float(end)) for k in range(n) for end in (0, 1)
    }
    names = list(nodes)
    network = plane(nodes, *(names[2 * k] + names[2 * k + 1] for k in range(n)))
    network.edge_grid  # noqa: B018 - its compiling takes as long
    begin = time.process_time()
    found = breaks_between_pieces(network, max_snap_m=200)
    assert time.process_time() - begin < 10
    assert len(found.node) == 2 * (n - 1)
    assert found.snaps.access_mm.reshape(-1, 2).tolist() == [[71, 100]] * (n - 1)
