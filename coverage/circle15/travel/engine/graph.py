"""The contracted network at one walking speed, ready for searching."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.walk_network import NO_WAY
from circle15.travel.engine.chains import Chains, contract
from circle15.travel.engine.milliseconds import split_ms, walking_ms

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy.typing as npt

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork

    Int32s = npt.NDArray[np.int32]

CLOSED: Final = np.int64(1) << 40
"""Time of a direction that may not be walked, milliseconds: 35 years, beyond every horizon."""


@dataclass(frozen=True)
class Positions:
    """
    Points on the network with the time of their access legs.

    Attributes
    ----------
    edge : int64, shape (n,)
        Index of the edge; -1 for a point that has not joined the network.
    fraction : float64, shape (n,)
        Position along the edge from its first node, 0–1.
    access_ms : int64, shape (n,)
        Time of the straight leg between the point and the edge.
    """

    edge: Ints
    fraction: Floats
    access_ms: Ints

    def __len__(self) -> int:
        return len(self.edge)

    def take(self, index: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Positions:
        """Return some of the points, by index or mask."""
        return Positions(self.edge[index], self.fraction[index], self.access_ms[index])

    def followed_by(self, other: Positions) -> Positions:
        """Return these points followed by others."""
        return Positions(
            np.r_[self.edge, other.edge],
            np.r_[self.fraction, other.fraction],
            np.r_[self.access_ms, other.access_ms],
        )


def positions_at(snaps: Snaps, access_speed_m_s: Fraction) -> Positions:
    """Return snapped points with the times of their access legs at a walking speed."""
    length = np.where(snaps.joined, snaps.access_mm, 0)
    access = np.where(snaps.joined, walking_ms(length, access_speed_m_s), 0)
    return Positions(snaps.edge, np.nan_to_num(snaps.fraction), access)


@dataclass(frozen=True)
class Placed:
    """
    Points that have joined the network, located on its chains.

    All are int64 of shape (n,) and in milliseconds unless stated otherwise; `CLOSED` (or more)
    where a direction may not be walked.

    Attributes
    ----------
    row
        Row of each point among the positions that were placed.
    chain, order
        The chain, and the index of the edge in `Chains.edges`.
    along : float64
        Position along the edge in the direction of the chain, 0–1.
    to_first, to_last, from_first, from_last
        Times between the point and the junctions of its chain, without the access leg.
    on_in, on_out, back_in, back_out
        Times on the point's own edge: from the start of the edge to the point (`in`) and from the
        point to its end (`out`), walking along the chain (`on`) and against it (`back`).
    access
        Time of the access leg.
    """

    row: Ints
    chain: Ints
    order: Ints
    along: Floats
    to_first: Ints
    to_last: Ints
    from_first: Ints
    from_last: Ints
    on_in: Ints
    on_out: Ints
    back_in: Ints
    back_out: Ints
    access: Ints

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class TravelNetwork:
    """
    A contracted walking network before a speed is chosen.

    Attributes
    ----------
    chains
        Its chains.
    base_mm_fwd, base_mm_bwd, delay_ms_fwd, delay_ms_bwd : int64, shape (edges,)
        As in `WalkNetwork`.
    links
        Number of edges at the end that lead out of compounds, as in `WalkNetwork`.
    """

    chains: Chains
    base_mm_fwd: Ints
    base_mm_bwd: Ints
    delay_ms_fwd: Ints
    delay_ms_bwd: Ints
    links: int = 0

    @classmethod
    def from_network(cls, network: WalkNetwork) -> TravelNetwork:
        """Contract a walking network."""
        return cls(
            contract(len(network.x_m), network.u, network.v, network.x_m, network.y_m),
            network.base_mm_fwd,
            network.base_mm_bwd,
            network.delay_ms_fwd,
            network.delay_ms_bwd,
            network.links,
        )

    def at_speed(self, speed_m_s: Fraction) -> TravelGraph:
        """Return the network with times in milliseconds at a walking speed."""

        def ms(base_mm: Ints, delay_ms: Ints) -> Ints:
            open_way = base_mm != NO_WAY
            walked = walking_ms(np.where(open_way, base_mm, 0), speed_m_s)
            return np.where(open_way, walked + delay_ms, CLOSED)

        return TravelGraph(
            self.chains,
            ms(self.base_mm_fwd, self.delay_ms_fwd),
            ms(self.base_mm_bwd, self.delay_ms_bwd),
            self.links,
        )


@dataclass(frozen=True)
class Arcs:
    """
    Arcs between junctions against the walking direction, for searches from destinations.

    `pointer` (int64, shape (junctions + 1,)) is the start of the arcs of each junction in `head`
    and `ms` (int32).
    """

    pointer: Ints
    head: npt.NDArray[np.int32]
    ms: npt.NDArray[np.int32]


@dataclass(frozen=True)
class TravelGraph:
    """
    A contracted network at one speed.

    Attributes
    ----------
    chains
        Its chains.
    ms_fwd, ms_bwd : int64, shape (edges,)
        Milliseconds from the first node of each edge to its last, and back; `CLOSED` where that
        is not allowed.
    links
        Number of edges at the end that lead out of compounds on the way out, and into them on the
        way home.
    """

    chains: Chains
    ms_fwd: Ints
    ms_bwd: Ints
    links: int = 0

    @classmethod
    def from_network(cls, network: WalkNetwork, speed_m_s: Fraction) -> TravelGraph:
        """Contract a network at one speed; for several speeds use `TravelNetwork`."""
        return TravelNetwork.from_network(network).at_speed(speed_m_s)

    @cached_property
    def homeward(self) -> TravelGraph:
        """The network of the way home, on which people re-enter the compound that they left."""
        if not self.links:
            return self
        streets = len(self.ms_fwd) - self.links
        return TravelGraph(
            self.chains,
            np.r_[self.ms_fwd[:streets], self.ms_bwd[streets:]],
            np.r_[self.ms_bwd[:streets], self.ms_fwd[streets:]],
            self.links,
        )

    @cached_property
    def reversed(self) -> TravelGraph:
        """The reversed network of the way home: searches on it give times from destinations."""
        home = self.homeward
        return TravelGraph(self.chains, home.ms_bwd, home.ms_fwd, self.links)

    @cached_property
    def on_ms(self) -> Ints:
        """Time of each edge in the direction of its chain, in the order of the chains."""
        turned = self.chains.reversed
        ms: Ints = np.where(turned, self.ms_bwd, self.ms_fwd)
        return ms[self.chains.edges]

    @cached_property
    def back_ms(self) -> Ints:
        """Time of each edge against the direction of its chain, in the order of the chains."""
        turned = self.chains.reversed
        ms: Ints = np.where(turned, self.ms_fwd, self.ms_bwd)
        return ms[self.chains.edges]

    @cached_property
    def on_before(self) -> Ints:
        """Cumulative sum of `on_ms` before each edge, across all chains; shape (edges + 1,)."""
        sums: Ints = np.r_[np.int64(0), np.cumsum(self.on_ms)]
        return sums

    @cached_property
    def back_before(self) -> Ints:
        """Cumulative sum of `back_ms` before each edge, across all chains; shape (edges + 1,)."""
        sums: Ints = np.r_[np.int64(0), np.cumsum(self.back_ms)]
        return sums

    @cached_property
    def towards(self) -> Arcs:
        """Arcs between junctions, without loops and closed directions."""
        chains = self.chains
        stop = chains.start[1:]
        on = self.on_before[stop] - self.on_before[chains.start[:-1]]
        back = self.back_before[stop] - self.back_before[chains.start[:-1]]
        tail, head = np.r_[chains.last, chains.first], np.r_[chains.first, chains.last]
        ms = np.r_[on, back]
        use = (tail != head) & (ms < np.iinfo(np.int32).max // 2)
        tail, head, ms = tail[use], head[use], ms[use]
        order = np.lexsort((ms, head, tail))
        tail, head, ms = tail[order], head[order], ms[order]
        pointer = np.searchsorted(tail, np.arange(chains.n_core + 1))
        return Arcs(pointer, head.astype(np.int32), ms.astype(np.int32))

    @cached_property
    def chain_sides(self) -> tuple[Ints, Int32s, Int32s, Bools]:
        """
        The chains at each junction; a loop occurs once.

        Returns
        -------
        Start of the chains of each junction, their numbers, the junction at their other end, and
        whether they begin at this junction.
        """
        chains = self.chains
        number = np.arange(len(chains.first))
        open_chain = chains.first != chains.last
        here = np.r_[chains.first, chains.last[open_chain]]
        order = np.argsort(here, kind="stable")
        pointer = np.searchsorted(here[order], np.arange(chains.n_core + 1))
        chain = np.r_[number, number[open_chain]][order].astype(np.int32)
        other = np.r_[chains.last, chains.first[open_chain]][order].astype(np.int32)
        begins = np.r_[np.ones(len(number), bool), np.zeros(int(open_chain.sum()), bool)][order]
        return pointer, chain, other, begins

    def place(self, points: Positions) -> Placed:
        """Locate points on the chains; those that have not joined the network are left out."""
        row = np.flatnonzero(points.edge >= 0)
        edge, fraction = points.edge[row], points.fraction[row]
        chains = self.chains
        turned = chains.reversed[edge]
        chain, order = chains.chain[edge], chains.order[edge]
        to_u, from_u = _parts(fraction, self.ms_bwd[edge]), _parts(fraction, self.ms_fwd[edge])
        # Each pair holds the part on the side of the first node, then that of the last.
        on_in = np.where(turned, to_u[1], from_u[0])
        on_out = np.where(turned, to_u[0], from_u[1])
        back_out = np.where(turned, from_u[1], to_u[0])
        back_in = np.where(turned, from_u[0], to_u[1])
        start, stop = chains.start[chain], chains.start[chain + 1]
        on, back = self.on_before, self.back_before
        return Placed(
            row=row,
            chain=chain,
            order=order,
            along=np.where(turned, 1.0 - fraction, fraction),
            to_first=_capped(back_out + back[order] - back[start]),
            to_last=_capped(on_out + on[stop] - on[order + 1]),
            from_first=_capped(on_in + on[order] - on[start]),
            from_last=_capped(back_in + back[stop] - back[order + 1]),
            on_in=on_in,
            on_out=on_out,
            back_in=back_in,
            back_out=back_out,
            access=points.access_ms[row],
        )

    def along_chain_ms(self, start: Placed, i: Ints, end: Placed, j: Ints) -> Ints:
        """
        Return the time along the chain that each pair of points shares, without access legs.

        Returns
        -------
        Milliseconds from `start[i]` to `end[j]`; `CLOSED` against a one-way edge.
        """
        before, behind = start.order[i] < end.order[j], start.order[i] > end.order[j]
        on = start.on_out[i] + self.on_before[end.order[j]] - self.on_before[start.order[i] + 1]
        on += end.on_in[j]
        back = start.back_out[i] + end.back_in[j]
        back += self.back_before[start.order[i]] - self.back_before[end.order[j] + 1]
        return _capped(
            np.select([before, behind], [on, back], default=self._on_one_edge(start, i, end, j))
        )

    def _on_one_edge(self, start: Placed, i: Ints, end: Placed, j: Ints) -> Ints:
        edge = start.order[i]
        a, b = start.along[i], end.along[j]
        on_open, back_open = self.on_ms[edge] < CLOSED, self.back_ms[edge] < CLOSED
        on = np.where((a <= b) & on_open, end.on_in[j] - start.on_in[i], CLOSED)
        back = np.where((a >= b) & back_open, end.back_in[j] - start.back_in[i], CLOSED)
        return np.where(a == b, 0, np.minimum(on, back))


def _parts(fraction: Floats, ms: Ints) -> tuple[Ints, Ints]:
    """
    Split the time of an edge at a point: the part at the first node and the part at the last.

    A closed direction is closed on both sides of an inner point; a point at an end of the edge is
    at that node, whatever the directions of the edge.
    """
    inner = (fraction > 0.0) & (fraction < 1.0)
    first = split_ms(fraction, ms)
    closed = (ms >= CLOSED) & inner
    return np.where(closed, CLOSED, first), np.where(closed, CLOSED, ms - first)


def _capped(ms: Ints) -> Ints:
    return np.minimum(ms, CLOSED)
