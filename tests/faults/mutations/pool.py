"""
Workers that try inputs, one after another in one process each; one that dies is a finding.

A worker is a fork, so it costs no start of the interpreter; it is watched from outside, as what
hangs or dies in a library cannot say so itself.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tests.faults.mutations.trial import MOST_BYTES, Outcome, shut_off, tried, warm_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_S = 60.0
_WARM_S = 600.0
"""A first run may compile what no cache holds yet."""
_MOST_AT_ONCE = 2 * MOST_BYTES
_MOST_ADDRESSES = 6 * MOST_BYTES
"""A worker that takes more, or more addresses beyond its own, ends before the machine suffers."""
_TASKS = 600
"""Inputs of one worker; then a fresh one goes on."""

Task = tuple[str, int]


@dataclass
class _Worker:
    pid: int
    end: Connection
    log: Path
    task: Task | None = None
    warm: bool = False
    since: float = field(default_factory=time.monotonic)
    done: int = 0
    killed: str = ""


@dataclass
class Pool:
    """Some workers in a folder."""

    folder: Path
    count: int
    workers: list[_Worker] = field(default_factory=list)
    _number: int = 0

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """Outcomes of all tasks, as they come."""
        waiting = list(reversed(tasks))
        self.workers = [self._start() for _ in range(min(self.count, len(tasks)))]
        try:
            while any(worker.task is not None or not worker.warm for worker in self.workers):
                ready = wait([worker.end for worker in self.workers], timeout=0.2)
                for place, worker in enumerate(self.workers):
                    if worker.end in ready:
                        yield from self._heard(place, waiting)
                    else:
                        _watch(worker)
        finally:
            for worker in self.workers:
                _end(worker)

    def _heard(self, place: int, waiting: list[Task]) -> Iterator[Outcome]:
        worker = self.workers[place]
        try:
            outcome: Outcome | None = worker.end.recv()
        except (EOFError, ConnectionResetError):
            assert worker.warm, worker.log.read_text("utf-8", "replace")
            if worker.task is not None:
                yield _dead(worker)
            _end(worker)
            self.workers[place] = self._start()
            return
        if outcome is None:
            worker.warm = True
        else:
            yield outcome
            worker.done += 1
            if worker.done >= _TASKS and waiting:
                _end(worker)
                self.workers[place] = self._start()
                return
        self._give(worker, waiting)

    def _give(self, worker: _Worker, waiting: list[Task]) -> None:
        worker.task = waiting.pop() if waiting else None
        worker.since = time.monotonic()
        if worker.task is not None:
            with suppress(OSError):  # it has died: its end says so
                worker.end.send(worker.task)

    def _start(self) -> _Worker:
        self._number += 1
        home = self.folder / f"worker {self._number}"
        home.mkdir()
        ours, theirs = Pipe()
        others = [worker.end for worker in self.workers]
        pid = os.fork()
        if pid == 0:
            for end in (ours, *others):
                with suppress(OSError):
                    end.close()
            _work(theirs, home)
        theirs.close()
        return _Worker(pid, ours, home / "log")


def _watch(worker: _Worker) -> None:
    longest_s = LONGEST_S if worker.warm else _WARM_S
    if worker.task is None and worker.warm:
        return
    if time.monotonic() - worker.since > longest_s:
        worker.killed = "hangs"
    elif _bytes_of(worker.pid) > _MOST_AT_ONCE:
        worker.killed = "over memory"
    if worker.killed:
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGABRT if worker.killed == "hangs" else signal.SIGKILL)
            time.sleep(0.2)  # where it hangs stands in its log
            os.kill(worker.pid, signal.SIGKILL)


def _bytes_of(pid: int) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * 4096
    return 0


def _dead(worker: _Worker) -> Outcome:
    """What the log of a dead worker says of its last input."""
    assert worker.task is not None
    log = worker.log.read_text("utf-8", "replace").splitlines() if worker.log.exists() else []
    lines = [line.strip() for line in log if line.strip()][-60:]
    stack = [x for x in lines if x.startswith(("File", "Fatal")) or "terminate" in x or "ERR" in x]
    return Outcome(*worker.task, -1, worker.killed or "crashes", " | ".join(stack[:12]))


def _end(worker: _Worker) -> None:
    worker.end.close()
    with suppress(ProcessLookupError):
        os.kill(worker.pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(worker.pid, 0)


def _work(end: Connection, home: Path) -> NoReturn:
    """Try what is given until nobody gives any more."""
    try:
        log = os.open(home / "log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        faulthandler.enable(file=log)
        os.environ["HOME"] = str(home)
        os.environ.pop("XDG_STATE_HOME", None)
        os.chdir(home)
        shut_off()
        warm_up(home / "warm")
        end.send(None)
        pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
        most = pages * resource.getpagesize() + _MOST_ADDRESSES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        while True:
            reader, seed = end.recv()
            os.ftruncate(log, 0)
            end.send(tried(reader, seed, home / "study"))
    except (EOFError, OSError):
        os._exit(0)
    except BaseException:  # noqa: BLE001 - a fault of the trial itself: told by its log
        import traceback

        os.write(2, b"Fatal trial\n" + traceback.format_exc().encode("utf-8", "replace"))
        os._exit(1)


def attempted(folder: Path, tasks: Sequence[Task], count: int) -> list[Outcome]:
    """A scene: try inputs with some workers; those with a fault come whole, others in short."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        one if one.fault else Outcome(one.reader, one.seed, one.code, bytes=one.bytes)
        for one in Pool(folder, count).outcomes(tasks)
    ]
