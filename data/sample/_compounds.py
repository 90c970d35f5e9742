"""Compounds (小区): walls, gates and who opens them, and the ways of their residents."""

from __future__ import annotations

import numpy as np
from _city import SEED, SUPERBLOCKS, Block, City, Floats
from _lattice import Lattice, Tags, add_runs, gates_of, inset, lattice, nearest, size_m
from _streets import Key, Streets, block_rng

Opened = list[tuple[float, float, Key]]


def add_estate(streets: Streets, block: Block) -> None:
    """Add a walled compound: an inner ring, rows of houses, and two to four gates."""
    first = streets.city.superblock(block)
    if first is not None:
        if first == block:
            _superblock(streets, block)
        return
    rng, manner = block_rng(block), _manner(block)
    ways: Tags = {"access": "private"} if manner == "private" else {}
    nodes = _houses(streets, block, (1, 1), rng, ways)
    gates = gates_of(streets, block)
    chosen = sorted(rng.permutation(len(gates))[: int(rng.integers(2, 5))])
    opened = _open(streets, block, (1, 1), nodes, [gates[k] for k in chosen], manner)
    if rng.random() < 0.45 or manner == "private":
        _wall(streets, block, (1, 1), opened)


def _manner(block: Block) -> str:
    """Draw who may enter a compound: everybody, by some gates only, or residents."""
    draw = np.random.default_rng([SEED, 7, *block]).random()
    return "private" if draw < 0.10 else "side gate locked" if draw < 0.25 else "open"


def _superblock(streets: Streets, block: Block) -> None:
    """Add a compound of several blocks whose ways are private: few gates in a long wall."""
    rng, size = block_rng(block), SUPERBLOCKS[block]
    nodes = _houses(streets, block, size, rng, {"access": "private"})
    sides: dict[tuple[bool, bool, bool, bool], tuple[Key, float, float]] = {}
    gates = gates_of(streets, block, size)
    for k in rng.permutation(len(gates)):
        _, u, v = gates[k]
        sides.setdefault((u == 0, v == 0, u == size[0], v == size[1]), gates[k])
    opened = _open(streets, block, size, nodes, list(sides.values()), "private")
    _wall(streets, block, size, opened)


def _houses(
    streets: Streets, block: Block, size: Block, rng: np.random.Generator, tags: Tags
) -> Lattice:
    """Add the ways of a compound: a ring along its wall, and rows and columns of houses."""
    city = streets.city
    width, height = size_m(city, block, size)
    low_u, high_u = inset(city.x_m, block[0], size[0], 27)
    low_v, high_v = inset(city.y_m, block[1], size[1], 27)
    us = np.linspace(low_u, high_u, max(3, round(width / 105)))
    vs = np.linspace(low_v, high_v, max(4, round(height / 62)))
    nodes = lattice(streets, block, list(us), list(vs), 0.006)
    n_u, n_v = len(us) - 1, len(vs) - 1
    for b in range(n_v + 1):
        row = [nodes[a, b] for a in range(n_u + 1)]
        ring = b in (0, n_v)
        kind = "service" if ring else "footway"
        add_runs(streets, row, rng, 0.0 if ring else 0.22, {"highway": kind, **tags})
    for a in range(n_u + 1):
        column = [nodes[a, b] for b in range(n_v + 1)]
        gap = 0.0 if a in (0, n_u) else 0.1
        add_runs(streets, column, rng, gap, {"highway": "service", **tags})
    return nodes


def _open(
    streets: Streets,
    block: Block,
    size: Block,
    nodes: Lattice,
    gates: list[tuple[Key, float, float]],
    manner: str,
) -> Opened:
    """Lead ways from the street through gates to the ring; what lies beyond is the compound."""
    n_u, n_v = max(a for a, _ in nodes), max(b for _, b in nodes)
    rim = [key for (a, b), key in nodes.items() if a in (0, n_u) or b in (0, n_v)]
    opened: Opened = []
    for rank, (gate, u, v) in enumerate(gates):
        end = nearest(streets, rim, streets.nodes[gate])
        spot = _wall_point(streets.city, block, size, u, v)
        middle = streets.add(("gate", *block, u, v), spot)
        streets.node_tags[middle] = _gate_tags(manner, rank, len(gates))
        if manner == "private":
            streets.way([gate, middle], highway="service")
            streets.way([middle, end], highway="service", access="private")
        else:
            streets.way([gate, middle, end], highway="service")
        opened.append((u, v, middle))
    return opened


def _gate_tags(manner: str, rank: int, count: int) -> Tags:
    """Return the tags of a gate: the first one is the main entrance, the last may be locked."""
    last = rank == count - 1 and rank > 0
    if manner == "private":
        kind = "lift_gate" if rank == 0 else "gate"
        locked = {"locked": "yes"} if last and count > 2 else {}
        return {"barrier": kind, "access": "private", **locked}
    if manner == "side gate locked" and last:
        return {"barrier": "gate", "access": "no", "locked": "yes"}
    return {"barrier": "gate"}


def _wall_point(city: City, block: Block, size: Block, u: float, v: float) -> Floats:
    """Return the position on the wall of a compound, 14 m inside its sides."""
    gu = float(np.clip(u, *inset(city.x_m, block[0], size[0], 14)))
    gv = float(np.clip(v, *inset(city.y_m, block[1], size[1], 14)))
    point: Floats = city.place(block[0] + gu, block[1] + gv)[0]
    return point


def _wall(streets: Streets, block: Block, size: Block, opened: Opened) -> None:
    """Add the wall around a compound, sharing the nodes of its gates."""
    halves = [np.arange(2 * count + 1) / 2 for count in size]
    rim = [(u, v) for u in halves[0] for v in halves[1] if u in (0, size[0]) or v in (0, size[1])]
    points = [
        (u, v, streets.add(("wall", *block, u, v), _wall_point(streets.city, block, size, u, v)))
        for u, v in rim
        if not any((u, v) == (a, b) for a, b, _ in opened)
    ]
    middle = size[0] / 2, size[1] / 2
    ring = sorted(
        points + opened,
        key=lambda p: float(np.arctan2((p[1] - middle[1]) * size[0], (p[0] - middle[0]) * size[1])),
    )
    keys = [key for _, _, key in ring]
    streets.way([*keys, keys[0]], barrier="wall")
