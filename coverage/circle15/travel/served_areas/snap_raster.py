"""A raster over the study area whose cells are joined to the network by the rule for homes."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types of the compiled functions; their docstrings give shapes and units.

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.network.compiled import compiled, compiled_leaf
from circle15.network.snapping import Snaps, snap_to_network
from circle15.travel.served_areas.raster_frame import RasterFrame

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork


BEYOND_CELLS: Final = 1.5
"""Legs of cells may be this many cells longer than those of homes, to locate the border."""
FREE: Final = -2
HIDDEN: Final = -3
SHOWN: Final = 0.5
_MARGIN: Final = 5
"""Cells around the raster in which barriers are considered."""
_NO_WAY: Final = 1e-300
HALFWAY: Final = ((0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
"""Offsets from a cell centre to the points of `between`, in cells to the east and north."""


@dataclass(frozen=True)
class SnapRaster:
    """
    A raster of cells over an area, each joined to the network at its centre.

    Cells are numbered row by row from the south-west.

    Attributes
    ----------
    frame
        Where the cells lie.
    max_snap_m
        Longest leg of a home, metres, inclusive.
    snaps
        Where each cell centre joins the network; legs may be 1.5 cells longer than those of homes.
    between : int32, shape (3, rows · columns)
        Edges of the points halfway to the neighbours in the east, north and north-east: near
        barriers the edge that a home would join, elsewhere the nearest of those that the cells
        around have joined; -1 where there is none. `HIDDEN - edge` for an edge that no cell nearby
        has joined, which is then drawn as wide as half a cell.
    narrow : bool, shape (rows · columns,)
        Whether such a hidden edge lies in the square between a cell and its neighbours in the east
        and north.
    """

    frame: RasterFrame
    max_snap_m: float
    snaps: Snaps
    between: npt.NDArray[np.int32]
    narrow: npt.NDArray[np.bool_]

    @classmethod
    def on(cls, frame: RasterFrame, network: WalkNetwork, *, max_snap_m: float) -> SnapRaster:
        """
        Join the cells of a frame to the network.

        Parameters
        ----------
        frame
            The cells, in the CRS of the network.
        network
            The walking network.
        max_snap_m
            Longest leg of a home, metres, inclusive.
        """
        west, south, cell_m = frame.west_m, frame.south_m, frame.cell_m
        rows, columns = frame.rows, frame.columns
        x, y = np.tile(frame.x_m, rows), np.repeat(frame.y_m, columns)
        reach = max_snap_m + BEYOND_CELLS * cell_m
        snaps = _as_homes(x, y, network, max_snap_m, reach)
        near = _cells_near(network.barriers, (west, south), cell_m, (rows, columns))
        between = np.full((len(HALFWAY), rows * columns), FREE, np.int32)
        for k, (east_step, north_step) in enumerate(HALFWAY):
            half_x, half_y = x[near] + east_step * cell_m, y[near] + north_step * cell_m
            between[k, near] = _as_homes(half_x, half_y, network, max_snap_m, reach).edge
        streets = network.x_m, network.y_m, network.u, network.v
        grid = west, south, cell_m, rows, columns, snaps.edge
        join_between(streets, grid, between)
        narrow = np.zeros(rows * columns, np.bool_)
        wanted = np.flatnonzero(network.snappable & _meets(frame, network))
        edge, hidden_x, hidden_y = hidden_points(wanted, streets, grid)
        own = snap_to_network(hidden_x, hidden_y, network, max_snap_m=max_snap_m).edge == edge
        show(edge[own], hidden_x[own], hidden_y[own], grid, between, narrow)
        return cls(frame, max_snap_m, snaps, between, narrow)

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def edges(self) -> Ints:
        """The edges that a cell or a point between cells has joined, ascending, int64."""
        between = np.unique(self.between)
        hidden = np.sort(HIDDEN - between[between <= HIDDEN])
        found = np.concatenate([self.snaps.edge, between[between >= 0], hidden])
        return np.unique(found[found >= 0]).astype(np.int64)

    @property
    def habitable(self) -> npt.NDArray[np.bool_]:
        """Mask of the cells at whose centre a home would join the network."""
        limit = math.floor(self.max_snap_m * 1000 + 0.5)
        return self.snaps.joined & (self.snaps.access_mm <= limit)


def _meets(frame: RasterFrame, network: WalkNetwork) -> npt.NDArray[np.bool_]:
    """Return a mask of the edges whose bounding box meets that of the cell centres."""
    meets = np.ones(len(network.u), np.bool_)
    for at, cells in ((network.x_m, frame.x_m), (network.y_m, frame.y_m)):
        one, other = at[network.u], at[network.v]
        meets &= (np.maximum(one, other) >= cells[0]) & (np.minimum(one, other) <= cells[-1])
    return meets


def _as_homes(
    x: Floats, y: Floats, network: WalkNetwork, max_snap_m: float, reach_m: float
) -> Snaps:
    """Join points as homes join, or with legs up to `reach_m` where homes would not join."""
    snaps = snap_to_network(x, y, network, max_snap_m=max_snap_m)
    lost = np.flatnonzero(~snaps.joined)
    if len(lost):
        farther = snap_to_network(x[lost], y[lost], network, max_snap_m=reach_m)
        snaps.edge[lost], snaps.fraction[lost] = farther.edge, farther.fraction
        snaps.access_mm[lost], snaps.code[lost] = farther.access_mm, farther.code
    return snaps


def _cells_near(
    barriers: npt.NDArray[np.object_],
    corner: tuple[float, float],
    cell_m: float,
    shape: tuple[int, int],
) -> Ints:
    """Return the cells within about two cells of a barrier."""
    rows, columns = shape
    lines = barriers[shapely.length(barriers) > 0]
    start, end = _pieces(lines, np.array(corner), cell_m, np.array([columns, rows]))
    low = np.floor((np.minimum(start, end) - np.array(corner)) / cell_m).astype(np.int64)
    # A piece no longer than a cell touches at most 2 × 2 squares between four cell centres. A point
    # is judged by the edges of the cells around the square it lies in: one square more on each
    # side, and the points of a square are stored with the cells at its corners.
    steps = np.stack(np.meshgrid(np.arange(-1, 4), np.arange(-1, 4)), axis=-1).reshape(-1, 2)
    column, row = (low[:, None, :] + steps).reshape(-1, 2).T
    inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.unique(row[inside] * columns + column[inside])


def _pieces(
    lines: npt.NDArray[np.object_], corner: Floats, cell_m: float, size: Ints
) -> tuple[Floats, Floats]:
    """
    Cut lines into pieces no longer than a cell, without parts far beyond the raster.

    Parameters
    ----------
    lines
        Lines in the study CRS.
    corner, cell_m, size
        South-west corner of the raster and side of a cell, metres; number of columns and rows.

    Returns
    -------
    Start and end of each piece, float64, shape (pieces, 2).
    """
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    same = owner[1:] == owner[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    way = end - start
    # Where along a segment it enters the raster with a margin around it, and where it leaves.
    rims = np.stack([corner - _MARGIN * cell_m, corner + (size + _MARGIN) * cell_m])
    with np.errstate(over="ignore"):
        along = (rims[:, None, :] - start) / np.where(way == 0, _NO_WAY, way)
    enters = np.clip(along.min(axis=0).max(axis=1), 0.0, 1.0)
    leaves = np.clip(along.max(axis=0).min(axis=1), 0.0, 1.0)
    near = enters < leaves
    start, end, way = start[near], end[near], way[near]
    length = np.hypot(*way.T)
    number = np.maximum(np.ceil(length / cell_m), 1.0)
    first, last = np.floor(enters[near] * number), np.ceil(leaves[near] * number)
    count = (last - first).astype(np.int64)
    mine = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(mine)) - np.repeat(np.cumsum(count) - count, count) + first[mine]
    share = (length / number / np.where(length == 0, 1.0, length))[mine]
    begins = start[mine] + (place * share)[:, None] * way[mine]
    ends = start[mine] + ((place + 1) * share)[:, None] * way[mine]
    at_end = place + 1 == number[mine]
    ends[at_end] = end[mine[at_end]]
    return begins, ends


@compiled
def join_between(streets, grid, between):
    """
    Set the edge of the points between cells to the nearest that the cells around have joined.

    Parameters
    ----------
    streets
        x, y of the nodes; u, v of the edges.
    grid
        west, south, cell, rows, columns, edge of each cell.
    between
        See `SnapRaster`; filled in place where it is `FREE`.
    """
    west, south, cell, rows, columns, edges = grid
    around = np.empty(16, np.int64)
    for row in range(rows):
        for column in range(columns):
            place = row * columns + column
            if between[0, place] != FREE:
                continue
            count = 0
            for r in range(max(row - 1, 0), min(row + 3, rows)):
                for c in range(max(column - 1, 0), min(column + 3, columns)):
                    edge = edges[r * columns + c]
                    if edge >= 0:
                        k = 0
                        while k < count and around[k] != edge:
                            k += 1
                        around[k] = edge
                        count = max(count, k + 1)
            for kind in range(3):
                x = west + cell * (column + (0.0 if kind == 1 else 0.5))
                y = south + cell * (row + (0.0 if kind == 0 else 0.5))
                best, best_m = np.int64(-1), np.inf
                for edge in around[:count]:
                    leg_m = place_on(x, y, edge, streets)[1]
                    if leg_m < best_m:
                        best, best_m = edge, leg_m
                between[kind, place] = best


@compiled
def hidden_points(wanted, streets, grid):
    """
    Find points of edges that no cell nearby has joined.

    A point is shown if a cell near it has joined its edge, or one that meets it, close by.
    Platforms and lanes between others may be the nearest edge of no cell at all.

    Parameters
    ----------
    wanted
        Edges that take snaps.
    streets, grid
        As for `join_between`.

    Returns
    -------
    Edge, x and y of points every half cell.
    """
    node_x, node_y, u, v = streets
    west, south, cell, rows, columns = grid[:5]
    found = [(np.int64(0), 0.0, 0.0) for _ in range(0)]
    for edge in wanted:
        dx, dy = node_x[v[edge]] - node_x[u[edge]], node_y[v[edge]] - node_y[u[edge]]
        count = 2 * int(np.hypot(dx, dy) / cell) + 2
        for k in range(count):
            s = (k + 0.5) / count
            x, y = node_x[u[edge]] + s * dx, node_y[u[edge]] + s * dy
            j, i = (x - west) / cell, (y - south) / cell
            inside = 0 <= i < rows - 1 and 0 <= j < columns - 1
            if inside and not shows(edge, x, y, int(i), int(j), streets, grid):
                found.append((edge, x, y))
    edges = np.array([one[0] for one in found], dtype=np.int64)
    x = np.array([one[1] for one in found], dtype=np.float64)
    y = np.array([one[2] for one in found], dtype=np.float64)
    return edges, x, y


@compiled
def show(edge, x, y, grid, between, narrow):
    """Assign hidden points of edges to the nearest points between cells; see `SnapRaster`."""
    west, south, cell, _, columns = grid[:5]
    for k in range(len(edge)):
        a, b = halfway_point((y[k] - south) / cell, (x[k] - west) / cell)
        kind = a % 2 + (a % 2) * (b % 2)
        between[kind, (a // 2) * columns + b // 2] = HIDDEN - edge[k]
        # The point lies on the common side of two squares, or in the centre of one.
        for row in range(max((a - 1) // 2, 0), a // 2 + 1):
            for column in range(max((b - 1) // 2, 0), b // 2 + 1):
                narrow[row * columns + column] = True


@compiled_leaf
def shows(edge, x, y, row, column, streets, grid):
    """Return whether a cell near a point of an edge has joined that edge, or one it meets."""
    u, v = streets[2:]
    west, south, cell, rows, columns, edges = grid
    for r in range(max(row - 1, 0), min(row + 3, rows)):
        for c in range(max(column - 1, 0), min(column + 3, columns)):
            other = edges[r * columns + c]
            if other < 0:
                continue
            if other != edge and not (
                u[other] == u[edge]
                or u[other] == v[edge]
                or v[other] == u[edge]
                or v[other] == v[edge]
            ):
                continue
            cell_x, cell_y = west + c * cell, south + r * cell
            fraction, _ = place_on(cell_x, cell_y, other, streets)
            x0, y0 = streets[0][u[other]], streets[1][u[other]]
            x1, y1 = streets[0][v[other]], streets[1][v[other]]
            foot_x, foot_y = x0 + fraction * (x1 - x0), y0 + fraction * (y1 - y0)
            if np.hypot(foot_x - x, foot_y - y) <= SHOWN * cell and (
                np.hypot(cell_x - x, cell_y - y) <= cell
            ):
                return True
    return False


@compiled_leaf
def halfway_point(i, j):
    """Return row and column of the nearest point of the doubled grid that is not a cell centre."""
    a, b = int(np.floor(2 * i + 0.5)), int(np.floor(2 * j + 0.5))
    if a % 2 == 0 and b % 2 == 0:
        if abs(2 * i - a) > abs(2 * j - b):
            a += 1 if 2 * i > a else -1
        else:
            b += 1 if 2 * j > b else -1
    return max(a, 0), max(b, 0)


@compiled_leaf
def place_on(x, y, edge, streets):
    """Return the fraction of the point of an edge nearest to a point, and the distance, metres."""
    node_x, node_y, u, v = streets[:4]
    if edge < 0:
        return 0.0, np.inf
    x0, y0 = node_x[u[edge]], node_y[u[edge]]
    dx, dy = node_x[v[edge]] - x0, node_y[v[edge]] - y0
    square = dx * dx + dy * dy
    fraction = 0.0
    if square > 0:
        fraction = min(max(((x - x0) * dx + (y - y0) * dy) / square, 0.0), 1.0)
    away_x, away_y = x - x0 - fraction * dx, y - y0 - fraction * dy
    return fraction, np.sqrt(away_x * away_x + away_y * away_y)
