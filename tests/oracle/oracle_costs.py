"""
The costs of edges, computed independently: one edge of a file at a time, without arrays.

It reads the raw tags of ways and nodes and follows the rules that the report prints; the numbers
of the profile are written here and not read from the product's tables.
"""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import osmium

from tests.oracle.oracle_network import (
    WGS84,
    _read_objects,
    _steps,
    walked_ways,
)
from tests.oracle.oracle_tags import foot_directions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UP, DOWN = Fraction(100, 35), Fraction(2)
"""Stairs for the older adult: 0.35 and 0.5 of the speed on level ground."""
SIGNAL_MS, ROAD_MS, LIFT_MS = 20_000, 10_000, 45_000
NEAR_M = 40.0
MAIN = {"trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"}
ROUGH = {
    1.1: "unpaved compacted fine_gravel gravel dirt earth ground pebblestone rock stone woodchips "
    "sett cobblestone unhewn_cobblestone grass_paver",
    1.2: "grass",
    1.8: "mud",
    2.1: "sand",
}
FOOT = {
    "footway",
    "path",
    "steps",
    "pedestrian",
    "corridor",
    "platform",
    "elevator",
    "bridleway",
    "cycleway",
    "track",
}


class Cost(NamedTuple):
    """Of one edge; None where there is no way."""

    base_mm_fwd: int | None
    base_mm_bwd: int | None
    delay_ms_fwd: int
    delay_ms_bwd: int


class Piece(NamedTuple):
    """An edge of the file."""

    way: int
    u: int
    v: int
    length_m: float


def ratio(tags: Mapping[str, str], forward: bool) -> float:
    """Metres of flat street per metre."""
    if tags.get("highway", "path") != "steps":
        for factor, surfaces in ROUGH.items():
            if tags.get("surface") in surfaces.split():
                return factor
        return 1.0
    if tags.get("conveying", "no") != "no":
        return 0.0
    incline = tags.get("incline", "").replace(" ", "")
    rising = None
    if incline in ("up", "down"):
        rising = incline == "up"
    elif incline.rstrip("%°").lstrip("-").replace(".", "", 1).isdigit():
        rising = not incline.startswith("-")
    if rising is None:
        return (float(UP) + float(DOWN)) / 2
    return float(UP if rising == forward else DOWN)


def signals(tags: Mapping[str, str]) -> bool:
    """Whether there are signals for people on foot here."""
    crossing = tags.get("crossing")
    if crossing == "no":
        return False
    lights = ("traffic_signals", "toucan", "pelican", "puffin", "pegasus")
    return (
        tags.get("highway") == "traffic_signals"
        or crossing in lights
        or tags.get("crossing:signals", "no") != "no"
    )


def crossing_way(tags: Mapping[str, str]) -> bool:
    """Whether the way is a crossing and nothing else."""
    return tags.get("highway", "path") in FOOT and (
        "crossing" in (tags.get("footway"), tags.get("path"), tags.get("cycleway"))
        or tags.get("crossing", "no") != "no"
    )


class Costs:
    """The costs of all edges of an OSM file for the older adult."""

    def __init__(self, path: Path) -> None:
        nodes, ways, relations = _read_objects(path)
        self.ways = dict(sorted(walked_ways(ways, relations)[0].items()))
        self.node_tags = {
            item.id: {tag.k: tag.v for tag in item.tags}
            for item in osmium.FileProcessor(str(path), osmium.osm.NODE)
            if isinstance(item, osmium.osm.Node) and item.tags
        }
        self.pieces = [
            Piece(way, u, v, WGS84.inv(*nodes[u], *nodes[v])[2])
            for way in self.ways
            for _, u, v in _steps(ways[way].refs, nodes)
        ]
        self.at: dict[int, list[Piece]] = defaultdict(list)
        self.of: dict[int, list[Piece]] = defaultdict(list)
        for piece in self.pieces:
            self.of[piece.way].append(piece)
            self.at[piece.u].append(piece)
            self.at[piece.v].append(piece)
        self.with_signals = {n for n in self.at if signals(self.node_tags.get(n, {}))}
        self.junctions = {n for n in self.with_signals if self.is_junction(n)}
        for node in self.with_signals:
            if not self.is_junction(node) and not any(self.is_foot(p) for p in self.at[node]):
                self.junctions |= self.junctions_near(node)

    def all(self) -> list[Cost]:
        """Cost of every edge, in the order of ways and their nodes."""
        return [self.cost(piece) for piece in self.pieces]

    def is_foot(self, piece: Piece) -> bool:
        return self.ways[piece.way].get("highway", "path") in FOOT

    def roads(self, node: int) -> list[Piece]:
        return [piece for piece in self.at[node] if not self.is_foot(piece)]

    def is_junction(self, node: int) -> bool:
        """Three arms or more; a loop that begins and ends here has two."""
        return len(self.roads(node)) >= 3

    def is_main(self, piece: Piece) -> bool:
        return self.ways[piece.way].get("highway", "path") in MAIN

    def junctions_near(self, start: int) -> set[int]:
        """The next junction along each arm of a street, if it is near."""
        found = set()
        for arm in self.roads(start):
            node = arm.v if arm.u == start else arm.u
            walked, last = arm.length_m, arm
            while walked <= NEAR_M and len(self.roads(node)) == 2 and node != start:
                (onward,) = (p for p in self.roads(node) if p is not last)
                node = onward.v if onward.u == node else onward.u
                walked, last = walked + onward.length_m, onward
            if walked <= NEAR_M and self.is_junction(node):
                found.add(node)
        return found

    def wait_at(self, node: int, piece: Piece) -> int:
        """The part of the wait of a crossing node that an edge gets."""
        if crossing_way(self.ways[piece.way]):
            return 0
        if node in self.junctions:
            return SIGNAL_MS
        if node in self.with_signals:
            return SIGNAL_MS if self.is_foot(piece) else 0
        tags = self.node_tags.get(node, {})
        crossing = tags.get("crossing", "yes" if tags.get("highway") == "crossing" else "no")
        over_main = any(self.is_main(p) for p in self.at[node]) and not self.is_main(piece)
        return ROAD_MS if crossing != "no" and over_main else 0

    def wait_of_way(self, way: int) -> int:
        tags = self.ways[way]
        its_nodes = {n for piece in self.of[way] for n in (piece.u, piece.v)}
        if crossing_way(tags):
            if signals(tags) or its_nodes & self.with_signals:
                return SIGNAL_MS
            if any(self.is_main(p) for n in its_nodes for p in self.at[n]):
                return ROAD_MS
        return LIFT_MS if tags.get("highway", "path") == "elevator" else 0

    def cost(self, piece: Piece) -> Cost:
        tags = self.ways[piece.way]
        forward, backward = foot_directions(tags)
        mm = [math.floor(piece.length_m * 1000 * ratio(tags, f) + 0.5) for f in (True, False)]
        at_u, at_v = self.wait_at(piece.u, piece), self.wait_at(piece.v, piece)
        if at_u and at_v and piece.length_m <= NEAR_M:
            at_u = at_v = 0
        if tags.get("highway", "path") != "elevator":
            for node in (piece.u, piece.v):
                if self.node_tags.get(node, {}).get("highway") == "elevator":
                    at_u += LIFT_MS if node == piece.u else 0
                    at_v += LIFT_MS if node == piece.v else 0
        assert at_u % 2 == at_v % 2 == 0  # so halves are halves
        share = self.share_of_way(piece)
        if tags.get("highway", "path") == "steps" and tags.get("conveying", "no") != "no":
            share += math.floor(piece.length_m / 0.43 * 1000 + 0.5)
        wait = at_u // 2 + at_v // 2 + share
        return Cost(mm[0] if forward else None, mm[1] if backward else None, wait, wait)

    def share_of_way(self, piece: Piece) -> int:
        """Its part of the wait of its way: that up to its end minus that up to its start."""
        wait = self.wait_of_way(piece.way)
        if not wait:
            return 0
        pieces = self.of[piece.way]
        total = math.fsum(p.length_m for p in pieces)
        place = next(k for k, p in enumerate(pieces) if p is piece)
        before, after = (
            math.floor(wait * math.fsum(p.length_m for p in pieces[:k]) / total + 0.5)
            for k in (place, place + 1)
        )
        return after - before
