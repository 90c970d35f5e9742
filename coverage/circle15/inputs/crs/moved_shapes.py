"""Project many geometries at once, and check that they lie on the earth."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from circle15.inputs.crs.positions import on_earth, place

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.arrays import Bools, Floats

    Shapes = npt.NDArray[np.object_]

Moved = TypeVar("Moved", BaseGeometry, npt.NDArray[np.object_])


def project(shapes: Moved, source: CRS, target: CRS, datum: str | None = None) -> Moved:
    """
    Project one geometry, or an array of them, vertex by vertex, dropping heights.

    `datum` is that of the layer, as in `positions.place`.
    """

    def move(xy: Floats) -> Floats:
        return np.column_stack(place(xy[:, 0], xy[:, 1], source, datum, target))

    return shapely.transform(shapely.force_2d(shapes), move)


def all_on_earth(shapes: Shapes) -> Bools:
    """Return a mask of the geometries (study CRS) with possible coordinates; empty ones pass."""
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    wrong = np.bincount(owner[~on_earth(*coordinates.T)], minlength=len(shapes))
    return np.asarray(wrong == 0, np.bool_)
