"""10,000 residential zones against 20,000 rooms: what judging costs beyond the walking times."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import shapely

from circle15.access.judging import Judged
from circle15.access.states import State
from circle15.access.zone_circle import circle_of_zone
from circle15.inputs.residential import ResidentialZone
from circle15.rules.floor_area.overlaps import zone_overlaps
from circle15.rules.floor_area.sharing import zones_to_share
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.load import load_pack
from circle15.study.settings.rules.requirements import Rules
from circle15.study.vocabulary import columns as c

SIDE_M = 400.0
HOMES = 20
KINDS: Any = ("new", "existing", "mixed", "unknown")


def judging_zones(zones: int = 10_000, rooms: int = 20_000) -> list[str]:
    """Time floor areas, circles of 20 homes and two categories, overlaps, and neighbours."""
    law, rules = load_pack("liangxi-2025").floor_area, Rules(packs=("liangxi-2025",))
    city = _zones(zones)
    table = _rooms(rooms, side_m=SIDE_M * 100)
    times = [time.perf_counter()]
    found = check_floor_areas(city, table, law, rules)[0]
    times.append(time.perf_counter())
    checks = [ZoneCheck(one, found[one.zone_id][0], found[one.zone_id][1], ()) for one in city]
    _circles(zones)
    times.append(time.perf_counter())
    zone_overlaps(city)
    times.append(time.perf_counter())
    zones_to_share(checks, law, rules, reach_m=900)
    times.append(time.perf_counter())
    seconds = np.diff(times)
    names = ("floor areas", "circles", "overlaps", "neighbours to share with")
    rows = [f"{name:<26}{value:6.2f} s" for name, value in zip(names, seconds, strict=True)]
    total = f"{sum(seconds):.2f} s (< 10)"
    return [*rows, f"{zones:,} zones, {rooms:,} rooms, beyond the walking times: {total}"]


def _zones(count: int) -> list[ResidentialZone]:
    """Squares side by side; every tenth belongs to a pool, kinds take turns."""
    rng = np.random.default_rng(15)
    found = []
    for k in range(count):
        x, y = (k % 100) * SIDE_M, (k // 100) * SIDE_M
        mixed = KINDS[k % 4] == "mixed"
        found.append(
            ResidentialZone(
                zone_id=f"Z{k:05}",
                name="",
                kind=KINDS[k % 4],
                households=None if mixed else Decimal(int(rng.integers(0, 3000))),
                households_new=Decimal(500) if mixed else None,
                households_existing=Decimal(700) if mixed else None,
                dwellings=None,
                rooms_m2=(),
                pool_id=None if k % 10 else f"P{k // 50}",
                shape=shapely.box(x, y, x + SIDE_M - 20, y + SIDE_M - 20),
                file="zones.csv",
                row=k + 2,
            )
        )
    return found


def _rooms(count: int, *, side_m: float) -> pd.DataFrame:
    rng = np.random.default_rng(16)
    ids = [f"F{k:05}" for k in range(count)]
    return pd.DataFrame(
        {
            c.FACILITY_ID: ids,
            c.SITE_ID: ids,
            c.NAME: "",
            c.CATEGORY: "day_care",
            c.X_M: rng.uniform(0, side_m, count),
            c.Y_M: rng.uniform(0, side_m, count),
            c.OPEN: True,
            c.OPEN_AT_PLAN: True,
            c.FLOOR_AREA_M2: [Decimal(int(area)) for area in rng.integers(50, 700, count)],
            c.APPROXIMATE: [()] * count,
            c.ZONE_ID: None,
            c.DUPLICATE_OF: None,
            "file": "rooms.csv",
            "row": range(2, count + 2),
        }
    )


def _circles(zones: int) -> None:
    rng = np.random.default_rng(17)
    time_ms = rng.integers(0, 1_800_000, zones * HOMES)
    state = np.where(time_ms <= 900_000, State.COVERED, State.GAP).astype(np.int8)
    judged = Judged(time_ms, np.zeros(len(time_ms), np.int64), {15: state}, {15: state})
    for category in ("home_care_station", "meal_point"):
        for k in range(zones):
            homes = np.arange(k * HOMES, (k + 1) * HOMES)
            circle_of_zone(category, judged, homes, 15)
