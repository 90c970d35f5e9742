"""Build the walking network from the ways of a file or from a layer of edges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyproj
import shapely

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crs.datum_shifts import require_known_place
from circle15.inputs.crs.moved_shapes import project
from circle15.inputs.crs.positions import WGS84, as_several, on_earth, to_metric, transform
from circle15.inputs.shapes import multipoint
from circle15.network.barriers.osm_barriers import osm_barriers
from circle15.network.costs.crossings import TaggedEdges
from circle15.network.costs.elevation import open_dem
from circle15.network.costs.impedance import FORBIDDEN, edge_costs, is_open
from circle15.network.costs.slope import measure_relief
from circle15.network.osm.osm_objects import NotUsed
from circle15.network.osm.snap_rule import takes_last_snaps, takes_snaps
from circle15.network.osm.tags import by_tags
from circle15.network.osm.walk_filter import decide, directions, is_bridge, is_tunnel, kind_of
from circle15.network.topology.compounds import is_locked, is_private
from circle15.network.topology.divided_roads import is_carriageway
from circle15.network.topology.junctions import (
    differs_from_before,
    join_vertices,
    level_of,
    same_ends,
)
from circle15.network.topology.squares import with_crossings
from circle15.network.walk_network import EXIT_MARGIN_M, WalkNetwork, long_enough, node_components
from circle15.study.limits import EDGE_MM
from circle15.study.vocabulary.profiles import PLAIN, profiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints
    from circle15.network.barriers.osm_barriers import BarrierLines
    from circle15.network.osm.osm_file import OsmWays
    from circle15.network.osm.osm_objects import Square, Way
    from circle15.network.relief import Relief
    from circle15.network.topology.line_vertices import LineVertices
    from circle15.study.database_tables import Source
    from circle15.study.settings.records import NetworkSource
    from circle15.study.vocabulary.profiles import Profile


_GEOD = pyproj.Geod(ellps="WGS84")
MAX_HULL_NODES = 100_000
MAX_EDGE_KM = EDGE_MM.most // 1_000_000  # times of this and any speed stay in 64 bits


def build_network(
    ways: OsmWays,
    crs: CRS,
    source: NetworkSource,
    *,
    extent: BaseGeometry | None = None,
    profile: Profile | None = None,
) -> WalkNetwork:
    """
    Build the walking network of an OSM file.

    Parameters
    ----------
    crs
        Projected metric CRS of the study.
    source
        How squares and short components are treated, and the elevation model.
    extent
        Polygon of the data in the study CRS; by default the bounds of the file's header, else a
        concave hull of the walkable nodes.
    profile
        Walking profile whose costs the edges carry; by default `plain`. Ways that are closed to
        it are counted as dropped.

    Raises
    ------
    InputDataError
        If an edge is longer than 1,000 km, a sign of broken coordinates.
    """
    profile = profile or profiles()[PLAIN]
    walkable, kept, dropped = _open_to(ways, profile)
    open_ways = len(walkable)
    if source.squares == "cross":
        holes = [rim for square in ways.squares for rim in square.hole_rims]
        walkable = _with_rims(walkable, [rim for rim in holes if is_open(rim.tags, profile)])
    node_id, lon, lat, run_nodes = _nodes(walkable)
    x, y = to_metric(lon, lat, crs)
    u, v, owner, place = _segments(run_nodes)
    around = NotUsed()
    if source.squares == "cross":
        walkable, owner = _with_namesakes(walkable, owner, ways.squares, profile)
        (u, v, owner, place), around = with_crossings(
            ways.squares, walkable, (u, v, owner, place), node_id, crs, file=ways.file
        )
    length_m = ellipsoidal_m(lon, lat, u, v)
    _refuse_giants(length_m, ways.file)
    extent, extent_source = _extent(ways, crs, extent, x, y)
    return _assemble(
        crs,
        (x, y),
        (u, v, owner, place),
        length_m,
        walkable,
        dem=source.dem,
        profile=profile,
        node_tags=_numbered(ways.node_tags, node_id),
        least_m=float(source.min_component_m),
        extent=extent,
        extent_source=extent_source,
        **osm_barriers(ways).of_network(WGS84, crs),
        counts={
            "ways_read": ways.ways_read,
            "ways_walkable": open_ways,
            "missing_nodes": ways.missing_nodes,
        },
        kept=kept,
        dropped=dropped,
        unused=ways.unused.and_also(around).found,
        data_date=ways.timestamp or ways.newest_edit,
        data_date_source=_date_source(ways),
        gates=(gates := _locked_gates(ways, node_id)),
        gate_ids=node_id[gates],
        carriageways=_carriageways(walkable, owner),
    )


def _open_to(ways: OsmWays, profile: Profile) -> tuple[list[Way], dict[str, int], dict[str, int]]:
    """Return the walkable ways open to a profile, and the counts of kept and dropped ways."""
    walkable = [way for way in ways.walkable if is_open(way.tags, profile)]
    kept, dropped = ways.kept.copy(), ways.dropped.copy()
    if len(walkable) < len(ways.walkable):
        closed = [way for way in ways.walkable if not is_open(way.tags, profile)]
        kept.subtract(decide(way.tags)[1] for way in closed)
        dropped[FORBIDDEN] += len(closed)
        if not any(way.runs for way in walkable):
            raise nothing_open(profile, ways.file)
    return walkable, dict(sorted((+kept).items())), dict(sorted(dropped.items()))


def _with_rims(walkable: list[Way], rims: Sequence[Way]) -> list[Way]:
    """Return the ways with the rims of holes added, each once, ordered by id."""
    own = {way.id for way in walkable}
    extra = {rim.id: rim for rim in rims if rim.id not in own}
    return sorted([*walkable, *extra.values()], key=lambda way: way.id)


def _with_namesakes(
    walkable: list[Way], owner: Ints, squares: Sequence[Square], profile: Profile
) -> tuple[list[Way], Ints]:
    """Add the ways without nodes that give squares their id and tags, ordered by id."""
    have = {id(way) for way in walkable}
    extra = [s.way for s in squares if not s.way.runs and is_open(s.way.tags, profile)]
    every = walkable + [way for way in extra if id(way) not in have]
    order = sorted(range(len(every)), key=lambda k: (every[k].id, k))
    moved = np.empty(len(every), np.int64)
    moved[order] = np.arange(len(every))
    return [every[k] for k in order], moved[owner]


def nothing_open(profile: Profile, file: Source) -> InputDataError:
    """Return the error for a network that has no way open to a profile."""
    return InputDataError(
        f"holds no way that is open to the profile '{profile.id}'.",
        file=file,
        mend="Take another [walk] profile.",
    )


def _numbered(tags: Mapping[int, dict[str, str]], node_id: Ints) -> dict[int, dict[str, str]]:
    """Return the tags keyed by the index of the node instead of its id."""
    ids = np.array(sorted(tags), np.int64)
    place = np.minimum(np.searchsorted(node_id, ids), len(node_id) - 1)
    pairs = zip(place.tolist(), ids.tolist(), (node_id[place] == ids).tolist(), strict=True)
    return {index: tags[node] for index, node, is_used in pairs if is_used}


def _nodes(ways: Sequence[Way]) -> tuple[Ints, Floats, Floats, list[tuple[int, Ints]]]:
    """Number the nodes by id; return ids, degrees and each run as (way index, node indices)."""
    flat = np.concatenate([run for way in ways for run in way.runs])
    node_id, first, inverse = np.unique(flat[:, 0], return_index=True, return_inverse=True)
    # Degrees from integers of 10⁻⁷: the same division as everywhere, so the same bits.
    lon, lat = flat[first, 1] / 10_000_000, flat[first, 2] / 10_000_000
    runs, start = [], 0
    for index, way in enumerate(ways):
        for run in way.runs:
            runs.append((index, inverse[start : start + len(run)].astype(np.int64)))
            start += len(run)
    return node_id, lon, lat, runs


def _date_source(ways: OsmWays) -> Literal["header", "newest_edit"] | None:
    if ways.timestamp is not None:
        return "header"
    return None if ways.newest_edit is None else "newest_edit"


def _locked_gates(ways: OsmWays, node_id: Ints) -> Ints:
    """Return the indices of the nodes that are locked gates, of those on walkable ways."""
    locked = [node for node, tags in ways.node_tags.items() if is_locked(tags)]
    return np.flatnonzero(np.isin(node_id, np.array(locked, np.int64)))


def _carriageways(ways: Sequence[Way], owner: Ints) -> Ints:
    """Return the edges of ways that may be one side of a divided road."""
    return np.flatnonzero(np.array([is_carriageway(way.tags) for way in ways], bool)[owner])


def _segments(runs: Sequence[tuple[int, Ints]]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return an edge per pair of consecutive nodes: ends, way index and position in the way."""
    nodes = np.concatenate([nodes for _, nodes in runs])
    way = np.repeat(np.array([i for i, _ in runs], np.int64), [len(nodes) for _, nodes in runs])
    run = np.repeat(np.arange(len(runs)), [len(nodes) for _, nodes in runs])
    return _segments_between(nodes, run, way)


def _segments_between(
    nodes: Ints, run: Ints, way: Ints | None = None
) -> tuple[Ints, Ints, Ints, Ints]:
    """Return an edge per pair of consecutive nodes of a run, as `_segments`."""
    inside = run[1:] == run[:-1]
    u, v, owner = nodes[:-1][inside], nodes[1:][inside], (run if way is None else way)[1:][inside]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    place = np.arange(len(owner)) - np.repeat(starts, np.diff(np.r_[starts, len(owner)]))
    return u, v, owner, place


def ellipsoidal_m(lon: Floats, lat: Floats, u: Ints, v: Ints) -> Floats:
    """Return the ellipsoidal lengths of edges between nodes in degrees, metres."""
    (lon_u, lat_u), (lon_v, lat_v) = ((as_several(lon[k]), as_several(lat[k])) for k in (u, v))
    return np.asarray(_GEOD.inv(lon_u, lat_u, lon_v, lat_v)[2], np.float64)


def _refuse_giants(length_m: Floats, file: Source) -> None:
    longest = length_m.max(initial=0.0)
    if not longest <= MAX_EDGE_KM * 1000:
        raise InputDataError(
            f"a way has a piece of {longest / 1000:.0f} km.", file=file, mend="Fix its nodes."
        )


def _extent(
    ways: OsmWays, crs: CRS, given: BaseGeometry | None, x: Floats, y: Floats
) -> tuple[BaseGeometry, str]:
    if given is not None:
        return given, "given"
    if ways.bounds is not None:
        return project_box(ways.bounds, crs), "header"
    return hull_extent(x, y), "hull"


def hull_extent(x: Floats, y: Floats) -> BaseGeometry:
    """
    Estimate the extent of data that does not state one: a concave hull of its nodes, metres.

    More than 100,000 nodes are thinned to one in each square of 50 m (or larger): a hull of
    millions takes minutes, and nodes so near the boundary of the extent are exits anyway.
    """
    cell_m = EXIT_MARGIN_M
    while len(x) > MAX_HULL_NODES:
        cells = np.column_stack([np.floor(x / cell_m), np.floor(y / cell_m)]).astype(np.int64)
        first = np.unique(cells[:, 0] * (1 << 32) + cells[:, 1], return_index=True)[1]
        x, y = x[first], y[first]
        cell_m *= 1.5
    return shapely.concave_hull(multipoint(x, y), ratio=0.1)


def project_box(bounds: tuple[float, float, float, float], crs: CRS) -> BaseGeometry:
    """Project a box of degrees (west, south, east, north), its sides densified to stay curves."""
    box: BaseGeometry = shapely.box(*bounds)
    return project(shapely.segmentize(box, max(bounds[2] - bounds[0], 1e-6) / 32), WGS84, crs)


def _assemble(
    crs: CRS,
    position: tuple[Floats, Floats],
    edges: tuple[Ints, Ints, Ints, Ints],
    length_m: Floats,
    ways: Sequence[Way],
    *,
    dem: Path | None,
    profile: Profile,
    node_tags: Mapping[int, Mapping[str, str]],
    least_m: float,
    **rest: Any,
) -> WalkNetwork:
    """Build the network of the edges of ways: slopes, costs, directions and snapping."""
    u, v, owner, place = edges
    tags = [way.tags for way in ways]
    relief = None if dem is None else relief_of((dem, crs), position, edges, length_m, tags)
    if relief is not None and not profile.plain:
        stairs = np.array([t.get("highway") == "steps" for t in tags], bool)[owner]
        relief = relief.without_slopes(stairs)  # their ratio holds the climb
    slope_fwd, slope_bwd = (relief.ratio_fwd, relief.ratio_bwd) if relief else (1.0, 1.0)
    costs = edge_costs(
        profile,
        TaggedEdges(tags, node_tags, u, v, owner, length_m, len(position[0])),
        np.array(by_tags(tags, directions), bool),
        slope_fwd=slope_fwd,
        slope_bwd=slope_bwd,
    )
    if relief is not None:
        relief = replace(relief, flat_mm_fwd=costs.flat_mm_fwd, flat_mm_bwd=costs.flat_mm_bwd)
    snap = np.array(by_tags(tags, takes_snaps), bool)[owner]
    last = np.array(by_tags(tags, takes_last_snaps), bool)[owner]
    private = np.array(by_tags(tags, is_private), bool)
    kinds = np.array(by_tags(tags, kind_of), dtype=object)
    enough = long_enough(node_components(len(position[0]), u, v), u, length_m, least_m)
    return WalkNetwork(
        crs=crs,
        x_m=position[0],
        y_m=position[1],
        u=u,
        v=v,
        length_m=length_m,
        base_mm_fwd=costs.base_mm_fwd,
        base_mm_bwd=costs.base_mm_bwd,
        delay_ms_fwd=costs.delay_ms_fwd,
        delay_ms_bwd=costs.delay_ms_bwd,
        way_id=np.array([way.id for way in ways], np.int64)[owner],
        way_pos=place,
        kind=kinds[owner],
        private=private[owner],
        snappable=snap & enough,
        last_resort=last & enough,
        could_snap=(snap, last),
        profile=profile.id,
        names={way.id: name for way in ways if (name := way.tags.get("name", "").strip())},
        relief=relief,
        **rest,
    )


def relief_of(
    source: tuple[Path, CRS],
    position: tuple[Floats, Floats],
    edges: tuple[Ints, Ints, Ints, Ints],
    length_m: Floats,
    tags: Sequence[Mapping[str, str]],
) -> Relief:
    """Measure the slopes of edges from a DEM; `source` is its path and the CRS of the nodes."""
    dem, crs = source
    u, v, owner, _ = edges
    spans = np.array([is_bridge(t) or is_tunnel(t) for t in tags], bool)[owner]
    stairs = np.array([t.get("highway") == "steps" for t in tags], bool)[owner]
    return measure_relief(
        open_dem(dem), crs, position, (u, v), length_m, spans=spans, stairs=stairs
    )


def build_from_lines(
    ways: Sequence[Way],
    vertices: LineVertices,
    line_crs: CRS,
    crs: CRS,
    *,
    file: Source,
    barriers: BarrierLines,
    extent: BaseGeometry | None,
    profile: Profile,
    joints: Ints | None = None,
    dem: Path | None = None,
    end_tags: Sequence[Mapping[str, str]] = (),
    **rest: Any,
) -> WalkNetwork:
    """
    Build the walking network of a layer of lines.

    Lines join where they share a vertex (`join_vertices`); with `joints`, at their ends only.

    Parameters
    ----------
    ways, vertices
        One way per line (id and tags; lines may share these) and its vertices, in `line_crs`.
    joints : shape (2 * lines,)
        Numbers of the nodes at all first ends, then at all last ends, where they are known.
    dem
        Elevation model for the slopes; without one streets are flat.
    profile
        Walking profile whose costs the edges carry; all ways must be open to it.
    end_tags
        Tags of the nodes at all first ends, then at all last ends, where they are known.

    Raises
    ------
    CrsError
        If a vertex lies where its CRS is not defined.
    """
    flat, sizes = vertices.xy, vertices.sizes
    require_known_place(flat[:, 0], flat[:, 1], line_crs, file)
    x, y = transform(flat[:, 0], flat[:, 1], line_crs, crs)
    if not on_earth(x, y).all():
        raise CrsError(
            f"has coordinates that {line_crs.name} does not have.",
            file=file,
            mend="Assign the CRS that the layer was made in.",
        )
    lon, lat = transform(flat[:, 0], flat[:, 1], line_crs, WGS84)
    ends = np.r_[vertices.starts, vertices.starts + sizes - 1]
    line = np.repeat(np.arange(len(sizes)), sizes)
    level = np.array(by_tags([way.tags for way in ways], level_of), np.int64)
    if joints is None:
        same = join_vertices(x, y, line, level)
    else:
        same = same_ends(ends, joints, len(flat))
    used, number = np.unique(same, return_inverse=True)
    number = number.astype(np.int64)
    # Vertices of a layer that share a millimetre are one node.
    nodes = np.ones(len(number), bool) if joints is not None else differs_from_before(number, line)
    u, v, owner, place = _segments_between(number[nodes], line[nodes])
    length_m = ellipsoidal_m(lon[used], lat[used], u, v)
    _refuse_giants(length_m, file)
    node_tags = {int(number[end]): t for end, t in zip(ends, end_tags, strict=False) if t}
    return _assemble(
        crs,
        (x[used], y[used]),
        (u, v, owner, place),
        length_m,
        ways,
        dem=dem,
        profile=profile,
        node_tags=node_tags,
        gates=np.array(sorted(n for n, t in node_tags.items() if is_locked(t)), np.int64),
        extent=extent if extent is not None else hull_extent(x[used], y[used]),
        extent_source="given" if extent is not None else "hull",
        level=level[owner],
        **barriers.of_network(line_crs, crs),
        **rest,
    )
