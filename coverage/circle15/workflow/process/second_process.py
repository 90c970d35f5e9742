"""Share pieces of work with a forked process, if the system can fork and has a second core."""

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
from typing import TYPE_CHECKING, Final, Self

from circle15.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Work = Callable[[], object]


_DEATH_SIGNAL: Final = 1
"""PR_SET_PDEATHSIG of Linux."""


@contextmanager
def beside(works: Sequence[Work], *, processes: int) -> Iterator[Callable[[], float]]:
    """
    Do pieces of work that produce files in parallel to the body of the context.

    Parameters
    ----------
    works
        Each sees the memory as of the start, and may depend on no other. Changes it makes in memory
        may be lost.
    processes
        With 2 a forked process begins with the first, on Linux if this process may use a second
        core; once the body has ended, both take what is left. No thread of the caller may hold a
        lock that the work needs, as it would never be released in the copy. Otherwise all is done
        when its end is waited for.

    Yields
    ------
    A function that takes part in the work, waits for its end, returns the seconds that all of it
    took, and raises the exception of a piece, or OutsideError if the system ended the process. If
    the body fails, the process is killed.
    """
    if processes < 2 or sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield lambda: sum(_seconds_of(work) for work in works)
        return
    first, *later = works
    with _Waiting(later) as waiting:
        child = _Child(lambda: _seconds_of(first) + waiting.done_in_turn())
        try:
            yield lambda: waiting.done_in_turn() + child.finish()
        finally:
            child.stop()


class _Waiting:
    """
    Pieces of work that have not begun, for two processes.

    Their numbers wait in a pipe, which gives each byte once, to whoever reads first.
    """

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = works
        self._numbers, numbers = os.pipe()
        os.write(numbers, bytes(range(len(works))))
        os.close(numbers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._numbers)

    def done_in_turn(self) -> float:
        """Do one piece after the other until none waits; return the seconds that it took."""
        took = 0.0
        while number := os.read(self._numbers, 1):
            took += _seconds_of(self._works[number[0]])
        return took


class _Child:
    """A forked process that does some work and sends the seconds that it took."""

    def __init__(self, work: Callable[[], float]) -> None:
        self._end, theirs = os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # Python warns of every fork of a process with threads; BLAS threads handle forks.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid: int | None = os.fork()
        if self._pid == 0:
            _end_with(parent)
            _leave_signals()
            _carry(work, theirs)
        os.close(theirs)

    def finish(self) -> float:
        """Wait for the end; return the seconds that the work took, or raise its exception."""
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
        """Kill the process if it is still running."""
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
    """Let the system kill this process when its parent ends, as its files would be of no use."""
    set_option = getattr(ctypes.CDLL(None), "prctl", None)
    if set_option is not None:
        set_option(_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # the parent has already ended
        os._exit(1)


def _seconds_of(work: Work) -> float:
    """Do some work and return the seconds it took."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _leave_signals() -> None:
    """Reset signal handlers; Ctrl-C, which reaches both processes, is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _carry(work: Callable[[], float], end: int) -> None:
    """Do the work, send its seconds or exception, and exit without the parent's exit handlers."""
    # Garbage of the parent may belong to a thread, such as a reader of a file. Collecting it here,
    # where that thread does not exist, would crash this process.
    gc.freeze()
    try:
        try:
            sent = pickle.dumps(work())
        except BaseException as error:  # noqa: BLE001 - the parent raises it
            sent = _packed(error)
        with os.fdopen(end, "wb") as pipe:
            pipe.write(sent)
    finally:
        os._exit(0)


def _packed(error: BaseException) -> bytes:
    """Pickle an error; one that cannot be pickled becomes a RuntimeError with its traceback."""
    trace = traceback.format_exc()
    error.add_note(trace)
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:  # noqa: BLE001 - pickling may raise anything
        return pickle.dumps(RuntimeError(trace))
    return packed


def _cause(status: int) -> str:
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return f"exit code {os.WEXITSTATUS(status)}"
