"""
Draw the areas from which a destination is reached, by the rule and times by which people count.

The centre of every cell of a `SnapRaster` is judged exactly like a home. Between a cell inside and
a neighbour outside, the border is found by bisection on the line between them: at each point the
nearer of their two edges is taken, and the time by it. Outlines therefore end where a home would
cease to be served, not halfway between two cells.
"""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types of the compiled functions; their docstrings give shapes and units.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from contourpy import FillType, contour_generator

from circle15.network.compiled import compiled, compiled_leaf
from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.graph import Positions, positions_at
from circle15.travel.engine.round_trips import RoundTripSearch, nearest_round_trip
from circle15.travel.engine.search import SharedOrigins, nearest
from circle15.travel.served_areas.node_positions import node_positions
from circle15.travel.served_areas.snap_raster import HIDDEN, place_on
from circle15.travel.served_areas.specks import without_specks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.engine.graph import TravelGraph
    from circle15.travel.served_areas.snap_raster import SnapRaster

    Whole = npt.NDArray[np.integer[Any]]

FAR: Final = 1 << 40
"""Time of a closed direction (`graph.CLOSED`) and of points not reached, milliseconds."""
HALVINGS: Final = 5  # bisection steps between two points half a cell apart
HALFWAY_POINTS: Final = ((0, 1), (1, 0), (1, 1), (1, 2), (2, 1))
"""Row and column, in half cells, of the points of a square that are not cell centres."""
MARGIN: Final = 0.01  # share of that distance kept from the points, so that rings never touch


@dataclass(frozen=True)
class RasterTimes:
    """
    Times to the nearest of some destinations.

    Attributes
    ----------
    cell_ms, node_ms : int64
        From each cell of the raster, and from each node of the edges that its cells have joined,
        milliseconds; `FAR` beyond the horizon and at other nodes.
    destinations
        The destinations.
    """

    cell_ms: Ints
    node_ms: Ints
    destinations: Positions


class Isochrones:
    """
    Draws served areas over one raster at one walking speed.

    Areas are valid multipolygons with holes, in the study CRS, empty where nothing is in reach.
    Outlines smaller than a cell are left out, or drawn as one whole cell where no other outline is
    within a cell of them. The areas are only for drawing: people are counted at their demand
    points.

    Parameters
    ----------
    raster
        Cells, joined to the network.
    network
        The walking network.
    graph
        The network at the walking speed.
    access_speed_m_s
        Walking speed on the straight legs.
    round_trip
        Whether times and cutoffs are those of the way out and back together. Cell centres are
        still judged exactly; between them both ways are assumed to leave an edge by the same end.
    nodes
        `node_positions(network)`, where they are known.
    """

    def __init__(
        self,
        raster: SnapRaster,
        network: WalkNetwork,
        graph: TravelGraph,
        *,
        access_speed_m_s: Fraction,
        round_trip: bool = False,
        nodes: Positions | None = None,
    ) -> None:
        self.raster = raster
        self.graph = graph
        self.round_trip = round_trip
        self._legs = 2 if round_trip else 1
        cells = positions_at(raster.snaps, access_speed_m_s)
        edges = raster.edges
        self._nodes = np.unique(np.r_[network.u[edges], network.v[edges]])
        self._n_nodes = len(network.x_m)
        nodes = (node_positions(network) if nodes is None else nodes).take(self._nodes)
        self._points = Positions(
            np.r_[np.where(raster.habitable, cells.edge, -1), nodes.edge],
            np.r_[cells.fraction, nodes.fraction],
            np.r_[cells.access_ms, nodes.access_ms],
        )
        self._shared = SharedOrigins(self._points)
        both = graph.ms_fwd + graph.ms_bwd
        self._rule = (
            network.x_m,
            network.y_m,
            network.u,
            network.v,
            both if round_trip else graph.ms_fwd,
            both if round_trip else graph.ms_bwd,
            float(self._legs * 1000 / access_speed_m_s),
            float(raster.max_snap_m),
        )
        self._grid = (
            raster.frame.west_m,
            raster.frame.south_m,
            raster.frame.cell_m,
            raster.frame.rows,
            raster.frame.columns,
            raster.snaps.edge,
            raster.between,
            raster.narrow,
        )

    def each(
        self, destinations: Positions, cutoffs_ms: Sequence[int], *, threads: int | None = None
    ) -> Iterator[tuple[int, list[BaseGeometry]]]:
        """
        Draw the area of each destination; neighbouring destinations follow each other.

        Parameters
        ----------
        destinations
            Points on the network.
        cutoffs_ms
            Milliseconds, each inclusive.
        threads
            Number of threads for the searches; by default one per processor.

        Yields
        ------
        Row of the destination and its area for each cutoff. Destinations that have not joined the
        network are left out.
        """
        n_cells = len(self.raster)
        node_ms = np.full((1, self._n_nodes), FAR, np.int64)
        for part in self._search(destinations, max(cutoffs_ms)).stream(threads=threads):
            for k, row in enumerate(part.destinations):
                found = slice(part.offsets[k], part.offsets[k + 1])
                points, ms = part.points[found], part.ms[found]
                is_cell = points < n_cells
                nodes = self._nodes[points[~is_cell] - n_cells]
                node_ms[0, nodes] = ms[~is_cell]
                times = (node_ms, self._goals([destinations.take(np.array([row]))]))
                yield int(row), self._draw(points[is_cell], ms[is_cell], times, cutoffs_ms)
                node_ms[0, nodes] = FAR

    def times(self, destinations: Positions, *, horizon_ms: int) -> RasterTimes:
        """Return the times from every cell and node to the nearest destination."""
        if self.round_trip:
            found = nearest_round_trip(
                self.graph, self._points, destinations, total_ms=horizon_ms
            ).time_ms
        else:
            found = nearest(self.graph, self._shared, destinations, horizon_ms=horizon_ms).time_ms
        ms = np.where(found < 0, FAR, found)
        n_cells = len(self.raster)
        node_ms = np.full(self._n_nodes, FAR, np.int64)
        node_ms[self._nodes] = ms[n_cells:]
        return RasterTimes(ms[:n_cells], node_ms, destinations)

    def forget(self) -> None:
        """Free what several calls of `times` share."""
        self._shared.forget()

    def dissolved(
        self, layers: Sequence[RasterTimes], cutoffs_ms: Sequence[int]
    ) -> list[BaseGeometry]:
        """
        Draw one area per cutoff, from which a destination of every layer is in reach.

        Parameters
        ----------
        layers
            One layer for the area of a category; several for the area that reaches all of them.
        cutoffs_ms
            Milliseconds, each inclusive.
        """
        cell_ms = np.max([layer.cell_ms for layer in layers], axis=0)
        cells = np.flatnonzero(cell_ms <= max(cutoffs_ms))
        goals = self._goals([layer.destinations for layer in layers])
        times = (np.stack([layer.node_ms for layer in layers]), goals)
        return self._draw(cells, cell_ms[cells], times, cutoffs_ms)

    def _search(self, destinations: Positions, limit_ms: int) -> CatchmentSearch | RoundTripSearch:
        if self.round_trip:
            return RoundTripSearch(self.graph, self._points, destinations, total_ms=limit_ms)
        return CatchmentSearch(self.graph, self._points, destinations, cutoff_ms=limit_ms)

    def _goals(self, layers: Sequence[Positions]) -> tuple[Any, ...]:
        """Return destinations in the form of the compiled functions: by layer, then edge."""
        joined = [layer.take(np.argsort(layer.edge, kind="stable")) for layer in layers]
        joined = [layer.take(layer.edge >= 0) for layer in joined]
        return (
            np.cumsum([0, *map(len, joined)]),
            np.concatenate([layer.edge for layer in joined]),
            np.concatenate([layer.fraction for layer in joined]),
            np.concatenate([self._legs * layer.access_ms for layer in joined]),
        )

    def _draw(
        self, cells: Whole, ms: Whole, times: tuple[Any, ...], cutoffs_ms: Sequence[int]
    ) -> list[BaseGeometry]:
        row, column = np.divmod(cells, self.raster.frame.columns)
        return [
            self._area(row[ms <= cutoff], column[ms <= cutoff], times, cutoff)
            for cutoff in cutoffs_ms
        ]

    def _area(
        self, row: Whole, column: Whole, times: tuple[Any, ...], cutoff_ms: int
    ) -> BaseGeometry:
        """Outline the cells within a cutoff, in a window around them."""
        if not len(row):
            return shapely.MultiPolygon()
        low = int(row.min()) - 2, int(column.min()) - 2
        coarse = np.zeros((int(row.max()) - low[0] + 3, int(column.max()) - low[1] + 3), np.bool_)
        coarse[row - low[0], column - low[1]] = True
        side = refined(coarse, low, self._grid, self._rule, times, cutoff_ms)
        lines = contour_generator(z=side, fill_type=FillType.ChunkCombinedOffsetOffset)
        outlines: Any = lines.filled(0.0, 2.0)
        xy, rings, polygons = (part[0] for part in outlines)
        move_to_border(xy, side, low, self._grid, self._rule, times, cutoff_ms)
        offsets = rings.astype(np.int64), polygons.astype(np.int64)
        drawn = shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, offsets)
        return without_specks(drawn, self.raster.frame.cell_m)


@compiled
def refined(coarse, low, grid, rule, times, cutoff_ms):
    """
    Judge the points halfway between cells wherever the border passes.

    Parameters
    ----------
    coarse : bool, shape (rows, columns)
        Cells of a window that are inside; cells along its sides must be outside.
    low
        Row and column of the window's first cell in the grid.
    grid
        west, south, cell, rows, columns, edge of each cell, `between`, `narrow`.
    rule
        x, y of the nodes, u, v, ms_fwd, ms_bwd of the edges, milliseconds per metre of a leg,
        longest leg in metres.
    times
        Times by layer and node; destinations: pointer by layer, edge (ascending in each layer),
        fraction, access.

    Returns
    -------
    1 inside and -1 outside, shape (2 · rows - 1, 2 · columns - 1).
    """
    rows, columns = coarse.shape
    side = np.zeros((2 * rows - 1, 2 * columns - 1))
    for row in range(rows):
        for column in range(columns):
            side[2 * row, 2 * column] = 1.0 if coarse[row, column] else -1.0
    for row in range(rows - 1):
        for column in range(columns - 1):
            i, j = 2 * row, 2 * column
            same = is_uniform(side, i, j)
            if same and not is_narrow(row + low[0], column + low[1], grid):
                continue
            for a, b in HALFWAY_POINTS:
                edge = edge_at(i + a, j + b, low, grid)
                if side[i + a, j + b] == 0 and (not same or edge <= HIDDEN):
                    is_in = is_home(i + a, j + b, edge, low, grid, rule, times, cutoff_ms)
                    side[i + a, j + b] = 1.0 if is_in else -1.0
    for i in range(0, 2 * rows - 2, 2):
        for j in range(0, 2 * columns - 2, 2):
            for a, b in HALFWAY_POINTS:
                if side[i + a, j + b] == 0:
                    side[i + a, j + b] = side[i, j]
    return side


@compiled_leaf
def is_uniform(side, i, j):
    """Return whether the four cells at the corners of a square are on the same side."""
    one = side[i, j]
    return one == side[i, j + 2] and one == side[i + 2, j] and one == side[i + 2, j + 2]


@compiled_leaf
def is_home(i, j, edge, low, grid, rule, times, cutoff_ms):
    """Return whether a home at a point of a refined window, joined to an edge, is served."""
    if edge <= HIDDEN:
        edge = HIDDEN - edge
    x, y = place_of(i, j, low, grid)
    fraction, leg_m = place_on(x, y, edge, rule)
    return is_within(edge, fraction, leg_m, rule, times, cutoff_ms)


@compiled_leaf
def place_of(i, j, low, grid):
    """Return the position in the study CRS of a point of a refined window."""
    west, south, cell = grid[:3]
    return west + cell * (low[1] + j / 2), south + cell * (low[0] + i / 2)


@compiled_leaf
def is_narrow(row, column, grid):
    """Return whether an edge that no cell has joined nearby lies in a square."""
    rows, columns = grid[3:5]
    inside = 0 <= row < rows and 0 <= column < columns
    return inside and grid[7][row * columns + column]


@compiled_leaf
def edge_at(i, j, low, grid):
    """Return the edge of a point of a refined window; -1 outside the grid."""
    rows, columns = grid[3:5]
    row, column = low[0] + i // 2, low[1] + j // 2
    if not (0 <= row < rows and 0 <= column < columns):
        return np.int64(-1)
    if i % 2 == 0 and j % 2 == 0:
        return grid[5][row * columns + column]
    return np.int64(grid[6][i % 2 + (i % 2) * (j % 2), row * columns + column])


@compiled_leaf
def move_to_border(xy, side, low, grid, rule, times, cutoff_ms):
    """
    Move the vertices of outlines from midway between two points to the border of the served area.

    Parameters
    ----------
    xy : float64, shape (n, 2)
        Column and row in the refined window, one of them halfway between two points; receives
        positions in the study CRS.
    side
        Result of `refined`, which describes the other parameters.
    """
    for k in range(len(xy)):
        j, i = int(np.floor(xy[k, 0])), int(np.floor(xy[k, 1]))
        east, north = (1, 0) if xy[k, 0] > j else (0, 1)
        one, other = edge_at(i, j, low, grid), edge_at(i + north, j + east, low, grid)
        near, far = (0.0, 1.0) if side[i, j] > 0 else (1.0, 0.0)
        # An edge that no cell has joined nearby is drawn as wide as half a cell.
        halvings = 0 if min(one, other) <= HIDDEN else HALVINGS
        for _ in range(halvings):
            s = (near + far) / 2
            x, y = place_of(i + s * north, j + s * east, low, grid)
            edge = one
            fraction, leg_m = place_on(x, y, one, rule)
            if other != one:
                other_fraction, other_m = place_on(x, y, other, rule)
                if other_m < leg_m:
                    edge, fraction, leg_m = other, other_fraction, other_m
            if is_within(edge, fraction, leg_m, rule, times, cutoff_ms):
                near = s
            else:
                far = s
        s = min(max((near + far) / 2, MARGIN), 1 - MARGIN)
        xy[k] = place_of(i + s * north, j + s * east, low, grid)


@compiled_leaf
def is_within(edge, fraction, leg_m, rule, times, cutoff_ms):
    """Return whether a home at the end of a leg is within the cutoff in every layer."""
    access_ms_per_m, max_snap_m = rule[6:]
    node_ms, goals = times
    if edge < 0 or leg_m > max_snap_m:
        return False
    longest = cutoff_ms - access_ms_per_m * leg_m
    for layer in range(len(node_ms)):
        if ms_on_edge(edge, fraction, rule, node_ms[layer], goals, layer) > longest:
            return False
    return True


@compiled_leaf
def ms_on_edge(edge, fraction, rule, node_ms, goals, layer):
    """Return the time from a point of an edge to the nearest destination of a layer."""
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


@compiled_leaf
def part_ms(share, edge_ms):
    """Return the time of a part of an edge; `FAR` for a part of a closed one."""
    if share > 0 and edge_ms >= FAR:
        return float(FAR)
    return share * edge_ms
