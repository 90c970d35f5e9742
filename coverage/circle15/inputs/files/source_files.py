"""
The files that a study reads: their hashes, taken before anything is read, and whether they stay.

A file may have parts beside it that are read with it: a shapefile its table and its projection, a
raster its statistics and its world file. They are hashed like the files that the study names. A
run whose inputs change before its end would say something of neither the old ones nor the new.
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

from circle15.errors import InputDataError, OutsideError
from circle15.study.database_tables import Source
from circle15.study.names import readable_name
from circle15.study.settings.files import GEODATABASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle15.study.settings.records import Study

_OF_ANY: Final = (".aux.xml", ".ovr", ".msk", "-wal", "-journal")
"""What GDAL and SQLite read with a file, after its whole name."""
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
"""Two changes of a file within so short a time may leave the same times at the file."""


@dataclass(frozen=True)
class _State:
    """The content of a file, and by what the system would show a change of it."""

    sha256: str
    signs: tuple[object, ...]
    seen_ns: int

    @property
    def recent(self) -> bool:
        """Whether the file changed so shortly before that a further change would not show."""
        return any(
            isinstance(sign, tuple) and self.seen_ns - max(sign[-2:]) < _RECENT_NS
            for sign in self.signs
        )


@dataclass(frozen=True)
class SourceFiles:
    """Every file of a study and their parts, as they were before the reading."""

    states: dict[Path, _State]
    of_study: tuple[Path, str | None]
    named: tuple[Path, ...]

    def sha256(self, path: Path) -> str | None:
        """Hash of a file as it was read, of a folder by the names and hashes in it."""
        study, read = self.of_study
        if path == study and read is not None:
            return read
        state = self.states.get(path)
        return None if state is None else state.sha256

    def paths(self) -> list[Path]:
        """Every file, parts included."""
        return list(self.states)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """
        Read within this: a file that changes meanwhile is what is said, whatever came of it.

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
        Look at the files again.

        Raises
        ------
        OutsideError
            If one has changed, has gone, or has got a part that it had not.
        """
        study, read = self.of_study
        changed = [path for path, before in self.states.items() if _has_changed(path, before)]
        if read is not None and study in self.states and self.states[study].sha256 != read:
            changed.insert(0, study)
        changed += [path for path in _with_parts(self.named) if path not in self.states]
        if not changed:
            return
        path = changed[0]
        what = "was changed" if os.path.lexists(path) else "was taken away"
        raise OutsideError(
            f"{path} {what} while it was in use: the results would be of no one state of it. "
            "Run again when nobody changes the inputs."
        ) from cause


def source_files(study: Study) -> SourceFiles:
    """
    Hash the files of a study, before they are read.

    Raises
    ------
    InputDataError
        If one is neither a file nor a folder.
    OutsideError
        If one cannot be opened.
    """
    named = tuple(path for path in (study.file, *input_files(study)) if isinstance(path, Path))
    states = {readable_name(path): _state(path) for path in _with_parts(named)}
    return SourceFiles(states, (study.file, study.sha256), named)


def input_files(study: Study) -> Iterator[Source]:
    """Every file, and table of a database, that a study names."""
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
    for question in study.siting.values():
        named += question.files
    named.append(study.rules.registers)
    named += [Path(pack) for pack in study.rules.packs if pack.endswith(".toml")]
    yield from (path for path in named if isinstance(path, Source))


def sha256(path: Path) -> str:
    """Hash a file; a folder by the names and hashes of the files in it."""
    if path.is_dir():
        lines = [f"{p.relative_to(path).as_posix()} {sha256(p)}" for p in _inside(path)]
        return hashlib.sha256(os.fsencode("\n".join(lines))).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inside(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock")


def _with_parts(named: Iterable[Path]) -> list[Path]:
    """The files that are there, each followed by the parts beside it."""
    found: dict[Path, None] = {}
    listed: dict[Path, dict[str, list[str]]] = {}
    for path in named:
        if not os.path.lexists(path):
            continue  # whoever reads it says so
        found[path] = None
        if path.parent not in listed:
            listed[path.parent] = _names(path.parent)
        for part in _parts(path):
            for name in listed[path.parent].get(part.casefold(), ()):
                if not _is_empty_log(path.parent / name):
                    found[path.parent / name] = None
    return list(found)


def _is_empty_log(part: Path) -> bool:
    """SQLite makes empty logs where somebody only reads."""
    if not part.name.endswith(("-wal", "-journal")):
        return False
    state = part.stat()
    return stat.S_ISREG(state.st_mode) and state.st_size == 0


def _names(folder: Path) -> dict[str, list[str]]:
    """Names in a folder by their lower case, in which parts are looked for."""
    names: dict[str, list[str]] = {}
    try:
        for path in sorted(folder.iterdir()):
            names.setdefault(path.name.casefold(), []).append(path.name)
    except OSError:
        return {}  # a folder that may be passed and not listed
    return names


def _parts(path: Path) -> list[str]:
    """Names that parts of a file would have."""
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
        raise OutsideError(f"{path} cannot be read ({error.strerror or error}).") from error


def _signs(path: Path) -> tuple[object, ...]:
    """What the system tells of a file, or of all files in a folder; times last."""
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
    """Whether the content is another; the system's signs spare hashing it again."""
    try:
        if not before.recent and _signs(path) == before.signs:
            return False
        return sha256(path) != before.sha256
    except OSError:
        return True
