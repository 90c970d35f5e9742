"""
The oracle's walking network: read in a simple way, one edge per pair of neighbouring nodes.

No code of circle15 is used here, only its published walk-filter table (data). The code is written
to be read: no contraction, no arrays, each rule of the contract in one small function.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas
import networkx as nx
import osmium
from pyproj import CRS, Geod, Transformer

from tests.oracle.oracle_squares import (
    Relation,
    Square,
    areas_of,
    is_area,
    rims_of,
    square_of,
    ways_across,
)
from tests.oracle.oracle_tags import (
    BARRIERS,
    GATES,
    Tags,
    foot_directions,
    is_barrier,
    is_low,
    is_on_the_ground,
    is_water_relation,
    read_rules,
    tags_take_snaps,
    takes_last_snaps,
    walkable,
)

Node = Hashable
XY = tuple[float, float]
Line = tuple[XY, XY]

WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Edge:
    """One straight segment between two neighbouring nodes; None: no walking in that direction."""

    u: Node
    v: Node
    way: int
    position: int
    length_m: float
    base_mm_fwd: int | None
    base_mm_bwd: int | None
    takes_snaps: bool = True
    delay_ms_fwd: int = 0
    delay_ms_bwd: int = 0
    motorway: bool = False
    last_resort: bool = False


@dataclass(frozen=True)
class OracleNetwork:
    """Edges in canonical order (way, position), node positions in the study CRS, barrier lines."""

    node_xy: Mapping[Any, XY]
    edges: Sequence[Edge]
    barriers: Sequence[Line] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    low: Sequence[bool] = ()
    """Which barriers are walls, fences or hedges, which a leg passes if needed; none if empty."""
    gates: Sequence[XY] = ()
    """Positions of gates: openings of the barriers that have a vertex there."""

    @property
    def length_km(self) -> float:
        """Total ellipsoidal length of all edges."""
        return math.fsum(edge.length_m for edge in self.edges) / 1000


@dataclass(frozen=True)
class Way:
    """A way of an OSM file: its tags and the ids of its nodes, in order."""

    tags: Tags
    refs: tuple[int, ...]


def base_mm(length_m: float) -> int:
    """Length in whole millimetres, halves up."""
    return math.floor(length_m * 1000 + 0.5)


def project(lon_lat: Iterable[XY], crs: Any) -> list[XY]:
    """Positions of WGS84 longitudes and latitudes in a metric CRS, rounded to the millimetre."""
    pairs = list(lon_lat)
    if not pairs:
        return []
    transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    xs, ys = transformer.transform([lon for lon, _ in pairs], [lat for _, lat in pairs])
    return [(round(float(x), 3), round(float(y), 3)) for x, y in zip(xs, ys, strict=True)]


# --- Components -------------------------------------------------------------------------------


def component_lengths(edges: Iterable[Edge]) -> dict[Node, float]:
    """Length in metres of the component of each node; direction does not matter."""
    edges = list(edges)
    graph: nx.Graph[Node] = nx.Graph()
    graph.add_edges_from((edge.u, edge.v) for edge in edges)
    number = {
        node: index for index, nodes in enumerate(nx.connected_components(graph)) for node in nodes
    }
    lengths: dict[int, list[float]] = {}
    for edge in edges:
        lengths.setdefault(number[edge.u], []).append(edge.length_m)
    totals = {index: math.fsum(values) for index, values in lengths.items()}
    return {node: totals[index] for node, index in number.items()}


def without_islands(edges: Sequence[Edge], min_component_m: float) -> list[Edge]:
    """Edges of components shorter than the minimum take no snaps (people still walk there)."""
    length = component_lengths(edges)
    long = [length[e.u] >= min_component_m for e in edges]
    return [
        replace(e, takes_snaps=e.takes_snaps and k, last_resort=e.last_resort and k)
        for e, k in zip(edges, long, strict=True)
    ]


# --- OSM files --------------------------------------------------------------------------------


def _read_objects(path: Path) -> tuple[dict[int, XY], dict[int, Way], list[Relation]]:
    """All nodes (lon, lat), all ways, and all relations with their member ways."""
    nodes: dict[int, XY] = {}
    ways: dict[int, Way] = {}
    relations: list[Relation] = []
    for item in osmium.FileProcessor(str(path)):
        if isinstance(item, osmium.osm.Changeset) or item.deleted or not item.visible:
            continue
        if isinstance(item, osmium.osm.Node):
            if item.location.valid():
                nodes[item.id] = (item.location.lon, item.location.lat)
            continue
        tags = {tag.k: tag.v for tag in item.tags}
        if isinstance(item, osmium.osm.Way):
            ways[item.id] = Way(tags, tuple(node.ref for node in item.nodes))
        elif isinstance(item, osmium.osm.Relation):
            members = [(m.ref, m.role) for m in item.members if m.type == "w"]
            relations.append(Relation(item.id, tags, members))
    return nodes, ways, relations


def _gates(path: Path) -> set[int]:
    """Ids of the nodes that let people on foot through a barrier."""
    found = set()
    for item in osmium.FileProcessor(str(path), osmium.osm.NODE):
        tags = {tag.k: tag.v for tag in item.tags}
        shut = tags.get("foot", tags.get("access")) == "no"
        if tags.get("barrier") in GATES and not shut:
            found.add(item.id)
    return found


def _steps(refs: Sequence[int], nodes: Mapping[int, XY]) -> Iterable[tuple[int, int, int]]:
    """(position, node, next node) along a way; cut at missing nodes, repeats skipped."""
    for position, (u, v) in enumerate(itertools.pairwise(refs)):
        if u != v and u in nodes and v in nodes:
            yield position, u, v


def node_runs(ways: Mapping[int, Way]) -> dict[int, tuple[int, ...]]:
    """Ids of the nodes of each way; one that repeats the one before it is left out."""
    return {i: tuple(n for n, _ in itertools.groupby(way.refs)) for i, way in ways.items()}


def walked_ways(
    ways: Mapping[int, Way], relations: Iterable[Relation], counts: Counter[str] | None = None
) -> tuple[dict[int, Tags], dict[int, Tags], list[Relation]]:
    """Ways that are walked, by themselves or as rims; those by themselves; and the areas."""
    rules = read_rules()
    own: dict[int, Tags] = {}
    for way_id, way in ways.items():
        keep, reason = walkable(way.tags, rules)
        if counts is not None:
            counts[reason] += 1
        if keep:
            own[way_id] = way.tags
    refs = node_runs(ways)
    areas = areas_of(relations, own, lambda tags: walkable(tags, rules)[0])
    walked = dict(own)
    for area in areas:
        for way_id in rims_of(area, refs, own):
            walked.setdefault(way_id, area.tags)
    return walked, own, areas


def read_osm(
    path: Path | str, crs: Any, *, min_component_m: float = 500.0, cross_squares: bool = False
) -> OracleNetwork:
    """
    Read the walking network of an OSM file (.osm.pbf, .osm, .osm.gz, .osm.bz2).

    Squares are walked around, or also crossed; their rims are walked, of relations those of outer
    ways and of holes that streets touch. Private ways are open (`gated = "open"`). Barriers: ways
    with a barrier tag, and ways of water multipolygons.
    """
    nodes, ways, relations = _read_objects(Path(path))
    counts: Counter[str] = Counter()
    walked, own, areas = walked_ways(ways, relations, counts)
    edges: list[Edge] = []
    used: set[int] = set()
    for way_id in sorted(walked):
        for position, u, v in _steps(ways[way_id].refs, nodes):
            used |= {u, v}
            edges.append(_edge(way_id, position, (u, v), nodes, walked[way_id]))
    if cross_squares:
        refs = node_runs(ways)
        whole = {i for i, ids in refs.items() if len(ids) > 1 and all(n in nodes for n in ids)}
        squares = _squares(areas, refs, whole, own)
        corners = sorted({n for s in squares for rim in s.rims for n in rim})
        xy = dict(zip(corners, project([nodes[n] for n in corners], crs), strict=True))
        degree = Counter(end for e in edges for end in (e.u, e.v) if isinstance(end, int))
        for k, (square, u, v) in enumerate(ways_across(squares, xy, degree)):
            used |= {u, v}
            edges.append(_edge(square.way, 1_000_000 + k, (u, v), nodes, square.tags))
        edges.sort(key=lambda e: (e.way, e.position))

    banks = {ref for r in relations if is_water_relation(r.tags) for ref, _ in r.members}
    lines = [
        (u, v, is_low(way.tags))
        for way_id, way in sorted(ways.items())
        if is_barrier(way.tags) or (way_id in banks and is_on_the_ground(way.tags))
        for _, u, v in _steps(way.refs, nodes)
    ]

    used.update(n for line in lines for n in line[:2])
    opened = _gates(Path(path)) & {n for line in lines for n in line[:2]}
    positions = project((nodes[n] for n in sorted(used)), crs)
    node_xy: dict[Node, XY] = dict(zip(sorted(used), positions, strict=True))
    return OracleNetwork(
        node_xy=node_xy,
        edges=without_islands(edges, min_component_m),
        barriers=[(node_xy[u], node_xy[v]) for u, v, _ in lines],
        counts=counts,
        low=[low for _, _, low in lines],
        gates=[node_xy[n] for n in sorted(opened)],
    )


def _edge(
    way: int, position: int, ends: tuple[Node, Node], nodes: Mapping[Any, XY], tags: Tags
) -> Edge:
    u, v = ends
    length_m = WGS84.inv(*nodes[u], *nodes[v])[2]
    mm = base_mm(length_m)
    forward, backward = foot_directions(tags)
    return Edge(
        u=u,
        v=v,
        way=way,
        position=position,
        length_m=length_m,
        base_mm_fwd=mm if forward else None,
        base_mm_bwd=mm if backward else None,
        takes_snaps=tags_take_snaps(tags),
        last_resort=takes_last_snaps(tags),
        motorway=tags.get("highway") in BARRIERS["highway"],
    )


def _squares(
    areas: Sequence[Relation],
    refs: Mapping[int, Sequence[int]],
    whole: set[int],
    own: Mapping[int, Tags],
) -> list[Square]:
    """Areas that are whole: closed ways, and relations that hold their outer ways."""
    outer = {n for area in areas for n in area.ways(inner=False)}
    found = [
        Square(i, tags, [list(refs[i][:-1])], [False], [True])
        for i, tags in sorted(own.items())
        if i not in outer and i in whole and is_area(tags)
        if refs[i][0] == refs[i][-1] and len(refs[i]) > 3
    ]
    return found + [s for a in areas if (s := square_of(a, refs, whole, own)) is not None]


# --- Edge layers ------------------------------------------------------------------------------


def read_edges(path: Path | str, crs: Any, *, min_component_m: float = 500.0) -> OracleNetwork:
    """
    Read a layer of street lines (GeoParquet, or what geopandas reads) with a `highway` column.

    Rows are ways; columns act as tags. The ends of lines meet where their coordinates in the
    study CRS are equal to the millimetre; inner vertices meet nothing. A repeated vertex is
    skipped. Lengths are ellipsoidal, from the coordinates as the file has them.
    """
    source = Path(path)
    layer = (
        geopandas.read_parquet(source) if source.suffix == ".parquet" else geopandas.read_file(path)
    )
    degrees = Transformer.from_crs(layer.crs, "EPSG:4326", always_xy=True)
    metres = Transformer.from_crs(layer.crs, CRS.from_user_input(crs), always_xy=True)
    columns = [name for name in layer.columns if name != layer.geometry.name]
    rules = read_rules()
    counts: Counter[str] = Counter()
    edges: list[Edge] = []
    barriers: list[Line] = []
    low: list[bool] = []
    node_xy: dict[Node, XY] = {}
    for row, (values, line) in enumerate(
        zip(layer[columns].to_dict("records"), layer.geometry, strict=True)
    ):
        tags = {str(key): value for key, value in values.items() if isinstance(value, str)}
        keep, reason = walkable(tags, rules)
        counts[reason] += 1
        xs, ys = line.coords.xy
        xy = [(round(x, 3), round(y, 3)) for x, y in zip(*metres.transform(xs, ys), strict=True)]
        if is_barrier(tags):
            pieces = [(a, b) for a, b in itertools.pairwise(xy) if a != b]
            barriers += pieces
            low += [is_low(tags)] * len(pieces)
        if not keep:
            continue
        lon_lat = list(zip(*degrees.transform(xs, ys), strict=True))
        raw = list(zip(xs, ys, strict=True))
        vertices = [i for i in range(len(raw)) if i == 0 or raw[i] != raw[i - 1]]
        ends = (vertices[0], vertices[-1])
        for i, j in itertools.pairwise(vertices):
            u, v = (("end", *xy[k]) if k in ends else ("inner", row, k) for k in (i, j))
            node_xy[u], node_xy[v] = xy[i], xy[j]
            edges.append(_edge(row, i, (u, v), {u: lon_lat[i], v: lon_lat[j]}, tags))
    return OracleNetwork(node_xy, without_islands(edges, min_component_m), barriers, counts, low)
