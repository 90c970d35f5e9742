"""
Walkable areas: closed ways, and multipolygon relations with several rings and holes.

Sources: OSM wiki, Key:area and Relation:multipolygon.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.osm.osm_objects import NotUsed, Relation, Ring, Square, Unused, Way
from circle15.network.osm.walk_filter import decide, is_area, is_looked_at
from circle15.study.limits import SQUARE_NODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from circle15.arrays import Bools, Ints


MULTIPOLYGON: Final = "multipolygon"
_SAYS_NOTHING: Final = frozenset({"type", "name", "source", "note", "fixme", "created_by"})
"""Tags of relations that only hold the rings of an area, whose outer ways state what it is."""

_GROUPS: Final = frozenset({"route", "superroute", "route_master", "street", "associatedStreet"})
"""Types of relations whose member ways state themselves what they are."""


@dataclass
class Areas:
    """
    The walkable areas of a file, as they are collected.

    `tagged` are relations with tags of something walkable, `bare` those whose outer ways may have
    such tags.
    """

    tagged: list[Relation] = field(default_factory=list)
    bare: list[Relation] = field(default_factory=list)

    def take(self, relation: Relation, unused: NotUsed) -> tuple[bool, str] | None:
        """
        Classify a relation.

        Returns
        -------
        Whether it is kept and the reason, as `decide` does; None where it is not a walkable area.
        """
        tags = relation.tags
        is_multipolygon = tags.get("type") == MULTIPOLYGON
        if not is_looked_at(tags):
            if is_multipolygon and tags.keys() <= _SAYS_NOTHING:
                self.bare.append(relation)
            return None
        keep, reason = decide(tags)
        if not keep and not is_multipolygon:
            return None
        if keep and not is_multipolygon:
            if tags.get("type") not in _GROUPS:
                unused.add(Unused.RELATIONS_UNREAD, f"relation/{relation.id}")
            return None
        if keep:
            self.tagged.append(relation)
        return keep, reason

    def settle_bare(self, walkable: Iterable[Way]) -> None:
        """Keep the relations without tags of their own whose outer ways are walkable areas."""
        areas = {way.id: way for way in walkable if is_area(way.tags)}
        for relation in self.bare:
            outer = [areas.get(number) for number, role in relation.members if role != "inner"]
            first = next(iter(outer), None)
            if first is not None and None not in outer:
                self.tagged.append(Relation(relation.id, first.tags, relation.members))
        self.bare = []

    @property
    def members(self) -> set[int]:
        """Ids of all member ways of the areas that are kept."""
        return {number for relation in self.tagged for number, _ in relation.members}


def squares_of(
    walkable: list[Way],
    areas: Areas,
    others: Mapping[int, Way],
    unused: NotUsed,
    file: Path,
) -> list[Square]:
    """
    Find the walkable areas of a file, and add their rims to the walkable ways.

    Parameters
    ----------
    walkable
        Ways that are walkable by their own tags; rims of relations are added in place, with the
        tags of the relation.
    areas
        The relations that count.
    others
        The members of these relations that are not walkable by themselves, by id.
    unused
        Records the areas that cannot be used.
    file
        The file that they come from, for messages.

    Returns
    -------
    The complete squares, those of ways first, in the order of their ids.

    Raises
    ------
    InputDataError
        If the rims of the relations have more nodes than the limit.
    """
    rims = _Rims(walkable, others)
    of_relations: set[int] = set()
    found: list[Square] = []
    n_nodes = 0
    for relation in sorted(areas.tagged, key=lambda one: one.id):
        n_nodes += rims.n_nodes(relation)
        if n_nodes > SQUARE_NODES.most:
            raise SQUARE_NODES.fault("has squares of too many nodes", file=file)
        of_relations |= {number for number, role in relation.members if role != "inner"}
        square = rims.read(relation)
        if isinstance(square, Square):
            found.append(square)
        else:
            unused.add(square, f"relation/{relation.id}")
    closed = []
    for way in sorted(rims.own, key=lambda one: one.id):
        if way.id in of_relations or not is_area(way.tags):
            continue
        if way.is_ring:
            closed.append(Square(way, (Ring(way.runs[0][:-1]),), f"way/{way.id}"))
        elif way.missing == 0 and way.runs and way.tags.get("area") == "yes":
            unused.add(Unused.RINGS_UNCLOSED, f"way/{way.id}")
    return [*closed, *found]


class _Rims:
    """
    Adds the rims of relations to the walkable ways.

    `own` are the ways that are walkable by their own tags.
    """

    def __init__(self, walkable: list[Way], others: Mapping[int, Way]) -> None:
        self.own = list(walkable)
        self._walkable = walkable
        self._others = others
        self._by_id = {way.id: way for way in walkable}
        self._own_ids = set(self._by_id)
        self._street_nodes = _node_ids(walkable)

    def n_nodes(self, relation: Relation) -> int:
        """Count the nodes of the rims of a relation."""
        ways = (self._way(number) for number in dict(relation.members))
        return sum(len(run) for way in ways if way is not None for run in way.runs)

    def _way(self, number: int) -> Way | None:
        return self._by_id.get(number) or self._others.get(number)

    def read(self, relation: Relation) -> Square | Unused:
        """Make the rims of a relation walkable; return a square if all of them are closed."""
        parts: dict[bool, list[Way]] = {False: [], True: []}
        is_whole = True
        for number, role in dict(relation.members).items():
            way = self._way(number)
            is_whole &= way is not None and not way.missing and bool(way.runs)
            if way is not None:
                parts[role == "inner"].append(way)
        rings: list[Ring] = []
        are_closed = True
        alone: list[Way] = []
        for is_hole, ways in [
            (False, parts[False]),
            *((True, one) for one in _groups(parts[True])),
        ]:
            ways.sort(key=lambda one: one.id)
            is_walked = not is_hole or self._leads_on(ways)
            if is_walked:
                for way in ways:
                    self._walk(way, relation)
            else:
                alone += [Way(w.id, dict(relation.tags), w.runs) for w in ways if not self._has(w)]
            closed = _rings(ways)
            rings += [Ring(nodes, is_hole) for nodes in closed or []]
            are_closed &= closed is not None
        if not is_whole:
            return Unused.AREAS_INCOMPLETE
        if not are_closed or not rings or rings[0].is_hole:
            return Unused.RINGS_UNCLOSED
        first = self._by_id[parts[False][0].id]
        # A member that is walkable by itself is not the same object as the area.
        same = first.tags == relation.tags
        way = first if same else Way(first.id, dict(relation.tags), [])
        return Square(way, tuple(rings), f"relation/{relation.id}", tuple(alone))

    def _has(self, way: Way) -> bool:
        return way.id in self._by_id

    def _leads_on(self, hole: Sequence[Way]) -> bool:
        """Return whether streets touch the rim of a hole that is not itself made of streets."""
        is_street = all(way.id in self._own_ids for way in hole)
        return bool(are_among(_node_ids(hole), self._street_nodes).any()) and not is_street

    def _walk(self, way: Way, relation: Relation) -> None:
        if way.id not in self._by_id:
            rim = Way(way.id, dict(relation.tags), way.runs, way.missing)
            self._by_id[way.id] = rim
            self._walkable.append(rim)


def are_among(ids: Ints, known: Ints) -> Bools:
    """Return a mask of the ids that are among others, which must be in ascending order."""
    if not len(known):
        return np.zeros(len(ids), np.bool_)
    place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.asarray(known[place] == ids, np.bool_)


def _node_ids(ways: Iterable[Way]) -> Ints:
    ids = [run[:, 0] for way in ways for run in way.runs]
    return np.unique(np.concatenate(ids)) if ids else np.empty(0, np.int64)


def _groups(ways: Sequence[Way]) -> list[list[Way]]:
    """
    Group ways that share nodes, directly or through others: each group is one hole or several.

    Groups are in the order of the last way of each.
    """
    leader = list(range(len(ways)))

    def lead(k: int) -> int:
        while leader[k] != k:
            leader[k] = leader[leader[k]]
            k = leader[k]
        return k

    first_at: dict[int, int] = {}
    for k, way in enumerate(ways):
        for node in _node_ids([way]).tolist():
            other = lead(first_at.setdefault(node, k))
            leader[other] = k  # the last way leads
    groups: dict[int, list[Way]] = defaultdict(list)
    for k, way in enumerate(ways):
        groups[lead(k)].append(way)
    return [groups[k] for k in sorted(groups)]


def _rings(ways: Sequence[Way]) -> list[Ints] | None:
    """
    Join ways at their ends into rings, each without its closing node.

    A ring that meets itself at an end of a way becomes two. None where an end is left over.
    """
    pieces = [run for way in ways for run in way.runs]
    at: dict[int, list[int]] = defaultdict(list)
    for k in reversed(range(len(pieces))):  # so that the first is popped first
        for end in {int(pieces[k][0, 0]), int(pieces[k][-1, 0])}:
            at[end].append(k)
    free = [True] * len(pieces)
    rings: list[Ints] = []
    for k, run in enumerate(pieces):
        if not free[k]:
            continue
        free[k] = False
        path, ends = [run], [int(run[0, 0]), int(run[-1, 0])]
        place = {ends[0]: 0}
        while path:
            start = place.setdefault(ends[-1], len(ends) - 1)
            if start < len(ends) - 1:
                rings.append(np.concatenate([piece[:-1] for piece in path[start:]]))
                for node in ends[start + 1 : -1]:
                    del place[node]
                del path[start:], ends[start + 1 :]
                continue
            near = at[ends[-1]]
            while near and not free[near[-1]]:
                near.pop()
            if not near:
                return None
            follow = near.pop()
            free[follow] = False
            piece = pieces[follow]
            path.append(piece if int(piece[0, 0]) == ends[-1] else piece[::-1])
            ends.append(int(path[-1][-1, 0]))
    return rings if all(len(ring) > 2 for ring in rings) else None
