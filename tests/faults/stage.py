"""
Where faults are played: a process of its own that may mount, limit and kill as it likes.

A server imports circle15 once and forks a process for each scene, which costs no start. The scene
forks the commands that it calls, so that it sees how each of them ends, and gives back what came
of it. It may have its own mounts: nobody else sees them, and they end with it.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_S = 120.0
"""A command that takes longer hangs; the machine may be busy."""
MOST_BYTES = 1_000_000_000
_NEW_MOUNTS = 0x00020000


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, below 0 for a signal, and what it printed."""

    code: int
    out: str
    err: str
    bytes: int = 0
    hung: bool = False
    cpu_s: float = 0.0
    """Processor time of the command and of the processes that it has waited for."""

    @property
    def traceback(self) -> bool:
        return "Traceback" in self.err or "Traceback" in self.out

    @property
    def crashed(self) -> bool:
        """Whether it died of itself: a segmentation fault, an abort, a fault of Python's."""
        return self.code in {
            -signal.SIGSEGV,
            -signal.SIGABRT,
            -signal.SIGBUS,
            -signal.SIGFPE,
            -signal.SIGILL,
        }


def command(
    *argv: object,
    prepare: Callable[[], None] | None = None,
    watch: Callable[[int], None] | None = None,
    streams: Mapping[int, int | None] | None = None,
    longest_s: float = LONGEST_S,
) -> Ended:
    """
    Call circle15 in a fork of this process.

    Parameters
    ----------
    prepare
        Called in the new process before the command: limits, hooks, the environment.
    watch
        Called here with the number of the process, while it runs.
    streams
        Instead of the files for output and messages: a file descriptor, or None for closed.
    """
    out, err = os.memfd_create("out"), os.memfd_create("err")
    pid = os.fork()
    if pid == 0:
        _play(argv, prepare, {1: out, 2: err, **(streams or {})})
    if watch is not None:
        watch(pid)
    until = time.monotonic() + longest_s
    hung = False
    while True:
        gone, status, usage = os.wait4(pid, os.WNOHANG)
        if gone:
            break
        if time.monotonic() > until:
            hung = True
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    _none_left()
    said = []
    for file in (out, err):
        os.lseek(file, 0, os.SEEK_SET)
        with os.fdopen(file, "rb") as stream:
            said.append(stream.read().decode("utf-8", "replace"))
    code = os.waitstatus_to_exitcode(status)
    cpu_s = usage.ru_utime + usage.ru_stime
    return Ended(code, said[0], said[1], usage.ru_maxrss * 1024, hung, cpu_s)


def _play(
    argv: tuple[object, ...],
    prepare: Callable[[], None] | None,
    streams: Mapping[int, int | None],
) -> NoReturn:
    try:
        from circle15.__main__ import start

        for number, file in streams.items():
            if file is None:
                os.close(number)
            else:
                os.dup2(file, number)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - lives as long as the process
        for number, name in ((1, "stdout"), (2, "stderr")):
            closed = streams.get(number, 0) is None
            made = None if closed else open(number, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, made)
        sys.argv = ["circle15", *map(str, argv)]
        if prepare is not None:
            prepare()
        start()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
    except BaseException:  # noqa: BLE001 - what Python itself does with it
        with suppress(BaseException):
            sys.excepthook(*sys.exc_info())
        code = 1
    else:
        code = 0
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):
            stream.flush()
    os._exit(code)


def _none_left() -> None:
    """Wait for processes that a command has left behind; the system ends them with it."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def own_mounts() -> None:
    """
    Give this process mounts of its own.

    Raises
    ------
    OSError
        If the system does not allow it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_MOUNTS):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True, capture_output=True)


def mount(*arguments: object) -> None:
    """Mount in this process's own mounts."""
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)


def may_mount() -> bool:
    """Whether scenes may have mounts of their own here."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    try:
        return bool(played(_try_mounts))
    except SceneError:
        return False


def _try_mounts() -> bool:
    own_mounts()
    mount("-t", "tmpfs", "tmpfs", "/mnt")
    return True


class SceneError(AssertionError):
    """A scene did not come to its end."""


def limit(kind: int, value: int) -> None:
    """Limit what this process may use."""
    resource.setrlimit(kind, (value, value))


_PRELOADED = (
    "circle15.workflow.api",
    "circle15.workflow.zone_sheets",
    "circle15.cli",
    "circle15.output.map.html",
    "circle15.output.check.terminal",
    "circle15.workflow.doctor",
    "tests.faults.scenes",
)


def played(scene: Callable[..., Any], *arguments: object) -> Any:
    """
    Play a scene in a process of its own and return what it returns.

    Raises
    ------
    SceneError
        If it raises or dies.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_scene, args=(theirs, scene, arguments))
    process.start()
    theirs.close()
    try:
        good, came = ours.recv()
    except EOFError:
        good, came = False, "the scene died"
    finally:
        ours.close()
        process.join()
    if not good:
        raise SceneError(came)
    return came


def _scene(end: Any, scene: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    import traceback

    try:
        end.send((True, scene(*arguments)))
    except BaseException:  # noqa: BLE001 - told to who asked
        end.send((False, traceback.format_exc()))
