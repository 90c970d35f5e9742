"""The names of the stages of each command, and the clock that times them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from circle15.workflow.process.freed_memory import give_back

if TYPE_CHECKING:
    from collections.abc import Iterator

Report = Callable[[str], None]
Beside = Callable[[str], AbstractContextManager[None]]
"""Times work done in parallel to the stages, in a thread or another process."""

READ_STAGES: Final = ("network", "people", "facilities", "snapping", "findings")
RUN_STAGES: Final = (
    *READ_STAGES,
    "times",
    "counts",
    "zones",
    "rules",
    "siting",
    "scenarios",
    "quality",
    "drawing",
    "summary",
    "report",
    "files",
)
ZONE_STAGES: Final = (*READ_STAGES, "zones")
ZONE_FILE_STAGES: Final = (*ZONE_STAGES, "tables")
SITE_STAGES: Final = (*READ_STAGES, "times", "siting")
ROUTE_STAGES: Final = ("network", "facilities", "route")

DONE: Final = "done"
"""Reported when the last stage has ended."""


@dataclass
class Clock:
    """
    Records when each stage began; only these times differ between two equal runs.

    `told` has the warnings that were logged meanwhile.
    """

    report: Report
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    begun: float = field(default_factory=time.perf_counter)
    stages: list[tuple[str, float]] = field(default_factory=list)
    aside: dict[str, float] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    cache: dict[str, str] = field(default_factory=dict)
    """What became of each stage that is kept in the cache."""

    def __call__(self, stage: str) -> None:
        """Begin a stage; what the last one has freed goes back to the system."""
        give_back()
        self.stages.append((stage, time.perf_counter()))
        self.report(stage)

    @contextmanager
    def beside(self, work: str) -> Iterator[None]:
        """Time work done in parallel to the stages."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.aside[work] = time.perf_counter() - begin

    def durations(self) -> dict[str, float]:
        """
        Return the seconds before the first stage, and of each stage that has ended.

        They sum to the time of the run until then. A stage that began twice has the sum.
        """
        names = ["settings", *(stage for stage, _ in self.stages)]
        times = [self.begun, *(begin for _, begin in self.stages)]
        found: dict[str, float] = {}
        for name, begin, end in zip(names, times, times[1:], strict=False):
            found[name] = found.get(name, 0.0) + end - begin
        return {name: round(seconds, 3) for name, seconds in found.items()}

    def beside_s(self) -> dict[str, float]:
        """Return the seconds of work done in parallel; some stages waited for it."""
        return {name: round(seconds, 3) for name, seconds in self.aside.items()}
