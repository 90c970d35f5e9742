"""Data of a gap area's card on the map: services lacking, walking time, communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.output.text.numbers import whole_persons
from circle15.output.text.people_by_reason import whole_by_change, whole_by_reason
from circle15.planning.gaps.gap_reasons import REASONS

if TYPE_CHECKING:
    from circle15.results.gaps.gap_places import GapArea, GapPlace

ZONES_SHOWN = 6
"""Most communities that a card lists; the others are summed."""


def card(area: GapArea) -> dict[str, Any]:
    """
    Return what the people of a gap area lack, how far they walk and where they live.

    Returns
    -------
    `lacks` (whole persons by service, empty if only one is required), `median_s` (the shortest
    time within which half of them reach the farthest service that they lack; null beyond 60
    minutes), `zones` (index in the community layer, or in that of subdistricts if there are no
    communities, and whole persons; most persons first), `more_zones` (number of zones left out)
    and `more_in_zones` (their persons); `reason` (of most people, null if nothing was tried),
    `reasons` (whole persons by reason, without those of nobody) and `helped` (whole persons whom
    each change would cover).
    """
    homes, zones = area.homes, _zones(area)
    several = len(homes.lacking) > 1
    return {
        "lacks": {key: whole_persons(n) for key, n in homes.lacking.items()} if several else {},
        "median_s": homes.time_ms / 1000 if np.isfinite(homes.time_ms) else None,
        "zones": zones[:ZONES_SHOWN],
        "more_zones": len(zones[ZONES_SHOWN:]),
        "more_in_zones": sum(persons for _, persons in zones[ZONES_SHOWN:]),
        "reason": None if homes.reason is None else homes.reason.value,
        "reasons": _by_reason(homes),
        "helped": {change.value: n for change, n in whole_by_change(homes).items() if n},
    }


def _by_reason(homes: GapPlace) -> dict[str, int]:
    whole = whole_by_reason(homes)
    return {reason.value: n for reason, n in zip(REASONS, whole, strict=False) if n}


def _zones(area: GapArea) -> list[list[int]]:
    """List the zones of a gap area with whole persons, most first, without people in no zone."""
    named = [[zone, whole_persons(micro)] for zone, micro in area.zones]
    return sorted((one for one in named if one[0] >= 0), key=lambda one: (-one[1], one[0]))
