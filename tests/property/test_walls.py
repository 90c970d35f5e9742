"""Walls, fences and hedges beside random streets: what each setting of `network.walls` keeps."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle import oracle
from tests.streets import Way, plane

from circle15.network.joining_across import snap_without_barriers
from circle15.network.snapping import SnapCode, snap_to_network

# Few coordinates, so that shared nodes, gates on corners and touching legs are common.
coarse = st.integers(-4, 4).map(lambda k: 50.0 * k)
fine = st.integers(-250_000, 250_000).map(lambda k: k / 1000)
spot = st.tuples(coarse | fine, coarse | fine)
LETTERS = "ABCDEF"
KINDS = ("wall", "fence", "hedge", "river", "railway", "given")
LOW = ("wall", "fence", "hedge")


@st.composite
def towns(draw):
    """Streets, barriers of all kinds, gates on some of their vertices, and points."""
    nodes = dict(zip(LETTERS, draw(st.lists(spot, min_size=6, max_size=6)), strict=True))
    word = st.lists(st.sampled_from(LETTERS), min_size=2, max_size=4).map("".join)
    ways = draw(st.lists(word, min_size=1, max_size=5))
    place = spot | st.sampled_from(list(nodes.values()))
    line = st.lists(place, min_size=2, max_size=4, unique=True)
    barriers = draw(st.lists(st.tuples(line, st.sampled_from(KINDS)), max_size=4))
    vertices = [xy for shape, _ in barriers for xy in shape]
    gates = draw(st.lists(st.sampled_from(vertices), max_size=2)) if vertices else []
    points = draw(st.lists(spot, min_size=1, max_size=8))
    return nodes, ways, barriers, gates, points


def network_of(nodes, ways, barriers, gates, walls="prefer"):
    return replace(
        plane(nodes, *ways, barriers=[shape for shape, _ in barriers]),
        barrier_ids=np.array([f"way/{k}" for k in range(len(barriers))], dtype=object),
        barrier_kinds=np.array([kind for _, kind in barriers], dtype=object),
        gate_xy=np.array(gates, np.float64).reshape(-1, 2),
        walls=walls,
    )


def join(town, **changes):
    nodes, ways, barriers, gates, points = town
    given = {"barriers": barriers, "gates": gates} | changes
    x, y = np.array(points).T
    return snap_to_network(x, y, network_of(nodes, ways, **given))


@settings(max_examples=300)
@given(towns())
def test_as_the_oracle_joins(town):
    nodes, ways, barriers, gates, points = town
    edges = [
        oracle.Edge(a, b, k, place, 1.0, 1, 1)
        for k, word in enumerate(ways)
        for place, (a, b) in enumerate(itertools.pairwise(word))
    ]
    lines = [(pair, kind in LOW) for shape, kind in barriers for pair in itertools.pairwise(shape)]
    plain = oracle.OracleNetwork(
        nodes, edges, [pair for pair, _ in lines], low=[low for _, low in lines], gates=gates
    )
    found = join(town)
    for k, expected in enumerate(oracle.snap(points, plain, 200.0)):
        if isinstance(expected, str):
            assert (found.code[k], found.edge[k]) == (expected, -1)
            continue
        own = (found.edge[k], found.fraction[k], found.access_mm[k])
        assert own == (expected.edge, expected.fraction, expected.access_mm)


@settings(max_examples=300)
@given(towns())
def test_what_the_settings_share(town):
    """
    `prefer` joins whoever `ignore` joins, never nearer, and whoever `stop` joins, at that place.

    Through a wall it joins exactly those whom `stop` does not.
    """
    prefer, stop, ignore = (join(town, walls=walls) for walls in ("prefer", "stop", "ignore"))
    assert prefer.joined.tolist() == ignore.joined.tolist()
    assert (prefer.access_mm >= ignore.access_mm).all()
    free = stop.joined
    assert prefer.edge[free].tolist() == stop.edge[free].tolist()
    assert prefer.access_mm[free].tolist() == stop.access_mm[free].tolist()
    through = prefer.code == SnapCode.THROUGH_WALL
    assert through.tolist() == (prefer.joined & ~free).tolist()
    assert not (stop.code == SnapCode.THROUGH_WALL).any()
    assert not (ignore.code == SnapCode.THROUGH_WALL).any()


@given(towns())
def test_every_leg_that_is_stopped_or_passes_a_wall_names_a_barrier_of_that_kind(town):
    _, _, barriers, _, _ = town
    for walls in ("prefer", "stop", "ignore"):
        found = join(town, walls=walls)
        named = np.isin(found.code.astype(str), ("ACCESS_BARRIER", "THROUGH_WALL"))
        assert (found.barrier >= 0).tolist() == named.tolist()
        for k in np.flatnonzero(named):
            low = barriers[found.barrier[k]][1] in LOW
            if found.code[k] == "THROUGH_WALL":
                assert low
            elif walls != "stop":
                assert not low


@given(towns())
def test_where_walls_stop_they_are_barriers_like_any_other(town):
    _, _, barriers, _, _ = town
    rivers = join(town, barriers=[(shape, "river") for shape, _ in barriers])
    stop = join(town, walls="stop")
    assert stop.edge.tolist() == rivers.edge.tolist()
    assert stop.barrier.tolist() == rivers.barrier.tolist()


@given(towns(), st.sampled_from(["prefer", "stop", "ignore"]))
def test_a_gate_or_one_barrier_less_takes_nobody_off_the_streets(town, walls):
    _, _, barriers, gates, _ = town
    before = join(town, walls=walls)
    every = [xy for shape, _ in barriers for xy in shape]
    for after in (join(town, walls=walls, gates=every), join(town, walls=walls, barriers=[])):
        assert after.joined[before.joined].all()
    fewer = join(town, walls=walls, barriers=barriers[:-1], gates=gates)
    assert fewer.joined[before.joined].all()
    free = before.joined & (before.code == "")
    assert (fewer.access_mm[free] <= before.access_mm[free]).all()


@settings(max_examples=200)
@given(towns(), st.sets(st.sampled_from(KINDS)), st.sampled_from(["prefer", "stop", "ignore"]))
def test_without_some_barriers_points_join_as_if_these_were_not_there(town, kinds, walls):
    nodes, ways, barriers, gates, points = town
    whole = network_of(nodes, ways, barriers, gates, walls)
    gone = np.array([kind in kinds for _, kind in barriers], bool)
    opened = whole.without_barriers(gone)
    x, y = np.array(points).T
    before = snap_to_network(x, y, whole)
    found = snap_without_barriers(x, y, before, whole, opened, max_snap_m=200.0)
    left = [barrier for barrier in barriers if barrier[1] not in kinds]
    wanted = join(town, barriers=left, walls=walls)
    assert found.edge.tolist() == wanted.edge.tolist()
    assert found.access_mm.tolist() == wanted.access_mm.tolist()
    assert found.code.tolist() == wanted.code.tolist()
    np.testing.assert_array_equal(found.fraction, wanted.fraction)


def test_a_network_whose_streets_take_no_snaps_loses_barriers_too():
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0)}
    whole = network_of(nodes, [Way("AB", snaps=False)], [([(0.0, 5.0), (9.0, 5.0)], "wall")], [])
    opened = whole.without_barriers(np.array([True]))
    assert len(opened.barriers) == 0
    x, y = np.array([5.0]), np.array([9.0])
    before = snap_to_network(x, y, whole)
    again = snap_without_barriers(x, y, before, whole, opened, max_snap_m=200.0)
    assert again.edge.tolist() == [-1]
