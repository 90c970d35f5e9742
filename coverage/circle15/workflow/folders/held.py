"""Replace results as a whole: a run that fails leaves the earlier results unchanged."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import signal
import stat
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import Circle15Error, InputDataError, OutsideError, clause
from circle15.study.names import readable_name, require_printable
from circle15.workflow.folders.lock import LOCK, FolderLock, lock_folder
from circle15.workflow.folders.own_results import require_own
from circle15.workflow.folders.pending import forget, remember, remembered
from circle15.workflow.folders.replacing import (
    StuckError,
    begun,
    clear,
    replace_files,
    require_file,
    settle,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import FrameType

    from circle15.workflow.folders.own_results import Listed

_log = logging.getLogger(__name__)

_REPAIR_PATIENCE_S: Final = 0.5
"""How long a command that only cleans up waits for a killed process to end, seconds."""
_WAITING: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals deferred while files are renamed; SIGKILL cannot be, hence the journal."""
_ROOM: Final = "Free disk space, or choose another folder with --out."
_RIGHT: Final = "Get write permission for it, or choose another folder with --out."
_OPEN: Final = "Close programs that have its files open, or choose another folder with --out."
_MENDS: Final = {
    getattr(errno, name): mend
    for mend, names in (
        (_ROOM, ("ENOSPC", "EDQUOT", "EFBIG")),
        (_OPEN, ("EACCES", "EPERM", "EBUSY", "ETXTBSY")),
    )
    for name in names
    if hasattr(errno, name)
}
"""What to do, by error number of the system."""


@dataclass(frozen=True)
class ResultsFolder:
    """A folder for results that is locked by this process."""

    path: Path
    names: tuple[str, ...]
    lock: FolderLock
    listed: Listed | None = None
    half_placed: tuple[str, ...] = ()
    """Results of a killed run whose replacement was begun and could not be finished."""

    def require_own(self, inputs: Iterable[Path] = ()) -> None:
        """
        Refuse to replace inputs, or files that are no results.

        Raises
        ------
        InputDataError
            See `own_results.require_own`.
        """
        if self.listed is not None:
            own = {*self.listed(self.path, self.names), *self.half_placed}
            require_own(self.path, self.names, own, inputs)

    @contextmanager
    def replacing(self) -> Iterator[Path]:
        """
        Yield a folder for new results, and move them into place at the end.

        Earlier results that are not written again are removed; other files in the folder stay.
        If the body raises, the earlier results stay unchanged.

        Raises
        ------
        InputDataError
            If a file that is no result would be replaced.
        OutsideError
            If the files cannot be written: disk full, no permission, or a result is open in
            another program.
        """
        earlier = any(os.path.lexists(self.path / name) for name in self.names)
        kept = " The earlier results are unchanged." if earlier else ""
        work = self._work_folder()
        try:
            yield work
            self.require_own()  # such a file may have appeared meanwhile
            with _signals_wait():
                replace_files(self.path, work, self.names)
        except StuckError as error:
            raise OutsideError(
                f"{self.path}: only some of the results have been replaced ({_said(error)}); "
                "close programs that have its files open, and run again."
            ) from error
        except OutsideError as error:
            raise OutsideError(f"{error}{kept}") from error
        except OSError as error:
            raise OutsideError(f"{_unwritable(self.path, error)}{kept}") from error
        finally:
            with _signals_wait():
                _clean_up(self.lock)

    def _work_folder(self) -> Path:
        work = self.path / f".circle15-{secrets.token_hex(8)}"
        try:
            self.lock.note(work.name, self.lock.stale)
            work.mkdir()
            # All who may write into the results folder can then clean it up after a kill.
            mode = stat.S_IMODE(self.path.stat().st_mode)
            with suppress(OSError):
                work.chmod(mode | 0o700)
        except OSError as error:
            self.lock.work = None
            raise _unwritable(self.path, error) from error
        return work


def require_folder(target: Path) -> Path:
    """
    Refuse a target that is not a folder, before a run has cost time.

    Returns
    -------
    The resolved folder, if the target is a link; it need not exist.

    Raises
    ------
    InputDataError
        If the target is a file, or its path cannot be resolved.
    """
    try:
        folder = readable_name(target).resolve()
        readable_name(folder)
    except InputDataError:
        raise
    except (RuntimeError, OSError) as error:  # a loop of links
        raise InputDataError(
            f"cannot be resolved ({clause(error)}).",
            file=target,
            mend="Choose another folder with --out.",
        ) from None
    try:
        is_file = folder.exists() and not folder.is_dir()
    except OSError as error:
        raise _unwritable(target, error) from error
    if is_file:
        raise InputDataError("is a file.", file=target, mend="Choose a folder with --out.")
    require_printable(folder)
    return folder


@contextmanager
def held(
    target: Path, names: Sequence[str], *, listed: Listed | None = None
) -> Iterator[ResultsFolder]:
    """
    Create and lock a folder for results.

    The replacement of a killed run is finished or undone first. A folder created here is removed
    again if nothing was written.

    Parameters
    ----------
    target
        The folder, or a link to it.
    names
        Files that the caller writes; the last one is moved into place last.
    listed
        Returns which of `names` are results of an earlier run; None takes all as such.

    Raises
    ------
    InputDataError
        If the target is a file.
    OutsideError
        If the folder cannot be written, or another run is writing into it.
    """
    folder = require_folder(target)
    made: list[Path] = []
    try:
        made = _make(folder)
        lock = lock_folder(folder)
    except OSError as error:
        _remove(made)
        raise _unwritable(target, error, begun=False) from error
    except Circle15Error:
        _remove(made)
        raise
    assert lock is not None
    note = None
    try:
        try:
            _clean_up(lock)
            half_placed = begun(folder / lock.work) if lock.work else ()
            lock.note(None, (*((lock.work,) if lock.work else ()), *lock.stale))
            for name in names:
                require_file(folder / name)
        except OSError as error:
            raise _unwritable(target, error) from error
        note = remember(folder)
        yield ResultsFolder(folder, tuple(names), lock, listed, half_placed)
    finally:
        lock.release()
        if not lock.work and not lock.stale:
            forget(note)
        _remove(made)


def repair(target: Path) -> None:
    """
    Finish or undo the replacement of a killed run; do nothing while a run is writing there.

    What cannot be cleaned up is logged as a warning.
    """
    try:
        lock = lock_folder(target.resolve(), make=False, patience_s=_REPAIR_PATIENCE_S)
    except (Circle15Error, OSError, RuntimeError):
        return
    if lock is not None:
        _clean_up(lock)
        lock.release()


def repair_all() -> None:
    """Repair every folder in which a run of this user was killed, by the notes in `pending`."""
    for note, folder in remembered():
        repair(folder)
        if not os.path.lexists(folder / LOCK):
            forget(note)


def _clean_up(lock: FolderLock) -> None:
    """Settle the work folder of a lock and clear older ones; log those that cannot be removed."""
    left = []
    for name in ((lock.work,) if lock.work else ()) + lock.stale:
        work = lock.folder / name
        try:
            if work.is_symlink() or not work.is_dir():
                continue
            if name == lock.work:
                settle(lock.folder, work)
            else:
                clear(work)
        except OSError as error:
            left.append(name)
            _log.warning(
                "%s was left by an interrupted run and cannot be removed (%s).", work, _said(error)
            )
    lock.work = lock.work if lock.work in left else None
    lock.stale = tuple(name for name in left if name != lock.work)


def _make(folder: Path) -> list[Path]:
    """Create a folder and its parents; return the new ones, the outermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    made: list[Path] = []
    try:
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            made.append(one)
    except OSError:
        _remove(made)
        raise
    return made


def _remove(made: list[Path]) -> None:
    """Remove created folders that are empty."""
    for one in reversed(made):
        with suppress(OSError):
            one.rmdir()


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Defer signals until the end of the body."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def remember_it(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before: dict[int, Any] = {}
    for name in _WAITING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in {None, signal.SIG_IGN}:
            before[number] = signal.signal(number, remember_it)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _unwritable(target: Path, error: OSError, *, begun: bool = True) -> OutsideError:
    """Return the error for a folder that cannot be written.

    Before writing has begun, "permission denied" cannot mean that a file is open elsewhere.
    """
    mend = _MENDS.get(error.errno or 0, "Choose another folder with --out.")
    mend = mend if begun or mend != _OPEN else _RIGHT
    return OutsideError(f"{target} cannot be written ({_said(error)}). {mend}")


def _said(error: OSError) -> str:
    if not error.strerror:
        return str(error)
    return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
