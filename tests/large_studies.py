"""
Studies with what only large ones have: more than 1,000 sites, and many unknown heights.

`python -m tests.large_studies FOLDER` writes and runs them with nothing but the installed package
and what it depends on: `.ci/run` does so with the bare wheel, where no tool of a developer hides
a dependency that is missing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import shapely

from circle15.workflow.api import run
from tests.streets import Nodes, write_dem, write_study

SIDE = 50
"""Streets in each direction, 60 m apart."""

STEP_M = 60.0
SITES = 1_200
HOLES_M = 240.0
"""How far apart the holes in the heights are; each hides four crossings."""


def streets() -> tuple[Nodes, list[str]]:
    """Make a grid of streets: nodes named by characters, a way along each row and column."""
    name = {(i, j): chr(0x4E00 + i * SIDE + j) for i in range(SIDE) for j in range(SIDE)}
    nodes = {n: (i * STEP_M, j * STEP_M) for (i, j), n in name.items()}
    rows = ["".join(name[i, j] for i in range(SIDE)) for j in range(SIDE)]
    columns = ["".join(name[i, j] for j in range(SIDE)) for i in range(SIDE)]
    return nodes, [*rows, *columns]


def many_sites(folder: Path) -> Path:
    """Write a study of 1,200 sites of one category."""
    nodes, ways = streets()
    random = np.random.default_rng(15)
    reach = (SIDE - 1) * STEP_M
    sites = {f"f{k:04}": tuple(random.uniform(0, reach, 2).tolist()) for k in range(SITES)}
    homes = {f"h{k}": (*random.uniform(0, reach, 2).tolist(), 10) for k in range(300)}
    return write_study(folder, nodes, ways, homes, sites, boundary=_around())


def unknown_heights(folder: Path) -> Path:
    """Write a study on a slope with holes; a quarter of the crossings have no height."""
    nodes, ways = streets()
    homes = {f"h{k}": (k * 9.0, k * 9.0, 10) for k in range(200)}
    study = write_study(folder, nodes, ways, homes, {"f": (1500.0, 1500.0)}, boundary=_around())

    def height(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        hole = ((x + 30) % HOLES_M < 120) & ((y + 30) % HOLES_M < 120)
        return np.where(hole, np.nan, 0.05 * x + 0.02 * y)

    write_dem(folder / "dem.tif", height, west_north=(-300.0, 3300.0), size_m=3600.0, cell_m=30.0)
    text = study.read_text("utf-8")
    study.write_text(text.replace("extent =", 'dem = "dem.tif"\nextent =', 1), encoding="utf-8")
    return study


def _around() -> shapely.Polygon:
    reach = (SIDE - 1) * STEP_M
    return shapely.box(-100, -100, reach + 100, reach + 100)


def check(folder: Path) -> None:
    """Write and run both, and see that their results hold what they are for."""
    for write in (many_sites, unknown_heights):
        own = folder / write.__name__
        own.mkdir(parents=True)
        run(write(own), out=own / "out")
        summary = json.loads((own / "out" / "summary.json").read_text("utf-8"))
        if write is many_sites:
            (row,) = summary["facilities"]
            assert row["rows"] > 1000, row
        else:
            dem = summary["quality"]["dem"]
            assert dem["filled_km"] > 20, dem
        print(f"{write.__name__}: {summary['coverage'][0]['persons']:g} people judged")
    part = "scipy.sparse.linalg"
    assert part in sys.modules, f"the studies are too small: {part} was not needed"


if __name__ == "__main__":
    check(Path(sys.argv[1]))
