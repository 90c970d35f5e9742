"""Isochrones of many facilities: what drawing costs in addition to the search."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from circle15.network.snapping import snap_to_network
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.graph import TravelNetwork, positions_at
from circle15.travel.served_areas.isochrones import Isochrones
from tests.bench.engines import CUTOFF_MS, SPEED
from tests.builders.rasters import raster_over

if TYPE_CHECKING:
    from circle15.results.records import StudyResult

CELL_M = 20.0


def isochrone_ms(result: StudyResult, rounds: int) -> tuple[float, float, int, int]:
    """
    Milliseconds per facility for one cutoff, beyond the search from it.

    Returns
    -------
    Median and largest of the rounds (each the mean over the facilities), number of facilities,
    and of cells of the raster.
    """
    network, sites = result.network, result.facilities
    graph = TravelNetwork.from_network(network).at_speed(SPEED)
    x, y = sites[c.X_M].to_numpy(), sites[c.Y_M].to_numpy()
    goals = positions_at(snap_to_network(x, y, network), SPEED)
    raster = raster_over(network.extent, network, cell_m=CELL_M)
    drawing = Isochrones(raster, network, graph, access_speed_m_s=SPEED)
    spent, drawn = [], 0
    for _ in range(rounds + 1):  # the first compiles
        begin = time.perf_counter()
        for _part in drawing._search(goals, CUTOFF_MS).stream(threads=1):
            pass
        searched = time.perf_counter() - begin
        begin = time.perf_counter()
        drawn = sum(1 for _ in drawing.each(goals, [CUTOFF_MS], threads=1))
        spent.append((time.perf_counter() - begin - searched) * 1000 / drawn)
    return median(spent[1:]), float(np.max(spent[1:])), drawn, len(raster)
