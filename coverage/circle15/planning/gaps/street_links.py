"""Which touching cells are connected by the streets in and beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.network.walk_network import node_components

if TYPE_CHECKING:
    from circle15.arrays import Ints


@dataclass(frozen=True)
class StreetLinks:
    """
    The streets in and beside the cells in which people live.

    Attributes
    ----------
    u, v : int64, shape (edges,)
        First and last node of each edge.
    nodes
        Number of nodes.
    node, beside : int64, shape (pairs,)
        Nodes of the streets, and for each a cell in which it lies or that touches the one in which
        it lies.
    """

    u: Ints
    v: Ints
    nodes: int
    node: Ints
    beside: Ints

    def linked(
        self, touching: tuple[Ints, Ints], cell: Ints, edge: Ints, n_cells: int
    ) -> tuple[Ints, Ints]:
        """
        Return those pairs of touching cells with homes between which there are streets.

        Streets count that lie in or beside the cells with homes, and those that homes join. Two
        cells on the banks of a river are linked if a bridge is among these streets.

        Parameters
        ----------
        touching
            Pairs of cells that touch.
        cell, edge : int64, shape (homes,)
            Cell of each home, and the edge that it joins; -1 if it joins none: what is between its
            cell and others is then not known, and they are linked.
        n_cells
            Number of cells.

        Returns
        -------
        The pairs of linked cells, in their order.
        """
        has_homes = np.zeros(n_cells, np.bool_)
        has_homes[cell] = True
        inside = np.zeros(self.nodes, np.bool_)
        inside[self.node[has_homes[self.beside]]] = True
        walked = inside[self.u] & inside[self.v]
        joined = edge >= 0
        walked[edge[joined]] = True
        part = node_components(self.nodes, self.u[walked], self.v[walked])
        unknown = np.zeros(n_cells, np.bool_)
        unknown[cell[~joined]] = True
        one, other = (side[has_homes[touching[0]] & has_homes[touching[1]]] for side in touching)
        cell, of_home = cell[joined], part[self.u[edge[joined]]]
        first = np.full(n_cells, -1, np.int64)
        first[cell] = of_home
        found = (first[one] == first[other]) | unknown[one] | unknown[other]
        # The homes of a cell may stand at streets that do not connect.
        rest = np.flatnonzero(~found)
        asked = np.zeros(n_cells, np.bool_)
        asked[one[rest]] = asked[other[rest]] = True
        keys = (cell * self.nodes + of_home)[asked[cell]]
        found[rest] = _share(one[rest], other[rest], keys, self.nodes)
        return one[found], other[found]


def _share(one: Ints, other: Ints, keys: Ints, nodes: int) -> np.ndarray:
    """Return a mask of the pairs of cells that have a part of the streets in common."""
    if not len(keys):
        return np.zeros(len(one), np.bool_)
    keys = np.unique(keys)
    cell, part = np.divmod(keys, nodes)
    low, high = (np.searchsorted(cell, one, side) for side in ("left", "right"))
    pair = np.repeat(np.arange(len(one)), high - low)
    mine = np.arange(len(pair)) - np.repeat(np.cumsum(high - low) - high, high - low)
    wanted = other[pair] * nodes + part[mine]
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found = np.zeros(len(one), np.bool_)
    found[pair[keys[place] == wanted]] = True
    return found
