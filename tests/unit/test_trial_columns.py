"""Streets, points, barriers and positions as the page gets them, for sites that are tried on it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.polynomial import chebyshev
from pyproj import CRS
from tests.streets import METRIC, Way, graph_of, plane

from circle15.inputs.crs.degrees import lon_lat
from circle15.output.map.trials.degrees import NotSmoothError, degrees_of
from circle15.output.map.trials.points import point_columns, share_bytes
from circle15.output.map.trials.streets import (
    OPEN,
    SAME,
    SHUT,
    millimetres,
    street_columns,
    time_columns,
    zigzag,
)
from circle15.output.map.trials.walls import wall_columns
from circle15.planning.trials import TrialWalk
from circle15.results.trials.along_edges import joins_where_nearest, parts_ms, sorted_along
from circle15.travel.engine.graph import Positions, TravelGraph

NODES = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0), "D": (200.0, 50.0), "E": (300.0, 0)}
"""
           D
           |  50 m
A -- B --- C --- E      100 m each; B is a bend of the chain from A to C
"""


def columns_of(found):
    return {one.name: one.values.tolist() for one in found}


def walk_of(network, *, rank=None):
    nobody = Positions(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))
    return TrialWalk(
        network,
        network,
        graph_of(network),
        Fraction(1),
        900.0,
        nobody,
        np.empty(0, np.int64),
        {},
        {},
        {},
        (nobody, nobody),
        np.zeros(len(network.u), np.int64) if rank is None else np.array(rank),
    )


def test_zigzag_goes_from_zero_to_both_sides():
    assert zigzag(np.array([0, -1, 1, -2, 2, -(2**30)])).tolist() == [0, 1, 2, 3, 4, 2**31 - 1]


def test_positions_are_rounded_to_the_millimetre():
    assert millimetres(np.array([1.0004, -0.0006, 500_000.123])).tolist() == [1000, -1, 500_000_123]


def test_streets_are_chains_between_junctions():
    """Junctions are A, C, D, E; the chain from A to C has a bend at B, 100 m from both."""
    network = plane(NODES, "ABC", Way("CD", one_way=True), Way("CE", snaps=False, mm=110_000))
    made, found = street_columns(walk_of(network, rank=[3, 3, 3, 3]), (0, 0))
    columns = columns_of(found)
    assert (made["edges"], made["chains"], made["core"], made["per_mm"]) == (4, 3, 4, 1.0)
    assert sorted(columns["size"]) == [1, 1, 2]
    assert (columns["dx"], columns["dy"]) == ([200_000], [0])
    assert columns["rank"] == [3, 3, 3]
    size = np.repeat(np.arange(3), columns["size"])
    bent, one_way, longer = (
        [k for k in range(4) if condition(k)]
        for condition in (
            lambda k: columns["size"][size[k]] == 2,
            lambda k: columns["back"][k] == SHUT or columns["on"][k] == SHUT,
            lambda k: columns["kind"][k] & 3 == 0,
        )
    )
    assert [columns["on"][k] for k in bent] == [OPEN, OPEN]
    assert [columns["back"][k] for k in bent] == [SAME, SAME]
    assert len(one_way) == 1
    (far,) = longer
    assert columns["on"][far] == OPEN + zigzag(np.array([10_000]))[0]


def test_the_way_home_is_what_differs_from_the_way_out():
    network = plane(NODES, "ABC")
    out = graph_of(network)
    ms = out.ms_fwd.copy()
    ms[0] += 7
    home = TravelGraph(out.chains, ms, out.ms_bwd)
    turned = bool(out.chains.reversed[0])
    columns = columns_of(time_columns(home, out))
    place = out.chains.order[0]
    name, other = ("home_back", "home_on") if turned else ("home_on", "home_back")
    assert columns[name][place] == OPEN + 14
    assert sum(columns[name]) == OPEN + 14
    assert columns[other] == [SAME, SAME]


def test_points_carry_their_time_or_where_times_differ_their_share():
    """On AB both directions take 100 s: a quarter is 25 s. CD is one-way: the share is needed."""
    network = plane(NODES, "ABC", Way("CD", one_way=True))
    graph = graph_of(network)
    points = Positions(np.array([2, -1, 0]), np.array([0.5, 0, 0.25]), np.array([1, 0, 9]))
    row, found = point_columns("p", points, graph)
    columns = columns_of(found)
    assert sorted(row.tolist()) == [0, 2]
    own = row.tolist().index(2)
    assert columns["p_part"][own] == (75_000 if graph.chains.reversed[0] else 25_000)
    assert columns["p_leg"][own] == 9
    assert columns["p_exact"] == [1 - own]
    assert columns["p_share"] == share_bytes(np.array([0.5])).tolist()
    assert columns["p_edge"] == sorted(columns["p_edge"])


def test_points_of_an_edge_follow_its_chain():
    graph = graph_of(plane(NODES, "ABC"))
    points = Positions(np.array([0, 0, 1]), np.array([0.9, 0.1, 0.5]), np.zeros(3, np.int64))
    row = sorted_along(points, graph)
    assert row.tolist() in ([1, 0, 2], [2, 0, 1])
    part, enough = parts_ms(points.take(row), graph)
    assert enough.all()
    assert sorted(part.tolist()) in ([10_000, 50_000, 90_000],)


def test_a_home_that_joins_elsewhere_than_where_it_is_nearest_is_told():
    network = plane(NODES, "ABC")
    walk = walk_of(network)
    points = Positions(
        np.array([0, 0, 0]), np.array([0.5, 0.5, 0.4]), np.array([30_000, 1, 30_000])
    )
    x_m, y_m = np.array([50.0, 50.0, 50.0]), np.array([30.0, 30.0, 30.0])
    assert joins_where_nearest(walk, points, x_m, y_m).tolist() == [True, False, False]


def test_barriers_are_lines_with_openings_where_they_meet_streets():
    """A wall through B, which is a node of a street, has an opening there."""
    network = plane(NODES, "ABC", barriers=[[(100, -50), (100, 0), (100, 50)], [(0, 9), (9, 9)]])
    columns = columns_of(wall_columns(network, (0, 0)))
    assert columns["wall_size"] == [3, 2]
    assert columns["wall_open"] == [0, 1, 0, 0, 0]
    assert columns["wall_x"] == zigzag(np.array([100_000, 0, 0, -100_000, 9_000])).tolist()


def test_a_barrier_without_a_shape_is_left_out_of_lines_and_points_alike():
    """The page reads the points of each line in turn, so that a line of none would shift them."""
    network = plane(NODES, "ABC", barriers=[[], [(100, -50), (100, 50)]])
    assert columns_of(wall_columns(network, (0, 0)))["wall_size"] == [2]


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        (METRIC, (400_000, 3_400_000, 600_000, 3_600_000)),
        (CRS.from_epsg(32722), (430_000, 6_640_000, 530_000, 6_700_000)),
        (CRS.from_epsg(2326), (800_000, 800_000, 860_000, 850_000)),
    ],
)
def test_degrees_are_exact_to_a_fiftieth_of_a_millimetre(crs, box):
    found = degrees_of(crs, tuple(1000 * side for side in box))
    rng = np.random.default_rng(15)
    x, y = (rng.uniform(box[k], box[k + 2], 500) for k in (0, 1))
    u, v = ((1000 * at - found["middle"][k]) / found["half"][k] for k, at in enumerate((x, y)))
    side = found["degree"] + 1
    for name, true in zip(("lon", "lat"), lon_lat(x, y, crs), strict=True):
        series = np.array(found[name]).reshape(side, side)
        error = np.abs(chebyshev.chebval2d(u, v, series) - true).max()
        assert error * 111_320_000 < 0.02


def test_a_crs_that_is_no_smooth_plane_is_refused():
    """In an interrupted projection neighbours on both sides of a cut are far apart."""
    crs = CRS.from_proj4("+proj=igh +lon_0=0 +datum=WGS84 +units=m")
    with pytest.raises(NotSmoothError):
        degrees_of(crs, (-6_000_000_000, 1_000_000_000, -2_000_000_000, 6_000_000_000))
