"""Where links join a network: the nearest edges of their ends, and the edges split there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.crs.positions import WGS84, transform
from circle15.inputs.shapes import points_at
from circle15.network.snapping import place_on_edges
from circle15.network.walk_network import NO_WAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.database_tables import Source

    Spot = tuple[float, float]

JOIN_M: Final = 20.0
"""Longest distance from the end of a link to the street that it joins, metres, inclusive."""


@dataclass(frozen=True)
class Link:
    """A new line: row in its file, tags, and vertices in the study CRS, shape (n, 2)."""

    row: int
    tags: Mapping[str, str]
    xy: Floats


@dataclass(frozen=True)
class Joint:
    """Where an end of links joins: an edge and the place on it, or nothing but other links."""

    edge: int
    fraction: float
    x_m: float
    y_m: float


def _spot(xy: Floats) -> Spot:
    return round(float(xy[0]), 3), round(float(xy[1]), 3)


def find_joints(network: WalkNetwork, links: Sequence[Link], file: Source) -> dict[Spot, Joint]:
    """Find where each end joins the streets: the nearest edge, of equally near ones the first."""
    ends = [(_spot(end), one) for one in links for end in (one.xy[0], one.xy[-1])]
    meets = Counter(spot for spot, _ in ends)
    spots = list(dict.fromkeys(spot for spot, _ in ends))
    x, y = np.array(spots, np.float64).reshape(-1, 2).T
    usable = ~np.isin(network.kind.astype(str), ("motorway", "motorway_link"))
    if network.last_resort is not None:
        usable &= ~could_snap(network)[1]
    edges = np.flatnonzero(usable)
    tree = shapely.STRtree(network.lines_of(edges))
    end, near = tree.query(points_at(x, y), predicate="dwithin", distance=JOIN_M)
    edge = edges[near]
    fraction, qx, qy, distance = place_on_edges(x[end], y[end], edge, network)
    order = np.lexsort((edge, distance, end))
    first = order[np.diff(end[order], prepend=-1) != 0]
    found = {
        spots[int(end[k])]: Joint(
            int(edge[k]), float(fraction[k]), round(float(qx[k]), 3), round(float(qy[k]), 3)
        )
        for k in first
    }
    for spot, one in ends:
        if spot not in found and meets[spot] < 2:
            lon, lat = transform(np.array([spot[0]]), np.array([spot[1]]), network.crs, WGS84)
            raise InputDataError(
                f"the end at {lon[0]:.6f}, {lat[0]:.6f} joins no street within {JOIN_M:.0f} m.",
                file=file,
                row=one.row,
                mend="Draw the line up to a walkable street.",
            )
    alone = {spot: Joint(-1, 0.0, *spot) for spot in spots if spot not in found}
    return found | alone


@dataclass(frozen=True)
class Split:
    """
    The edges of a network, split where links join them.

    Attributes
    ----------
    origin, u, v, share
        Of each piece the edge, its ends, and its share (0–1) of the length.
    start, stop
        Where a piece begins and ends as fractions of the edge.
    x_m, y_m
        The new nodes, after those of the network.
    node_of
        Node of each end of a link, by its position.
    """

    origin: Ints
    u: Ints
    v: Ints
    start: Floats
    stop: Floats
    x_m: Floats
    y_m: Floats
    node_of: Mapping[Spot, int]

    @property
    def share(self) -> Floats:
        """Share (0–1) of its edge that a piece has."""
        return self.stop - self.start

    @classmethod
    def of(cls, network: WalkNetwork, joints: Mapping[Spot, Joint]) -> Split:
        """Place the joints on the edges; a joint at a node is this node."""
        node_of: dict[Spot, int] = {}
        made: dict[tuple[int, float, float], int] = {}
        cuts: dict[int, list[tuple[float, int]]] = {}
        xs: list[float] = []
        ys: list[float] = []
        for spot, joint in joints.items():
            ends = () if joint.edge < 0 else (network.u[joint.edge], network.v[joint.edge])
            same = [
                int(k)
                for k in ends
                if _spot(np.array([network.x_m[k], network.y_m[k]])) == (joint.x_m, joint.y_m)
            ]
            key = joint.edge, joint.x_m, joint.y_m
            if same:
                node_of[spot] = same[0]
                continue
            if key not in made:
                made[key] = len(network.x_m) + len(xs)
                xs.append(joint.x_m)
                ys.append(joint.y_m)
                if joint.edge >= 0:
                    cuts.setdefault(joint.edge, []).append((joint.fraction, made[key]))
            node_of[spot] = made[key]
        pieces = np.ones(len(network.u), np.int64)
        for edge, own in cuts.items():
            pieces[edge] += len(own)
        origin = np.repeat(np.arange(len(network.u)), pieces)
        u, v = network.u[origin].copy(), network.v[origin].copy()
        start, stop = np.zeros(len(origin)), np.ones(len(origin))
        first = np.cumsum(pieces) - pieces
        for edge, own in cuts.items():
            for k, (fraction, node) in enumerate(sorted(own), int(first[edge])):
                v[k], stop[k] = node, fraction
                u[k + 1], start[k + 1] = node, fraction
        return cls(origin, u, v, start, stop, np.array(xs), np.array(ys), node_of)

    def cut(self, cost: Ints) -> Ints:
        """Split whole costs of the edges over their pieces, so that these sum to them exactly."""
        whole = cost[self.origin]
        before = np.floor(self.start * whole + 0.5).astype(np.int64)
        after = np.floor(self.stop * whole + 0.5).astype(np.int64)
        return np.where(whole == NO_WAY, whole, after - before)


@dataclass(frozen=True)
class LinkEdges:
    """The edges of links, their number by link, and all nodes of the network with theirs."""

    u: Ints
    v: Ints
    sizes: list[int]
    x_m: Floats
    y_m: Floats


def link_edges(
    links: Sequence[Link],
    joints: Mapping[Spot, Joint],
    node_of: Mapping[Spot, int],
    nodes: tuple[Floats, Floats],
    file: Source,
) -> LinkEdges:
    """Chain the vertices of each link between the nodes that its ends join."""
    first = len(nodes[0])
    xs: list[float] = []
    ys: list[float] = []
    tails: list[int] = []
    heads: list[int] = []
    sizes = []
    for one in links:
        spots = [_spot(xy) for xy in one.xy]
        ends = spots[0], spots[-1]
        inner = [
            spot
            for k, spot in enumerate(spots)
            if 0 < k < len(spots) - 1 or spot != (joints[spot].x_m, joints[spot].y_m)
        ]
        inner = [spot for k, spot in enumerate(inner) if k == 0 or spot != inner[k - 1]]
        chain = [node_of[ends[0]], *range(first + len(xs), first + len(xs) + len(inner))]
        chain.append(node_of[ends[1]])
        if len(inner) == 0 and chain[0] == chain[1]:
            mend = "Draw it from one street to another."
            raise InputDataError(
                "both ends join one place, and nothing is between them.",
                file=file,
                row=one.row,
                mend=mend,
            )
        xs += [x for x, _ in inner]
        ys += [y for _, y in inner]
        tails += chain[:-1]
        heads += chain[1:]
        sizes.append(len(chain) - 1)
    x, y = np.r_[nodes[0], np.array(xs)], np.r_[nodes[1], np.array(ys)]
    return LinkEdges(np.array(tails, np.int64), np.array(heads, np.int64), sizes, x, y)


def could_snap(network: WalkNetwork) -> tuple[Bools, Bools]:
    """Return which edges take snaps, and which as a last resort, however short their piece is."""
    if network.could_snap is not None:
        return network.could_snap
    last = network.last_resort
    return network.snappable, np.zeros(len(network.u), bool) if last is None else last
