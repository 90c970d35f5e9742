"""Place the people of a zone without buildings along its residential streets."""

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
"""Values of `highway` of streets with homes."""


def places_along(network: WalkNetwork) -> Places:
    """
    Return a function that places points every 50 m along the residential streets of a zone.

    In a zone without residential streets it uses all streets that homes can join; without those
    it returns None.
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
