"""What lies inside the blocks: compound ways, lanes, parks, a square and a few oddities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from _city import HILLSIDES, LIVED_IN, SEED, SUPERBLOCKS, Block, City, Floats, block_at
from _streets import Key, Streets, block_rng, mark_crossing

Lattice = dict[tuple[int, int], Key]
Tags = dict[str, str]
Opened = list[tuple[float, float, Key]]


def _size_m(city: City, block: Block, size: Block = (1, 1)) -> tuple[float, float]:
    """Return the width and height of a block, or of several that make one compound."""
    return (
        float(city.x_m[block[0] + size[0]] - city.x_m[block[0]]),
        float(city.y_m[block[1] + size[1]] - city.y_m[block[1]]),
    )


def _inset(lines_m: Floats, first: int, count: int, metres: float) -> tuple[float, float]:
    """Return the places so many metres inside both ends of some columns or rows."""
    low = metres / float(lines_m[first + 1] - lines_m[first])
    high = metres / float(lines_m[first + count] - lines_m[first + count - 1])
    return low, count - high


def _inner(streets: Streets, block: Block, label: object, u: float, v: float) -> Key:
    """Add a node at the share (u, v) of a block; above 1 it lies in the blocks beyond."""
    key: Key = ("inner", *block, label)
    holder = (block[0] + max(0, int(u)), block[1] + max(0, int(v)))
    streets.walked.setdefault(holder, []).append(key)
    return streets.add(key, streets.city.place(block[0] + u, block[1] + v)[0])


def _gates(streets: Streets, block: Block, size: Block = (1, 1)) -> list[tuple[Key, float, float]]:
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


def _lattice(
    streets: Streets, block: Block, us: Sequence[float], vs: Sequence[float], rough: float
) -> Lattice:
    """Add a lattice of nodes inside a block; `rough` shifts them by a share of the block."""
    rng = block_rng(block)
    nodes: Lattice = {}
    for a, u in enumerate(us):
        for b, v in enumerate(vs):
            du, dv = rng.normal(0, rough, 2)
            nodes[a, b] = _inner(streets, block, (a, b), u + du, v + dv)
    return nodes


def _runs(
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


def _nearest(streets: Streets, nodes: Sequence[Key], xy_m: Floats) -> Key:
    """Return the node nearest to a position."""
    away = [float(np.hypot(*(streets.nodes[key] - xy_m))) for key in nodes]
    return nodes[int(np.argmin(away))]


def _estate(streets: Streets, block: Block) -> None:
    """Add a walled compound: an inner ring, rows of houses, and two to four gates."""
    first = streets.city.superblock(block)
    if first is not None:
        if first == block:
            _superblock(streets, block)
        return
    rng, manner = block_rng(block), _manner(block)
    ways: Tags = {"access": "private"} if manner == "private" else {}
    nodes = _houses(streets, block, (1, 1), rng, ways)
    gates = _gates(streets, block)
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
    gates = _gates(streets, block, size)
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
    width, height = _size_m(city, block, size)
    low_u, high_u = _inset(city.x_m, block[0], size[0], 27)
    low_v, high_v = _inset(city.y_m, block[1], size[1], 27)
    us = np.linspace(low_u, high_u, max(3, round(width / 105)))
    vs = np.linspace(low_v, high_v, max(4, round(height / 62)))
    nodes = _lattice(streets, block, list(us), list(vs), 0.006)
    n_u, n_v = len(us) - 1, len(vs) - 1
    for b in range(n_v + 1):
        row = [nodes[a, b] for a in range(n_u + 1)]
        ring = b in (0, n_v)
        kind = "service" if ring else "footway"
        _runs(streets, row, rng, 0.0 if ring else 0.22, {"highway": kind, **tags})
    for a in range(n_u + 1):
        column = [nodes[a, b] for b in range(n_v + 1)]
        gap = 0.0 if a in (0, n_u) else 0.1
        _runs(streets, column, rng, gap, {"highway": "service", **tags})
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
        inner = _nearest(streets, rim, streets.nodes[gate])
        spot = _wall_point(streets.city, block, size, u, v)
        middle = streets.add(("gate", *block, u, v), spot)
        streets.node_tags[middle] = _gate_tags(manner, rank, len(gates))
        if manner == "private":
            streets.way([gate, middle], highway="service")
            streets.way([middle, inner], highway="service", access="private")
        else:
            streets.way([gate, middle, inner], highway="service")
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
    gu = float(np.clip(u, *_inset(city.x_m, block[0], size[0], 14)))
    gv = float(np.clip(v, *_inset(city.y_m, block[1], size[1], 14)))
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


def _old(streets: Streets, block: Block) -> None:
    """Add an open block of lanes that run through, with a few blind alleys."""
    rng = block_rng(block)
    us, vs = (0.25, 0.5, 0.75), (0.14, 0.25, 0.38, 0.5, 0.62, 0.75, 0.86)
    nodes = _lattice(streets, block, us, vs, 0.02)
    gates = {(u, v): key for key, u, v in _gates(streets, block)}
    for a, u in enumerate(us):
        ends = [gates.get((u, 0.0)), gates.get((u, 1.0))]
        column = [nodes[a, b] for b in range(len(vs))]
        keys = [k for k in (ends[0], *column, ends[1]) if k is not None]
        kind = "living_street" if a == 1 else "residential"
        streets.way(keys, highway=kind)
    for b, v in enumerate(vs):
        row = [nodes[a, b] for a in range(len(us))]
        left, right = gates.get((0.0, v)), gates.get((1.0, v))
        keys = [k for k in (left, *row, right) if k is not None]
        if b in (1, 5) and block in HILLSIDES:
            streets.way(keys, highway="steps", incline=HILLSIDES[block], surface="stone")
        elif b in (1, 3, 5):
            streets.way(keys, highway="residential" if b != 3 else "living_street")
        else:
            _runs(streets, row, rng, 0.35, {"highway": "footway"})
    for k in range(4):
        a, b = int(rng.integers(0, 3)), int(rng.integers(0, len(vs)))
        u = us[a] + float(rng.choice([-0.1, 0.1]))
        blind = _inner(streets, block, ("blind", k), u, vs[b] + 0.05)
        streets.way([nodes[a, b], blind], highway="footway")


def _shops(streets: Streets, block: Block) -> None:
    """Add a shopping block: a pedestrian street and service ways."""
    us, vs = (0.2, 0.5, 0.8), (0.2, 0.35, 0.5, 0.65, 0.8)
    nodes = _lattice(streets, block, us, vs, 0.01)
    for a in range(3):
        kind = "pedestrian" if a == 1 else "service"
        streets.way([nodes[a, b] for b in range(5)], highway=kind)
    for b in (0, 2, 4):
        streets.way([nodes[a, b] for a in range(3)], highway="footway" if b == 2 else "service")
    for gate, u, v in _gates(streets, block):
        if 0.5 in (u, v):
            inner = _nearest(streets, list(nodes.values()), streets.nodes[gate])
            streets.way([gate, inner], highway="pedestrian" if u == 0.5 else "service")
            if u == 0.5:
                mark_crossing(streets, gate)


def _park(streets: Streets, block: Block) -> None:
    """Add a park: a ring path, paths across, and some stairs."""
    rng = block_rng(block)
    angles = np.arange(16) * np.pi / 8
    ring = [
        _inner(streets, block, k, 0.5 + 0.33 * float(np.cos(t)), 0.5 + 0.33 * float(np.sin(t)))
        for k, t in enumerate(angles)
    ]
    middle = _inner(streets, block, "middle", 0.5, 0.5)
    streets.way([*ring, ring[0]], highway="footway")
    for k in range(0, 16, 4):
        half = _inner(
            streets,
            block,
            ("half", k),
            *(0.5 + 0.15 * np.array([np.cos(angles[k]), np.sin(angles[k])])),
        )
        stairs = rng.random() < 0.3
        streets.way(
            [ring[k], half],
            highway="steps" if stairs else "path",
            **({"incline": "up", "step_count": "40"} if stairs else {}),
        )
        streets.way([half, middle], highway="path")
    for gate, u, v in _gates(streets, block):
        if 0.5 in (u, v):
            streets.way([gate, _nearest(streets, ring, streets.nodes[gate])], highway="footway")
            mark_crossing(streets, gate)


def _hill(streets: Streets, block: Block) -> None:
    """Add a hill: a path around its foot, one that winds up it, and stairs straight to the top."""
    turns = np.arange(41) / 16
    shares = [0.37] * 17 + list(np.linspace(0.37, 0.04, 25))[1:]
    wound = [
        _inner(
            streets,
            block,
            k,
            0.5 + share * float(np.cos(2 * np.pi * turn)),
            0.5 + share * float(np.sin(2 * np.pi * turn)),
        )
        for k, (turn, share) in enumerate(zip(turns, shares, strict=True))
        if k != 16
    ]
    foot, path = wound[:16], wound[16:]
    streets.way([*foot, foot[0]], highway="footway", name="示例山山脚步道")
    top = _inner(streets, block, "top", 0.5, 0.5)
    streets.way([foot[0], *path, top], highway="path", surface="compacted", name="示例山盘山步道")
    for k in range(0, 16, 4):
        angle = k * np.pi / 8
        landing = _inner(
            streets,
            block,
            ("landing", k),
            *(0.5 + 0.21 * np.array([np.cos(angle), np.sin(angle)])),
        )
        streets.way(
            [foot[k], landing, top],
            highway="steps",
            incline="up",
            step_count="220",
            name="示例山登山阶梯",
        )
    for gate, u, v in _gates(streets, block):
        if 0.5 in (u, v):
            streets.way([gate, _nearest(streets, foot, streets.nodes[gate])], highway="footway")
            mark_crossing(streets, gate)


def _works(streets: Streets, block: Block) -> None:
    """Add a works: a spine from one or two gates, with side ways."""
    rng = block_rng(block)
    us, vs = (0.2, 0.5, 0.8), (0.2, 0.4, 0.6, 0.8)
    nodes = _lattice(streets, block, us, vs, 0.01)
    streets.way([nodes[1, b] for b in range(4)], highway="service")
    for b in range(4):
        _runs(streets, [nodes[a, b] for a in range(3)], rng, 0.0, {"highway": "service"})
    gates = _gates(streets, block)
    for k in sorted(rng.permutation(len(gates))[:2]):
        gate = gates[k][0]
        streets.way(
            [gate, _nearest(streets, list(nodes.values()), streets.nodes[gate])], highway="service"
        )


def _field(streets: Streets, block: Block) -> None:
    """Add one field track through a block, where two gates face each other."""
    gates = _gates(streets, block)
    if len(gates) > 1:
        middle = _inner(streets, block, "middle", 0.45, 0.55)
        streets.way([gates[0][0], middle, gates[-1][0]], highway="track")


def _square(streets: Streets, block: Block) -> None:
    """Add a closed pedestrian square; the streets around it end at its rim."""
    angles = np.arange(12) * np.pi / 6
    rim = [
        _inner(streets, block, k, 0.5 + 0.34 * float(np.cos(t)), 0.5 + 0.34 * float(np.sin(t)))
        for k, t in enumerate(angles)
    ]
    streets.way([*rim, rim[0]], highway="pedestrian", area="yes", name="示例广场")
    for gate, u, v in _gates(streets, block):
        if 0.5 in (u, v):
            streets.way([gate, _nearest(streets, rim, streets.nodes[gate])], highway="pedestrian")


_FILL = {
    "estate": _estate,
    "old": _old,
    "shops": _shops,
    "park": _park,
    "hill": _hill,
    "works": _works,
    "field": _field,
    "square": _square,
}


def add_blocks(streets: Streets) -> None:
    """Fill all blocks but those at the edge of the data, then add the oddities."""
    city = streets.city
    for block, use in city.use.items():
        edge = block[0] in (0, city.n_i - 1) or block[1] in (0, city.n_j - 1)
        if use in _FILL and not edge and _gates(streets, block):
            _FILL[use](streets, block)
    _oddities(streets)


def _oddities(streets: Streets) -> None:
    """Add ways that a reader must treat with care: closed, private, unbuilt and stranded ones."""
    city = streets.city
    field = block_at(city, 3600, 2300)
    loop = [
        _inner(streets, field, ("island", k), -0.1 + 0.1 * np.cos(t), -0.1 + 0.1 * np.sin(t))
        for k, t in enumerate(np.arange(8) * np.pi / 4)
    ]
    streets.way([*loop, loop[0]], highway="footway", name="示例孤岛步道")
    lived = [b for b in city.inside if city.use[b] == "estate" and b in streets.walked]
    for block in (lived[40], lived[90], lived[140]):
        a, b = _inner(streets, block, "p0", 0.33, 0.44), streets.walked[block][0]
        streets.way([b, a], highway="service", access="private")
    near = [streets.walked[lived[60]][k] for k in (1, -2)]
    streets.way(near, highway="footway", foot="no")
    gates = _gates(streets, lived[120])
    streets.way([gates[0][0], gates[-1][0]], highway="construction", construction="tertiary")


def homes(streets: Streets, block: Block) -> list[Key]:
    """Return the inner nodes of a block where people live; none elsewhere."""
    if streets.city.use[block] not in LIVED_IN:
        return []
    return streets.walked.get(block, [])
