"""Hand studies out to workers as their memory allows, and again where a worker was lost."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from circle15.errors import Circle15Error, OutsideError
from circle15.workflow.batch.crews import Ended, Lost
from circle15.workflow.batch.memory_needs import gigabytes
from circle15.workflow.batch.tasks import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle15.workflow.batch.crews import Crew, Event, Room
    from circle15.workflow.batch.tasks import Outcome, Task

_LISTEN_S: Final = 1.0
_NOBODY_S: Final = 60.0
"""How long a batch waits for a worker to come where there is none, seconds."""


def hand_out(
    tasks: Sequence[Task],
    crew: Crew,
    *,
    retries: int,
    begun: Callable[[str, Task], None],
    heard: Callable[[Event], None],
    patience_s: float = _NOBODY_S,
) -> dict[str, Outcome]:
    """
    Run all studies; those that need most memory first, as they take longest.

    A study starts only on a worker whose memory it fits; where workers share memory, only while
    all that run fit together. One that fits nowhere fails with a message. After the loss of its
    worker a study is handed out again, where workers share memory it then runs alone.

    Parameters
    ----------
    tasks
        Studies with distinct names.
    crew
        The workers.
    retries
        How many times a study is handed out again after its worker was lost.
    begun
        Called with a worker and the study it begins.
    heard
        Called with each event.
    patience_s
        How long to wait for a worker where there is none.

    Returns
    -------
    The outcome of each study by its name.
    """
    board = _Board(crew, sorted(tasks, key=lambda task: -task.needed_bytes), retries, begun, heard)
    last_seen = time.monotonic()
    try:
        while board.waiting or board.running:
            room = crew.room()
            if room.of_worker:
                last_seen = time.monotonic()
                board.refuse_too_large(room)
                board.begin(room)
            elif not board.running and time.monotonic() - last_seen > patience_s:
                raise OutsideError("there is no worker.")
            for event in crew.wait(_LISTEN_S):
                board.take(event)
    except Circle15Error as error:
        for task in (*board.running.values(), *board.waiting):
            board.end(failed(task.name, str(error), error.exit_code))
    finally:
        crew.close()
    return board.found


@dataclass
class _Board:
    """Which studies wait, run and have ended, and how often each lost its worker."""

    crew: Crew
    waiting: list[Task]
    retries: int
    begun: Callable[[str, Task], None]
    heard: Callable[[Event], None]
    running: dict[str, Task] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    found: dict[str, Outcome] = field(default_factory=dict)

    def refuse_too_large(self, room: Room) -> None:
        """End the studies that fit no worker."""
        for task in [one for one in self.waiting if not _fits_somewhere(one, room)]:
            self.waiting.remove(task)
            self.end(_too_large(task, room))

    def begin(self, room: Room) -> None:
        """Give each worker without a study, that with least memory first, the largest that fits."""
        free = [worker for worker in room.of_worker if worker not in self.running]
        for worker in sorted(free, key=lambda one: room.of_worker[one] or 0):
            task = next((one for one in self.waiting if self._fits(one, worker, room)), None)
            if task is not None:
                self.waiting.remove(task)
                self.running[worker] = task
                self.begun(worker, task)
                self.crew.begin(worker, task)

    def _fits(self, task: Task, worker: str, room: Room) -> bool:
        """Whether a study fits a worker now."""
        own = room.of_worker[worker]
        if own is not None and task.needed_bytes > own:
            return False
        if room.together is None or not self.running:
            return True
        if any(self.lost[one.name] for one in (task, *self.running.values())):
            return False  # perhaps memory ran out
        used = sum(one.needed_bytes for one in self.running.values())
        return used + task.needed_bytes <= room.together

    def take(self, event: Event) -> None:
        """Note what a worker reports; a study that lost it waits again."""
        if isinstance(event, Ended):
            del self.running[event.worker]
            self.end(event.outcome)
            return
        self.heard(event)
        if isinstance(event, Lost):
            task = self.running.pop(event.worker)
            self.lost[task.name] += 1
            if self.lost[task.name] > self.retries:
                self.end(_given_up(task, event, self.lost[task.name]))
            else:
                self.waiting.append(task)

    def end(self, outcome: Outcome) -> None:
        """Note that a study has ended."""
        self.found[outcome.name] = outcome
        self.heard(Ended("", outcome))


def _fits_somewhere(task: Task, room: Room) -> bool:
    if room.together is not None and task.needed_bytes > room.together:
        return False
    return any(own is None or task.needed_bytes <= own for own in room.of_worker.values())


def _too_large(task: Task, room: Room) -> Outcome:
    most = max((own for own in room.of_worker.values() if own is not None), default=0)
    most = most if room.together is None else min(most or room.together, room.together)
    return failed(
        task.name,
        f"needs about {gigabytes(task.needed_bytes)} of memory, and no worker has more than "
        f"{gigabytes(most)}: it was not begun. Use a worker with more memory, or split the study; "
        "--memory GB states the memory of a worker if the estimate is wrong.",
        OutsideError.exit_code,
    )


def _given_up(task: Task, event: Lost, times: int) -> Outcome:
    return failed(
        task.name,
        f"its worker was lost {times} times ({event.cause}); perhaps memory ran out. Run again "
        "with --resume and fewer workers, or --retries N.",
        OutsideError.exit_code,
    )
