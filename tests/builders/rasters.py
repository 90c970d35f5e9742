"""Rasters joined to small networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.travel.served_areas.raster_frame import RasterFrame
from circle15.travel.served_areas.snap_raster import SnapRaster

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from circle15.network.walk_network import WalkNetwork


def raster_over(
    shape: BaseGeometry, network: WalkNetwork, *, cell_m: float = 20.0, max_snap_m: float = 200.0
) -> SnapRaster:
    """Make a raster over the bounding box of a shape and join its cells to a network."""
    return SnapRaster.on(RasterFrame.over(shape, cell_m=cell_m), network, max_snap_m=max_snap_m)
