"""Outlines smaller than a cell of the raster that they are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Shapes = npt.NDArray[np.object_]


def _multipolygon(polygons: Shapes) -> BaseGeometry:
    return cast("BaseGeometry", shapely.multipolygons(polygons))


def without_specks(polygons: Shapes, cell_m: float) -> BaseGeometry:
    """Drop polygons smaller than a cell; replace those far from all others by a whole cell."""
    large = shapely.area(polygons) >= cell_m**2
    kept = _multipolygon(polygons[large])
    small = polygons[~large]
    if not len(small):
        return kept
    shapely.prepare(kept)
    xy, owner = shapely.get_coordinates(small, return_index=True)
    near = shapely.dwithin(shapely.points(xy), kept, cell_m)
    alone = np.unique(owner[~near])
    if not len(alone):
        return kept
    x, y = shapely.get_coordinates(shapely.centroid(small[alone])).T
    half = cell_m / 2
    cells = shapely.box(x - half, y - half, x + half, y + half)
    parts = polygons[large]
    met = np.unique(shapely.STRtree(parts).query(cells, predicate="intersects")[1])
    merged = shapely.get_parts(shapely.union_all([*parts[met], *cells]))
    return _multipolygon(np.append(np.delete(parts, met), merged))
