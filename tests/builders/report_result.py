"""A result written by hand, for tests of reports and workbooks."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from circle15.access.counting import CatchmentCount, Counts
from circle15.access.records import CoverageRow, GatedFigures, Level, ZoneRow
from circle15.access.zone_circle import ZoneCircle
from circle15.inputs.area.study_area import StudyArea
from circle15.inputs.demand.balance import Balance
from circle15.inputs.demand.population import Population
from circle15.inputs.residential import ResidentialZone
from circle15.network.quality import Band, FarPoint, Island, NetworkQuality
from circle15.network.walk_network import WalkNetwork
from circle15.results.records import StudyResult
from circle15.rules.evaluators.evaluating import RuleResult
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.load import load_pack
from circle15.rules.verdicts import Verdict
from circle15.study.settings.records import (
    Area,
    Demand,
    DemandLayer,
    FacilityLayer,
    NetworkSource,
    Study,
)
from circle15.study.settings.rules.requirements import Circle, Rules
from circle15.study.vocabulary.finding import Finding
from tests.builders.category_access import access_of
from tests.builders.coverage import NOBODY_JUDGED, with_coverage

METRIC = CRS.from_epsg(4549)
STATION = "home_care_station"


def square(x: float, y: float, side: float) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


LEVELS: tuple[tuple[Level, str], ...] = (("street", "S"), ("community", "K"))


def make_study(**changes: Any) -> Study:
    study = Study(
        file=Path("study.toml"),
        name="by-hand",
        title="By hand",
        as_of=dt.date(2025, 12, 31),
        network=NetworkSource(file=Path("network.osm.pbf")),
        demand=Demand(
            (DemandLayer("p60", points=Path("people.csv"), value=("people",)),),
            "p60",
            Decimal("2.45"),
        ),
        area=Area(),
        facilities=(FacilityLayer(Path("stations.csv"), category=STATION),),
        rules=Rules(packs=("liangxi-2025",)),
        circle=Circle((STATION,)),
    )
    return replace(study, **changes)


def make_result(study: Study | None = None, *, name: str = "") -> StudyResult:
    """Make the result of the module docstring; `name` replaces every name that data may hold."""
    study = study or make_study()
    network = make_network()
    counts = Counts(5_000_000, 2_500_000, 1_500_000, 1_000_000)
    speed = study.walk.speed_m_s
    rows = [
        CoverageRow(k, "p60", cutoff, v, counts, Counts(4_000_000, 2_500_000, 500_000, 1_000_000))
        for k in (STATION, "any", "all")
        for cutoff in (5, 10, 15)
        for v in study.walk.speeds
    ]
    zone_rows = [
        ZoneRow(level, f"{prefix}{k}", name or f"{prefix} {k}", category, "p60", 15, speed, found)
        for level, prefix in LEVELS
        for k, found in (
            (1, Counts(2_500_000, 2_500_000, 0, 0)),
            (2, Counts(2_500_000, 0, 1_500_000, 1_000_000)),
        )
        for category in (STATION, "any", "all")
    ]
    checks, rules = make_checks(name)
    all_of_them = {"p60": 2_500_000}
    within: dict[str, tuple[int, ...]] = {"p60": (500_000, 1_500_000, 2_500_000)}
    reach = CatchmentCount(0, all_of_them, all_of_them, within)
    result = StudyResult(
        study=study,
        crs=METRIC,
        area=make_area(name),
        population=Population(
            pd.DataFrame(),
            [Balance("p60", 5_000_000, 1_000_000, 5_000_000, 1_000_000, 0, 0, 1.0, "常住", 2020)],
            [],
            None,
            {},
        ),
        demand=make_demand(),
        facilities=make_facilities(name),
        network=network,
        quality=make_quality(),
        gated=GatedFigures(0, 0.0, 0, []),
        judged=NOBODY_JUDGED,
        categories=[STATION],
        coverage_rows=rows,
        zone_rows=zone_rows,
        catchments={STATION: [reach]},
        access=access_of({STATION: [reach]}, name=name or "S 1"),
        rules=rules,
        zone_checks=checks,
        served=gpd.GeoDataFrame(
            {"category": [STATION, STATION], "cutoff_min": [10, 15]},
            geometry=[shapely.Polygon(), square(500000, 3400000, 900)],
            crs=METRIC,
        ),
        served_cell_m=40.0,
        findings=[
            Finding("DATUM_ASSUMED", "note", "stations.csv"),
            Finding(
                "TOO_FAR", "warning", "people.csv", 4, None, 1_000_000, None, {"id": name or "c"}
            ),
            Finding(
                "UNREADABLE",
                "warning",
                name or "stations.csv",
                3,
                "建筑面积",
                None,
                Decimal("120.50"),
                {"value": name or "约300"},
            ),
        ],
        provenance={
            "circle15": "0.1.0",
            "inputs": [{"path": name or "people.csv", "sha256": "00ff" * 16, "rows": 4}],
            "packages": {"numpy": "2.2.0"},
            "packs": {},
            "datums": [],
        },
    )
    return with_coverage(result, make_coverage())


def make_area(name: str) -> StudyArea:
    def layer(prefix: str) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(
            {
                "zone_id": [f"{prefix}1", f"{prefix}2"],
                "name": [name or f"{prefix} 1", name or f"{prefix} 2"],
                "street_id": ["S1", "S2"],
                "households": [None, None],
            },
            geometry=[square(500000, 3400000, 1000), square(501000, 3400000, 1000)],
            crs=METRIC,
        )

    return StudyArea(None, layer("S"), layer("K"), layer("S"), [])


def make_network() -> WalkNetwork:
    u, v = np.array([0, 1]), np.array([1, 2])
    length = np.array([1000.0, 1000.0])
    base = (length * 1000).astype(np.int64)
    zero = np.zeros(2, np.int64)
    return WalkNetwork(
        crs=METRIC,
        x_m=np.array([500000.0, 501000.0, 502000.0]),
        y_m=np.full(3, 3400500.0),
        u=u,
        v=v,
        length_m=length,
        base_mm_fwd=base,
        base_mm_bwd=np.array([-1, 1_000_000]),
        delay_ms_fwd=zero,
        delay_ms_bwd=zero,
        way_id=np.array([7, 7]),
        way_pos=np.array([0, 1]),
        kind=np.array(["footway", "footway"], dtype=object),
        private=np.zeros(2, bool),
        snappable=np.ones(2, bool),
        extent=square(499000, 3399000, 5000),
        extent_source="header",
        barriers=np.array([], dtype=object),
        counts={"ways_read": 2, "ways_walkable": 1, "missing_nodes": 0},
        kept={"path": 1},
        dropped={"motorway": 1},
    )


def make_quality() -> NetworkQuality:
    """Homes a and b 5 m from the street, c 400 m; T1 and T2 3 m; an island of 300 m with b."""
    none = Band(0, 0)
    return NetworkQuality(
        components=2,
        islands=(Island(502000.0, 3400500.0, 300.0, 1_500_000, 1),),
        dead_ends=2,
        nodes=3,
        length_m=2000.0,
        private_m=500.0,
        homes=(Band(2, 4_000_000), none, none, none, none, Band(1, 1_000_000)),
        sites=(Band(2, 2), none, none, none, none, none),
        far_homes=(FarPoint("c", 501900.0, 3400500.0, 1_000_000, 400.0, "TOO_FAR"),),
        far_sites=(FarPoint("T1", 500400.0, 3400500.0, 1, 3.0, ""),),
    )


def make_demand() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "demand_id": ["a", "b", "c", "d"],
            "x_m": [500100.0, 501100.0, 501900.0, np.nan],
            "y_m": 3400500.0,
            "in_area": [True, True, True, False],
            "street_id": ["S1", "S2", "S2", None],
            "community_id": ["K1", "K2", "K2", None],
            "p60_micro": np.array([2_500_000, 1_500_000, 1_000_000, 1_000_000]),
            "edge_id": ["7:0", "7:1", None, None],
            "fraction": [0.1, 0.1, np.nan, np.nan],
            "access_m": [5.0, 5.0, np.nan, np.nan],
            "snap_code": ["", "", "TOO_FAR", "NO_POSITION"],
            "barrier": None,
            "barrier_kind": None,
        }
    )


def make_facilities(name: str) -> pd.DataFrame:
    base: dict[str, Any] = {
        "category": STATION,
        "name": name or "Station",
        "y_m": 3400500.0,
        "opened": None,
        "in_area": True,
        "street_id": "S1",
        "community_id": "K1",
        "position_unsure": False,
        "beds": None,
        "nursing_beds": None,
        "meals_per_day": None,
        "places": None,
        "zone_id": None,
        "duplicate_of": None,
        "approximate": (),
        "file": "stations.csv",
        "edge_id": "7:0",
        "fraction": 0.4,
        "access_m": 3.0,
        "snap_code": "",
        "barrier": None,
        "barrier_kind": None,
    }
    rows = [
        base
        | {
            "facility_id": "T1",
            "x_m": 500400.0,
            "status": "open",
            "open": True,
            "open_at_plan": True,
            "floor_area_m2": Decimal("320.25"),
            "row": 2,
        },
        base
        | {
            "facility_id": "T2",
            "x_m": 501400.0,
            "status": "closed",
            "open": False,
            "open_at_plan": False,
            "floor_area_m2": None,
            "row": 3,
        },
    ]
    table = pd.DataFrame(rows)
    return table.assign(site_id=table["facility_id"])


def make_coverage() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "demand_id": pd.Categorical(["a", "b", "c"]),
            "category": pd.Categorical([STATION] * 3),
            "time_ms": pd.array([300_000, 1_200_000, None], dtype="Int64"),
            "facility_id": pd.Categorical(["T1", "T1", None]),
            "cutoff_min": np.int32(15),
            "state": pd.Categorical(["covered", "gap", "unknown"]),
            "unknown_reason": pd.Categorical(["", "", "UNSNAPPED"]),
        }
    )


def make_checks(name: str) -> tuple[list[ZoneCheck], list[RuleResult]]:
    """Zone Z1 has 1,000 existing households and rooms of 150 and 80 m²: it needs 200 m²."""
    pack = load_pack("liangxi-2025")
    zone = ResidentialZone(
        "Z1",
        name or "Zone 1",
        "existing",
        Decimal(1000),
        None,
        None,
        None,
        (Decimal(150), Decimal(80)),
        None,
        square(500000, 3400000, 300),
        "zones.csv",
        2,
    )
    nothing = make_facilities(name).iloc[:0]
    rooms, sheet = check_floor_areas([zone], nothing, pack.floor_area, Rules())[0]["Z1"]
    circle = ZoneCircle(STATION, "gap", 1243.216, None, 0.25, 0)
    rule = next(rule for rule in pack.rules if rule.id == "LX-03")
    result = RuleResult(
        "liangxi-2025",
        rule,
        "plan (2022)",
        "Z1",
        Verdict.NOT_MET,
        Fraction(0),
        Fraction(200),
        "m2",
        Fraction(150),
        None,
        ("zones.csv:2",),
    )
    return [ZoneCheck(zone, rooms, sheet, (circle,))], [result]


def text_of(page: str) -> str:
    """Text that a reader sees, with single spaces."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())
