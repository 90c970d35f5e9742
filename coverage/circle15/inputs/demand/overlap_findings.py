"""Report people affected by faulty borders of zones, and layers of people that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from circle15.inputs.area.study_area import SLIVER_M2
from circle15.inputs.shapes import polygons_of
from circle15.study.settings.walkers import parts_of, slowest
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    import geopandas as gpd

    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.demand.population import Population
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Severity

WARN_CELL_SHARE = 0.25
"""Cells larger than this share of the circle's radius are reported, as they blur coverage."""


def zone_findings(area: StudyArea, population: Population, group: str) -> list[Finding]:
    """
    Report faults of the zones of an area, with the affected people of a group.

    Returns
    -------
    Findings on overlaps of zones; on ground or people inside the boundary but in no subdistrict (or
    no community, where the study names only these); and on communities outside all subdistricts.
    """
    return [
        *_overlaps(area, population, group),
        *_unclaimed(area, population, group),
        *_without_street(area, population, group),
    ]


def _overlaps(area: StudyArea, population: Population, group: str) -> list[Finding]:
    micro = population.overlap_micro.get(group) or [0] * len(area.overlaps)
    return [
        Finding(
            "ZONES_OVERLAP",
            "warning",
            overlap.file,
            persons_micro=people,
            detail={
                "first": overlap.first,
                "second": overlap.second,
                "area_m2": f"{overlap.shape.area:.0f}",
            },
        )
        for overlap, people in zip(area.overlaps, micro, strict=True)
    ]


def _unclaimed(area: StudyArea, population: Population, group: str) -> list[Finding]:
    """Report people, and ground inside the boundary, that lie in no zone of a layer."""
    zones, source, column = area.streets, area.source.streets, c.STREET_ID
    if source is None:
        zones, source, column = area.communities, area.source.communities, c.COMMUNITY_ID
    if source is None:
        return []
    demand = population.demand
    lost = demand[c.IN_AREA].astype(bool) & demand[column].isna() & demand[c.X_M].notna()
    people = int(demand.loc[lost, c.weight_column(group)].sum())
    holes = _holes(area, zones)
    ground_m2 = sum(shapely.area(hole) for hole in holes)
    if people == 0 and ground_m2 <= SLIVER_M2:
        return []
    detail = {"holes": str(len(holes)), "area_m2": f"{ground_m2:.0f}"}
    code = "PEOPLE_IN_NO_ZONE" if area.boundary is None else "ZONES_LEAVE_HOLES"
    severity: Severity = "warning" if people else "note"
    return [Finding(code, severity, source.file.name, persons_micro=people, detail=detail)]


def _holes(area: StudyArea, zones: gpd.GeoDataFrame) -> list[shapely.Polygon]:
    """Return the parts of the boundary's area outside all zones, without slivers."""
    if area.boundary is None:
        return []
    rest = polygons_of(shapely.difference(area.boundary, shapely.union_all(zones.geometry)))
    return [piece for piece in shapely.get_parts(rest) if shapely.area(piece) > SLIVER_M2]


def _without_street(area: StudyArea, population: Population, group: str) -> list[Finding]:
    """Report communities that lie wholly or partly outside all subdistricts."""
    source = area.source.communities
    if source is None or area.streets.empty:
        return []
    parts = area.parts[area.parts[c.COMMUNITY_ID].notna() & area.parts[c.STREET_ID].isna()]
    ground_m2 = parts.geometry.area.groupby(parts[c.COMMUNITY_ID]).sum()
    demand = population.demand
    weight = demand.loc[demand[c.STREET_ID].isna(), c.weight_column(group)]
    people = weight.groupby(demand[c.COMMUNITY_ID]).sum()
    names = dict(zip(area.communities[c.ZONE_ID], area.communities[c.NAME], strict=True))
    return [
        Finding(
            "COMMUNITY_WITHOUT_STREET",
            "warning",
            source.file.name,
            persons_micro=int(people.get(zone_id, 0)),
            detail={
                "community": f"{zone_id} {names[zone_id]}".strip(),
                "area_m2": f"{square_metres:.0f}",
            },
        )
        for zone_id, square_metres in ground_m2.items()
        if square_metres > SLIVER_M2
    ]


def nobody_inside(study: Study, population: Population) -> list[Finding]:
    """Return findings on layers without people in the area: a wrong layer, boundary or CRS."""
    layers = {layer.group: layer for layer in study.demand.layers}
    return [
        Finding(
            "NOBODY_INSIDE",
            "warning",
            layer.file_name,
            persons_micro=balance.outside if balance.group == study.demand.group else None,
            detail={"outside": f"{balance.outside / c.MICRO:,.0f}"},
        )
        for balance in population.balances
        if balance.inside == 0 and (layer := layers.get(balance.group)) is not None
    ]


def large_cells(study: Study, population: Population) -> list[Finding]:
    """Return findings on layers whose cells are large beside the circle, as they blur coverage."""
    walker = slowest(parts_of(study.demand.group, study.walk)).walker
    radius_m = float(walker.speed_m_s) * study.walk.circle_min * 60
    limit_m = WARN_CELL_SHARE * radius_m
    found = []
    for code, wide_m, kind in (
        ("LARGE_CELLS", population.cell_m, "raster"),
        ("LARGE_POLYGONS", population.polygon_m, "points"),
    ):
        if wide_m is not None and wide_m > limit_m:
            layer = next(one for one in study.demand.layers if getattr(one, kind))
            detail = {"cell_m": f"{wide_m:.0f}", "radius_m": f"{radius_m:.0f}"}
            found.append(Finding(code, "warning", layer.file_name, detail=detail))
    return found
