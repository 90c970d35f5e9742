"""The network at one walking speed, ready for searching."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from circle15.network.walk_network import NO_WAY
from circle15.travel.milliseconds import split_ms, walking_ms

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy.typing as npt

    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

CLOSED = np.int64(1) << 40
"""Milliseconds of a direction that may not be walked: 35 years, beyond every horizon."""


@dataclass(frozen=True)
class Positions:
    """
    Points on the network with the time of their access legs.

    Attributes
    ----------
    edge : int64, shape (n,)
        Index of the edge; -1 for a point that has not joined the network.
    fraction : float64, shape (n,)
        Place on the edge from its first node, 0–1.
    access_ms : int64, shape (n,)
        Time of the straight leg between the point and the edge.
    """

    edge: Ints
    fraction: Floats
    access_ms: Ints

    def __len__(self) -> int:
        return len(self.edge)

    def take(self, index: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Positions:
        """Return some of the points, in the order of the index."""
        return Positions(self.edge[index], self.fraction[index], self.access_ms[index])


def positions_at(snaps: Snaps, access_speed_m_s: Fraction) -> Positions:
    """Give snapped points the time of their access legs."""
    length = np.where(snaps.joined, snaps.access_mm, 0)
    access = np.where(snaps.joined, walking_ms(length, access_speed_m_s), 0)
    return Positions(snaps.edge, np.nan_to_num(snaps.fraction), access)


@dataclass(frozen=True)
class TravelGraph:
    """
    A walking network at one speed.

    Attributes
    ----------
    n_nodes
        Number of nodes.
    u, v : int64, shape (edges,)
        Ends of the edges.
    ms_fwd, ms_bwd : int64, shape (edges,)
        Milliseconds from `u` to `v` and back; `CLOSED` where that is not allowed.
    """

    n_nodes: int
    u: Ints
    v: Ints
    ms_fwd: Ints
    ms_bwd: Ints

    @classmethod
    def from_network(cls, network: WalkNetwork, speed_m_s: Fraction) -> TravelGraph:
        """Turn millimetres and delays into milliseconds."""

        def ms(base_mm: Ints, delay_ms: Ints) -> Ints:
            open_way = base_mm != NO_WAY
            walked = walking_ms(np.where(open_way, base_mm, 0), speed_m_s)
            return np.where(open_way, walked + delay_ms, CLOSED)

        return cls(
            len(network.x_m), network.u, network.v,
            ms(network.base_mm_fwd, network.delay_ms_fwd),
            ms(network.base_mm_bwd, network.delay_ms_bwd),
        )  # fmt: skip

    @cached_property
    def towards(self) -> csr_array:
        """
        Arcs against the walking direction, for searches that start at destinations.

        Of parallel arcs the shortest is kept (a sparse matrix would add them up).
        """
        tail, head = np.r_[self.v, self.u], np.r_[self.u, self.v]
        ms = np.r_[self.ms_fwd, self.ms_bwd]
        walkable = ms < CLOSED
        tail, head, ms = tail[walkable], head[walkable], ms[walkable]
        order = np.lexsort((ms, head, tail))
        tail, head, ms = tail[order], head[order], ms[order]
        first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
        first = first[: len(tail)]
        pointer = np.searchsorted(tail[first], np.arange(self.n_nodes + 1))
        return csr_array(
            (ms[first].astype(np.float64), head[first], pointer), shape=(self.n_nodes, self.n_nodes)
        )

    def leave_ms(self, points: Positions) -> tuple[Ints, Ints]:
        """Time from each point along its edge to the first and to the last node."""
        fwd, bwd = self.ms_fwd[points.edge], self.ms_bwd[points.edge]
        to_u = np.where(bwd < CLOSED, split_ms(points.fraction, bwd), CLOSED)
        to_v = np.where(fwd < CLOSED, fwd - split_ms(points.fraction, fwd), CLOSED)
        return self._at_ends(points, to_u, to_v)

    def arrive_ms(self, points: Positions) -> tuple[Ints, Ints]:
        """Time from the first and from the last node along the edge to each point."""
        fwd, bwd = self.ms_fwd[points.edge], self.ms_bwd[points.edge]
        from_u = np.where(fwd < CLOSED, split_ms(points.fraction, fwd), CLOSED)
        from_v = np.where(bwd < CLOSED, bwd - split_ms(points.fraction, bwd), CLOSED)
        return self._at_ends(points, from_u, from_v)

    @staticmethod
    def _at_ends(points: Positions, at_u: Ints, at_v: Ints) -> tuple[Ints, Ints]:
        """A point at an end of an edge is at that node, whatever way the edge may be walked."""
        return (
            np.where(points.fraction == 0.0, 0, at_u),
            np.where(points.fraction == 1.0, 0, at_v),
        )

    def along_ms(self, start: Positions, end: Positions) -> Ints:
        """Time along the edge that each start shares with its end, `CLOSED` against a one-way."""
        fwd, bwd = self.ms_fwd[start.edge], self.ms_bwd[start.edge]
        ahead = np.where(
            (fwd < CLOSED) & (start.fraction <= end.fraction),
            split_ms(end.fraction, fwd) - split_ms(start.fraction, fwd), CLOSED,
        )  # fmt: skip
        back = np.where(
            (bwd < CLOSED) & (start.fraction >= end.fraction),
            split_ms(start.fraction, bwd) - split_ms(end.fraction, bwd), CLOSED,
        )  # fmt: skip
        return np.minimum(ahead, back)
