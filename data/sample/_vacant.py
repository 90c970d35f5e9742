"""Vacant rooms of the invented city, in which new sites could open."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from _city import SEED, block_at
from _people import community_label, street_name
from _sites import BARE, Row, Sites, degrees, is_in, lived, middle_of

N_ROOMS: Final = 48
OWNERS: Final = ("国有", "集体", "私有")
VACANT: Final = ("房源编号", "名称", "经度", "纬度", "建筑面积", "改造费用(万元)", "权属")


def vacant_rows(sites: Sites) -> list[Row]:
    """
    Return 48 vacant rooms, a third of them in neighbourhoods without a station, and two odd rows.

    Placed by a generator of its own, so that no other list changes. Half the rooms have 300 m² or
    more. V-049 lies beyond every way, V-050 outside the district.
    """
    own = replace(sites, rng=np.random.default_rng([SEED, 11]), taken=set())
    blocks = sorted(lived(own, sites.city.inside))
    bare = [b for b in blocks if is_in(middle_of(sites.city, [b]), BARE)]
    others = [b for b in blocks if b not in set(bare)]
    third = N_ROOMS // 3
    chosen = bare[:: max(len(bare) // third, 1)][:third]
    chosen += others[:: len(others) // (N_ROOMS - len(chosen))][: N_ROOMS - len(chosen)]
    rows: list[Row] = []
    for k, block in enumerate(chosen, 1):
        lon, lat = degrees(own.beside(block))
        area = round(float(own.rng.lognormal(np.log(300), 0.5)))
        cost = round(area * float(own.rng.uniform(0.12, 0.3)), 1)
        owner = OWNERS[int(own.rng.integers(0, len(OWNERS)))]
        label = community_label(sites.division, sites.division.community[block])[1]
        rows.append([f"V-{k:03d}", f"{label}闲置用房{k}号", lon, lat, area, cost, owner])
    far = block_at(sites.city, 3600, 2300)
    lon, lat = degrees(sites.city.place(float(far[0]), far[1] + 0.15)[0])
    rows.append(["V-049", "示例田野闲置仓库", lon, lat, 900, 60.0, "集体"])
    rows.append(["V-050", f"{street_name(0)}界外闲置用房", 120.45, 31.6, 400, 50.0, "国有"])
    return rows


def write_vacant(rows: list[Row], path: Path) -> None:
    """Write the rooms as a csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(VACANT)
        writer.writerows(rows)
