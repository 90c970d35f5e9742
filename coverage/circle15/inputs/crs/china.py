"""Whether a study lies in China, where published maps need an approval number and papers a stamp.

The outline is coarse, drawn by hand for this purpose only, and does not represent any border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from circle15.inputs.crs.positions import WGS84, moved

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

_NEAR_DEG: Final = 0.2
"""About 20 km: within this distance of the coarse outline a place counts as in China."""

_OUTLINE: Final = shapely.Polygon([
    (134.7, 48.4), (134.2, 47.4), (133.5, 46.0), (133.1, 45.1), (131.9, 45.25), (131.0, 44.8),
    (131.3, 43.5), (130.6, 42.4), (129.9, 43.0), (129.7, 42.45), (128.9, 42.05), (128.1, 42.0),
    (128.1, 41.4), (127.2, 41.5), (126.9, 41.8), (126.0, 40.9), (124.9, 40.5), (124.35, 40.05),
    (124.2, 39.6), (122.5, 38.5), (123.2, 36.5), (121.5, 34.0), (122.6, 31.5), (123.0, 29.5),
    (121.8, 27.0), (122.3, 25.5), (121.7, 23.5), (121.0, 21.7), (119.0, 21.3), (116.0, 20.5),
    (113.0, 17.2), (112.9, 16.0), (111.2, 15.6), (109.6, 17.7), (108.4, 18.8), (108.3, 20.5),
    (108.0, 21.5), (106.7, 22.0), (106.6, 22.6), (105.9, 22.95), (105.3, 23.3), (104.8, 22.9),
    (103.95, 22.5), (103.3, 22.75), (102.5, 22.75), (102.1, 22.4), (101.7, 22.4), (101.8, 21.6),
    (101.75, 21.15), (101.15, 21.55), (100.2, 21.45), (99.95, 22.05), (99.2, 22.1), (99.5, 22.9),
    (98.9, 23.2), (98.7, 24.1), (97.75, 23.9), (97.55, 24.7), (98.2, 25.6), (98.7, 26.6),
    (98.7, 27.5), (98.2, 28.1), (97.35, 28.25), (95.3, 29.1), (93.2, 28.7), (92.0, 27.8),
    (91.3, 28.1), (89.6, 28.2), (89.0, 27.4), (88.8, 28.0), (87.0, 28.0), (86.0, 28.05),
    (85.5, 28.35), (84.2, 28.9), (83.3, 29.4), (82.1, 30.2), (81.2, 30.1), (79.0, 31.2),
    (78.7, 31.9), (78.9, 33.6), (79.0, 34.4), (78.0, 35.4), (76.9, 35.6), (75.9, 36.1),
    (75.2, 36.9), (74.9, 37.3), (74.9, 38.4), (73.7, 39.0), (73.7, 39.5), (74.0, 40.05),
    (75.5, 40.5), (76.5, 40.4), (77.8, 41.1), (80.2, 42.1), (80.7, 43.1), (80.4, 44.1),
    (80.35, 45.0), (82.5, 45.2), (82.3, 45.6), (83.0, 47.2), (85.5, 47.1), (85.7, 48.3),
    (86.8, 49.1), (87.8, 49.1), (88.0, 48.6), (90.0, 47.8), (91.0, 46.6), (90.9, 45.3),
    (93.5, 44.9), (95.4, 44.3), (96.4, 42.75), (99.5, 42.6), (101.8, 42.5), (104.9, 41.6),
    (107.5, 42.4), (109.5, 42.45), (111.9, 43.7), (111.6, 44.4), (112.1, 45.0), (113.6, 44.75),
    (114.5, 45.4), (116.2, 45.7), (116.6, 46.3), (118.3, 46.7), (119.9, 46.6), (119.7, 47.2),
    (118.5, 47.9), (117.4, 47.65), (115.6, 47.9), (116.0, 48.8), (116.7, 49.85), (117.8, 49.5),
    (119.3, 50.1), (119.2, 50.4), (120.0, 51.5), (120.9, 53.3), (123.6, 53.5), (125.6, 53.05),
    (126.9, 51.3), (127.5, 50.25), (129.5, 49.4), (130.9, 48.9), (130.6, 48.6), (131.0, 47.7),
    (132.6, 47.75),
])  # fmt: skip


def lies_in_china(shape: BaseGeometry, crs: CRS) -> bool:
    """
    Return whether a study area may lie in China, even in part.

    Parameters
    ----------
    shape
        The area, or streets, of a study in its CRS; True for an empty one.
    """
    if shape.is_empty:
        return True
    corners = shapely.get_coordinates(shapely.convex_hull(shape))
    lon, lat = moved(corners[:, 0], corners[:, 1], crs, WGS84)
    places = np.column_stack([lon, lat])
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        return True
    hull: Any = shapely.convex_hull(shapely.multipoints(places))
    return bool(shapely.dwithin(_OUTLINE, hull, _NEAR_DEG))
