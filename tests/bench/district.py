"""A made-up district of the size that the map is built for: streets, people, communities, sites."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import numpy as np
import osmium
import rasterio
from rasterio.transform import from_origin

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

WEST, SOUTH = 120.0, 31.3
SIDE_M, CELL_M = 22_500.0, 50.0
"""450 × 450 cells of 50 m, of which a lake leaves some 200,000."""
STREETS = 123
"""Streets in each direction; between crossings they are some 30,000, each with two bends."""
DOWN, ACROSS = 20, 25
"""Communities."""
SITES = 2000
CATEGORIES = ("home_care_station", "meal_point", "day_care", "care_home", "medical", "complex")
_M_PER_DEGREE = 111_195.0
_METRES = np.array([_M_PER_DEGREE * np.cos(np.radians(SOUTH)), _M_PER_DEGREE])

STUDY = """[study]
name = "district"
title = "大区（合成）"
as_of = 2025-12-31
language = "zh"
synthetic = true
[area]
boundary = "boundary.geojson"
streets = { file = "streets.geojson", id = "code", name = "name" }
communities = { file = "communities.geojson", id = "code", name = "name", street = "street" }
[network]
file = "network.osm.pbf"
squares = "around"
[walk]
profile = "plain"
sensitivity_m_s = []
cutoffs_min = [5, 10, 15]
[demand]
group = "p60"
layers = [ { group = "p60", raster = ["p60.tif"] } ]
[[facilities]]
file = "sites.csv"
category_column = "category"
datum = "wgs84"
covers = "boundary"
[circle]
require = ["home_care_station", "meal_point"]
"""


def write_district(folder: Path, *, scale: int = 1, seed: int = 15) -> Path:
    """
    Write the files of a study, the same for the same seed; return its `study.toml`.

    Parameters
    ----------
    scale
        Sides are this many times shorter, with as many fewer streets, cells and communities; sites
        are fewer by its square.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    side_m = SIDE_M / scale
    _write_network(folder / "network.osm.pbf", STREETS // scale, side_m, rng)
    _write_people(folder / "p60.tif", int(side_m / CELL_M), rng)
    _write_zones(folder, DOWN // scale, ACROSS // scale, side_m, rng)
    _write_sites(folder / "sites.csv", SITES // scale**2, side_m, rng)
    study = folder / "study.toml"
    study.write_text(STUDY, encoding="utf-8", newline="\n")
    return study


def _degrees(metres: Floats) -> Floats:
    """Longitude and latitude of metres east and north of the corner."""
    found: Floats = np.round(np.array([WEST, SOUTH]) + metres / _METRES, 7)
    return found


def _write_network(path: Path, n: int, side_m: float, rng: np.random.Generator) -> None:
    """Write a net of winding streets, reaching 600 m beyond the district; one in four a path."""
    kinds = osmium.osm.mutable
    step = (side_m + 1200) / (n - 1)
    grid = np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2)
    crossing = grid * step - 600 + rng.normal(0, step * 0.15, (n * n, 2))
    east = [(k, k + 1) for k in range(n * n) if (k + 1) % n]
    north = [(k, k + n) for k in range(n * n - n)]
    edges = np.array(east + north)
    bends = rng.normal(0, step * 0.06, (len(edges), 2, 2)) + np.stack(
        [
            (2 * crossing[edges[:, 0]] + crossing[edges[:, 1]]) / 3,
            (crossing[edges[:, 0]] + 2 * crossing[edges[:, 1]]) / 3,
        ],
        axis=1,
    )
    places = _degrees(np.concatenate([crossing, bends.reshape(-1, 2)]))
    line = np.where(np.arange(len(edges)) < len(east), edges[:, 0] // n, edges[:, 0] % n)
    kind = np.select(
        [line % 12 == 0, line % 3 == 0, rng.random(len(edges)) < 0.25],
        ["primary", "tertiary", "footway"],
        "residential",
    )
    header = osmium.io.Header()
    header.add_box(osmium.osm.Box(*places.min(axis=0), *places.max(axis=0)))
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for k, (lon, lat) in enumerate(places.tolist()):
            writer.add_node(kinds.Node(id=k + 1, version=1, location=(lon, lat)))
        for k, (u, v) in enumerate(edges.tolist()):
            first = n * n + 2 * k + 1
            tags = {"highway": str(kind[k])}
            refs = [u + 1, first, first + 1, v + 1]
            writer.add_way(kinds.Way(id=k + 1, version=1, nodes=refs, tags=tags))


def _write_people(path: Path, n: int, rng: np.random.Generator) -> None:
    """Write a raster of people, many around a few centres; nobody lives in the lake."""
    row, column = np.mgrid[0:n, 0:n] / n
    density = np.full((n, n), 0.4)
    for x, y, spread in rng.uniform([0.1, 0.1, 0.03], [0.9, 0.9, 0.12], (12, 3)):
        density += np.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * spread**2)) * 6
    people = density * rng.gamma(2.0, 0.5, (n, n))
    people[(column - 0.7) ** 2 + (row - 0.3) ** 2 < 0.004] = 0
    step = CELL_M / _METRES
    corner = from_origin(WEST, SOUTH + n * step[1], *step)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=n,
        height=n,
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=corner,
        nodata=-1,
        compress="deflate",
    ) as raster:
        raster.write(people.astype("float32"), 1)


def _write_zones(
    folder: Path, down: int, across: int, side_m: float, rng: np.random.Generator
) -> None:
    """Write communities with winding borders, streets of 5 × 5 of them, and the boundary."""
    lattice = np.stack(np.meshgrid(np.arange(across + 1), np.arange(down + 1)), axis=-1)
    size = side_m / np.array([across, down])
    inner = (lattice > 0) & (lattice < [across, down])
    corners = lattice * size + inner * rng.normal(0, 0.09, lattice.shape) * size
    sides: dict[tuple[int, int, int, int], Floats] = {}

    def side(a: tuple[int, int], b: tuple[int, int]) -> Floats:
        """Points from one corner to the next, the same for both neighbours."""
        if (*b, *a) in sides:
            return sides[(*b, *a)][::-1]
        along = np.linspace(0, 1, 16)[:, None]
        line = corners[a] * (1 - along) + corners[b] * along
        rim = {a[0], b[0]} in ({0}, {down}) or {a[1], b[1]} in ({0}, {across})
        line[1:-1] += 0 if rim else rng.normal(0, 0.012, (14, 2)) * size
        return sides.setdefault((*a, *b), line)

    def ring(r: int, k: int, rows: int, columns: int) -> list[list[float]]:
        """Outline of a block of communities, against the clock."""
        steps = [
            *((r, k + i) for i in range(columns)),
            *((r + i, k + columns) for i in range(rows)),
            *((r + rows, k + columns - i) for i in range(columns)),
            *((r + rows - i, k) for i in range(rows)),
            (r, k),
        ]
        parts = [side(a, b)[:-1] for a, b in itertools.pairwise(steps)]
        outline = np.concatenate([*parts, parts[0][:1]])
        found: list[list[float]] = _degrees(outline).tolist()
        return found

    def layer(name: str, rows: int, columns: int) -> None:
        found = []
        for r, k in itertools.product(range(0, down, rows), range(0, across, columns)):
            code = f"{r // 5 * 10 + k // 5:03d}"
            own = {"code": f"{code}{r:02d}{k:02d}", "name": f"第{r}{k}社区", "street": code}
            if rows > 1:
                own = {"code": code, "name": f"第{code}街道"}
            block = ring(r, k, min(rows, down - r), min(columns, across - k))
            geometry = {"type": "Polygon", "coordinates": [block]}
            found.append({"type": "Feature", "properties": own, "geometry": geometry})
        content = json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False)
        (folder / f"{name}.geojson").write_text(content, encoding="utf-8")

    layer("communities", 1, 1)
    layer("streets", 5, 5)
    layer("boundary", down, across)


def _write_sites(path: Path, n: int, side_m: float, rng: np.random.Generator) -> None:
    """Write sites of six categories in turn, half of them around the middle."""
    place = rng.uniform(0.01, 0.99, (n, 2)) * side_m
    place[::2] = np.clip(rng.normal(0.5, 0.17, place[::2].shape), 0.01, 0.99) * side_m
    lines = ["facility_id,name,category,lon,lat,floor_area_m2"]
    for k, (lon, lat) in enumerate(_degrees(place).tolist()):
        area = int(rng.integers(80, 900))
        category = CATEGORIES[k % len(CATEGORIES)]
        lines.append(f"S{k:05d},第{k}号服务点,{category},{lon},{lat},{area}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
