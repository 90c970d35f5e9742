"""Studies one after the other in this process, which share what is imported and compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.workflow.batch.crews import Ended, Room, Stage
from circle15.workflow.batch.tasks import run_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle15.workflow.batch.crews import Event
    from circle15.workflow.batch.tasks import Task

_HERE: Final = "1"
"""Name of the only worker."""


class ThisProcess:
    """
    A crew of one: this process.

    Parameters
    ----------
    memory
        Bytes that a study may take.
    tell
        Called with each stage as it begins, as `wait` returns only at the end of a study.
    """

    def __init__(self, memory: int, tell: Callable[[Event], None]) -> None:
        self._memory, self._tell = memory, tell
        self._task: Task | None = None

    def room(self) -> Room:
        """Return the one worker with its memory."""
        return Room({_HERE: self._memory})

    def begin(self, worker: str, task: Task) -> None:
        """Keep the study until the batch waits for it."""
        assert worker == _HERE
        self._task = task

    def wait(self, seconds: float) -> Sequence[Event]:  # noqa: ARG002 - a study takes its time
        """Run the study that was given, to its end."""
        task, self._task = self._task, None
        if task is None:
            return []
        return [Ended(_HERE, run_task(task, lambda stage: self._tell(Stage(_HERE, stage))))]

    def close(self) -> None:
        """Nothing was made."""
