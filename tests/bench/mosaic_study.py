"""A whole study on a mosaic of Porto Alegre: streets, people, subdistricts, sites, a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from tests.bench.mosaics import Plain

    Floats = npt.NDArray[np.float64]

CRS, EAST_M, NORTH_M = "EPSG:32722", 450_000.0, 6_600_000.0
CELL_M = 100.0
HOMES, SITES = 18_750, 117
"""Cells with people and sites in each tile."""
CATEGORIES = ("home_care_station", "meal_point", "day_care", "care_home", "medical", "complex")

STUDY = """[study]
name = "mosaic"
as_of = 2025-12-31
language = "en"
synthetic = true
crs = "EPSG:32722"
[area]
boundary = "boundary.geojson"
streets = { file = "streets.geojson", id = "code", name = "name" }
communities = { file = "communities.geojson", id = "code", name = "name", street = "street" }
[network]
file = "network.parquet"
[walk]
profile = "plain"
[demand]
group = "p60"
layers = [ { group = "p60", raster = ["p60.tif"] } ]
[[facilities]]
file = "sites.csv"
category_column = "category"
crs = "EPSG:32722"
covers = "boundary"
[circle]
require = ["home_care_station", "meal_point"]
"""


def write_mosaic_study(
    folder: Path,
    plain: Plain,
    side: int,
    *,
    scenario: str = "",
    homes: int = HOMES,
    sites: int = SITES,
    categories: Sequence[str] = CATEGORIES,
) -> Path:
    """
    Write the files of a study on a mosaic of `side` × `side` tiles; return its `study.toml`.

    `scenario` is appended to the settings; `homes` are cells with people of a tile, `sites` its
    sites.
    """
    rng = np.random.default_rng(15)
    folder.mkdir(parents=True, exist_ok=True)
    x_m, y_m = plain.x_m + EAST_M, plain.y_m + NORTH_M
    ends = np.stack([np.column_stack([x_m[k], y_m[k]]) for k in (plain.u, plain.v)], axis=1)
    lines = np.asarray(shapely.linestrings(ends))
    gpd.GeoDataFrame(
        {"highway": np.full(len(lines), "residential")}, geometry=lines, crs=CRS
    ).to_parquet(folder / "network.parquet")
    west, south, east, north = x_m.min(), y_m.min(), x_m.max(), y_m.max()
    _write_people(folder / "p60.tif", x_m, y_m, homes * side**2, rng)
    for name, count in (("boundary", 1), ("streets", side), ("communities", 5 * side)):
        _write_blocks(folder, name, (west, south, east, north), count)
    _write_sites(folder / "sites.csv", x_m, y_m, sites * side**2, categories, rng)
    study = folder / "study.toml"
    study.write_text(STUDY + scenario, encoding="utf-8", newline="\n")
    return study


def _write_people(
    path: Path, x_m: Floats, y_m: Floats, homes: int, rng: np.random.Generator
) -> None:
    """Write a raster whose cells with people each hold a node of the streets."""
    width, height = (int(np.ptp(at) // CELL_M) + 1 for at in (x_m, y_m))
    column = ((x_m - x_m.min()) // CELL_M).astype(int)
    row = ((y_m.max() - y_m) // CELL_M).astype(int)
    cells = np.unique(row * width + column)
    people = np.zeros(width * height)
    chosen = rng.choice(cells, min(homes, len(cells)), replace=False)
    people[chosen] = rng.gamma(2.0, 6.0, len(chosen))
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=1,
        dtype="float32",
        crs=CRS,
        transform=from_origin(x_m.min(), y_m.max(), CELL_M, CELL_M),
        nodata=-1,
        compress="deflate",
    ) as raster:
        raster.write(people.reshape(height, width).astype("float32"), 1)


def _write_blocks(
    folder: Path, name: str, bounds: tuple[float, float, float, float], count: int
) -> None:
    """Write `count` × `count` equal rectangles."""
    west, south, east, north = bounds
    xs, ys = np.linspace(west, east, count + 1), np.linspace(south, north, count + 1)
    across, down = np.meshgrid(np.arange(count), np.arange(count))
    i, j = across.ravel(), down.ravel()
    frame = gpd.GeoDataFrame(
        {
            "code": [f"{a:02d}{b:02d}" for a, b in zip(i, j, strict=True)],
            "name": [f"{a}-{b}" for a, b in zip(i, j, strict=True)],
            "street": [f"{a // 5:02d}{b // 5:02d}" for a, b in zip(i, j, strict=True)],
        },
        geometry=shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1]),
        crs=CRS,
    )
    frame.to_crs("EPSG:4326").to_file(folder / f"{name}.geojson", driver="GeoJSON")


def _write_sites(
    path: Path,
    x_m: Floats,
    y_m: Floats,
    n: int,
    categories: Sequence[str],
    rng: np.random.Generator,
) -> None:
    """Write sites of the categories in turn, each some metres from a node of the streets."""
    node = rng.choice(len(x_m), n, replace=False)
    lines = ["facility_id,name,category,x_m,y_m,floor_area_m2"]
    for k, at in enumerate(node.tolist()):
        x, y = x_m[at] + rng.normal(0, 10), y_m[at] + rng.normal(0, 10)
        kind, area = categories[k % len(categories)], int(rng.integers(80, 900))
        lines.append(f"S{k:05d},site {k},{kind},{x:.2f},{y:.2f},{area}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
