"""A small result written by hand, for tests of the map."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from circle15.access.counting import CatchmentCount, Counts
from circle15.access.records import CoverageRow, GatedFigures
from circle15.inputs.area.study_area import StudyArea
from circle15.inputs.crs.positions import to_metric
from circle15.inputs.demand.population import Population
from circle15.network.quality import BANDS, Band, NetworkQuality
from circle15.network.walk_network import WalkNetwork
from circle15.results.records import StudyResult
from circle15.study.settings.records import Demand, DemandLayer, NetworkSource, Study
from circle15.study.settings.rules.requirements import Circle
from tests.builders.category_access import access_of
from tests.builders.coverage import NOBODY_JUDGED, with_coverage
from tests.builders.packed_pages import unpacked_block

STUDY_CRS = CRS.from_epsg(4549)
WEST, SOUTH = (float(v[0]) for v in to_metric(np.array([120.3]), np.array([31.5]), STUDY_CRS))
MICRO = 1_000_000


def small_network():
    """Two streets of 200 m that cross at node 4.

    .    1
    .  0 4 2
    .    3
    """
    x = WEST + np.array([0.0, 100.0, 200.0, 100.0, 100.0])
    y = SOUTH + np.array([100.0, 200.0, 100.0, 0.0, 100.0])
    u, v = np.array([0, 1, 2, 3]), np.array([4, 4, 4, 4])
    base = np.full(4, 100_000)
    zero = np.zeros(4, np.int64)
    return WalkNetwork(
        crs=STUDY_CRS,
        x_m=x,
        y_m=y,
        u=u,
        v=v,
        length_m=base / 1000,
        base_mm_fwd=base,
        base_mm_bwd=base,
        delay_ms_fwd=zero,
        delay_ms_bwd=zero,
        way_id=np.arange(4),
        way_pos=zero,
        kind=np.array(["primary", "residential", "primary_link", "footway"], dtype=object),
        private=zero.astype(bool),
        snappable=np.ones(4, bool),
        extent=shapely.box(WEST, SOUTH, WEST + 200, SOUTH + 200),
        extent_source="given",
        barriers=np.array([], dtype=object),
        counts={"ways_read": 4, "ways_walkable": 4, "missing_nodes": 0},
    )


def small_study(**changes):
    layer = DemandLayer("p60", points=Path("people.csv"), value=("n",))
    study = Study(
        file=Path("study.toml"),
        name="small",
        title="小区",
        as_of=dt.date(2025, 12, 31),
        network=NetworkSource(Path("network.osm.pbf")),
        demand=Demand((layer,), "p60"),
        circle=Circle(("meal_point",)),
    )
    return dataclasses.replace(study, **changes)


def empty_zones():
    columns = ["zone_id", "name", "street_id", "households"]
    return gpd.GeoDataFrame(dict.fromkeys(columns, ()), geometry=[], crs=STUDY_CRS)


def empty_quality():
    nothing = (Band(0, 0),) * len(BANDS)
    return NetworkQuality(1, (), 0, 5, 400.0, 0.0, nothing, nothing, (), ())


def small_result(*, name="食堂", states=("covered", "gap", "unknown"), people=(3, 2, 1), **changes):
    """Three homes 100 m apart in a row, one meal site at the first; 3, 2 and 1 persons."""
    micro = np.array(people, np.int64) * MICRO
    demand = pd.DataFrame(
        {
            "demand_id": ["a", "b", "c"],
            "x_m": WEST + np.array([0.0, 100.0, 200.0]),
            "y_m": SOUTH + np.zeros(3),
            "in_area": True,
            "street_id": None,
            "community_id": None,
            "p60_micro": micro,
            "edge_id": "0:0",
            "fraction": 0.0,
            "access_m": 0.0,
            "snap_code": "",
            "barrier": None,
            "barrier_kind": None,
        }
    )
    facilities = pd.DataFrame(
        [
            {
                "facility_id": "f",
                "category": "meal_point",
                "name": name,
                "x_m": WEST,
                "y_m": SOUTH,
                "status": "open",
                "opened": None,
                "open": True,
                "open_at_plan": True,
                "in_area": True,
                "street_id": None,
                "community_id": None,
                "position_unsure": False,
                "floor_area_m2": Decimal("120.5"),
                "beds": None,
                "nursing_beds": None,
                "meals_per_day": Decimal(80),
                "places": None,
                "zone_id": None,
                "duplicate_of": None,
                "approximate": (),
                "file": "meals.csv",
                "row": 2,
                "edge_id": "0:0",
                "fraction": 0.0,
                "access_m": 0.0,
                "snap_code": "",
                "barrier": None,
                "barrier_kind": None,
            }
        ]
    )
    coverage = pd.DataFrame(
        {
            "demand_id": ["a", "b", "c"] * 3,
            "category": "meal_point",
            "speed_m_s": 1.0,
            "time_ms": 1,
            "facility_id": "f",
            "cutoff_min": np.repeat([5, 10, 15], 3),
            "state": list(states) * 3,
            "unknown_reason": ["NETWORK_ENDS" if word == "unknown" else "" for word in states] * 3,
        }
    )
    by_state = {word: int(micro[np.array(states) == word].sum()) for word in set(states)}
    counts = Counts(int(micro.sum()), *(by_state.get(w, 0) for w in ("covered", "gap", "unknown")))
    rows = [
        CoverageRow(category, "p60", cutoff, Decimal("1.0"), counts)
        for category in ("meal_point", "all")
        for cutoff in (5, 10, 15)
    ]
    disc = shapely.Point(WEST, SOUTH).buffer(150)
    keys = {"category": ["meal_point", "all"], "cutoff_min": [15, 15]}
    served = gpd.GeoDataFrame(keys, geometry=[disc, disc], crs=STUDY_CRS)
    reach = [CatchmentCount(0, {"p60": 3 * MICRO}, {"p60": MICRO})]
    parts = gpd.GeoDataFrame({"street_id": [], "community_id": []}, geometry=[], crs=STUDY_CRS)
    result = StudyResult(
        study=small_study(),
        crs=STUDY_CRS,
        area=StudyArea(None, empty_zones(), empty_zones(), parts, []),
        population=Population(demand, [], [], None, {}),
        demand=demand,
        facilities=facilities,
        network=small_network(),
        quality=empty_quality(),
        gated=GatedFigures(0, 0.0, 0, []),
        judged=NOBODY_JUDGED,
        categories=["meal_point"],
        coverage_rows=rows,
        zone_rows=[],
        catchments={"meal_point": reach},
        access=access_of({"meal_point": reach}),
        rules=[],
        zone_checks=[],
        served=served,
        served_cell_m=40.0,
        findings=[],
        provenance={"circle15": "0.1.0", "inputs": [], "packages": {}, "packs": {}, "datums": []},
    )
    if "judged" in changes:
        return dataclasses.replace(result, **changes)
    coverage = changes.pop("coverage", coverage)
    result = dataclasses.replace(result, **changes)
    if len(coverage):
        coverage = coverage[coverage["demand_id"].isin(list(result.demand["demand_id"]))]
    return with_coverage(result, coverage)


def data_of(page):
    return json.loads(unpacked_block(page, "circle15-data"))


PLAIN = small_result()
NO_CATEGORY = {
    "categories": [],
    "study": small_study(circle=Circle()),
    "coverage": pd.DataFrame(),
    "coverage_rows": [],
    "catchments": {},
    "access": [],
    "facilities": PLAIN.facilities.iloc[:0],
    "served": PLAIN.served.iloc[:0],
}
