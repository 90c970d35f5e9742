"""Standard streams, signals, memory limits and exit codes of the program."""

from __future__ import annotations

import _thread
import errno
import gc
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

from circle15.errors import NO_MEMORY, Circle15Error, OutsideError, is_of_memory
from circle15.study.names import require_utf8

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_ENDING: Final = ("SIGTERM", "SIGHUP", "SIGBREAK")
_OUT_OF_MEMORY: Final = ("cannot allocate memory", "failed to map", "bad_alloc", "out of memory")
_PIPE_WITHOUT_READER: Final = "PacifyFlushWrapper"
"""Click replaces stdout by this when a pipe has been closed, and exits with 1."""
_LEAST_MEMORY_MB, _OF_A_THREAD_MB = 2800, 100
"""
Address space, most of it never touched, that libraries reserve: in all, and for each processor.

Measured with `run` of 1,200 sites without compiled code, on two processors: at 2,000 MB BLAS
failed or hung, at 2,250 MB the compiler aborted in two of two runs, at 2,600 to 3,500 MB six of
six runs succeeded. Each thread reserves its stack, an arena and a BLAS buffer.
"""
_NO_THREAD: Final = "can't start new thread"
_SOON_S: Final = 0.05
_COLLECT: Final = (100_000, 20, 100)
"""Garbage-collector thresholds: commands create many records and hardly any cycles; with Python's
defaults, collection takes a tenth of a run."""


def prepare_process() -> None:
    """Set what a process that runs studies needs, before libraries are loaded."""
    gc.set_threshold(*_COLLECT)
    os.environ["PROJ_NETWORK"] = "OFF"  # PROJ never downloads datum-shift grids
    os.environ.setdefault("NUMBA_OPT", "2")  # less compile time and memory, equally fast code


def run_program(program: Callable[[], object], say: Callable[[str], None]) -> None:
    """
    Run a program and exit with a code; errors that a user can cause or meet print one line.

    Parameters
    ----------
    program
        The program to run.
    say
        Prints a message.
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
        if is_of_memory_within(error):
            _leave_with(NO_MEMORY, 3, say)
        _leave_with(str(error), error.exit_code, say)
    except Exception as error:
        cause = outside_cause(error)
        if cause is None:
            raise
        _leave_with(cause, 3, say)


def is_of_memory_within(error: BaseException) -> bool:
    """Whether an error, or one that it came from, means that there was no memory."""
    cause: BaseException | None = error
    while cause is not None:
        if is_of_memory(cause):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _leave_with(message: str, code: int, say: Callable[[str], None]) -> NoReturn:
    with suppress(OSError):  # stderr has no reader
        if message:
            say(f"circle15: {message}")
        flush_streams()
    sys.exit(code)


def open_streams() -> None:
    """
    Open stdin, stdout and stderr if the caller has closed them.

    Otherwise the next file opened would get the number of a closed stream, and what a library
    prints would be written into a result. What is printed is UTF-8, or in the encoding that
    PYTHONIOENCODING asks for; characters that it lacks become question marks.
    """
    encoding = None if os.environ.get("PYTHONIOENCODING") else "utf-8"
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - stays open
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=encoding, errors="replace")


def end_in_order() -> None:
    """Make terminating signals clean up first; the same signal again ends the program at once."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    sys.unraisablehook = _ended_again


class _AskedToEndError(SystemExit):
    """A signal asks the program to end; `code` is 128 and its number."""


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_DFL)
    raise _AskedToEndError(128 + number)


def _ended_again(lost: sys.UnraisableHookArgs) -> None:
    """Ask again, soon, for an end that a signal asked for in a finaliser: Python drops it there."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        number = signal.SIGINT
    elif isinstance(lost.exc_value, _AskedToEndError):
        number = signal.Signals(int(str(lost.exc_value.code)) - 128)
        signal.signal(number, _end)
    else:
        sys.__unraisablehook__(lost)
        return
    soon = threading.Timer(_SOON_S, _send, (number,))
    soon.daemon = True
    soon.start()


def _send(number: signal.Signals) -> None:
    """Send a signal to the main thread, which wakes from what it waits for."""
    main = threading.main_thread().ident
    if sys.platform == "win32" or main is None:
        _thread.interrupt_main(number)
    else:
        signal.pthread_kill(main, number)


def least_memory_mb() -> int:
    """Return the smallest address space in which a run can start, MB."""
    return _LEAST_MEMORY_MB + _OF_A_THREAD_MB * (os.cpu_count() or 1)


def require_memory() -> None:
    """
    Refuse a memory limit (`ulimit -v`) too low for the libraries even to start.

    They do not report it properly: BLAS interrupts the process, LLVM aborts it.

    Raises
    ------
    OutsideError
        If the limit is below the memory reserved for any study.
    """
    if sys.platform == "win32":
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    if allowed != resource.RLIM_INFINITY and allowed < least_memory_mb() * 1_000_000:
        raise OutsideError(
            f"not enough memory: the system allows this process {allowed // 1_000_000:,} MB "
            f"(ulimit -v), but circle15 reserves {least_memory_mb():,} MB, most of it never used."
        )


def flush_streams() -> None:
    """
    Flush stdout and stderr.

    Raises
    ------
    OSError
        If they cannot be written, for example a full disk or a pipe without a reader.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                _close_quietly(stream.fileno())
            raise


def _close_quietly(number: int) -> None:
    """Redirect a stream that cannot be written to the null device, so that exit does not fail."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)


def outside_cause(error: Exception) -> str | None:
    """
    Return the cause of an error outside the program; empty for a closed pipe, None if internal.

    Disk errors name their file. Limits of memory, threads or open files are also recognised when
    they keep a library from loading.
    """
    text = str(error).lower()
    if isinstance(error, MemoryError) or any(word in text for word in _OUT_OF_MEMORY):
        return NO_MEMORY
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
