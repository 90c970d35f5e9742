"""
Read an OpenStreetMap file as lines of text, and the nodes of its ways as arrays.

Reading a node of a way from Python takes six microseconds. libosmium writes objects as lines of
text (OPL) ten times as fast, and these are quick to parse.

Source: the OPL file format manual, https://osmcode.org/opl-file-format/
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import osmium

from circle15.network.osm.osm_writing import add_to, osm_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from circle15.arrays import Bools, Ints


_log = logging.getLogger(__name__)

_TELL_EVERY: Final = 20_000
_FORMAT: Final = "opl,locations_on_ways=true,add_metadata=version+timestamp"
_ESCAPE: Final = re.compile(r"%([0-9a-f]+)%")
_PLAIN: Final = re.compile(r"[^A-Za-z0-9_:;.-]")
_MEMBER_WAY: Final = re.compile(r"(?:^|,)w(-?\d+)@([^,]*)")
_BELOW_ZERO: Final = re.compile(r"n(-\d+)xy")
_NOWHERE: Final = "x999y999"
_SPLIT: Final = str.maketrans("nxy,", "    ")
_E7: Final = 10_000_000  # OSM stores degrees as integers of 10⁻⁷
_CHUNK: Final = 200_000
"""Nodes that are parsed at once."""


class _Every:
    """A container of all ids."""

    def __contains__(self, _number: object) -> bool:
        return True


_EVERY: Final = _Every()


@dataclass(frozen=True, slots=True)
class Line:
    """
    One object: its id, whether it exists, when it was edited, and its tags.

    `kind` is n, w or r. `parts` is the text of the nodes of a way (parsed by `Nodes`), or of the
    members of a relation (parsed by `members_of`).
    """

    kind: str
    id: int
    exists: bool
    edited: str
    tags: dict[str, str]
    parts: str

    def ways_of(self) -> set[int]:
        """Return the ids of the ways among the members of a relation."""
        return {number for number, _ in self.members_of()}

    def members_of(self) -> tuple[tuple[int, str], ...]:
        """Return the ids and roles of the ways among the members of a relation, in order."""
        found = _MEMBER_WAY.findall(self.parts)
        return tuple((int(number), _unescaped(role)) for number, role in found)


def read_lines(
    make: Callable[[], osmium.FileProcessor], scratch: Path, *, ids: Container[int] = _EVERY
) -> Iterator[Line]:
    """
    Yield the objects that a processor selects, in the order of the file.

    Parameters
    ----------
    make
        Makes the processor; called again if a node has an invalid position, which libosmium
        refuses to write.
    scratch
        A file that may be overwritten.
    ids
        Only objects with these ids.

    Raises
    ------
    RuntimeError
        If the file cannot be read.
    """
    try:
        _write(make(), scratch, ids)
    except osmium.InvalidLocationError:
        with scratch.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_line_of(item) for item in make() if item.id in ids)
    with scratch.open(encoding="utf-8", newline="\n") as file:
        for text in file:
            yield _line(text)


def _write(processor: osmium.FileProcessor, target: Path, ids: Container[int]) -> None:
    with osm_writer(target, _FORMAT, overwrite=True) as writer:
        for count, item in enumerate(processor, 1):
            if item.id in ids:
                add_to(writer, item)
            if count % _TELL_EVERY == 0:
                _log.info("%s", f"{count:,}")


def _line_of(item: Any) -> str:
    """Write one object as libosmium does."""
    tags = ",".join(f"{_escaped(tag.k)}={_escaped(tag.v)}" for tag in item.tags)
    exists = "V" if item.visible and not item.deleted else "D"
    kind, parts = "n", ""
    if isinstance(item, osmium.osm.Way):
        kind, parts = "w", ",".join(f"n{node.ref}{_place(node.location)}" for node in item.nodes)
    elif isinstance(item, osmium.osm.Relation):
        members = (f"{one.type}{one.ref}@{_escaped(one.role)}" for one in item.members)
        kind, parts = "r", ",".join(members)
    dated = item.timestamp.timestamp() > 0
    edited = f"{item.timestamp:%Y-%m-%dT%H:%M:%SZ}" if dated else ""
    return f"{kind}{item.id} v d{exists} t{edited} T{tags} _{parts}\n"


def full_line_of(item: Any) -> str:
    """Write one object as libosmium does; a node with an invalid position has none."""
    text = _line_of(item).rstrip("\n").replace(" v ", f" v{item.version} ", 1)
    head, _, parts = text.rpartition(" _")
    if isinstance(item, osmium.osm.Node):
        if not item.location.valid():
            return f"{head} x y\n"
        return f"{head} x{item.location.x / _E7:.7f} y{item.location.y / _E7:.7f}\n"
    if isinstance(item, osmium.osm.Way):
        return f"{head} N{parts.replace('xy', '')}\n"
    members = ",".join(f"{one.type}{one.ref}@{_escaped(one.role)}" for one in item.members)
    return f"{head} M{members}\n"


def _place(location: osmium.osm.Location) -> str:
    if not location.valid():
        return "xy"
    return f"x{location.x / _E7:.7f}y{location.y / _E7:.7f}"


def _escaped(text: str) -> str:
    return _PLAIN.sub(lambda match: f"%{ord(match[0]):x}%", text)


def _line(text: str) -> Line:
    kind, _version, exists, edited, tags, rest = text.rstrip("\n").split(" ", 5)
    return Line(kind[0], int(kind[1:]), exists == "dV", edited[1:], _tags(tags[1:]), rest[1:])


def _tags(text: str) -> dict[str, str]:
    if not text:
        return {}
    pairs = (pair.partition("=") for pair in text.split(","))
    if "%" not in text:
        return {key: value for key, _, value in pairs}
    return {_unescaped(key): _unescaped(value) for key, _, value in pairs}


def _unescaped(text: str) -> str:
    if "%" not in text:
        return text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


@dataclass
class Nodes:
    """
    Collects the nodes of ways.

    A way is cut where the file lacks a node or the node has an invalid position; a node that
    repeats the one before it is dropped. `below_zero` are the positions of nodes with negative
    ids, which libosmium does not look up.
    """

    below_zero: Mapping[int, str] = field(default_factory=dict)
    _texts: list[str] = field(default_factory=list)
    _counts: list[int] = field(default_factory=list)
    _waiting: int = 0
    _blocks: list[Ints] = field(default_factory=list)
    _missing: list[Ints] = field(default_factory=list)
    _runs: list[tuple[Ints, Ints]] = field(default_factory=list)
    _ways: int = 0
    _placed: int = 0
    _cuts: list[Ints] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Add a way, given the text of its nodes; it gets the next number."""
        if self.below_zero:
            text = _BELOW_ZERO.sub(self._placed_text, text)
        self._texts.append(text)
        self._counts.append(text.count("n"))
        self._waiting += self._counts[-1]
        if self._waiting >= _CHUNK:
            self._settle()

    def hand_out(self) -> tuple[list[list[Ints]], Ints]:
        """
        Return the runs of each way, as views of one array, and the number of its missing nodes.

        A run is int64 of shape (nodes, 3): id, longitude and latitude, degrees in units of 10⁻⁷;
        it has at least two nodes.
        """
        self._settle()
        nodes = np.concatenate([*self._blocks, np.empty((0, 3), np.int64)])
        found: list[list[Ints]] = [[] for _ in range(self._ways)]
        for owners, ends in self._runs:
            for owner, (start, stop) in zip(owners.tolist(), ends.tolist(), strict=True):
                found[owner].append(nodes[start:stop])
        return found, np.concatenate([*self._missing, np.empty(0, np.int64)])

    def cuts(self) -> Ints:
        """
        Return where ways are cut: the nodes next to missing ones. Call it after `hand_out`.

        int64 of shape (cuts, 3): number of the way, longitude, latitude in units of 10⁻⁷ degrees.
        """
        return np.concatenate([*self._cuts, np.empty((0, 3), np.int64)])

    def _placed_text(self, match: re.Match[str]) -> str:
        return f"n{match[1]}{self.below_zero.get(int(match[1]), 'xy')}"

    def _settle(self) -> None:
        """Parse the text of the ways added since the last call."""
        counts = np.array(self._counts, np.int64)
        nodes, there = _numbers(self._texts)
        owner = np.repeat(np.arange(len(counts)), counts)
        same = np.r_[False, owner[1:] == owner[:-1]][: len(owner)]
        after = same & np.r_[False, there[:-1]][: len(owner)]
        lost = same & ~np.r_[True, there[:-1]][: len(owner)]
        ahead = np.r_[(same & ~there)[1:], False][: len(owner)]
        cut = there & (lost | ahead)
        self._cuts.append(np.column_stack([owner[cut] + self._ways, nodes[cut, 1:]]))
        repeats = after & np.r_[False, nodes[1:, 0] == nodes[:-1, 0]][: len(owner)]
        kept = there & ~repeats
        run = np.cumsum(~after)[kept]
        first = np.flatnonzero(np.r_[True, run[1:] != run[:-1]][: len(run)])
        last = np.r_[first[1:], len(run)][: len(first)]
        long = last - first > 1
        ends = np.column_stack([first, last])[long] + self._placed
        self._runs.append((owner[kept][first[long]] + self._ways, ends))
        self._missing.append(np.bincount(owner[~there], minlength=len(counts)))
        self._blocks.append(nodes[kept])
        self._placed += len(run)
        self._ways += len(counts)
        self._texts, self._counts, self._waiting = [], [], 0


def _numbers(texts: Sequence[str]) -> tuple[Ints, Bools]:
    """Parse nodes as id, longitude, latitude (int64); return a mask of valid positions too."""
    text = ",".join(filter(None, texts)).replace("xy", _NOWHERE)
    parts = text.translate(_SPLIT).split()
    lon, lat = (np.array(list(map(float, parts[k::3])), np.float64) for k in (1, 2))
    there = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    places = np.rint(np.column_stack([lon, lat]) * _E7).astype(np.int64)
    refs = np.array(list(map(int, parts[0::3])), np.int64)
    return np.column_stack([refs, places]), there
