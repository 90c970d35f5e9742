"""Outlines of places that are not valid: parts with an area are kept, and the time is bounded."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
import shapely

from circle15.network.downloads.answer_faults import UnusableError
from circle15.network.downloads.download_limits import DownloadLimits
from circle15.network.downloads.outlines import outline_of, rings_to_ask, surroundings

LIMITS = DownloadLimits()


def ring(*corners):
    return [list(corner) for corner in (*corners, corners[0])]


def box(west, south, east, north):
    return ring((west, south), (east, south), (east, north), (west, north))


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def several(*polygons):
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


UNIT = box(120, 31, 121, 32)
# A square of 1 x 1 degrees, each time with another fault; the area that is left is worked out.
REPAIRED = {
    # two triangles, each of base 1 and height 1/2
    "a bow": (polygon(ring((120, 31), (121, 32), (121, 31), (120, 32))), 0.5),
    # of the 1.5 none is lost: a hole beside its polygon is taken for a part
    "a hole outside": (polygon(UNIT, box(122, 31, 122.5, 32)), 1.5),
    "a hole across the rim": (polygon(UNIT, box(120.5, 31, 121.5, 32)), 0.5),
    "a part twice": (several([UNIT], [UNIT]), 1.0),
    "parts that overlap": (several([UNIT], [box(120.5, 31, 121.5, 32)]), 1.5),
    "parts along an edge": (several([UNIT], [box(121, 31, 122, 32)]), 2.0),
    "a spike": (
        polygon(
            ring((120, 31), (121, 31), (121, 31.5), (122, 31.5), (121, 31.5), (121, 32), (120, 32))
        ),
        1.0,
    ),
    "a part without area": (several([UNIT], [ring((123, 31), (124, 31), (123, 31))]), 1.0),
    # the rim touches itself at (121, 31): the hole of 0.5 x 0.5 is cut off
    "a rim that touches itself": (
        polygon(ring((120, 31), (121, 31), (121, 31.5), (120.5, 31.5), (120.5, 31), (120, 32))),
        None,
    ),
}


@pytest.mark.parametrize("name", REPAIRED)
def test_repaired(name):
    geometry, area = REPAIRED[name]
    assert not shapely.from_geojson(json.dumps(geometry)).is_valid
    outline = outline_of(geometry, LIMITS)
    assert outline.is_valid
    assert outline.geom_type in ("Polygon", "MultiPolygon")
    if area is not None:
        assert outline.area == pytest.approx(area)
    assert surroundings(outline, 100).covers(outline.buffer(-1e-6))
    assert list(rings_to_ask(outline))


def test_one_bend_too_many_of_a_long_outline():
    """20,000 corners on a circle, of which each tenth changes place with the next."""
    angle = np.linspace(0, 2 * np.pi, 19_990, endpoint=False)
    angle = angle[np.arange(19_990) + np.tile([0] * 8 + [1, -1], 1_999)]
    corners = np.c_[120 + 0.1 * np.cos(angle), 31 + 0.1 * np.sin(angle)]
    outline = outline_of(polygon(ring(*corners.tolist())), LIMITS)
    assert outline.area == pytest.approx(np.pi * 0.01, rel=1e-3)


@pytest.mark.parametrize("kind", ["scribble", "star", "to and fro", "stripes"])
def test_hostile_ones_are_bounded_in_time(kind):
    """All within 0.001 degrees of a corner of a place of 2 degrees, so that none is long."""
    k = np.arange(19_990)
    x, y = {
        "scribble": (k * k % 9973, k**3 % 9967),
        "star": (np.where(k % 2, k, 0), np.where(k % 2, 9990 - k // 2, 0)),
        "to and fro": (k % 2 * 9999, k * 0),
        "stripes": (k % 2 * 9999 + k / 1e3, k % 2 * 9999 - k / 1e3),
    }[kind]
    corners = np.c_[120 + x / 1e7, 31 + y / 1e7].tolist()
    start = time.monotonic()
    with pytest.raises(UnusableError, match="crosses itself too often"):
        outline_of(polygon(ring(*corners, (122, 31), (122, 33), (120.5, 30.5))), LIMITS)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "geometry",
    [
        polygon(ring((120, 31), (121, 31), (120, 31))),
        polygon([[120, 31]] * 4),
        several([[[120, 31]] * 4], [ring((120, 31), (121, 31), (122, 31))]),
        polygon(UNIT, UNIT),
    ],
)
def test_without_area(geometry):
    with pytest.raises(UnusableError, match="no area"):
        outline_of(geometry, LIMITS)
