"""Spread the people of zones over buildings, streets, or one point (dasymetric mapping)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
import shapely

from circle15.inputs.area.study_area import assign_points
from circle15.inputs.demand.apportion import apportion
from circle15.inputs.demand.buildings import read_buildings
from circle15.inputs.demand.points import DemandSource
from circle15.inputs.demand.zone_counts import read_zone_counts
from circle15.inputs.shapes import points_at
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.demand.buildings import Buildings
    from circle15.inputs.demand.zone_counts import CountedZone
    from circle15.study.settings.records import DemandLayer


Places: TypeAlias = "Callable[[BaseGeometry], tuple[Floats, Floats] | None]"
"""Function that returns points along the streets of a zone, with equal weights; None for none."""


@dataclass(frozen=True)
class _Homes:
    """Homes of the people of a zone: positions, weights, and the method that placed them."""

    x_m: Floats
    y_m: Floats
    weight: Floats
    method: str


def read_zones(
    prefix: str,
    layers: Sequence[DemandLayer],
    area: StudyArea,
    crs: CRS,
    places: Places | None,
) -> DemandSource:
    """
    Read people by zone and spread them over homes.

    Parameters
    ----------
    prefix
        Prefix of the ids where a study has several sources.
    layers
        Demand layers (one per group) of the same zones.
    area
        The study area with its zones.
    crs
        The study CRS.
    places
        Function that returns points along the streets of a zone, for zones without buildings;
        without it such zones have one point inside.

    Returns
    -------
    A demand point per residential building, weighted by volume; in a zone without any, points along
    its streets; in one without streets, a point inside. The total of each zone is kept to the
    micro-person, and findings report the method with its numbers of zones and people.

    Raises
    ------
    InputDataError
        If shapes, counts or buildings cannot be used.
    """
    counts = read_zone_counts(layers, area, crs)
    findings = list(counts.findings)
    first = layers[0]
    buildings, owner, files = None, np.zeros(0, np.int64), dict(counts.files)
    if first.buildings is not None:
        buildings, of_buildings = read_buildings(
            first.buildings,
            crs,
            sheet=first.buildings_sheet,
            residential=first.residential,
            unknown_use=first.unknown_use,
            datum=first.datum,
        )
        findings += of_buildings
        files[str(first.buildings)] = buildings.n_read
        owner = _owners(buildings, counts.zones)
    homes_of = {
        zone.zone_id: _homes(zone, k, buildings, owner, places)
        for k, zone in enumerate(counts.zones)
    }
    spread = [_spread(prefix, zone, homes_of[zone.zone_id], layers, area) for zone in counts.zones]
    findings += _methods(counts.zones, homes_of, first)
    demand = pd.concat(spread, ignore_index=True).sort_values(c.DEMAND_ID, ignore_index=True)
    return DemandSource(demand, findings, files=files, beyond=counts.beyond, buildings=buildings)


def _owners(buildings: Buildings, zones: Sequence[CountedZone]) -> Ints:
    """Return the zone of each building; on a shared border the first by id; -1 for none."""
    owner = np.full(len(buildings.x_m), -1, np.int64)
    tree = shapely.STRtree([zone.shape for zone in zones])
    place, zone = tree.query(points_at(buildings.x_m, buildings.y_m), "intersects")
    order = np.lexsort((-zone, place))  # the first zone is written last and remains
    owner[place[order]] = zone[order]
    return owner


def _homes(
    zone: CountedZone,
    number: int,
    buildings: Buildings | None,
    owner: Ints,
    places: Places | None,
) -> _Homes:
    own = np.flatnonzero(owner == number)
    if buildings is not None and len(own):
        volume = buildings.volume_m3[own]
        return _Homes(buildings.x_m[own], buildings.y_m[own], volume, "BUILDINGS")
    along = places(zone.shape) if places is not None else None
    if along is not None:
        x, y = along
        return _Homes(x, y, np.ones(len(x)), "STREETS")
    point = shapely.point_on_surface(zone.shape)
    x, y = np.round([shapely.get_x(point)], 3), np.round([shapely.get_y(point)], 3)
    return _Homes(x, y, np.ones(1), "POINT")


def _spread(
    prefix: str, zone: CountedZone, homes: _Homes, layers: Sequence[DemandLayer], area: StudyArea
) -> pd.DataFrame:
    """Return the homes of a zone with their micro-persons, sorted by position."""
    order = np.lexsort((homes.weight, homes.y_m, homes.x_m))
    x, y, weight = homes.x_m[order], homes.y_m[order], homes.weight[order]
    frame = pd.DataFrame({c.DEMAND_ID: [f"{prefix}{zone.zone_id}#{k + 1}" for k in range(len(x))]})
    frame[c.X_M], frame[c.Y_M] = x, y
    found = assign_points(area, x, y)
    inside = found[c.IN_AREA].astype(bool)
    # Points along a street on a border lie in both zones, but their people are this zone's.
    own = {"streets": c.STREET_ID, "communities": c.COMMUNITY_ID}.get(str(layers[0].zones))
    if own is not None:
        found.loc[inside, own] = zone.zone_id
    frame[[c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]] = found[
        [c.IN_AREA, c.STREET_ID, c.COMMUNITY_ID]
    ]
    frame[c.IN_AREA] = inside
    for layer in layers:
        frame[c.weight_column(layer.group)] = apportion(weight, zone.micro[layer.group])
    return frame


def _methods(
    zones: Sequence[CountedZone], homes: dict[str, _Homes], layer: DemandLayer
) -> list[Finding]:
    """Report how the people were spread, and the zones where a fallback was used."""
    group = layer.group
    by_method: dict[str, list[CountedZone]] = {"BUILDINGS": [], "STREETS": [], "POINT": []}
    for zone in zones:
        by_method[homes[zone.zone_id].method].append(zone)
    people = {m: sum(zone.micro[group] for zone in some) for m, some in by_method.items()}
    findings = [
        Finding(
            f"PEOPLE_BY_{method}",
            "note" if method == "BUILDINGS" else "warning",
            layer.file_name,
            persons_micro=people[method],
            detail={"zones": str(len(some))},
        )
        for method, some in by_method.items()
        if some
    ]
    fallen = {"STREETS": by_method["STREETS"] if layer.buildings is not None else []}
    fallen["POINT"] = by_method["POINT"]
    findings += [
        Finding(
            f"ZONE_BY_{method}",
            "warning",
            layer.file_name,
            persons_micro=zone.micro[group],
            detail={"zone": f"{zone.zone_id} {zone.name}".strip()},
        )
        for method, some in fallen.items()
        for zone in some
        if zone.micro[group]
    ]
    return findings
