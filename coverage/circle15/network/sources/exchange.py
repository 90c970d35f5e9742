"""Hand the walking network to OSMnx and networkx, and take a graph from them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
import shapely

from circle15.errors import InputDataError
from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.crs.positions import WGS84, choose_crs, require_place, to_metric, transform
from circle15.inputs.formats.packed import require_plain_xml
from circle15.network.build import build_from_lines, nothing_open
from circle15.network.costs.impedance import FORBIDDEN, is_open
from circle15.network.osm.walk_filter import decide
from circle15.network.sources.graph_streets import GraphStreets, streets_of
from circle15.network.topology.compounds import LOCKED_GATE
from circle15.network.walk_network import NO_WAY, long_enough
from circle15.study.vocabulary.profiles import PLAIN, known_profile

if TYPE_CHECKING:
    import networkx as nx
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.vocabulary.profiles import Profile


_OSM_DIGITS = 7


def to_networkx(network: WalkNetwork) -> nx.MultiDiGraph[int]:
    """
    Return the walking network as a graph in OSMnx's form.

    Returns
    -------
    A `MultiDiGraph` with `crs` "epsg:4326", ready for `osmnx.save_graphml`,
    `osmnx.graph_to_gdfs`, `osmnx.plot_graph` and the like. Nodes are numbered from 0 and have `x`
    and `y` in degrees. An edge for each direction that may be walked has `osmid`, `highway`,
    `length` (ellipsoidal metres), `oneway` (False: that is for vehicles), `reversed`, and where
    there is one `name`. Edges are straight, so none needs a `geometry`.

    What circle15 needs to make the same network of it again stands beside: `base_mm` and
    `delay_ms` (the cost of that direction), `way_pos`, `takes_snaps`, `last_resort`, `access`,
    `foot` and `oneway:foot`; at locked gates `barrier` and `access`; as attributes of the graph
    `extent` and `barriers` as WKT, with `barrier_ids` and `barrier_kinds` as JSON and the gates on
    them as `barrier_gates`, and `profile`.
    At a walking speed an edge takes `base_mm / speed_m_s + delay_ms` milliseconds.

    Examples
    --------
    >>> graph = to_networkx(network)  # doctest: +SKIP
    >>> osmnx.save_graphml(graph, "network.graphml")  # doctest: +SKIP
    """
    import networkx as nx

    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326",
        created_with="circle15",
        profile=network.profile,
        extent=_degrees_wkt(network.extent, network.crs),
    )
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


def _barriers(network: WalkNetwork) -> dict[str, str]:
    """
    Write barriers as attributes of a graph.

    The geometry is one of single lines, as a rim may be made of several; names and kinds follow.
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


def _node_degrees(network: WalkNetwork) -> tuple[Floats, Floats]:
    """Positions in degrees: OSM's own 10⁻⁷ where they are the same millimetre, else 10⁻⁹."""
    lon, lat = transform(network.x_m, network.y_m, network.crs, WGS84)
    osm_lon, osm_lat = lon.round(_OSM_DIGITS), lat.round(_OSM_DIGITS)
    x, y = to_metric(osm_lon, osm_lat, network.crs)
    same = (x == network.x_m) & (y == network.y_m)
    return np.where(same, osm_lon, lon), np.where(same, osm_lat, lat)


def _arcs(network: WalkNetwork, edge: int) -> list[tuple[int, int, dict[str, Any]]]:
    """Edges of the graph for one edge of the network: the directions that may be walked."""
    u, v = int(network.u[edge]), int(network.v[edge])
    ways = [
        (u, v, int(network.base_mm_fwd[edge]), int(network.delay_ms_fwd[edge])),
        (v, u, int(network.base_mm_bwd[edge]), int(network.delay_ms_bwd[edge])),
    ]
    # One that is shut both ways keeps its first direction, at no cost that can be walked.
    ways = [way for way in ways if way[2] != NO_WAY] or ways[:1]
    shared = _attributes(network, edge)
    if len(ways) == 1:
        shared["oneway:foot"] = "yes"
    return [
        (a, b, shared | {"reversed": k > 0, "base_mm": base_mm, "delay_ms": delay_ms})
        for k, (a, b, base_mm, delay_ms) in enumerate(ways)
    ]


def _attributes(network: WalkNetwork, edge: int) -> dict[str, Any]:
    way = int(network.way_id[edge])
    tags = {"highway": str(network.kind[edge])}
    private = bool(network.private[edge])
    if private:
        tags["access"] = "private"
    if not decide(tags)[0]:  # it is walked because the way says so
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


def from_networkx(
    graph: nx.Graph[Any],
    *,
    crs: str = "auto",
    extent: BaseGeometry | None = None,
    min_component_m: float = 500.0,
    profile: str | None = None,
) -> WalkNetwork:
    """
    Make a walking network of a graph: of OSMnx, of `to_networkx`, or of your own.

    Parameters
    ----------
    graph
        Nodes have `x` and `y`, the graph has `crs` (degrees or projected), edges have `highway` and
        where they are not straight a `geometry`. The walk filter decides what can be walked;
        directions and doubles are treated as `streets_of` says. Lengths are measured anew on the
        ellipsoid; `base_mm` and `delay_ms`, where an edge has them, are taken as they are.
    crs
        Projected CRS in metres; by default the one a study of that place would take.
    extent
        Polygon of the data in that CRS; by default the one of `to_networkx`, else a hull.
    min_component_m
        Separate pieces shorter than this take no homes or facilities.
    profile
        Whose costs edges get that do not say theirs: `plain`, `older-adult`, `adult`,
        `wheelchair` or `pushchair`; by default that of `to_networkx`, else `plain`.

    Raises
    ------
    CrsError
        If the graph does not say its CRS, or `crs` cannot be used there.
    InputDataError
        If a node has no position, a geometry cannot be read, nothing can be walked, or the edges
        carry the costs of another profile.
    """
    streets = streets_of(graph)
    walker = known_profile(profile or streets.profile or PLAIN)
    metric = choose_crs(crs, *middle_of(streets), streets.file)
    return network_from_streets(
        streets, metric, extent=extent, min_component_m=min_component_m, profile=walker
    )


def middle_of(streets: GraphStreets) -> tuple[float, float]:
    """Longitude and latitude in the middle of the streets, degrees."""
    vertices = np.array([xy for street in streets.streets for xy in street.vertices])
    ends = np.array([vertices.min(axis=0), vertices.max(axis=0)])
    lon, lat = transform(ends[:, 0], ends[:, 1], streets.crs, WGS84)
    return require_place(float(lon.mean()), float(lat.mean()), streets.file)


def read_graphml(path: Path) -> GraphStreets:
    """
    Read the streets of a `.graphml` file, as OSMnx writes them.

    Raises
    ------
    InputDataError
        If the file is no GraphML, is damaged, or holds no street that can be walked.
    """
    import networkx as nx

    with path.open("rb") as stream:
        require_plain_xml(path, stream)
    try:
        graph = nx.read_graphml(path, force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputDataError(
            f"cannot be read as GraphML ({error}).", file=path, mend="Export it again."
        ) from None
    return streets_of(graph, file=path)


def network_from_streets(
    found: GraphStreets,
    crs: CRS,
    *,
    extent: BaseGeometry | None,
    min_component_m: float,
    profile: Profile,
    dem: Path | None = None,
) -> WalkNetwork:
    """
    Build the walking network of the streets of a graph.

    Streets join at the nodes of the graph, whatever their positions or layers. Squares are walked
    as the graph has them: there is no area left to cross. Slopes by the elevation model `dem` count
    on the streets whose costs the graph does not say.
    """
    if extent is None and found.extent is not None:
        extent = project(found.extent, WGS84, crs)
    found = _open_to(found, profile)
    streets = found.streets
    network = build_from_lines(
        [street.way for street in streets],
        [np.array(street.vertices) for street in streets],
        found.crs,
        crs,
        file=found.file,
        barriers=found.barriers,
        extent=extent,
        profile=profile,
        joints=_joints(found),
        dem=dem,
        end_tags=[found.node_tags.get(street.ends[k], {}) for k in (0, 1) for street in streets],
        least_m=0.0,
        counts={"ways_read": found.read, "ways_walkable": len(streets), "missing_nodes": 0},
        kept=dict(sorted(found.kept.items())),
        dropped=dict(sorted(found.dropped.items())),
    )
    if found.profile is not None:  # made by `to_networkx`, which says no levels
        network = replace(network, level=None)
    return _with_costs(network, found, min_component_m)


def _open_to(found: GraphStreets, profile: Profile) -> GraphStreets:
    """
    Leave out the streets that are closed to a profile.

    Raises
    ------
    InputDataError
        If the graph carries the costs of another profile, or nothing is open.
    """
    if found.profile not in (None, profile.id):
        raise InputDataError(
            f"carries the costs of the profile '{found.profile}', not of '{profile.id}'.",
            file=found.file,
            mend=f"Export it for '{profile.id}', or take the profile '{found.profile}'.",
        )
    if found.profile is not None:
        return found  # what is closed was left out when the graph was made
    streets = [street for street in found.streets if is_open(street.way.tags, profile)]
    if not streets:
        raise nothing_open(profile, found.file)
    kept, dropped = found.kept.copy(), found.dropped.copy()
    if len(streets) < len(found.streets):
        closed = [one for one in found.streets if not is_open(one.way.tags, profile)]
        kept.subtract(decide(street.way.tags)[1] for street in closed)
        dropped[FORBIDDEN] += len(closed)
    return replace(found, streets=streets, kept=+kept, dropped=dropped)


def _joints(found: GraphStreets) -> Ints:
    """Number the nodes of the graph in an order that does not depend on the graph's."""
    ends = [street.ends[0] for street in found.streets]
    ends += [street.ends[1] for street in found.streets]
    number: dict[Any, int] = {}
    return np.array([number.setdefault(node, len(number)) for node in ends], np.int64)


def _with_costs(network: WalkNetwork, found: GraphStreets, least_m: float) -> WalkNetwork:
    """Set the ids, costs and snaps that the graph says; measure and count the others."""
    streets = found.streets
    pieces = np.array([len(street.vertices) - 1 for street in streets])
    owner = np.repeat(np.arange(len(streets)), pieces)
    costs = [network.base_mm_fwd, network.base_mm_bwd, network.delay_ms_fwd, network.delay_ms_bwd]
    fwd, bwd, wait_fwd, wait_bwd = (column.copy() for column in costs)
    snaps = network.snappable.copy()
    last = np.zeros(len(snaps), bool) if network.last_resort is None else network.last_resort.copy()
    said = np.array([street.costs is not None for street in streets], bool)[owner]
    for edge, street in enumerate(streets[k] for k in owner):
        if street.costs is not None:
            (fwd[edge], wait_fwd[edge]), (bwd[edge], wait_bwd[edge]) = street.costs
        if street.takes_snaps is not None:
            snaps[edge] = street.takes_snaps
        if street.last_resort is not None:
            last[edge] = street.last_resort
    enough = long_enough(network.component, network.u, network.length_m, least_m)
    return replace(
        network,
        base_mm_fwd=fwd,
        base_mm_bwd=bwd,
        delay_ms_fwd=wait_fwd,
        delay_ms_bwd=wait_bwd,
        way_pos=_places(found, network.way_id, owner),
        snappable=snaps & enough,
        last_resort=last & enough & ~snaps,
        relief=None if network.relief is None else network.relief.without_slopes(said),
    )


def _places(found: GraphStreets, way_id: Ints, owner: Ints) -> Ints:
    """Place of each edge in its way: as the graph says if that is one to one, else counted."""
    said = [found.streets[k].place for k in owner]
    pairs = Counter(zip(way_id.tolist(), said, strict=True))
    if None not in said and max(pairs.values()) == 1:
        return np.array(said, np.int64)
    following: defaultdict[int, int] = defaultdict(int)
    places = []
    for way in way_id.tolist():
        places.append(following[way])
        following[way] += 1
    return np.array(places, np.int64)
