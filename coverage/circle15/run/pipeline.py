"""The stages of a run, in their order; this is the only place that knows it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle15.access.counting import (
    CatchmentCount,
    Counts,
    count_by_zone,
    count_catchments,
    count_states,
    straight_line_ms,
)
from circle15.access.judging import MS_PER_MIN, Judge, Judged
from circle15.access.states import REASON_WORDS, STATE_WORDS, all_of, any_of
from circle15.access.zone_circle import ZoneCircle, circle_of_zone, zone_homes
from circle15.network.snapping import Snaps, snap_to_network
from circle15.output.result import CoverageRow, StudyResult, ZoneRow
from circle15.rules.evaluating import Evidence, evaluate_pack
from circle15.rules.packs import RulePack, load_pack
from circle15.rules.zone_checks import ZoneCheck, check_floor_areas
from circle15.run.provenance import provenance
from circle15.run.reading import StudyInputs, read_inputs
from circle15.study import columns as c
from circle15.study.config import speed_ratio
from circle15.travel.catchments import catchments
from circle15.travel.graph import TravelNetwork
from circle15.travel.served_areas import grid_over, served_area

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from circle15.inputs.residential import ResidentialZone
    from circle15.study.config import Study
    from circle15.study.issues import Issue

    Report = Callable[[str], None]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int8]

ANY, ALL = "any", "all"
SERVED_CELL_M = 40.0
SERVED_BEYOND_M = 500.0
"""Served areas are drawn this far beyond the boundary."""


def silent(_stage: str) -> None:
    """Report nothing."""


def run_study(study: Study, *, report: Report = silent) -> StudyResult:
    """
    Run every stage of a study.

    Parameters
    ----------
    study
        Settings from `load_study`.
    report
        Is told the name of each stage as it begins.

    Raises
    ------
    Circle15Error
        If an input cannot be used; the message names file, row and column.
    """
    packs = [load_pack(name) for name in study.rules.packs]
    return judge_inputs(read_inputs(study, report), packs, report=report)


def judge_inputs(
    inputs: StudyInputs, packs: Sequence[RulePack], *, report: Report = silent
) -> StudyResult:
    """Run the stages that follow the reading: times, states, counts, zones, rules, drawing."""
    study = inputs.study
    issues = list(inputs.issues)
    report("times")
    inside = np.flatnonzero(inputs.population.demand[c.IN_AREA].to_numpy())
    homes = _Homes(inputs, inside)
    travel = TravelNetwork.from_network(inputs.network)
    judges = {speed: Judge(travel, inputs.sites, study.walk, speed) for speed in study.walk.speeds}
    judged = {speed: judge.judge(homes.snaps, inputs.categories) for speed, judge in judges.items()}
    states = {speed: _states(study, found) for speed, found in judged.items()}
    report("counts")
    coverage_rows = _coverage_rows(inputs, homes, states)
    judge = judges[study.walk.speed_m_s]
    reach = _catchments(inputs, homes, judge)
    report("zones")
    checks = check_zones(inputs, judge, inputs.residential, packs, issues)
    report("rules")
    rules = [
        row
        for pack in packs
        for row in evaluate_pack(pack, _evidence(inputs, coverage_rows, checks))
    ]
    report("drawing")
    served, cell_m = _served(inputs, judge)
    return StudyResult(
        study=study,
        crs=inputs.crs,
        area=inputs.area,
        population=inputs.population,
        demand=_with_snaps(inputs.population.demand, inputs.demand_snaps, inputs),
        facilities=_with_snaps(inputs.sites.table, inputs.sites.snaps, inputs),
        network=inputs.network,
        coverage=_coverage_table(inputs, homes, judged),
        categories=inputs.categories,
        coverage_rows=coverage_rows,
        zone_rows=_zone_rows(inputs, homes, states[study.walk.speed_m_s]),
        catchments=reach,
        rules=rules,
        zone_checks=checks,
        served=served,
        served_cell_m=cell_m,
        issues=issues,
        provenance=provenance(study, inputs.files),
    )


class _Homes:
    """The demand points inside the area: their ids, snaps, positions and weights."""

    def __init__(self, inputs: StudyInputs, inside: Ints) -> None:
        demand = inputs.population.demand.iloc[inside]
        snaps = inputs.demand_snaps
        self.table = demand
        self.ids = demand[c.DEMAND_ID].to_numpy(dtype=object)
        self.x_m, self.y_m = demand[c.X_M].to_numpy(), demand[c.Y_M].to_numpy()
        self.snaps = Snaps(
            snaps.edge[inside], snaps.fraction[inside], snaps.access_mm[inside], snaps.code[inside]
        )
        self.weights: dict[str, Ints] = {
            balance.group: demand[c.weight_column(balance.group)].to_numpy()
            for balance in inputs.population.balances
        }


def _states(study: Study, judged: Mapping[str, Judged]) -> dict[tuple[str, int], Codes]:
    """States by category and cutoff, with `any` and `all` of the required categories."""
    found = {(k, cutoff): j.states[cutoff] for k, j in judged.items() for cutoff in j.states}
    if study.circle.require:
        for cutoff in study.walk.cutoffs_min:
            required = [judged[category].states[cutoff] for category in study.circle.require]
            found[ANY, cutoff] = any_of(required)
            found[ALL, cutoff] = all_of(required)
    return found


def _coverage_rows(
    inputs: StudyInputs, homes: _Homes, states: Mapping[Decimal, Mapping[tuple[str, int], Codes]]
) -> list[CoverageRow]:
    rows = []
    for speed, by_category in states.items():
        circles = _circles(inputs, homes, speed)
        for (category, cutoff), state in by_category.items():
            claimed = circles[category] <= cutoff * MS_PER_MIN
            for group, weight in homes.weights.items():
                counts = count_states(state, weight)
                share = int(weight[claimed].sum()) / counts.persons if counts.persons else None
                rows.append(CoverageRow(category, group, cutoff, speed, counts, share))
    return rows


def _circles(inputs: StudyInputs, homes: _Homes, speed: Decimal) -> dict[str, Any]:
    """Straight-line times by category, with `any` and `all`."""
    table = inputs.sites.table
    found = {}
    for category in inputs.categories:
        rows = inputs.sites.rows(category, sure=False)
        found[category] = straight_line_ms(
            homes.x_m,
            homes.y_m,
            table[c.X_M].to_numpy()[rows],
            table[c.Y_M].to_numpy()[rows],
            speed_ratio(speed),
        )
    required = [found[category] for category in inputs.study.circle.require]
    if required:
        found |= {ANY: np.min(required, axis=0), ALL: np.max(required, axis=0)}
    return found


def _zone_rows(
    inputs: StudyInputs, homes: _Homes, states: Mapping[tuple[str, int], Codes]
) -> list[ZoneRow]:
    study = inputs.study
    weight = homes.weights[study.demand.group]
    rows = []
    for level, layer, column in (
        ("street", inputs.area.streets, c.STREET_ID),
        ("community", inputs.area.communities, c.COMMUNITY_ID),
    ):
        number = {zone_id: k for k, zone_id in enumerate(layer[c.ZONE_ID])}
        zone = np.array([number.get(z, -1) for z in homes.table[column]], np.int64)
        names = list(layer[c.NAME])
        for (category, cutoff), state in states.items():
            counted = count_by_zone(state, weight, zone, len(number))
            rows += [
                ZoneRow(
                    level,
                    zone_id,
                    names[k],
                    category,
                    study.demand.group,
                    cutoff,
                    study.walk.speed_m_s,
                    counted[k],
                )
                for zone_id, k in number.items()
            ]
    return rows


def _catchments(
    inputs: StudyInputs, homes: _Homes, judge: Judge
) -> dict[str, list[CatchmentCount]]:
    origins = judge.positions(homes.snaps)
    goals = judge.positions(inputs.sites.snaps)
    unsure = inputs.sites.table[c.POSITION_UNSURE].to_numpy()
    found = {}
    for category in inputs.categories:
        rows = inputs.sites.rows(category, sure=False)
        stream = catchments(judge.graph, origins, goals.take(rows), cutoff_ms=judge.horizon_ms)
        counted = count_catchments(
            stream, homes.weights, sure=~unsure[rows], n_points=len(homes.ids)
        )
        found[category] = [
            CatchmentCount(int(rows[one.facility]), one.persons, one.persons_only_here)
            for one in counted
        ]
    return found


def check_zones(
    inputs: StudyInputs,
    judge: Judge,
    zones: Sequence[ResidentialZone],
    packs: Sequence[RulePack],
    issues: list[Issue],
) -> list[ZoneCheck]:
    """Judge residential zones: their floor area by the first pack that has the law, their circle."""
    law = next((pack.floor_area for pack in packs if pack.floor_area is not None), None)
    floor = check_floor_areas(zones, inputs.sites.table, law, inputs.study.rules, issues)
    circles = _zone_circles(inputs, judge, zones)
    return [ZoneCheck(zone, *floor[zone.zone_id], circles[zone.zone_id]) for zone in zones]


def _zone_circles(
    inputs: StudyInputs, judge: Judge, zones: Sequence[ResidentialZone]
) -> dict[str, tuple[ZoneCircle, ...]]:
    require = list(inputs.study.circle.require)
    places = [zone_homes(inputs.network, zone.shape) for zone in zones]
    owner = np.repeat(np.arange(len(zones)), [len(x) for x, _ in places])
    x = np.concatenate([p[0] for p in places]) if places else np.empty(0)
    y = np.concatenate([p[1] for p in places]) if places else np.empty(0)
    limit = float(inputs.study.walk.max_snap_m)
    judged = judge.judge(snap_to_network(x, y, inputs.network, max_snap_m=limit), require)
    circle_min = inputs.study.walk.circle_min
    return {
        zone.zone_id: tuple(
            circle_of_zone(category, judged[category], np.flatnonzero(owner == k), circle_min)
            for category in require
        )
        for k, zone in enumerate(zones)
    }


def _evidence(
    inputs: StudyInputs, rows: Sequence[CoverageRow], checks: Sequence[ZoneCheck]
) -> Evidence:
    walk = inputs.study.walk
    circle: dict[tuple[str, str], Counts] = {
        (row.category, row.group): row.counts
        for row in rows
        if row.category in {ANY, ALL}
        and row.cutoff_min == walk.circle_min
        and row.speed_m_s == walk.speed_m_s
    }
    streets = list(inputs.area.streets[c.ZONE_ID])
    return Evidence(circle, streets, inputs.sites.table, checks)


def _served(inputs: StudyInputs, judge: Judge) -> tuple[gpd.GeoDataFrame, float]:
    """Areas from which each category, and all required ones, are reached within each cutoff."""
    walk = inputs.study.walk
    over = shapely.buffer(inputs.network.extent, float(walk.max_snap_m))
    if inputs.area.boundary is not None:
        near = shapely.buffer(inputs.area.boundary, SERVED_BEYOND_M)
        over = shapely.intersection(over, near) if shapely.intersects(over, near) else near
    grid = grid_over(over, cell_m=SERVED_CELL_M)
    x, y = grid.points()
    snaps = snap_to_network(x, y, inputs.network, max_snap_m=float(walk.max_snap_m))
    times = {k: j.time_ms for k, j in judge.judge(snaps, inputs.categories).items()}
    if inputs.study.circle.require:
        required = np.stack([times[category] for category in inputs.study.circle.require])
        times[ALL] = np.where((required < 0).any(axis=0), -1, required.max(axis=0))
    rows = [
        (category, cutoff, served_area(grid, time, cutoff * MS_PER_MIN))
        for category, time in times.items()
        for cutoff in walk.cutoffs_min
    ]
    frame = pd.DataFrame(rows, columns=[c.CATEGORY, c.CUTOFF_MIN, "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=inputs.crs), grid.cell_m


def _with_snaps(table: pd.DataFrame, snaps: Snaps, inputs: StudyInputs) -> pd.DataFrame:
    """Add where each row joins the network; null where it does not."""
    edge_ids = np.append(inputs.network.edge_ids, None)
    return table.assign(
        **{
            c.EDGE_ID: edge_ids[snaps.edge],
            c.FRACTION: snaps.fraction,
            c.ACCESS_M: np.where(snaps.joined, snaps.access_mm / 1000, np.nan),
            c.SNAP_CODE: [str(code) for code in snaps.code],
        }
    )


@dataclass(frozen=True)
class _Words:
    """Words that occur in many rows, as categories of a column."""

    values: Sequence[str]

    def column(self, codes: npt.NDArray[Any]) -> pd.Categorical:
        return pd.Categorical.from_codes(codes, list(self.values))


def _coverage_table(
    inputs: StudyInputs, homes: _Homes, judged: Mapping[Decimal, Mapping[str, Judged]]
) -> pd.DataFrame:
    """One row per demand point, category, speed and cutoff."""
    n = len(homes.ids)
    demand = _Words(list(homes.ids)).column(np.arange(n))
    sites = inputs.sites.table[c.FACILITY_ID].to_numpy(dtype=object)
    site_words = sorted(set(sites))
    number = {word: k for k, word in enumerate(site_words)}
    site_code = np.append([number[s] for s in sites], -1).astype(np.int64)
    blocks = []
    for speed, by_category in judged.items():
        for category, found in by_category.items():
            time = pd.array(np.maximum(found.time_ms, 0), dtype="Int64")
            time[found.time_ms < 0] = pd.NA
            for cutoff, state in found.states.items():
                block = {
                    c.DEMAND_ID: demand,
                    c.CATEGORY: _Words(inputs.categories).column(
                        np.full(n, inputs.categories.index(category))
                    ),
                    c.SPEED_M_S: np.full(n, float(speed)),
                    c.TIME_MS: time,
                    c.FACILITY_ID: _Words(site_words).column(site_code[found.facility]),
                    c.CUTOFF_MIN: np.full(n, cutoff, np.int32),
                    c.STATE: _Words(STATE_WORDS).column(state),
                    c.UNKNOWN_REASON: _Words(REASON_WORDS).column(found.reasons[cutoff]),
                }
                blocks.append(pd.DataFrame(block))
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()
