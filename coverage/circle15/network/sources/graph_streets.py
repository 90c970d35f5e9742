"""Read the streets of a graph in OSMnx's form, each once."""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from circle15.errors import CrsError, InputDataError, require_memory_for
from circle15.inputs.crs.positions import require_crs
from circle15.inputs.formats.wkb import NO_SHAPE
from circle15.inputs.shapes import is_polygonal, without_empty_parts
from circle15.network.barriers.osm_barriers import BarrierLines
from circle15.network.osm.barrier_tags import GIVEN, barrier_kind, is_barrier
from circle15.network.osm.osm_file import NODE_TAGS
from circle15.network.osm.osm_objects import Way
from circle15.network.osm.tags import tag_of
from circle15.network.osm.walk_filter import decide
from circle15.network.walk_network import NO_WAY
from circle15.study.limits import EDGE_MM, EDGE_MS, NESTED
from circle15.study.settings.edge_fields import EDGE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import networkx as nx

    XY = tuple[float, float]
    Vertices = tuple[XY, ...]

IN_MEMORY = Path("graph")
"""Stands for the file of a graph that was not read from one."""

NO_ID: Final = -1
"""Id of a way of a graph that states none."""
_TAGS = (*EDGE_FIELDS, "foot:forward", "foot:backward")


@dataclass
class Street:
    """
    A street of a graph, in both directions if the graph has both.

    `vertices` run from `ends[0]` to `ends[1]`, as the way itself does. `costs` are the
    (base_mm, delay_ms) along and against it, None where the graph does not state them.
    """

    ends: tuple[Any, Any]
    way: Way
    vertices: Vertices
    place: int | None
    costs: tuple[tuple[int, int], tuple[int, int]] | None
    takes_snaps: bool | None
    last_resort: bool | None = None


@dataclass
class GraphStreets:
    """
    The walkable streets of a graph, in an order that does not depend on the graph's.

    `node_tags` are the tags in `NODE_TAGS` by node; `profile` is the walking profile whose costs
    the streets state, None where the graph does not state it.
    """

    crs: CRS
    file: Path
    streets: list[Street] = field(default_factory=list)
    barriers: BarrierLines = field(default_factory=BarrierLines)
    extent: BaseGeometry | None = None
    node_tags: dict[Any, dict[str, str]] = field(default_factory=dict)
    profile: str | None = None
    read: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Arc:
    """An edge of the graph in one direction."""

    u: Any
    v: Any
    data: Mapping[str, Any]
    vertices: Vertices
    osmid: int
    is_reversed: bool


def streets_of(graph: nx.Graph[Any], *, file: Path = IN_MEMORY) -> GraphStreets:
    """
    Return the walkable streets of a graph.

    A `MultiDiGraph` has an edge for each direction of a street. Edges of one `osmid` over the
    same vertices, in either order, are one street; `oneway` applies to vehicles, so a street with
    only one direction is walked both ways unless `oneway:foot` or `foot:backward` forbids it.

    Parameters
    ----------
    graph
        Any networkx graph with `x` and `y` of each node and the CRS as graph attribute `crs`.
        Edges need `highway`; a line as `geometry` (or its WKT) is the course between the nodes.
    file
        Where it was read from, for messages.

    Raises
    ------
    CrsError
        If the graph does not state its CRS.
    InputDataError
        If a node has no position, an edge has an unreadable geometry, or nothing can be walked.
    """
    result = GraphStreets(_crs_of(graph, file), file)
    given = graph.graph.get("barriers")
    found = [street for arcs in _alike(graph, file) for street in _streets(arcs, file)]
    result.read = len(found)
    for street in found:
        keep, reason = decide(street.way.tags)
        if len(street.vertices) < 2:
            keep, reason = False, "zero_length"
        (result.kept if keep else result.dropped)[reason] += 1
        if keep:
            result.streets.append(street)
        if given is None and is_barrier(street.way.tags):
            kind = barrier_kind(street.way.tags)
            result.barriers.add(np.array(street.vertices), f"way/{street.way.id}", kind)
    if not result.streets:
        raise InputDataError(
            f"holds no walkable street ({result.read} edges).",
            file=file,
            mend="Each edge needs OSM's value of highway.",
        )
    if given is not None:
        result.barriers = _given_barriers(graph, file)
    if "extent" in graph.graph:
        result.extent = _extent(graph, file)
    result.node_tags = _node_tags(graph)
    result.profile = tag_of("profile", graph.graph.get("profile"))
    result.streets.sort(key=_order)
    return result


def _in_degrees(shape: BaseGeometry) -> bool:
    return bool((np.abs(shapely.get_coordinates(shape)) <= (180, 90)).all())


def _extent(graph: nx.Graph[Any], file: Path) -> BaseGeometry:
    """Read the area in which the streets are complete, in degrees."""
    shape = _wkt(graph.graph["extent"], file)
    good = is_polygonal(shape) and shape.is_valid and shape.area > 0
    if not (good and _in_degrees(shape)):
        raise InputDataError(
            "its attribute 'extent' is not an area in degrees.",
            file=file,
            mend="Write it as a valid polygon, or remove it and give [network] extent.",
        )
    return shape


def _given_barriers(graph: nx.Graph[Any], file: Path) -> BarrierLines:
    """Read the barriers of `WalkNetwork.to_graph`; barriers without kinds stop every leg."""
    found = BarrierLines()
    shapes = without_empty_parts(np.array([_wkt(graph.graph["barriers"], file)], object))
    parts = shapely.get_parts(shapes)
    other = [part.geom_type for part in parts if part.geom_type != "LineString"]
    if other:
        raise InputDataError(
            f"its attribute 'barriers' holds {other[0]}.", file=file, mend="Give lines."
        )
    parts = parts[~shapely.is_empty(parts)]
    if not all(map(_in_degrees, parts)):
        raise InputDataError(
            "its attribute 'barriers' is not in degrees.", file=file, mend="Write it in WGS 84."
        )
    names = _texts(graph, "barrier_ids", [f"#{k + 1}" for k in range(len(parts))], file)
    kinds = _texts(graph, "barrier_kinds", [GIVEN] * len(parts), file)
    for part, name, kind in zip(parts, names, kinds, strict=True):
        found.add(np.asarray(part.coords), name, kind)
    if "barrier_gates" in graph.graph:
        gates = shapely.get_coordinates(_wkt(graph.graph["barrier_gates"], file))
        found.gates += [(x, y) for x, y in gates.tolist()]
    return found


def _texts(graph: nx.Graph[Any], key: str, default: list[str], file: Path) -> list[str]:
    """Read an attribute that holds a JSON list of texts, one for each barrier."""
    if key not in graph.graph:
        return default
    try:
        found = json.loads(graph.graph[key])
    except (TypeError, ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) != len(default):
        raise InputDataError(
            f"{key} of the graph is not a JSON list of {len(default)} texts, one for each barrier.",
            file=file,
            mend="Export the graph again, or remove that attribute.",
        )
    return list(map(str, found))


def _crs_of(graph: nx.Graph[Any], file: Path) -> CRS:
    said = graph.graph.get("crs")
    try:
        crs = None if said is None else CRS.from_user_input(said)
    except CRSError:
        raise CrsError(f"{said!r} is not a known CRS.", file=file) from None
    return require_crs(crs, file)


def _node_tags(graph: nx.Graph[Any]) -> dict[Any, dict[str, str]]:
    """Return the tags of nodes that have any; OSMnx keeps `highway`, others only on request."""
    pairs = (
        (node, {key: tag for key in NODE_TAGS if (tag := tag_of(key, data.get(key))) is not None})
        for node, data in graph.nodes(data=True)
    )
    return {node: tags for node, tags in pairs if tags}


def _order(street: Street) -> tuple[Any, ...]:
    place = -1 if street.place is None else street.place
    return street.way.id, place, min(street.vertices, street.vertices[::-1])


def _alike(graph: nx.Graph[Any], file: Path) -> Iterator[list[_Arc]]:
    """Yield the edges of each street, in either direction."""
    alike: dict[tuple[Any, ...], list[_Arc]] = defaultdict(list)
    for arc in _arcs(graph, file):
        shape = min(arc.vertices, arc.vertices[::-1])
        ends = frozenset((arc.u, arc.v))
        alike[ends, arc.osmid, shape, tag_of("", arc.data.get("way_pos"))].append(arc)
    yield from alike.values()


def _arcs(graph: nx.Graph[Any], file: Path) -> Iterator[_Arc]:
    place = {node: _position(node, data, file) for node, data in graph.nodes(data=True)}
    for u, v, data in graph.edges(data=True):
        line = data.get("geometry")
        inner = () if line is None else _inner(line, place[u], place[v], (u, v), file)
        drawn = (place[u], *inner, place[v])
        vertices = tuple(xy for xy, last in zip(drawn, (None, *drawn), strict=False) if xy != last)
        if u != v and len(vertices) == 1:  # two nodes at the same position are joined nonetheless
            vertices = (place[u], place[v])
        yield _Arc(u, v, data, vertices, _osmid(data), _is_true(data.get("reversed")))


def _position(node: Any, data: Mapping[str, Any], file: Path) -> XY:
    try:
        x, y = float(data["x"]), float(data["y"])
    except (KeyError, TypeError, ValueError):
        raise InputDataError(
            f"the node {node!r} has no position.", file=file, mend="Give it x and y."
        ) from None
    return x, y


def _inner(line: Any, start: XY, end: XY, edge: tuple[Any, Any], file: Path) -> list[XY]:
    """Return the vertices of an edge between its nodes, from the first node to the second."""
    shape = _wkt(line, file)
    if not isinstance(shape, shapely.LineString) or shape.is_empty:
        raise InputDataError(
            f"the geometry of the edge {edge[0]!r} to {edge[1]!r} is not a line.", file=file
        )
    vertices = [(x, y) for x, y, *_ in shape.coords]
    ahead = math.dist(vertices[0], start) + math.dist(vertices[-1], end)
    back = math.dist(vertices[0], end) + math.dist(vertices[-1], start)
    if back < ahead:  # an undirected graph keeps the line of only one direction
        vertices.reverse()
    return vertices[1:-1]


def _wkt(value: Any, file: Path) -> BaseGeometry:
    if isinstance(value, BaseGeometry):
        return value
    text = str(value)
    try:
        if text.casefold().count("geometrycollection") > NESTED.most:
            raise ValueError(text)
        with np.errstate(invalid="ignore"):
            shape: BaseGeometry = shapely.from_wkt(text)
    except NO_SHAPE as error:
        require_memory_for(error)
        raise InputDataError(
            f"the geometry {str(value)[:40]!r} cannot be read.", file=file, mend="Write it as WKT."
        ) from None
    return shape


def _osmid(data: Mapping[str, Any]) -> int:
    """Return the id of the way, the first of several; `NO_ID` where there is none."""
    match = re.search(r"-?\d{1,18}", str(data.get("osmid", "")))
    return int(match[0]) if match else NO_ID


def _is_true(value: Any) -> bool:
    return str(value).lower() in {"true", "1"}


def _streets(arcs: list[_Arc], file: Path) -> Iterator[Street]:
    """Pair the edges of both directions; yield a street per pair or single edge."""
    first = min(arcs, key=lambda arc: (arc.is_reversed, arc.vertices))
    along = [arc for arc in arcs if arc.vertices == first.vertices]
    against = [arc for arc in arcs if arc.vertices != first.vertices]
    if first.u == first.v and not against:  # a loop with the same vertices both ways
        along, against = along[0::2], along[1::2]
    for k in range(max(len(along), len(against))):
        forward = along[k] if k < len(along) else None
        backward = against[k] if k < len(against) else None
        yield _street(forward, backward, file)


def _street(forward: _Arc | None, backward: _Arc | None, file: Path) -> Street:
    main, other = (backward, None) if forward is None else (forward, backward)
    assert main is not None
    said = [(key, tag_of(key, main.data[key])) for key in _TAGS if key in main.data]
    tags = {key: tag for key, tag in said if tag is not None}
    vertices, ends = main.vertices, (main.u, main.v)
    if main.is_reversed:  # tags refer to the direction of the way
        vertices, ends = vertices[::-1], (main.v, main.u)
        main, other = other or main, main if other is not None else None
    snaps, last = main.data.get("takes_snaps"), main.data.get("last_resort")
    place = _whole(main.data.get("way_pos"))
    return Street(
        ends,
        Way(main.osmid, tags, []),
        vertices,
        place if place is not None and 0 <= place < 2**63 else None,
        _costs(main, other, file),
        None if snaps is None else _is_true(snaps),
        None if last is None else _is_true(last),
    )


def _costs(
    main: _Arc, other: _Arc | None, file: Path
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Read costs written by circle15; against a street that is one-way on foot, `NO_WAY`."""
    along = _cost(main, file)
    if along is None or len(main.vertices) != 2:
        return None
    against = along if other is None else _cost(other, file)
    if other is None and tag_of("", main.data.get("oneway:foot")) == "yes":
        against = (NO_WAY, along[1])
    return None if against is None else (along, against)


def _cost(arc: _Arc, file: Path) -> tuple[int, int] | None:
    base, delay = _stated(arc, "base_mm", file), _stated(arc, "delay_ms", file)
    if delay is None and "delay_ms" not in arc.data:
        delay = 0
    if base is None or delay is None:
        return None
    if not ((0 <= base <= EDGE_MM.most or base == NO_WAY) and 0 <= delay <= EDGE_MS.most):
        raise InputDataError(
            f"the edge {arc.u!r} to {arc.v!r} has base_mm {base} and delay_ms {delay}.",
            file=file,
            mend=f"base_mm must be 0 to {EDGE_MM.most}, delay_ms 0 to {EDGE_MS.most}.",
        )
    return base, delay


def _stated(arc: _Arc, key: str, file: Path) -> int | None:
    """Read a cost; None where the edge states none. An unreadable cost is an error."""
    value = arc.data.get(key)
    text = str(value).strip()
    if value is None or text.casefold() in {"", "none", "nan"}:
        return None
    number = _whole(text.removesuffix(".0"))  # as written by tables of numbers with nulls
    if number is None:
        raise InputDataError(
            f"the edge {arc.u!r} to {arc.v!r} has {key} {text[:40]!r}.",
            file=file,
            mend="Give a whole number, or remove the attribute.",
        )
    return number


def _whole(value: Any) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None
