"""Report objects of a file that cannot be used, and ways cut because nodes are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.crs.positions import to_metric
from circle15.network.osm.osm_objects import Unused
from circle15.network.walk_network import EXIT_MARGIN_M
from circle15.study.vocabulary.finding import Finding, Severity

if TYPE_CHECKING:
    from circle15.network.osm.osm_file import OsmWays
    from circle15.network.walk_network import WalkNetwork

_PLACES: Final = 5

_CODES: Final = {
    Unused.WAYS_CUT: "OSM_WAYS_CUT",
    Unused.WAYS_EMPTY: "OSM_WAYS_EMPTY",
    Unused.RELATIONS_UNREAD: "OSM_RELATIONS_UNREAD",
    Unused.AREAS_INCOMPLETE: "OSM_AREAS_INCOMPLETE",
    Unused.RINGS_UNCLOSED: "OSM_RINGS_UNCLOSED",
    Unused.RINGS_INVALID: "OSM_RINGS_INVALID",
    Unused.RINGS_CROWDED: "OSM_RINGS_CROWDED",
    Unused.WATER_INCOMPLETE: "OSM_WATER_INCOMPLETE",
    Unused.ROWS_EMPTY: "LINES_EMPTY",
}
_IN_EVERY_EXTRACT: Final = frozenset({Unused.WAYS_CUT, Unused.WATER_INCOMPLETE})
"""Objects cut where the data end, which is a note; `missing_nodes` warns of cuts inside."""


def not_used(file: str, network: WalkNetwork) -> list[Finding]:
    """Return a finding per kind of object in the file of a network that could not be used."""
    found = []
    for kind, code in _CODES.items():
        if names := network.unused.get(kind):
            more = " …" if len(names) > _PLACES else ""
            detail = {"count": f"{len(names):,}", "first": ", ".join(names[:_PLACES]) + more}
            severity: Severity = "note" if kind in _IN_EVERY_EXTRACT else "warning"
            found.append(Finding(code, severity, file, detail=detail))
    return found


def missing_nodes(ways: OsmWays, network: WalkNetwork) -> list[Finding]:
    """
    Report the places where walkable ways are cut more than 50 m inside the extent.

    Nearer to its boundary, and beyond it, ways are cut because the data end there.
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
    return [Finding("OSM_NODES_MISSING", "warning", ways.file.name, detail=detail)]
