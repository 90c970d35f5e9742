"""Draw served areas over an area of any size with cells of one size, window by window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import shapely

from circle15.travel.served_areas.isochrones import Isochrones
from circle15.travel.served_areas.node_positions import node_positions
from circle15.travel.served_areas.snap_raster import SnapRaster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats
    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.engine.graph import Positions, TravelGraph
    from circle15.travel.served_areas.raster_frame import RasterFrame, Window

WINDOW_CELLS: Final = 250_000
"""Rasters with more cells are drawn in windows."""
_MARGIN_CELLS: Final = 3
_GRID_M: Final = 1e-3
"""Outlines of windows are joined at whole millimetres."""


@dataclass(frozen=True)
class Drawing:
    """
    Draws served areas at one walking speed; see `Isochrones`.

    The raster is joined to the network in windows of `window_cells`, so that cells are as fine and
    memory as small over a province as over a district. A window holds all cells from which a site
    in its block can be reached: areas are those of one whole raster, but for some 10⁻¹⁰ m.

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

    def each(
        self, destinations: Positions, cutoffs_ms: Sequence[int], *, threads: int | None = None
    ) -> Iterator[tuple[int, list[BaseGeometry]]]:
        """Draw the area of each destination; see `Isochrones.each`."""
        rows = np.flatnonzero(destinations.edge >= 0)
        x_m, y_m = self._places(destinations.take(rows))
        for window in self._windows(cutoffs_ms):
            inside = rows[window.holds(x_m, y_m)]
            if len(inside):
                drawn = self._of(window.cells).each(
                    destinations.take(inside), cutoffs_ms, threads=threads
                )
                yield from ((int(inside[row]), areas) for row, areas in drawn)

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
        longest = max(cutoffs_ms)
        places = {key: self._places(goals) for key, goals in destinations.items()}
        windows = list(self._windows(cutoffs_ms))
        parts: dict[str, list[list[BaseGeometry]]] = {
            key: [[] for _ in cutoffs_ms] for key in layers
        }
        for window in windows:
            near = {
                key: goals.take(window.holds(*places[key], around_m=self._reach_m(longest)))
                for key, goals in destinations.items()
            }
            if len(windows) > 1 and not any((one.edge >= 0).any() for one in near.values()):
                continue
            drawing = self._of(window.cells)
            times = {key: drawing.times(one, horizon_ms=longest) for key, one in near.items()}
            drawing.forget()
            for key, required in layers.items():
                areas = drawing.dissolved([times[one] for one in required], cutoffs_ms)
                for found, area in zip(parts[key], areas, strict=True):
                    found.append(area if len(windows) == 1 else window.within(area))
        return {key: [_joined(found) for found in of_layer] for key, of_layer in parts.items()}

    def _of(self, cells: RasterFrame) -> Isochrones:
        """Join the cells of a window; the whole raster is kept where it is one."""
        return self._whole if len(cells) == len(self.frame) else self._drawn_on(cells)

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

    def _windows(self, cutoffs_ms: Sequence[int]) -> Iterator[Window]:
        if len(self.frame) <= self.window_cells:
            return self.frame.windows(len(self.frame) ** 2 + 4, 0.0)
        return self.frame.windows(self.window_cells, self._reach_m(max(cutoffs_ms)))

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

    def _places(self, points: Positions) -> tuple[Floats, Floats]:
        """Return where points join the network; NaN for those that have not."""
        network = self.network
        u, v = network.u[points.edge], network.v[points.edge]
        x, y = (
            np.where(points.edge < 0, np.nan, at[u] + points.fraction * (at[v] - at[u]))
            for at in (network.x_m, network.y_m)
        )
        return x, y


def _joined(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    """
    Join the areas of windows along the sides of their blocks.

    Outlines of neighbours meet in the same points where positions of cells are exact (cells and
    origin in whole metres); else they are joined at whole millimetres.
    """
    if len(parts) == 1:
        return parts[0]
    polygons = shapely.get_parts(list(parts))
    polygons = polygons[shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON]
    if not len(polygons):
        return shapely.MultiPolygon()
    whole = shapely.coverage_union_all(polygons)
    if not shapely.is_valid(whole):
        whole = shapely.union_all(polygons, grid_size=_GRID_M)
    return cast("BaseGeometry", shapely.multipolygons(shapely.get_parts(whole)))
