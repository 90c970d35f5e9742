"""Read people at demand points, from rasters, tables or zones, conserved to the micro-person."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle15.errors import InputDataError
from circle15.inputs.demand.apportion import apportion
from circle15.inputs.demand.balance import Balance
from circle15.inputs.demand.household_counts import HOUSEHOLDS, place_households
from circle15.inputs.demand.people_limits import refuse_too_many
from circle15.inputs.demand.points import read_points
from circle15.inputs.demand.rasters import read_rasters
from circle15.inputs.demand.zones import read_zones
from circle15.inputs.shapes import points_at
from circle15.inputs.tables.column_kinds import typed
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.crs.points import Given
    from circle15.inputs.demand.buildings import Buildings
    from circle15.inputs.demand.zones import Places
    from circle15.inputs.rasters.grid import Grid
    from circle15.study.settings.records import Demand, DemandLayer
    from circle15.study.vocabulary.finding import Finding


@dataclass(frozen=True)
class Population:
    """
    Demand points of a study.

    Attributes
    ----------
    demand
        One row per demand point, sorted by `demand_id`: `x_m`, `y_m`, `in_area`, `street_id`,
        `community_id` and a column of micro-persons per group (0 where a layer has none).
    balances
        One per group.
    cell_m
        Larger side of a raster cell in metres; None where people come from points.
    grid
        The grid that all rasters share; None where people come from points.
    overlap_micro
        Calibrated micro-persons in each overlap of the area's zones, by group.
    """

    demand: pd.DataFrame
    balances: list[Balance]
    findings: Sequence[Finding]
    cell_m: float | None
    files: dict[str, int]
    """Rows or cells read per file."""
    given: list[Given] = field(default_factory=list)
    """Positions of each table of points as in its file."""
    overlap_micro: dict[str, list[int]] = field(default_factory=dict)
    polygon_m: float | None = None
    """Width of the median polygon where people come from polygons, metres."""
    made: dict[str, int] = field(default_factory=dict)
    """Row of each demand point whose id was made from the content of its row."""
    grid: Grid | None = None
    buildings: Buildings | None = None
    """Residential buildings over which people of zones are spread; of several layers the first."""


def read_population(
    demand: Demand, area: StudyArea, crs: CRS, *, places: Places | None = None
) -> Population:
    """
    Read every demand layer of a study.

    Layers on one grid, from one table of points, or of the same zones share their demand points.

    Parameters
    ----------
    demand
        The settings of the layers.
    area
        The study area with its zones.
    crs
        The study CRS.
    places
        Function that returns points along the streets of a zone, for zones without buildings.

    Raises
    ------
    InputDataError
        If a layer cannot be used, or a group to be calibrated has no people inside.
    """
    tables, balances = [], []
    findings: list[Finding] = []
    files: dict[str, int] = {}
    given: list[Given] = []
    overlap_micro: dict[str, list[int]] = {}
    cell_m: float | None = None
    polygon_m: float | None = None
    made: dict[str, int] = {}
    grid: Grid | None = None
    buildings: Buildings | None = None
    for source, layers in layers_by_source(demand.layers).items():
        if layers[0].raster:
            layer = read_rasters(source, layers, area, crs)
        elif layers[0].zones is not None:
            layer = read_zones(source, layers, area, crs, places)
        else:
            layer = read_points(source, layers, area, crs)
        shared = {
            one.group: layer.overlap_micro.get(one.group)
            or people_at(layer.demand, one.group, area)
            for one in layers
        }
        calibrated = layer.demand
        for one in layers:
            nodata, beyond = layer.nodata_cells.get(one.group, 0), layer.beyond.get(one.group, 0)
            calibrated, balance = _calibrate(calibrated, one, nodata, beyond)
            balances.append(balance)
        tables.append(calibrated)
        findings += layer.findings
        files |= layer.files
        given += [layer.given] if layer.given is not None else []
        cell_m = max(filter(None, (cell_m, layer.cell_m)), default=None)
        polygon_m = max(filter(None, (polygon_m, layer.polygon_m)), default=None)
        made |= layer.made
        grid = layer.grid or grid
        buildings = buildings or layer.buildings
        overlap_micro |= {
            balance.group: [round(n * balance.calibration_factor) for n in shared[balance.group]]
            for balance in balances[-len(layers) :]
        }
    table = _join(tables, [layer.group for layer in demand.layers])
    total = next((b for b in balances if b.group == "total"), None)
    if total is not None and HOUSEHOLDS not in {b.group for b in balances}:
        size = demand.household_size
        placed, households, found = place_households(table, total, area, size)
        findings += found
        if households is not None:
            table = table.assign(**{c.weight_column(HOUSEHOLDS): placed})
            balances.append(households)
    return Population(
        typed(table),
        balances,
        findings,
        cell_m,
        files,
        given,
        overlap_micro,
        polygon_m,
        made,
        grid,
        buildings,
    )


def layers_by_source(layers: tuple[DemandLayer, ...]) -> dict[str, list[DemandLayer]]:
    """Group layers that can share demand points, by a prefix of their ids (empty if only one)."""
    groups: dict[tuple[object, ...], list[DemandLayer]] = defaultdict(list)
    for layer in layers:
        groups[_source_of(layer)].append(layer)
    several = len(groups) > 1
    return {f"{k}:" if several else "": rows for k, rows in enumerate(groups.values(), 1)}


def _source_of(layer: DemandLayer) -> tuple[object, ...]:
    if layer.raster:
        return ("raster",)
    if layer.zones is not None:
        shared = (layer.zones, layer.id, layer.table, layer.sheet, layer.code, layer.name)
        homes = (layer.buildings, layer.buildings_sheet, layer.residential, layer.unknown_use)
        return *shared, layer.zones_sheet, *homes, layer.datum
    columns = (layer.id, layer.lon, layer.lat, layer.x, layer.y)
    return layer.points, layer.sheet, *columns, layer.crs, layer.datum


def people_at(demand: pd.DataFrame, group: str, area: StudyArea) -> list[int]:
    """Return the micro-persons whose points lie in each overlap of the area."""
    places = points_at(demand[c.X_M].to_numpy(), demand[c.Y_M].to_numpy())
    weight = demand[c.weight_column(group)].to_numpy()
    return [
        int(weight[shapely.intersects(overlap.shape, places)].sum()) for overlap in area.overlaps
    ]


def _calibrate(
    demand: pd.DataFrame, layer: DemandLayer, nodata_cells: int, beyond: int
) -> tuple[pd.DataFrame, Balance]:
    """Scale a group to its known total inside; return the demand and the balance sheet."""
    column = c.weight_column(layer.group)
    weight = demand[column].to_numpy(copy=True)
    inside = demand[c.IN_AREA].to_numpy(bool)
    raw_inside, raw_near = int(weight[inside].sum()), int(weight[~inside].sum())
    raw_outside = raw_near + beyond
    factor = 1.0
    if layer.calibrate_to is not None:
        target = int(layer.calibrate_to * c.MICRO)
        if raw_inside == 0:
            raise InputDataError(
                f"has no people of group '{layer.group}' inside the area to calibrate to "
                f"{layer.calibrate_to}.",
                file=layer.file_name,
                mend="Check the layer and the boundary.",
            )
        factor = target / raw_inside
        near, outside = (
            _rounded(Fraction(people * target, raw_inside)) for people in (raw_near, raw_outside)
        )
        refuse_too_many(outside // c.MICRO, layer.file_name)
        weight[inside] = apportion(weight[inside].astype(np.float64), target)
        if raw_near:
            weight[~inside] = apportion(weight[~inside].astype(np.float64), near)
        beyond = outside - near
        demand = demand.assign(**{column: weight})
    unplaced = int(weight[demand[c.X_M].isna().to_numpy()].sum())
    balance = Balance(
        layer.group,
        raw_inside,
        raw_outside,
        int(weight[inside].sum()),
        int(weight[~inside].sum()) + beyond,
        unplaced,
        nodata_cells,
        factor,
        layer.basis,
        layer.year,
        beyond,
    )
    return demand, balance


def _rounded(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def _join(tables: list[pd.DataFrame], groups: list[str]) -> pd.DataFrame:
    """Combine the points of all sources; the weight of a group is 0 at points of another."""
    weights = [c.weight_column(group) for group in groups]
    table = pd.concat(tables, ignore_index=True)
    table[weights] = table[weights].fillna(0).astype(np.int64)
    return table.sort_values(c.DEMAND_ID, ignore_index=True)
