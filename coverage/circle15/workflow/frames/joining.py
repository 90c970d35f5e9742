"""Snap points of a caller to a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circle15.access.joining.joined_network import snap_columns
from circle15.inputs.frames import points_in
from circle15.inputs.tables.column_kinds import typed
from circle15.network.snapping import snap_to_network as joined
from circle15.workflow.frames.settings import walk_of

if TYPE_CHECKING:
    import geopandas as gpd

    from circle15.network.walk_network import WalkNetwork
    from circle15.workflow.frames.settings import Number


def snap_to_network(
    points: gpd.GeoDataFrame | gpd.GeoSeries, network: WalkNetwork, *, max_snap_m: Number = 200
) -> pd.DataFrame:
    """
    Snap points to the nearest point on the nearest edge that takes snaps, across no barrier.

    Parameters
    ----------
    points
        Points in any CRS, shape (n,); a geometry may be null.
    network
        From `read_network` or `network_from_graph`; its `walls` setting applies to walls, fences
        and hedges.
    max_snap_m
        Longest straight access leg, metres, inclusive.

    Returns
    -------
    A row per point, with the caller's index: `edge_id` as in `network.edge_ids`, `fraction` along
    the edge from its first node (0–1), `access_m` (length of the access leg, metres); null for an
    unsnapped point. `snap_code` is empty, `THROUGH_WALL` if every leg passes a wall, or the reason
    why the point is unsnapped: `TOO_FAR`, `ACCESS_BARRIER`, `NO_POSITION`. `barrier` and
    `barrier_kind` name the barrier that the leg meets, null if none.

    Raises
    ------
    CrsError
        If the points have no CRS, or lie outside its area of use.
    InputDataError
        If a geometry is not a point, or `max_snap_m` is out of range.

    Examples
    --------
    >>> import circle15 as c15
    >>> import geopandas as gpd
    >>> import networkx as nx
    >>> street = nx.MultiDiGraph(crs="EPSG:4549")
    >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 501e3, "y": 3.49e6})])
    >>> edge = street.add_edge(7, 8, osmid=31, highway="residential")
    >>> network = c15.network_from_graph(street)
    >>> place = gpd.points_from_xy([500250, 500250], [3490030, 3490300])
    >>> points = gpd.GeoDataFrame(index=["near", "far"], geometry=place, crs="EPSG:4549")
    >>> c15.snap_to_network(points, network)[["edge_id", "fraction", "access_m", "snap_code"]]
         edge_id  fraction  access_m snap_code
    near    31:0      0.25      30.0
    far     None       NaN       NaN   TOO_FAR
    """
    walk = walk_of(network, max_snap_m=max_snap_m)
    x_m, y_m = points_in(points, network.crs, "points")
    snaps = joined(x_m, y_m, network, max_snap_m=float(walk.max_snap_m))
    return typed(pd.DataFrame(snap_columns(snaps, network), index=points.index))
