"""Catchments: the origins within the cutoff of each destination, streamed, never as a matrix."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.study.limits import IN_REACH
from circle15.travel.engine.kernels import NONE, SHIFT, catchments_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from circle15.arrays import Ints
    from circle15.travel.engine.graph import Placed, Positions, TravelGraph


CHUNK = 128
"""Most destinations that a thread processes at a time."""
WAITING = 4_000_000
"""Most origins in all catchments of such a chunk, so that what waits to be used stays small."""


@dataclass(frozen=True)
class Reached:
    """
    Catchments of some destinations, concatenated.

    Attributes
    ----------
    destinations : int64, shape (n,)
        Rows of the destinations.
    offsets : int64, shape (n + 1,)
        Start of each catchment in `points` and `ms`.
    points, ms : int32
        Rows of the origins in reach, and their times, milliseconds.
    """

    destinations: Ints
    offsets: Ints
    points: npt.NDArray[np.int32]
    ms: npt.NDArray[np.int32]


class _Workspace:
    """The arrays of one thread, reused for every chunk and enlarged when too short."""

    def __init__(self, n_core: int, cutoff_ms: int) -> None:
        self.time = np.full(n_core, NONE, np.int32)
        self.touched = np.empty(max(n_core, 1), np.int32)
        self.bucket = np.full((cutoff_ms >> SHIFT) + 1, -1, np.int32)
        self.grow_pool(1 << 14)
        self.grow_out(1 << 16)

    def grow_pool(self, capacity: int) -> None:
        self.link, self.entry = np.empty(capacity, np.int32), np.empty(capacity, np.int32)

    def grow_out(self, capacity: int) -> None:
        self.point, self.ms = np.empty(capacity, np.int32), np.empty(capacity, np.int32)

    def arrays(self) -> tuple[Any, ...]:
        return self.time, self.touched, self.bucket, self.link, self.entry


@dataclass(frozen=True)
class _OnChains:
    """Origins in the order of the chains of a graph, as the kernels take them."""

    points: tuple[Any, ...]
    own: tuple[npt.NDArray[Any], ...]


class Origins:
    """Origins of several searches, which are located on each network only once."""

    def __init__(self, positions: Positions) -> None:
        self.positions = positions
        self._on: dict[int, tuple[TravelGraph, _OnChains]] = {}

    def __len__(self) -> int:
        return len(self.positions)

    def on(self, graph: TravelGraph) -> _OnChains:
        """Return the origins on the chains of a network."""
        if id(graph) not in self._on:
            # The graph is kept, so that no other gets its number.
            self._on[id(graph)] = graph, _on_chains(graph, self.positions)
        return self._on[id(graph)][1]


class CatchmentSearch:
    """
    Searches from destinations to the origins around them, at one speed and cutoff.

    Parameters
    ----------
    graph
        The network at that speed.
    origins, destinations
        Points on the network; those that have not joined it are in no catchment and have none.
    cutoff_ms
        Longest time, milliseconds, inclusive.
    """

    def __init__(
        self,
        graph: TravelGraph,
        origins: Positions | Origins,
        destinations: Positions,
        *,
        cutoff_ms: int,
    ) -> None:
        homes = (origins if isinstance(origins, Origins) else Origins(origins)).on(graph)
        goals = graph.place(destinations)
        self.graph = graph
        self.cutoff_ms = cutoff_ms
        self.n_origins, self.n_destinations = len(origins), len(destinations)
        self.goal_rows = goals.row
        chains = graph.chains
        self.points, self.own = homes.points, homes.own
        self.goals = _goal_arrays(goals)
        self.seeds = (
            goals.chain,
            chains.first[goals.chain],
            goals.from_first + goals.access,
            chains.last[goals.chain],
            goals.from_last + goals.access,
        )
        arcs = graph.towards
        self.arcs = (arcs.pointer, arcs.head, arcs.ms)
        self.chains = (
            chains.first,
            chains.last,
            graph.on_before,
            graph.back_before,
            graph.on_ms,
            graph.back_ms,
        )
        # Junctions are numbered along a Hilbert curve, so neighbours are searched in succession.
        self.order = np.argsort(chains.first[goals.chain], kind="stable")

    def stream(self, *, threads: int | None = None) -> Iterator[Reached]:
        """
        Yield the catchments of all destinations, a chunk at a time.

        Parameters
        ----------
        threads
            Number of threads; by default one per processor. The result does not depend on it.

        Raises
        ------
        InputDataError
            If there are more pairs of destinations and origins in reach than the limit.
        """
        pairs = 0
        for part in self._parts(threads):
            pairs += len(part.points)
            if pairs > IN_REACH.most:
                found = f"too many homes are within reach of {self.n_destinations:,} sites"
                raise IN_REACH.fault(found, file=None)
            yield part

    def _parts(self, threads: int | None) -> Iterator[Reached]:
        workers = threads or os.cpu_count() or 1
        begins = range(0, len(self.order), self._step)
        if workers == 1 or len(begins) < 2:
            work = self._workspace()
            for begin in begins:
                yield from self._chunk(begin, work)
            return
        free: SimpleQueue[_Workspace] = SimpleQueue()
        for _ in range(workers):
            free.put(self._workspace())

        def task(begin: int) -> list[Reached]:
            work = free.get()
            try:
                return list(self._chunk(begin, work))
            finally:
                free.put(work)

        with ThreadPoolExecutor(workers) as pool:
            waiting: deque[Future[list[Reached]]] = deque()
            for begin in begins:
                waiting.append(pool.submit(task, begin))
                if len(waiting) > 2 * workers:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()

    @property
    def _step(self) -> int:
        return max(1, min(CHUNK, WAITING // max(self.n_origins, 1)))

    def _workspace(self) -> _Workspace:
        return _Workspace(self.graph.chains.n_core, self.cutoff_ms)

    def _chunk(self, begin: int, work: _Workspace) -> Iterator[Reached]:
        """Search a chunk; where an array is too short, continue with a longer one."""
        end = min(begin + self._step, len(self.order))
        while begin < end:
            offsets = np.empty(end - begin + 1, np.int64)
            done, short = catchments_of(
                begin,
                end,
                self.order,
                self.seeds,
                self.arcs,
                self.chains,
                self.points,
                self.own,
                self.goals,
                self.cutoff_ms,
                work.arrays(),
                (work.point, work.ms),
                offsets,
            )
            if done:
                used = offsets[done]
                yield Reached(
                    self.goal_rows[self.order[begin : begin + done]],
                    offsets[: done + 1],
                    work.point[:used].copy(),
                    work.ms[:used].copy(),
                )
            begin += done
            if short == 1:
                work.grow_pool(2 * len(work.link))
            elif short == 2 and (not done or len(work.point) < WAITING):
                # A catchment that does not fit any more is searched again.
                work.grow_out(2 * len(work.point))


def _on_chains(graph: TravelGraph, origins: Positions) -> _OnChains:
    homes = graph.place(origins)
    by_chain = np.argsort(homes.chain, kind="stable")
    pointer = np.searchsorted(homes.chain[by_chain], np.arange(len(graph.chains.first) + 1))
    columns = (homes.row, homes.to_first, homes.to_last, homes.access)
    point = np.column_stack([_narrow(column[by_chain]) for column in columns])
    return _OnChains(
        (pointer, point, *_sides_with_points(graph, pointer)),
        tuple(array[by_chain] for array in _own_chain_arrays(homes)),
    )


def _sides_with_points(graph: TravelGraph, pointer: Ints) -> tuple[Ints, npt.NDArray[np.int32]]:
    """
    Select the chains with points at each junction; `pointer` is the start of each chain's points.

    Returns
    -------
    Start of the sides of each junction; per side the columns named in `look_at_points`.
    """
    start, chain, other, begins = graph.chain_sides
    low, high = pointer[chain], pointer[chain + 1]
    peopled = low < high
    sides = np.column_stack([low, high, other, begins])[peopled].astype(np.int32)
    return np.r_[0, np.cumsum(peopled)][start], sides


def _narrow(ms: Ints) -> npt.NDArray[np.int32]:
    """Return times as int32 for speed; closed directions stay beyond every cutoff."""
    return np.minimum(ms, NONE // 2).astype(np.int32)


def _own_chain_arrays(homes: Placed) -> tuple[npt.NDArray[Any], ...]:
    return homes.order, homes.along, homes.on_in, homes.on_out, homes.back_in, homes.back_out


def _goal_arrays(goals: Placed) -> tuple[npt.NDArray[Any], ...]:
    return (
        goals.order,
        goals.along,
        goals.on_in,
        goals.on_out,
        goals.back_in,
        goals.back_out,
        goals.access,
    )
