"""The grid of a raster, and the tiles in which it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import CRS
from rasterio.transform import Affine

from circle15.inputs.crs.positions import same_place

if TYPE_CHECKING:
    from circle15.arrays import Floats, Ints


SAME_CELL: Final = 1e-6
"""Grids that differ by less than this fraction of a cell are the same: exports round."""


@dataclass(frozen=True)
class Tile:
    """Rows `top` … `bottom` − 1 and columns `left` … `right` − 1 of a grid, north first."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left


@dataclass(frozen=True, eq=False)
class Grid:
    """Position and shape of a raster, its first row in the north."""

    crs: CRS
    affine: Affine
    height: int
    width: int

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Grid)
            and (self.height, self.width) == (other.height, other.width)
            and self._corners_meet(other)
            and same_place(self.crs, other.crs)
        )

    __hash__ = None  # type: ignore[assignment]  # grids are compared, never used as keys

    def _corners_meet(self, other: Grid) -> bool:
        """Return whether the corners are equal to within `SAME_CELL` of a cell."""
        corners = [(0, 0), (self.width, 0), (0, self.height)]
        with np.errstate(invalid="ignore"):  # non-finite corners equal none
            apart = [np.subtract(self.affine * one, other.affine * one) for one in corners]
        size = np.abs([self.affine.a, self.affine.e])
        return bool((np.abs(apart) <= SAME_CELL * size).all())

    def centres(self, cell: Ints) -> tuple[Floats, Floats]:
        """Centers of cells, which are numbered row by row."""
        row, column = np.divmod(cell, self.width)
        x, y = self.affine * (column + 0.5, row + 0.5)
        return np.asarray(x, np.float64), np.asarray(y, np.float64)
