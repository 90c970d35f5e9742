"""The walking network: arrays of nodes and edges, its components, extent and barriers."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely

from circle15.inputs.shapes import points_at, prepared, straight_lines
from circle15.network.compiled import compiled
from circle15.network.edge_grid import EdgeGrid
from circle15.network.graph_form import gdfs_of, graph_of
from circle15.network.osm.barrier_tags import GIVEN, LOW
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.profiles import PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import networkx as nx
    import numpy.typing as npt
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints
    from circle15.network.relief import Relief


Walls = Literal["prefer", "stop", "ignore"]
Gated = Literal["open", "residents", "closed"]

NO_WAY = -1
"""`base_mm` of a direction in which an edge may not be walked."""

EXIT_MARGIN_M = 50.0


@dataclass(frozen=True)
class WalkNetwork:
    """
    A walking network in the study CRS.

    An edge is one straight piece between two consecutive nodes of a way. Edges are ordered by way
    and position in it, whatever the order of the file.

    Attributes
    ----------
    crs
        Projected, metres.
    x_m, y_m : float64, shape (nodes,)
        Positions of the nodes, metres, rounded to the millimetre.
    u, v : int64, shape (edges,)
        Index of the first and last node of each edge.
    length_m : float64, shape (edges,)
        Ellipsoidal length, metres.
    base_mm_fwd, base_mm_bwd : int64, shape (edges,)
        Flat-equivalent millimetres from `u` to `v` and back; -1 where that is not allowed.
    delay_ms_fwd, delay_ms_bwd : int64, shape (edges,)
        Waiting time on the edge from `u` to `v` and back, milliseconds.
    way_id, way_pos : int64, shape (edges,)
        Id of the way, and position of the edge in it; together the `edge_id`.
    kind : object, shape (edges,)
        Value of `highway`.
    private : bool, shape (edges,)
        Private ways of compounds (`access=private` and the like).
    snappable : bool, shape (edges,)
        Edges that take snaps: none on bridges, in tunnels, on motorways, indoors, under ground or
        in components that are too short.
    last_resort : bool, shape (edges,)
        Edges indoors or under ground, which take snaps where no other edge is in reach; None where
        there are none.
    extent
        Polygon of the data in the study CRS; people near its boundary may walk out of the data.
    extent_source
        `given`, `header` or `hull`.
    barriers : object, shape (n,)
        Lines that no access leg may cross, or only as `walls` allows.
    barrier_ids, barrier_kinds : object, shape (n,)
        Source of each barrier, such as `way/4711`, and its kind (`barrier_kind`); shorter where
        the last barriers have none.
    gate_xy : float64, shape (m, 2)
        Positions of mapped gates, metres, which are openings of the barriers on which they lie.
    walls
        How legs treat walls, fences and hedges: `prefer` to cross none, `stop`, or `ignore` them.
    gated
        Who may use the ways of compounds; see `topology.compounds`. The arrays hold the whole
        network; times are computed on `walked_network`.
    findings
        Findings of `read_network` about the file, one record each; empty for other networks.
    counts
        Numbers of ways read and walkable, and of missing nodes.
    kept, dropped
        Numbers of ways by the reason for which they were kept or dropped.
    unused
        Objects of the file that could not be used, or only in part: names such as `way/4711` by
        kind (`Unused`).
    data_date, data_date_source
        Date of the streets: that of the file's header, else that of the newest edit of a street,
        which is a lower bound; None where neither is known.
    names
        Names of ways by id, for ways that have one.
    gates : int64, shape (n,)
        Nodes that are gates which only residents open; none for layers of edges, whose nodes have
        no tags.
    gate_ids : int64, shape (n,)
        Ids of these nodes in OpenStreetMap; empty where they are not known.
    opened : int64, shape (n,)
        Nodes of gates that a scenario opens: there walks enter and leave compounds.
    carriageways : int64, shape (n,)
        Edges of one-way main roads, in the direction of driving; None where the file does not
        mark them (graphs, layers of edges).
    links
        Number of edges at the end of the arrays that are links out of compounds, of length 0; see
        `topology.compounds`.
    relief
        Heights and slopes; None without an elevation model.
    profile
        Walking profile whose costs the edges carry.
    level : int64, shape (edges,)
        Level of each edge, 0 on the ground; None where ways share their nodes by id.
    could_snap : two of bool, shape (edges,)
        Edges that take snaps, and those that take them as a last resort, if their piece is long
        enough; None where pieces of any length take them.
    """

    crs: CRS
    x_m: Floats
    y_m: Floats
    u: Ints
    v: Ints
    length_m: Floats
    base_mm_fwd: Ints
    base_mm_bwd: Ints
    delay_ms_fwd: Ints
    delay_ms_bwd: Ints
    way_id: Ints
    way_pos: Ints
    kind: npt.NDArray[np.object_]
    private: Bools
    snappable: Bools
    extent: BaseGeometry
    extent_source: Literal["given", "header", "hull"]
    barriers: npt.NDArray[np.object_]
    counts: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    unused: Mapping[str, Sequence[str]] = field(default_factory=dict)
    data_date: str | None = None
    data_date_source: Literal["header", "newest_edit"] | None = None
    names: dict[int, str] = field(default_factory=dict)
    gates: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    gate_ids: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    opened: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    carriageways: Ints | None = None
    links: int = 0
    relief: Relief | None = None
    profile: str = PLAIN
    level: Ints | None = None
    last_resort: Bools | None = None
    barrier_ids: npt.NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))
    barrier_kinds: npt.NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))
    gate_xy: Floats = field(default_factory=lambda: np.empty((0, 2)))
    walls: Walls = "prefer"
    gated: Gated = "open"
    could_snap: tuple[Bools, Bools] | None = None
    findings: Sequence[Mapping[str, Any]] = ()

    def barrier_name(self, index: int) -> tuple[str, str]:
        """Return the id and the kind of a barrier; `given` where the kind is not stated."""
        if index < len(self.barrier_ids):
            return str(self.barrier_ids[index]), str(self.barrier_kinds[index])
        return f"#{index + 1}", GIVEN

    def barrier_names(self, barrier: Ints) -> list[tuple[str, str] | None]:
        """Return the ids and kinds of some barriers; None where there is none (-1)."""
        return [self.barrier_name(k) if k >= 0 else None for k in barrier.tolist()]

    def with_barriers(
        self, lines: Sequence[BaseGeometry], ids: Sequence[str], kinds: Sequence[str]
    ) -> WalkNetwork:
        """
        Return the network with more barriers; its streets stay as they are.

        Parameters
        ----------
        lines : sequence of shapely geometries
            Lines or areas in the CRS of the network, metres.
        ids, kinds : sequence of str
            The id of each, which findings name, and its kind (`network.osm.barrier_tags`).
        """
        n = len(self.barriers)
        known = [*(self.barrier_name(k) for k in range(n)), *zip(ids, kinds, strict=True)]
        return replace(
            self,
            barriers=np.append(self.barriers, np.array(lines, dtype=object)),
            barrier_ids=np.array([one for one, _ in known], dtype=object),
            barrier_kinds=np.array([kind for _, kind in known], dtype=object),
        )

    def without_barriers(self, gone: Bools) -> WalkNetwork:
        """Return the network without some barriers, shape (barriers,); streets stay as they are."""
        left = np.flatnonzero(~gone)
        names = [self.barrier_name(k) for k in left.tolist()]
        made = replace(
            self,
            barriers=self.barriers[left],
            barrier_ids=np.array([one for one, _ in names], dtype=object),
            barrier_kinds=np.array([kind for _, kind in names], dtype=object),
        )
        if self.snappable.any():
            # Where `cached_property` looks.
            made.__dict__["edge_grid"] = self.edge_grid.without(gone)
        return made

    def on_level_streets(self) -> WalkNetwork | None:
        """Return the network as if all streets were level; None without an elevation model."""
        relief = self.relief
        if relief is None or relief.flat_mm_fwd is None or relief.flat_mm_bwd is None:
            return None
        level = replace(
            self, base_mm_fwd=relief.flat_mm_fwd, base_mm_bwd=relief.flat_mm_bwd, relief=None
        )
        return level.knowing(exits=self.exits)

    @cached_property
    def low_barriers(self) -> Bools:
        """Mask of the barriers that are walls, fences and hedges."""
        found = np.zeros(len(self.barriers), np.bool_)
        found[: len(self.barrier_kinds)] = np.isin(self.barrier_kinds.astype(str), sorted(LOW))
        return found

    @property
    def seen_barriers(self) -> Bools:
        """Mask of the barriers that legs take into account."""
        return ~self.low_barriers if self.walls == "ignore" else np.ones_like(self.low_barriers)

    @property
    def passable_barriers(self) -> Bools:
        """Mask of the barriers that a leg may pass where every other leg is stopped."""
        return self.low_barriers & (self.walls == "prefer")

    @cached_property
    def openings(self) -> Floats:
        """Positions (n, 2) where a barrier with a vertex is open: nodes of streets, and gates."""
        walked = ~np.isin(self.kind.astype(str), ("motorway", "motorway_link"))
        nodes = np.unique(np.r_[self.u[walked], self.v[walked]])
        return np.concatenate([np.column_stack([self.x_m[nodes], self.y_m[nodes]]), self.gate_xy])

    @property
    def edge_ids(self) -> npt.NDArray[np.object_]:
        """Text ids of the edges, such as `4711:3` (way and position); made anew each time."""
        return self.ids_of(np.arange(len(self.u)))

    def ids_of(self, edges: Ints) -> npt.NDArray[np.object_]:
        """Return the text ids of some edges; None for edge -1."""
        used, which = np.unique(edges, return_inverse=True)
        pairs = zip(self.way_id[used].tolist(), self.way_pos[used].tolist(), strict=True)
        names = np.array([f"{way}:{place}" for way, place in pairs], dtype=object)
        names[used < 0] = None
        return np.asarray(names[which])

    @property
    def lines(self) -> npt.NDArray[np.object_]:
        """One straight line per edge, made anew each time, as they take much memory."""
        return self.lines_of(np.arange(len(self.u)))

    def lines_of(self, edges: Ints) -> npt.NDArray[np.object_]:
        """Return the straight lines of some edges."""
        u, v = self.u[edges], self.v[edges]
        return straight_lines(self.x_m[u], self.y_m[u], self.x_m[v], self.y_m[v])

    @cached_property
    def exits(self) -> Ints:
        """Nodes outside the extent or within 50 m of its boundary, where walks leave the data."""
        return np.flatnonzero(self.leave_data(self.x_m, self.y_m))

    def leave_data(self, x_m: Floats, y_m: Floats) -> Bools:
        """Return a mask of the positions outside the extent or within 50 m of its boundary."""
        inside = shapely.contains_xy(prepared(self.extent), x_m, y_m)
        rim = prepared(self.extent.boundary)
        near = shapely.dwithin(rim, points_at(x_m, y_m), EXIT_MARGIN_M)
        return np.asarray(~inside | near, bool)

    def knowing(self, *, exits: Ints) -> WalkNetwork:
        """Return the network with known `exits`, to save computing them."""
        made = replace(self)
        made.__dict__["exits"] = exits  # where `cached_property` keeps them
        return made

    def with_gates(self, *, gates: Ints, gate_ids: Ints, opened: Ints) -> WalkNetwork:
        """Return the network with other locked and opened gates; points join it as before."""
        made = replace(self, gates=gates, gate_ids=gate_ids, opened=opened)
        known = {"exits": self.exits} | self.__dict__  # what is kept there does not depend on gates
        made.__dict__.update({k: one for k, one in known.items() if k not in made.__dict__})
        return made

    def differs_in_gates_alone(self, other: WalkNetwork) -> bool:
        """Whether another network is this one, but for the gates opened by `with_gates`."""
        return all(
            getattr(self, one.name) is getattr(other, one.name)
            for one in fields(self)
            if one.name not in ("gates", "gate_ids", "opened")
        )

    @cached_property
    def indoors(self) -> WalkNetwork | None:
        """The network with only the `last_resort` edges taking snaps; None without any."""
        if self.last_resort is None or not self.last_resort.any():
            return None
        return replace(self, snappable=self.last_resort, last_resort=None)

    @cached_property
    def edge_grid(self) -> EdgeGrid:
        """Index grid of the edges that take snaps."""
        return EdgeGrid.of_network(self)

    @cached_property
    def component(self) -> Ints:
        """Number of the connected component of each node, from 0."""
        return node_components(len(self.x_m), self.u, self.v)

    @cached_property
    def edges_of_nodes(self) -> tuple[Ints, Ints]:
        """
        Edge ends by node: numbers of edge ends, and the start of those of each node among them.

        Number `k` is edge `k` at its first node, `edges + k` the same edge at its last node.
        """
        ends = np.r_[self.u, self.v]
        order = np.argsort(ends, kind="stable")
        return order, np.searchsorted(ends[order], np.arange(len(self.x_m) + 1))

    def to_graph(self) -> nx.MultiDiGraph[int]:
        """
        Return the network as a graph in the form of OSMnx.

        Returns
        -------
        A `MultiDiGraph` with `crs` "epsg:4326", ready for `osmnx.save_graphml`,
        `osmnx.graph_to_gdfs`, `osmnx.plot_graph` and the like. Nodes are numbered from 0 and have
        `x` and `y` in degrees. An edge for each direction that may be walked has `osmid`,
        `highway`, `length` (ellipsoidal metres), `oneway` (False: that is for vehicles),
        `reversed`, and where there is one `name`. Edges are straight, so none needs a `geometry`.

        What circle15 needs to rebuild the same network from it is added: `base_mm` and
        `delay_ms` (the cost of that direction), `way_pos`, `takes_snaps`, `last_resort`,
        `access`, `foot` and `oneway:foot`; at locked gates `barrier` and `access`; as attributes
        of the graph `extent` and `barriers` as WKT, with `barrier_ids` and `barrier_kinds` as JSON
        and the gates on them as `barrier_gates`, and `profile`. At a walking speed an edge takes
        `base_mm / speed_m_s + delay_ms` milliseconds.

        Examples
        --------
        >>> import circle15 as c15
        >>> import networkx as nx
        >>> street = nx.MultiDiGraph(crs="EPSG:4549")
        >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 500300, "y": 3.49e6})])
        >>> edge = street.add_edge(7, 8, highway="residential")
        >>> graph = c15.network_from_graph(street).to_graph()
        >>> sorted((u, v, round(length)) for u, v, length in graph.edges(data="length"))
        [(0, 1, 300), (1, 0, 300)]
        """
        return graph_of(self)

    def to_gdfs(self) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
        """
        Return the network as tables of nodes and edges, as `osmnx.graph_to_gdfs` does.

        Returns
        -------
        Nodes with the index `osmid` and edges with the index (`u`, `v`, `key`), both in WGS 84
        degrees: the nodes, edges and attributes of `to_graph` and their geometry.
        `osmnx.graph_from_gdfs` converts them to a graph.

        Examples
        --------
        >>> import circle15 as c15
        >>> import networkx as nx
        >>> street = nx.MultiDiGraph(crs="EPSG:4549")
        >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 500300, "y": 3.49e6})])
        >>> edge = street.add_edge(7, 8, highway="residential")
        >>> nodes, edges = c15.network_from_graph(street).to_gdfs()
        >>> len(nodes), edges.index.tolist(), edges["highway"].unique().tolist()
        (2, [(0, 1, 0), (1, 0, 0)], ['residential'])
        """
        return gdfs_of(self)

    def table(self) -> pd.DataFrame:
        """Return the `edges` table, one row per edge; null where a direction is closed."""
        return pd.DataFrame(
            {
                c.EDGE_ID: self.edge_ids,
                "u": self.u,
                "v": self.v,
                "length_m": self.length_m,
                "base_mm_fwd": _nullable(self.base_mm_fwd),
                "base_mm_bwd": _nullable(self.base_mm_bwd),
                "delay_ms_fwd": self.delay_ms_fwd,
                "delay_ms_bwd": self.delay_ms_bwd,
                "kind": self.kind,
                "takes_snaps": self.snappable,
                "geometry": self.lines,
            }
        )


def _nullable(base_mm: Ints) -> pd.Series:
    return pd.Series(base_mm, dtype="Int64").mask(base_mm == NO_WAY)


def node_components(n_nodes: int, u: Ints, v: Ints) -> Ints:
    """Return the connected component of each node, treating one-way edges as two-way."""
    component: Ints = _components(n_nodes, u, v)
    return component


@compiled
def _components(n_nodes: Any, u: Any, v: Any) -> Any:
    """Join nodes by union-find with path halving; number the sets by their first node."""
    parent = np.arange(n_nodes)
    for k in range(len(u)):
        a, b = u[k], v[k]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        # The smaller number is the root, so that roots are met before their members below.
        parent[max(a, b)] = min(a, b)
    number = np.empty(n_nodes, np.int64)
    found = 0
    for node in range(n_nodes):
        if parent[node] == node:
            number[node] = found
            found += 1
        else:
            number[node] = number[parent[node]]
    return number


def long_enough(component: Ints, u: Ints, length_m: Floats, least_m: float) -> Bools:
    """Return a mask of the edges whose component is at least `least_m` long."""
    total = np.bincount(component[u], weights=length_m, minlength=component.max(initial=-1) + 1)
    return (total >= least_m)[component[u]]
