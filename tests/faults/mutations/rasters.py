"""Rasters of people and of heights, with their sidecar files."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine

from tests.faults.mutations.oddities import CRSS, odd_value
from tests.faults.mutations.parts import Files, Parts
from tests.faults.mutations.raw import (
    bytes_mutated,
    text_mutated,
)
from tests.faults.mutations.sheets import (
    metric_wkt,
)
from tests.faults.mutations.tables import Quietly
from tests.faults.mutations.trees import xml_mutated
from tests.streets import EAST_M, NORTH_M

_AUX = (
    '<PAMDataset><SRS dataAxisToSRSAxisMapping="1,2">EPSG:4549</SRS><Metadata>'
    '<MDI key="AREA_OR_POINT">Area</MDI></Metadata><PAMRasterBand band="1">'
    "<NoDataValue>-1</NoDataValue><Scale>1</Scale><Offset>0</Offset><UnitType>m</UnitType>"
    "</PAMRasterBand></PAMDataset>"
)
_TYPES = ("float64", "float32", "int16", "uint8", "int32", "uint32", "int64", "uint64", "complex64")


def _raster_bytes(rng: Random | None, kind: str, heights: bool) -> bytes:
    """A raster of 6 × 9 cells over the streets, mutated in its profile and its cells."""
    cells = np.arange(54, dtype=np.float64).reshape(6, 9) / (1 if heights else 4)
    profile: dict[str, Any] = {
        "crs": metric_wkt(),
        "transform": Affine(100, 0, EAST_M - 100, 0, -100, NORTH_M + 300),
        "dtype": "float64",
        "nodata": -1.0,
        "count": 1,
        "height": 6,
        "width": 9,
    }
    if rng is not None:
        for _ in range(rng.choice((1, 1, 2, 3))):
            change = rng.randrange(9)
            if change == 0:
                profile["dtype"] = rng.choice(_TYPES)
            elif change == 1:
                profile["nodata"] = rng.choice(
                    (None, 0, 5, -9999, float("nan"), float("inf"), 1e308)
                )
            elif change == 2:
                profile["crs"] = rng.choice(CRSS)
            elif change == 3:
                numbers = [100.0, 0.0, EAST_M - 100, 0.0, -100.0, NORTH_M + 300]
                numbers[rng.randrange(6)] = float(rng.choice((0, 1e-9, 1e9, -100, 100, 30, 1e300)))
                profile["transform"] = Affine(*numbers)
            elif change == 4:
                profile["count"] = rng.choice((1, 2, 3))
            elif change == 5:
                profile |= rng.choice(
                    (
                        {"compress": "deflate"},
                        {"tiled": True, "blockxsize": 16, "blockysize": 16},
                        {"photometric": "RGB", "count": 3},
                        {"BIGTIFF": "YES"},
                        {"compress": "lzw"},
                    )
                )
            else:
                for _ in range(rng.choice((1, 1, 5, 54))):
                    value = rng.choice(
                        (-1, -0.0, -5, 1e30, 1e308, np.nan, np.inf, -np.inf, 0.1, 5e9)
                    )
                    cells[rng.randrange(6), rng.randrange(9)] = value
    with tempfile.TemporaryDirectory() as folder, np.errstate(all="ignore"):
        path = Path(folder) / f"r.{kind}"
        driver = {"tif": "GTiff", "asc": "AAIGrid", "bil": "EHdr"}[kind]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with rasterio.open(path, "w", driver=driver, **profile) as target:
                for band in range(profile["count"]):
                    target.write(cells.astype(profile["dtype"]), band + 1)
        return path.read_bytes()


@cache
def plain_raster(heights: bool) -> bytes:
    return _raster_bytes(None, "tif", heights)


def raster(heights: bool, rng: Random) -> Files:
    kind = "asc" if rng.random() < 0.2 else "tif"
    name = f"r.{kind}"
    files: Files = {}
    if kind == "asc":
        text = (
            "ncols 9\nnrows 6\nxllcorner 499900\nyllcorner 3489700\ncellsize 100\nNODATA_value -1\n"
        )
        rows = "\n".join(" ".join(str(r * 9 + k) for k in range(9)) for r in range(6))
        files[name] = text_mutated(rng, f"{text}{rows}\n".encode())
        files["r.prj"] = metric_wkt().encode()
    else:
        if rng.random() < 0.5:
            with Quietly():
                files[name] = _raster_bytes(rng, kind, heights)
        if name not in files:
            files[name] = bytes_mutated(rng, plain_raster(heights))
        if rng.random() < 0.3:
            raw = _AUX.encode()
            files["r.tif.aux.xml"] = rng.choice((xml_mutated, xml_mutated, bytes_mutated))(rng, raw)
        if rng.random() < 0.2:
            numbers = ["100", "0", "0", "-100", "499950", "3490250"]
            numbers[rng.randrange(6)] = str(odd_value(rng))
            files["r.tfw"] = "\n".join(numbers).encode("utf-8", "replace")
    return files | study_of_raster(name, heights, streets=rng.random() < 0.5)


def study_of_raster(name: str, heights: bool, *, streets: bool = False) -> Files:
    area = 'streets = { file = "wards.geojson", id = "code", name = "name" }'
    parts = (
        Parts(network=f'file = "network.osm"\ndem = "{name}"')
        if heights
        else Parts(people=f'raster = "{name}"', area=area if streets else "")
    )
    return {"study.toml": parts.text().encode()}
