"""Streets and communities that tile the district, and the grids of people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from _city import SEED, Block, City, Floats, to_degrees, to_metres, water
from numpy.typing import NDArray
from rasterio.transform import from_origin

HOUSEHOLDS: Final = 402_225
TOTALS: Final = {"total": 985_451, "p60": 230_300, "p80": 39_151}
RAW_SHARE: Final = 0.94
NODATA: Final = -99999.0
CELL: Final = 1 / 1200
N_STREETS: Final = 12
WRONG_COMMUNITY: Final = 77
WRONG_STREET: Final = "320299099"
"""One community names a street that does not exist, as after a reform of the streets."""
N_COMMUNITIES: Final = 160
_DIGITS: Final = "一二三四五六七八九十"


@dataclass
class Division:
    """The street (0 to 11) and the community (0 to 159) of every block of the district."""

    street: dict[Block, int]
    community: dict[Block, int]
    street_of: list[int]

    def blocks_of(self, community: int) -> list[Block]:
        """Return the blocks of one community."""
        return [b for b, c in self.community.items() if c == community]


def split(total: int, weights: Floats) -> list[int]:
    """Split a whole number in proportion to weights, by largest remainder."""
    exact = total * weights / weights.sum()
    whole = np.floor(exact).astype(int)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return [int(n) for n in whole]


def _halve(
    city: City, blocks: list[Block], parts: int, weight: dict[Block, float]
) -> list[list[Block]]:
    """Cut a set of blocks into parts of similar weight, always across the longer side."""
    if parts == 1:
        return [blocks]
    middle = city.place(*(np.array(blocks, dtype=float) + 0.5).T)
    axis = int(np.ptp(middle[:, 1]) > np.ptp(middle[:, 0]))
    order = sorted(blocks, key=lambda b: (b[axis], b[1 - axis]))
    first = parts // 2
    heavy = np.cumsum([weight[b] for b in order])
    cut = int(np.searchsorted(heavy, heavy[-1] * first / parts)) + 1
    cut = min(max(cut, first), len(order) - (parts - first))
    return _halve(city, order[:cut], first, weight) + _halve(
        city, order[cut:], parts - first, weight
    )


def divide(city: City) -> Division:
    """Divide the district into streets, none across the river, and streets into communities."""
    weight = {
        b: city.face(b).area / 1e6 * city.persons_km2[b] + (1.0 if city.use[b] == "bank" else 30.0)
        for b in city.inside
    }
    banks = [[b for b in city.inside if (b[1] >= city.river) == north] for north in (True, False)]
    total = sum(weight.values())
    shares = split(N_STREETS, np.array([sum(weight[b] for b in bank) / total for bank in banks]))
    streets = [
        part
        for bank, n in zip(banks, shares, strict=True)
        for part in _halve(city, bank, n, weight)
    ]
    loads = np.array([sum(weight[b] for b in part) for part in streets])
    counts = split(N_COMMUNITIES, loads)
    division = Division({}, {}, [])
    for s, (part, count) in enumerate(zip(streets, counts, strict=True)):
        for community in _halve(city, part, count, weight):
            for block in community:
                division.street[block] = s
                division.community[block] = len(division.street_of)
            division.street_of.append(s)
    _mend(division, weight)
    return division


def _sides(block: Block) -> list[Block]:
    """Return the four blocks that share a side with a block."""
    i, j = block
    return [(i - 1, j), (i, j - 1), (i, j + 1), (i + 1, j)]


def _clusters(blocks: list[Block]) -> list[list[Block]]:
    """Return the sets of blocks that hang together by their sides, the largest first."""
    left, found = dict.fromkeys(blocks), []
    while left:
        cluster = [left.popitem()[0]]
        for block in cluster:
            for side in _sides(block):
                if side in left:
                    del left[side]
                    cluster.append(side)
        found.append(sorted(cluster))
    return sorted(found, key=lambda c: (-len(c), c))


def _mend(division: Division, weight: dict[Block, float]) -> None:
    """Give pieces that hang apart to a neighbour of the same street, the lightest one."""
    for community in range(len(division.street_of)):
        whole = division.blocks_of(community)
        parts = sorted(_clusters(whole), key=lambda c: -sum(weight[b] for b in c))
        for part in parts[1:]:
            beside = {division.community.get(s, -1) for b in part for s in _sides(b)}
            street = division.street_of[community]
            near = [c for c in sorted(beside - {-1, community}) if division.street_of[c] == street]
            loads = [sum(weight[b] for b in division.blocks_of(c)) for c in near]
            for block in part:
                division.community[block] = near[int(np.argmin(loads))]


def street_name(street: int) -> str:
    """Return the name of a street, such as 示例一街道."""
    digits = _DIGITS[street] if street < 10 else "十" + _DIGITS[street - 10]
    return f"示例{digits}街道"


def street_code(street: int) -> str:
    """Return the invented 9-digit code of a street."""
    return f"320299{street + 1:03d}"


def community_label(division: Division, community: int) -> tuple[str, str]:
    """Return the invented 12-digit code and the name of a community."""
    street = division.street_of[community]
    nth = division.street_of[:community].count(street) + 1
    name = street_name(street).removesuffix("街道")
    return f"{street_code(street)}{nth:03d}", f"{name}第{nth}社区"


def write_areas(city: City, division: Division, households: list[int], folder: Path) -> None:
    """Write the boundary, the streets and the communities, all with the same vertices."""
    faces = {b: shapely.Polygon(to_degrees(city.ring(b))) for b in city.inside}
    groups = [[faces[b] for b in division.blocks_of(c)] for c in range(N_COMMUNITIES)]
    labels = [community_label(division, c) for c in range(N_COMMUNITIES)]
    communities = gpd.GeoDataFrame(
        {
            "code": [code for code, _ in labels],
            "名称": [name for _, name in labels],
            "street_code": [
                WRONG_STREET if c == WRONG_COMMUNITY else street_code(s)
                for c, s in enumerate(division.street_of)
            ],
            "户数": households,
        },
        geometry=[_union(group) for group in groups],
        crs="EPSG:4326",
    )
    streets = gpd.GeoDataFrame(
        {
            "code": [street_code(s) for s in range(N_STREETS)],
            "名称": [street_name(s) for s in range(N_STREETS)],
        },
        geometry=[
            _union([faces[b] for b in faces if division.street[b] == s]) for s in range(N_STREETS)
        ],
        crs="EPSG:4326",
    )
    boundary = gpd.GeoDataFrame(
        {"名称": ["梁溪区(示例·合成数据)"]},
        geometry=[_union(list(faces.values()))],
        crs="EPSG:4326",
    )
    for name, layer in (("communities", communities), ("streets", streets), ("boundary", boundary)):
        write_geojson(layer, folder / f"{name}.geojson")


def _union(shapes: list[shapely.Polygon]) -> shapely.Geometry:
    """Return the union of blocks, in a fixed order of vertices."""
    return shapely.normalize(shapely.union_all(shapes))


def write_geojson(layer: gpd.GeoDataFrame, path: Path) -> None:
    """Write a layer as RFC 7946 GeoJSON with 7 decimals, replacing what is there."""
    path.unlink(missing_ok=True)
    layer.to_file(path, driver="GeoJSON", COORDINATE_PRECISION=7, RFC7946="YES")


@dataclass
class Grid:
    """Cells of 3 arc seconds, row-major from the north-west, and what they lie in."""

    west: float
    north: float
    shape: tuple[int, int]
    community: NDArray[np.int64]
    wet: NDArray[np.bool_]
    near: NDArray[np.bool_]
    density: Floats
    xy_m: Floats


def lay_grid(city: City, division: Division) -> Grid:
    """Lay the cells over the district and 500 m around it, and look up their middles."""
    faces = {b: shapely.Polygon(to_degrees(city.ring(b))) for b in city.use}
    district = shapely.union_all([city.face(b) for b in city.inside])
    around = to_degrees(np.asarray(district.buffer(620).exterior.coords))
    west, south = np.floor(around.min(axis=0) * 1200) / 1200
    east, north = np.ceil(around.max(axis=0) * 1200) / 1200
    shape = (round((north - south) / CELL), round((east - west) / CELL))
    lon = west + (np.arange(shape[1]) + 0.5) * CELL
    lat = north - (np.arange(shape[0]) + 0.5) * CELL
    middles = np.column_stack([np.tile(lon, shape[0]), np.repeat(lat, shape[1])])
    points = shapely.points(middles)
    xy_m = to_metres(middles)
    blocks = list(faces)
    cell, face = shapely.STRtree(list(faces.values())).query(points, predicate="intersects")
    owner = np.full(len(middles), -1)
    owner[cell] = face
    community = np.array([division.community.get(blocks[k], -1) if k >= 0 else -1 for k in owner])
    density = np.array([city.persons_km2[blocks[k]] if k >= 0 else 0.0 for k in owner])
    metric = shapely.points(xy_m)
    wet = np.asarray(shapely.intersects(shapely.union_all([p for _, p in water(city)]), metric))
    near = np.asarray(shapely.dwithin(district, metric, 520.0))
    return Grid(float(west), float(north), shape, community, wet, near, density, xy_m)


def count_people(grid: Grid) -> dict[str, Floats]:
    """Return the raw count of every cell by group; inside they sum to 94 % of the totals."""
    rng = np.random.default_rng([SEED, 2])
    inside = grid.community >= 0
    total = grid.density * rng.lognormal(0, 0.2, grid.density.size)
    total[grid.wet] = 0
    x, y = grid.xy_m.T
    old = 0.19 + 0.10 * np.exp(-((np.hypot(x + 300, y - 700) / 2400) ** 2))
    p60 = total * old * rng.lognormal(0, 0.08, total.size)
    p80 = p60 * rng.uniform(0.13, 0.21, total.size)
    counts = {"total": total, "p60": p60, "p80": p80}
    return {
        group: values * (TOTALS[group] * RAW_SHARE / values[inside].sum())
        for group, values in counts.items()
    }


def write_rasters(grid: Grid, counts: dict[str, Floats], folder: Path) -> None:
    """Write one float32 raster of counts per group; nodata on water and beyond 500 m."""
    for group, values in counts.items():
        cells = np.where(grid.wet | ~grid.near, NODATA, np.round(values, 3))
        with rasterio.open(
            folder / f"population_{group}.tif",
            "w",
            driver="GTiff",
            height=grid.shape[0],
            width=grid.shape[1],
            count=1,
            dtype="float32",
            crs="EPSG:4326",
            transform=from_origin(grid.west, grid.north, CELL, CELL),
            nodata=NODATA,
            compress="deflate",
            predictor=3,
            zlevel=9,
        ) as out:
            out.write(cells.reshape(grid.shape).astype("float32"), 1)


def households(grid: Grid, counts: dict[str, Floats]) -> list[int]:
    """Split the households over the communities, in proportion to their people."""
    inside = grid.community >= 0
    people = np.bincount(grid.community[inside], counts["total"][inside], N_COMMUNITIES).astype(
        float
    )
    return split(HOUSEHOLDS, people)
