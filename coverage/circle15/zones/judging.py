"""Judge the residential zones of a study: floor area, and walking times of their homes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.joining.unjoined import Place, unjoined_points
from circle15.access.judging import LimitsAround
from circle15.access.zone_circle import ZoneCircle, circle_of_zone, zone_homes
from circle15.network.snapping import Snaps, snap_to_network
from circle15.rules.floor_area.overlaps import zone_overlaps
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.study.vocabulary.finding import Finding
from circle15.zones.distances import ZonesApart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.judging import Judge
    from circle15.arrays import Floats, Ints
    from circle15.inputs.residential import ResidentialZone
    from circle15.network.walk_network import WalkNetwork
    from circle15.rules.floor_area.pooling import ApartWithin
    from circle15.rules.packs.floor_area_law import FloorAreaLaw
    from circle15.rules.packs.load import RulePack
    from circle15.study.settings.records import Study


@dataclass(frozen=True)
class ZoneHomes:
    """
    The points that represent the homes of all residential zones, in the order of the zones.

    Attributes
    ----------
    x_m, y_m
        Study CRS, metres.
    owner
        Index of the zone of each point.
    snaps
        Where they join the network.
    limits
        What limits the data around them, for a judge of the same streets and speed.
    """

    x_m: Floats
    y_m: Floats
    owner: Ints
    snaps: Snaps
    limits: LimitsAround


@dataclass(frozen=True)
class ZonesJudged:
    """The checks of the residential zones, their homes, the distances between zones, findings."""

    checks: list[ZoneCheck]
    homes: ZoneHomes
    apart: ApartWithin
    findings: Sequence[Finding]


def law_of(packs: Sequence[RulePack]) -> FloorAreaLaw | None:
    """Return the floor-area law for zone sheets: that of the first pack that has one."""
    return next((pack.floor_area for pack in packs if pack.floor_area is not None), None)


def check_zones(
    zones: Sequence[ResidentialZone],
    judge: Judge,
    study: Study,
    packs: Sequence[RulePack],
    *,
    before: ZonesJudged | None = None,
) -> ZonesJudged:
    """
    Judge residential zones by their floor area and their service circle.

    The floor-area law is that of the first pack that has one. Sites and streets are those of the
    judge, `[rules]`, `[walk]` and `[circle]` those of the study. `before` are the same zones judged
    on the same streets, with other sites.
    """
    law, network = law_of(packs), judge.whole
    if before is not None:
        homes, apart = before.homes, before.apart
    else:
        homes = _homes(zones, judge, study)
        ids = [zone.zone_id for zone in zones]
        apart = ZonesApart(ids, homes.owner, homes.snaps, judge).within
    table, rules = judge.sites.table, study.rules
    floor, of_rooms = check_floor_areas(zones, table, law, rules, apart=apart)
    findings = [
        *of_rooms,
        *zone_overlaps(zones),
        *_off_streets(zones, homes),
        *_unjoined(zones, homes, network),
    ]
    circles = _circles(zones, judge, homes, study)
    checks = [ZoneCheck(zone, *floor[zone.zone_id], circles[k]) for k, zone in enumerate(zones)]
    return ZonesJudged(checks, homes, apart, findings)


def _homes(zones: Sequence[ResidentialZone], judge: Judge, study: Study) -> ZoneHomes:
    """Return the homes of zones: their entrances where known, else points along their ways."""
    network = judge.whole
    places = [
        (np.array([x for x, _ in zone.entrances]), np.array([y for _, y in zone.entrances]))
        if zone.entrances
        else zone_homes(network, zone.shape)
        for zone in zones
    ]
    x = np.concatenate([np.empty(0), *(p[0] for p in places)])
    y = np.concatenate([np.empty(0), *(p[1] for p in places)])
    owner = np.repeat(np.arange(len(places)), [len(p[0]) for p in places])
    limit_m = float(study.walk.max_snap_m)
    snaps = snap_to_network(x, y, network, max_snap_m=limit_m)
    return ZoneHomes(x, y, owner, snaps, LimitsAround(judge, snaps, x_m=x, y_m=y))


def _off_streets(zones: Sequence[ResidentialZone], homes: ZoneHomes) -> list[Finding]:
    """Report zones with a position of which no home, or not every entrance, joins the streets."""
    count = len(zones)
    every = np.bincount(homes.owner, minlength=count)
    lost = np.bincount(homes.owner[~homes.snaps.joined], minlength=count)
    found = []
    for k in np.flatnonzero(lost).tolist():
        zone = zones[k]
        if lost[k] < every[k] and not zone.entrances:
            continue
        detail = {"zone_id": zone.zone_id, "lost": f"{lost[k]}"}
        code = "ZONE_OFF_STREETS" if lost[k] == every[k] else "ZONE_ENTRANCE_UNJOINED"
        found.append(Finding(code, "warning", zone.file, zone.row, detail=detail))
    return found


def _unjoined(
    zones: Sequence[ResidentialZone], homes: ZoneHomes, network: WalkNetwork
) -> list[Finding]:
    """Report the barriers that the access legs of homes and entrances of zones meet."""
    places = [Place(zone.file, zone.row, zone.zone_id) for zone in zones]
    return unjoined_points(places, homes.owner, homes.snaps, network)


def _circles(
    zones: Sequence[ResidentialZone], judge: Judge, homes: ZoneHomes, study: Study
) -> list[tuple[ZoneCircle, ...]]:
    """Summarise the homes of each zone; homes are in the order of their zones."""
    require = list(study.circle.require)
    judged = judge.judge_around(homes.limits, require, {})
    circle_min = study.walk.circle_min
    ends = np.searchsorted(homes.owner, np.arange(len(zones) + 1))
    return [
        tuple(
            circle_of_zone(category, judged[category], np.arange(start, end), circle_min)
            for category in require
        )
        for start, end in pairwise(ends.tolist())
    ]
