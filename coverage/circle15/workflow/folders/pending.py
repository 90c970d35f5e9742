"""
Remember where results are being written, so that the next command can clean up after a kill.

A note is a small file with the path of a folder, in the user's state folder or, where there is
none that can be written, in the folder for temporary files. It is gone when the writing has ended.
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
    """Note a folder; None where no note can be kept, which costs nothing but the note."""
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
    """Take a note away."""
    if note is not None:
        with suppress(OSError):
            note.unlink()


def remembered() -> Iterator[tuple[Path, Path]]:
    """Every note, with the folder that it names."""
    for place in _places():
        with suppress(OSError):
            notes = sorted(place.iterdir()) if _own(place) else []
            for note in notes:
                yield note, Path(os.fsdecode(note.read_bytes()))


def _places() -> Iterator[Path]:
    with suppress(RuntimeError):  # nobody's home
        home = Path.home()
        if sys.platform == "win32":
            yield Path(os.environ.get("LOCALAPPDATA") or home, "circle15", "writing")
        elif sys.platform == "darwin":
            yield home / "Library" / "Application Support" / "circle15" / "writing"
        else:
            state = os.environ.get("XDG_STATE_HOME") or home / ".local" / "state"
            yield Path(state, "circle15", "writing")
    with suppress(OSError):  # no folder for temporary files
        own = str(os.getuid()) if hasattr(os, "getuid") else "user"
        yield Path(tempfile.gettempdir(), f"circle15-{own}")


def _own(place: Path) -> bool:
    """Whether a folder is the user's own: anybody can make one among the temporary files."""
    found = place.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return stat.S_ISDIR(found.st_mode) and mine
