"""Where people live along the streets of a zone that has no buildings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.access.zone_circle import zone_homes

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from circle15.inputs.demand.zones import Places
    from circle15.network.walk_network import WalkNetwork

RESIDENTIAL: Final = ("residential", "living_street")
"""Kinds of streets that homes stand on, in the words of OpenStreetMap."""


def places_along(network: WalkNetwork) -> Places:
    """
    Return what finds points every 50 m along the residential streets of a zone.

    A zone without any takes all streets that homes can join; one without those has no place.
    """
    lived_in = replace(
        network, snappable=network.snappable & np.isin(network.kind, RESIDENTIAL), last_resort=None
    )

    def places(shape: BaseGeometry) -> tuple[np.ndarray, np.ndarray] | None:
        inner = shapely.point_on_surface(shape)
        nowhere = np.round([inner.x, inner.y], 3).tolist()
        for streets in (lived_in, network):
            x, y = zone_homes(streets, shape)
            if [*x, *y] != nowhere:
                return x, y
        return None

    return places
