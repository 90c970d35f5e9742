"""How far a command is: a bar with the time left in a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, Progress, TextColumn

from circle15.study.messages import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rich.console import Console, RenderableType
    from rich.progress import TaskID

    from circle15.study.languages import Language

SHOWN_AFTER_S: Final = 2.0
"""Commands that end sooner show nothing."""
_SURE_AFTER_S: Final = 0.5
"""Seconds that stages took before, from which on today's pace is told from them."""
_PACES: Final = (0.5, 4.0)
"""Today's pace, beside that of the earlier run, is taken as no less and no more than these."""


@dataclass
class Pace:
    """
    How far a command is, and how long it will take, by the seconds its stages took before.

    Attributes
    ----------
    stages
        Names of the stages in order.
    expected
        Seconds of each stage in an earlier run; one that it did not have took none. If the last
        stage is missing, it was another command: stages count alike, and the time left is not
        known.
    language
        Of the names of stages and the time left, as they are shown.
    """

    stages: Sequence[str]
    expected: Mapping[str, float] = field(default_factory=dict)
    language: Language = "en"
    begun_s: float = 0.0
    stage_begun_s: float = 0.0
    done: int = 0

    @property
    def is_timed(self) -> bool:
        """Whether the time left can be known."""
        return self.stages[-1] in self.expected

    @property
    def stage(self) -> str:
        """The stage that runs; empty after the last one."""
        return self.stages[self.done] if self.done < len(self.stages) else ""

    @property
    def name(self) -> str:
        """The stage that runs, as it is shown; empty after the last one."""
        return say(f"progress.{self.stage}", self.language) if self.stage else ""

    def begin(self, stage: str, now_s: float) -> None:
        """Begin a stage; the ones before it are done. A name not in `stages` ends the last one."""
        self.done = self.stages.index(stage) if stage in self.stages else len(self.stages)
        self.stage_begun_s = now_s

    def share(self, now_s: float) -> float:
        """Return how much is done, from 0 to 1."""
        if not self.is_timed:
            return self.done / max(1, len(self.stages))
        left = self.left_s(now_s) or 0.0
        return min(1.0, (now_s - self.begun_s) / max(1e-9, now_s - self.begun_s + left))

    def left_s(self, now_s: float) -> float | None:
        """
        Return the seconds that are left, at today's pace; None if that is not known.

        Examples
        --------
        The first of two stages took 4 s and takes 6 s today: the second will take 15 s, not 10.

        >>> pace = Pace(["network", "times"], {"network": 4.0, "times": 10.0})
        >>> pace.begin("times", now_s=6.0)
        >>> pace.left_s(now_s=6.0), pace.left_s(now_s=9.0), round(pace.share(now_s=9.0), 3)
        (15.0, 12.0, 0.429)
        """
        if not self.is_timed:
            return None
        took = [self.expected.get(stage, 0.0) for stage in self.stages]
        before = sum(took[: self.done])
        pace = 1.0
        if before >= _SURE_AFTER_S:
            pace = (self.stage_begun_s - self.begun_s) / before
            pace = min(max(pace, _PACES[0]), _PACES[1])
        running = 0.0
        if self.done < len(took):
            running = max(0.0, took[self.done] * pace - (now_s - self.stage_begun_s))
        return running + pace * sum(took[self.done + 1 :])

    def text(self, now_s: float) -> str:
        """Return the time since the beginning, and that left, as minutes and seconds."""
        left = self.left_s(now_s)
        gone = clock_text(now_s - self.begun_s)
        if left is None:
            return gone
        return say("progress.left", self.language, time=gone, left=clock_text(left))


class _Bar(Progress):
    """A bar that moves while a stage runs, too."""

    def __init__(self, pace: Pace, console: Console) -> None:
        columns = (
            TextColumn("{task.description:<12}"),
            BarColumn(),
            TextColumn("{task.fields[times]}", markup=False),
            TextColumn("{task.fields[detail]}", markup=False),
        )
        self.pace = pace
        super().__init__(*columns, console=console, transient=True)

    def get_renderables(self) -> Iterable[RenderableType]:
        now = time.perf_counter()
        for task in self.tasks:
            task.completed = self.pace.share(now)
            task.fields["times"] = self.pace.text(now)
        return super().get_renderables()


class _BesideTheBar(logging.Handler):
    """Shows log messages of the package: progress beside the bar, warnings above it."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        super().__init__(logging.INFO)
        self.bar, self.task = bar, task

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self.bar.console.print(record.getMessage(), markup=False, highlight=False)
        else:
            self.bar.update(self.task, detail=record.getMessage())


@contextmanager
def progress_bar(
    console: Console,
    stages: Sequence[str],
    expected: Mapping[str, float] | None = None,
    language: Language = "en",
) -> Iterator[Callable[[str], None]]:
    """
    Show a bar after two seconds; yields a function to call with the name of each stage.

    A stage counts as done when the next one begins; a name not in `stages` ends the last one.

    Parameters
    ----------
    console
        The terminal.
    stages
        Names of the stages in order.
    expected
        Seconds that each took in an earlier run, for the time left.
    language
        Of what is shown.
    """
    logger = logging.getLogger("circle15")
    level = logger.level
    pace = _begun(stages, expected, language)
    bar = _Bar(pace, console)
    task = bar.add_task(pace.name, total=1.0, detail="", times="")

    def report(stage: str) -> None:
        pace.begin(stage, time.perf_counter())
        bar.update(task, description=pace.name or stage, detail="")

    handler = _BesideTheBar(bar, task)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with _after_a_while(bar.start):
            yield report
    finally:
        bar.stop()
        logger.removeHandler(handler)
        logger.setLevel(level)


@contextmanager
def progress_lines(
    write: Callable[[str], None],
    stages: Sequence[str],
    expected: Mapping[str, float] | None = None,
    language: Language = "en",
) -> Iterator[Callable[[str], None]]:
    """
    Write a line for the stage that runs after two seconds, and for each one that begins later.

    Parameters
    ----------
    write
        Called with each line.
    stages, expected, language
        As in `progress_bar`.
    """
    pace = _begun(stages, expected, language)
    shown = threading.Event()

    def line() -> None:
        if pace.stage:
            text = pace.text(time.perf_counter())
            write(say("progress.line", language, stage=pace.name, time=text))

    def first() -> None:
        shown.set()
        line()

    def report(stage: str) -> None:
        pace.begin(stage, time.perf_counter())
        if shown.is_set():
            line()

    with _after_a_while(first):
        yield report


@contextmanager
def _after_a_while(action: Callable[[], None]) -> Iterator[None]:
    """Call a function once, two seconds later, in another thread, unless the body has ended."""
    if SHOWN_AFTER_S <= 0:
        action()
        yield
        return
    timer = threading.Timer(SHOWN_AFTER_S, action)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _begun(stages: Sequence[str], expected: Mapping[str, float] | None, language: Language) -> Pace:
    now = time.perf_counter()
    return Pace(stages, expected or {}, language, begun_s=now, stage_begun_s=now)


def clock_text(seconds: float) -> str:
    """Say seconds as minutes and seconds: `1:03`."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
