"""Land use of the invented city, and its buildings: what coverage is counted by beside people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from _city import SEED, SUPERBLOCKS, Block, City, to_degrees

LAND_USES: Final = {
    "estate": "R2",
    "old": "R2",
    "shops": "B1",
    "park": "G1",
    "hill": "G1",
    "square": "G3",
    "works": "M1",
    "field": "E2",
    "empty": "E2",
}
"""Codes of land use (GB 50137) by what a block is; the banks of the water have none."""
LAND_INSIDE_M: Final = 12.0
"""Land ends so many metres before the middle of the street."""
FLOOR_M2: Final = 34.0
"""Floor area of homes per resident."""
ROWS: Final = {
    "estate": ((0.3, 0.7), (0.2, 0.5, 0.8), 66.0, 16.0),
    "old": ((0.375, 0.625), (0.2, 0.32, 0.56, 0.68), 76.0, 24.0),
    "shops": ((0.35, 0.65), (0.275, 0.425, 0.575, 0.725), 80.0, 28.0),
}
"""By use of a block: shares of its width and height at which houses stand, length and depth."""
SHOPS_LIVED_IN: Final = 2
"""So many of the houses of a shopping block have homes; the others are shops alone."""


def write_land(city: City, path: Path) -> None:
    """Write the land use of all blocks of the district, a superblock as one polygon."""
    written = []
    for block in city.inside:
        code, first = LAND_USES.get(city.use[block]), city.superblock(block)
        if code is None or (first is not None and first != block):
            continue
        width, height = (1, 1) if first is None else SUPERBLOCKS[first]
        faces = [
            city.face((block[0] + a, block[1] + b)) for a in range(width) for b in range(height)
        ]
        # Faces of one superblock share their corners, and differ by rounding at most.
        whole = shapely.union_all([face.buffer(0.01, join_style="mitre") for face in faces])
        shape = shapely.simplify(whole.buffer(-LAND_INSIDE_M), 1.5)
        number = f"L-{len(written) + 1:03d}"
        written.append(({"地块编号": number, "用地代码": code}, np.asarray(shape.exterior.coords)))
    _write(written, path)


def write_buildings(city: City, path: Path) -> None:
    """
    Write the houses of the blocks where people live, with use and floors.

    A block has floors for its residents; uses and floors are drawn by a generator of their own, so
    that no other list changes.
    """
    rng = np.random.default_rng([SEED, 12])
    written = []
    for block in city.inside:
        rings = list(_houses(city, block))
        lived_in = len(rings)
        if city.use[block] == "shops":
            lived_in = SHOPS_LIVED_IN
        people = city.persons_km2[block] * city.face(block).area / 1e6
        for k, ring in enumerate(rings):
            footprint_m2 = shapely.Polygon(ring).area
            mean = people * FLOOR_M2 / lived_in / footprint_m2
            floors = int(np.clip(round(mean * rng.uniform(0.8, 1.2)), 1, 33))
            use = "住宅"
            if k >= lived_in:
                use, floors = "商业", int(rng.integers(2, 7))
            elif city.use[block] == "shops":
                use = "商住"
            written.append(({"用途": use, "层数": floors}, ring))
    _write(written, path)


def _houses(city: City, block: Block) -> Iterator[np.ndarray]:
    """Yield the outlines of the houses of a block, in local metres; rectangles along its rows."""
    if city.use[block] not in ROWS:
        return
    us, vs, long_m, deep_m = ROWS[city.use[block]]
    for v in vs:
        for u in us:
            middle = city.place(block[0] + u, block[1] + v)[0]
            ahead = city.place(block[0] + u + 0.01, block[1] + v)[0] - middle
            along = ahead / np.hypot(*ahead)
            across = np.array([-along[1], along[0]])
            a, b = along * long_m / 2, across * deep_m / 2
            yield np.array(
                [middle - a - b, middle + a - b, middle + a + b, middle - a + b, middle - a - b]
            )


def _write(written: list[tuple[dict[str, object], np.ndarray]], path: Path) -> None:
    """Write polygons as GeoJSON, one to a line, to 6 decimals (10 cm)."""
    features = [
        {
            "type": "Feature",
            "properties": values,
            "geometry": {"type": "Polygon", "coordinates": [_degrees(ring)]},
        }
        for values, ring in written
    ]
    lines = ",\n".join(
        json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features
    )
    head = f'{{"type": "FeatureCollection", "name": "{path.stem}", "features": [\n'
    path.write_text(f"{head}{lines}\n]}}\n", encoding="utf-8", newline="\n")


def _degrees(ring: np.ndarray) -> list[list[float]]:
    """Return a ring against the clock as degrees."""
    if not shapely.is_ccw(shapely.LinearRing(ring)):
        ring = ring[::-1]
    return np.round(to_degrees(ring), 6).tolist()
