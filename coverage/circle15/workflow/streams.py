"""Output, messages and signals of the program, whatever it was started with."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

from circle15.errors import Circle15Error, OutsideError
from circle15.study.names import require_utf8

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_ENDING: Final = ("SIGTERM", "SIGHUP", "SIGBREAK")
_OUT_OF_MEMORY: Final = ("cannot allocate memory", "failed to map", "bad_alloc", "out of memory")
_PIPE_WITHOUT_READER: Final = "PacifyFlushWrapper"
"""Click puts this in the place of output into a pipe that has been closed, and ends with 1."""
_LEAST_MEMORY_MB, _OF_A_THREAD_MB = 2800, 100
"""
Address space, most of it never touched: what libraries reserve, and what more for each processor.

Measured by `run` of 1,200 sites with nothing compiled before, on two processors: at 2,000 MB BLAS
failed or waited without end, at 2,250 MB the compiler ended the process twice in two, at 2,600 to
3,500 MB six of six came to their end. A thread reserves its stack, an arena and a buffer of BLAS.
"""
_NO_THREAD: Final = "can't start new thread"


def run_program(program: Callable[[], object], say: Callable[[str], None]) -> None:
    """
    Run a program that ends in an exit code; what a user can cause or meet is said in one line.

    Parameters
    ----------
    say
        Prints a line of messages.
    """
    open_streams()
    end_in_order()
    try:
        for argument in sys.argv[1:]:
            require_utf8(argument, argument)
        try:
            program()
        finally:
            flush_streams()
    except SystemExit:
        if type(sys.stdout).__name__ == _PIPE_WITHOUT_READER:
            sys.exit(3)
        raise
    except Circle15Error as error:
        _leave_with(str(error), error.exit_code, say)
    except Exception as error:
        cause = outside_cause(error)
        if cause is None:
            raise
        _leave_with(cause, 3, say)


def _leave_with(message: str, code: int, say: Callable[[str], None]) -> NoReturn:
    with suppress(OSError):  # nobody reads the messages
        if message:
            say(f"circle15: {message}")
        flush_streams()
    sys.exit(code)


def open_streams() -> None:
    """
    Open input, output and messages where the caller has closed them.

    A closed one would give its number to the next file that is opened, and what a library prints
    would be written into a result.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for good
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def end_in_order() -> None:
    """Let a signal that ends the program clean up first; the same signal again ends it at once."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)


def least_memory_mb() -> int:
    """Return the address space in which a run may begin, MB."""
    return _LEAST_MEMORY_MB + _OF_A_THREAD_MB * (os.cpu_count() or 1)


def require_memory() -> None:
    """
    Refuse a limit of memory (`ulimit -v`) in which the libraries here cannot even begin.

    They do not say so in order: BLAS interrupts the process, LLVM aborts it.

    Raises
    ------
    OutsideError
        If the limit is below what is reserved for any study.
    """
    if sys.platform == "win32":
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY and allowed < least_memory_mb() * 1_000_000:
        raise OutsideError(
            f"not enough memory: the system allows this process {allowed // 1_000_000:,} MB "
            f"(ulimit -v), and circle15 reserves {least_memory_mb():,} MB, most of it never used."
        )


def flush_streams() -> None:
    """
    Write out what is still held back.

    Raises
    ------
    OSError
        If it cannot be written, as into a full disk or a pipe that nobody reads any more.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                _close_quietly(stream.fileno())
            raise


def _close_quietly(number: int) -> None:
    """Turn a stream that cannot be written into nothing, so that nothing fails at the end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)


def outside_cause(error: Exception) -> str | None:
    """
    Say what outside the program an error comes from; empty for nothing to say, None if nothing.

    Errors of the disk name their file; of memory and threads the system's limits are the cause,
    also where a library could not be loaded.
    """
    text = str(error).lower()
    if isinstance(error, MemoryError) or any(word in text for word in _OUT_OF_MEMORY):
        return "not enough memory for this study."
    if isinstance(error, RuntimeError) and _NO_THREAD in text:
        return "the system allows no more threads or processes (or memory for them)."
    if isinstance(error, ImportError) and os.strerror(errno.EMFILE).lower() in text:
        return "the system allows no more open files."
    if not isinstance(error, OSError):
        return None
    if error.errno == errno.EPIPE:
        return ""
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"
