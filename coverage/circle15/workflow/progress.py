"""The progress bar shown in a terminal."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console
    from rich.progress import TaskID


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
def progress_bar(console: Console, stages: Sequence[str]) -> Iterator[Callable[[str], None]]:
    """
    Show how many stages are done; yields a function to call with the name of each stage.

    A stage counts as done when the next one begins; a name not in `stages` ends the last one.
    """
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[detail]}", markup=False),
    )
    logger = logging.getLogger("circle15")
    level = logger.level
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=len(stages), detail="")

        def report(stage: str) -> None:
            done = stages.index(stage) if stage in stages else len(stages)
            bar.update(task, description=stage, completed=done, detail="")

        handler = _BesideTheBar(bar, task)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        try:
            yield report
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
