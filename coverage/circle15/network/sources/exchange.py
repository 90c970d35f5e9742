"""Build a walking network from a graph of OSMnx or networkx."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from xml.etree.ElementTree import ParseError

import numpy as np

from circle15.errors import InputDataError, clause
from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.crs.positions import WGS84, choose_crs, require_place, transform
from circle15.inputs.formats.packed import require_plain_xml
from circle15.inputs.frames import area_in, require_word
from circle15.network.build import build_from_lines, nothing_open
from circle15.network.costs.impedance import FORBIDDEN, is_open
from circle15.network.osm.walk_filter import decide
from circle15.network.sources.graph_streets import NO_ID, GraphStreets, streets_of
from circle15.network.topology.line_vertices import LineVertices
from circle15.network.walk_network import Gated, Walls, long_enough
from circle15.study.vocabulary.profiles import PLAIN, known_profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import networkx as nx
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Ints
    from circle15.network.osm.osm_objects import Way
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.vocabulary.profiles import Profile


def network_from_graph(
    graph: nx.Graph[Any],
    *,
    crs: str = "auto",
    profile: str | None = None,
    extent: gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    gated: Gated = "open",
    walls: Walls = "prefer",
    min_component_m: float = 500.0,
) -> WalkNetwork:
    """
    Build a walking network from a graph: of OSMnx, of `WalkNetwork.to_graph`, or your own.

    Parameters
    ----------
    graph
        Nodes have `x` and `y`, the graph has `crs` (degrees or projected), edges have `highway` and
        where they are not straight a `geometry`. The walk filter decides what can be walked;
        directions and duplicates are treated as in `streets_of`. Lengths are computed again on the
        ellipsoid; `base_mm` and `delay_ms`, where an edge has them, are used unchanged.
    crs
        Projected CRS in metres; `auto` chooses the one that a study of that place would use.
    profile
        Walking profile for edges without costs of their own: `plain`, `older-adult`, `adult`,
        `wheelchair` or `pushchair`; by default that of `WalkNetwork.to_graph`, else `plain`, whose
        costs are lengths alone.
    extent
        Polygons of the data, in any CRS; people near their boundary may walk out of the data. By
        default those of `WalkNetwork.to_graph`, else a hull around the nodes.
    gated
        Who may use the ways of compounds: all (`open`), residents on their way out (`residents`),
        or only walks within one compound (`closed`).
    walls
        How access legs treat walls, fences and hedges: `prefer` legs that cross none, `stop` at
        them, or `ignore` them.
    min_component_m
        Connected parts shorter than this, metres, take no homes or facilities.

    Returns
    -------
    The network, in its projected CRS.

    Raises
    ------
    CrsError
        If the graph or the extent has no CRS, or `crs` cannot be used there.
    InputDataError
        If a node has no position, a geometry cannot be read, nothing can be walked, or the edges
        carry the costs of another profile.

    Examples
    --------
    >>> import circle15 as c15
    >>> import networkx as nx
    >>> street = nx.MultiDiGraph(crs="EPSG:4549")
    >>> street.add_nodes_from([(7, {"x": 5e5, "y": 3.49e6}), (8, {"x": 500300, "y": 3.49e6})])
    >>> edge = street.add_edge(7, 8, highway="residential")
    >>> network = c15.network_from_graph(street)
    >>> network.crs.to_string(), network.length_m.round().tolist()
    ('EPSG:4549', [300.0])
    """
    require_word("gated", gated, get_args(Gated))
    require_word("walls", walls, get_args(Walls))
    streets = streets_of(graph)
    walker = known_profile(profile or streets.profile or PLAIN)
    metric = choose_crs(crs, *middle_of(streets), streets.file)
    network = network_from_streets(
        streets,
        metric,
        extent=None if extent is None else area_in(extent, metric, "extent"),
        min_component_m=min_component_m,
        profile=walker,
    )
    return replace(network, gated=gated, walls=walls)


def middle_of(streets: GraphStreets) -> tuple[float, float]:
    """Return the longitude and latitude of the middle of the streets, degrees."""
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
        If the file is not GraphML, is damaged, or holds no walkable street.
    """
    import networkx as nx

    with path.open("rb") as stream:
        require_plain_xml(path, stream)
    try:
        graph = nx.read_graphml(path, force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputDataError(
            f"cannot be read as GraphML ({clause(error)}).", file=path, mend="Export it again."
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
    along their edges in the graph, which holds no areas to cross. Slopes from the elevation model
    `dem` apply to the streets for which the graph states no costs.
    """
    if extent is None and found.extent is not None:
        extent = project(found.extent, WGS84, crs)
    found = _open_to(found, profile)
    streets = found.streets
    network = build_from_lines(
        _with_ids([street.way for street in streets]),
        LineVertices(
            np.array([xy for street in streets for xy in street.vertices], np.float64),
            np.array([len(street.vertices) for street in streets], np.int64),
        ),
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
    if found.profile is not None:  # made by `WalkNetwork.to_graph`, which writes no levels
        network = replace(network, level=None)
    return _with_costs(network, found, min_component_m)


def _with_ids(ways: Sequence[Way]) -> list[Way]:
    """Give ways without an id (-1) one of their own, negative: names go by the ids."""
    lowest = min((way.id for way in ways), default=0)
    return [
        replace(way, id=lowest - 1 - k) if way.id == NO_ID else way for k, way in enumerate(ways)
    ]


def _open_to(found: GraphStreets, profile: Profile) -> GraphStreets:
    """
    Return the streets that are open to a profile.

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
        return found  # closed streets were dropped when the graph was made
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
    """Set the positions, costs and snaps that the graph states; compute the others."""
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
    relief = network.relief
    if relief is not None:
        # What is stated holds the slopes, if any; it is taken as level.
        flat = [
            None if one is None else np.where(said, stated, one)
            for one, stated in ((relief.flat_mm_fwd, fwd), (relief.flat_mm_bwd, bwd))
        ]
        relief = replace(relief.without_slopes(said), flat_mm_fwd=flat[0], flat_mm_bwd=flat[1])
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
        could_snap=network.could_snap
        if all(street.takes_snaps is None for street in streets)
        else None,
        relief=relief,
    )


def _places(found: GraphStreets, way_id: Ints, owner: Ints) -> Ints:
    """Return the position of each edge in its way: from the graph if unique, else counted."""
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
