"""Nodes and rows of ways inside blocks: what every kind of block is made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from _city import Block, City, Floats
from _streets import Key, Streets, block_rng

Lattice = dict[tuple[int, int], Key]
Tags = dict[str, str]


def size_m(city: City, block: Block, size: Block = (1, 1)) -> tuple[float, float]:
    """Return the width and height of a block, or of several that make one compound."""
    return (
        float(city.x_m[block[0] + size[0]] - city.x_m[block[0]]),
        float(city.y_m[block[1] + size[1]] - city.y_m[block[1]]),
    )


def inset(lines_m: Floats, first: int, count: int, metres: float) -> tuple[float, float]:
    """Return the places so many metres inside both ends of some columns or rows."""
    low = metres / float(lines_m[first + 1] - lines_m[first])
    high = metres / float(lines_m[first + count] - lines_m[first + count - 1])
    return low, count - high


def inner(streets: Streets, block: Block, label: object, u: float, v: float) -> Key:
    """Add a node at the share (u, v) of a block; above 1 it lies in the blocks beyond."""
    key: Key = ("inner", *block, label)
    holder = (block[0] + max(0, int(u)), block[1] + max(0, int(v)))
    streets.walked.setdefault(holder, []).append(key)
    return streets.add(key, streets.city.place(block[0] + u, block[1] + v)[0])


def gates_of(
    streets: Streets, block: Block, size: Block = (1, 1)
) -> list[tuple[Key, float, float]]:
    """Return the street nodes from which a way may enter a block, with their (u, v)."""
    i, j = block
    along = [[k / 4 for k in range(4 * count) if k % 4] for count in size]
    sides = [(q, float(v)) for v in (0, size[1]) for q in along[0]]
    sides += [(float(u), q) for u in (0, size[0]) for q in along[1]]
    found = []
    for u, v in sides:
        key: Key = ("grid", round((i + u) * 4), round((j + v) * 4))
        if key in streets.gates:
            found.append((key, u, v))
    return found


def lattice(
    streets: Streets, block: Block, us: Sequence[float], vs: Sequence[float], rough: float
) -> Lattice:
    """Add a lattice of nodes inside a block; `rough` shifts them by a share of the block."""
    rng = block_rng(block)
    nodes: Lattice = {}
    for a, u in enumerate(us):
        for b, v in enumerate(vs):
            du, dv = rng.normal(0, rough, 2)
            nodes[a, b] = inner(streets, block, (a, b), u + du, v + dv)
    return nodes


def add_runs(
    streets: Streets, keys: list[Key], rng: np.random.Generator, gap: float, tags: Tags
) -> None:
    """Add a row of nodes as ways, leaving out each piece with the chance `gap`."""
    run = [keys[0]]
    for key in keys[1:]:
        if rng.random() < gap:
            streets.way(run, **tags)
            run = [key]
        else:
            run.append(key)
    streets.way(run, **tags)


def nearest(streets: Streets, nodes: Sequence[Key], xy_m: Floats) -> Key:
    """Return the node nearest to a position."""
    away = [float(np.hypot(*(streets.nodes[key] - xy_m))) for key in nodes]
    return nodes[int(np.argmin(away))]
