"""Units, descriptions and tags of rasters that are not text end in one message."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from circle15.errors import InputDataError
from circle15.inputs.demand.count_rasters import CountRaster
from circle15.network.costs.elevation import open_dem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read_people(path: Path) -> None:
    with ExitStack() as stack:
        raster = CountRaster(path, None, stack)
        for tile in raster.tiles():
            raster.read(tile)
        raster.refuse_undeclared()


def raster_with(path: Path, text: str) -> Path:
    """Write a raster whose text of one kind holds the word `mmmmm`, then spoil it."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=4,
        height=4,
        count=1,
        dtype="float32",
        crs="EPSG:4549",
        transform=from_origin(500_000, 3_490_000, 100, 100),
    ) as target:
        target.write(np.ones((1, 4, 4), "float32"))
        if text == "unit":
            target.units = ("mmmmm",)
        elif text == "description":
            target.descriptions = ("mmmmm",)
        else:
            target.update_tags(note="mmmmm")
    content = path.read_bytes()
    assert content.count(b"mmmmm") == 1
    path.write_bytes(content.replace(b"mmmmm", b"m\xbemmm"))
    return path


@pytest.mark.parametrize("text", ["unit", "description", "tag"])
@pytest.mark.parametrize("read", [open_dem, read_people])
def test_text_that_is_not_utf_8_is_one_message_or_no_matter(
    tmp_path: Path, read: Callable[[Path], object], text: str
) -> None:
    path = raster_with(tmp_path / "t.tif", text)
    with suppress(InputDataError):
        read(path)


@pytest.mark.parametrize("read", [open_dem, read_people])
def test_a_unit_that_is_not_utf_8_is_told(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(InputDataError, match=r"t\.tif.*text that is not UTF-8 \(b'm\\xbemmm'\)"):
        read(raster_with(tmp_path / "t.tif", "unit"))
