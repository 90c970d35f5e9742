"""The program that computes: its own files, the libraries, Python, and the system around it."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from circle15._version import LOADED_NS, __version__

PACKAGE: Final = Path(__file__).resolve().parents[2]
"""Folder of the package's own files."""

_COMPILED: Final = "__pycache__"
_OF_LIBRARIES: Final = (".dist-info", ".egg-info")
_STEERING: Final = ("PROJ_", "GDAL_", "OGR_", "CPL_")
"""Beginnings of the environment variables by which libraries read files and shift positions."""
_SET_BY_LIBRARIES: Final = "_CURL_CA_BUNDLE"
"""End of those that libraries set themselves, for downloads."""
_COARSE_NS: Final = 20_000_000
"""Time stamps of files may be late by a tick of the system's clock."""


@dataclass(frozen=True)
class ProgramState:
    """
    The program as it is on disk.

    Attributes
    ----------
    code
        Version, and SHA-256 over the names and contents of all files of the package.
    python
        Version of Python, system and processor.
    libraries
        Names and versions of all installed packages, sorted.
    environment
        SHA-256 over the variables that steer GDAL and PROJ.
    changed_ns
        When a file of the package, or the list of libraries, last changed.
    """

    code: str
    python: str
    libraries: tuple[str, ...]
    environment: str
    changed_ns: int

    @property
    def is_loaded(self) -> bool:
        """Whether this process has loaded the program as it is on disk."""
        return self.changed_ns + _COARSE_NS < LOADED_NS


def program_state() -> ProgramState:
    """
    Return the program as it is on disk.

    Raises
    ------
    OSError
        If files of the package cannot be read.
    """
    digest, newest = hashlib.sha256(), 0
    for path in program_files(PACKAGE):
        content = path.read_bytes()
        name = path.relative_to(PACKAGE).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
        newest = max(newest, _changed_ns(path))
    libraries: dict[str, None] = {}
    for folder in dict.fromkeys(sys.path):
        for name, changed_ns in _libraries_in(folder):
            libraries[name] = None
            newest = max(newest, changed_ns)
    return ProgramState(
        code=f"{__version__} {digest.hexdigest()}",
        python=f"{platform.python_version()} {sys.platform} {platform.machine()}",
        libraries=tuple(sorted(libraries)),
        environment=_environment(),
        changed_ns=newest,
    )


def program_files(folder: Path) -> list[Path]:
    """Return all files of the package, sorted, but those that Python and numba compile."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != _COMPILED]
        found += [Path(place, name) for name in names]
    return sorted(found)


def _libraries_in(folder: str) -> list[tuple[str, int]]:
    """Return name and version of each package installed in a folder, and when it was."""
    found = []
    try:
        with os.scandir(folder or os.curdir) as entries:
            for entry in entries:
                path = Path(entry.path)
                if path.suffix in _OF_LIBRARIES:
                    found.append((path.stem, _changed_ns(path)))
    except OSError:
        return []  # an entry of the path that is no folder, such as an archive
    return found


def _changed_ns(path: Path) -> int:
    """Return when a file was changed; on Windows, when its content was."""
    state = path.stat()
    return state.st_mtime_ns if os.name == "nt" else state.st_ctime_ns


def _environment() -> str:
    steering = sorted(
        item
        for item in os.environ.items()
        if item[0].startswith(_STEERING) and not item[0].endswith(_SET_BY_LIBRARIES)
    )
    return hashlib.sha256(repr(steering).encode("utf-8", "surrogateescape")).hexdigest()
