"""Where ways of a file are cut inside its extent, because it lacks some of their nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.positions import to_metric
from circle15.network.walk_network import EXIT_MARGIN_M
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from circle15.network.osm import OsmWays
    from circle15.network.walk_network import WalkNetwork

_PLACES: Final = 5


def missing_nodes(ways: OsmWays, network: WalkNetwork) -> list[Issue]:
    """
    List the places where walkable ways are cut more than 50 m inside the extent.

    Nearer to its rim, and beyond it, ways are cut because the data end there.
    """
    places = np.unique(ways.cuts, axis=0) / 10_000_000
    if not len(places):
        return []
    x, y = to_metric(places[:, 0], places[:, 1], network.crs)
    points = shapely.points(x, y)
    rim_m = shapely.distance(points, shapely.boundary(network.extent))
    inside = places[shapely.contains(network.extent, points) & (rim_m > EXIT_MARGIN_M)]
    if not len(inside):
        return []
    first = "; ".join(f"{lon:.6f}, {lat:.6f}" for lon, lat in inside[:_PLACES].tolist())
    detail = {"places": f"{len(inside):,}", "first": first}
    return [Issue("OSM_NODES_MISSING", "warning", ways.file.name, detail=detail)]
