"""Open a raster by the one driver of its suffix, and read its CRS."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from pyproj import CRS
from pyproj.exceptions import ProjError
from rasterio.enums import Interleaving
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from circle15.errors import CrsError, InputDataError, MissingFileError
from circle15.inputs.files.own_files import driver_of_raster
from circle15.study.limits import RASTER_BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def opened_raster(path: Path, mend: str = "") -> Iterator[Any]:
    """
    Open a raster for reading.

    Parameters
    ----------
    mend
        What to do where it cannot be read.

    Raises
    ------
    MissingFileError
        If there is no such file.
    InputDataError
        If it cannot be read, or leads to other files or to the network.
    """
    if not path.exists():
        raise MissingFileError("no such file.", file=path, mend="Mend the path.")
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
    except RasterioError as error:
        raise InputDataError(
            f"cannot be read as a raster ({error}).", file=path, mend=mend
        ) from None


def _require_modest_blocks(source: Any, path: Path) -> None:
    """Refuse a raster of blocks that fill the memory: each is read as a whole."""
    height, width = source.block_shapes[0] if source.count else (0, 0)
    layers = source.count if source.interleaving is Interleaving.pixel else 1
    block = height * width * layers * np.dtype(source.dtypes[0]).itemsize if source.count else 0
    size = path.stat().st_size
    if block > RASTER_BLOCK.of(size):
        found = f"has blocks of {block // 1_000_000:,} MB ({height:,} × {width:,} cells)"
        raise RASTER_BLOCK.fault(found, file=path, size=size)


def _opened(path: Path, driver: str) -> Any:
    with warnings.catch_warnings():  # is refused with its own message
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(path, driver=driver)


def crs_of_raster(source: Any, path: Path) -> CRS:
    """
    Return the CRS of an open raster, heights included.

    Raises
    ------
    CrsError
        If it has none, or one that is unknown.
    """
    mend = "Assign the one it was made in."
    try:
        if source.crs is None:
            raise CrsError("the raster has no coordinate reference system.", file=path, mend=mend)
        return CRS.from_wkt(source.crs.to_wkt())
    except (ProjError, RasterioError):
        raise CrsError("the raster's CRS cannot be read.", file=path, mend=mend) from None
