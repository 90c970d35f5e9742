"""Studies in processes of this host; one that is killed is replaced."""

from __future__ import annotations

import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for
from typing import TYPE_CHECKING, Any, Final

from circle15.workflow.batch.crews import Ended, Lost, Room, Stage
from circle15.workflow.batch.tasks import Outcome, run_task
from circle15.workflow.process.streams import end_in_order, prepare_process

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

    from circle15.workflow.batch.crews import Event
    from circle15.workflow.batch.tasks import Task

_START: Final = multiprocessing.get_context("spawn")
"""A new interpreter: a fork would copy threads of libraries and the locks that they hold."""
_PATIENCE_S: Final = 5.0
"""How long a process that is asked to end may take, seconds."""


@dataclass
class _Worker:
    process: Any
    connection: Connection
    task: Task | None = None


class WorkerProcesses:
    """
    Processes of this host, begun when they are needed.

    Parameters
    ----------
    number
        How many at once.
    memory
        Bytes that all may take together.
    of_worker
        Bytes that each may take; None: as much as all together.
    """

    def __init__(self, number: int, memory: int, of_worker: int | None = None) -> None:
        own = memory if of_worker is None else of_worker
        self._room = Room(
            {str(k + 1): own for k in range(number)},
            together=memory if of_worker is None else own * number,
        )
        self._workers: dict[str, _Worker] = {}

    def room(self) -> Room:
        """Return all places for workers; they share the memory of the host."""
        return self._room

    def begin(self, worker: str, task: Task) -> None:
        """Give a study to a process, which is begun if it is not there."""
        place = self._workers.get(worker) or self._begun(worker)
        place.task = task
        place.connection.send(task)

    def wait(self, seconds: float) -> Sequence[Event]:
        """Wait for reports of the processes, and for the end of one."""
        by_end = {}
        for name, one in self._workers.items():
            by_end[one.connection] = by_end[one.process.sentinel] = name
        names = {by_end[end] for end in wait_for(list(by_end), seconds)}
        return [event for name in sorted(names) for event in self._heard(name)]

    def close(self) -> None:
        """End all processes, also those that run a study."""
        for one in self._workers.values():
            if one.task is not None:
                one.process.terminate()
            one.connection.close()  # one that waits for a study ends now
        for one in self._workers.values():
            one.process.join(_PATIENCE_S)
            if one.process.is_alive():
                one.process.kill()
                one.process.join()
        self._workers.clear()

    def _begun(self, name: str) -> _Worker:
        ours, theirs = _START.Pipe()
        process = _START.Process(target=work, args=(theirs,), name=f"circle15-{name}", daemon=True)
        process.start()
        theirs.close()
        self._workers[name] = _Worker(process, ours)
        return self._workers[name]

    def _heard(self, name: str) -> list[Event]:
        """Take what a process reports; of one that is gone, what it said before."""
        one = self._workers[name]
        found: list[Event] = []
        try:
            while one.connection.poll():
                said = one.connection.recv()
                if isinstance(said, Outcome):
                    one.task = None
                    found.append(Ended(name, said))
                else:
                    found.append(Stage(name, said))
        except (EOFError, OSError):
            found += self._gone(name)
            return found
        if not one.process.is_alive():
            found += self._gone(name)
        return found

    def _gone(self, name: str) -> list[Event]:
        one = self._workers.pop(name)
        one.process.join()
        one.connection.close()
        return [] if one.task is None else [Lost(name, _cause(one.process.exitcode))]


def work(connection: Connection) -> None:
    """Run the studies that come through a connection, until it is closed: the life of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the batch ends its workers
    end_in_order()
    prepare_process()
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send(run_task(task, connection.send))
        except BrokenPipeError:  # the batch is gone
            return


def _cause(code: int | None) -> str:
    """Say how a process ended."""
    if code is not None and code < 0:
        return f"killed by signal {-code}"
    return f"exit code {code}"
