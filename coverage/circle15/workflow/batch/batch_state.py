"""How far a batch is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circle15.workflow.batch.crews import Ended, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.workflow.batch.crews import Event
    from circle15.workflow.batch.tasks import Outcome, Task


@dataclass(frozen=True)
class BatchState:
    """
    How far a batch is.

    Attributes
    ----------
    studies
        Number of studies to run.
    done, failed
        Number of studies that have ended, and of those the ones that failed.
    running
        Name and stage of the study of each worker; the stage is empty where it is not known.
    seconds
        Since the batch began.
    ended
        The study that has just ended, if one has.
    """

    studies: int
    done: int = 0
    failed: int = 0
    running: dict[str, tuple[str, str]] = field(default_factory=dict)
    seconds: float = 0.0
    ended: Outcome | None = None


class Watch:
    """
    Follows the events of a batch, and reports its state after each.

    Parameters
    ----------
    studies
        Number of studies to run.
    report
        Called with the state.
    """

    def __init__(self, studies: int, report: Callable[[BatchState], None]) -> None:
        self._studies, self._report = studies, report
        self._done = self._failed = 0
        self._running: dict[str, tuple[str, str]] = {}
        self._begun = time.monotonic()

    def begun(self, worker: str, task: Task) -> None:
        """Note that a worker begins a study."""
        self._running[worker] = (task.name, "")
        self._tell()

    def heard(self, event: Event) -> None:
        """Note an event."""
        if isinstance(event, Stage):
            name, _ = self._running.get(event.worker, ("", ""))
            self._running[event.worker] = (name, event.stage)
            self._tell()
        elif isinstance(event, Ended):
            ended = event.outcome
            self._done += 1
            self._failed += ended.state == "failed"
            self._forget(ended.name)
            self._tell(ended)
        else:
            self._running.pop(event.worker, None)
            self._tell()

    def _forget(self, name: str) -> None:
        self._running = {key: one for key, one in self._running.items() if one[0] != name}

    def _tell(self, ended: Outcome | None = None) -> None:
        seconds = time.monotonic() - self._begun
        self._report(
            BatchState(self._studies, self._done, self._failed, dict(self._running), seconds, ended)
        )
