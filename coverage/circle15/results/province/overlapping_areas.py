"""Areas of studies that overlap, so that people there are counted twice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from circle15.inputs.shapes import points_at, prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Floats, Ints

_SLIVER_M: Final = 50.0
"""Borders of neighbours that were drawn apart differ by less than twice this."""
_DEGREE_M: Final = 111_320.0


@dataclass(frozen=True)
class AreaOverlap:
    """Two studies whose areas overlap, and the shared area, degrees (WGS 84)."""

    a: str
    b: str
    shape: BaseGeometry


def overlapping_areas(outlines: Mapping[str, BaseGeometry]) -> list[AreaOverlap]:
    """
    Return the pairs of areas that overlap, in the order of the names given.

    Areas that touch, or overlap by a strip narrower than 100 m along their border, are left out:
    neighbours are often drawn from different sources.

    Parameters
    ----------
    outlines
        Area of each study by its name, valid polygons in degrees (WGS 84).

    Examples
    --------
    >>> areas = {"a": shapely.box(0, 0, 2, 1), "b": shapely.box(1, 0, 3, 1)}
    >>> areas["c"] = shapely.box(3, 0, 4, 1)
    >>> [(one.a, one.b) for one in overlapping_areas(areas)]
    [('a', 'b')]
    """
    names, shapes = list(outlines), list(outlines.values())
    if not shapes:
        return []
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="intersects").T.tolist()
    found = []
    for first, second in sorted((i, j) for i, j in pairs if i < j):
        shared = shapely.intersection(shapes[first], shapes[second])
        polygons = [part for part in shapely.get_parts(shared) if part.area > 0]
        wide = [part for part in polygons if not _is_sliver(part)]
        if wide:
            found.append(AreaOverlap(names[first], names[second], shapely.union_all(wide)))
    return found


def _is_sliver(shape: BaseGeometry) -> bool:
    """Whether a polygon is narrower than twice `_SLIVER_M`, in metres of its own latitude."""
    middle = math.radians(shape.centroid.y)
    scale = np.array([_DEGREE_M * max(math.cos(middle), 1e-6), _DEGREE_M])
    metric = shapely.transform(shape, lambda lon_lat: lon_lat * scale)
    return bool(shapely.buffer(metric, -_SLIVER_M).is_empty)


def people_inside(shape: BaseGeometry, lon: Floats, lat: Floats, people: Ints) -> int:
    """
    Return the micro-persons of the homes in a shape; a home on its border is inside.

    Parameters
    ----------
    shape
        Area, degrees (WGS 84).
    lon, lat
        Positions of homes, degrees (WGS 84), shape (n,).
    people
        Micro-persons, shape (n,).
    """
    west, south, east, north = shape.bounds
    near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    inside = shapely.intersects(prepared(shape), points_at(lon[near], lat[near]))
    return int(people[near][inside].sum())
