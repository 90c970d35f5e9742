"""Compiled search of the best destination on each point's own chain, without going round."""

# mypy: disable-error-code="no-untyped-def, assignment"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types; the docstrings give shapes and units.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.network.compiled import compiled
from circle15.travel.engine.kernels import FAR

if TYPE_CHECKING:
    from circle15.arrays import Bools, Ints
    from circle15.travel.engine.graph import Placed, TravelGraph


class OwnChains:
    """
    Points and destinations in the order in which they lie on their chains.

    Time and memory grow with the points and destinations, not with their pairs: any number of them
    may lie on one street.

    Parameters
    ----------
    homes
        Points, in the order of the chains of the graph (`in_order`).
    goals
        Destinations, located on these chains.
    """

    def __init__(self, graph: TravelGraph, homes: tuple[Any, ...], goals: Placed) -> None:
        self._homes, self._goals = homes, in_order(goals)
        self._chains = (graph.on_before, graph.back_before, graph.on_ms, graph.back_ms)

    def improve(self, best: Ints, is_open: Bools, bits: int) -> None:
        """
        Lower the key of each point to that of the best open destination along its own chain.

        Parameters
        ----------
        best : int64, shape (points,)
            Keys `milliseconds · 2ᵇⁱᵗˢ + rank`, without the points' own access legs; changed in
            place.
        is_open : bool, shape (destinations,)
            Whether each destination may be used.
        """
        for improved in (improve_ahead, improve_behind):
            improved(self._homes, self._goals, self._chains, is_open, bits, best)


def in_order(points: Placed) -> tuple[Any, ...]:
    """Return points as `improve_ahead` takes them: in the order of their chains."""
    order = np.lexsort((points.along, points.order))
    return (
        order,
        points.chain[order],
        points.order[order],
        points.along[order],
        points.on_in[order],
        points.on_out[order],
        points.back_in[order],
        points.back_out[order],
        points.access[order],
    )


@compiled
def improve_ahead(homes, goals, chains, is_open, bits, best):
    """
    Lower `best` to the keys of destinations further along each point's own chain.

    The best of the destinations ahead is the same for all points before them: a time is the sum of
    a part of the point and a part of the destination. So all are passed once, from the end.

    Parameters
    ----------
    homes, goals
        In the order of the chains: number, chain, order, along, on_in, on_out, back_in, back_out,
        access.
    chains
        on_before, back_before, on_ms, back_ms.
    is_open : bool, shape (goals,)
        By number.
    """
    on_before, _, on_ms, _ = chains
    h_number, h_chain, h_order, h_along, h_on_in, h_on_out, _, _, _ = homes
    g_number, g_chain, g_order, g_along, g_on_in, _, _, _, g_access = goals
    # The best on later edges (`far`), and the best on the same edge (`near`).
    far, far_rank, far_chain, f = FAR, -1, -1, len(g_number) - 1
    near, near_rank, near_edge, n = FAR, -1, -1, len(g_number) - 1
    for i in range(len(h_number) - 1, -1, -1):
        a = h_order[i]
        while f >= 0 and g_order[f] > a:
            if is_open[g_number[f]]:
                ms = on_before[g_order[f]] + g_on_in[f] + g_access[f]
                if g_chain[f] != far_chain or is_better(ms, g_number[f], far, far_rank):
                    far, far_rank, far_chain = ms, g_number[f], g_chain[f]
            f -= 1
        if far_chain == h_chain[i]:
            lower_key(best, h_number[i], h_on_out[i] - on_before[a + 1] + far, far_rank, bits)
        while n >= 0 and (g_order[n] > a or (g_order[n] == a and g_along[n] > h_along[i])):
            if is_open[g_number[n]]:
                ms = g_on_in[n] + g_access[n]
                if g_order[n] != near_edge or is_better(ms, g_number[n], near, near_rank):
                    near, near_rank, near_edge = ms, g_number[n], g_order[n]
            n -= 1
        if near_edge == a and on_ms[a] < FAR:
            lower_key(best, h_number[i], near - h_on_in[i], near_rank, bits)


@compiled
def improve_behind(homes, goals, chains, is_open, bits, best):
    """Lower `best` to the keys of destinations in the same place or before, as `improve_ahead`."""
    _, back_before, _, back_ms = chains
    h_number, h_chain, h_order, h_along, _, _, h_back_in, h_back_out, _ = homes
    g_number, g_chain, g_order, g_along, _, _, g_back_in, _, g_access = goals
    last = len(g_number) - 1
    far, far_rank, far_chain, f = FAR, -1, -1, 0
    near, near_rank, near_edge, n = FAR, -1, -1, 0
    same, same_rank = FAR, -1
    for i in range(len(h_number)):
        a = h_order[i]
        while f <= last and g_order[f] < a:
            if is_open[g_number[f]]:
                ms = g_back_in[f] + g_access[f] - back_before[g_order[f] + 1]
                if g_chain[f] != far_chain or is_better(ms, g_number[f], far, far_rank):
                    far, far_rank, far_chain = ms, g_number[f], g_chain[f]
            f += 1
        if far_chain == h_chain[i]:
            lower_key(best, h_number[i], h_back_out[i] + back_before[a] + far, far_rank, bits)
        while n <= last and (g_order[n] < a or (g_order[n] == a and g_along[n] < h_along[i])):
            if is_open[g_number[n]]:
                ms = g_back_in[n] + g_access[n]
                if g_order[n] != near_edge or is_better(ms, g_number[n], near, near_rank):
                    near, near_rank, near_edge = ms, g_number[n], g_order[n]
            n += 1
        if near_edge == a and back_ms[a] < FAR:
            lower_key(best, h_number[i], near - h_back_in[i], near_rank, bits)
        if i == 0 or h_order[i - 1] != a or h_along[i - 1] != h_along[i]:
            same, same_rank = best_here(goals, n, a, h_along[i], is_open)
        if same_rank >= 0:
            lower_key(best, h_number[i], same, same_rank, bits)


@compiled
def best_here(goals, k, edge, along, is_open):
    """Return the leg and rank of the best of the destinations in one place, from index `k` on."""
    g_number, _, g_order, g_along, _, _, _, _, g_access = goals
    ms, rank = FAR, -1
    while k < len(g_number) and g_order[k] == edge and g_along[k] == along:
        if is_open[g_number[k]] and is_better(g_access[k], g_number[k], ms, rank):
            ms, rank = g_access[k], g_number[k]
        k += 1
    return ms, rank


@compiled
def is_better(ms, rank, than_ms, than_rank):
    """Return whether a time is shorter, or as long with a smaller rank."""
    return ms < than_ms or (ms == than_ms and rank < than_rank)


@compiled
def lower_key(best, i, ms, rank, bits):
    """Lower a key; times from `FAR` on are of no use."""
    if ms < FAR:
        best[i] = min(best[i], (ms << bits) + rank)
