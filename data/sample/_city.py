"""The plan of the invented city: a warped grid of lines, its blocks and their uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

SEED: Final = 20251231
HALF_M: Final = 5700.0
NORTH_M: Final = 4400.0
RIVER_Y_M: Final = -900.0
CANAL_X_M: Final = 1150.0
RIVER_HALF_WIDTH_M: Final = 45.0
CANAL_HALF_WIDTH_M: Final = 18.0
PERSONS: Final = 985_451
LIVED_IN: Final = ("estate", "old", "shops")
HILL_M: Final = (-1411.0, 1830.0, 50.0, 210.0)
RISE_M: Final = (-1250.0, -2480.0, 16.0, 320.0)
"""Two hills as (x, y, height, standard deviation of the slope) in local metres."""
SUPERBLOCKS: Final = {(6, 16): (2, 2), (7, 20): (2, 2), (9, 23): (2, 2), (12, 9): (2, 1),
                      (19, 10): (2, 2), (19, 19): (2, 2)}  # fmt: skip
"""First block of each gated superblock and its size in blocks; its inner lines are no streets."""
HILLSIDES: Final = {(9, 20): "up", (11, 20): "down"}
"""Old blocks on the flanks of the hill: which way their lanes rise from west to east."""

_PLANE = "+proj=tmerc +lat_0=31.57 +lon_0=120.30 +k=1 +ellps=WGS84 +units=m"
_TO_DEGREES = Transformer.from_crs(_PLANE, "EPSG:4326", always_xy=True)
_TO_METRES = Transformer.from_crs("EPSG:4326", _PLANE, always_xy=True)

Floats = NDArray[np.float64]
Block = tuple[int, int]


def to_degrees(xy_m: Floats) -> Floats:
    """Return WGS 84 (lon, lat), rounded to 7 decimals, of local metres, shape (n, 2)."""
    lon, lat = _TO_DEGREES.transform(xy_m[:, 0], xy_m[:, 1])
    return np.round(np.column_stack([lon, lat]), 7)


def to_metres(lonlat: Floats) -> Floats:
    """Return local metres of WGS 84 (lon, lat), shape (n, 2)."""
    return np.column_stack(_TO_METRES.transform(lonlat[:, 0], lonlat[:, 1]))


@dataclass
class City:
    """
    Grid lines and what lies between them.

    A position is a pair of fractional line numbers (gi, gj); `place` turns it into metres, so
    that streets, blocks, water and boundaries share one warp. Block (i, j) lies between the
    vertical lines i, i + 1 and the horizontal lines j, j + 1. Lines `canal` and `river` are the
    middle of a waterway; the vertical line `motorway` is replaced by a motorway at ground level
    south of the horizontal line `viaduct`. The horizontal line `railway` is a railway; on the
    vertical lines `level_crossing` and `footbridge` one gets across it at ground level and on foot
    above it.
    """

    x_m: Floats
    y_m: Floats
    shift_m: Floats
    river: int
    canal: int
    motorway: int
    viaduct: int
    railway: int
    level_crossing: int = 6
    footbridge: int = 12
    use: dict[Block, str] = field(default_factory=dict)
    persons_km2: dict[Block, float] = field(default_factory=dict)
    inside: list[Block] = field(default_factory=list)

    @property
    def n_i(self) -> int:
        """Number of the last vertical line."""
        return len(self.x_m) - 1

    @property
    def n_j(self) -> int:
        """Number of the last horizontal line."""
        return len(self.y_m) - 1

    def place(self, gi: Floats | float, gj: Floats | float) -> Floats:
        """Return local metres, shape (n, 2), of fractional line numbers."""
        gi, gj = np.broadcast_arrays(np.atleast_1d(gi), np.atleast_1d(gj))
        x = np.interp(gi, np.arange(self.n_i + 1), self.x_m)
        y = np.interp(gj, np.arange(self.n_j + 1), self.y_m)
        edge_x = np.clip((HALF_M - np.abs(x)) / 700, 0, 1)
        edge_y = np.clip(np.minimum(y + HALF_M, NORTH_M - y) / 700, 0, 1)
        near_river = np.exp(-(((y - RIVER_Y_M) / 2200) ** 2))
        dx = 130 * np.sin(y / 900 + 0.7) + 60 * np.sin(x / 520 + y / 1300)
        dy = 330 * near_river * np.sin(x / 1350 + 0.4) + 55 * np.sin(x / 610 - y / 1500)
        i, j = np.minimum(gi.astype(int), self.n_i - 1), np.minimum(gj.astype(int), self.n_j - 1)
        u, v = (gi - i)[:, None], (gj - j)[:, None]
        s = self.shift_m
        jitter = (1 - u) * ((1 - v) * s[i, j] + v * s[i, j + 1]) + u * (
            (1 - v) * s[i + 1, j] + v * s[i + 1, j + 1]
        )
        return np.column_stack([x + edge_x * dx + jitter[:, 0], y + edge_y * dy + jitter[:, 1]])

    def ring(self, block: Block) -> Floats:
        """Return the outline of a block in local metres, with every quarter point of its sides."""
        i, j = block
        q = np.arange(4) / 4
        gi = np.concatenate([i + q, np.full(4, i + 1.0), i + 1 - q, np.full(4, float(i))])
        gj = np.concatenate([np.full(4, float(j)), j + q, np.full(4, j + 1.0), j + 1 - q])
        return self.place(gi, gj)

    def face(self, block: Block) -> shapely.Polygon:
        """Return the outline of a block as a polygon in local metres."""
        return shapely.Polygon(self.ring(block))

    def superblock(self, block: Block) -> Block | None:
        """Return the first block of the superblock that holds a block; None where there is none."""
        for (i, j), (di, dj) in SUPERBLOCKS.items():
            if 0 <= block[0] - i < di and 0 <= block[1] - j < dj:
                return i, j
        return None

    def is_inside_superblock(self, number: int, middle: float, *, vertical: bool) -> bool:
        """Tell whether a place on a grid line has one superblock on both sides."""
        cell = int(middle)
        sides = [(number - k, cell) if vertical else (cell, number - k) for k in (0, 1)]
        first = self.superblock(sides[0])
        return first is not None and first == self.superblock(sides[1])

    def is_water_column(self, i: int) -> bool:
        """Tell whether the column of blocks i is a bank of the canal."""
        return i in (self.canal - 1, self.canal)

    def is_water_row(self, j: int) -> bool:
        """Tell whether the row of blocks j is a bank of the river."""
        return j in (self.river - 1, self.river)


def _lines(rng: np.random.Generator, start: float, stop: float) -> list[float]:
    """Return line positions from start to stop, 330 to 480 m apart."""
    count = max(1, round((stop - start) / 400))
    steps = rng.uniform(0.82, 1.18, count)
    return list(start + np.concatenate([[0.0], np.cumsum(steps / steps.sum())]) * (stop - start))


def _grid(rng: np.random.Generator) -> City:
    """Lay out the lines; rows beside the river and columns beside the canal are narrow."""
    west, east = CANAL_X_M - 85, CANAL_X_M + 85
    south, north = RIVER_Y_M - 130, RIVER_Y_M + 130
    x_m = np.array([*_lines(rng, -HALF_M, west), CANAL_X_M, *_lines(rng, east, HALF_M)])
    y_low, y_high = _lines(rng, -HALF_M, south), _lines(rng, north, NORTH_M - 150)
    y_m = np.array([*y_low, RIVER_Y_M, *y_high, NORTH_M])
    river, canal = int(np.argmin(np.abs(y_m - RIVER_Y_M))), int(np.argmin(np.abs(x_m - CANAL_X_M)))
    shift_m = rng.normal(0, 17, (len(x_m), len(y_m), 2))
    shift_m[[0, -1]] = 0
    shift_m[:, [0, -1]] = 0
    shift_m[canal - 1 : canal + 2, :, 0] = 0
    shift_m[:, river - 1 : river + 2, 1] = 0
    motorway = int(np.argmin(np.abs(x_m - 3000)))
    viaduct = int(np.argmin(np.abs(y_m + 2900)))
    railway = int(np.argmin(np.abs(y_m - 2700)))
    return City(x_m, y_m, shift_m, river, canal, motorway, viaduct, railway)


def _district(city: City) -> list[Block]:
    """Return the blocks of the district: a rounded, uneven outline of about 8.5 km."""
    blocks = []
    for j in range(city.n_j - 1):
        for i in range(1, city.n_i - 1):
            x, y = city.place(i + 0.5, j + 0.5)[0]
            angle = np.arctan2(y, x)
            reach = 4330 + 260 * np.sin(3 * angle + 1.0) + 170 * np.sin(5 * angle + 0.3)
            radius = (abs(x) ** 3.2 + abs(y) ** 3.2) ** (1 / 3.2)
            if radius < reach and abs(x) < 4300 and y > -4300:
                blocks.append((i, j))
    return blocks


def _use(rng: np.random.Generator, city: City, block: Block) -> str:
    """Draw the use of a block; the mix changes from the centre outwards."""
    i, j = block
    if city.is_water_row(j) or city.is_water_column(i):
        return "bank"
    x, y = city.place(i + 0.5, j + 0.5)[0]
    radius = float(np.hypot(x + 300, y - 700))
    works = np.sin(x / 1500 + 1.2) * np.sin(y / 1300 - 0.5) > 0.45
    if radius < 1500:
        weights = {"estate": 0.37, "old": 0.43, "shops": 0.13, "park": 0.07}
    elif radius < 4600:
        share = 0.34 if works and radius > 2200 else 0.05
        weights = {"estate": 0.70 - share, "old": 0.16, "shops": 0.05, "park": 0.07, "field": 0.02}
        weights["works"] = share
    else:
        weights = {"estate": 0.40, "works": 0.2, "field": 0.3, "park": 0.05, "old": 0.05}
    names = list(weights)
    chances = np.array(list(weights.values()))
    return str(rng.choice(names, p=chances / chances.sum()))


def _settle(rng: np.random.Generator, city: City) -> None:
    """Give every block a use and a density; the far field and the square are set by hand."""
    for i in range(city.n_i):
        for j in range(city.n_j):
            city.use[i, j] = _use(rng, city, (i, j))
    square = block_at(city, -350, 650)
    city.use[square] = "square"
    far_i, far_j = block_at(city, 3600, 2300)
    for block in [(far_i - a, far_j - b) for a in (0, 1) for b in (0, 1)]:
        city.use[block] = "empty"
    city.use[block_at(city, *HILL_M[:2])] = "hill"
    for block in HILLSIDES:
        city.use[block] = "old"
    for (i, j), (di, dj) in SUPERBLOCKS.items():
        for block in [(i + a, j + b) for a in range(di) for b in range(dj)]:
            city.use[block] = "estate"
    for block, use in city.use.items():
        x, y = city.place(block[0] + 0.5, block[1] + 0.5)[0]
        radius = float(np.hypot(x + 300, y - 700))
        base = 9_000 + 27_000 * np.exp(-((radius / 2600) ** 2))
        factor = {"estate": 1.0, "old": 0.95, "shops": 0.3}.get(use, 0.0)
        city.persons_km2[block] = base * factor * float(rng.lognormal(0, 0.28))


def block_at(city: City, x: float, y: float) -> Block:
    """Return the block whose middle is nearest to a position in local metres."""
    blocks = list(city.use)
    middle = city.place(*(np.array(blocks, dtype=float) + 0.5).T)
    return blocks[int(np.argmin(np.hypot(middle[:, 0] - x, middle[:, 1] - y)))]


def make_city() -> City:
    """Build the plan of the city from the fixed seed."""
    rng = np.random.default_rng(SEED)
    city = _grid(rng)
    _settle(rng, city)
    city.inside = _district(city)
    return city


def water(city: City) -> list[tuple[str, shapely.Polygon]]:
    """Return the water surfaces, in local metres, as (name, polygon); none overlaps another."""
    gi, gj = np.arange(0, city.n_i + 0.01, 0.25), np.arange(0, city.n_j + 0.01, 0.25)
    river = shapely.LineString(city.place(gi, city.river)).buffer(
        RIVER_HALF_WIDTH_M, cap_style="flat"
    )
    canal = shapely.LineString(city.place(city.canal, gj)).buffer(
        CANAL_HALF_WIDTH_M, cap_style="flat"
    )
    parts = [("示例河", part) for part in _pieces(river)]
    return parts + [("示例运河", part) for part in _pieces(canal.difference(river))]


def _pieces(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the single polygons of a shape, simplified to half a metre, west to east."""
    found = [p for p in shapely.get_parts(shapely.simplify(shape, 0.5)) if p.area > 100]
    return sorted(found, key=lambda p: p.bounds)
