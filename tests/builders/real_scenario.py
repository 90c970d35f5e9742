"""
Porto Alegre with a scenario of random changes, and the same changes made by hand in its files.

The city stands once, or twice side by side (a mosaic): streets, homes and sites are copied to the
east, and one street joins the two.
"""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import osmium

from circle15.study.settings.reading import load_study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from circle15.study.settings.records import Study

    Row = dict[str, str]
    Nodes = dict[int, tuple[float, float]]

KINDS: Final = ("add", "close", "status", "room", "move", "homes", "links", "gates")
"""Kinds of changes."""
TILE_ID: Final = 10**11
TILE_DEG: Final = 0.4
_LINK: Final = {"highway": "footway", "bridge": "yes"}
_SITES: Final = (
    "facility_id",
    "name",
    "category",
    "lon",
    "lat",
    "floor_area_m2",
    "places",
    "status",
)
_HOMES: Final = ("id", "lon", "lat", "population")

STUDY: Final = """[study]
name = "porto-alegre"
as_of = 2025-12-31
language = "en"
crs = "EPSG:32722"
[network]
file = "streets.osm.pbf"
{network}
[demand]
group = "total"
[[demand.layers]]
group = "total"
points = "homes.csv"
value = "population"
id = "id"
lon = "lon"
lat = "lat"
datum = "wgs84"
basis = "r5r"
year = 2019
[[facilities]]
file = "sites.csv"
category_column = "category"
datum = "wgs84"
[circle]
require = ["medical", "day_care"]
[capacity]
day_care = {{ field = "places", per_person = 0.01 }}
"""


@dataclass
class _Place:
    """The tables of the city as they are, as they become, and what the scenario says of it."""

    homes: list[Row]
    sites: list[Row]
    nodes: Nodes
    text: str = ""
    links: list[tuple[int, int]] = field(default_factory=list)
    gated: str = ""


def write_city(
    data: Path, own: Path, other: Path, seed: int, kinds: tuple[str, ...], *, tiles: int = 1
) -> tuple[Study, Study]:
    """Write the study with the scenario `changed`, and beside it the study changed by hand."""
    chance = random.Random(seed)
    with (data / "porto_alegre" / "poa_hexgrid.csv").open(encoding="utf-8") as file:
        grid = list(csv.DictReader(file))
    homes, sites = _rows(grid, tiles)
    source = str(data / "porto_alegre" / "poa_osm.pbf")
    place = _Place(homes, sites, _plain_nodes(source))
    for folder in (own, other):
        folder.mkdir(parents=True)
    _write(own / "homes.csv", _HOMES, homes)
    _write(own / "sites.csv", _SITES, sites)
    _write_streets(source, own / "streets.osm.pbf", tiles, [])
    place.homes, place.sites = ([dict(row) for row in rows] for rows in (homes, sites))
    for kind in kinds:
        _CHANGES[kind](own, place, chance)
    _write(other / "homes.csv", _HOMES, place.homes)
    _write(other / "sites.csv", _SITES, place.sites)
    _write_streets(source, other / "streets.osm.pbf", tiles, place.links)
    table = f'\n[scenarios.changed]\ndatum = "wgs84"\n{place.text}'
    (own / "study.toml").write_text(STUDY.format(network="") + table, "utf-8")
    (other / "study.toml").write_text(STUDY.format(network=place.gated), "utf-8")
    return load_study(own / "study.toml"), load_study(other / "study.toml")


def _rows(grid: list[Row], tiles: int) -> tuple[list[Row], list[Row]]:
    homes: list[Row] = []
    sites: list[Row] = []
    for tile in range(tiles):
        for k, row in enumerate(grid):
            key, lon = f"{tile}{row['id']}", f"{float(row['lon']) + tile * TILE_DEG:.7f}"
            home = {"id": key, "lon": lon, "lat": row["lat"], "population": row["population"]}
            homes.append(home)
            if int(row["healthcare"] or 0):
                kind = "medical" if k % 2 else "day_care"
                sites.append(
                    {
                        "facility_id": f"s{key}",
                        "name": f"site {len(sites)}",
                        "category": kind,
                        "lon": lon,
                        "lat": row["lat"],
                        "floor_area_m2": str(100 + k % 500),
                        "places": row["healthcare"],
                        "status": "open",
                    }
                )
    return homes, sites


def _write(path: Path, names: tuple[str, ...], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, names, lineterminator="\n", restval="")
        table.writeheader()
        table.writerows(rows)


def _objects(source: str, kind: Any) -> Iterator[Any]:
    """Nodes or ways of a file, each valid until the next."""
    return iter(osmium.FileProcessor(source, kind))


def _plain_nodes(source: str) -> Nodes:
    """Nodes without tags on residential streets, by id: longitude and latitude."""
    streets = {
        node.ref
        for way in _objects(source, osmium.osm.WAY)
        if way.tags.get("highway") == "residential"
        for node in way.nodes
    }
    return {
        node.id: (node.location.lon, node.location.lat)
        for node in _objects(source, osmium.osm.NODE)
        if node.id in streets and not len(node.tags)
    }


def _write_streets(source: str, path: Path, tiles: int, links: list[tuple[int, int]]) -> None:
    """Copy the streets beside each other, joined by one street, with links as footbridges."""
    largest = 0
    with osmium.SimpleWriter(str(path)) as writer:
        for tile in range(tiles):
            for node in _objects(source, osmium.osm.NODE):
                at = (node.location.lon + tile * TILE_DEG, node.location.lat)
                writer.add_node(node.replace(id=node.id + tile * TILE_ID, location=at))
        for tile in range(tiles):
            for way in _objects(source, osmium.osm.WAY):
                largest = way.id + tile * TILE_ID
                refs = [node.ref + tile * TILE_ID for node in way.nodes]
                writer.add_way(way.replace(id=largest, nodes=refs))
        made = [({"highway": "residential"}, pair) for pair in _joins(source, tiles)]
        made += [(_LINK, pair) for pair in links]
        for k, (tags, pair) in enumerate(made, 1):
            own = osmium.osm.mutable.Way(id=largest + k, tags=tags, nodes=list(pair), version=1)
            writer.add_way(own)


def _joins(source: str, tiles: int) -> list[tuple[int, int]]:
    """The street from the easternmost node of each tile to the westernmost of the next."""
    if tiles == 1:
        return []
    nodes = _plain_nodes(source)
    west, east = (pick(nodes, key=lambda one: nodes[one]) for pick in (min, max))
    return [(east + k * TILE_ID, west + (k + 1) * TILE_ID) for k in range(tiles - 1)]


def _near(place: _Place, chance: random.Random) -> Row:
    """A position some 100 m from a home."""
    home = chance.choice(place.homes)
    lon, lat = (float(home[key]) + chance.uniform(-1e-3, 1e-3) for key in ("lon", "lat"))
    return {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}


def _add(own: Path, place: _Place, chance: random.Random) -> None:
    new = [
        {
            **_near(place, chance),
            "facility_id": f"n{k}",
            "name": f"new {k}",
            "category": chance.choice(("medical", "day_care")),
            "floor_area_m2": str(300 + k),
            "places": "12",
            "status": "open",
        }
        for k in range(3)
    ]
    _write(own / "add.csv", _SITES, new)
    place.text += 'add = "add.csv"\n'
    place.sites += new


def _close(_own: Path, place: _Place, chance: random.Random) -> None:
    closed = chance.sample(place.sites[: len(place.sites) // 2], 6)
    place.text += f"close = {json.dumps([row['facility_id'] for row in closed])}\n"
    for row in closed:
        row["status"] = "closed"


def _changed(own: Path, place: _Place, row: Row, values: Row) -> None:
    """Add a row to the table of changes, and the same change by hand."""
    path = own / "changes.csv"
    names = ("facility_id", "lon", "lat", "floor_area_m2", "places", "status")
    if not path.exists():
        _write(path, names, [])
        place.text += 'change = "changes.csv"\n'
    with path.open("a", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, names, lineterminator="\n", restval="")
        table.writerow({"facility_id": row["facility_id"], **values})
    row.update(values)


def _some(place: _Place, chance: random.Random, part: int) -> list[Row]:
    """Four sites of the second half of the list, others for each kind."""
    half = [row for row in place.sites[len(place.sites) // 2 :] if row["facility_id"][0] == "s"]
    return chance.sample(half[part::3], 4)


def _status(own: Path, place: _Place, chance: random.Random) -> None:
    for row in _some(place, chance, 0):
        _changed(own, place, row, {"status": "planned"})


def _room(own: Path, place: _Place, chance: random.Random) -> None:
    for row in _some(place, chance, 1):
        _changed(own, place, row, {"floor_area_m2": "750.5", "places": str(chance.randint(5, 90))})


def _move(own: Path, place: _Place, chance: random.Random) -> None:
    for row in _some(place, chance, 2):
        _changed(own, place, row, _near(place, chance))


def _homes(own: Path, place: _Place, chance: random.Random) -> None:
    new = [
        {**_near(place, chance), "id": f"z{k}", "population": str(chance.randint(50, 900))}
        for k in range(4)
    ]
    table = [{"demand_id": row["id"], "total": row["population"], **row} for row in new]
    names = ("demand_id", "lon", "lat", "total")
    _write(own / "new_homes.csv", names, [{key: row[key] for key in names} for row in table])
    place.text += 'homes = "new_homes.csv"\n'
    place.homes += new


def _links(own: Path, place: _Place, chance: random.Random) -> None:
    """Join two pairs of nodes of streets, some 500 m apart."""
    features = []
    while len(place.links) < 2:
        a, b = chance.sample(sorted(place.nodes), 2)
        (x, y), (u, v) = place.nodes[a], place.nodes[b]
        if 0.002 < abs(x - u) + abs(y - v) < 0.006:
            place.links.append((a, b))
            shape = {"type": "LineString", "coordinates": [[x, y], [u, v]]}
            features.append({"type": "Feature", "properties": {}, "geometry": shape})
    layer: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    (own / "links.geojson").write_text(json.dumps(layer), "utf-8")
    place.text += 'links = "links.geojson"\n'


def _gates(_own: Path, place: _Place, _chance: random.Random) -> None:
    place.text += 'open_gates = "all"\n'
    place.gated = 'gated = "open"'


_CHANGES: Final = {
    "add": _add,
    "close": _close,
    "status": _status,
    "room": _room,
    "move": _move,
    "homes": _homes,
    "links": _links,
    "gates": _gates,
}
