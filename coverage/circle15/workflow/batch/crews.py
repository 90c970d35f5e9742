"""What runs the studies of a batch: this process, processes of this host, or workers of Dask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.workflow.batch.tasks import Outcome, Task


@dataclass(frozen=True)
class Stage:
    """A worker begins a stage of its study."""

    worker: str
    stage: str


@dataclass(frozen=True)
class Ended:
    """A worker has ended its study."""

    worker: str
    outcome: Outcome


@dataclass(frozen=True)
class Lost:
    """A worker is gone while it ran a study; `cause` says why, as far as it is known."""

    worker: str
    cause: str


Event = Stage | Ended | Lost


@dataclass(frozen=True)
class Room:
    """
    Memory of a crew, bytes.

    Attributes
    ----------
    of_worker
        What each worker that is there may use; None where it has no limit.
    together
        What all share; None where each has its own.
    """

    of_worker: Mapping[str, int | None]
    together: int | None = None


class Crew(Protocol):
    """Workers that each run one study at a time."""

    def room(self) -> Room:
        """Return the workers that are there, busy or not, with their memory."""

    def begin(self, worker: str, task: Task) -> None:
        """Give a study to a worker that is there and has none."""

    def wait(self, seconds: float) -> Sequence[Event]:
        """
        Wait until a worker reports something, at most for some seconds.

        Raises
        ------
        OutsideError
            If there is nothing to wait for any more, such as a scheduler that is gone.
        """

    def close(self) -> None:
        """End what still runs, and the workers that were made."""
