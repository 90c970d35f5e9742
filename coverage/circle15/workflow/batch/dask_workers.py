"""Studies on the workers of a running `dask.distributed` scheduler."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from pyproj import network

from circle15.errors import OutsideError, clause
from circle15.workflow.batch.crews import Ended, Lost, Room
from circle15.workflow.batch.tasks import Outcome, Task, failed, run_task
from circle15.workflow.process.streams import prepare_process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.workflow.batch.crews import Event

_ANSWER_S: Final = 10.0
"""How long a scheduler may take to answer, seconds."""
_BACK_S: Final = 60.0
"""How long a batch waits for a scheduler that is gone to come back, seconds."""
_LOOK_S: Final = 0.1
_USABLE: Final = 0.8
"""Share of a worker's limit that a study may take: beyond it Dask pauses the worker."""


class DaskWorkers:
    """
    The workers of a scheduler; each runs one study at a time, however many threads it has.

    A study is given to one worker, so that it is known on which it was when that is lost, and
    whether its memory is enough.

    Parameters
    ----------
    address
        Address of the scheduler, such as `tcp://10.0.0.5:8786`.
    memory
        Bytes that a study may take on a worker; None: as much as the worker states.

    Raises
    ------
    OutsideError
        If Dask is not installed, or no scheduler answers.
    """

    def __init__(self, address: str, memory: int | None = None) -> None:
        self._address, self._memory = address, memory
        self._running: dict[str, tuple[Task, Any]] = {}
        self._client = self._connected(_ANSWER_S)

    def room(self) -> Room:
        """Return the workers that the scheduler knows now, with their memory."""
        found = {}
        for name, limit in self._known().items():
            stated = int(limit * _USABLE) if limit else None
            found[name] = stated if self._memory is None else self._memory
        return Room(found)

    def begin(self, worker: str, task: Task) -> None:
        """Submit a study to a worker."""
        with suppress(OSError):  # the next look at the scheduler sees that it is gone
            future = self._client.submit(
                run_on_worker,
                task,
                key=f"circle15-{task.name}-{time.time_ns()}",
                pure=False,
                workers=[worker],
                allow_other_workers=False,
                retries=0,
            )
            self._running[worker] = task, future
            return
        self._running[worker] = task, None

    def wait(self, seconds: float) -> Sequence[Event]:
        """
        Look for studies that have ended, and for workers that are gone.

        Raises
        ------
        OutsideError
            If the scheduler is gone and does not come back.
        """
        until = time.monotonic() + seconds
        while True:
            if self._client.status != "running":
                return self._scheduler_lost()
            found = [event for name in list(self._running) for event in self._heard(name)]
            if not found and time.monotonic() >= until:
                known = self._known()
                found = [self._lost(name) for name in list(self._running) if name not in known]
            if found or time.monotonic() >= until:
                return found
            time.sleep(_LOOK_S)

    def close(self) -> None:
        """Cancel what still runs, and leave the scheduler and its workers as they are."""
        with suppress(OSError, RuntimeError):
            self._client.cancel([future for _, future in self._running.values() if future])
        with suppress(OSError, RuntimeError, TimeoutError):
            self._client.close(timeout=_ANSWER_S)

    def _connected(self, seconds: float) -> Any:
        try:
            from distributed import Client
        except ImportError as error:
            raise OutsideError(
                f"--scheduler needs Dask, which cannot be imported ({clause(error)}); install "
                "circle15[dask]."
            ) from error
        try:
            client: Any = Client
            return client(self._address, timeout=seconds, set_as_default=False)
        except (OSError, ValueError) as error:  # also of time
            raise OutsideError(
                f"no Dask scheduler answers at {self._address} ({clause(error)}); begin one with "
                "`dask scheduler`, or use --workers."
            ) from error

    def _known(self) -> dict[str, int]:
        """Return the workers and their limits of memory, 0 for none; empty without a scheduler."""
        try:
            found = self._client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, RuntimeError, TimeoutError):
            return {}
        return {name: int(one["memory_limit"] or 0) for name, one in found.items()}

    def _heard(self, name: str) -> list[Event]:
        task, future = self._running[name]
        if future is None or future.status in {"cancelled", "lost"}:
            return [self._lost(name)]
        if not future.done():
            return []
        error = future.exception()
        if error is None:
            found = future.result()
            del self._running[name]
            return [Ended(name, found)]
        if type(error).__name__ == "KilledWorker":  # by its own count of lost workers
            return [self._lost(name)]
        del self._running[name]
        message = f"the worker {name} cannot run it ({type(error).__name__}: {clause(error)})."
        return [Ended(name, failed(task.name, message, OutsideError.exit_code))]

    def _lost(self, name: str) -> Lost:
        _, future = self._running.pop(name)
        if future is not None:
            with suppress(OSError, RuntimeError):
                future.cancel()
        return Lost(name, f"the worker {name} is gone")

    def _scheduler_lost(self) -> list[Event]:
        """Connect again to a scheduler that was begun again; what ran on it is lost."""
        with suppress(OSError, RuntimeError, TimeoutError):
            self._client.close(timeout=_ANSWER_S)
        names = list(self._running)
        self._running.clear()
        self._client = self._connected(_BACK_S)
        return [Lost(name, "the scheduler is gone") for name in names]


def run_on_worker(task: Task) -> Outcome:
    """Run one study in a worker of Dask, as a command would."""
    prepare_process()
    loaded: Any = network
    loaded.set_network_enabled(active=False)  # PROJ may have been loaded before
    return run_task(task)
