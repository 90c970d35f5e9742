"""Export a walking network as a graph and as tables in the form of OSMnx."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.crs.positions import WGS84, to_metric, transform
from circle15.inputs.shapes import is_polygonal
from circle15.network.leg_barriers import WithEdges
from circle15.network.osm.tags import LOCKED_GATE
from circle15.network.osm.walk_filter import decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    import numpy.typing as npt
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints


_OSM_DIGITS = 7


class WithCosts(WithEdges, Protocol):
    """The edges of a network with their costs, names and gates; see `WalkNetwork`."""

    @property
    def crs(self) -> CRS:
        """Projected, metres."""

    @property
    def profile(self) -> str:
        """Walking profile whose costs the edges carry."""

    @property
    def extent(self) -> BaseGeometry:
        """Polygon of the data."""

    @property
    def length_m(self) -> Floats:
        """Length of each edge."""

    @property
    def base_mm_fwd(self) -> Ints:
        """Flat-equivalent millimetres along each edge; -1 where that is closed."""

    @property
    def base_mm_bwd(self) -> Ints:
        """Flat-equivalent millimetres against each edge; -1 where that is closed."""

    @property
    def delay_ms_fwd(self) -> Ints:
        """Waiting time along each edge, milliseconds."""

    @property
    def delay_ms_bwd(self) -> Ints:
        """Waiting time against each edge, milliseconds."""

    @property
    def way_id(self) -> Ints:
        """Id of the way of each edge."""

    @property
    def way_pos(self) -> Ints:
        """Position of each edge in its way, from 0."""

    @property
    def kind(self) -> npt.NDArray[np.object_]:
        """Value of `highway` of each edge."""

    @property
    def private(self) -> Bools:
        """Whether each edge is a private way of a compound."""

    @property
    def last_resort(self) -> Bools | None:
        """Edges that take snaps where no other does."""

    @property
    def names(self) -> Mapping[int, str]:
        """Names of ways by id."""

    @property
    def gates(self) -> Ints:
        """Nodes that are locked gates."""

    @property
    def gate_xy(self) -> Floats:
        """Gates on barriers, shape (n, 2)."""

    def barrier_name(self, index: int) -> tuple[str, str]:
        """Return the id and the kind of a barrier."""


def graph_of(network: WithCosts) -> nx.MultiDiGraph[int]:
    """Return a network as a graph; see `WalkNetwork.to_graph`."""
    import networkx as nx

    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326",
        created_with="circle15",
        profile=network.profile,
    )
    if is_polygonal(network.extent):  # the hull of streets on one line is none
        graph.graph["extent"] = _degrees_wkt(network.extent, network.crs)
    graph.graph.update(_barriers(network))
    lon, lat = _node_degrees(network)
    graph.add_nodes_from(
        (i, {"x": x, "y": y})
        for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))
    )
    graph.add_nodes_from(network.gates.tolist(), **LOCKED_GATE)
    for edge in range(len(network.u)):
        graph.add_edges_from(_arcs(network, edge))
    return graph


def _barriers(network: WithCosts) -> dict[str, str]:
    """
    Return barriers as attributes of a graph.

    The geometry holds single lines, since a ring may be made of several; ids and kinds are repeated
    for each line.
    """
    lines, owner = shapely.get_parts(network.barriers, return_index=True)
    names = [network.barrier_name(k) for k in owner.tolist()]
    return {
        "barriers": _degrees_wkt(shapely.MultiLineString(list(lines)), network.crs),
        "barrier_ids": json.dumps([name for name, _ in names], ensure_ascii=False),
        "barrier_kinds": json.dumps([kind for _, kind in names], ensure_ascii=False),
        "barrier_gates": _degrees_wkt(shapely.MultiPoint(network.gate_xy), network.crs),
    }


def _degrees_wkt(shape: BaseGeometry, crs: CRS) -> str:
    return str(shapely.to_wkt(project(shape, crs, WGS84), rounding_precision=9))


def _node_degrees(network: WithCosts) -> tuple[Floats, Floats]:
    """Return positions in degrees: rounded to OSM's 10⁻⁷ where that keeps the millimetre."""
    lon, lat = transform(network.x_m, network.y_m, network.crs, WGS84)
    osm_lon, osm_lat = lon.round(_OSM_DIGITS), lat.round(_OSM_DIGITS)
    x, y = to_metric(osm_lon, osm_lat, network.crs)
    same = (x == network.x_m) & (y == network.y_m)
    return np.where(same, osm_lon, lon), np.where(same, osm_lat, lat)


def _arcs(network: WithCosts, edge: int) -> list[tuple[int, int, dict[str, Any]]]:
    """Return the graph edges of one edge of the network: the directions that may be walked."""
    u, v = int(network.u[edge]), int(network.v[edge])
    ways = [
        (u, v, int(network.base_mm_fwd[edge]), int(network.delay_ms_fwd[edge])),
        (v, u, int(network.base_mm_bwd[edge]), int(network.delay_ms_bwd[edge])),
    ]
    # An edge closed both ways keeps its first direction, with a cost of -1.
    ways = [way for way in ways if way[2] >= 0] or ways[:1]
    shared = _attributes(network, edge)
    if len(ways) == 1:
        shared["oneway:foot"] = "yes"
    return [
        (a, b, shared | {"reversed": k > 0, "base_mm": base_mm, "delay_ms": delay_ms})
        for k, (a, b, base_mm, delay_ms) in enumerate(ways)
    ]


def _attributes(network: WithCosts, edge: int) -> dict[str, Any]:
    way = int(network.way_id[edge])
    tags = {"highway": str(network.kind[edge])}
    private = bool(network.private[edge])
    if private:
        tags["access"] = "private"
    if not decide(tags)[0]:  # walkable by other tags of the way, which a graph does not keep
        tags["foot"] = "private" if private else "yes"
    if way in network.names:
        tags["name"] = network.names[way]
    return tags | {
        "osmid": way,
        "way_pos": int(network.way_pos[edge]),
        "length": float(network.length_m[edge]),
        "oneway": False,
        "takes_snaps": bool(network.snappable[edge]),
        "last_resort": bool(network.last_resort is not None and network.last_resort[edge]),
    }


def gdfs_of(network: WithCosts) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return a network as tables of nodes and edges; see `WalkNetwork.to_gdfs`."""
    graph = graph_of(network)
    numbers = pd.Index(list(graph.nodes), name="osmid")
    nodes = pd.DataFrame([data for _, data in graph.nodes(data=True)], index=numbers)
    arcs = list(graph.edges(keys=True, data=True))
    index = pd.MultiIndex.from_tuples([arc[:3] for arc in arcs], names=["u", "v", "key"])
    edges = pd.DataFrame([arc[3] for arc in arcs], index=index)
    places = nodes[["x", "y"]].to_numpy(np.float64)
    ends = np.array([arc[:2] for arc in arcs], np.int64).reshape(-1, 2)
    points = gpd.GeoSeries(shapely.points(places), index=nodes.index, crs=WGS84)
    lines = gpd.GeoSeries(shapely.linestrings(places[ends]), index=index, crs=WGS84)
    return gpd.GeoDataFrame(nodes, geometry=points), gpd.GeoDataFrame(edges, geometry=lines)
