"""Times to the limits of the data: the edge of the network, and of a list of facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.inputs.shapes import prepared
from circle15.travel.engine.graph import Positions
from circle15.travel.engine.search import NOWHERE, nearest

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.engine.graph import TravelGraph
    from circle15.travel.engine.search import SharedOrigins


LIST_MARGIN_M = 50.0
"""Distance by which a street may leave the area of a list and still count as inside: borders are
drawn by hand, and a coast road may cross one repeatedly."""


def with_margin(covers: BaseGeometry) -> BaseGeometry:
    """Buffer the area in which a list is complete by 50 m; an empty area stays empty."""
    if covers.is_empty:
        return covers
    return shapely.buffer(covers, LIST_MARGIN_M, quad_segs=32)


def at_nodes(network: WalkNetwork, nodes: Ints) -> Positions:
    """Return positions at nodes of the network, without access legs."""
    edge = np.full(len(network.x_m), -1, np.int64)
    fraction = np.zeros(len(network.x_m))
    edge[network.v], fraction[network.v] = np.arange(len(network.v)), 1.0
    edge[network.u], fraction[network.u] = np.arange(len(network.u)), 0.0
    return Positions(edge[nodes], fraction[nodes], np.zeros(len(nodes), np.int64))


class ListEnds:
    """The places where a network leaves the areas in which lists are complete, each found once."""

    def __init__(self, network: WalkNetwork) -> None:
        self.network = network
        self._found: dict[bytes, tuple[BaseGeometry, Positions]] = {}

    def of(self, covers: BaseGeometry) -> tuple[BaseGeometry, Positions]:
        """
        Return where the list of an area ends, which is more than 50 m outside it.

        Parameters
        ----------
        covers
            Polygon in the study CRS.

        Returns
        -------
        The area with its margin, including the border; and every node outside it, with every point
        where an edge crosses its border.
        """
        key = shapely.to_wkb(covers)
        if key not in self._found:
            area = prepared(with_margin(covers))
            self._found[key] = area, _outside(self.network, area)
        return self._found[key]


def _outside(network: WalkNetwork, covers: BaseGeometry) -> Positions:
    """Return the nodes outside a prepared area, and where edges cross its border."""
    nodes = np.flatnonzero(~shapely.intersects_xy(covers, network.x_m, network.y_m))
    lines = network.lines
    leaving = np.flatnonzero(shapely.intersects(covers, lines) & ~shapely.covers(covers, lines))
    cut = shapely.intersection(lines[leaving], covers.boundary)
    coordinates, owner = shapely.get_coordinates(cut, return_index=True)
    edge = leaving[owner]
    along = shapely.line_locate_point(lines[edge], shapely.points(coordinates), normalized=True)
    at_border = Positions(edge, np.nan_to_num(along), np.zeros(len(edge), np.int64))
    return at_nodes(network, nodes).followed_by(at_border)


def time_to_list_end(
    ends: ListEnds,
    graph: TravelGraph,
    origins: SharedOrigins,
    covers: BaseGeometry,
    *,
    horizon_ms: int,
) -> Ints:
    """
    Return the time from each point to the nearest street more than 50 m outside `covers`.

    Returns
    -------
    Milliseconds; -1 where there is none within the horizon. For a point that joins the network
    outside, the time of its access leg.
    """
    network = ends.network
    covers, goals = ends.of(covers)
    found = nearest(graph, origins, goals, horizon_ms=horizon_ms).time_ms
    at = origins.positions
    joined = np.flatnonzero(at.edge >= 0)
    edge, fraction = at.edge[joined], at.fraction[joined]
    x0, y0 = network.x_m[network.u[edge]], network.y_m[network.u[edge]]
    x = x0 + fraction * (network.x_m[network.v[edge]] - x0)
    y = y0 + fraction * (network.y_m[network.v[edge]] - y0)
    # Whole edges count: a point on the inner part of a leaving edge walks to the border first.
    outside = ~shapely.intersects_xy(covers, x, y)
    beyond = joined[outside & (at.access_ms[joined] <= horizon_ms)]
    found[beyond] = at.access_ms[beyond]
    return found


def time_to_exit(
    network: WalkNetwork, graph: TravelGraph, origins: SharedOrigins, *, horizon_ms: int
) -> Ints:
    """Return the time from each point to an exit of the network, ms; -1 beyond the horizon."""
    if not len(network.exits):
        return np.full(len(origins), NOWHERE, np.int64)
    return nearest(graph, origins, at_nodes(network, network.exits), horizon_ms=horizon_ms).time_ms
