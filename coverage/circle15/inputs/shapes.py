"""Make and change many geometries at once: arrays in, arrays out, each with its exact type."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints

    Shapes = npt.NDArray[np.object_]


POLYGONS = frozenset({"Polygon", "MultiPolygon"})
LINES = frozenset({"LineString", "MultiLineString"})


def points_at(x: Floats, y: Floats) -> Shapes:
    """Make a point from each pair of coordinates; a point of NaN intersects nothing."""
    return np.asarray(shapely.points(x, y))


def straight_lines(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> Shapes:
    """Make a line from each point (`x0`, `y0`) to the point (`x1`, `y1`) at the same index."""
    ends = np.stack([np.column_stack([x0, y0]), np.column_stack([x1, y1])], axis=1)
    return np.asarray(shapely.linestrings(ends))


def lines_through(x: Floats, y: Floats, owner: Ints) -> Shapes:
    """
    Make lines through runs of vertices.

    Parameters
    ----------
    owner
        Number of the line of each vertex, rising from 0 without gaps; a line has two or more.
    """
    return np.asarray(shapely.linestrings(np.column_stack([x, y]), indices=owner))


def multipoint(x: Floats, y: Floats) -> BaseGeometry:
    """Make one geometry from all points."""
    return cast("BaseGeometry", shapely.multipoints(np.column_stack([x, y])))


def without_empty_parts(shapes: Shapes) -> Shapes:
    """
    Return geometries without empty parts and holes.

    GEOS crashes on some of them; a geometry that is wholly empty stays.

    Examples
    --------
    >>> shape = shapely.from_wkt("MULTILINESTRING ((0 0, 1 1), EMPTY)")
    >>> without_empty_parts(np.array([shape, None], dtype=object))[0].wkt
    'MULTILINESTRING ((0 0, 1 1))'
    """
    several = np.flatnonzero(shapely.get_type_id(shapes) >= shapely.GeometryType.POLYGON)
    whole = shapes.copy()
    whole[several] = _without_empty_parts(shapes[several])
    return whole


def _without_empty_parts(shapes: Shapes) -> Shapes:
    """Do so for geometries that have parts or rings."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    empty = shapely.is_empty(parts)
    holed = np.flatnonzero(shapely.get_num_interior_rings(parts) > 0)
    rings, of_part = shapely.get_rings(parts[holed], return_index=True)
    mended = np.unique(holed[of_part[shapely.is_empty(rings)]])
    for i in mended:
        holes = [ring for ring in parts[i].interiors if not ring.is_empty]
        parts[i] = shapely.Polygon(parts[i].exterior, holes)
    whole = shapes.copy()
    for k in np.unique(np.r_[owner[empty], owner[mended]]).tolist():
        kept = parts[(owner == k) & ~empty].tolist()
        if kept:
            several = hasattr(shapes[k], "geoms")
            whole[k] = type(shapes[k])(kept) if several else kept[0]
    return whole


def prepared(shape: BaseGeometry) -> BaseGeometry:
    """
    Return a prepared copy of a geometry, for many fast queries.

    GEOS builds the index at the first query, without a lock: a copy is for one thread only, and
    all threads may use the original.
    """
    copy: BaseGeometry = shapely.from_wkb(shapely.to_wkb(shape))
    shapely.prepare(copy)
    return copy


def polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry as one; its points and lines are dropped."""
    return shapely.union_all([p for p in shapely.get_parts(shape) if p.geom_type in POLYGONS])


def is_polygonal(shape: BaseGeometry | None) -> bool:
    """Return whether a geometry is a polygon or several that belong together."""
    return shape is not None and shape.geom_type in POLYGONS
