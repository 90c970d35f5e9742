"""What lies inside the blocks: compound ways, lanes, parks, a square and a few oddities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from _city import LIVED_IN, Block, City, Floats, block_at
from _streets import Key, Streets, block_rng

Lattice = dict[tuple[int, int], Key]


def _size_m(city: City, block: Block) -> tuple[float, float]:
    """Return the width and height of a block."""
    return (
        float(city.x_m[block[0] + 1] - city.x_m[block[0]]),
        float(city.y_m[block[1] + 1] - city.y_m[block[1]]),
    )


def _inner(streets: Streets, block: Block, label: object, u: float, v: float) -> Key:
    """Add a node at the share (u, v) of a block."""
    key: Key = ("inner", *block, label)
    streets.walked.setdefault(block, []).append(key)
    return streets.add(key, streets.city.place(block[0] + u, block[1] + v)[0])


def _gates(streets: Streets, block: Block) -> list[tuple[Key, float, float]]:
    """Return the street nodes from which a way may enter a block, with their (u, v)."""
    i, j = block
    sides = [(q, 0.0) for q in (0.25, 0.5, 0.75)] + [(q, 1.0) for q in (0.25, 0.5, 0.75)]
    sides += [(v, u) for u, v in sides]
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
    streets: Streets, keys: list[Key], rng: np.random.Generator, gap: float, tags: dict[str, str]
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
    rng = block_rng(block)
    width, height = _size_m(streets.city, block)
    inset_u, inset_v = 27 / width, 27 / height
    us = np.linspace(inset_u, 1 - inset_u, max(3, round(width / 105)))
    vs = np.linspace(inset_v, 1 - inset_v, max(4, round(height / 62)))
    nodes = _lattice(streets, block, list(us), list(vs), 0.006)
    n_u, n_v = len(us) - 1, len(vs) - 1
    for b in range(n_v + 1):
        row = [nodes[a, b] for a in range(n_u + 1)]
        ring = b in (0, n_v)
        _runs(
            streets, row, rng, 0.0 if ring else 0.22, {"highway": "service" if ring else "footway"}
        )
    for a in range(n_u + 1):
        column = [nodes[a, b] for b in range(n_v + 1)]
        _runs(streets, column, rng, 0.0 if a in (0, n_u) else 0.1, {"highway": "service"})
    gates = _gates(streets, block)
    chosen = rng.permutation(len(gates))[: int(rng.integers(2, 5))]
    rim = [key for (a, b), key in nodes.items() if a in (0, n_u) or b in (0, n_v)]
    opened = []
    for k in sorted(chosen):
        gate, u, v = gates[k]
        inner = _nearest(streets, rim, streets.nodes[gate])
        middle = streets.add(("gate", *block, int(k)), _wall_point(streets.city, block, u, v))
        streets.node_tags[middle] = {"barrier": "gate"}
        streets.way([gate, middle, inner], highway="service")
        opened.append((u, v, middle))
    if rng.random() < 0.45:
        _wall(streets, block, opened)


def _wall_point(city: City, block: Block, u: float, v: float) -> Floats:
    """Return the position on the wall of a block, 14 m inside its sides."""
    width, height = _size_m(city, block)
    iu, iv = 14 / width, 14 / height
    gi = block[0] + float(np.clip(u, iu, 1 - iu))
    gj = block[1] + float(np.clip(v, iv, 1 - iv))
    point: Floats = city.place(gi, gj)[0]
    return point


def _wall(streets: Streets, block: Block, opened: list[tuple[float, float, Key]]) -> None:
    """Add the wall around a compound, sharing the nodes of its gates."""
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    points = [
        (u, v, streets.add(("wall", *block, k), _wall_point(streets.city, block, u, v)))
        for k, (u, v) in enumerate(corners)
    ]
    points += [
        (u, v, streets.add(("wall", *block, u, v), _wall_point(streets.city, block, u, v)))
        for u, v in ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))
        if not any((u, v) == (a, b) for a, b, _ in opened)
    ]
    ring = sorted(points + opened, key=lambda p: float(np.arctan2(p[1] - 0.5, p[0] - 0.5)))
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
        if b in (1, 3, 5):
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
