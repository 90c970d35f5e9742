"""Read the ways of an OpenStreetMap file that matter to people on foot."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import osmium

from circle15.errors import InputDataError
from circle15.network.walk_filter import decide, is_barrier, is_water_area

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

_KEYS = ("highway", "waterway", "natural", "railway", "barrier")
_NODE_KEYS = ("highway", "crossing", "barrier", "kerb")
NODE_TAGS = (*_NODE_KEYS, "crossing:signals", "access", "foot", "locked", "opening_hours")
"""Tags of nodes that are looked at."""
_NODE_HIGHWAYS = frozenset({"crossing", "traffic_signals", "elevator"})
_UNDATED = datetime.fromtimestamp(0, UTC)
_ROW = 3  # numbers of a node: id, longitude, latitude
_E7 = 10_000_000  # OSM stores degrees as integers of 10⁻⁷


@dataclass
class Way:
    """
    One way: its tags and its runs of nodes.

    A way that refers to a node that is not in the file is cut there, never bridged; hence runs.
    Each is int64 of shape (nodes, 3): id, longitude and latitude, degrees in units of 10⁻⁷.
    """

    id: int
    tags: Mapping[str, str]
    runs: list[npt.NDArray[np.int64]]


@dataclass
class OsmWays:
    """The ways of a file: walkable ones, barriers, and what was counted on the way."""

    file: Path
    walkable: list[Way] = field(default_factory=list)
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
    """Date of the newest edit of a way that was looked at, where ways have dates."""
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    """
    Gates, crossings, signals, kerbs, lifts: node id to those of its tags that are in `NODE_TAGS`.

    Other nodes are left out, but not those that lie on no walkable way. Only OSM files have
    them: of a graph or a layer of edges, the tags of nodes are not read.
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
        If the file is empty, truncated or no OSM file, or if it holds no walkable way.
    """
    result = OsmWays(path)
    shelf = _Shelf()
    newest = _UNDATED
    try:
        banks = _water_members(path)
        processor = osmium.FileProcessor(str(path)).with_locations()
        processor.with_filter(osmium.filter.EntityFilter(osmium.osm.NODE | osmium.osm.WAY))
        processor.with_filter(_having(osmium.osm.NODE, _NODE_KEYS))
        if not banks:
            processor.with_filter(_having(osmium.osm.WAY, _KEYS))
        box = processor.header.box()
        low, high = box.bottom_left, box.top_right
        if box.valid() and low.lon < high.lon and low.lat < high.lat:  # else it bounds nothing
            result.bounds = (low.lon, low.lat, high.lon, high.lat)
        result.timestamp = processor.header.get("osmosis_replication_timestamp") or None
        for item in processor:
            if isinstance(item, osmium.osm.Way):
                _take(item, banks, shelf, result)
                newest = max(newest, item.timestamp)
            elif isinstance(item, osmium.osm.Node):
                _take_node(item, result.node_tags)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise InputDataError(
            f"cannot be read as OpenStreetMap data ({error}).",
            file=path,
            mend="The file may be truncated: fetch it again.",
        ) from None
    shelf.hand_out()
    if not any(way.runs for way in result.walkable):
        raise InputDataError(
            f"holds no walkable way ({result.ways_read} ways with a highway tag).",
            file=path,
            mend="Give an extract with streets, its nodes before its ways, and no ids below 0.",
        )
    if newest > _UNDATED:
        result.newest_edit = newest.strftime("%Y-%m-%dT%H:%M:%SZ")
    result.walkable.sort(key=lambda way: way.id)
    result.barriers.sort(key=lambda way: way.id)
    return result


def _having(kind: osmium.osm.osm_entity_bits, keys: tuple[str, ...]) -> osmium.filter.KeyFilter:
    """Let pass, of one kind, only what has one of the keys."""
    only = osmium.filter.KeyFilter(*keys)
    only.enable_for(kind)
    return only


def _water_members(path: Path) -> set[int]:
    """Ids of the ways that are banks of a water area made of several ways."""
    relations = osmium.FileProcessor(str(path), osmium.osm.RELATION)
    relations.with_filter(osmium.filter.KeyFilter("natural", "waterway"))
    return {
        member.ref
        for relation in relations
        if isinstance(relation, osmium.osm.Relation) and is_water_area(dict(relation.tags))
        for member in relation.members
        if member.type == "w"
    }


def _take_node(node: osmium.osm.Node, found: dict[int, dict[str, str]]) -> None:
    """Keep what matters of a node; of an id that the file holds twice, the first one counts."""
    if node.deleted or not node.visible or node.id in found:
        return
    tags = {key: value for key in NODE_TAGS if (value := node.tags.get(key)) is not None}
    if tags.get("highway") in _NODE_HIGHWAYS or tags.keys() & {"crossing", "barrier", "kerb"}:
        found[node.id] = tags


class _Shelf:
    """
    The nodes of all ways, one behind the other in one array, and the ids of the ways so far.

    A list of tuples would take seven times the memory.
    """

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.places = array("q")
        self.runs: list[tuple[Way, int, int]] = []

    def put(self, way: Way, nodes: osmium.osm.WayNodeList) -> int:
        """
        Add the nodes of a way, and count those that the file does not hold.

        The way is cut where a node is missing; immediate repeats are left out.
        """
        places, start, last, missing = self.places, len(self.places), None, 0
        for node in nodes:
            place, ref = node.location, node.ref
            if not place.valid():
                missing += 1
                self._end(way, start)
                start, last = len(places), None
            elif ref != last:
                places.extend((ref, place.x, place.y))
                last = ref
        self._end(way, start)
        return missing

    def _end(self, way: Way, start: int) -> None:
        if len(self.places) - start > _ROW:
            self.runs.append((way, start // _ROW, len(self.places) // _ROW))

    def hand_out(self) -> None:
        """Give the ways their runs, as views into one array."""
        nodes = np.frombuffer(self.places, np.int64).reshape(-1, _ROW)
        for way, start, stop in self.runs:
            way.runs.append(nodes[start:stop])


def _take(way: osmium.osm.Way, banks: set[int], shelf: _Shelf, result: OsmWays) -> None:
    """Sort one way; files that were joined may hold one twice."""
    tags = {tag.k: tag.v for tag in way.tags}
    if way.deleted or not way.visible or way.id in shelf.seen:
        if "highway" in tags:
            result.ways_read += 1
            result.dropped["repeated_id" if way.id in shelf.seen else "deleted"] += 1
        return
    shelf.seen.add(way.id)
    barrier = way.id in banks or is_barrier(tags)
    if "highway" in tags:
        result.ways_read += 1
        keep, reason = decide(tags)
        (result.kept if keep else result.dropped)[reason] += 1
        if keep:
            result.walkable.append(Way(way.id, tags, []))
            result.missing_nodes += shelf.put(result.walkable[-1], way.nodes)
    if barrier:
        result.barriers.append(Way(way.id, tags, []))
        shelf.put(result.barriers[-1], way.nodes)


def degrees(value_e7: int) -> float:
    """
    Turn an OSM integer into degrees.

    Examples
    --------
    >>> degrees(1203000000)
    120.3
    """
    return value_e7 / _E7
