"""Find the nearest edge of many points with an index grid of the edges."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types of the compiled functions.

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.compiled import compiled
from circle15.network.edge_search import (
    PARTS,
    edges_of_lower_rank,
    first_free_edges,
    nearest_edges,
)
from circle15.network.leg_barriers import straight_pieces
from circle15.study.limits import LEGS

if TYPE_CHECKING:
    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.leg_barriers import WithEdges


CELL_M: Final = 40.0
MAX_CELLS: Final = 4_000_000
MARGIN_M: Final = 250.0
"""The index grid extends this far beyond the edges, to hold the barriers around them."""
BLOCKED: Final = -1


@dataclass(frozen=True)
class EdgeGrid:
    """
    An index grid of the edges that take snaps, listed by the index cells that they cross.

    Attributes
    ----------
    west_m, south_m, cell_m
        South-west corner of the grid and size of its cells, metres in the study CRS.
    rows, columns
        Shape of the grid.
    pointer, edges
        Edges of each cell, row by row from the south-west; `edges` are indices of the network,
        ascending within a cell.
    barrier : bool, shape (16 · rows · columns,)
        Whether a barrier crosses each part of a cell, `PARTS` to a side.
    walls : float64, shape (pieces, 4)
        Ends of the straight pieces of the barriers as x, y, x, y; openings are left out.
    wall_owner : int64, shape (pieces,)
        Barrier of each piece, index of `network.barriers`.
    passable : bool, shape (pieces,)
        Whether a leg may pass a piece where there is no other way.
    wall_pointer, wall_items
        Pieces of each cell.
    beyond : int64
        Pieces that do not lie wholly in the grid.
    """

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int
    pointer: Ints
    edges: Ints
    barrier: Bools
    walls: Floats
    wall_owner: Ints
    passable: Bools
    wall_pointer: Ints
    wall_items: Ints
    beyond: Ints

    @classmethod
    def of_network(cls, network: WithEdges, *, cell_m: float = CELL_M) -> EdgeGrid:
        """Index the edges of a network that take snaps, and its barriers."""
        usable = np.flatnonzero(network.snappable)
        ends = _segments(network, usable)
        walls, owner = straight_pieces(network)
        west, south = np.floor(np.minimum(ends[:, :2], ends[:, 2:]).min(axis=0)) - MARGIN_M
        east, north = np.ceil(np.maximum(ends[:, :2], ends[:, 2:]).max(axis=0)) + MARGIN_M
        cell_m = max(cell_m, float(np.sqrt((east - west + 1) * (north - south + 1) / MAX_CELLS)))
        columns, rows = (int((side) // cell_m) + 1 for side in (east - west, north - south))
        frame = (west, south, cell_m, rows, columns)
        pointer, edges = _listed(ends, frame, usable)
        wall_pointer, wall_items = _listed(walls, frame, np.arange(len(walls)))
        barrier = np.zeros(rows * columns * PARTS**2, np.int32)
        parts = (west, south, cell_m / PARTS, rows * PARTS, columns * PARTS)
        _enter(walls, *parts, barrier, np.empty(0, np.int64), np.empty(0, np.int64))
        low = np.array([west, south])
        high = low + np.array([columns, rows]) * cell_m
        ends = walls.reshape(-1, 2, 2)
        beyond = np.flatnonzero(((ends < low + 1) | (ends > high - 1)).any(axis=(1, 2)))
        passable = network.passable_barriers[owner]
        return cls(
            *frame, pointer, edges, barrier > 0, walls, owner, passable, wall_pointer, wall_items,
            beyond,
        )  # fmt: skip

    def without(self, gone: Bools) -> EdgeGrid:
        """
        Return the index without some barriers; the others are renumbered.

        Parameters
        ----------
        gone : bool, shape (barriers,)
            Barriers to leave out. The parts of cells that they cross stay marked, so that legs
            there are checked exactly.
        """
        kept = ~gone[self.wall_owner]
        frame = (self.west_m, self.south_m, self.cell_m, self.rows, self.columns)
        walls = self.walls[kept]
        pointer, items = _listed(walls, frame, np.arange(len(walls)))
        return replace(
            self,
            walls=walls,
            wall_owner=(np.cumsum(~gone) - 1)[self.wall_owner[kept]],
            passable=self.passable[kept],
            wall_pointer=pointer,
            wall_items=items,
            beyond=np.flatnonzero(np.isin(np.flatnonzero(kept), self.beyond)),
        )

    def edges_at(self, west_m: float, south_m: float, east_m: float, north_m: float) -> Ints:
        """Return, ascending, the edges that may meet a box: those in the cells that it meets."""
        left, right = _cells_between(west_m - self.west_m, east_m - self.west_m, self.cell_m)
        low, high = _cells_between(south_m - self.south_m, north_m - self.south_m, self.cell_m)
        columns = range(self.columns)[left:right]
        rows = range(self.rows)[low:high]
        if not columns or not rows:
            return np.zeros(0, np.int64)
        first = np.array(rows) * self.columns + columns.start
        ends = zip(self.pointer[first], self.pointer[first + len(columns)], strict=True)
        return np.unique(np.concatenate([self.edges[begin:end] for begin, end in ends]))

    def nearest(
        self, network: WithEdges, x_m: Floats, y_m: Floats, max_snap_m: float
    ) -> tuple[Ints, Floats, Floats, Bools]:
        """
        Find the nearest edge of each point.

        Parameters
        ----------
        network
            The network that was indexed.
        x_m, y_m
            Points in the study CRS, metres, shape (n,); NaN where a position is missing.
        max_snap_m
            Longest straight leg, inclusive.

        Returns
        -------
        Edge (-1 beyond `max_snap_m`), fraction from its first node, distance in metres, and
        whether the straight leg passes an index cell with a barrier. Of edges at the same distance
        the first in the network's order counts.

        Raises
        ------
        InputDataError
            If so many edges lie in one place that it would take too long.
        """
        edge = np.full(len(x_m), -1, np.int64)
        fraction, distance = np.full(len(x_m), np.nan), np.full(len(x_m), np.inf)
        doubtful = np.zeros(len(x_m), np.bool_)
        compared = nearest_edges(
            x_m, y_m, network.x_m, network.y_m, network.u, network.v, self.pointer, self.edges,
            self.barrier, self.west_m, self.south_m, self.cell_m, self.rows, self.columns,
            max_snap_m, edge, fraction, distance, doubtful, LEGS.most,
        )  # fmt: skip
        _require_few(int(compared), x_m)
        return edge, fraction, distance, doubtful

    def first_free(
        self, network: WithEdges, x_m: Floats, y_m: Floats, nearest: Ints, max_snap_m: float
    ) -> tuple[Ints, Floats, Floats, Ints]:
        """
        Find for each point the nearest edge that it reaches without crossing a barrier.

        Where there is none, the nearest edge reached by crossing only passable barriers.

        Parameters
        ----------
        nearest
            The nearest edge of each point, which is tried first.

        Returns
        -------
        Edge, fraction from its first node, distance, and the first barrier that the leg crosses
        (-1 for none). The edge is `BLOCKED` where barriers stop every leg; the barrier is then
        the first impassable one on the leg to the nearest edge.

        Raises
        ------
        InputDataError
            If so many edges or barriers lie in one place that it would take too long.
        """
        edge = np.full(len(x_m), BLOCKED, np.int64)
        barrier = np.full(len(x_m), -1, np.int64)
        fraction, distance = np.full(len(x_m), np.nan), np.full(len(x_m), np.inf)
        walls = (
            self.walls, self.passable, self.wall_pointer, self.wall_items, self.beyond,
            self.west_m, self.south_m, self.cell_m, self.rows, self.columns,
        )  # fmt: skip
        streets = network.x_m, network.y_m, network.u, network.v
        compared = first_free_edges(
            x_m, y_m, streets, self.pointer, self.edges, walls, max_snap_m, nearest, edge,
            fraction, distance, barrier, LEGS.most,
        )  # fmt: skip
        _require_few(int(compared), x_m)
        crossed = barrier >= 0
        barrier[crossed] = self.wall_owner[barrier[crossed]]
        return edge, fraction, distance, barrier

    def nearest_of_lower_rank(
        self, network: WithEdges, x_m: Floats, y_m: Floats, own: Ints, rank: Ints, limit_m: float
    ) -> tuple[Ints, Floats, Floats]:
        """
        Find for each point the nearest edge of a lower rank than its own, ignoring barriers.

        Parameters
        ----------
        x_m, y_m
            Points, metres, shape (n,).
        own
            Rank of each point.
        rank
            Rank of each edge of the network.
        limit_m
            Longest straight leg, inclusive.

        Returns
        -------
        Edge (-1 beyond `limit_m`), fraction from its first node, and distance. Of edges at the
        same distance the first in the network's order counts.
        """
        edge = np.full(len(x_m), -1, np.int64)
        fraction, distance = np.full(len(x_m), np.nan), np.full(len(x_m), np.inf)
        cell_of = np.repeat(np.arange(self.rows * self.columns), np.diff(self.pointer))
        by_rank = self.edges[np.lexsort((rank[self.edges], cell_of))]
        edges_of_lower_rank(
            x_m, y_m, own, rank, network.x_m, network.y_m, network.u, network.v, self.pointer,
            by_rank, self.west_m, self.south_m, self.cell_m, self.rows, self.columns, limit_m,
            edge, fraction, distance,
        )  # fmt: skip
        return edge, fraction, distance


def _cells_between(low_m: float, high_m: float, cell_m: float) -> tuple[int, int]:
    """Return the first cell of a stretch, and the one after its last; 0 for those before all."""
    return max(math.floor(low_m / cell_m), 0), max(math.floor(high_m / cell_m) + 1, 0)


def _listed(
    ends: Floats, frame: tuple[float, float, float, int, int], names: Ints
) -> tuple[Ints, Ints]:
    """List straight pieces by the cells that they cross; return pointers and names by cell."""
    nothing = np.empty(0, np.int64)
    counts = np.zeros(frame[3] * frame[4] + 1, np.int64)
    _enter(ends, *frame, counts[1:], nothing, nothing)
    pointer = np.cumsum(counts)
    items = np.empty(pointer[-1], np.int64)
    _enter(ends, *frame, pointer[:-1].copy(), items, names)
    return pointer, items


def _segments(network: WithEdges, edges: Ints) -> Floats:
    """Return the ends of edges as x, y, x, y; shape (n, 4)."""
    u, v = network.u[edges], network.v[edges]
    return np.column_stack([network.x_m[u], network.y_m[u], network.x_m[v], network.y_m[v]])


@compiled
def _enter(ends, west, south, cell, rows, columns, fill, listed, names):
    """
    Walk each straight piece through the cells that it crosses.

    With `listed` empty, pieces are counted by cell in `fill`; else `names` are written where `fill`
    points, and `fill` advances. The rows of the piece's box are taken in turn, each with the
    columns between the piece's positions at the row's lower and upper side, and one more on either
    side for safety.
    """
    for k in range(len(ends)):
        x0, y0, x1, y1 = (
            ends[k, 0] - west,
            ends[k, 1] - south,
            ends[k, 2] - west,
            ends[k, 3] - south,
        )
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        low, high = int(y0 // cell), int(y1 // cell)
        for row in range(max(low, 0), min(high, rows - 1) + 1):
            a, b = x0, x1
            if high > low:
                slope = (x1 - x0) / (y1 - y0)
                a = x0 + (max(row * cell, y0) - y0) * slope
                b = x0 + (min((row + 1) * cell, y1) - y0) * slope
            left, right = int(min(a, b) // cell), int(max(a, b) // cell)
            if high > low:  # rounding at the sides of a row must not lose a cell
                left, right = left - 1, right + 1
            for column in range(max(left, 0), min(right, columns - 1) + 1):
                place = row * columns + column
                if len(listed) > 0:
                    listed[fill[place]] = names[k]
                fill[place] += 1


def _require_few(compared: int, x_m: Floats) -> None:
    """Refuse streets and barriers of which too many lie over each other around the points."""
    if compared > LEGS.most:
        found = f"too many streets or barriers lie over each other around {len(x_m):,} points"
        raise LEGS.fault(found, file=None)
