"""A province on one laptop: 4.5 million nodes, 5,000 facilities, 1.5 million demand points."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.supply.floating import Walking, floating_catchment
from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.graph import Positions
from circle15.travel.engine.search import nearest
from tests.bench.engines import CUTOFF_MS, SPEED

if TYPE_CHECKING:
    from tests.bench.mosaics import Plain


@dataclass
class Province:
    """Seconds by step, and the peak of memory so far."""

    nodes: int
    seconds: dict[str, float] = field(default_factory=dict)
    threads: dict[int, float] = field(default_factory=dict)
    peak_gb: float = 0.0

    @property
    def total(self) -> float:
        """Nearest, catchments and one 2SFCA pass together."""
        return sum(self.seconds[key] for key in ("nearest", "catchments", "2SFCA"))


def on_edges(plain: Plain, n: int, seed: int) -> Positions:
    """Random points on edges, without access legs."""
    rng = np.random.default_rng(seed)
    edge = np.sort(rng.integers(0, len(plain.u), n))
    return Positions(edge, rng.random(n), np.zeros(n, np.int64))


def run_province(plain: Plain, n_sites: int, n_homes: int) -> Province:
    """Time the steps of a province, each once after a small warm-up."""
    found = Province(plain.n_nodes)
    begin = time.perf_counter()
    graph = plain.travel().at_speed(SPEED)
    graph.towards  # noqa: B018 - part of the loading
    graph.chain_sides  # noqa: B018
    found.seconds["loading"] = time.perf_counter() - begin
    homes, sites = on_edges(plain, n_homes, 1), on_edges(plain, n_sites, 2)
    few = np.arange(5)
    list(CatchmentSearch(graph, homes.take(few), sites.take(few), cutoff_ms=CUTOFF_MS).stream())
    nearest(graph, homes.take(few), sites.take(few), horizon_ms=CUTOFF_MS)

    begin = time.perf_counter()
    nearest(graph, homes, sites, horizon_ms=CUTOFF_MS)
    found.seconds["nearest"] = time.perf_counter() - begin

    begin = time.perf_counter()
    search = CatchmentSearch(graph, homes, sites, cutoff_ms=CUTOFF_MS)
    pairs = sum(len(part.points) for part in search.stream())
    found.seconds["catchments"] = time.perf_counter() - begin
    found.seconds["million pairs"] = pairs / 1e6

    weights = np.full(n_homes, 1_500_000, np.int64)
    begin = time.perf_counter()
    floating_catchment([Walking(search, weights)], np.full(n_sites, 100.0))
    found.seconds["2SFCA"] = time.perf_counter() - begin

    many = CatchmentSearch(graph, homes, on_edges(plain, 20_000, 3), cutoff_ms=CUTOFF_MS)
    for _ in range(2):
        for threads in (1, 2):
            begin = time.perf_counter()
            for _part in many.stream(threads=threads):
                pass
            spent = time.perf_counter() - begin
            found.threads[threads] = min(found.threads.get(threads, np.inf), spent)
    found.peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return found
