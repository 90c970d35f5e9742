"""Lower bound of the cost of the search: the same relaxations again, without a queue."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.network.compiled import compiled
from circle15.travel.engine.chains import Chains, hilbert_index
from circle15.travel.engine.graph import TravelGraph, TravelNetwork
from circle15.travel.engine.kernels import NONE, SHIFT, reach_of
from tests.bench.engines import CUTOFF_MS, SPEED, at_nodes

if TYPE_CHECKING:
    import numpy.typing as npt

    from tests.bench.mosaics import Plain

    Ints = npt.NDArray[np.int64]


@compiled
def search_all(arcs: Any, seeds: Any, order: Any, work: Any) -> Any:
    """Search from every site and forget the result; return the number of junctions settled."""
    pointer, head, ms = arcs
    first, from_first, last, from_last = seeds
    time_ms, touched, bucket, link, entry = work
    settled = 0
    for k in order:
        count = reach_of(
            pointer,
            head,
            ms,
            first[k],
            from_first[k],
            last[k],
            from_last[k],
            CUTOFF_MS,
            time_ms,
            touched,
            bucket,
            link,
            entry,
        )
        for t in range(count):
            time_ms[touched[t]] = NONE
        settled += count
    return settled


@compiled
def replay_all(arcs: Any, settled: Any, offsets: Any, known: Any, time_ms: Any) -> Any:
    """Relax the arcs of the settled junctions of every site in their order: no queue at all."""
    pointer, head, ms = arcs
    relaxed = 0
    for k in range(len(offsets) - 1):
        for i in range(offsets[k], offsets[k + 1]):
            time_ms[settled[i]] = known[i]
        for i in range(offsets[k], offsets[k + 1]):
            node = settled[i]
            now = time_ms[node]
            for arc in range(pointer[node], pointer[node + 1]):
                longer = now + ms[arc]
                if longer < time_ms[head[arc]]:
                    relaxed += 1
        for i in range(offsets[k], offsets[k + 1]):
            time_ms[settled[i]] = NONE
    return relaxed


def uncontracted(plain: Plain) -> TravelNetwork:
    """The same network with every node a junction: what contraction is compared with."""
    n, edges = plain.n_nodes, np.arange(len(plain.u))
    number = np.empty(n, np.int64)
    number[np.argsort(hilbert_index(plain.x_m, plain.y_m), kind="stable")] = np.arange(n)
    chains = Chains(
        n_core=n,
        first=number[plain.u],
        last=number[plain.v],
        start=np.arange(len(plain.u) + 1),
        edges=edges,
        chain=edges,
        order=edges,
        reversed=np.zeros(len(plain.u), bool),
    )
    zero = np.zeros(len(plain.u), np.int64)
    return TravelNetwork(chains, plain.base_mm, plain.base_mm, zero, zero)


@dataclass(frozen=True)
class SearchCost:
    """Seconds and junctions of bounded searches from every facility, and of their replay."""

    seconds: float
    settled: int
    floor_s: float

    def per(self, nodes: int) -> float:
        """Nanoseconds for each of some number of nodes."""
        return self.seconds * 1e9 / nodes


def search_cost(graph: TravelGraph, plain: Plain, sites: Ints, rounds: int) -> SearchCost:
    """Time the bounded search alone, from every site, and the replay of what it settled."""
    goals = graph.place(at_nodes(plain, sites))
    chains = graph.chains
    arcs = (graph.towards.pointer, graph.towards.head, graph.towards.ms)
    seeds = (chains.first[goals.chain], goals.from_first, chains.last[goals.chain], goals.from_last)
    order = np.argsort(seeds[0], kind="stable")
    work = (
        np.full(chains.n_core, NONE, np.int32),
        np.empty(chains.n_core, np.int32),
        np.full((CUTOFF_MS >> SHIFT) + 1, -1, np.int32),
        np.empty(1 << 18, np.int32),
        np.empty(1 << 18, np.int32),
    )
    settled, offsets, known = _settled(arcs, seeds, order, work)
    seconds, floors = [], []
    for _ in range(rounds + 1):  # the first compiles
        begin = time.perf_counter()
        search_all(arcs, seeds, order, work)
        seconds.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        replay_all(arcs, settled, offsets, known, work[0])
        floors.append(time.perf_counter() - begin)
    return SearchCost(median(seconds[1:]), len(settled), median(floors[1:]))


def _settled(arcs: Any, seeds: Any, order: Ints, work: Any) -> tuple[Ints, Ints, Ints]:
    """Junctions that each search settles, in the order of their times, and these times."""
    rows, known, offsets = [], [], [0]
    time_ms, touched = work[:2]
    for k in order.tolist():
        ends = [seed[k] for seed in seeds]
        count = reach_of(*arcs, *ends, CUTOFF_MS, *work)
        reached = touched[:count].copy()
        by_time = reached[np.argsort(time_ms[reached], kind="stable")]
        rows.append(by_time)
        known.append(time_ms[by_time])
        offsets.append(offsets[-1] + count)
        time_ms[reached] = NONE
    return np.concatenate(rows), np.array(offsets), np.concatenate(known)


def both_costs(plain: Plain, n_sites: int, rounds: int) -> tuple[SearchCost, SearchCost]:
    """Cost with chains contracted, and without, from the same sites."""
    sites = np.sort(np.random.default_rng(15).choice(plain.n_nodes, n_sites, replace=False))
    contracted, plainly = plain.travel().at_speed(SPEED), uncontracted(plain).at_speed(SPEED)
    return (
        search_cost(contracted, plain, sites, rounds),
        search_cost(plainly, plain, sites, rounds),
    )
