"""What the card of a gap area on the map says: services lacking, the walk, the communities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.output.text.numbers import whole_parts, whole_persons

if TYPE_CHECKING:
    from circle15.results.gaps.gap_places import GapArea

ZONES_SHOWN = 6
"""Communities that a card names; the others are summed up."""


def card(area: GapArea) -> dict[str, Any]:
    """
    Say of an area what its people lack, how far they walk and where they live.

    Returns
    -------
    `lacks` (service to whole persons, where several are asked for), `median_s` (the least time
    within which half of them reach the farthest service that they lack; null beyond 60 minutes),
    `zones` (place in the layer of communities, of streets where there are none, and whole persons,
    most first), `more_zones` and `more_in_zones`, their persons.
    """
    homes, zones = area.homes, _zones(area)
    several = len(homes.lacking) > 1
    return {
        "lacks": {key: whole_persons(n) for key, n in homes.lacking.items()} if several else {},
        "median_s": homes.time_ms / 1000 if np.isfinite(homes.time_ms) else None,
        "zones": zones[:ZONES_SHOWN],
        "more_zones": len(zones[ZONES_SHOWN:]),
        "more_in_zones": sum(persons for _, persons in zones[ZONES_SHOWN:]),
    }


def _zones(area: GapArea) -> list[list[int]]:
    """List the communities of an area with whole persons that sum to its own, most first."""
    persons = whole_parts([micro for _, micro in area.zones])
    named = [[zone, n] for (zone, _), n in zip(area.zones, persons, strict=True)]
    return sorted((one for one in named if one[0] >= 0), key=lambda one: (-one[1], one[0]))
