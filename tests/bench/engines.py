"""Compare the searches with those of others on one network: interleaved rounds, equal results."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from circle15.travel.engine.catchments import CatchmentSearch
from circle15.travel.engine.graph import Positions
from circle15.travel.engine.search import NearestIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from tests.bench.mosaics import Plain

    Ints = npt.NDArray[np.int64]

SPEED = Fraction(4, 3)
CUTOFF_MS = 900_000


@dataclass
class Timed:
    """Seconds of the rounds of one engine on one task, scaled to all facilities."""

    engine: str
    task: str
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)

    def line(self, ours: Timed) -> str:
        ratio = self.median / ours.median
        low, high = min(self.seconds), max(self.seconds)
        spread = f"({low * 1000:.1f}–{high * 1000:.1f})"
        return f"{self.engine:<26}{self.median * 1000:10.1f} ms {spread:<20}{ratio:7.1f}×"


class Setting:
    """One network with facilities at nodes, prepared for every engine."""

    def __init__(self, plain: Plain, n_facilities: int, *, with_networkx: bool) -> None:
        self.plain = plain
        rng = np.random.default_rng(15)
        self.sites = np.sort(rng.choice(plain.n_nodes, n_facilities, replace=False))
        begin = time.perf_counter()
        self.graph = plain.travel().at_speed(SPEED)
        self.graph.towards  # noqa: B018 - built once, before the rounds
        self.build_s = time.perf_counter() - begin
        every = np.arange(plain.n_nodes)
        self.nodes = at_nodes(plain, every)
        self.goals = at_nodes(plain, self.sites)
        closed = np.zeros(n_facilities, bool)
        self.index_arguments = (self.graph, self.nodes, self.goals, closed)
        self.ms = self.graph.ms_fwd
        self.matrix = _matrix(plain, self.ms)
        self.with_networkx = with_networkx
        self.nx_graph: nx.Graph[int] = _networkx(plain, self.ms) if with_networkx else nx.Graph()

    def nearest_ours(self) -> tuple[float, Ints]:
        index = NearestIndex(*self.index_arguments, horizon_ms=CUTOFF_MS)
        begin = time.perf_counter()
        index.open(*range(len(self.sites)))
        found = index.nearest()
        return time.perf_counter() - begin, found.time_ms

    def nearest_scipy(self) -> tuple[float, Ints]:
        begin = time.perf_counter()
        found = dijkstra(self.matrix, indices=self.sites, min_only=True, limit=float(CUTOFF_MS))
        seconds = time.perf_counter() - begin
        return seconds, np.where(np.isfinite(found), found, -1).astype(np.int64)

    def nearest_networkx(self) -> tuple[float, Ints]:
        begin = time.perf_counter()
        found = nx.multi_source_dijkstra_path_length(
            self.nx_graph, set(self.sites.tolist()), cutoff=CUTOFF_MS, weight="ms"
        )
        seconds = time.perf_counter() - begin
        times = np.full(self.plain.n_nodes, -1, np.int64)
        times[list(found)] = list(found.values())
        return seconds, times

    def catchments_ours(self, threads: int = 1) -> tuple[float, Ints]:
        search = CatchmentSearch(self.graph, self.nodes, self.goals, cutoff_ms=CUTOFF_MS)
        begin = time.perf_counter()
        counts = np.zeros(len(self.sites), np.int64)
        for part in search.stream(threads=threads):
            counts[part.destinations] = np.diff(part.offsets)
        return time.perf_counter() - begin, counts

    def catchments_scipy(self, some: Ints) -> tuple[float, Ints]:
        begin = time.perf_counter()
        counts = []
        for first in range(0, len(some), 32):
            sites = self.sites[some[first : first + 32]]
            found = dijkstra(self.matrix, indices=sites, limit=float(CUTOFF_MS))
            counts += [int(np.isfinite(row).sum()) for row in found]
        seconds = time.perf_counter() - begin
        return seconds * len(self.sites) / len(some), np.array(counts)

    def catchments_networkx(self, some: Ints) -> tuple[float, Ints]:
        begin = time.perf_counter()
        counts = [
            len(
                nx.single_source_dijkstra_path_length(
                    self.nx_graph, s, cutoff=CUTOFF_MS, weight="ms"
                )
            )
            for s in self.sites[some].tolist()
        ]
        seconds = time.perf_counter() - begin
        return seconds * len(self.sites) / len(some), np.array(counts)

    def catchments_ego(self, some: Ints) -> tuple[float, Ints]:
        """The recipe of OSMnx's isochrone example: an ego graph per facility."""
        begin = time.perf_counter()
        counts = [
            len(nx.ego_graph(self.nx_graph, s, radius=CUTOFF_MS, distance="ms"))
            for s in self.sites[some].tolist()
        ]
        seconds = time.perf_counter() - begin
        return seconds * len(self.sites) / len(some), np.array(counts)


def at_nodes(plain: Plain, nodes: Ints) -> Positions:
    """Positions at nodes, without access legs."""
    edge = np.zeros(plain.n_nodes, np.int64)
    fraction = np.zeros(plain.n_nodes)
    edge[plain.v], fraction[plain.v] = np.arange(len(plain.v)), 1.0
    edge[plain.u], fraction[plain.u] = np.arange(len(plain.u)), 0.0
    return Positions(edge[nodes], fraction[nodes], np.zeros(len(nodes), np.int64))


def _matrix(plain: Plain, ms: Ints) -> csr_array:
    """Both directions; of parallel edges the shortest (a sparse matrix would add them)."""
    tail, head, both = np.r_[plain.u, plain.v], np.r_[plain.v, plain.u], np.r_[ms, ms]
    order = np.lexsort((both, head, tail))
    tail, head, both = tail[order], head[order], both[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    pointer = np.searchsorted(tail[first], np.arange(plain.n_nodes + 1))
    data = (both[first].astype(np.float64), head[first].astype(np.int32), pointer.astype(np.int32))
    return csr_array(data, shape=(plain.n_nodes, plain.n_nodes))


def _networkx(plain: Plain, ms: Ints) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    matrix = _matrix(plain, ms).tocoo()
    graph.add_weighted_edges_from(
        zip(
            matrix.row.tolist(), matrix.col.tolist(), matrix.data.astype(int).tolist(), strict=True
        ),
        weight="ms",
    )
    return graph


def compare(setting: Setting, rounds: int, sample: int) -> list[tuple[Timed, Timed]]:
    """
    Time every engine in interleaved rounds; results must be equal in each.

    Returns
    -------
    Each engine's times with ours for the same task.
    """
    rng = np.random.default_rng(1)
    some = np.sort(rng.choice(len(setting.sites), min(sample, len(setting.sites)), replace=False))
    many = np.sort(
        rng.choice(len(setting.sites), min(3 * sample, len(setting.sites)), replace=False)
    )
    tasks: dict[str, dict[str, Callable[[], tuple[float, Ints]]]] = {
        "nearest": {"circle15": setting.nearest_ours, "scipy": setting.nearest_scipy},
        "catchments": {
            "circle15": setting.catchments_ours,
            "scipy": lambda: setting.catchments_scipy(some),
        },
    }
    if setting.with_networkx:
        tasks["nearest"]["networkx"] = setting.nearest_networkx
        tasks["catchments"]["networkx"] = lambda: setting.catchments_networkx(many)
        tasks["catchments"]["OSMnx recipe (ego graph)"] = lambda: setting.catchments_ego(many)
    setting.nearest_ours(), setting.catchments_ours()  # compile
    timed = {t: {e: Timed(e, t) for e in engines} for t, engines in tasks.items()}
    for _ in range(rounds):
        for task, engines in tasks.items():
            truth: Ints | None = None
            for engine, run in engines.items():
                seconds, found = run()
                timed[task][engine].seconds.append(seconds)
                if truth is None:
                    truth = found
                    continue
                taken = {len(some): some, len(many): many}.get(len(found))
                part = truth if taken is None else truth[taken]
                if not np.array_equal(part, found):
                    msg = f"{engine} and circle15 differ on {task}"
                    raise AssertionError(msg)
    return [
        (one, timed[task]["circle15"]) for task, found in timed.items() for one in found.values()
    ]
