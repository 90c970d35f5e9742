"""Points along the streets of a zone that has no buildings.

B----C----D   y 100: a trunk road
A----E----F   y 0: homes stand on it
0   200  400 x
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from tests.streets import plane

from circle15.access.living_streets import places_along

NODES = {
    "A": (0.0, 0.0),
    "E": (200.0, 0.0),
    "F": (400.0, 0.0),
    "B": (0.0, 100.0),
    "C": (200.0, 100.0),
    "D": (400.0, 100.0),
}
STREETS = plane(NODES, "AEF", "BCD")
KINDS = np.array(["residential", "residential", "trunk", "trunk"], dtype=object)


def places(shape, kinds=KINDS):
    return places_along(replace(STREETS, kind=kinds))(shape)


def test_people_live_on_residential_streets():
    """x 0–200 of the street at y 0: four pieces of 50 m, each with its middle; not on the trunk."""
    x, y = places(shapely.box(0, -10, 200, 110))
    assert (x.tolist(), y.tolist()) == ([25, 75, 125, 175], [0, 0, 0, 0])


def test_without_any_they_live_on_what_there_is():
    _, y = places(shapely.box(0, 90, 200, 110))
    assert y.tolist() == [100, 100, 100, 100]


def test_a_zone_without_streets_has_no_place():
    assert places(shapely.box(0, 300, 200, 400)) is None
