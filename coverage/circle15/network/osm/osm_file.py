"""Read the walkable ways, squares, barriers and gates of an OpenStreetMap file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

import numpy as np
import osmium

from circle15.errors import Circle15Error, InputDataError, clause
from circle15.inputs.files.scratch import scratch_folder
from circle15.network.osm.barrier_tags import is_barrier, is_water_area
from circle15.network.osm.osm_areas import Areas, squares_of
from circle15.network.osm.osm_lines import Line, Nodes, read_lines
from circle15.network.osm.osm_objects import NotUsed, Relation, Square, Unused, Way
from circle15.network.osm.osm_reading import osm_input
from circle15.network.osm.osm_versions import as_it_stands
from circle15.network.osm.walk_filter import decide, is_looked_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from circle15.study.vocabulary.finding import Finding

_KEYS = ("highway", "waterway", "natural", "railway", "barrier", "man_made")
_RELATION_KEYS = ("type", "highway", "railway", "man_made", "natural", "waterway")
_NODE_KEYS = ("highway", "crossing", "barrier", "kerb")
NODE_TAGS = (*_NODE_KEYS, "crossing:signals", "access", "foot", "locked", "opening_hours")
"""Keys of the tags of nodes that are kept."""
_NODE_HIGHWAYS = frozenset({"crossing", "traffic_signals", "elevator"})


@dataclass
class OsmWays:
    """The walkable ways and barriers of a file, with counts and findings."""

    file: Path
    walkable: list[Way] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)
    """Areas that can be walked across; their rims are among the walkable ways."""
    barriers: list[Way] = field(default_factory=list)
    ways_read: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    missing_nodes: int = 0
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north of the file header in degrees; None where it has none."""
    timestamp: str | None = None
    """Date in the header."""
    newest_edit: str | None = None
    """Date of the newest edit of a way that was read, where ways have dates."""
    cuts: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))
    """Nodes of walkable ways next to a missing one: longitude and latitude in units of 10⁻⁷."""
    findings: Sequence[Finding] = ()
    """Findings about objects that the file holds more than once, or deleted."""
    unused: NotUsed = field(default_factory=NotUsed)
    """Objects that could not be used, or only in part."""
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    """
    Tags of gates, crossings, signals, kerbs and lifts by node id, with the keys of `NODE_TAGS`.

    Nodes on no walkable way are included.
    """


def read_osm(path: Path) -> OsmWays:
    """
    Read an `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2` file.

    Returns
    -------
    Walkable ways and barriers in the order of their ids, nodes in WGS 84.

    Raises
    ------
    InputDataError
        If the file is empty, truncated or not an OSM file, or if it holds no walkable way.
    """
    try:
        with scratch_folder() as scratch:
            result = _read(path, scratch)
    except Circle15Error:
        raise
    except (RuntimeError, ValueError, ExpatError, osmium.InvalidLocationError) as error:
        raise InputDataError(
            f"cannot be read as OpenStreetMap data ({clause(error)}).",
            file=path,
            mend="The file may be truncated: fetch it again.",
        ) from None
    if not any(way.runs for way in result.walkable):
        raise InputDataError(
            f"holds no walkable way ({result.ways_read} ways with a highway tag).",
            file=path,
            mend="Give an extract with streets and the nodes of its ways.",
        )
    result.walkable.sort(key=lambda way: way.id)
    result.barriers.sort(key=lambda way: way.id)
    return result


def _read(path: Path, folder: Path) -> OsmWays:
    source, scratch = as_it_stands(path, folder), folder / "streets.opl"
    result = OsmWays(
        path,
        ways_read=source.gone.total(),
        dropped=source.gone.copy(),
        findings=list(source.findings),
    )
    _read_header(result)
    water: dict[int, set[int]] = {}
    areas = Areas()
    nodes = Nodes(source.below_zero)
    taken: list[tuple[Way, bool]] = []
    newest = ""
    for line in read_lines(lambda: _streets_and_barriers(source.file), scratch):
        if line.kind == "n":
            _take_node(line, result.node_tags)
        elif line.kind == "r":
            _take_relation(line, result, areas, water)
        else:
            newest = max(newest, line.edited)
            for way, is_walkable in _take(line, result):
                nodes.add(line.parts)
                taken.append((way, is_walkable))
    result.newest_edit = newest or None
    areas.settle_bare(result.walkable)
    have = {way.id: way for way, _ in taken}
    banks = set().union(*water.values()) - {way.id for way in result.barriers}
    rims = areas.members - have.keys()
    if wanted := banks | rims:  # few files need a second pass over all ways
        outer = {n for one in areas.tagged for n, role in one.members if role != "inner"}
        for line in read_lines(lambda: _ways(source.file, wanted), scratch, ids=wanted):
            way = Way(line.id, line.tags, [])
            if line.id in banks:
                result.barriers.append(way)
            have.setdefault(line.id, way)
            nodes.add(line.parts)
            taken.append((way, line.id in outer))
    _settle_nodes(result, nodes, taken)
    for number, own in water.items():
        if not own <= have.keys():
            result.unused.add(Unused.WATER_INCOMPLETE, f"relation/{number}")
    walked = {way.id for way in result.walkable}
    others = {number: way for number, way in have.items() if number not in walked}
    own_ways = len(result.walkable)
    result.squares = squares_of(result.walkable, areas, others, result.unused, result.file)
    for way in result.walkable[own_ways:]:
        result.ways_read += 1
        result.kept[decide(way.tags)[1]] += 1
    _list_broken(result)
    return result


def _settle_nodes(result: OsmWays, nodes: Nodes, taken: list[tuple[Way, bool]]) -> None:
    """Set the nodes of the ways, and record where walkable ones lack some."""
    runs, missing = nodes.hand_out()
    for (way, is_walkable), own, absent in zip(taken, runs, missing.tolist(), strict=True):
        way.runs, way.missing = own, absent
        result.missing_nodes += absent if is_walkable else 0
    walked = np.array([is_walkable for _, is_walkable in taken], bool)
    cuts = nodes.cuts()
    result.cuts = cuts[walked[cuts[:, 0]], 1:]


def _list_broken(result: OsmWays) -> None:
    """Record the walkable ways that lack nodes or have no length."""
    for way in result.walkable:
        if way.missing:
            result.unused.add(Unused.WAYS_CUT, f"way/{way.id}")
        elif not way.runs:
            result.unused.add(Unused.WAYS_EMPTY, f"way/{way.id}")


def _read_header(result: OsmWays) -> None:
    header = osmium.FileProcessor(osm_input(result.file)).header
    box = header.box()
    low, high = box.bottom_left, box.top_right
    if box.valid() and low.lon < high.lon and low.lat < high.lat:  # else the box is empty
        result.bounds = (low.lon, low.lat, high.lon, high.lat)
    result.timestamp = header.get("osmosis_replication_timestamp") or None


def _streets_and_barriers(file: Path) -> osmium.FileProcessor:
    """Return a processor of the nodes, ways and relations with tags that may matter."""
    found = osmium.FileProcessor(osm_input(file)).with_locations()
    found.with_filter(_having(osmium.osm.NODE, _NODE_KEYS))
    found.with_filter(_having(osmium.osm.WAY, _KEYS))
    return found.with_filter(_having(osmium.osm.RELATION, _RELATION_KEYS))


def _ways(file: Path, ids: set[int]) -> osmium.FileProcessor:
    """Return a processor of some ways, or of all ways where ids are negative."""
    found = osmium.FileProcessor(osm_input(file)).with_locations()
    found.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    return found if min(ids) < 0 else found.with_filter(osmium.filter.IdFilter(ids))


def _having(kind: osmium.osm.osm_entity_bits, keys: tuple[str, ...]) -> osmium.filter.KeyFilter:
    """Return a filter that drops objects of one kind without any of the keys."""
    only = osmium.filter.KeyFilter(*keys)
    only.enable_for(kind)
    return only


def _take_node(node: Line, found: dict[int, dict[str, str]]) -> None:
    """Keep the relevant tags of a gate, crossing, signal, kerb or lift."""
    tags = {key: value for key in NODE_TAGS if (value := node.tags.get(key)) is not None}
    if tags.get("highway") in _NODE_HIGHWAYS or tags.keys() & {"crossing", "barrier", "kerb"}:
        found[node.id] = tags


def _take_relation(line: Line, result: OsmWays, areas: Areas, water: dict[int, set[int]]) -> None:
    """Classify a relation: the banks of water, a walkable area, or neither."""
    if is_water_area(line.tags):
        water[line.id] = line.ways_of()
    decided = areas.take(Relation(line.id, line.tags, line.members_of()), result.unused)
    if decided is not None and not decided[0]:
        result.ways_read += 1
        result.dropped[decided[1]] += 1


def _take(line: Line, result: OsmWays) -> Iterator[tuple[Way, bool]]:
    """Classify a way: yield it as walkable (True), as a barrier (False), both or neither."""
    tags = line.tags
    if is_looked_at(tags):
        result.ways_read += 1
        keep, reason = decide(tags)
        (result.kept if keep else result.dropped)[reason] += 1
        if keep:
            result.walkable.append(Way(line.id, tags, []))
            yield result.walkable[-1], True
    if is_barrier(tags):
        result.barriers.append(Way(line.id, tags, []))
        yield result.barriers[-1], False
