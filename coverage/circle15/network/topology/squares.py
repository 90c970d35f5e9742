"""Add straight ways across squares, between the streets that meet their rims."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.crossing_limits import SidesOfRings
from circle15.inputs.crs.positions import to_metric
from circle15.inputs.shapes import straight_lines
from circle15.network.osm.osm_areas import are_among
from circle15.network.osm.osm_objects import NotUsed, Unused
from circle15.study.limits import SQUARE_LINES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.osm.osm_objects import Square, Way

    Edges = tuple[Ints, Ints, Ints, Ints]

MAX_JUNCTIONS = 64
"""A square with more streets at its rim is walked around: there would be too many pairs."""


ROUNDING_M = 0.02
"""
A line may lie this far outside a square: OpenStreetMap stores positions to a centimetre, so a
corner that a line touches may lie on either side of it.
"""


def crossings(
    x_m: Floats,
    y_m: Floats,
    junction: Bools,
    *,
    sizes: Sequence[int] = (),
    shape: BaseGeometry | None = None,
    corner: Bools | None = None,
) -> list[tuple[int, int]]:
    """
    Return the pairs of junctions of a square between which a straight line stays within it.

    A line that leaves a concave square, or crosses a hole, is not a way across.

    Parameters
    ----------
    x_m, y_m
        Nodes of the rings in order, each ring without its closing node, metres.
    junction
        Whether another way joins at each node.
    sizes
        Number of nodes of each ring; by default there is one ring.
    shape
        Polygon of the square; by default that of its ring.
    corner
        Mask of the corners of holes, which people walk around: lines that touch the hole there are
        ways too.

    Returns
    -------
    Pairs of indices, smaller first. Neighbours along a ring are left out, as that edge exists. An
    invalid rim (one that crosses itself) has no pairs.
    """
    square = shapely.Polygon(np.column_stack([x_m, y_m])) if shape is None else shape
    if not square.is_valid or junction.sum() > MAX_JUNCTIONS:
        return []
    around = np.zeros(len(x_m), bool) if corner is None else corner & ~junction
    ends: list[int] = np.flatnonzero(junction | around).tolist()
    counts = np.array(sizes or [len(x_m)])
    ring = np.repeat(np.arange(len(counts)), counts)

    def are_apart(a: int, b: int) -> bool:
        return bool(ring[a] != ring[b] or 1 < b - a < counts[ring[a]] - 1)

    pairs = [(a, b) for a, b in combinations(ends, 2) if are_apart(a, b)]
    if not pairs:
        return []
    first, second = np.array(pairs).T
    if around.any():
        place = x_m, y_m, counts
        touch = (~around[second] | _touch(first, second, *place)) & (
            ~around[first] | _touch(second, first, *place)
        )
        first, second = first[touch], second[touch]
        pairs = list(zip(first.tolist(), second.tolist(), strict=True))
    lines = straight_lines(x_m[first], y_m[first], x_m[second], y_m[second])
    wide = shapely.buffer(square, ROUNDING_M, join_style="mitre")
    shapely.prepare(wide)
    inside = np.asarray(shapely.covers(wide, lines))
    return [pair for pair, is_inside in zip(pairs, inside, strict=True) if is_inside]


def _touch(start: Ints, end: Ints, x_m: Floats, y_m: Floats, sizes: Ints) -> Bools:
    """Return a mask of the lines at whose end the ring lies on one side of the line."""
    begin = np.repeat(np.cumsum(sizes) - sizes, sizes)
    size = np.repeat(sizes, sizes)
    dx, dy = x_m[end] - x_m[start], y_m[end] - y_m[start]
    length = np.maximum(np.hypot(dx, dy), ROUNDING_M)
    aside = []
    for step in (-1, 1):
        beside = begin[end] + (end - begin[end] + step) % size[end]
        aside.append((dx * (y_m[beside] - y_m[start]) - dy * (x_m[beside] - x_m[start])) / length)
    low, high = np.minimum(*aside), np.maximum(*aside)
    return np.asarray((low >= -ROUNDING_M) | (high <= ROUNDING_M))


def with_crossings(
    squares: Sequence[Square],
    ways: Sequence[Way],
    edges: Edges,
    node_id: Ints,
    crs: CRS,
    *,
    file: Path | None = None,
) -> tuple[Edges, NotUsed]:
    """
    Add the straight ways across squares, after the edges of the way whose id they take.

    Parameters
    ----------
    ways
        The walkable ways, with those that give squares their ids; a square whose way is not among
        them is not open.
    edges
        First and last nodes, index of the way and position in it.
    node_id
        Ids of the nodes, ascending.
    crs
        Projected CRS of the study.
    file
        The file that the squares come from.

    Returns
    -------
    All edges, and the squares that are walked around.

    Raises
    ------
    InputDataError
        If the rims have more crossings, or more streets and corners, than the limits allow.
    """
    unused = NotUsed()
    number = {id(way): k for k, way in enumerate(ways)}
    is_open = [square for square in squares if id(square.way) in number]
    rows: list[tuple[int, int, int, int]] = []
    u, v, owner, _ = edges
    degree = np.bincount(np.r_[u, v], minlength=len(node_id))
    way_id = np.array([way.id for way in ways], np.int64)
    next_place = {
        int(way): int(count)
        for way, count in zip(*np.unique(way_id[owner], return_counts=True), strict=True)
    }
    shared = _shared_nodes(is_open)
    sides = SidesOfRings("squares", file)
    n_lines = 0
    for square in is_open:
        nodes = np.concatenate([ring.nodes for ring in square.rings])
        place = np.minimum(np.searchsorted(node_id, nodes[:, 0]), len(node_id) - 1)
        # At each node a ring has two edges of its own; more means that another way joins.
        there = node_id[place] == nodes[:, 0]
        junction = there & ((degree[place] > 2) | are_among(nodes[:, 0], shared))
        x, y = to_metric(nodes[:, 1] / 10_000_000, nodes[:, 2] / 10_000_000, crs)
        sizes = [len(ring.nodes) for ring in square.rings]
        corner = there & np.repeat([ring.is_hole for ring in square.rings], sizes)
        shape = _shape(square, np.column_stack([x, y]), sizes, sides)
        if shape is None:
            unused.add(Unused.RINGS_INVALID, square.name)
            continue
        if junction.sum() > MAX_JUNCTIONS:
            unused.add(Unused.RINGS_CROWDED, square.name)
            continue
        ends = int((junction | corner).sum())
        n_lines += ends * (ends - 1) // 2
        if n_lines > SQUARE_LINES.most:
            raise SQUARE_LINES.fault("has squares with too many streets and corners", file=file)
        for a, b in crossings(x, y, junction, sizes=sizes, shape=shape, corner=corner):
            at = next_place[square.way.id] = next_place.get(square.way.id, 0) + 1
            rows.append((int(place[a]), int(place[b]), number[id(square.way)], at - 1))
    if not rows:
        return edges, unused
    extra = np.array(rows, np.int64).T
    joined = [np.r_[old, new] for old, new in zip(edges, extra, strict=True)]
    order = np.lexsort((joined[3], joined[2]))
    return (joined[0][order], joined[1][order], joined[2][order], joined[3][order]), unused


def _shared_nodes(squares: Sequence[Square]) -> Ints:
    """Return the ids of nodes at the rims of several squares, where walks pass between them."""
    own = [
        np.unique(np.concatenate([ring.nodes[:, 0] for ring in square.rings])) for square in squares
    ]
    ids, count = np.unique(np.concatenate([*own, np.empty(0, np.int64)]), return_counts=True)
    return ids[count > 1]


def _shape(
    square: Square, xy: Floats, sizes: Sequence[int], sides: SidesOfRings
) -> BaseGeometry | None:
    """
    Return the polygon of a square, None where a ring crosses itself.

    A point inside an odd number of rings is inside, so that a hole may hold an island; a point
    inside holes only is not.
    """
    parts = np.split(xy, np.cumsum(sizes)[:-1])
    rings: list[BaseGeometry] = [shapely.Polygon(part) for part in parts]
    if not all(ring.is_valid for ring in rings):
        return None
    if len(rings) > 1:
        closed = [np.concatenate([part, part[:1]]) for part in parts]
        ring = np.repeat(np.arange(len(parts)), [len(part) for part in closed])
        sides.require_few_crossings(np.concatenate(closed), ring)
    shape = _inside_odd_number(rings)
    pairs = list(zip(rings, square.rings, strict=True))
    if any(ring.is_hole for _, ring in pairs):
        outer = [polygon for polygon, ring in pairs if not ring.is_hole]
        shape = shapely.intersection(shape, shapely.union_all(outer))
    return shape


def _inside_odd_number(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the area inside an odd number of shapes, combined pairwise for speed."""
    while len(shapes) > 1:
        odd = shapes[len(shapes) // 2 * 2 :]
        pairs = zip(shapes[::2], shapes[1::2], strict=False)
        shapes = [*(shapely.symmetric_difference(one, two) for one, two in pairs), *odd]
    return shapes[0]
