"""A piece of work in a process of its own, where the system can fork one and has a core for it."""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import signal
import sys
import time
import traceback
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from circle15.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Work = Callable[[], object]


_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of Linux."""


@contextmanager
def beside(work: Work, *, processes: int) -> Iterator[Callable[[], float]]:
    """
    Let work that ends in files go on while the body does something else.

    Parameters
    ----------
    work
        Sees all that was in memory when it began. What it changes in memory may be lost.
    processes
        With 2 it goes on in a forked process: on Linux, where this process may use a second
        core. The caller has no thread that could hold a lock which the work needs: in the copy
        nobody would ever free it. Otherwise the work is done when its end is asked for.

    Yields
    ------
    A function that waits for the end, returns how many seconds the work took, and raises what it
    raised, OutsideError if the system ended the process. If the body fails, the work is ended
    with it.
    """
    if processes < 2 or sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield lambda: _seconds_of(work)
        return
    child = _Child(work)
    try:
        yield child.finish
    finally:
        child.stop()


class _Child:
    """A forked process that does one piece of work."""

    def __init__(self, work: Work) -> None:
        self._end, theirs = os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # Python warns of every fork of a process with threads; those of BLAS know of forks.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid: int | None = os.fork()
        if self._pid == 0:
            _end_with(parent)
            _leave_signals()
            _carry(work, theirs)
        os.close(theirs)

    def finish(self) -> float:
        """Wait for the end; return the seconds that the work took, or raise what it raised."""
        with os.fdopen(os.dup(self._end), "rb") as end:
            sent = end.read()
        status = self._gone()
        if not sent:
            raise OutsideError(
                f"a process that writes results was ended by the system ({_cause(status)}); "
                "perhaps memory has run out."
            )
        found: float | BaseException = pickle.loads(sent)
        if isinstance(found, BaseException):
            raise found
        return found

    def stop(self) -> None:
        """End the process if it still runs."""
        os.close(self._end)
        if self._pid is not None:
            os.kill(self._pid, signal.SIGKILL)
            self._gone()

    def _gone(self) -> int:
        assert self._pid is not None, "the end is asked for once"
        _, status = os.waitpid(self._pid, 0)
        self._pid = None
        return status


def _end_with(parent: int) -> None:
    """Let the system end this process when its parent ends: nobody would use its files."""
    set_option = getattr(ctypes.CDLL(None), "prctl", None)
    if set_option is not None:
        set_option(_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it has ended before
        os._exit(1)


def _seconds_of(work: Work) -> float:
    """Do some work and return how long it took."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _leave_signals() -> None:
    """Die of signals like any process; Ctrl-C, which goes to both, is the parent's to obey."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _carry(work: Work, end: int) -> None:
    """Do the work and send what it raised; leave without the parent's business at its exit."""
    # What the parent has thrown away may belong to a thread, such as a reader of a file: taken
    # apart here, where there is no such thread, it would take this process with it.
    gc.freeze()
    try:
        try:
            sent = pickle.dumps(_seconds_of(work))
        except BaseException as error:  # noqa: BLE001 - the parent raises it
            sent = _packed(error)
        with os.fdopen(end, "wb") as pipe:
            pipe.write(sent)
    finally:
        os._exit(0)


def _packed(error: BaseException) -> bytes:
    """Pickle an error; one that cannot be pickled is told in words."""
    trace = traceback.format_exc()
    error.add_note(trace)
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:  # noqa: BLE001 - an error with needs of its own raises anything here
        return pickle.dumps(RuntimeError(trace))
    return packed


def _cause(status: int) -> str:
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return f"exit code {os.WEXITSTATUS(status)}"
