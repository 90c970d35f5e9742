"""Borders of zones as lines, where a border between neighbours is drawn only once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Lines = npt.NDArray[np.object_]

_PER_WIDTH: Final = 700
"""Longer side of the drawing ÷ this = tolerance, about a pixel."""

_LEAST_M, _MOST_M = 0.5, 25.0

_LEAST_LENGTH: Final = 8
"""A zone of less than two by two pixels is not drawn."""


def borders(shapes: Sequence[BaseGeometry], rim: BaseGeometry | None = None) -> Lines:
    """
    Return the borders of zones as lines, each section once.

    Neighbours may share a border or have slightly different ones. A section within about a pixel
    of a border already drawn, or of the study boundary, is left out, as is a zone of less than two
    by two pixels.

    Parameters
    ----------
    shapes
        Polygons in metres; where borders coincide, that of the earlier polygon is kept. Null and
        empty ones are ignored.
    rim
        The study area, whose boundary is drawn separately.

    Returns
    -------
    Array of lines, shape (n,), in the CRS of the polygons.

    Examples
    --------
    >>> squares = [shapely.box(0, 0, 1000, 1000), shapely.box(1001, 0, 2000, 1000)]
    >>> [line.bounds[::2] for line in borders(squares, shapely.box(0, 0, 2000, 1000))]
    [(1000.0, 1000.0)]
    """
    own: Any = shapely.boundary(np.asarray(shapes, dtype=object))
    own = own[~(shapely.is_missing(own) | shapely.is_empty(own))]
    drawn: list[Any] = [] if rim is None or rim.is_empty else [shapely.boundary(rim)]
    if not len(own):
        return np.array([], dtype=object)
    west, south, east, north = shapely.total_bounds([*own, *drawn])
    near_m = min(max(max(east - west, north - south) / _PER_WIDTH, _LEAST_M), _MOST_M)
    first = len(drawn)
    drawn += own[shapely.length(own) >= _LEAST_LENGTH * near_m].tolist()
    tree = shapely.STRtree(drawn)
    kept: list[Any] = list(drawn)
    for k in range(first, len(drawn)):
        near = tree.query(drawn[k], predicate="dwithin", distance=near_m)
        before = [kept[j] for j in sorted(near.tolist()) if j < k and not kept[j].is_empty]
        around = shapely.buffer(np.array(before, dtype=object), near_m, quad_segs=3)
        kept[k] = shapely.difference(drawn[k], shapely.union_all(around)) if before else drawn[k]
    merged = [
        shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
        for line in kept[first:]
    ]
    parts: Any = shapely.get_parts(merged)
    longer: Lines = parts[shapely.length(parts) > 2 * near_m]
    return longer
