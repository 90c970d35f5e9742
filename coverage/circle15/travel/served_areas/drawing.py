"""Draw served areas over an area of any size with cells of one size, window by window."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import shapely

from circle15.travel.served_areas.isochrones import Isochrones
from circle15.travel.served_areas.node_positions import node_positions
from circle15.travel.served_areas.snap_raster import SnapRaster
from circle15.travel.served_areas.windows import blocks_around, cells_around

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats
    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.engine.graph import Positions, TravelGraph
    from circle15.travel.served_areas.raster_frame import RasterFrame
    from circle15.travel.served_areas.windows import Block

WINDOW_CELLS: Final = 250_000
"""Larger rasters are drawn in windows, of which each has at most about so many cells."""
ALL_CELLS: Final = 2_000_000
"""Most cells of all windows together, and `CELLS_OF_EDGE` for each edge of the network."""
CELLS_OF_EDGE: Final = 10
_WINDOW_COST: Final = 5_000
"""What a window costs beside its cells, in cells; the network adds to it."""
_EDGES_OF_COST: Final = 40
_POINTS_OF_COST: Final = 10
_ALONE: Final = 4
"""Most cells around a single site, as a multiple of `window_cells`."""
_MARGIN_CELLS: Final = 8
"""Cells beyond a block that are drawn, so that what lies at its sides is drawn whole."""
_GRID_M: Final = 1e-3
"""Outlines of windows are joined at whole millimetres."""


@dataclass(frozen=True)
class Drawing:
    """
    Draws served areas at one walking speed; see `Isochrones`.

    A large raster is drawn in windows around the sites, so that cells are as fine and memory as
    small over a province as over a district. A window holds all cells from which its sites can be
    reached: areas are those of one whole raster, but for some 10⁻¹⁰ m.

    Attributes
    ----------
    frame
        The cells of the whole area.
    network, graph
        The walking network that may be walked, and its graph at the walking speed.
    joined
        The whole network, which points join.
    access_speed_m_s
        Walking speed on the straight legs.
    max_snap_m
        Longest leg of a home, metres, inclusive.
    round_trip
        Whether times and cutoffs are those of the way out and back together.
    window_cells
        Most cells of a window.
    """

    frame: RasterFrame
    network: WalkNetwork
    graph: TravelGraph
    joined: WalkNetwork
    access_speed_m_s: Fraction
    max_snap_m: float
    round_trip: bool = False
    window_cells: int = WINDOW_CELLS

    def fitting(self, destinations: Positions, longest_ms: int) -> Drawing:
        """
        Return a drawing whose cells are so large that there are not too many.

        Parameters
        ----------
        destinations
            All that will be drawn.
        longest_ms
            The longest cutoff, milliseconds.
        """
        frame = self.frame
        if len(frame) <= self.window_cells:
            return self
        xy_m = self._places(destinations)
        most = ALL_CELLS + CELLS_OF_EDGE * len(self.network.u)
        reach_m = self._reach_m(longest_ms)
        alone = cells_around(np.zeros((1, 2)), reach_m=reach_m, cell_m=frame.cell_m)
        blocks = self._blocks(xy_m[np.isfinite(xy_m).all(axis=1)], reach_m)
        cells = sum(
            cells_around(xy_m[one.points], reach_m=reach_m, cell_m=frame.cell_m) for one in blocks
        )
        coarser = max(cells / most, alone / (_ALONE * self.window_cells))
        if coarser <= 1.0:
            return replace(self, frame=frame.on_whole_metres())
        size = float(math.ceil(frame.cell_m * math.sqrt(coarser)))
        return replace(self, frame=frame.with_cells(size)).fitting(destinations, longest_ms)

    def each(
        self, destinations: Positions, cutoffs_ms: Sequence[int], *, threads: int | None = None
    ) -> Iterator[tuple[int, list[BaseGeometry]]]:
        """Draw the area of each destination; see `Isochrones.each`."""
        if len(self.frame) <= self.window_cells:
            yield from self._whole.each(destinations, cutoffs_ms, threads=threads)
            return
        rows = np.flatnonzero(destinations.edge >= 0)
        xy_m = self._places(destinations)[rows]
        reach_m = self._reach_m(max(cutoffs_ms))
        for block in self._blocks(xy_m, reach_m):
            own = xy_m[block.points]
            cells = self.frame.within(own.min(axis=0) - reach_m, own.max(axis=0) + reach_m)
            mine = rows[block.points]
            drawn = self._drawn_on(cells).each(destinations.take(mine), cutoffs_ms, threads=threads)
            yield from ((int(mine[row]), areas) for row, areas in drawn)

    def dissolved(
        self,
        destinations: Mapping[str, Positions],
        layers: Mapping[str, Sequence[str]],
        cutoffs_ms: Sequence[int],
    ) -> dict[str, list[BaseGeometry]]:
        """
        Draw one area per layer and cutoff, from which a destination of every key is in reach.

        Parameters
        ----------
        destinations
            Points on the network, by key.
        layers
            Keys of `destinations` of each layer.
        cutoffs_ms
            Milliseconds, each inclusive.
        """
        if len(self.frame) <= self.window_cells:
            return _layers_on(self._whole, destinations, layers, cutoffs_ms)
        reach_m = self._reach_m(max(cutoffs_ms))
        places = {key: self._places(goals) for key, goals in destinations.items()}
        xy_m = np.concatenate([np.zeros((0, 2)), *places.values()])
        xy_m = xy_m[np.isfinite(xy_m).all(axis=1)]
        parts: dict[str, list[list[BaseGeometry]]] = {
            key: [[] for _ in cutoffs_ms] for key in layers
        }
        margin_m = _MARGIN_CELLS * self.frame.cell_m
        for block in self._blocks(xy_m, reach_m):
            low, high = block.low_m - reach_m, block.high_m + reach_m
            near = {
                key: np.flatnonzero(((low <= xy) & (xy < high)).all(axis=1))
                for key, xy in places.items()
            }
            sites = np.concatenate([places[key][rows] for key, rows in near.items()])
            cells = self.frame.within(
                np.maximum(sites.min(axis=0) - reach_m, block.low_m - margin_m),
                np.minimum(sites.max(axis=0) + reach_m, block.high_m + margin_m),
            )
            goals = {key: destinations[key].take(rows) for key, rows in near.items()}
            drawn = _layers_on(self._drawn_on(cells), goals, layers, cutoffs_ms)
            for key, areas in drawn.items():
                for found, area in zip(parts[key], areas, strict=True):
                    found.append(block.within(area))
        return {key: [_joined(found) for found in of_layer] for key, of_layer in parts.items()}

    @cached_property
    def _whole(self) -> Isochrones:
        return self._drawn_on(self.frame)

    def _drawn_on(self, cells: RasterFrame) -> Isochrones:
        return Isochrones(
            SnapRaster.on(cells, self.joined, max_snap_m=self.max_snap_m),
            self.network,
            self.graph,
            access_speed_m_s=self.access_speed_m_s,
            round_trip=self.round_trip,
            nodes=self._nodes,
        )

    @cached_property
    def _nodes(self) -> Positions:
        return node_positions(self.network)

    def _blocks(self, xy_m: Floats, reach_m: float) -> Iterator[Block]:
        cost = _WINDOW_COST + len(self.network.u) // _EDGES_OF_COST
        return blocks_around(
            xy_m,
            reach_m=reach_m,
            cell_m=self.frame.cell_m,
            most_cells=self.window_cells,
            block_cells=cost + len(xy_m) // _POINTS_OF_COST,
            corner_m=np.array([self.frame.west_m, self.frame.south_m]),
        )

    def _reach_m(self, cutoff_ms: int) -> float:
        """Return how far from a site, in a straight line, a home within the cutoff may be."""
        legs_m = 2 * self.max_snap_m + _MARGIN_CELLS * self.frame.cell_m
        return cutoff_ms * self._fastest_m_per_ms + legs_m

    @cached_property
    def _fastest_m_per_ms(self) -> float:
        """Longest way as the crow flies in a millisecond along an edge."""
        network, graph = self.network, self.graph
        x, y = (at[network.u] - at[network.v] for at in (network.x_m, network.y_m))
        ms = np.maximum(np.minimum(graph.ms_fwd, graph.ms_bwd), 1)
        return float(np.max(np.hypot(x, y) / ms, initial=0.0))

    def _places(self, points: Positions) -> Floats:
        """Return where points join the network, shape (n, 2); NaN for those that have not."""
        network = self.network
        u, v = network.u[points.edge], network.v[points.edge]
        x, y = (
            np.where(points.edge < 0, np.nan, at[u] + points.fraction * (at[v] - at[u]))
            for at in (network.x_m, network.y_m)
        )
        return np.column_stack([x, y])


def _layers_on(
    drawing: Isochrones,
    destinations: Mapping[str, Positions],
    layers: Mapping[str, Sequence[str]],
    cutoffs_ms: Sequence[int],
) -> dict[str, list[BaseGeometry]]:
    """Draw the layers on one raster, as `Drawing.dissolved`."""
    longest = max(cutoffs_ms)
    times = {key: drawing.times(one, horizon_ms=longest) for key, one in destinations.items()}
    drawing.forget()
    return {
        key: drawing.dissolved([times[one] for one in required], cutoffs_ms)
        for key, required in layers.items()
    }


def _joined(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """
    Join the areas of windows along the sides of their blocks.

    Outlines of neighbours meet in the same points where positions of cells are exact (cells and
    origin in whole metres); else they are joined at whole millimetres.
    """
    polygons = shapely.get_parts(list(parts))
    polygons = polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON]
    if not len(polygons):
        return shapely.MultiPolygon()
    try:
        whole = shapely.coverage_union_all(polygons)
    except shapely.errors.GEOSException:  # they do not meet in the same points
        whole = None
    if whole is None or not shapely.is_valid(whole):
        whole = shapely.union_all(polygons, grid_size=_GRID_M)
    return cast("BaseGeometry", shapely.multipolygons(shapely.get_parts(whole)))
