"""Heights from an elevation model (DEM), smoothed so that its noise does not count as slope."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import CRS
from rasterio.enums import ColorInterp
from rasterio.windows import Window

from circle15.errors import CrsError, InputDataError
from circle15.inputs.crs.datum_shifts import require_known_shift
from circle15.inputs.crs.positions import WGS84, require_crs, transform
from circle15.inputs.rasters.raster_files import crs_of_raster, opened_raster, require_placed
from circle15.network.costs.smoothing import REACH, bilinear, block_means, smoothed
from circle15.study.limits import HEIGHTS

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.arrays import Floats


FINEST_M: Final = 10.0
"""Finer cells are averaged to about this size: below it walls and cars would count as relief."""

COARSEST_M: Final = 100.0
"""Larger cells hide the hills of a town. The coarsest usual models have 90 m."""

SIGMA_CELLS: Final = 1.5
"""
Standard deviation of the smoothing, in cells: a mean over about three of them.

Chosen on the streets of Portland. The 10 m model there is clean: 29 m of climbing and descending
per km at any smoothing, which costs 4.0 % of the time there and back. Made coarse (30 m) and noisy
(2 m, as radar models of cities are), it shows 50 to 64 m and 8 to 13 % raw, 31 to 35 m and 4.2 to
4.7 % at 1.0 cells, 29 to 31 m and 4.2 to 4.3 % at 1.5, and a clean coarse one 28.6 m and 4.1 %.
"""

_MEND: Final = "Give an elevation model such as a GeoTIFF."
_TILE = 1024  # cells along a side that are held in memory at a time, without the margin
_FEWEST = 16  # cells along a side of a tile after averaging, so that the margin stays small
_METRES: Final = {
    **dict.fromkeys(("", "m", "metre", "meter", "metres", "meters"), 1.0),
    **dict.fromkeys(("ft", "foot", "feet", "international foot"), 0.3048),
    **dict.fromkeys(("us-ft", "us_ft", "ussft", "ftus", "us survey foot"), 1200 / 3937),
}
_LOWEST_M, _HIGHEST_M = -500.0, 9000.0  # the shore of the Dead Sea, and Mount Everest
_COLOURS = (ColorInterp.palette, ColorInterp.red, ColorInterp.green, ColorInterp.blue)


@dataclass(frozen=True)
class Dem:
    """
    An elevation model that has been checked but not read yet.

    `metres` is its unit of height in metres; heights refer to the file's vertical datum, which
    does not matter, since only differences count.
    """

    file: Path
    crs: CRS
    affine: Any
    shape: tuple[int, int]
    metres: float
    _last_tile: dict[tuple[int, int], Floats] = field(default_factory=dict, compare=False)
    """The tile that was smoothed last, kept because a small model is read repeatedly."""

    @cached_property
    def cell_m(self) -> float:
        """Larger side of a cell in the middle of the raster, metres."""
        return max(self._sides_m)

    @cached_property
    def _sides_m(self) -> tuple[float, float]:
        """Sides of a cell along the columns and along the rows, metres."""
        row, column = self.shape[0] / 2, self.shape[1] / 2
        corners = [self.affine * (column + i, row + j) for i, j in ((0, 0), (1, 0), (0, 1))]
        x, y = np.array(corners).T
        lon, lat = transform(x, y, self.crs, WGS84)
        if not (np.abs(lat) <= 90).all():
            raise CrsError(
                f"has coordinates that {self.crs.name} does not have.",
                file=self.file,
                mend="Assign the CRS that the raster was made in.",
            )
        metre = np.array([111_320 * np.cos(np.radians(lat[0])), 110_574.0])
        across, down = (np.hypot(*((lon[k] - lon[0], lat[k] - lat[0]) * metre)) for k in (1, 2))
        return float(across), float(down)

    @cached_property
    def block(self) -> int:
        """Cells along a side of the blocks that are averaged first; 1 unless the DEM is fine."""
        return max(1, int(FINEST_M / self.cell_m + 0.5))

    @property
    def spacing_m(self) -> float:
        """Size of the averaged cells, metres; streets are sampled at this spacing."""
        return self.block * self.cell_m

    @property
    def _step(self) -> int:
        """Cells along a side of a tile, in whole blocks."""
        return self.block * max(_FEWEST, _TILE // self.block)

    def heights(self, x_m: Floats, y_m: Floats, crs: CRS) -> Floats:
        """
        Return the heights of points, interpolated bilinearly in the smoothed model.

        The points are projected to the CRS of the model; the model is never resampled. Fine cells
        are averaged to `FINEST_M`, then smoothed by a Gaussian of `SIGMA_CELLS` in both
        directions; cells without data have no weight.

        Parameters
        ----------
        x_m, y_m : shape (n,)
            Positions in `crs`.

        Returns
        -------
        Metres, shape (n,), rounded to 10⁻⁶; NaN outside the model and where it has no data.

        Raises
        ------
        InputDataError
            If a height is impossible, as nodata that the file does not declare is.
        """
        found = np.full(len(x_m), np.nan)
        x, y = transform(x_m, y_m, crs, self.crs)
        column, row = ~self.affine * (x, y)
        rows, columns = self.shape
        inside = np.flatnonzero((column >= 0) & (column <= columns) & (row >= 0) & (row <= rows))
        step = self._step
        down = (row[inside] // step).astype(np.int64)
        across = (column[inside] // step).astype(np.int64)
        tile = down * (columns // step + 1) + across
        order = np.argsort(tile, kind="stable")
        with opened_raster(self.file, _MEND) as source:
            for members in np.split(order, np.flatnonzero(np.diff(tile[order])) + 1):
                if len(members):
                    here = inside[members]
                    top, left = int(down[members[0]]) * step, int(across[members[0]]) * step
                    found[here] = self._in_tile(source, top, left, row[here], column[here])
        return found.round(6)

    def _in_tile(self, source: Any, top: int, left: int, row: Floats, column: Floats) -> Floats:
        """Interpolate the points in one tile, read with the margin that smoothing needs."""
        sigma = [SIGMA_CELLS * self.spacing_m / (self.block * side) for side in self._sides_m]
        margin = self.block * (int(REACH * max(sigma)) + 2)
        step = self._step
        top, left = max(0, top - margin), max(0, left - margin)
        height = min(self.shape[0] - top, step + 2 * margin)
        width = min(self.shape[1] - left, step + 2 * margin)
        if (top, left) not in self._last_tile:
            values = self._read(source, Window(left, top, width, height))
            smooth = smoothed(block_means(values, self.block), (sigma[1], sigma[0]))
            self._last_tile.clear()
            self._last_tile[top, left] = smooth
        smooth = self._last_tile[top, left]
        return bilinear(smooth, (row - top) / self.block, (column - left) / self.block)

    def _read(self, source: Any, window: Window) -> Floats:
        cells = int(window.width * window.height)
        if cells > HEIGHTS.most:
            found = f"has cells of {self.cell_m:g} m, {cells:,} of which are needed at once"
            raise HEIGHTS.fault(found, file=self.file)
        band = source.read(1, window=window, masked=True)
        scale, offset = source.scales[0], source.offsets[0]
        z = (band.astype(np.float64).filled(np.nan) * scale + offset) * self.metres
        z[~np.isfinite(z)] = np.nan
        wrong = (z < _LOWEST_M) | (z > _HIGHEST_M)
        if wrong.any():
            raise InputDataError(
                f"{int(wrong.sum())} cells have an impossible height ({z[wrong][0]:g} m).",
                file=self.file,
                mend="Declare that value as nodata, or give heights in metres.",
            )
        return np.asarray(z, np.float64)


def open_dem(path: Path) -> Dem:
    """
    Check an elevation model: a raster with one band of heights, in any CRS.

    Heights are in metres unless the band or the vertical CRS states feet; scale and offset of the
    band are applied.

    Raises
    ------
    CrsError
        If it has no CRS, or a local one that is not tied to the earth.
    InputDataError
        If it is not a raster, has several bands, or its band holds colours, complex numbers or
        heights in an unknown unit.
    """
    with opened_raster(path, _MEND) as source:
        if source.count != 1:
            raise InputDataError(
                f"has {source.count} bands.", file=path, mend="Give one band of heights."
            )
        if source.colorinterp[0] in _COLOURS:
            raise InputDataError(
                "its band holds colours, not heights.", file=path, mend="Give the elevation model."
            )
        if np.dtype(source.dtypes[0]).kind not in "iuf":
            raise InputDataError(
                f"its cells are {source.dtypes[0]}, not heights.",
                file=path,
                mend="Give the elevation model.",
            )
        whole = crs_of_raster(source, path)
        require_placed(source.transform, path)
        crs = require_crs(whole, path)
        unit = (source.units[0] or _vertical_unit(whole)).strip().lower()
        if unit not in _METRES:
            raise InputDataError(
                f"its heights are in {unit!r}.", file=path, mend="Give heights in metres."
            )
        middle = source.transform * (source.width / 2, source.height / 2)
        require_known_shift(np.array([middle[0]]), np.array([middle[1]]), crs, path)
        return Dem(path, crs, source.transform, source.shape, _METRES[unit])


def _vertical_unit(crs: CRS) -> str:
    """Return the unit of the vertical axis of a compound CRS; empty where it has none."""
    return crs.axis_info[2].unit_name if len(crs.axis_info) > 2 else ""
