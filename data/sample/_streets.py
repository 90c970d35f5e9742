"""The street network of the invented city, as OpenStreetMap nodes and ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import osmium
from _city import SEED, Block, City, Floats, to_degrees, water

Key = tuple[object, ...]

CLASSES: Final = ("primary", "secondary", "tertiary")
_DIGITS: Final = "零一二三四五六七八九"
_LEVEL: Final[dict[str, dict[str, str]]] = {
    "road": {},
    "bridge": {"bridge": "yes", "layer": "1"},
    "tunnel": {"tunnel": "yes", "layer": "-1"},
}


@dataclass
class Streets:
    """Nodes by key (shared exactly where ways join) and ways as (keys, tags)."""

    city: City
    nodes: dict[Key, Floats] = field(default_factory=dict)
    node_tags: dict[Key, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[Key], dict[str, str]]] = field(default_factory=list)
    walked: dict[Block, list[Key]] = field(default_factory=dict)
    gates: set[Key] = field(default_factory=set)

    def at(self, gi: float, gj: float) -> Key:
        """Return the node on the grid at line numbers that are multiples of a quarter."""
        key: Key = ("grid", round(gi * 4), round(gj * 4))
        if key not in self.nodes:
            self.nodes[key] = self.city.place(gi, gj)[0]
        return key

    def add(self, key: Key, xy_m: Floats) -> Key:
        """Add a node at a position in local metres, and return its key."""
        self.nodes[key] = xy_m
        return key

    def way(self, keys: list[Key], **tags: str) -> None:
        """Add a way; a way of fewer than two nodes is left out."""
        if len(keys) > 1:
            self.ways.append((keys, tags))


def numeral(number: int) -> str:
    """Return a number from 1 to 99 in Chinese characters."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones or not tens else "")


def line_class(city: City, number: int, *, vertical: bool) -> str:
    """Return the class of a grid line; the lines beside the water are secondary."""
    if vertical and number == city.motorway:
        return "primary"
    middle = city.canal if vertical else city.river
    if abs(number - middle) == 1:
        return "secondary"
    offset = number - middle
    return "primary" if offset % 6 == 3 else "secondary" if offset % 3 == 0 else "tertiary"


def _state(city: City, cls: str, number: int, middle: float, *, vertical: bool) -> str:
    """Return what a quarter of a street is: road, bridge, tunnel or "", where it is cut off."""
    if city.is_inside_superblock(number, middle, vertical=vertical):
        return ""
    if not vertical and number == city.railway:
        return ""
    if vertical and abs(middle - city.railway) < 0.25 and number != city.level_crossing:
        return "tunnel" if cls == "primary" else ""
    if vertical:
        if number == city.motorway and middle < city.viaduct:
            return ""
        if abs(middle - city.river) > 1:
            return "road"
        if cls != "primary":
            return ""
        return "bridge" if abs(middle - city.river) < 0.75 else "road"
    if abs(middle - city.canal) < 1:
        if cls == "tertiary":
            return ""
        return "bridge" if abs(middle - city.canal) < 0.75 else "road"
    if number < city.viaduct and abs(middle - city.motorway) < 0.25:
        return "" if cls == "tertiary" else "bridge"
    return "road"


def _is_dropped(city: City, rng: np.random.Generator, i: int, j: int, *, vertical: bool) -> bool:
    """Tell whether a street between two junctions is left out."""
    beside = [city.use[i, j], city.use[i - 1, j] if vertical else city.use[i, j - 1]]
    if beside == ["empty", "empty"]:
        return True
    if line_class(city, i if vertical else j, vertical=vertical) != "tertiary":
        return False
    rural = sum(use in ("field", "works") for use in beside)
    return bool(rng.random() < (0.03, 0.12, 0.55)[rural])


def _line(streets: Streets, rng: np.random.Generator, number: int, *, vertical: bool) -> None:
    """Add the ways along one grid line: one way for every run of quarters in one state."""
    city = streets.city
    cls = line_class(city, number, vertical=vertical)
    name = f"示例{numeral(number)}{'路' if vertical else '街'}"
    last = city.n_j if vertical else city.n_i
    states: list[str] = []
    for cell in range(last):
        i, j = (number, cell) if vertical else (cell, number)
        dropped = _is_dropped(city, rng, i, j, vertical=vertical)
        quarters = (cell + (k + 0.5) / 4 for k in range(4))
        states += [
            "" if dropped else _state(city, cls, number, q, vertical=vertical) for q in quarters
        ]
    start = 0
    for step in range(1, len(states) + 1):
        if step < len(states) and states[step] == states[start]:
            continue
        steps = range(start, step + 1) if states[start] == "road" else (start, step)
        keys = [streets.at(number, k / 4) if vertical else streets.at(k / 4, number) for k in steps]
        if states[start]:
            streets.way(keys, highway=cls, name=name, **_LEVEL[states[start]])
        start = step


def add_grid(streets: Streets, rng: np.random.Generator) -> None:
    """Add all grid streets; the outermost lines are only the edge of the data."""
    city = streets.city
    for i in range(1, city.n_i):
        if i != city.canal:
            _line(streets, rng, i, vertical=True)
    for j in range(1, city.n_j):
        if j != city.river:
            _line(streets, rng, j, vertical=False)
    for i in range(1, city.n_i):
        for j in range(1, city.n_j):
            classes = {line_class(city, i, vertical=True), line_class(city, j, vertical=False)}
            key: Key = ("grid", 4 * i, 4 * j)
            if "tertiary" not in classes and key in streets.nodes:
                streets.node_tags[key] = {"highway": "traffic_signals"}
    raised = {k for keys, tags in streets.ways if "layer" in tags for k in keys}
    streets.gates = {k for keys, tags in streets.ways if "layer" not in tags for k in keys} - raised


def mark_crossing(streets: Streets, key: Key) -> None:
    """Give the end of a foot path at a main road its crossing: signals on primary streets."""
    _, gi, gj = key
    vertical = int(str(gi)) % 4 == 0
    number = int(str(gi if vertical else gj)) // 4
    cls = line_class(streets.city, number, vertical=vertical)
    if cls != "tertiary":
        kind = "traffic_signals" if cls == "primary" else "uncontrolled"
        streets.node_tags[key] = {"highway": "crossing", "crossing": kind}


def add_railway(streets: Streets) -> None:
    """Add the railway, with a bridge over the canal, a level crossing and a footbridge."""
    city, name = streets.city, "示例铁路"
    canal = 4 * city.canal
    for low, high, tags in (
        (0, canal - 2, {}),
        (canal - 2, canal + 2, {"bridge": "yes", "layer": "1"}),
        (canal + 2, 4 * city.n_i, {}),
    ):
        keys = [streets.at(quarter / 4, city.railway) for quarter in range(low, high + 1)]
        streets.way(keys, railway="rail", name=name, **tags)
    crossing = streets.at(city.level_crossing, city.railway)
    streets.node_tags[crossing] = {"railway": "level_crossing"}
    _footbridge(streets)


def _footbridge(streets: Streets) -> None:
    """Lead a street's people over the railway by stairs and lifts, in the north an escalator."""
    city, i, j = streets.city, streets.city.footbridge, streets.city.railway
    south, north = streets.at(i, j - 0.25), streets.at(i, j + 0.25)
    rail = city.place(float(i), float(j))[0]

    def at(label: str, along_m: float, aside_m: float = 0.0) -> Key:
        end = streets.nodes[south if along_m < 0 else north]
        way = (end - rail) / np.hypot(*(end - rail))
        across = np.array([-way[1], way[0]])
        return streets.add(("footbridge", label), rail + abs(along_m) * way + aside_m * across)

    foot_s, foot_n = at("foot south", -52), at("foot north", 52)
    deck_s, deck_n = at("deck south", -32), at("deck north", 32)
    stairs = {"highway": "steps", "step_count": "40", "handrail": "yes"}
    streets.way([south, foot_s], highway="footway")
    streets.way([north, foot_n], highway="footway")
    streets.way([foot_s, deck_s], incline="up", **stairs)
    streets.way([foot_n, deck_n], incline="up", **stairs)
    ramp = at("escalator", 42, 4.0)
    streets.way([foot_n, ramp, deck_n], highway="steps", conveying="forward", incline="up")
    for label, foot, deck, along_m in (("s", foot_s, deck_s, -36), ("n", foot_n, deck_n, 36)):
        lift = at(f"lift {label}", along_m, 7.0)
        streets.node_tags[lift] = {"highway": "elevator"}
        streets.way([foot, lift], highway="footway")
        streets.way([lift, deck], highway="footway", bridge="yes", layer="1")
    streets.way([deck_s, deck_n], highway="footway", bridge="yes", layer="1", name="示例人行天桥")


def add_motorway(streets: Streets) -> None:
    """Add two carriageways: at ground level in the south, on a viaduct from there on."""
    city = streets.city
    lift = city.viaduct - 0.5
    for side in (-1, 1):
        for low, high, tags in (
            (0.0, lift, {}),
            (lift, float(city.n_j), {"bridge": "yes", "layer": "2"}),
        ):
            gj = np.arange(low, high + 0.01, 0.25)
            xy = city.place(float(city.motorway), gj) + np.array([side * 11.0, 0.0])
            keys = [
                streets.add(("motorway", side, round(g * 4)), p)
                for g, p in zip(gj, xy, strict=True)
            ]
            if side < 0:
                keys.reverse()
            streets.way(keys, highway="motorway", oneway="yes", name="示例高架", **tags)
    ramp = [("motorway", 1, 4 * (city.viaduct + 4)), streets.at(city.motorway, city.viaduct + 6)]
    streets.way(list(ramp), highway="motorway_link", oneway="yes", bridge="yes", layer="1")


def add_water(streets: Streets) -> None:
    """Add the water surfaces as closed ways and the middle lines of river and canal."""
    city = streets.city
    for n, (name, surface) in enumerate(water(city)):
        ring = np.asarray(surface.exterior.coords)[:-1]
        keys = [streets.add(("water", n, k), xy) for k, xy in enumerate(ring)]
        kind = "canal" if name.endswith("运河") else "river"
        streets.way([*keys, keys[0]], natural="water", water=kind, name=name)
    gi, gj = np.arange(0, city.n_i + 0.01, 0.5), np.arange(0, city.n_j + 0.01, 0.5)
    for name, kind, middle in (
        ("示例河", "river", city.place(gi, city.river)),
        ("示例运河", "canal", city.place(city.canal, gj)),
    ):
        keys = [streets.add((kind, k), xy) for k, xy in enumerate(middle)]
        streets.way(keys, waterway=kind, name=name)


def _ordered(streets: Streets) -> list[Key]:
    """Return the keys of all used nodes in the order of their first use."""
    return list(dict.fromkeys(key for keys, _ in streets.ways for key in keys))


def write_pbf(streets: Streets, path: str) -> None:
    """Write the network: nodes, then ways, positive ids in order, no time stamp anywhere."""
    keys = _ordered(streets)
    ids = {key: n for n, key in enumerate(keys, start=1)}
    lonlat = to_degrees(np.array([streets.nodes[key] for key in keys]))
    header = osmium.io.Header()
    header.set("generator", "circle15 synthetic sample")
    (west, south), (east, north) = lonlat.min(axis=0), lonlat.max(axis=0)
    header.add_box(
        osmium.osm.Box(
            osmium.osm.Location(float(west), float(south)),
            osmium.osm.Location(float(east), float(north)),
        )
    )
    writer = osmium.SimpleWriter(path, header=header, overwrite=True)
    for key, (lon, lat) in zip(keys, lonlat, strict=True):
        tags = streets.node_tags.get(key, {})
        node = osmium.osm.mutable.Node(id=ids[key], location=(float(lon), float(lat)), tags=tags)
        writer.add_node(node)
    for n, (used, tags) in enumerate(streets.ways, start=1):
        way = osmium.osm.mutable.Way(id=n, nodes=[ids[k] for k in used], tags=tags)
        writer.add_way(way)
    writer.close()


def block_rng(block: Block) -> np.random.Generator:
    """Return a generator of one block, so that a change elsewhere leaves it as it is."""
    return np.random.default_rng([SEED, block[0], block[1]])
