"""
Reduce an OpenStreetMap file to the newest version of each object, without deleted ones.

Merged extracts and history files hold several versions of an object. JOSM marks deleted objects
with `action` and gives new ones negative ids.

Sources: https://wiki.openstreetmap.org/wiki/JOSM_file_format and
https://osmcode.org/opl-file-format/
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

import numpy as np
import osmium

from circle15.errors import InputDataError
from circle15.inputs.formats.packed import Markup, chunks_of, encoding_checked, opened
from circle15.network.osm.osm_lines import full_line_of
from circle15.network.osm.osm_reading import osm_input
from circle15.network.osm.osm_writing import library_faults, osm_writer
from circle15.network.osm.pbf_blocks import require_modest_blocks, require_sound_texts
from circle15.study.limits import UNPACKED, VERSIONS
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FORMAT: Final = "opl,add_metadata=version+timestamp"
_KINDS: Final = ("n", "w", "r")
_NAMES: Final = {"n": "node", "w": "way", "r": "relation"}
_MARK: Final = b"action"
_PLACE: Final = re.compile(r" x(\S*) y(\S*)")

Key = tuple[str, int]


@dataclass(frozen=True)
class AsItStands:
    """
    A file in which each object occurs once.

    `file` is the file itself, or a copy if it holds objects that are repeated, deleted, out of
    order or have negative ids. `below_zero` are the positions of nodes with negative ids, as OPL
    writes them, since libosmium does not look these up. `gone` counts the ways with a highway tag
    that are not read: deleted, older versions, repeated. `findings` report these.
    """

    file: Path
    below_zero: dict[int, str] = field(default_factory=dict)
    gone: Counter[str] = field(default_factory=Counter)
    findings: Sequence[Finding] = ()


@dataclass(frozen=True)
class _Object:
    """One object of a file, as a line of text."""

    key: Key
    version: int
    edited: str
    exists: bool
    content: str
    """Tags, and position, nodes or members."""

    @property
    def tags(self) -> str:
        return self.content.partition(" ")[0][1:]

    @property
    def rest(self) -> str:
        return self.content.partition(" ")[2]

    @property
    def line(self) -> str:
        kind, number = self.key
        return f"{kind}{number} v{self.version} dV t{self.edited} {self.content}\n"

    @property
    def is_street(self) -> bool:
        return self.key[0] == "w" and any(t.startswith("highway=") for t in self.tags.split(","))


def as_it_stands(file: Path, scratch: Path) -> AsItStands:
    """
    Find the newest version of every object of a file.

    The highest version counts, of equal ones the one with the latest time stamp. Of two that agree
    in both, and in position, nodes or members, the one with tags counts: Overpass lists the nodes
    of ways without tags.

    Parameters
    ----------
    scratch
        A folder for files that may be overwritten.

    Raises
    ------
    InputDataError
        If it holds far more than a file of its size may, or two versions of an object differ and
        neither can be shown to be the newer.
    RuntimeError
        If the file cannot be read.
    """
    lines = scratch / "all.opl"
    deleted = _deleted_in_editor(file)
    _write(file, lines)
    if not deleted and _is_plain(lines):
        return AsItStands(file)
    versions = _newest_of_several(lines, deleted, file)
    copy = scratch / "as-it-stands.opl"
    below_zero = _copy(lines, versions.newest, copy, scratch)
    return AsItStands(copy, below_zero, versions.gone, versions.findings)


def _write(file: Path, lines: Path) -> None:
    """Write all objects as lines of text."""
    try:
        with osm_writer(lines, _FORMAT, overwrite=True) as writer, library_faults():
            osmium.apply(osm_input(file), writer)
    except osmium.InvalidLocationError:  # a node with an invalid position
        with lines.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(map(full_line_of, osmium.FileProcessor(osm_input(file))))


def _is_plain(lines: Path) -> bool:
    """Return whether objects are sorted by kind and id, none repeated and none deleted."""
    before, last = 0, 0
    with lines.open("rb") as file:
        for line in file:
            head = line[:80].split(b" ", 3)
            kind = b"nwr".find(head[0][:1])
            if kind < 0:
                continue  # changesets
            number = int(head[0][1:])
            if kind != before:
                last = 0
            if kind < before or number <= last or head[2] != b"dV":
                return False
            before, last = kind, number
    return True


def _deleted_in_editor(file: Path) -> set[Key]:
    """Return the objects that an editor has marked action="delete", which only XML can hold."""
    if not _mentions(file, _MARK):
        return set()
    found: set[Key] = set()
    short = {name: kind for kind, name in _NAMES.items()}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in short and attributes.get("action") == "delete":
            number = attributes.get("id", "")
            if re.fullmatch(r"[+-]?\d{1,19}", number, re.ASCII) is None:
                raise InputDataError(
                    f"has a {name} with the id {number[:40]!r}, which is not a number.",
                    file=file,
                    mend="Export it again.",
                )
            found.add((short[name], int(number)))

    parser = expat.ParserCreate()
    parser.XmlDeclHandler = encoding_checked(file)
    parser.StartElementHandler = start
    with opened(file) as stream:
        parser.ParseFile(stream)
    return found


def _mentions(file: Path, mark: bytes) -> bool:
    """Return whether an XML file holds a word; refuse what libosmium must not be given."""
    if file.name.lower().endswith(".pbf"):
        require_modest_blocks(file)
        require_sound_texts(file)
        return False
    tail, found, markup = b"", False, Markup(file)
    for chunk in chunks_of(file, UNPACKED):
        markup.take(chunk)
        found = found or mark in tail + chunk
        tail = chunk[-len(mark) :]
    return found


def _objects(lines: Path) -> Iterator[_Object]:
    with lines.open(encoding="utf-8", newline="\n") as file:
        for text in file:
            if text[0] in _KINDS:
                head, version, exists, edited, content = text.rstrip("\n").split(" ", 4)
                key = head[0], int(head[1:])
                yield _Object(key, int(version[1:] or 0), edited[1:], exists == "dV", content)


@dataclass(frozen=True)
class _Versions:
    """The version that counts of each repeated object, None if it is deleted; see `AsItStands`."""

    newest: dict[Key, _Object | None]
    gone: Counter[str]
    findings: Sequence[Finding]


def _newest_of_several(lines: Path, deleted: set[Key], file: Path) -> _Versions:
    ids = {kind: array("q") for kind in _KINDS}
    for one in _objects(lines):
        ids[one.key[0]].append(one.key[1])
    repeated: set[Key] = set()
    versions_there, size = 0, file.stat().st_size
    for kind, numbers in ids.items():
        number, count = np.unique(np.array(numbers, np.int64), return_counts=True)
        versions_there += int(count[count > 1].sum())
        repeated |= {(kind, n) for n in number[count > 1].tolist()}
    if versions_there > VERSIONS.of(size):
        found_there = f"holds {versions_there:,} versions of repeated objects"
        raise VERSIONS.fault(found_there, file=file, size=size)
    versions: dict[Key, list[_Object]] = defaultdict(list)
    for one in _objects(lines):
        if one.key in repeated or one.key in deleted or not one.exists:
            versions[one.key].append(one)
    newest = {
        key: None if key in deleted else _newest(found, file) for key, found in versions.items()
    }
    several, gone = Counter[str](), Counter[str]()
    for key, found in versions.items():
        best = newest[key]
        streets = [one for one in found if one.is_street]
        if best is None:
            gone["deleted"] += bool(streets)
            several["deleted"] += 1
            continue
        others = [one for one in streets if one is not best]
        older = sum(one.content != best.content for one in others)
        gone["older_version"] += older
        gone["repeated_id"] += len(others) - older
        several["older"] += any(one.content != best.content for one in found)
    findings: list[Finding] = []
    for code, what in (("OSM_OLDER_VERSIONS", "older"), ("OSM_DELETED", "deleted")):
        if several[what]:
            detail = {"objects": f"{several[what]:,}"}
            findings.append(Finding(code, "note", file.name, detail=detail))
    return _Versions(newest, +gone, findings)


def _newest(found: list[_Object], file: Path) -> _Object | None:
    """Choose the version of an object that counts; None if that version is deleted."""
    if any(one.version == 0 for one in found) and all(one.edited for one in found):
        best = max(found, key=lambda one: one.edited)
    else:
        best = max(found, key=lambda one: (one.version, one.edited))
    rivals = [one for one in found if not _is_older(one, best)]
    contents = {(one.exists, one.content) for one in rivals}
    if len(contents) > 1:
        full = [one for one in rivals if one.exists and one.tags]
        bare = {(one.exists, one.rest) for one in rivals}
        if len(bare) > 1 or len({one.tags for one in full}) > 1:
            raise _unclear(best.key, file)
        best = full[0]
    return best if best.exists else None


def _is_older(one: _Object, best: _Object) -> bool:
    """Compare by version numbers, else by time stamps; False where neither decides."""
    if one.version and best.version and one.version != best.version:
        return one.version < best.version
    return bool(one.edited and best.edited) and one.edited < best.edited


def _unclear(key: Key, file: Path) -> InputDataError:
    kind, number = key
    return InputDataError(
        f"the {_NAMES[kind]} {number} occurs in two versions that differ, and neither a version "
        "number nor a time stamp shows which is the newer.",
        file=file,
        mend="Merge the extracts again from files with metadata, or give a single extract.",
    )


def _copy(
    lines: Path, newest: dict[Key, _Object | None], target: Path, scratch: Path
) -> dict[int, str]:
    """
    Write every existing object once: nodes, then ways, then relations.

    Returns the positions of nodes with negative ids, as OPL writes them.
    """
    below_zero: dict[int, str] = {}
    parts = {kind: scratch / f"{kind}.opl" for kind in _KINDS}
    files = {kind: part.open("w", encoding="utf-8", newline="\n") for kind, part in parts.items()}
    written: set[Key] = set()
    for one in _objects(lines):
        best: Any = newest.get(one.key, one)
        if best is None or one.key in written:
            continue
        if one.key in newest:
            written.add(one.key)
        kind, number = one.key
        files[kind].write(best.line)
        if kind == "n" and number < 0 and (place := _PLACE.search(best.content)):
            below_zero[number] = f"x{place[1]}y{place[2]}"
    for file in files.values():
        file.close()
    with target.open("w", encoding="utf-8", newline="\n") as out:
        for part in parts.values():
            with part.open(encoding="utf-8", newline="\n") as file:
                for text in file:
                    out.write(text)
    return below_zero
