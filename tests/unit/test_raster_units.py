"""Rasters whose CRS counts in kilometres or feet: read without messages of a library."""

from __future__ import annotations

import os

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from circle15.inputs.rasters.raster_files import opened_raster


@pytest.mark.parametrize(("unit", "metres"), [("km", 1000.0), ("us-ft", 1200 / 3937)])
def test_units_are_known_and_nothing_is_printed(unit, metres, tmp_path, capfd, monkeypatch):
    for name in ("PROJ_DATA", "PROJ_LIB"):
        monkeypatch.delenv(name, raising=False)
    path, crs = tmp_path / "p.tif", f"+proj=utm +zone=50 +units={unit} +datum=WGS84"
    place = Affine(0.1, 0, 500, 0, -0.1, 3490)
    profile = {"driver": "GTiff", "crs": crs, "transform": place, "dtype": "float32"}
    with rasterio.open(path, "w", width=2, height=2, count=1, **profile) as target:
        target.write(np.ones((2, 2), "float32"), 1)
    with opened_raster(path) as source:
        assert source.crs.linear_units_factor[1] == pytest.approx(metres)
    assert capfd.readouterr().err == ""
    assert not {"PROJ_DATA", "PROJ_LIB"} & os.environ.keys()
