"""Open a raster with the one driver of its suffix, and read its CRS."""

from __future__ import annotations

import math
import os
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio
from pyproj import CRS
from pyproj.exceptions import ProjError
from rasterio._err import CPLE_BaseError
from rasterio.enums import Interleaving
from rasterio.env import PROJDataFinder
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from circle15.errors import CrsError, InputDataError, MissingFileError, clause
from circle15.inputs.files.own_files import driver_of_raster
from circle15.study.limits import RASTER_BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rasterio.transform import Affine

_PROJ_PLACES: Final = ("PROJ_DATA", "PROJ_LIB")
_LEAST_CELL: Final = 1e-9
_LARGEST_CELL: Final = 1e9
"""In units of any CRS: a cell is wider than a hair and smaller than the world."""


@contextmanager
def opened_raster(path: Path, mend: str = "") -> Iterator[Any]:
    """
    Open a raster for reading.

    Parameters
    ----------
    mend
        How to fix it where it cannot be read.

    Raises
    ------
    MissingFileError
        If there is no such file.
    InputDataError
        If it cannot be read, or refers to other files or the network.
    """
    if not path.exists():
        raise MissingFileError("no such file.", file=path, mend="Correct the path.")
    driver = driver_of_raster(path)
    try:
        with _opened(path, driver) as source:
            _require_modest_blocks(source, path)
            if source.tags(ns="OVERVIEWS").get("OVERVIEW_FILE"):
                raise InputDataError(
                    "names another file for its overviews, which is not followed.",
                    file=path,
                    mend="Save it as a GeoTIFF of its own.",
                )
            yield source
    except (RasterioError, CPLE_BaseError) as error:  # which GDAL raises for a damaged tag, too
        raise InputDataError(
            f"cannot be read as a raster ({clause(error)}).", file=path, mend=mend
        ) from None
    except UnicodeDecodeError as error:  # of a unit, a description or a tag
        raise InputDataError(
            f"holds text that is not UTF-8 ({error.object!r}).",
            file=path,
            mend=mend or "Save it again as a GeoTIFF.",
        ) from None


def _require_modest_blocks(source: Any, path: Path) -> None:
    """Refuse a raster with blocks that would fill the memory: each is read as a whole."""
    height, width = source.block_shapes[0] if source.count else (0, 0)
    layers = source.count if source.interleaving is Interleaving.pixel else 1
    block = height * width * layers * np.dtype(source.dtypes[0]).itemsize if source.count else 0
    size = path.stat().st_size
    if block > RASTER_BLOCK.of(size):
        found = f"has blocks of {block // 1_000_000:,} MB ({height:,} × {width:,} cells)"
        raise RASTER_BLOCK.fault(found, file=path, size=size)


def _opened(path: Path, driver: str) -> Any:
    with warnings.catch_warnings(), _units_known():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # has its own message
        return rasterio.open(path, driver=driver)


@contextmanager
def _units_known() -> Iterator[None]:
    """
    Set the place of PROJ's tables in the environment while a file is opened.

    rasterio sets it for GDAL, but the reader of a GeoTIFF's units (kilometres, feet) asks PROJ
    itself, which looks in the environment only and prints a line of its own where it is not set.
    """
    tables = PROJDataFinder().search_wheel()
    if tables is None or any(name in os.environ for name in _PROJ_PLACES):
        yield
        return
    os.environ[_PROJ_PLACES[0]] = tables
    try:
        yield
    finally:
        del os.environ[_PROJ_PLACES[0]]


def crs_of_raster(source: Any, path: Path) -> CRS:
    """
    Return the CRS of an open raster, heights included.

    Raises
    ------
    CrsError
        If it has none, or one that is unknown.
    """
    mend = "Assign the one that it was made in."
    try:
        if source.crs is None:
            raise CrsError("the raster has no coordinate reference system.", file=path, mend=mend)
        return CRS.from_wkt(source.crs.to_wkt())
    except (ProjError, RasterioError):
        raise CrsError("the raster's CRS cannot be read.", file=path, mend=mend) from None


def require_placed(affine: Affine, file: Path) -> None:
    """
    Refuse a grid without a position, or whose cells are too small or too large.

    Raises
    ------
    InputDataError
        If the grid has no geotransform, cells of no size, or numbers that no grid can have.
    """
    if affine.is_identity:
        raise InputDataError(
            "the raster has no position (geotransform).", file=file, mend="Export it again."
        )
    sides = math.hypot(affine.a, affine.d), math.hypot(affine.b, affine.e)
    if affine.is_degenerate or not (min(sides) >= _LEAST_CELL and max(sides) <= _LARGEST_CELL):
        raise InputDataError(
            f"its cells are {sides[0]:g} by {sides[1]:g} units of its CRS, which cannot be.",
            file=file,
            mend="Export it again.",
        )
