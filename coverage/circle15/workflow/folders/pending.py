"""
Record where results are being written, so that the next command can clean up after a kill.

A note is a small file that holds the path of a folder. It lies in the user's state folder or, if
that cannot be written, in the temporary folder, and is removed when writing has ended.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def remember(folder: Path) -> Path | None:
    """Write a note for a folder and return its path; None if no note can be written."""
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]
    for place in _places():
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _own(place):
                continue
            note = place / name
            note.write_bytes(os.fsencode(folder))
        except OSError:
            continue
        return note
    return None


def forget(note: Path | None) -> None:
    """Remove a note."""
    if note is not None:
        with suppress(OSError):
            note.unlink()


def remembered() -> Iterator[tuple[Path, Path]]:
    """Yield every note with the folder that it names."""
    for place in _places():
        with suppress(OSError):
            notes = sorted(place.iterdir()) if _own(place) else []
            for note in notes:
                yield note, Path(os.fsdecode(note.read_bytes()))


def _places() -> Iterator[Path]:
    with suppress(RuntimeError):  # no home folder
        home = Path.home()
        if sys.platform == "win32":
            yield Path(os.environ.get("LOCALAPPDATA") or home, "circle15", "writing")
        elif sys.platform == "darwin":
            yield home / "Library" / "Application Support" / "circle15" / "writing"
        else:
            state = os.environ.get("XDG_STATE_HOME") or home / ".local" / "state"
            yield Path(state, "circle15", "writing")
    with suppress(OSError):  # no temporary folder
        own = str(os.getuid()) if hasattr(os, "getuid") else "user"
        yield Path(tempfile.gettempdir(), f"circle15-{own}")


def _own(place: Path) -> bool:
    """Whether a folder is owned by the user; others can create folders in the temporary folder."""
    found = place.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return stat.S_ISDIR(found.st_mode) and mine
