"""Residential land and buildings joined to the streets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from circle15.network.snapping import snap_to_network
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.inputs.residential_areas import AreasAtPoints, ResidentialAreas
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Walk


@dataclass(frozen=True)
class JoinedAreas:
    """Areas at points, and where these join the streets."""

    areas: AreasAtPoints
    snaps: Snaps


@dataclass(frozen=True)
class JoinedLandAndBuildings:
    """Residential land and buildings of a study, each None where the study names none."""

    land: JoinedAreas | None = None
    buildings: JoinedAreas | None = None


def joined_areas(
    found: ResidentialAreas, network: WalkNetwork, walk: Walk
) -> tuple[JoinedLandAndBuildings, Sequence[Finding]]:
    """Join land and buildings to the streets within `walk.max_snap_m`; report what joins none."""
    findings = []

    def joined(areas: AreasAtPoints | None, code: str, shown: str) -> JoinedAreas | None:
        if areas is None:
            return None
        limit_m = float(walk.max_snap_m)
        snaps = snap_to_network(areas.x_m, areas.y_m, network, max_snap_m=limit_m)
        lost = ~snaps.joined
        if lost.any():
            area_m2 = int(areas.micro_m2[shown][lost].sum()) / c.MICRO
            detail = {"buildings": f"{int(lost.sum()):,}", "area_m2": f"{area_m2:,.0f}"}
            whole = Decimal(f"{area_m2:.0f}")
            file = areas.file
            findings.append(Finding(code, "warning", file, floor_area_m2=whole, detail=detail))
        return JoinedAreas(areas, snaps)

    both = JoinedLandAndBuildings(
        joined(found.land, "LAND_UNJOINED", "land"),
        joined(found.buildings, "BUILDINGS_UNJOINED", "floor_area"),
    )
    return both, findings
