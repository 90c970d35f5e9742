"""
Lock a folder for writing, with a lock that the system frees when its process ends in any way.

The lock is a file in the folder that names the process, the machine and the work folder. The
operating system's lock on that file decides; on file systems without locks, whether the named
process is alive. An unlocked file was left by a killed run, and names what must be cleaned up.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import platform
import re
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from circle15._version import __version__
from circle15.errors import InputDataError, OutsideError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path

LOCK: Final = ".circle15.lock"
WORK: Final = re.compile(r"\.circle15-[0-9a-f]{16}")
"""Names of work folders."""
_MARK: Final = b'{"circle15"'
PATIENCE_S: Final = 2.0
"""How long to wait for a process that was killed or is about to end, seconds."""
_HELD: Final = frozenset({errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})
_LONGEST: Final = 10_000
_LOCKED_BYTE: Final = 1_000_000
"""Windows locks bytes, which then cannot be read, so a byte beyond the content is locked."""


@dataclass
class FolderLock:
    """
    The lock of a folder, held until `release`.

    `work` is the work folder of a replacement in progress or interrupted; `stale` are older ones,
    to be removed without finishing them. At first both are as recorded by a killed holder.
    """

    folder: Path
    handle: int
    work: str | None = None
    stale: tuple[str, ...] = ()

    def note(self, work: str | None, stale: tuple[str, ...]) -> None:
        """
        Record the holder and the names of work folders in the lock file.

        Raises
        ------
        OSError
            If the file cannot be written, for example on a full disk.
        """
        record = {
            "circle15": __version__,
            "pid": os.getpid(),
            "host": platform.node(),
            "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "work": work,
            "stale": stale,
        }
        content = json.dumps(record).encode()
        os.lseek(self.handle, 0, os.SEEK_SET)
        if os.write(self.handle, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.folder / LOCK))
        os.ftruncate(self.handle, len(content))
        os.fsync(self.handle)
        self.work, self.stale = work, stale

    def release(self) -> None:
        """Release the lock; its file stays only if something is left to clean up."""
        keep_file = bool(self.work or self.stale)
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(self.handle)
            if not keep_file:
                with suppress(OSError):
                    (self.folder / LOCK).unlink()
            return
        if not keep_file:
            with suppress(OSError):
                (self.folder / LOCK).unlink()
        os.close(self.handle)


def lock_folder(
    folder: Path, *, make: bool = True, patience_s: float = PATIENCE_S
) -> FolderLock | None:
    """
    Take the lock of a folder.

    Parameters
    ----------
    make
        Whether to create a missing lock file; if not, None is returned.
    patience_s
        How long to wait for another process to end, seconds.

    Raises
    ------
    OutsideError
        If another process is writing into the folder.
    InputDataError
        If the name of the lock is taken by something else.
    OSError
        If the folder cannot be written.
    """
    path = folder / LOCK
    until = time.monotonic() + patience_s
    while True:
        try:
            handle = _opened(path, make=make)
        except FileNotFoundError:
            if make:
                raise
            return None
        try:
            free = _locked(handle)
            left = _record(handle, path)
            if free is None:  # no locks on this file system
                free = left is None or not _alive(left)
            if free and _is_still(handle, path):
                return FolderLock(folder, handle, *_left(left))
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if not free:
            if time.monotonic() > until:
                raise OutsideError(_held_by(folder, left))
            time.sleep(0.05)


def _opened(path: Path, *, make: bool) -> int:
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if not stat.S_ISREG(mode):
        raise _no_lock(path)
    try:
        return os.open(path, flags | (os.O_CREAT if make else 0), 0o666)
    except PermissionError:
        # Left by another user's killed run: those who may write into the folder may replace it.
        if not path.exists():
            raise
        handle = os.open(path, flags & ~os.O_RDWR)
        try:
            if _locked(handle):
                _record(handle, path)
                path.unlink()
        finally:
            os.close(handle)
        return os.open(path, flags | os.O_CREAT, 0o666)


def _locked(handle: int) -> bool | None:
    """Try to take the operating system's lock; None if the file system has no locks."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _HELD else None
    return True


def _is_still(handle: int, path: Path) -> bool:
    """Whether the path still refers to the locked file; its last holder may have removed it."""
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _record(handle: int, path: Path) -> dict[str, Any] | None:
    """Read the record of the last holder; None if it is missing or incomplete."""
    os.lseek(handle, 0, os.SEEK_SET)
    content = os.read(handle, _LONGEST)
    if content and not content.startswith(_MARK):
        raise _no_lock(path)
    try:
        record = json.loads(content)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _left(record: dict[str, Any] | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the work folders named in a record; other names are ignored."""
    found = record or {}
    stale = found.get("stale")
    names = [found.get("work"), *(stale if isinstance(stale, list) else [])]
    work, *older = [
        name if isinstance(name, str) and WORK.fullmatch(name) else None for name in names
    ]
    return work, tuple(name for name in older if name is not None)


def _no_lock(path: Path) -> InputDataError:
    return InputDataError(
        "has the name of circle15's lock file but is not one.",
        file=path,
        mend="Move it, or choose another folder with --out.",
    )


def _alive(record: dict[str, Any]) -> bool:
    """Whether the process named in a lock is running on this machine."""
    pid = record.get("pid")
    if record.get("host") != platform.node() or not isinstance(pid, int) or pid <= 0:
        return False
    if sys.platform == "win32" or pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _held_by(folder: Path, record: dict[str, Any] | None) -> str:
    who = record or {}
    by = f"process {who.get('pid')} on {who.get('host')}, since {who.get('since')}"
    return (
        f"{folder} is being written by another run of circle15 ({by if who else 'a process'}). "
        "Wait until it ends, or choose another folder with --out."
    )
