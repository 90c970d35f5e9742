"""A raster of 400 million cells is read by parts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.builders.people_rasters import MICRO

LARGE = """
import sys
import numpy as np, rasterio, shapely
from pathlib import Path
from rasterio.transform import Affine
from rasterio.windows import Window
from tests.streets import EAST_M, METRIC, NORTH_M, write_layer
from circle15.inputs.demand.population import read_population
from circle15.inputs.area.study_area import read_area
from circle15.study.settings.records import Area, Demand, DemandLayer

folder, side = Path(sys.argv[1]), 20_000
place = Affine(10, 0, EAST_M, 0, -10, NORTH_M + 10 * side)
with rasterio.open(
    folder / "p.tif", "w", driver="GTiff", height=side, width=side, count=1, dtype="float32",
    crs="EPSG:4549", transform=place, nodata=-99999, tiled=True, blockxsize=512, blockysize=512,
    compress="deflate", sparse_ok=True,
) as target:
    for row in range(0, side, 4096):
        target.write(np.full((1, 200, side), 0.25, "float32"), window=Window(0, row, side, 200))
    target.write(np.ones((1, 1000, 1000), "float32"), window=Window(9000, 9500, 1000, 1000))
boundary = shapely.box(90_000, 100_000, 100_000, 105_000)
area = read_area(Area(write_layer(folder / "b.geojson", [(boundary, {})])), METRIC)
found = read_population(
    Demand((DemandLayer("p60", raster=(folder / "p.tif",)),)), area, METRIC
).balances[0]
# Not getrusage: a new process begins with the peak of the one that started it.
status = Path("/proc/self/status").read_text()
print(found.inside, found.outside, status.split("VmHWM:")[1].split()[0])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read on Linux only")
def test_a_large_raster_stays_within_a_gigabyte(tmp_path):
    """
    20 000 × 20 000 cells of 10 m, five stripes of 200 lines with 1/4 person each, and a city.

    Stripes: 5 · 200 · 20 000 / 4 = 5 000 000; the city of 1000 × 1000 at 1 person a cell, of
    which the boundary holds the northern half. No stripe runs through the boundary.
    """
    root = Path(__file__).resolve().parents[2]
    search = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, "-c", LARGE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": search},
    )
    inside, outside, peak_kb = map(int, run.stdout.split())
    assert (inside, outside) == (500_000 * MICRO, 5_500_000 * MICRO)
    assert peak_kb < 1_000_000
