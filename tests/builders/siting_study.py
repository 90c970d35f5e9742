"""A study of a grid of streets with homes at random places, two sites, and candidates."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import shapely

from circle15.access.cohorts import Homes
from circle15.access.counting import NO_PEOPLE
from circle15.access.coverage_counts import coverage_rows, straight_lines
from circle15.access.walks import Walks
from circle15.study.settings.reading import load_study
from circle15.workflow.reading import read_inputs, silent
from tests.streets import OsmWay, write_points, write_study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle15.access.counting import Counts

STEP_M: Final = 500
SIDE: Final = 8
SIZE_M: Final = STEP_M * (SIDE - 1)
BOX: Final = shapely.box(-100, -100, SIZE_M + 100, SIZE_M + 100)
WARDS: Final = {
    "W": shapely.box(-100, -100, SIZE_M / 2, SIZE_M + 100),
    "E": shapely.box(SIZE_M / 2, -100, SIZE_M + 100, SIZE_M + 100),
}


def write_grid(
    folder: Path,
    *,
    walk: str = "",
    more: str = "",
    one_way: bool = False,
    homes: int = 120,
    seed: int = 7,
) -> Path:
    """
    Write the study: streets every 500 m, homes with 1–90 people, sites near two corners.

    The data end 1.2 km beyond the streets, so that nobody walks out of them within the circle.
    """
    chance = random.Random(seed)
    name = {(i, j): chr(0x4E00 + i * SIDE + j) for i in range(SIDE) for j in range(SIDE)}
    nodes = {own: (float(i * STEP_M), float(j * STEP_M)) for (i, j), own in name.items()}
    rows = ["".join(name[i, j] for i in range(SIDE)) for j in range(SIDE)]
    columns = ["".join(name[i, j] for j in range(SIDE)) for i in range(SIDE)]
    ways: list[str | OsmWay] = [*columns, *rows]
    if one_way:
        ways = [
            *columns,
            *(OsmWay(word, {"highway": "footway", "oneway:foot": "yes"}) for word in rows),
        ]
    people = {
        f"h{k:03}": (chance.uniform(0, SIZE_M), chance.uniform(0, SIZE_M), chance.randint(1, 90))
        for k in range(homes)
    }
    sites = {"f1": (510.0, 510.0), "f2": (SIZE_M - 490.0, SIZE_M - 510.0)}
    extent = shapely.box(-1300, -1300, SIZE_M + 1300, SIZE_M + 1300)
    return write_study(
        folder, nodes, ways, people, sites, extent=extent, boundary=BOX, streets=WARDS,
        walk=walk, more=more,
    )  # fmt: skip


def write_candidates(folder: Path, rows: Sequence[Sequence[object]], heading: str) -> Path:
    """Write `candidates.csv`: x and y of the plane, then the cells of the heading."""
    return write_points(folder / "candidates.csv", heading, rows)


def counted(study: Path, category: str = "meal_point") -> Counts:
    """People of the judged group by state in the circle, as a run counts them."""
    settings = load_study(study)
    inputs = read_inputs(settings, silent)
    homes = Homes(inputs)
    walks = Walks(inputs, homes)
    walk = settings.walk
    for row in coverage_rows(inputs, walks, straight_lines(inputs, homes)):
        key = (row.category, row.group, row.cutoff_min, row.speed_m_s)
        if key == (category, settings.demand.group, walk.circle_min, walk.speed_m_s):
            return row.counts
    return NO_PEOPLE
