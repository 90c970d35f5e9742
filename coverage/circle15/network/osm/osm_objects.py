"""What is read of an OpenStreetMap file: ways, multipolygon relations, and what was not used."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.arrays import Ints


class Unused(StrEnum):
    """What a file holds that cannot be used, or only in part."""

    WAYS_CUT = "ways_cut"
    """Walkable ways that lack nodes: cut there."""
    WAYS_EMPTY = "ways_empty"
    """Walkable ways with fewer than two places."""
    RELATIONS_UNREAD = "relations_unread"
    """Relations with tags of something walkable that are no multipolygons."""
    AREAS_INCOMPLETE = "areas_incomplete"
    """Squares whose members are not all in the file, or lack nodes: walked along their rims."""
    RINGS_UNCLOSED = "rings_unclosed"
    """Squares whose rims do not close: walked along what there is of them."""
    RINGS_INVALID = "rings_invalid"
    """Squares whose rims cross themselves: walked around."""
    RINGS_CROWDED = "rings_crowded"
    """Squares with too many streets at their rims: walked around."""
    ROWS_EMPTY = "rows_empty"
    """Rows of a layer of lines without a line, or of no length."""
    WATER_INCOMPLETE = "water_incomplete"
    """Water areas whose banks are not all in the file."""


@dataclass
class Way:
    """
    One way: its tags and its runs of nodes.

    A way that refers to a node that is not in the file is cut there, never bridged; hence runs.
    Each is int64 of shape (nodes, 3): id, longitude and latitude, degrees in units of 10⁻⁷.
    `missing` counts the nodes that the file does not hold.
    """

    id: int
    tags: Mapping[str, str]
    runs: list[Ints]
    missing: int = 0

    @property
    def is_ring(self) -> bool:
        """Whether the whole way is there and ends where it starts."""
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
        As in `Way`, in order, without the repeat at its end.
    is_hole
        Whether its members have the role `inner`.
    """

    nodes: Ints
    is_hole: bool = False


@dataclass(frozen=True)
class Square:
    """
    An area that one may walk across.

    The ways across have the id and the tags of `way`: a walkable way of the file, or where a member
    of a relation is another thing than the area, one without nodes. `name` says where the area
    comes from, such as `way/4711`. `hole_rims` are the rims of holes that are not among the
    walkable ways: people who walk across walk along them.
    """

    way: Way
    rings: tuple[Ring, ...]
    name: str
    hole_rims: tuple[Way, ...] = ()


@dataclass
class NotUsed:
    """What could not be used, by kind: names such as `way/4711`, in the order of the file."""

    found: dict[Unused, list[str]] = field(default_factory=dict)

    def add(self, kind: Unused, name: str) -> None:
        """Note one object."""
        self.found.setdefault(kind, []).append(name)

    def and_also(self, other: NotUsed) -> NotUsed:
        """Return what is in either."""
        kinds = [kind for kind in Unused if kind in self.found or kind in other.found]
        return NotUsed({k: self.found.get(k, []) + other.found.get(k, []) for k in kinds})
