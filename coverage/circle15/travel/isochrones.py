"""
Areas from which a destination is reached, drawn by the same rule and times as people are counted.

The middle of every cell of a `SnapRaster` is judged exactly like a home. Between a cell inside and
a neighbour outside the border is found by walking the rule along the line between them: which of
their two edges is the nearer one there, and what the time by it is. Outlines therefore end where
a home would cease to be served, not halfway between two cells.
"""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types of the compiled functions; their docstrings name shapes and units.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from contourpy import FillType, contour_generator

from circle15.travel.catchments import CatchmentSearch
from circle15.travel.compiled import compiled
from circle15.travel.graph import Positions
from circle15.travel.reach import node_positions
from circle15.travel.search import nearest
from circle15.travel.snap_raster import FREE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.graph import TravelGraph
    from circle15.travel.snap_raster import SnapRaster

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

FAR: Final = 1 << 40
"""Milliseconds of a closed direction (`graph.CLOSED`) and of what is not reached."""
HALVINGS: Final = 5  # a border is placed to 1/64 of a cell
MARGIN: Final = 0.01  # of a cell: outlines stay off the middles, so that rings never touch


@dataclass(frozen=True)
class Drawn:
    """
    Times of one set of destinations where they are drawn.

    Attributes
    ----------
    cell_ms, node_ms : int64
        Time at each cell and node; `FAR` where none is reached.
    destinations
        Those that have joined the network, by edge.
    """

    cell_ms: Ints
    node_ms: Ints
    destinations: Positions


class Isochrones:
    """
    Draws areas over one raster at one walking speed.

    Parameters
    ----------
    access_ms_per_m
        Time of a metre of an access leg.
    positions
        The raster's cells as points on the network at this speed.
    """

    def __init__(
        self,
        raster: SnapRaster,
        network: WalkNetwork,
        graph: TravelGraph,
        positions: Positions,
        *,
        access_ms_per_m: float,
    ) -> None:
        self.raster = raster
        self.graph = graph
        nodes = node_positions(network)
        self.points = Positions(
            np.r_[np.where(raster.habitable, positions.edge, -1), nodes.edge],
            np.r_[positions.fraction, nodes.fraction],
            np.r_[positions.access_ms, nodes.access_ms],
        )
        self._rule = (
            network.x_m, network.y_m, network.u, network.v, graph.ms_fwd, graph.ms_bwd,
            access_ms_per_m, raster.max_snap_m,
        )  # fmt: skip
        self._grid = (
            raster.west_m, raster.south_m, raster.cell_m, raster.rows, raster.columns,
            raster.snaps.edge, raster.between,
        )  # fmt: skip

    def each(
        self, destinations: Positions, cutoffs_ms: Sequence[int], *, threads: int | None = None
    ) -> Iterator[tuple[int, list[BaseGeometry]]]:
        """
        Draw the area of each destination.

        Yields
        ------
        Row of the destination and its area for every cutoff, a valid multipolygon with its holes
        in the study CRS; specks smaller than a cell are left out. Destinations that have not
        joined the network are left out.
        """
        n_cells = len(self.raster)
        node_ms = np.full((1, len(self.points) - n_cells), FAR, np.int64)
        search = CatchmentSearch(
            self.graph, self.points, destinations, cutoff_ms=max(cutoffs_ms)
        )
        for part in search.stream(threads=threads):
            for k, row in enumerate(part.destinations):
                found = slice(part.offsets[k], part.offsets[k + 1])
                points, ms = part.points[found], part.ms[found]
                is_cell = points < n_cells
                cells, nodes = points[is_cell], points[~is_cell] - n_cells
                node_ms[0, nodes] = ms[~is_cell]
                own = destinations.take(np.array([row]))
                yield int(row), self._draw(cells, ms[is_cell], node_ms, _goals([own]), cutoffs_ms)
                node_ms[0, nodes] = FAR

    def times(self, destinations: Positions, *, horizon_ms: int) -> Drawn:
        """Find the time from every cell and node to the nearest destination."""
        found = nearest(self.graph, self.points, destinations, horizon_ms=horizon_ms).time_ms
        ms = np.where(found < 0, FAR, found)
        n_cells = len(self.raster)
        return Drawn(ms[:n_cells], ms[n_cells:], destinations)

    def dissolved(self, layers: Sequence[Drawn], cutoffs_ms: Sequence[int]) -> list[BaseGeometry]:
        """Draw for each cutoff one area: where the nearest of every layer is in reach."""
        cell_ms = np.max([layer.cell_ms for layer in layers], axis=0)
        cells = np.flatnonzero(cell_ms <= max(cutoffs_ms))
        node_ms = np.stack([layer.node_ms for layer in layers])
        goals = _goals([layer.destinations for layer in layers])
        return self._draw(cells, cell_ms[cells], node_ms, goals, cutoffs_ms)

    def _draw(
        self, cells: Ints, ms: Ints, node_ms: Ints, goals: tuple[Any, ...], cutoffs_ms: Sequence[int]
    ) -> list[BaseGeometry]:
        row, column = np.divmod(cells, self.raster.columns)
        times = (node_ms, goals)
        return [self._area(row, column, ms, times, cutoff) for cutoff in cutoffs_ms]

    def _area(
        self, row: Ints, column: Ints, ms: Ints, times: tuple[Any, ...], cutoff_ms: int
    ) -> BaseGeometry:
        """Outline what is within one cutoff in a window around its cells."""
        within = ms <= cutoff_ms
        if not within.any():
            return shapely.MultiPolygon()
        row, column = row[within], column[within]
        low = row.min() - 2, column.min() - 2
        coarse = np.zeros((row.max() - low[0] + 3, column.max() - low[1] + 3), np.bool_)
        coarse[row - low[0], column - low[1]] = True
        side, edge = refined(coarse, low, self._grid, self._rule, times, cutoff_ms)
        outlines: Any = contour_generator(
            z=side, fill_type=FillType.ChunkCombinedOffsetOffset
        ).filled(0.0, 2.0)
        xy, rings, outer = (part[0] for part in outlines)
        move_to_border(xy, side, edge, low, self._grid, self._rule, times, cutoff_ms)
        polygons = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, xy, (rings.astype(np.int64), outer.astype(np.int64))
        )
        kept = polygons[shapely.area(polygons) >= self.raster.cell_m**2]
        return shapely.multipolygons(kept)


def _goals(layers: Sequence[Positions]) -> tuple[Any, ...]:
    """Destinations as the compiled functions take them: by layer, then edge."""
    edge, fraction, access, pointer = [], [], [], [0]
    for layer in layers:
        joined = np.flatnonzero(layer.edge >= 0)
        order = joined[np.argsort(layer.edge[joined], kind="stable")]
        edge.append(layer.edge[order])
        fraction.append(layer.fraction[order])
        access.append(layer.access_ms[order])
        pointer.append(pointer[-1] + len(order))
    return (
        np.array(pointer), np.concatenate(edge), np.concatenate(fraction), np.concatenate(access),
    )  # fmt: skip


@compiled
def refined(coarse, low, grid, rule, times, cutoff_ms):
    """
    Judge the points halfway between cells wherever the border passes.

    Parameters
    ----------
    coarse : bool, shape (rows, columns)
        Which cells of a window are inside; those of its rim are not.
    low
        Row and column of the window's first cell in the grid.
    grid
        west, south, cell, rows, columns, edge of each cell, edges between cells near barriers.
    rule
        x, y of the nodes, u, v, ms_fwd, ms_bwd of the edges, milliseconds per metre of a leg,
        longest leg.
    times
        Times by layer and node; destinations: pointer by layer, edge (rising in each layer),
        fraction, access.

    Returns
    -------
    1 inside and -1 outside, and the edge that a point was judged by (`FREE` where it was not);
    shape (2 · rows - 1, 2 · columns - 1).
    """
    rows, columns = coarse.shape
    side = np.full((2 * rows - 1, 2 * columns - 1), -1.0)
    edge = np.full(side.shape, FREE, np.int32)
    around = np.empty(16, np.int64)
    for row in range(rows - 1):
        for column in range(columns - 1):
            corners = (
                int(coarse[row, column]) + coarse[row, column + 1]
                + coarse[row + 1, column] + coarse[row + 1, column + 1]
            )  # fmt: skip
            if corners == 0:
                continue
            count = -1
            for i in range(2 * row, 2 * row + 3):
                for j in range(2 * column, 2 * column + 3):
                    if edge[i, j] != FREE:
                        continue
                    is_in = True
                    if i % 2 == 0 and j % 2 == 0:
                        is_in = coarse[i // 2, j // 2]
                    elif corners < 4:
                        if count < 0:
                            count = edges_around(row + low[0], column + low[1], grid, around)
                        edge[i, j] = edge_between(i, j, low, grid, rule, around[:count])
                        is_in = is_home(i, j, edge[i, j], low, grid, rule, times, cutoff_ms)
                    side[i, j] = 1.0 if is_in else -1.0
    return side, edge


@compiled
def is_home(i, j, edge, low, grid, rule, times, cutoff_ms):
    """Whether a home at a point of a refined window, joined to an edge, is within the cutoff."""
    x, y = place_of(i, j, low, grid)
    fraction, leg_m = place_on(x, y, edge, rule)
    return is_within(edge, fraction, leg_m, rule, times, cutoff_ms)


@compiled
def place_of(i, j, low, grid):
    """Position in the study CRS of a point of a refined window."""
    west, south, cell = grid[:3]
    return west + cell * (low[1] + j / 2), south + cell * (low[0] + i / 2)


@compiled
def edge_of(row, column, grid):
    """Edge that a cell has joined; -1 outside the grid."""
    rows, columns, edges = grid[3:6]
    if 0 <= row < rows and 0 <= column < columns:
        return edges[row * columns + column]
    return np.int64(-1)


@compiled
def edges_around(row, column, grid, found):
    """Collect the different edges of the 4 × 4 cells around a square; return their number."""
    count = 0
    for r in range(row - 1, row + 3):
        for c in range(column - 1, column + 3):
            edge = edge_of(r, c, grid)
            if edge >= 0:
                k = 0
                while k < count and found[k] != edge:
                    k += 1
                found[k] = edge
                count = max(count, k + 1)
    return count


@compiled
def edge_between(i, j, low, grid, rule, around):
    """Edge of a point of a refined window: joined exactly near barriers, else one of those around."""
    rows, columns = grid[3:5]
    row, column = low[0] + i // 2, low[1] + j // 2
    if 0 <= row < rows and 0 <= column < columns:
        exact = grid[6][i % 2 + (i % 2) * (j % 2), row * columns + column]
        if exact != FREE:
            return np.int64(exact)
    x, y = place_of(i, j, low, grid)
    return nearest_of(x, y, around, rule)[0]


@compiled
def nearest_of(x, y, edges, rule):
    """Nearest of some edges to a point, the fraction on it and the distance in metres."""
    best, best_fraction, best_m = np.int64(-1), 0.0, np.inf
    for edge in edges:
        fraction, leg_m = place_on(x, y, edge, rule)
        if leg_m < best_m:
            best, best_fraction, best_m = edge, fraction, leg_m
    return best, best_fraction, best_m


@compiled
def move_to_border(xy, side, edges, low, grid, rule, times, cutoff_ms):
    """
    Move the vertices of outlines from between two points to where the rule ends.

    Parameters
    ----------
    xy : float64, shape (n, 2)
        Column and row in the refined window, one of them halfway between two points; receives
        positions in the study CRS.
    side, edges
        What `refined` returned; for the others see there.
    """
    around = np.empty(16, np.int64)
    pair = np.empty(2, np.int64)
    for k in range(len(xy)):
        j, i = int(np.floor(xy[k, 0])), int(np.floor(xy[k, 1]))
        east, north = (1, 0) if xy[k, 0] > j else (0, 1)
        for end in range(2):
            a, b = i + end * north, j + end * east
            corner = a % 2 == 0 and b % 2 == 0
            pair[end] = edge_of(low[0] + a // 2, low[1] + b // 2, grid) if corner else edges[a, b]
            if pair[end] == FREE:
                count = edges_around(low[0] + a // 2, low[1] + b // 2, grid, around)
                pair[end] = edge_between(a, b, low, grid, rule, around[:count])
        near, far = (0.0, 1.0) if side[i, j] > 0 else (1.0, 0.0)
        for _ in range(HALVINGS):
            s = (near + far) / 2
            x, y = place_of(i + s * north, j + s * east, low, grid)
            edge, fraction, leg_m = nearest_of(x, y, pair, rule)
            if is_within(edge, fraction, leg_m, rule, times, cutoff_ms):
                near = s
            else:
                far = s
        s = min(max((near + far) / 2, MARGIN), 1 - MARGIN)
        xy[k] = place_of(i + s * north, j + s * east, low, grid)


@compiled
def is_within(edge, fraction, leg_m, rule, times, cutoff_ms):
    """Whether a home at the end of a leg is within the cutoff in every layer."""
    access_ms_per_m, max_snap_m = rule[6:]
    node_ms, goals = times
    if edge < 0 or leg_m > max_snap_m:
        return False
    longest = cutoff_ms - access_ms_per_m * leg_m
    for layer in range(len(node_ms)):
        if ms_on_edge(edge, fraction, rule, node_ms[layer], goals, layer) > longest:
            return False
    return True


@compiled
def place_on(x, y, edge, rule):
    """Fraction of the point of an edge nearest to a point, and their distance in metres."""
    node_x, node_y, u, v = rule[:4]
    if edge < 0:
        return 0.0, np.inf
    x0, y0 = node_x[u[edge]], node_y[u[edge]]
    dx, dy = node_x[v[edge]] - x0, node_y[v[edge]] - y0
    square = dx * dx + dy * dy
    fraction = 0.0
    if square > 0:
        fraction = min(max(((x - x0) * dx + (y - y0) * dy) / square, 0.0), 1.0)
    return fraction, np.hypot(x - x0 - fraction * dx, y - y0 - fraction * dy)


@compiled
def ms_on_edge(edge, fraction, rule, node_ms, goals, layer):
    """Time from a point of an edge to the nearest destination of a layer."""
    u, v, ms_fwd, ms_bwd = rule[2:6]
    pointer, goal_edge, goal_fraction, goal_access = goals
    best = min(
        node_ms[u[edge]] + part_ms(fraction, ms_bwd[edge]),
        node_ms[v[edge]] + part_ms(1.0 - fraction, ms_fwd[edge]),
    )
    first, last = pointer[layer], pointer[layer + 1]
    g = first + np.searchsorted(goal_edge[first:last], edge)
    while g < last and goal_edge[g] == edge:
        way = goal_fraction[g] - fraction
        walk = part_ms(way, ms_fwd[edge]) if way >= 0 else part_ms(-way, ms_bwd[edge])
        best = min(best, goal_access[g] + walk)
        g += 1
    return best


@compiled
def part_ms(share, edge_ms):
    """Time of a part of an edge; none of a closed one can be walked."""
    if share > 0 and edge_ms >= FAR:
        return float(FAR)
    return share * edge_ms
