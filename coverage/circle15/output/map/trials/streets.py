"""The contracted streets of a way of walking as integer columns, without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from circle15.output.map.packed_columns import Column
from circle15.travel.engine.graph import CLOSED

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.planning.trials import TrialWalk
    from circle15.travel.engine.graph import TravelGraph

MM: Final = 1000

SAME, SHUT, OPEN = 0, 1, 2
"""Codes of a direction: as the other one, closed, or (from here on) a difference."""


def zigzag(values: Ints) -> Ints:
    """
    Return integers of either sign as integers from 0 on, small where they are near 0.

    Examples
    --------
    >>> zigzag(np.array([0, -1, 1, -2])).tolist()
    [0, 1, 2, 3]
    """
    found: Ints = np.where(values < 0, -2 * values - 1, 2 * values)
    return found


def millimetres(metres: Floats) -> Ints:
    """Return positions, which are known to the millimetre, as integers."""
    return np.rint(metres * MM).astype(np.int64)


def street_columns(walk: TrialWalk, origin: tuple[int, int]) -> tuple[dict[str, Any], list[Column]]:
    """
    Return the streets of a way of walking.

    Parameters
    ----------
    origin
        Easting and northing from which positions count, mm.

    Returns
    -------
    `per_mm`, by which the page expects the time of an edge, milliseconds per millimetre; and the
    columns. Of junctions: `core_x`, `core_y`, steps in mm. Of chains: `low` and `span`, the
    junctions at their ends, `flip`, whether they begin at the higher one, `size`, their edges, and
    `rank`. Of edges in the order of the chains: `dx`, `dy`, steps in mm to their ends (none for the
    last of a chain), `on`, what their time differs from the expected one, `back`, what the time of
    the other direction differs from that; `kind`, 1 for edges that take snaps, 2 for those that do
    as a last resort, 4 more where the edge runs against its chain; and `index`, steps of its
    number.
    """
    graph, chains, walked = walk.graph, walk.graph.chains, walk.walked
    u, v = walked.u, walked.v
    x, y = millimetres(walked.x_m) - origin[0], millimetres(walked.y_m) - origin[1]
    edges = chains.edges
    turned = chains.reversed[edges]
    begin, end = np.where(turned, v[edges], u[edges]), np.where(turned, u[edges], v[edges])
    starts, stops = chains.start[:-1], chains.start[1:]
    core = np.zeros(chains.n_core, np.int64)
    core[chains.first], core[chains.last] = begin[starts], end[stops - 1]
    inner = np.ones(len(edges), bool)
    inner[stops - 1] = False
    dx, dy = x[end] - x[begin], y[end] - y[begin]
    length = np.sqrt((dx * dx + dy * dy).astype(np.float64))
    on, back = graph.on_ms, graph.back_ms
    both = (on < CLOSED) & (length > 0)
    per_mm = float(np.round(np.median(on[both] / length[both]), 9)) if both.any() else 1.0
    expected = np.floor(length * per_mm + 0.5).astype(np.int64)
    low, high = np.minimum(chains.first, chains.last), np.maximum(chains.first, chains.last)
    own = np.zeros(len(u), np.int64)
    own[: len(walk.rank)] = walk.rank
    number = edges.astype(np.int64)
    columns = [
        Column("core_x", zigzag(np.diff(x[core], prepend=0))),
        Column("core_y", zigzag(np.diff(y[core], prepend=0))),
        Column("low", low, steps=True),
        Column("span", high - low),
        Column("flip", (chains.first != low).astype(np.int64)),
        Column("size", np.diff(chains.start)),
        Column("rank", own[edges[starts]]),
        Column("dx", zigzag(dx[inner])),
        Column("dy", zigzag(dy[inner])),
        Column("on", _coded(on, expected, np.zeros(len(on), bool))),
        Column("back", _coded(back, np.where(on < CLOSED, on, expected), back == on)),
        Column("kind", _kinds(walk.network, len(u))[edges] + 4 * turned),
        Column("index", zigzag(np.diff(number, prepend=0))),
    ]
    return {"per_mm": per_mm, "edges": len(edges), "chains": len(low), "core": len(core)}, columns


def time_columns(graph: TravelGraph, before: TravelGraph) -> list[Column]:
    """Return the times of the way home beside those of the way out, by edge and direction."""
    pairs = (("home_on", graph.on_ms, before.on_ms), ("home_back", graph.back_ms, before.back_ms))
    return [
        Column(name, _coded(here, np.where(other < CLOSED, other, 0), here == other))
        for name, here, other in pairs
    ]


def _coded(ms: Ints, expected: Ints, same: Any) -> Ints:
    """Return times as `SAME`, `SHUT`, or `OPEN` and the difference from the expected one."""
    coded = np.where(ms >= CLOSED, SHUT, OPEN + zigzag(np.where(ms < CLOSED, ms, 0) - expected))
    found: Ints = np.where(same, SAME, coded)
    return found


def _kinds(network: WalkNetwork, n_edges: int) -> Ints:
    found = np.zeros(n_edges, np.int64)
    found[: len(network.snappable)] = network.snappable
    if network.last_resort is not None:
        last = network.last_resort & ~network.snappable
        found[: len(last)][last] = 2
    return found
