"""Build the entries of `summary.json` on network quality and gated compounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.network.quality import BANDS, LISTED
from circle15.network.topology.divided_roads import AROUND_M
from circle15.results.network_quality import OSM_ATTRIBUTION, degrees, island_sum
from circle15.results.street_source import is_osm
from circle15.study.settings.walkers import parts_of
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.network.quality import FarPoint, Island
    from circle15.results.records import StudyResult
    from circle15.results.summary.quality_entries import (
        DemHeights,
        DividedRoads,
        FarPlace,
        Gated,
        IslandEntry,
        Quality,
    )


def quality_entry(result: StudyResult) -> Quality:
    """Return the entry `quality`; see `quality_entries.Quality`."""
    quality = result.quality
    total = island_sum(result)
    return {
        "components": quality.components,
        "islands": {
            "count": total.count,
            "length_km": total.length_m / 1000,
            "persons": total.persons / c.MICRO,
            "facilities": total.sites,
            "worst": [_island(one, result) for one in quality.islands[:LISTED]],
        },
        "dead_ends": quality.dead_ends,
        "dead_end_share": quality.dead_ends / quality.nodes if quality.nodes else None,
        "private_km": quality.private_m / 1000,
        "private_share": quality.private_share,
        "homes": [
            {"band_m": name, "points": band.points, "persons": band.weight / c.MICRO}
            for name, band in zip(BANDS, quality.homes, strict=True)
        ],
        "facilities": [
            {"band_m": name, "facilities": band.points}
            for name, band in zip(BANDS, quality.sites, strict=True)
        ],
        "farthest_homes": [
            {
                "demand_id": one.id,
                **_far(one, result),
                "persons": one.weight / c.MICRO,
            }
            for one in quality.far_homes
        ],
        "farthest_facilities": [
            {"facility_id": one.id, **_far(one, result)} for one in quality.far_sites
        ],
        "divided_roads": _divided(result),
        "dem": _dem(result),
        "data_date": result.network.data_date,
        "attribution": OSM_ATTRIBUTION if is_osm(result.study) else None,
    }


def _divided(result: StudyResult) -> DividedRoads | None:
    """Return divided roads without a crossing; None if the file does not identify any."""
    divided = result.quality.divided
    if divided is None:
        return None
    places = [(one, degrees(one.x_m, one.y_m, result)) for one in divided.worst]
    return {
        "carriageway_km": divided.length_m / 1000,
        "around_m": AROUND_M,
        "without_crossing_km": divided.uncrossed_m / 1000,
        "worst": [
            {
                "lon": None if place is None else place[0],
                "lat": None if place is None else place[1],
                "name": one.name,
                "length_km": one.length_m / 1000,
            }
            for one, place in places
        ],
    }


def _dem(result: StudyResult) -> DemHeights | None:
    """Return how heights were assigned to streets; None without an elevation model."""
    dem, relief = result.study.network.dem, result.network.relief
    if dem is None or relief is None:
        return None
    return {
        "file": dem.name,
        "known_share": relief.known_share,
        "measured_km": relief.measured_m / 1000,
        "bridges_and_tunnels_km": relief.spanned_m / 1000,
        "filled_km": relief.filled_m / 1000,
        "flat_km": relief.flat_m / 1000,
        "steepest": relief.steepest,
    }


def gated_entry(result: StudyResult) -> Gated:
    """Return the entry `gated`; see `quality_entries.Gated`."""
    found, study = result.gated, result.study
    speeds = {part.walker.speed_m_s for part in parts_of(study.demand.group, study.walk)}
    return {
        "compounds": found.compounds,
        "inside_km": found.inside_m / 1000,
        "locked_gates": found.gates,
        "coverage": [
            {
                "category": row.category,
                "group": study.demand.group,
                "cutoff_min": study.walk.circle_min,
                "speed_m_s": float(min(speeds)) if len(speeds) == 1 else None,
                "covered": {
                    "open": row.covered["open"] / c.MICRO,
                    "residents": row.covered["residents"] / c.MICRO,
                    "closed": row.covered["closed"] / c.MICRO,
                },
                "persons_differ": {
                    "residents": row.differs["residents"] / c.MICRO,
                    "closed": row.differs["closed"] / c.MICRO,
                },
            }
            for row in found.rows
        ],
    }


def _island(island: Island, result: StudyResult) -> IslandEntry:
    place = degrees(island.x_m, island.y_m, result)
    return {
        "lon": place[0] if place else None,
        "lat": place[1] if place else None,
        "length_km": island.length_m / 1000,
        "persons": island.persons / c.MICRO,
        "facilities": island.sites,
    }


def _far(point: FarPoint, result: StudyResult) -> FarPlace:
    place = degrees(point.x_m, point.y_m, result)
    return {
        "lon": place[0] if place else None,
        "lat": place[1] if place else None,
        "distance_m": point.distance_m,
        "code": point.code,
    }
