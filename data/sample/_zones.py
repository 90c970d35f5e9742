"""Residential zones that show every verdict of the floor-area rules."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from _blocks import homes
from _city import SEED, Block, City, to_degrees
from _people import TOTALS
from _sites import Sites, degrees

NEW: Final = "新建"
OLD: Final = "已建成"
MIXED: Final = "混合"
N_ZONES: Final = 40


@dataclass(frozen=True)
class Case:
    """One zone: kind, households (all, new, existing), rooms and pool."""

    kind: str
    households: int | None
    rooms: str
    new: int | None = None
    existing: int | None = None
    pool: str = ""


CASES: Final = (
    Case(NEW, 1250, "375"),
    Case(NEW, 600, "180"),
    Case(NEW, 1000, "320"),
    Case(OLD, 1000, "150+80"),
    Case(OLD, 1000, "150+40"),
    Case(OLD, 2000, "300+100"),
    Case(MIXED, 2500, "600", 1000, 1500),
    Case(MIXED, 900, "300", 400, 500),
    Case(NEW, 0, "320"),
    Case("", 1500, "400"),
    Case("", 1500, "460"),
    Case("", 800, "100"),
    Case(NEW, None, "300"),
    Case(OLD, 1200, ""),
    Case(OLD, 1000, "500", pool="P-1"),
    Case(OLD, 2000, "0", pool="P-1"),
    Case(OLD, 1500, "320+90"),
    Case(OLD, 1400, "0"),
)
"""Z-01 to Z-18, in order; the README says what each must show."""

PROPOSED: Final = (
    ("N-01", "示例新村一期", "new", "1200", "", "", "1290", "360", "", (-2750, -2700)),
    ("N-02", "示例新村二期", "new", "900", "", "", "960", "180+90", "", (3450, 950)),
    ("N-03", "示例新村三期", "mixed", "1100", "600", "500", "1180", "300", "", (-3300, 1500)),
    ("N-04", "示例新村四期", "", "1600", "", "", "1700", "400", "", (300, 1200)),
    ("N-05", "示例新村五期", "new", "450", "", "", "", "", "", (2300, -3000)),
)
COLUMNS: Final = (
    "zone_id",
    "name",
    "kind",
    "households",
    "households_new",
    "households_existing",
    "dwellings",
    "rooms_m2",
    "pool_id",
)


def _block_households(city: City) -> dict[Block, float]:
    """Estimate the households of every block of the district from its density."""
    people = {b: city.face(b).area / 1e6 * city.persons_km2[b] for b in city.inside}
    scale = TOTALS["total"] / sum(people.values())
    return {b: n * scale / 2.45 for b, n in people.items()}


def _ordinary(rng: np.random.Generator, households: int, number: int) -> Case:
    """Make up an ordinary zone; most are existing, and about half fall short."""
    kind = NEW if number % 9 == 0 else MIXED if number % 11 == 0 else OLD
    rooms = str(rng.choice(["0", "120", "180", "240", "320", "350+60", "300+150", "480"]))
    if kind == MIXED:
        new = households // 4
        return Case(kind, households, rooms, new, households - new)
    return Case(kind, households, rooms)


def choose_zones(sites: Sites) -> list[tuple[Case, Block]]:
    """Give every case the free block whose households fit best, then add ordinary zones."""
    rng = np.random.default_rng([SEED, 4])
    estimate = _block_households(sites.city)
    lived = [b for b in sites.city.inside if homes(sites.streets, b)]
    free = [b for b in lived if b not in sites.taken]
    chosen: list[tuple[Case, Block]] = []
    for case in CASES:
        goal = case.households or 700
        block = min(free, key=lambda b: abs(estimate[b] - goal))
        if case.pool and chosen[-1][0].pool == case.pool:
            i, j = chosen[-1][1]
            block = min(free, key=lambda b: (abs(b[0] - i) + abs(b[1] - j), b))
        free.remove(block)
        chosen.append((case, block))
    served = [b for b in lived if b in sites.taken]
    blocks = [free[k] for k in rng.permutation(len(free))[: N_ZONES - len(CASES) - 4]]
    blocks += [served[k] for k in rng.permutation(len(served))[:4]]
    for number, block in enumerate(blocks, start=len(chosen) + 1):
        households = int(np.clip(round(estimate[block] / 10) * 10, 300, 2500))
        chosen.append((_ordinary(rng, households, number), block))
    return chosen


def write_zones(city: City, chosen: list[tuple[Case, Block]], path: Path) -> None:
    """Write the zones as polygons 15 m inside their blocks; a missing number is null."""
    features = []
    for number, (case, block) in enumerate(chosen, start=1):
        ring = np.asarray(shapely.simplify(city.face(block).buffer(-15), 0.5).exterior.coords)
        known = case.households is not None and number % 7
        values = {
            "编号": f"Z-{number:02d}",
            "名称": f"示例小区{number}号(合成)",
            "类型": case.kind or None,
            "户数": case.households,
            "新建户数": case.new,
            "已建户数": case.existing,
            "套数": round(case.households * 1.08) if known and case.households else None,
            "用房面积": case.rooms,
            "合并组": case.pool or None,
        }
        shape = {"type": "Polygon", "coordinates": [to_degrees(ring[::-1]).tolist()]}
        features.append({"type": "Feature", "properties": values, "geometry": shape})
    lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
    path.write_text(
        '{"type": "FeatureCollection", "name": "zones", "features": [\n' + lines + "\n]}\n",
        encoding="utf-8",
    )


def write_proposed(path: Path) -> None:
    """Write five proposed zones as a csv with English keys."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*COLUMNS, "lon", "lat"])
        for *values, (x, y) in PROPOSED:
            writer.writerow([*values, *degrees(np.array([float(x), float(y)]))])
