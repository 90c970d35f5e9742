"""
The oracle's gated compounds: which edge may follow which, and searches that check it at each step.

The network is not changed. A walker is at an end of an edge; whether the next edge at that node
may follow is decided by the rule alone, from the compounds of both edges and the gate.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Sequence
from fractions import Fraction

import networkx as nx

from tests.oracle.oracle_network import Edge, Node, OracleNetwork
from tests.oracle.oracle_times import Place, along_ms, edge_ms, split_ms, walk_ms

PRIVATE = {"private", "permit", "residents", "resident"}


def compounds(
    network: OracleNetwork, private: Collection[int], locked: Collection[Node]
) -> list[int]:
    """
    Compound of each edge; 0 of the street.

    In each connected part of the network, the street is the longest component that is left without
    private edges and with the locked gates shut.
    """
    edges = network.edges
    whole: nx.Graph[Node] = nx.Graph((e.u, e.v) for e in edges)
    left: nx.Graph[Node] = nx.Graph()
    for k, e in enumerate(edges):
        left.add_edges_from(
            (("edge", k), n if n not in locked else ("shut", n, k, side))
            for side, n in enumerate((e.u, e.v))
            if k not in private
        )
    pieces = [
        sorted(
            k
            for kind, k in (
                n for n in part if isinstance(n, tuple) and n[0] == "edge" and len(n) == 2
            )
        )
        for part in nx.connected_components(left)
    ]
    street: set[int] = set()
    for part in nx.connected_components(whole):
        mine = [p for p in pieces if edges[p[0]].u in part]
        if mine:
            street |= set(max(mine, key=lambda p: sum(edges[k].length_m for k in p)))
    on_street = {n for k in street for n in (edges[k].u, edges[k].v)}
    inside: nx.Graph[Node] = nx.Graph()
    for k, e in enumerate(edges):
        if k not in street:
            inside.add_node(("edge", k))
            inside.add_edges_from((("edge", k), n) for n in (e.u, e.v) if n not in on_street)
    number = [0] * len(edges)
    for place, part in enumerate(nx.connected_components(inside), 1):
        for node in part:
            if isinstance(node, tuple) and node[0] == "edge":
                number[node[1]] = place
    return number


def may_follow(rule: str, first: int, second: int, *, locked: bool) -> bool:
    """On the way out: whether an edge of the second compound may follow one of the first."""
    if rule == "open":
        return True
    if rule == "closed":
        return first == second and not locked
    if first == 0 == second:
        return not locked
    return second in {first, 0}


def times_to(
    homes: Sequence[Place],
    site: Place,
    network: OracleNetwork,
    speed: Fraction,
    rule: str,
    private: Collection[int],
    locked: Collection[Node],
    *,
    homeward: bool = False,
) -> list[int | None]:
    """Milliseconds from each home to a site, or from the site to each home; None: no way."""
    number = compounds(network, private, locked)
    at: dict[Node, list[int]] = defaultdict(list)
    for k, e in enumerate(network.edges):
        for node in {e.u, e.v}:
            at[node].append(k)

    def fits(here: int, then: int, node: Node) -> bool:
        a, b = (number[then], number[here]) if homeward else (number[here], number[then])
        return may_follow(rule, a, b, locked=node in locked)

    return [
        _between(network, at, fits, *((site, home) if homeward else (home, site)), speed)
        for home in homes
    ]


def _sides(edge: Edge, speed: Fraction) -> list[tuple[Node, Node, int | None, bool]]:
    """Both directions of an edge: from, to, milliseconds, and whether it runs from u to v."""
    forward, backward = edge_ms(edge, speed)
    return [(edge.u, edge.v, forward, True), (edge.v, edge.u, backward, False)]


def _between(network, at, fits, start: Place, end: Place, speed: Fraction) -> int | None:
    if isinstance(start.snap, str) or isinstance(end.snap, str):
        return None
    a, b = start.snap, end.snap
    legs = walk_ms(a.access_mm, speed) + walk_ms(b.access_mm, speed)
    found = []
    if a.edge == b.edge:
        direct = along_ms(network.edges[a.edge], a.fraction, b.fraction, speed)
        found += [] if direct is None else [legs + direct]
    best: dict[tuple[int, Node], int] = {}
    queue: list[tuple[int, int, int, Node]] = []
    count = 0
    for _, head, ms, forward in _sides(network.edges[a.edge], speed):
        if ms is not None:
            part = split_ms(a.fraction, ms)
            heapq.heappush(queue, (ms - part if forward else part, count, a.edge, head))
            count += 1
    while queue:
        now, _, k, node = heapq.heappop(queue)
        if (k, node) in best:
            continue
        best[k, node] = now
        for then in at[node]:
            if not fits(k, then, node):
                continue
            for tail, head, ms, forward in _sides(network.edges[then], speed):
                if tail != node or ms is None:
                    continue
                if then == b.edge:
                    part = split_ms(b.fraction, ms)
                    found.append(legs + now + (part if forward else ms - part))
                count += 1
                heapq.heappush(queue, (now + ms, count, then, head))
    return min(found, default=None)
