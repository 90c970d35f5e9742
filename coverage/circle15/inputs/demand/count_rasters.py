"""Read rasters of people tile by tile, so that large ones are never held in memory."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio
from rasterio.errors import RasterioError, RasterioIOError
from rasterio.transform import Affine
from rasterio.windows import Window

from circle15.errors import InputDataError, clause
from circle15.inputs.crs.datum_shifts import require_known_shift
from circle15.inputs.crs.positions import require_crs
from circle15.inputs.demand.people_limits import refuse_too_many
from circle15.inputs.rasters.cell_areas import cell_areas_m2
from circle15.inputs.rasters.grid import Grid, Tile
from circle15.inputs.rasters.raster_files import crs_of_raster, opened_raster, require_placed
from circle15.inputs.rasters.raster_values import (
    LEAST_AREA_M2,
    MOST_PER_KM2,
    Scale,
    Suspects,
    refuse_density,
    without_dust,
)
from circle15.study.limits import RASTER_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack
    from pathlib import Path

    from circle15.arrays import Floats
    from circle15.study.settings.records import Density


TILE_CELLS: Final = 4_000_000
_TILE_SIDE: Final = 2048
_CACHE_MB: Final = 64
_M2: Final = {"km2": 1e6, "ha": 1e4, "m2": 1.0}


class CountRaster:
    """
    An open raster of people.

    Raises
    ------
    CrsError
        If the raster has no CRS.
    InputDataError
        If it cannot be read, has more than one band, no position, a rotated grid, or states that it
        holds a density that the study does not declare.
    """

    def __init__(self, path: Path, density: Density | None, stack: ExitStack) -> None:
        self.path = path
        self._unit = None if density == "count" else density
        self._source = stack.enter_context(opened_raster(path))
        self.grid, self._upside_down = _grid(self._source, path)
        cells, size = self.grid.height * self.grid.width, path.stat().st_size
        if cells > RASTER_CELLS.of(size):
            raise RASTER_CELLS.fault(f"has {cells:,} cells", file=path, size=size)
        if density is None:
            refuse_density(self._source, path)
        kind = self._source.dtypes[0]
        if np.dtype(kind).kind not in "iuf":
            raise InputDataError(
                f"its cells are {kind}, not people.", file=path, mend="Give a raster of numbers."
            )
        self._scale = Scale(
            self._source.scales[0], self._source.offsets[0], integers=np.dtype(kind).kind in "iu"
        )
        self._suspects = Suspects(kind)
        self.dust = 0
        self.holds_people = False
        self._people = hashlib.blake2b()

    def tiles(self) -> Iterator[Tile]:
        """Yield tiles of a few million cells, aligned with the blocks of the file."""
        height, width = self.grid.height, self.grid.width
        down, across = _TILE_SIDE, _TILE_SIDE
        if self._source.block_shapes[0][1] == width:
            down, across = max(1, TILE_CELLS // width), min(width, TILE_CELLS)
        for top in range(0, height, down):
            for left in range(0, width, across):
                yield Tile(top, min(top + down, height), left, min(left + across, width))

    def read(self, tile: Tile) -> tuple[Floats, int]:
        """
        Return the people of a tile, with 0 for nodata, and the number of nodata cells.

        Raises
        ------
        InputDataError
            If the file is damaged, or a cell is negative or holds an impossible number of people.
        """
        top = self.grid.height - tile.bottom if self._upside_down else tile.top
        window = Window(tile.left, top, tile.right - tile.left, tile.bottom - tile.top)
        try:
            with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB):
                band = self._source.read(1, masked=True, window=window)
        except (RasterioIOError, RasterioError) as error:
            raise InputDataError(
                f"cannot be read as a raster ({clause(error)}).", file=self.path
            ) from None
        if self._upside_down:
            band = band[::-1]
        missing = np.ma.getmaskarray(band) | ~np.isfinite(band.data)
        values = np.asarray(band.data, np.float64)
        values[missing] = 0.0
        self._suspects.note(values)
        values = self._scale.apply(values)
        values[missing] = 0.0
        values, dust = without_dust(values)
        self.dust += dust
        if (values < 0).any():
            row, column = np.argwhere(values < 0)[0]
            raise InputDataError(
                "has cells that are negative and not declared nodata (the first: line "
                f"{tile.top + row + 1}, column {tile.left + column + 1}, value "
                f"{values[row, column]:g}).",
                file=self.path,
                mend="Declare the nodata value.",
            )
        if self._unit is not None and values.any():
            values *= cell_areas_m2(self.grid.crs, self.grid.affine, tile) / _M2[self._unit]
        self.holds_people = self.holds_people or bool(values.any())
        self._refuse_crowds(values, tile)
        refuse_too_many(float(values.max(initial=0.0)), self.path)  # so that sums stay finite
        self._note_people(values)
        return values, int(missing.sum())

    @property
    def people_hash(self) -> bytes:
        """Hash of the cells with people read so far, equal for two encodings of one raster."""
        return self._people.digest()

    def _note_people(self, values: Floats) -> None:
        filled = np.flatnonzero(values)
        self._people.update(filled.tobytes())
        rounded = values.ravel()[filled].astype(np.float32)  # as most files hold them
        self._people.update(rounded.tobytes())

    def refuse_undeclared(self) -> None:
        """Raise InputDataError if many of the cells read so far look like undeclared nodata."""
        self._suspects.refuse(self.path)

    def _refuse_crowds(self, values: Floats, tile: Tile) -> None:
        """Raise InputDataError if a cell has a higher density than any place on earth."""
        rows, columns = np.nonzero(values > MOST_PER_KM2 * LEAST_AREA_M2 / _M2["km2"])
        if len(rows) == 0:
            return
        part = Tile(
            tile.top + int(rows.min()),
            tile.top + int(rows.max()) + 1,
            tile.left + int(columns.min()),
            tile.left + int(columns.max()) + 1,
        )
        areas = np.broadcast_to(cell_areas_m2(self.grid.crs, self.grid.affine, part), part.shape)[
            rows - rows.min(), columns - columns.min()
        ]
        people = values[rows, columns]
        with np.errstate(over="ignore"):  # infinity is too many
            crowd = people / np.maximum(areas, LEAST_AREA_M2) * _M2["km2"]
        if not (crowd > MOST_PER_KM2).any():
            return
        k = int(np.argmax(crowd))
        raise InputDataError(
            f"{int((crowd > MOST_PER_KM2).sum()):,} cells hold an impossible number of people; "
            f"line {tile.top + rows[k] + 1}, column {tile.left + columns[k] + 1} has "
            f"{people[k]:.10g} people, {crowd[k]:.3g} per km².",
            file=self.path,
            mend="Declare the nodata value (gdal_edit.py -a_nodata …), the scale of the band or "
            "the density, or correct these cells.",
        )


def _grid(source: Any, path: Path) -> tuple[Grid, bool]:
    """Check and return the grid, and whether the file's first line is the southern one."""
    if source.count != 1:
        raise InputDataError(f"has {source.count} bands.", file=path, mend="Give one band.")
    whole = crs_of_raster(source, path)
    affine, (height, width) = source.transform, source.shape
    require_placed(affine, path)
    if affine.b or affine.d or affine.a <= 0:
        raise InputDataError(
            "its grid is rotated or mirrored.", file=path, mend="Warp it to a north-up grid."
        )
    upside_down = affine.e > 0
    if upside_down:
        affine *= Affine(1, 0, 0, 0, -1, height)
    crs = require_crs(whole, path)
    middle = affine * (width / 2, height / 2)
    require_known_shift(np.array([middle[0]]), np.array([middle[1]]), crs, path)
    return Grid(crs, affine, height, width), upside_down
