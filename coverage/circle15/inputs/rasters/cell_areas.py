"""Ground area of a raster's cells, which turns a density into people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Proj, Transformer

if TYPE_CHECKING:
    from rasterio.transform import Affine

    from circle15.arrays import Floats
    from circle15.inputs.rasters.grid import Tile


def cell_areas_m2(crs: CRS, affine: Affine, tile: Tile) -> Floats:
    """
    Ellipsoidal areas of the cells of a tile.

    Parameters
    ----------
    affine
        Of a grid without rotation, its first row in the north.

    Returns
    -------
    m², of a shape that broadcasts to the tile's: a column where all cells of a row are equal.
    In a projected CRS the scale at the center of a cell is used for the whole cell.
    """
    lines = np.arange(tile.top, tile.bottom + 1)
    if crs.is_geographic:
        # In an equal-area cylinder the ground between two parallels is a rectangle, exactly.
        ellipsoid = crs.ellipsoid
        assert ellipsoid is not None  # a geographic CRS has one
        a, b = ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre
        cylinder = CRS.from_dict({"proj": "cea", "a": a, "b": b})
        plain = CRS.from_dict({"proj": "longlat", "a": a, "b": b})
        degrees = _unit_degrees(crs)
        lat = np.clip((affine.f + affine.e * lines) * degrees, -90.0, 90.0)
        to_cylinder = Transformer.from_crs(plain, cylinder, always_xy=True)
        north = np.asarray(to_cylinder.transform(np.zeros(len(lat)), lat)[1])
        across = math.radians(affine.a * degrees) * a
        return np.asarray(-np.diff(north) * across)[:, None]
    metre = crs.axis_info[0].unit_conversion_factor
    columns = np.arange(tile.left, tile.right) + 0.5
    x, y = np.meshgrid(affine.c + affine.a * columns, affine.f + affine.e * (lines[:-1] + 0.5))
    lon, lat = Proj(crs)(x, y, inverse=True)
    scale = Proj(crs).get_factors(lon, lat).areal_scale
    return np.asarray(abs(affine.a * affine.e) * metre**2 / np.asarray(scale))


def _unit_degrees(crs: CRS) -> float:
    """Degrees in one unit of a geographic CRS; most count in degrees, some in grads."""
    return math.degrees(crs.axis_info[0].unit_conversion_factor)
