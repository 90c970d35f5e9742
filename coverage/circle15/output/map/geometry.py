"""Encode geometries as lists of integers: degrees × 10⁵, each vertex relative to the previous."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle15.inputs.crs.degrees import SCALE, Flat, Polygon, Polygons, lon_lat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyproj import CRS

    from circle15.arrays import Floats, Ints


def encode_lines(lines: Any, crs: CRS) -> list[Flat]:
    """Encode line strings given in the study CRS; lines that collapse to a point are left out."""
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    return [flat for flat in _encode(coordinates, owner, crs, len(lines)) if len(flat) > 2]


def encode_polygons(shapes: Sequence[Any], crs: CRS, *, tolerance_m: float = 0.0) -> list[Polygons]:
    """
    Encode (multi)polygons given in the study CRS, a list of polygons for each geometry.

    A missing or empty geometry gives an empty list; rings that collapse to a line are left out.

    Parameters
    ----------
    tolerance_m
        Tolerance for simplifying rings, holes included. Rings are simplified one by one, which
        is many times faster than whole geometries; two may then touch, which is invisible when
        filled by the even-odd rule.
    """
    parts, shape_of_part = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    polygonal = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, shape_of_part = parts[polygonal], shape_of_part[polygonal]
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    if tolerance_m > 0:
        rings = shapely.simplify(rings, tolerance_m, preserve_topology=False)
    coordinates, owner = shapely.get_coordinates(rings, return_index=True)
    found: list[Polygons] = [[] for _ in shapes]
    last = -1
    for flat, part in zip(_encode(coordinates, owner, crs, len(rings)), part_of_ring, strict=True):
        is_outer, last = part != last, int(part)
        if len(flat) < 8:
            continue
        polygons = found[shape_of_part[part]]
        if is_outer:
            polygons.append([flat])
        elif polygons:
            polygons[-1].append(flat)
    return found


def _encode(coordinates: Floats, owner: Ints, crs: CRS, n: int) -> list[Flat]:
    """Encode vertices, dropping repeats; `owner` is the geometry (0 … n − 1) of each vertex."""
    lon, lat = lon_lat(coordinates[:, 0], coordinates[:, 1], crs)
    units = np.round(np.column_stack([lon, lat]) * SCALE).astype(np.int64)
    step = np.diff(units, axis=0, prepend=units[:1])
    first = np.r_[True, owner[1:] != owner[:-1]][: len(owner)]
    step[first] = units[first]
    kept = first | (step != 0).any(axis=1)
    ends = 2 * np.cumsum(np.bincount(owner[kept], minlength=n))
    # Slicing one list is many times faster than converting every piece.
    flat = step[kept].ravel().tolist()
    return [flat[a:b] for a, b in pairwise([0, *ends.tolist()])]


def bounds_of(polygons: Sequence[Polygon], points: tuple[Floats, Floats]) -> list[float] | None:
    """Return south, west, north, east of encoded polygons, else of points (lon, lat), else None."""
    rings = [np.cumsum(np.reshape(p[0], (-1, 2)), axis=0) for p in polygons]
    if rings:
        lon, lat = (np.concatenate(rings) / SCALE).T
    else:
        placed = np.isfinite(points[0]) & np.isfinite(points[1])
        lon, lat = points[0][placed], points[1][placed]
    if not len(lon):
        return None
    return [float(lat.min()), float(lon.min()), float(lat.max()), float(lon.max())]
