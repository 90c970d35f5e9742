"""Records of an OpenStreetMap file: ways, relations, squares, and objects that were not used."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.arrays import Ints


class Unused(StrEnum):
    """Kinds of objects of a file that cannot be used, or only in part."""

    WAYS_CUT = "ways_cut"
    """Walkable ways that lack nodes, and are cut there."""
    WAYS_EMPTY = "ways_empty"
    """Walkable ways with fewer than two distinct nodes."""
    RELATIONS_UNREAD = "relations_unread"
    """Relations with tags of something walkable that are not multipolygons."""
    AREAS_INCOMPLETE = "areas_incomplete"
    """Squares whose members are not all in the file, or lack nodes: walked along their rims."""
    RINGS_UNCLOSED = "rings_unclosed"
    """Squares whose rims are not closed: walked along the parts that exist."""
    RINGS_INVALID = "rings_invalid"
    """Squares whose rims cross themselves: walked around."""
    RINGS_CROWDED = "rings_crowded"
    """Squares with too many streets at their rims: walked around."""
    ROWS_EMPTY = "rows_empty"
    """Rows of a layer of lines without a line, or of no length."""
    WATER_INCOMPLETE = "water_incomplete"
    """Water areas whose banks are not all in the file."""


@dataclass(slots=True)
class Way:
    """
    One way: its tags and its runs of nodes.

    A way is cut, not bridged, where the file lacks one of its nodes; hence several runs. Each is
    int64 of shape (nodes, 3): id, longitude and latitude in units of 10⁻⁷ degrees. `missing` is
    the number of nodes that the file lacks.
    """

    id: int
    tags: Mapping[str, str]
    runs: Sequence[Ints]
    missing: int = 0

    @property
    def is_ring(self) -> bool:
        """Whether the way is complete and ends where it starts."""
        whole = self.missing == 0 and len(self.runs) == 1
        return whole and len(self.runs[0]) > 3 and self.runs[0][0, 0] == self.runs[0][-1, 0]


@dataclass(frozen=True)
class Relation:
    """A relation: its tags and its member ways, each with its role."""

    id: int
    tags: Mapping[str, str]
    members: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Ring:
    """
    A closed rim of an area.

    Attributes
    ----------
    nodes : int64, shape (nodes, 3)
        As in `Way`, in order, without the closing node.
    is_hole
        Whether its members have the role `inner`.
    """

    nodes: Ints
    is_hole: bool = False


@dataclass(frozen=True)
class Square:
    """
    An area that can be walked across.

    The ways across have the id and the tags of `way`: a walkable way of the file, or one without
    nodes where the member of a relation is not the same object as the area. `name` is the object
    that the area comes from, such as `way/4711`. `hole_rims` are the rims of holes that are not
    among the walkable ways; walks across the square go along them.
    """

    way: Way
    rings: tuple[Ring, ...]
    name: str
    hole_rims: tuple[Way, ...] = ()


@dataclass
class NotUsed:
    """Objects not used, by kind: names such as `way/4711`, in the order of the file."""

    found: dict[Unused, list[str]] = field(default_factory=dict)

    def add(self, kind: Unused, name: str) -> None:
        """Record one object."""
        self.found.setdefault(kind, []).append(name)

    def and_also(self, other: NotUsed) -> NotUsed:
        """Return the objects of both."""
        kinds = [kind for kind in Unused if kind in self.found or kind in other.found]
        return NotUsed({k: self.found.get(k, []) + other.found.get(k, []) for k in kinds})
