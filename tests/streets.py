"""Small streets for tests: exact networks as arrays, OpenStreetMap files as text, whole studies.

Nodes are named by letters and stand on a plane, in metres; a way is a word such as "ABC". The
studies stand on the middle meridian of their CRS, where a metre of the plane is a metre.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import shapely
from pyproj import CRS, Transformer
from rasterio.transform import from_origin

from circle15.network.snapping import snap_to_network
from circle15.network.walk_network import NO_WAY, WalkNetwork, long_enough, node_components
from circle15.travel.engine.graph import Positions, TravelGraph, positions_at
from circle15.travel.engine.search import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

METRIC = CRS.from_epsg(4549)  # CGCS2000, 3-degree belt of 120° E
EAST_M, NORTH_M = 500_000.0, 3_490_000.0
"""Where (0, 0) of the small streets lies in `METRIC`: on its middle meridian, at 31.5° N."""

EVERYWHERE = shapely.box(-1e6, -1e6, 1e6, 1e6)
ONE = Fraction(1)
HOUR_MS = 3_600_000
CUTOFF_MS = 900_000

XY = tuple[float, float]
Nodes = dict[str, XY]


@dataclass(frozen=True)
class Way:
    """A way of a plane network: its nodes in order, and what is special about it."""

    word: str
    one_way: bool = False
    snaps: bool = True
    mm: int | None = None
    delay_ms: int = 0


def plane(
    nodes: Nodes,
    *ways: str | Way,
    barriers: Sequence[Sequence[XY]] = (),
    extent: shapely.Polygon = EVERYWHERE,
    min_component_m: float = 0.0,
) -> WalkNetwork:
    """Build a network on a plane: a metre of the drawing is a metre of the street."""
    number = {name: k for k, name in enumerate(nodes)}
    rows = [
        (number[a], number[b], k, place, way)
        for k, way in enumerate(Way(w) if isinstance(w, str) else w for w in ways)
        for place, (a, b) in enumerate(itertools.pairwise(way.word))
    ]
    xy = np.array(list(nodes.values()), np.float64).reshape(-1, 2)
    u, v, owner, place = (np.array([row[i] for row in rows], np.int64) for i in range(4))
    length_m = np.hypot(*(xy[v] - xy[u]).T)
    drawn = np.floor(length_m * 1000 + 0.5).astype(np.int64)
    mm = np.array([d if r[4].mm is None else r[4].mm for r, d in zip(rows, drawn, strict=True)])
    back = np.where([row[4].one_way for row in rows], NO_WAY, mm)
    delay = np.array([row[4].delay_ms for row in rows], np.int64)
    snaps = np.array([row[4].snaps for row in rows], bool)
    component = node_components(len(xy), u, v)
    return WalkNetwork(
        crs=METRIC,
        x_m=xy[:, 0],
        y_m=xy[:, 1],
        u=u,
        v=v,
        length_m=length_m,
        base_mm_fwd=mm.astype(np.int64),
        base_mm_bwd=back.astype(np.int64),
        delay_ms_fwd=delay,
        delay_ms_bwd=delay,
        way_id=owner,
        way_pos=place,
        kind=np.array(["residential"] * len(rows), dtype=object),
        private=np.zeros(len(rows), bool),
        snappable=snaps & long_enough(component, u, length_m, min_component_m),
        extent=extent,
        extent_source="given",
        barriers=np.array([shapely.LineString(line) for line in barriers], dtype=object),
    )


def graph_of(network: WalkNetwork, speed: Fraction = ONE) -> TravelGraph:
    return TravelGraph.from_network(network, speed)


def joined(network: WalkNetwork, *points: XY, speed: Fraction = ONE) -> Positions:
    """Points that have joined a network, with their access legs at a speed."""
    x, y = np.array(points, np.float64).reshape(-1, 2).T
    return positions_at(snap_to_network(x, y, network), speed)


def walk_ms(network: WalkNetwork, start: XY, end: XY, speed: Fraction = ONE) -> int | None:
    """Milliseconds from one point to another; None beyond an hour."""
    found = nearest(
        graph_of(network, speed),
        joined(network, start, speed=speed),
        joined(network, end, speed=speed),
        horizon_ms=HOUR_MS,
    )
    return None if found.time_ms[0] < 0 else int(found.time_ms[0])


# --- OpenStreetMap files ----------------------------------------------------------------------


def lon_lat(points: Sequence[XY] | np.ndarray) -> np.ndarray:
    """Degrees (WGS 84) of points of the plane."""
    x, y = np.asarray(points, np.float64).reshape(-1, 2).T
    move = Transformer.from_crs(METRIC, CRS.from_epsg(4326), always_xy=True)
    return np.column_stack(move.transform(x + EAST_M, y + NORTH_M))


@dataclass(frozen=True)
class OsmWay:
    """A way of an OSM file; a letter that is no node is a reference to a missing node."""

    word: str
    tags: Mapping[str, str] = field(default_factory=lambda: {"highway": "residential"})


@dataclass(frozen=True)
class OsmRelation:
    """A relation of an OSM file: ways by their numbers, each with its role."""

    tags: Mapping[str, str]
    members: Sequence[tuple[int, str]]


def write_osm(
    path: Path,
    nodes: Nodes,
    *ways: str | OsmWay,
    relations: Sequence[Mapping[str, str] | OsmRelation] = (),
    node_tags: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    """
    Write an `.osm` file; ways get the ids 1, 2, … and of a relation that is only tags all ways are
    outer members.

    Node ids are the code points of the letters.
    """
    degrees = lon_lat(list(nodes.values()))
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="test">']
    for name, (lon, lat) in zip(nodes, degrees, strict=True):
        lines.append(f'<node id="{ord(name)}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">')
        lines.append(_tags((node_tags or {}).get(name, {})) + "</node>")
    for number, way in enumerate((OsmWay(w) if isinstance(w, str) else w for w in ways), 1):
        refs = "".join(f'<nd ref="{ord(name)}"/>' for name in way.word)
        lines.append(f'<way id="{number}" version="1">{refs}{_tags(way.tags)}</way>')
    every = [(k, "outer") for k in range(1, len(ways) + 1)]
    for number, given in enumerate(relations, 1):
        one = given if isinstance(given, OsmRelation) else OsmRelation(given, every)
        members = "".join(f'<member type="way" ref="{k}" role="{r}"/>' for k, r in one.members)
        lines.append(f'<relation id="{number}" version="1">{members}{_tags(one.tags)}</relation>')
    lines.append("</osm>")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())


# --- Layers and whole studies -----------------------------------------------------------------


def _moved(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: np.asarray(xy) + np.array([EAST_M, NORTH_M]))


def write_layer(path: Path, rows: Sequence[tuple[shapely.Geometry, Mapping[str, Any]]]) -> Path:
    """Write features of the plane as a GeoJSON in `METRIC`."""
    features = [
        {
            "type": "Feature",
            "properties": dict(cells),
            "geometry": json.loads(shapely.to_geojson(_moved(shape))),
        }
        for shape, cells in rows
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    layer = {"type": "FeatureCollection", "crs": crs, "features": features}
    path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")
    return path


def write_streets(path: Path, nodes: Nodes, *ways: str | OsmWay) -> Path:
    """Write a layer of lines, one per pair of neighbouring nodes, exact to the millimetre."""
    rows = []
    for way in (OsmWay(w) if isinstance(w, str) else w for w in ways):
        for a, b in itertools.pairwise(way.word):
            rows.append((shapely.LineString([nodes[a], nodes[b]]), way.tags))
    return write_layer(path, rows)


def write_dem(
    path: Path,
    height: Callable[[np.ndarray, np.ndarray], np.ndarray],
    *,
    cell_m: float = 30.0,
    west_north: XY = (0.0, 0.0),
    size_m: float = 1200.0,
) -> Path:
    """Write an elevation model of a square of the plane in `METRIC`; NaN is nodata."""
    cells = math.ceil(size_m / cell_m)
    west, north = west_north
    rows, columns = np.mgrid[0:cells, 0:cells]
    values = height(west + (columns + 0.5) * cell_m, north - (rows + 0.5) * cell_m)
    corner = from_origin(EAST_M + west, NORTH_M + north, cell_m, cell_m)
    shape = {"count": 1, "height": cells, "width": cells, "nodata": math.nan}
    place = {"crs": METRIC.to_wkt(), "transform": corner}
    with rasterio.open(path, "w", driver="GTiff", dtype="float64", **shape, **place) as target:
        target.write(np.asarray(values, np.float64), 1)
    return path


def write_points(path: Path, heading: str, rows: Sequence[Sequence[Any]]) -> Path:
    """Write a csv whose first two columns are x_m and y_m of the plane."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["x_m", "y_m", *heading.split(",")])
        for x, y, *cells in rows:
            table.writerow([f"{x + EAST_M:.3f}", f"{y + NORTH_M:.3f}", *cells])
    return path


STUDY = """
[study]
name = "small"
as_of = 2025-12-31
crs = "EPSG:4549"
{area}
[network]
file = "streets.geojson"
extent = "extent.geojson"
min_component_m = 0
[walk]
{walk}
[demand]
group = "p60"
layers = [ {{ group = "p60", points = "homes.csv", value = "p60", crs = "EPSG:4549" }} ]
[[facilities]]
file = "sites.csv"
category = "meal_point"
crs = "EPSG:4549"
covers = "extent"
{more}
"""

HOMES = "demand_id,p60"
SITES = "facility_id,name,floor_area_m2,position_unsure"


def write_study(
    folder: Path,
    nodes: Nodes,
    ways: Sequence[str | OsmWay],
    homes: Mapping[str, tuple[float, float, Any]],
    sites: Mapping[str, XY],
    *,
    unsure: Sequence[str] = (),
    extent: shapely.Geometry | None = None,
    boundary: shapely.Geometry | None = None,
    streets: Mapping[str, shapely.Geometry] | None = None,
    walk: str = "",
    more: str = "",
) -> Path:
    """Write the files of a small study; homes are id to (x, y, persons), sites id to (x, y)."""
    write_streets(folder / "streets.geojson", nodes, *ways)
    write_layer(folder / "extent.geojson", [(extent or shapely.box(-3e3, -3e3, 3e3, 3e3), {})])
    write_points(folder / "homes.csv", HOMES, [(x, y, k, p) for k, (x, y, p) in homes.items()])
    flags = {k: "yes" if k in unsure else "" for k in sites}
    write_points(
        folder / "sites.csv",
        SITES,
        [(x, y, k, f"site {k}", 100, flags[k]) for k, (x, y) in sites.items()],
    )
    area = ""
    if boundary is not None:
        write_layer(folder / "boundary.geojson", [(boundary, {})])
        area += 'boundary = "boundary.geojson"\n'
    if streets is not None:
        rows = [(shape, {"code": k, "label": f"street {k}"}) for k, shape in streets.items()]
        write_layer(folder / "wards.geojson", rows)
        area += 'streets = { file = "wards.geojson", id = "code", name = "label" }\n'
    text = STUDY.format(area=f"[area]\n{area}" if area else "", walk=walk, more=more)
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def straight(length_m: float, *, step_m: float = 100.0) -> tuple[Nodes, str]:
    """Nodes and the word of a street along the x axis, from (0, 0) to (length, 0)."""
    count = max(1, math.ceil(length_m / step_m))
    names = [chr(0x4E00 + k) for k in range(count + 1)]
    nodes = {n: (round(length_m * k / count, 3), 0.0) for k, n in enumerate(names)}
    return nodes, "".join(names)
