"""Cells are joined where streets connect them: by hand, and against walking from node to node."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from circle15.planning.gaps.street_links import StreetLinks
from circle15.planning.lattice import cells_around, touching_cells

ROW, COLUMN = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
"""Cells 0 and 1 above, 2 and 3 below; each touches every other."""
EVERYTHING = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def linked(edges, node_cells, homes, *, row=ROW, column=COLUMN):
    """
    Pairs of cells that are linked.

    `edges` are pairs of nodes, `node_cells` (row, column) of each node, `homes` pairs of a cell
    and an edge.
    """
    u, v = np.array(edges, np.int64).reshape(-1, 2).T
    at = np.array(node_cells, np.int64)
    node, beside = cells_around(row, column, at[:, 0], at[:, 1])
    links = StreetLinks(u, v, len(at), node, beside)
    cell, edge = np.array(homes, np.int64).T
    one, other = links.linked(touching_cells(row, column), cell, edge, len(row))
    return list(zip(one.tolist(), other.tolist(), strict=True))


RIVER = {
    "edges": [(0, 1), (2, 3)],  # a street on either bank
    "node_cells": [(0, 0), (0, 1), (1, 0), (1, 1)],
    "homes": [(0, 0), (1, 0), (2, 1), (3, 1)],
}


def test_cells_on_two_banks_are_not_joined():
    assert linked(**RIVER) == [(0, 1), (2, 3)]


def test_a_bridge_beside_the_cells_joins_the_banks():
    """The bridge leads over nodes in the cells to the right of the four."""
    right = {"edges": [*RIVER["edges"], (1, 4), (4, 5), (5, 3)]}
    near = [*RIVER["node_cells"], (0, 2), (1, 2)]
    assert linked(**{**RIVER, **right, "node_cells": near}) == EVERYTHING
    far = [*RIVER["node_cells"], (0, 3), (1, 3)]
    assert linked(**{**RIVER, **right, "node_cells": far}) == [(0, 1), (2, 3)]


def test_streets_that_homes_join_count_wherever_they_end():
    """Both homes stand on one long street whose nodes lie far away."""
    assert linked([(0, 1)], [(0, -9), (0, 9)], [(0, 0), (1, 0)]) == [(0, 1)]


def test_a_cell_with_homes_on_both_banks_links_to_both():
    homes = [*RIVER["homes"], (0, 1)]
    assert linked(**{**RIVER, "homes": homes}) == [(0, 1), (0, 2), (0, 3), (2, 3)]


def test_cells_without_homes_are_linked_to_none():
    assert linked(**{**RIVER, "homes": RIVER["homes"][:1]}) == []


def test_what_lies_around_a_home_without_a_street_is_not_known():
    homes = [(0, 0), (1, 0), (2, -1), (3, 1)]
    assert linked(**{**RIVER, "homes": homes}) == [(0, 1), (0, 2), (1, 2), (2, 3)]
    assert linked(**{**RIVER, "homes": [(0, -1), (1, -1)]}) == [(0, 1)]


@st.composite
def streets(draw):
    """Nodes in a plane of 5 × 5 cells, edges between some, and homes in some of the cells."""
    n = draw(st.integers(2, 9))
    place = st.tuples(st.integers(0, 4), st.integers(0, 4))
    nodes = draw(st.lists(place, min_size=n, max_size=n))
    number = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(number, number), min_size=1, max_size=12))
    cells = sorted(draw(st.sets(place, min_size=1, max_size=8)))
    homes = draw(
        st.lists(
            st.tuples(st.integers(0, len(cells) - 1), st.integers(-1, len(edges) - 1)),
            min_size=1,
            max_size=10,
        )
    )
    return nodes, edges, cells, homes


def walked(nodes, edges, cells, homes):
    """Pairs of touching cells with homes that some of their homes connect, by walking."""
    inhabited = {cells[k] for k, _ in homes}

    def near(node):
        return any(max(abs(node[i] - at[i]) for i in (0, 1)) <= 1 for at in inhabited)

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    used = {edge for _, edge in homes if edge >= 0}
    for k, (u, v) in enumerate(edges):
        if k in used or (near(nodes[u]) and near(nodes[v])):
            graph.add_edge(u, v)
    found = []
    for a in range(len(cells)):
        for b in range(a + 1, len(cells)):
            if max(abs(cells[a][i] - cells[b][i]) for i in (0, 1)) > 1:
                continue
            sides = [[edge for cell, edge in homes if cell == k] for k in (a, b)]
            if any(
                -1 in {x, y} or nx.has_path(graph, edges[x][0], edges[y][0])
                for x in sides[0]
                for y in sides[1]
            ):
                found.append((a, b))
    return found


@given(streets())
def test_links_are_those_of_walking_from_home_to_home(drawn):
    nodes, edges, cells, homes = drawn
    row, column = np.array(cells).T
    assert linked(edges, nodes, homes, row=row, column=column) == walked(*drawn)
