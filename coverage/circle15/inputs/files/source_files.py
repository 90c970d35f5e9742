"""
The files that a study reads: their hashes before reading, and checks that they do not change.

A file may have parts that are read with it: the table and projection of a shapefile, the statistics
and world file of a raster. They are hashed like the files that the study names. If inputs changed
during a run, its results would describe neither the old nor the new state.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from circle15.errors import InputDataError, OutsideError, clause
from circle15.study.database_tables import Source
from circle15.study.names import readable_name
from circle15.study.settings.files import GEODATABASE
from circle15.study.settings.words import is_pack_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle15.study.settings.records import Study

_OF_ANY: Final = (".aux.xml", ".ovr", ".msk", "-wal", "-journal")
"""Suffixes after the whole name of files that GDAL and SQLite read with a file."""
_OF_SHAPEFILE: Final = (
    ".shx",
    ".dbf",
    ".prj",
    ".cpg",
    ".qpj",
    ".cst",
    ".qix",
    ".sbn",
    ".sbx",
    ".fbn",
    ".fbx",
    ".idm",
)
_OF_PLAIN_GRID: Final = (".prj", ".hdr", ".clr")
_PLAIN_GRIDS: Final = frozenset({".asc", ".bil", ".bip", ".bsq", ".flt"})
_RECENT_NS: Final = 3_000_000_000
"""Two changes of a file within this time may leave the same timestamps."""


@dataclass(frozen=True)
class _State:
    """Hash of a file, and its file-system attributes that would show a change."""

    sha256: str
    signs: tuple[object, ...]
    seen_ns: int

    @property
    def recent(self) -> bool:
        """Whether the file changed so recently that a further change might not show."""
        return any(
            isinstance(sign, tuple) and self.seen_ns - max(sign[-2:]) < _RECENT_NS
            for sign in self.signs
        )


@dataclass(frozen=True)
class SourceFiles:
    """The states of all files of a study and their parts before they were read."""

    states: dict[Path, _State]
    of_study: tuple[Path, str | None]
    named: tuple[Path, ...]

    def sha256(self, path: Path) -> str | None:
        """Return the hash of a file before it was read; of a folder, by its names and hashes."""
        study, read = self.of_study
        if path == study and read is not None:
            return read
        state = self.states.get(path)
        return None if state is None else state.sha256

    def content(self, path: Path) -> list[tuple[str, str]]:
        """Return name and hash of a file and each of its parts, sorted; empty if it is unknown."""
        if path not in self.states:
            return []
        names = {path.name.casefold(), *(part.casefold() for part in _parts(path))}
        return sorted(
            (one.name, state.sha256)
            for one, state in self.states.items()
            if one.parent == path.parent and one.name.casefold() in names
        )

    def paths(self) -> list[Path]:
        """Return all files, including parts."""
        return list(self.states)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """
        Check at the end, also after an error, that no file changed in this context.

        Raises
        ------
        OutsideError
            As `require_unchanged`.
        """
        try:
            yield
        except Exception as error:
            self.require_unchanged(error)
            raise
        self.require_unchanged()

    def require_unchanged(self, cause: Exception | None = None) -> None:
        """
        Check that the files have not changed.

        Raises
        ------
        OutsideError
            If a file has changed, is gone, or has a new part.
        """
        study, read = self.of_study
        changed = [path for path, before in self.states.items() if _has_changed(path, before)]
        if read is not None and study in self.states and self.states[study].sha256 != read:
            changed.insert(0, study)
        changed += [path for path in files_and_parts(self.named) if path not in self.states]
        if not changed:
            return
        path = changed[0]
        what = "was changed" if os.path.lexists(path) else "was removed"
        raise OutsideError(
            f"{path} {what} while it was in use, so the results would mix two states of it. "
            "Run again when the inputs no longer change."
        ) from cause


def source_files(study: Study) -> SourceFiles:
    """
    Hash the files of a study, before they are read.

    Raises
    ------
    InputDataError
        If one is neither a file nor a geodatabase folder.
    OutsideError
        If one cannot be opened.
    """
    named = tuple(path for path in (study.file, *input_files(study)) if isinstance(path, Path))
    states = {readable_name(path): _state(path) for path in files_and_parts(named)}
    return SourceFiles(states, (study.file, study.sha256), named)


def input_files(study: Study) -> Iterator[Source]:
    """Yield every file and database table that a study names."""
    area = study.area
    layers = [layer for layer in (area.streets, area.communities) if layer is not None]
    named: list[Source | str | None] = [
        area.boundary,
        *(layer.file for layer in layers),
        study.network.file,
        study.network.extent,
        study.network.barriers,
        study.network.dem,
    ]
    for people in study.demand.layers:
        named += [*people.raster, people.points, people.zones, people.table, people.buildings]
    for facilities in study.facilities:
        named += [facilities.file, facilities.covers, facilities.entrances]
    for zones in study.residential_zones:
        named += [zones.file, zones.entrances]
    basis = study.coverage_basis
    named += [layer.file for layer in (basis.land, basis.buildings) if layer is not None]
    for question in study.siting.values():
        named += question.files
    for scenario in study.scenarios.values():
        named += scenario.files
    if study.changes is not None:
        named += study.changes.scenario.files
    named += [study.rules.registers, study.report.letterhead, study.report.logo]
    named += [Path(pack) for pack in study.rules.packs if is_pack_file(pack)]
    yield from (path for path in named if isinstance(path, Source))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder, from the names and hashes of its files."""
    if path.is_dir():
        lines = [f"{p.relative_to(path).as_posix()} {sha256(p)}" for p in _inside(path)]
        return hashlib.sha256(os.fsencode("\n".join(lines))).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inside(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock")


def files_and_parts(named: Iterable[Path]) -> list[Path]:
    """Return those of the files that exist, each followed by its parts."""
    found: dict[Path, None] = {}
    listed: dict[Path, dict[str, list[str]]] = {}
    for path in named:
        if not os.path.lexists(path):
            continue  # which its reader reports
        found[path] = None
        if path.parent not in listed:
            listed[path.parent] = _names(path.parent)
        for part in _parts(path):
            for name in listed[path.parent].get(part.casefold(), ()):
                if not _is_empty_log(path.parent / name):
                    found[path.parent / name] = None
    return list(found)


def _is_empty_log(part: Path) -> bool:
    """Return whether a part is an empty SQLite log, which reading alone may create."""
    if not part.name.endswith(("-wal", "-journal")):
        return False
    state = part.stat()
    return stat.S_ISREG(state.st_mode) and state.st_size == 0


def _names(folder: Path) -> dict[str, list[str]]:
    """Return the names in a folder by their lower-case form, to find parts."""
    names: dict[str, list[str]] = {}
    try:
        for path in sorted(folder.iterdir()):
            names.setdefault(path.name.casefold(), []).append(path.name)
    except OSError:
        return {}  # a folder that may be traversed but not listed
    return names


def _parts(path: Path) -> list[str]:
    """Return the names that parts of a file would have."""
    suffix, stem = path.suffix.lower(), path.stem
    parts = [f"{path.name}{end}" for end in _OF_ANY]
    if suffix == ".shp":
        parts += [f"{stem}{end}" for end in _OF_SHAPEFILE]
    if suffix in _PLAIN_GRIDS:
        parts += [f"{stem}{end}" for end in _OF_PLAIN_GRID]
    if len(suffix) > 2:  # .tif has .tfw, .tifw or .wld
        world = (f".{suffix[1]}{suffix[-1]}w", f"{suffix}w", ".wld", ".aux")
        parts += [f"{stem}{end}" for end in world]
    return parts


def _state(path: Path) -> _State:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise InputDataError("is not a file.", file=path, mend="Give a file.")
        if stat.S_ISDIR(mode) and path.suffix.lower() != GEODATABASE:
            raise InputDataError("is a folder.", file=path, mend="Give a file.")
        seen_ns = time.time_ns()
        signs = _signs(path)
        return _State(sha256(path), signs, seen_ns)
    except OSError as error:
        raise OutsideError(f"{path} cannot be read ({clause(error.strerror or error)}).") from error


def _signs(path: Path) -> tuple[object, ...]:
    """Return the file-system attributes of a file, or of all files in a folder; times last."""
    files = _inside(path) if path.is_dir() else [path]
    found: list[object] = []
    for file in files:
        now = file.stat()
        found += [
            str(file),
            (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns),
        ]
    return tuple(found)


def _has_changed(path: Path, before: _State) -> bool:
    """Return whether the content changed; unchanged attributes save hashing it again."""
    try:
        if not before.recent and _signs(path) == before.signs:
            return False
        return sha256(path) != before.sha256
    except OSError:
        return True
