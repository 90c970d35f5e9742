"""Streets of the map: every edge once, in long lines, in blocks that are small on the map."""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import shapely
from tests.builders.small_map import SOUTH, WEST, small_network, small_result

from circle15.inputs.crs.degrees import lon_lat
from circle15.output.map.base.ground import pack_ground
from circle15.output.map.base.line_blocks import (
    BITS,
    BLOCK_VERTICES,
    CELL_BITS,
    Lines,
    block_columns,
    cut,
    lines_of,
    mercator,
)
from circle15.output.map.html import map_blocks
from circle15.results.streets.street_lines import edges_near, joined_streets


def network_of(x, y, edges):
    """A network by its nodes and the pairs of nodes that streets join."""
    u, v = np.array(edges).T
    n, zero = len(u), np.zeros(len(u), np.int64)
    return dataclasses.replace(
        small_network(),
        x_m=WEST + np.array(x, float),
        y_m=SOUTH + np.array(y, float),
        u=u,
        v=v,
        length_m=np.ones(n),
        base_mm_fwd=zero,
        base_mm_bwd=zero,
        delay_ms_fwd=zero,
        delay_ms_bwd=zero,
        way_id=np.arange(n),
        way_pos=zero,
        kind=np.array(["residential"] * n, dtype=object),
        private=zero.astype(bool),
        snappable=np.ones(n, bool),
    )


def lines_through(network, mask):
    lines = joined_streets(network, mask)
    return [lines.node[a:b].tolist() for a, b in pairwise(lines.start.tolist())]


def test_streets_run_straight_on_through_a_crossing():
    """0-4-2 and 1-4-3 cross at node 4; without its north arm, 3-4 ends there."""
    network = small_network()
    both = {tuple(sorted(line)) for line in lines_through(network, np.ones(4, bool))}
    assert both == {(0, 2, 4), (1, 3, 4)}
    three = {tuple(sorted(line)) for line in lines_through(network, network.u != 1)}
    assert three == {(0, 2, 4), (3, 4)}


def test_a_ring_is_one_line_that_ends_where_it_begins():
    (ring,) = lines_through(
        network_of([0, 9, 9, 0], [0, 0, 9, 9], [(0, 1), (2, 1), (2, 3), (3, 0)]), np.ones(4, bool)
    )
    assert ring[0] == ring[-1]
    assert sorted(ring[1:]) == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", range(20))
def test_every_edge_is_in_one_line_once(seed):
    """Random streets, with loops and two streets between the same nodes."""
    rng = np.random.default_rng(seed)
    edges = rng.integers(0, 30, (60, 2))
    network = network_of(rng.uniform(0, 999, 30), rng.uniform(0, 999, 30), edges)
    mask = rng.random(60) < 0.8
    lines = lines_through(network, mask)
    walked = Counter(tuple(sorted(step)) for line in lines for step in pairwise(line))
    assert walked == Counter(tuple(sorted(edge)) for edge in edges[mask].tolist())
    # A line ends where an odd number of ends meet, and nowhere else; rings end nowhere.
    odd = sum(count % 2 for count in Counter(edges[mask].ravel().tolist()).values())
    assert sum(line[0] != line[-1] for line in lines) <= odd / 2


def test_streets_near_an_area_touch_it_or_cross_it():
    """Ends at 0, 100, 200 m: one inside, none inside but crossing, beside it, far away."""
    network = network_of(
        [5, 50, 0, 0, 100, 12, 200, 200],
        [5, 50, 8, 200, 3, 12, 0, 9],
        [(0, 1), (2, 4), (3, 5), (6, 7)],
    )
    area = shapely.box(WEST + 1, SOUTH + 1, WEST + 10, SOUTH + 10)
    assert edges_near(network, area).tolist() == [True, True, False, False]


def test_a_position_is_off_by_half_a_unit_at_most():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(73, 135, 1000), rng.uniform(3, 54, 1000)
    x, y = mercator(lon, lat)
    unit = 2 * np.pi * 6_378_137 / 2**BITS
    east = np.radians(lon) * 6_378_137 - (x * unit - np.pi * 6_378_137)
    north = np.arcsinh(np.tan(np.radians(lat))) * 6_378_137 - (np.pi * 6_378_137 - y * unit)
    assert abs(np.r_[east, north]).max() <= unit / 2 + 1e-6
    assert unit < 1.2


def test_repeated_vertices_and_points_go():
    x, y = np.array([[1, 1, 2, 5, 5, 5, 7], [1, 1, 1, 5, 5, 5, 5]])
    lines = lines_of(x, y, np.array([0, 3, 5, 7]))
    assert lines.x.tolist() == [1, 2, 5, 7]
    assert lines.start.tolist() == [0, 2, 4]


def random_lines(rng, n):
    """Walks over a few kilometres, from 1 to 40 steps."""
    size = rng.integers(2, 41, n)
    step = rng.integers(-300, 301, (2, size.sum()))
    start = np.r_[0, np.cumsum(size)]
    step[:, start[:-1]] = 0
    x, y = (20_000_000 + np.cumsum(one) for one in step)
    return Lines(x, y, start)


def segments(lines):
    inner = np.ones(len(lines.x), bool)
    inner[lines.start[1:] - 1] = False
    at = np.flatnonzero(inner)
    return Counter(
        zip(*(one[k].tolist() for one in (lines.x, lines.y) for k in (at, at + 1)), strict=True)
    )


@pytest.mark.parametrize("seed", range(5))
def test_cut_lines_keep_each_segment_and_stay_near(seed):
    whole = random_lines(np.random.default_rng(seed), 200)
    parts = cut(whole)
    assert segments(parts) == segments(whole)
    assert (np.diff(parts.start) >= 2).all()
    for a, b in pairwise(parts.start.tolist()):
        # All but the last vertex lie in the square of the first.
        assert np.ptp(parts.x[a : b - 1] >> CELL_BITS) == 0
        assert np.ptp(parts.y[a : b - 1] >> CELL_BITS) == 0


def test_blocks_hold_every_vertex_and_their_boxes_are_small():
    rng = np.random.default_rng(3)
    lines = random_lines(rng, 3000)
    column = {one.name: one.values for one in block_columns([lines, random_lines(rng, 0), lines])}
    parts = cut(lines)
    assert set(column["class"]) == {0, 2}
    first = column["class"] == 0
    assert column["vertices"][first].sum() == len(parts.x)
    assert column["lines"][first].sum() == len(parts.start) - 1
    assert column["vertices"].max() <= BLOCK_VERTICES + 41
    assert column["size"].sum() == len(column["bytes"])
    span = np.ptp(lines.x) * np.ptp(lines.y)
    assert np.median(column["width"][first] * column["height"][first]) < span / 8


def test_no_street_and_no_barrier_is_no_block():
    empty = Lines(*(np.empty(0, np.int64),) * 2, np.zeros(1, np.int64))
    assert all(len(one.values) == 0 for one in block_columns([empty]))


def test_streets_far_from_the_boundary_are_left_out():
    result = small_result()
    far = shapely.box(WEST + 5000, SOUTH, WEST + 5100, SOUTH + 100)
    assert pack_ground(result.network, far)[0]["classes"] == []
    ground, _ = pack_ground(result.network, None)
    assert ground["classes"] == ["path", "local", "main"]
    area = dataclasses.replace(result.area, boundary=far)
    assert map_blocks(dataclasses.replace(result, area=area), "zh")["circle15-ground"] == b""


def test_barriers_come_first():
    line = shapely.linestrings([[WEST, SOUTH], [WEST + 100, SOUTH + 50]])
    network = dataclasses.replace(small_network(), barriers=np.array([line], dtype=object))
    ground, packed = pack_ground(network, shapely.box(WEST, SOUTH, WEST + 200, SOUTH + 200))
    assert ground["classes"] == ["barrier", "path", "local", "main"]
    lon, lat = lon_lat(np.array([WEST]), np.array([SOUTH]), network.crs)
    x, y = mercator(lon, lat)
    # The first block's box begins at the line's south-west corner, or north of it.
    plan = {name: (n, width) for name, n, width, _ in ground["columns"]}
    n, width = plan["left"]
    left = int.from_bytes(bytes(packed[n:][k * n] for k in range(width)), "little")
    assert (plan["class"], left) == ((4, 1), int(x[0]))
    assert len(y) == 1
