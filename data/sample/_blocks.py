"""What lies inside the blocks: compounds, lanes, parks, a hill, a square and a few oddities."""

from __future__ import annotations

import numpy as np
from _city import HILLSIDES, LIVED_IN, Block, block_at
from _compounds import add_estate
from _lattice import add_runs, gates_of, inner, lattice, nearest
from _streets import Key, Streets, block_rng, mark_crossing


def _old(streets: Streets, block: Block) -> None:
    """Add an open block of lanes that run through, with a few blind alleys."""
    rng = block_rng(block)
    us, vs = (0.25, 0.5, 0.75), (0.14, 0.25, 0.38, 0.5, 0.62, 0.75, 0.86)
    nodes = lattice(streets, block, us, vs, 0.02)
    gates = {(u, v): key for key, u, v in gates_of(streets, block)}
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
            add_runs(streets, row, rng, 0.35, {"highway": "footway"})
    for k in range(4):
        a, b = int(rng.integers(0, 3)), int(rng.integers(0, len(vs)))
        u = us[a] + float(rng.choice([-0.1, 0.1]))
        blind = inner(streets, block, ("blind", k), u, vs[b] + 0.05)
        streets.way([nodes[a, b], blind], highway="footway")


def _shops(streets: Streets, block: Block) -> None:
    """Add a shopping block: a pedestrian street and service ways."""
    us, vs = (0.2, 0.5, 0.8), (0.2, 0.35, 0.5, 0.65, 0.8)
    nodes = lattice(streets, block, us, vs, 0.01)
    for a in range(3):
        kind = "pedestrian" if a == 1 else "service"
        streets.way([nodes[a, b] for b in range(5)], highway=kind)
    for b in (0, 2, 4):
        streets.way([nodes[a, b] for a in range(3)], highway="footway" if b == 2 else "service")
    for gate, u, v in gates_of(streets, block):
        if 0.5 in (u, v):
            end = nearest(streets, list(nodes.values()), streets.nodes[gate])
            streets.way([gate, end], highway="pedestrian" if u == 0.5 else "service")
            if u == 0.5:
                mark_crossing(streets, gate)


def _park(streets: Streets, block: Block) -> None:
    """Add a park: a ring path, paths across, and some stairs."""
    rng = block_rng(block)
    angles = np.arange(16) * np.pi / 8
    ring = [
        inner(streets, block, k, 0.5 + 0.33 * float(np.cos(t)), 0.5 + 0.33 * float(np.sin(t)))
        for k, t in enumerate(angles)
    ]
    middle = inner(streets, block, "middle", 0.5, 0.5)
    streets.way([*ring, ring[0]], highway="footway")
    for k in range(0, 16, 4):
        half = inner(
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
    for gate, u, v in gates_of(streets, block):
        if 0.5 in (u, v):
            streets.way([gate, nearest(streets, ring, streets.nodes[gate])], highway="footway")
            mark_crossing(streets, gate)


def _hill(streets: Streets, block: Block) -> None:
    """Add a hill: a path around its foot, one that winds up it, and stairs straight to the top."""
    turns = np.arange(41) / 16
    shares = [0.37] * 17 + list(np.linspace(0.37, 0.04, 25))[1:]
    wound = [
        inner(
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
    top = inner(streets, block, "top", 0.5, 0.5)
    streets.way([foot[0], *path, top], highway="path", surface="compacted", name="示例山盘山步道")
    for k in range(0, 16, 4):
        angle = k * np.pi / 8
        landing = inner(
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
    for gate, u, v in gates_of(streets, block):
        if 0.5 in (u, v):
            streets.way([gate, nearest(streets, foot, streets.nodes[gate])], highway="footway")
            mark_crossing(streets, gate)


def _works(streets: Streets, block: Block) -> None:
    """Add a works: a spine from one or two gates, with side ways."""
    rng = block_rng(block)
    us, vs = (0.2, 0.5, 0.8), (0.2, 0.4, 0.6, 0.8)
    nodes = lattice(streets, block, us, vs, 0.01)
    streets.way([nodes[1, b] for b in range(4)], highway="service")
    for b in range(4):
        add_runs(streets, [nodes[a, b] for a in range(3)], rng, 0.0, {"highway": "service"})
    gates = gates_of(streets, block)
    for k in sorted(rng.permutation(len(gates))[:2]):
        gate = gates[k][0]
        streets.way(
            [gate, nearest(streets, list(nodes.values()), streets.nodes[gate])], highway="service"
        )


def _field(streets: Streets, block: Block) -> None:
    """Add one field track through a block, where two gates face each other."""
    gates = gates_of(streets, block)
    if len(gates) > 1:
        middle = inner(streets, block, "middle", 0.45, 0.55)
        streets.way([gates[0][0], middle, gates[-1][0]], highway="track")


def _square(streets: Streets, block: Block) -> None:
    """Add a closed pedestrian square; the streets around it end at its rim."""
    angles = np.arange(12) * np.pi / 6
    rim = [
        inner(streets, block, k, 0.5 + 0.34 * float(np.cos(t)), 0.5 + 0.34 * float(np.sin(t)))
        for k, t in enumerate(angles)
    ]
    streets.way([*rim, rim[0]], highway="pedestrian", area="yes", name="示例广场")
    for gate, u, v in gates_of(streets, block):
        if 0.5 in (u, v):
            streets.way([gate, nearest(streets, rim, streets.nodes[gate])], highway="pedestrian")


_FILL = {
    "estate": add_estate,
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
        if use in _FILL and not edge and gates_of(streets, block):
            _FILL[use](streets, block)
    _oddities(streets)


def _oddities(streets: Streets) -> None:
    """Add ways that a reader must treat with care: closed, private, unbuilt and stranded ones."""
    city = streets.city
    field = block_at(city, 3600, 2300)
    loop = [
        inner(streets, field, ("island", k), -0.1 + 0.1 * np.cos(t), -0.1 + 0.1 * np.sin(t))
        for k, t in enumerate(np.arange(8) * np.pi / 4)
    ]
    streets.way([*loop, loop[0]], highway="footway", name="示例孤岛步道")
    lived = [b for b in city.inside if city.use[b] == "estate" and b in streets.walked]
    for block in (lived[40], lived[90], lived[140]):
        a, b = inner(streets, block, "p0", 0.33, 0.44), streets.walked[block][0]
        streets.way([b, a], highway="service", access="private")
    near = [streets.walked[lived[60]][k] for k in (1, -2)]
    streets.way(near, highway="footway", foot="no")
    gates = gates_of(streets, lived[120])
    streets.way([gates[0][0], gates[-1][0]], highway="construction", construction="tertiary")


def homes(streets: Streets, block: Block) -> list[Key]:
    """Return the inner nodes of a block where people live; none elsewhere."""
    if streets.city.use[block] not in LIVED_IN:
        return []
    return streets.walked.get(block, [])
