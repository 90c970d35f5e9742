"""A results folder written by hand: what `compare` reads of it, without a run."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from circle15.inputs.files.source_files import sha256
from circle15.workflow.folders.result_names import RECORD
from circle15.workflow.reruns.run_record import sealed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Home = tuple[float, str, str | None]
"""People, subdistrict, and the id of the site that covers it; None in the gap."""


@dataclass(frozen=True)
class Site:
    """A meal point on a street: metres from its beginning, and its fields."""

    x_m: float | None
    is_open: bool = True
    name: str = ""
    floor_area_m2: float | None = None


@dataclass(frozen=True)
class Town:
    """Homes with who covers them within 15 minutes, sites, and pieces of street."""

    homes: Mapping[str, Home]
    sites: Mapping[str, Site]
    streets: Mapping[str, tuple[float, float, str]] = field(default_factory=dict)
    rule: tuple[str, float] = ("met", 80.0)
    speed_m_s: float = 1.0
    as_of: str = "2025-06-30"

    def covered(self, zone: str | None = None) -> float:
        found = self._of(zone)
        return sum(people for people, _, site in found if site is not None)

    def gap(self, zone: str | None = None) -> float:
        return sum(people for people, _, site in self._of(zone) if site is None)

    def _of(self, zone: str | None) -> list[Home]:
        return [one for one in self.homes.values() if zone in (None, one[1])]

    def summary(self) -> dict[str, Any]:
        choice = {"category": "meal_point", "group": "p60", "cutoff_min": 15}
        at: dict[str, Any] = choice | {"speed_m_s": self.speed_m_s}
        verdict, value = self.rule
        return {
            "schema": 1,
            "study": {
                "name": "town",
                "title": "Town",
                "as_of": self.as_of,
                "crs": "EPSG:4549",
            },
            "parameters": {"group": "p60", "speed_m_s": self.speed_m_s, "require": []},
            "provenance": {
                "circle15": "1.0",
                "inputs": [{"path": "homes.csv", "sha256": f"{hash_of(self.homes):064x}"}],
                "packages": {"numpy": "2.0"},
                "packs": {"town-2026": "a"},
            },
            "population": [{"group": "p60"}],
            "network": {"nodes": 1 + len(self.streets)},
            "coverage": [at | {"covered": self.covered(), "gap": self.gap()}],
            "zones": [
                at | {"level": "street", "id": zone, "name": name, "gap": self.gap(zone)}
                for zone, name in (("W", "West"), ("E", "East"))
            ],
            "rules": [
                {
                    "pack": "town-2026",
                    "id": "T-1",
                    "verdict": verdict,
                    "value": value,
                    "threshold": 75.0,
                    "scope": "any",
                }
            ],
            "residential_zones": [],
        }

    def coverage(self) -> pd.DataFrame:
        rows = [
            {
                "demand_id": own,
                "category": "meal_point",
                "facility_id": site,
                "speed_m_s": self.speed_m_s,
                "cutoff_min": 15,
                "state": "gap" if site is None else "covered",
            }
            for own, (_, _, site) in self.homes.items()
        ]
        return pd.DataFrame(rows).astype({"facility_id": "str"}) if rows else pd.DataFrame()


def hash_of(homes: Mapping[str, Home]) -> int:
    """Return a number that changes with the homes."""
    return sum(int(1000 * people) * (3 + k) for k, (people, _, _) in enumerate(homes.values()))


def write_results(folder: Path, town: Town, **changed: Any) -> Path:
    """Write the results of a town; `changed` replaces parts of its summary."""
    folder.mkdir(parents=True)
    summary = copy.deepcopy(town.summary()) | changed
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    town.coverage().to_parquet(folder / "coverage.parquet")
    demand = pd.DataFrame(
        [
            {"demand_id": own, "in_area": True, "street_id": zone, "community_id": None, "p60": n}
            for own, (n, zone, _) in town.homes.items()
        ]
    )
    at = [shapely.Point(k, 0) for k in range(len(demand))]
    layers = {
        "demand": gpd.GeoDataFrame(demand, geometry=at, crs=4549),
        "facilities": _sites(town),
        "walk_network": _streets(town),
    }
    for layer, frame in layers.items():
        if len(frame):
            frame.to_file(folder / "results.gpkg", layer=layer, engine="pyogrio")
    return folder


def _sites(town: Town) -> gpd.GeoDataFrame:
    rows = [
        {
            "facility_id": own,
            "category": "meal_point",
            "name": one.name,
            "status": "open" if one.is_open else "closed",
            "open": one.is_open,
            "in_area": True,
            "position_unsure": False,
            "floor_area_m2": one.floor_area_m2,
            **dict.fromkeys(("beds", "nursing_beds", "meals_per_day", "places"), 20.0),
            **dict.fromkeys(("street_id", "community_id", "zone_id", "duplicate_of"), "W"),
        }
        for own, one in town.sites.items()
    ]
    at: Any = [
        None if one.x_m is None else shapely.Point(one.x_m, 0) for one in town.sites.values()
    ]
    frame = pd.DataFrame(rows).astype({"floor_area_m2": float})
    return gpd.GeoDataFrame(frame, geometry=at, crs=4549)


def _streets(town: Town) -> gpd.GeoDataFrame:
    rows = [
        {
            "edge_id": own,
            "kind": "residential",
            "name": name,
            "length_m": end - start,
            "base_mm_fwd": round(1000 * (end - start)),
            "base_mm_bwd": round(1000 * (end - start)),
            "delay_ms_fwd": 0,
            "delay_ms_bwd": 0,
        }
        for own, (start, end, name) in town.streets.items()
    ]
    lines = [shapely.LineString([(a, 0), (b, 0)]) for a, b, _ in town.streets.values()]
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=lines, crs=4549)


def seal_results(folder: Path, *, finished: str, **more: Any) -> Path:
    """Write the record of the run whose files are in a folder; return the folder."""
    files = {one.name: sha256(one) for one in sorted(folder.iterdir()) if one.name != RECORD}
    record = {"circle15": "1.0", "finished": finished, "files": files, **more}
    (folder / RECORD).write_text(sealed(record), encoding="utf-8", newline="\n")
    return folder


BEFORE = Town(
    homes={
        "h1": (10, "W", "f1"),
        "h2": (20, "W", "f2"),
        "h3": (30.5, "W", "f3"),
        "h4": (40, "E", None),
        "h5": (50, "E", None),
        "h6": (7, "W", "f1"),
    },
    sites={
        "f1": Site(100, name="One"),
        "f2": Site(200, name="Two", floor_area_m2=300),
        "f3": Site(300, name="Three"),
        "f0": Site(None, is_open=False, name="Old"),
    },
    streets={"1:0": (0, 500, "Long Street"), "2:0": (500, 800, "Old Lane")},
)
AFTER = replace(
    BEFORE,
    homes={
        "h1": (12, "W", "f1"),
        "h2": (20, "W", None),
        "h3": (30.5, "W", None),
        "h4": (40, "E", "f4"),
        "h5": (50, "E", "f1"),
        "h7": (3, "W", "f1"),
    },
    sites={
        "f1": Site(100, name="One"),
        "f2": Site(200, is_open=False, name="Two", floor_area_m2=350),
        "f3": Site(400, name="Three"),
        "f4": Site(900, name="Four"),
    },
    streets={"1:0": (0, 500, "Long Street"), "3:0": (500, 900, "New Way")},
    rule=("not_met", 70.0),
    as_of="2025-12-31",
)
"""f2 closes: h2 loses it. f3 moves by 100 m: h3 loses it. f4 is new and covers h4. h5 can reach f1
by New Way. h1 has 2 people more, h6 (7) is gone, h7 (3) is new."""
