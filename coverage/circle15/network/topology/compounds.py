"""Gated compounds: their ways, and which walks may enter and leave them.

Private ways belong to compounds (小区), and so do ways cut off when private ways are removed and
locked gates are shut: of each connected part of the network the longest remaining piece is the
street, and every other piece is enclosed. A compound is a set of such ways that are connected
without touching the street.

A walk from home under the rules of `[network] gated`:

open
    any ways.
residents
    first ways of one compound, if home lies in one, then the street. No walk enters a compound,
    so none passes through one, and facilities inside serve only its residents. On the way home it
    is the reverse. Residents open the gates of their compound; a locked gate with the street on
    both sides has no inside, so no walk passes it.
closed
    either ways of one compound, or the street. No walk passes a locked gate or leaves a compound:
    homes inside reach only facilities inside the same compound.

A gate that a scenario opens is a node like any other: walks enter and leave there under every rule.

Each rule allows a subset of the walks of the one before, with the same times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from circle15.network.walk_network import NO_WAY, WalkNetwork, node_components

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from circle15.arrays import Bools, Ints


Rule = Literal["open", "residents", "closed"]
RULES: Final[tuple[Rule, ...]] = ("open", "residents", "closed")
"""From the least to the most restrictive."""

PRIVATE: Final = frozenset({"private", "permit", "residents", "resident"})
"""
Values of `foot`, or without it of `access`, of the ways and gates of compounds.

Not `customers`, `destination` and `delivery`, which are open to visitors.
"""

_GATES: Final = frozenset(
    {
        "gate",
        "lift_gate",
        "swing_gate",
        "sliding_gate",
        "sliding_beam",
        "turnstile",
        "full-height_turnstile",
        "kissing_gate",
        "wicket_gate",
        "hampshire_gate",
        "entrance",
    }
)


def is_private(tags: Mapping[str, str]) -> bool:
    """Return whether a way is a private way of a compound."""
    return tags.get("foot", tags.get("access", "")) in PRIVATE


def is_locked(tags: Mapping[str, str]) -> bool:
    """
    Return whether a node is a gate that only residents open.

    `foot` overrides `access` and `locked`. Bollards and blocks can be walked around, whatever
    their tags.

    Examples
    --------
    >>> is_locked({"barrier": "gate", "access": "private"}), is_locked({"barrier": "gate"})
    (True, False)
    """
    if tags.get("barrier") not in _GATES:
        return False
    said = tags.get("foot")
    if said is None and tags.get("locked") == "yes":
        return True
    return (said or tags.get("access")) in PRIVATE | {"no"}


@dataclass(frozen=True)
class Compounds:
    """
    The compounds of a network.

    Attributes
    ----------
    network
        The network with all its ways.
    number : int64, shape (edges,)
        Number of the compound of each edge, from 1; 0 for the street.
    """

    network: WalkNetwork
    number: Ints

    @property
    def any(self) -> bool:
        """Whether there are ways or gates that a rule could close."""
        return bool(self.number.any()) or len(self.network.gates) > 0

    @property
    def count(self) -> int:
        """Number of compounds."""
        return int(self.number.max(initial=0))

    @property
    def length_m(self) -> float:
        """Length of the ways inside compounds, metres."""
        return float(self.network.length_m[self.number > 0].sum())

    def under(self, rule: Rule) -> WalkNetwork:
        """
        Return the network as it may be walked under a rule.

        Returns
        -------
        The same edges under the same indices. Where a compound touches the street, and at locked
        gates, nodes are split; the last `links` edges lead out of compounds and take no time.
        Points keep the edges that they joined on the whole network.
        """
        if rule == "open" or not self.any:
            return self.network
        network, m = self.network, len(self.network.u)
        ends, number = np.r_[network.u, network.v], np.r_[self.number, self.number]
        gate = _mask(len(network.x_m), network.gates)
        street = _mask(len(network.x_m), ends[number == 0])
        apart = gate[ends] & ((number == 0) | (rule == "closed"))
        opened = _mask(len(network.x_m), network.opened)
        inside = (number > 0) & street[ends] & ~apart & ~opened[ends]
        node = ends.copy()
        node[apart] = len(network.x_m) + np.arange(int(apart.sum()))
        doors, which = np.unique(
            np.column_stack([ends[inside], number[inside]]), axis=0, return_inverse=True
        )
        first_door = len(network.x_m) + int(apart.sum())
        node[inside] = first_door + which.ravel()
        origin = np.r_[np.arange(len(network.x_m)), ends[apart], doors[:, 0]]
        tail, head = np.empty(0, np.int64), np.empty(0, np.int64)
        if rule == "residents":
            tail, head = _links(doors[:, 0], first_door, gate, ends[apart])
        return _split(network, node.reshape(2, m), origin, np.stack([tail, head]))


def compounds_of(network: WalkNetwork) -> Compounds:
    """Find the compounds of a network."""
    inside = network.private | _enclosed(network)
    u, v, n = network.u, network.v, len(network.x_m)
    street = _mask(n, np.r_[u[~inside], v[~inside]])
    part = _apart(n, u[inside], v[inside], street)
    number = np.zeros(len(u), np.int64)
    number[inside] = np.unique(part, return_inverse=True)[1].ravel() + 1
    return Compounds(network, number)


def walked_network(network: WalkNetwork, rule: Rule) -> WalkNetwork:
    """Return a network as it may be walked under a rule of `[network] gated`."""
    return network if rule == "open" else compounds_of(network).under(rule)


def _enclosed(network: WalkNetwork) -> Bools:
    """Return a mask of the edges that are not private but cut off by private ways or gates."""
    enclosed = np.zeros(len(network.u), bool)
    public = np.flatnonzero(~network.private)
    if len(public) == len(network.u) and not len(network.gates):
        return enclosed
    gate = _mask(len(network.x_m), network.gates)
    piece = _apart(len(network.x_m), network.u[public], network.v[public], gate)
    piece = np.unique(piece, return_inverse=True)[1].ravel()
    length = np.bincount(piece, weights=network.length_m[public])
    whole = np.zeros(len(length), np.int64)
    whole[piece] = network.component[network.u[public]]
    order = np.lexsort((-length, whole))
    is_street = np.zeros(len(length), bool)
    is_street[order[np.diff(whole[order], prepend=-1) != 0]] = True
    enclosed[public] = ~is_street[piece]
    return enclosed


def _apart(n_nodes: int, u: Ints, v: Ints, cut: Bools) -> Ints:
    """Return the connected part of each edge, where edges do not join at the nodes `cut`."""
    ends = np.r_[u, v]
    alone = cut[ends]
    ends[alone] = n_nodes + np.arange(int(alone.sum()))
    part = node_components(n_nodes + int(alone.sum()), ends[: len(u)], ends[len(u) :])
    parts: Ints = part[ends[: len(u)]]
    return parts


def _mask(size: int, index: Ints) -> Bools:
    found = np.zeros(size, bool)
    found[index] = True
    return found


def _links(door: Ints, first: int, gate: Bools, apart: Ints) -> tuple[Ints, Ints]:
    """
    Return links from each door of a compound to the street: at a gate to each street edge.

    Parameters
    ----------
    door
        Node of each door; its copies inside are numbered from `first`.
    apart
        Nodes of the edge ends at gates, whose copies stand before those of the doors.
    """
    plain = np.flatnonzero(~gate[door])
    order = np.argsort(apart, kind="stable")
    gated = np.flatnonzero(gate[door])
    low = np.searchsorted(apart[order], door[gated], "left")
    count = np.searchsorted(apart[order], door[gated], "right") - low
    offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    outside = first - len(apart) + order[np.repeat(low, count) + offset]
    return first + np.r_[plain, np.repeat(gated, count)], np.r_[door[plain], outside]


def _split(network: WalkNetwork, ends: Ints, origin: Ints, links: Ints) -> WalkNetwork:
    """
    Give edges other ends, and add links.

    Parameters
    ----------
    ends, links : shape (2, edges), (2, links)
        First and last nodes.
    origin
        Original node of each node.
    """
    n = links.shape[1]

    def more(array: npt.NDArray[Any], value: object) -> npt.NDArray[Any]:
        return np.concatenate([array, np.full(n, value, array.dtype)])

    split = replace(
        network,
        x_m=network.x_m[origin],
        y_m=network.y_m[origin],
        u=np.r_[ends[0], links[0]],
        v=np.r_[ends[1], links[1]],
        length_m=more(network.length_m, 0),
        base_mm_fwd=more(network.base_mm_fwd, 0),
        base_mm_bwd=more(network.base_mm_bwd, NO_WAY),
        delay_ms_fwd=more(network.delay_ms_fwd, 0),
        delay_ms_bwd=more(network.delay_ms_bwd, 0),
        way_id=more(network.way_id, -1),
        way_pos=np.r_[network.way_pos, np.arange(n)],
        kind=more(network.kind, ""),
        private=np.r_[network.private, np.ones(n, bool)],
        snappable=np.r_[network.snappable, np.zeros(n, bool)],
        last_resort=None if network.last_resort is None else more(network.last_resort, False),  # noqa: FBT003 - the value of the new edges
        gates=np.empty(0, np.int64),
        links=n,
    )
    # Already computed for the whole network: copies lie where their nodes do.
    return split.knowing(exits=np.flatnonzero(_mask(len(network.x_m), network.exits)[origin]))
