"""Supply, choice and equity of the sample, and how long residential land takes."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import shapely

from circle15.access.areas.covered_areas import LAND, area_rows
from circle15.access.areas.joined_areas import joined_areas
from circle15.access.cohorts import Homes
from circle15.access.supply.of_study import access_by_category
from circle15.access.walks import Walks
from circle15.inputs.residential_areas import AreasAtPoints, ResidentialAreas, pieces_of
from circle15.study.settings.reading import load_study
from circle15.study.vocabulary import columns as c
from circle15.workflow.reading import read_inputs, silent
from tests.bench.verdicts import verdict
from tests.bench.whole_runs import ROOT


def supply_of_the_sample() -> list[str]:
    """Time the supply of all categories, and the land of the whole district cut and judged."""
    study = load_study(ROOT / "data/sample/study.toml")
    inputs = read_inputs(study, silent)
    walks = Walks(inputs, Homes(inputs))
    assert walks.states
    spent = []
    for _ in range(3):  # the first one compiles
        began = time.process_time()
        access_by_category(inputs, walks)
        spent.append(time.process_time() - began)
    began = time.process_time()
    pieces = pieces_of(inputs.area.boundary or inputs.network.extent)
    inner = shapely.point_on_surface(pieces)
    areas = np.floor(shapely.area(pieces) * c.MICRO + 0.5).astype(np.int64)
    land = AreasAtPoints(shapely.get_x(inner), shapely.get_y(inner), {LAND: areas}, {}, "land")
    living, _ = joined_areas(ResidentialAreas(land), inputs.network, study.walk)
    rows = area_rows(replace(inputs, living=living), walks)
    took = time.process_time() - began
    least = min(spent)
    kept = verdict(least <= 0.3)
    return [
        f"supply of {len(inputs.categories)} categories: {least:.2f} CPU s (≤ 0.3)  {kept}",
        f"land in {len(pieces):,} pieces, {len(rows)} rows: {took:.2f} CPU s",
    ]
