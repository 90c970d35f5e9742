"""
Replace files of a folder by new ones, all of them or none, even if the process is killed.

New files are written into a work folder inside the folder, so that they are on the same file
system even if the folder is a mount or a link, or its parent cannot be written. When all are
written, a journal in the work folder lists them; from then on the replacement is decided. Each
file is renamed into place, and the earlier one is kept in the work folder until the end. If a
journal is found later, the replacement is finished or, if the system refuses, undone. Files not
listed in the journal are never touched.

A folder `history/NAME` in the work folder, with what is to be kept of the earlier files, is renamed
into `history` of the folder in the same step.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_JOURNAL: Final = "journal.json"
_PLAIN: Final = re.compile(r"\w[\w.-]*")
"""Valid names of results; a journal with other names is ignored."""
HISTORY: Final = "history"
"""Folder of what is kept of earlier results."""
_EARLIER: Final = "earlier."
"""Prefix of the earlier files in the work folder."""


@dataclass(frozen=True)
class Journal:
    """Names of a replacement: the new files in order, the earlier ones, folders of the history."""

    new: tuple[str, ...]
    earlier: tuple[str, ...]
    kept: tuple[str, ...] = ()

    @property
    def dropped(self) -> tuple[str, ...]:
        """Names of earlier files that are not written again."""
        return tuple(name for name in self.earlier if name not in self.new)


class StuckError(OSError):
    """A replacement could be neither finished nor undone; the journal stays for the next try."""


def replace_files(folder: Path, work: Path, names: Sequence[str]) -> None:
    """
    Replace the files of `folder` by those of `work`.

    Parameters
    ----------
    folder
        Folder with the earlier files.
    work
        Folder inside it with the new files.
    names
        Files that belong to the results; the last one is replaced last. A file that is in
        `folder` but not in `work` is removed.

    Raises
    ------
    OSError
        If a file cannot be replaced; the earlier files are back in place then.
    """
    journal = Journal(
        tuple(name for name in names if (work / name).is_file()),
        tuple(name for name in names if os.path.lexists(folder / name)),
        tuple(path.name for path in _inside(work / HISTORY)),
    )
    for name in journal.new:
        _flush(work / name)
    for name in journal.kept:
        for path in _inside(work / HISTORY / name):
            _flush(path)
    for name in journal.earlier:
        require_file(folder / name)
        if name in journal.new:
            _keep_mode(folder / name, work / name)
    _write_journal(work, journal)
    try:
        _forward_or_back(folder, work, journal)
    except StuckError:
        raise
    except OSError:
        (work / _JOURNAL).unlink()
        raise


def settle(folder: Path, work: Path) -> None:
    """
    Finish or undo an interrupted replacement, and clear its work folder.

    Raises
    ------
    OSError
        If the work folder cannot be cleared, or the replacement neither finished nor undone.
    """
    journal = _read_journal(work)
    if journal is not None:
        try:
            _forward_or_back(folder, work, journal)
        except StuckError:
            raise
        except OSError:
            pass  # the earlier files are back in place
    clear(work)


def begun(work: Path) -> tuple[str, ...]:
    """Return the new files of an interrupted replacement that is not settled."""
    journal = _read_journal(work)
    return () if journal is None else journal.new


def require_file(place: Path) -> None:
    """
    Refuse to replace anything but a file or a link, such as a folder, a socket or a device.

    Raises
    ------
    OSError
        If the path is something else.
    """
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
        raise OSError(errno.EEXIST, "is not a file", str(place))


def clear(work: Path) -> None:
    """
    Remove a work folder and the plain files in it.

    The journal is removed first, so that the rest has no meaning if the process is killed here.

    Raises
    ------
    OSError
        If something in the folder cannot be removed.
    """
    (work / _JOURNAL).unlink(missing_ok=True)
    for kept in _inside(work / HISTORY):
        _clear_files(kept)
    _clear_files(work / HISTORY)
    _clear_files(work)


def _clear_files(folder: Path) -> None:
    """Remove a folder and the plain files in it, if it is there."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for entry in _inside(folder):
        if entry.is_symlink() or entry.is_file():
            entry.unlink()
    folder.rmdir()


def _inside(folder: Path) -> list[Path]:
    """Return what is in a folder; nothing if it is none."""
    return sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []


def _forward_or_back(folder: Path, work: Path, journal: Journal) -> None:
    """Move all new files into place; if the system refuses one, undo all and raise."""
    try:
        for name in journal.kept:
            _keep_forward(folder, work, name)
        for name in (*journal.dropped, *journal.new):
            _forward(folder, work, name, journal)
    except OSError as error:
        stuck = []
        for name in reversed((*journal.dropped, *journal.new)):
            try:
                _back(folder, work, name, journal)
            except OSError:
                stuck.append(name)
        for name in journal.kept:
            try:
                _keep_back(folder, work, name)
            except OSError:
                stuck.append(f"{HISTORY}/{name}")
        if stuck:
            raise StuckError(error.errno, error.strerror, str(folder / stuck[0])) from error
        raise
    _flush_folder(folder)


def _forward(folder: Path, work: Path, name: str, journal: Journal) -> None:
    new, place, earlier = work / name, folder / name, work / f"{_EARLIER}{name}"
    if name in journal.new and not new.exists():
        return  # already done
    if name in journal.earlier and not os.path.lexists(earlier) and os.path.lexists(place):
        if name in journal.dropped:
            place.rename(earlier)
        else:
            _keep(place, earlier)
    if name in journal.new:
        new.replace(place)


def _back(folder: Path, work: Path, name: str, journal: Journal) -> None:
    new, place, earlier = work / name, folder / name, work / f"{_EARLIER}{name}"
    if os.path.lexists(earlier):
        earlier.replace(place)
    elif name not in journal.earlier and not new.exists() and place.exists():
        place.replace(new)


def _keep_forward(folder: Path, work: Path, name: str) -> None:
    """Move what is kept of the earlier results into the history."""
    if (work / HISTORY / name).is_dir():
        (folder / HISTORY).mkdir(exist_ok=True)
        for new in (folder / HISTORY, work / HISTORY / name):  # who may write here may there
            with suppress(OSError):
                new.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o700)
        (work / HISTORY / name).rename(folder / HISTORY / name)


def _keep_back(folder: Path, work: Path, name: str) -> None:
    if (folder / HISTORY / name).is_dir() and not (work / HISTORY / name).exists():
        (folder / HISTORY / name).rename(work / HISTORY / name)
        with suppress(OSError):  # others are kept
            (folder / HISTORY).rmdir()


def _keep(place: Path, earlier: Path) -> None:
    """Hard-link a file, so that its name is never missing; where that is not possible, move it."""
    try:
        os.link(place, earlier, follow_symlinks=False)
    except (OSError, NotImplementedError):
        place.rename(earlier)


def _keep_mode(place: Path, new: Path) -> None:
    """Copy the mode of the earlier file to the new one, and its owner and group if allowed."""
    before, after = place.lstat(), new.stat()
    if not stat.S_ISREG(before.st_mode):
        return
    if hasattr(os, "chown") and (before.st_uid, before.st_gid) != (after.st_uid, after.st_gid):
        for owner in (before.st_uid, -1):
            with suppress(OSError):
                os.chown(new, owner, before.st_gid)
                break
    if stat.S_IMODE(before.st_mode) != stat.S_IMODE(after.st_mode):
        with suppress(OSError):
            new.chmod(stat.S_IMODE(before.st_mode))


def _write_journal(work: Path, journal: Journal) -> None:
    """Write the journal atomically, as its existence decides the replacement."""
    draft = work / f"{_JOURNAL}.draft"
    text = json.dumps({"new": journal.new, "earlier": journal.earlier, "kept": journal.kept})
    draft.write_text(text, encoding="utf-8")
    _flush(draft)
    draft.replace(work / _JOURNAL)
    _flush_folder(work)


def _read_journal(work: Path) -> Journal | None:
    """Read the journal; None if there is none or it is not valid."""
    try:
        found = json.loads((work / _JOURNAL).read_text("utf-8"))
        new, earlier = list(found["new"]), list(found["earlier"])
        kept = list(found.get("kept", ()))  # of an older version, none
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    names = (*new, *earlier, *kept)
    plain = all(isinstance(name, str) and _PLAIN.fullmatch(name) for name in names)
    return Journal(tuple(new), tuple(earlier), tuple(kept)) if plain else None


def _flush(path: Path) -> None:
    """
    Flush a file to disk; network shares report only then that they are full.

    Raises
    ------
    OSError
        If the disk is full or fails.
    """
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH:
            raise
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    """Flush the entries of a folder, where possible: not on Windows, nor without read access."""
    with suppress(OSError):
        _flush(folder)


_CANNOT_FLUSH: Final = frozenset(
    getattr(errno, name) for name in ("EINVAL", "ENOTSUP", "EBADF", "EROFS") if hasattr(errno, name)
)
"""Error numbers of file systems that do not support flushing."""
