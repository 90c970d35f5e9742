"""Show how far a batch is: a bar in a terminal, elsewhere a line for each study and a heartbeat."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, Progress, TextColumn

from circle15.output.text.wording import printable, shortened
from circle15.study.messages import say
from circle15.workflow.batch.batch_state import BatchState
from circle15.workflow.progress import clock_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from circle15.study.languages import Language

_BEAT_S: Final = 30.0
"""Seconds between two lines, if no study ends meanwhile."""
_MOST_NAMED: Final = 4
"""Of the studies that run, as many are named."""


@contextmanager
def heartbeat(
    console: Console | None,
    write: Callable[[str], None],
    studies: int,
    language: Language,
    *,
    every_s: float = _BEAT_S,
) -> Iterator[Callable[[BatchState], None]]:
    """
    Show the states of a batch as they are reported.

    Parameters
    ----------
    console
        A terminal for the bar; None writes lines.
    write
        Called with each line.
    studies
        Number of studies to run.
    language
        Language of the lines.
    every_s
        Seconds between two lines while no study ends.
    """
    begun = time.monotonic()
    last = [BatchState(studies)]
    changed = threading.Event()
    ended = threading.Event()
    bar = None
    if console is not None:
        columns = (BarColumn(), TextColumn("{task.description}", markup=False))
        bar = Progress(*columns, console=console, transient=True)
        row = bar.add_task(state_line(last[0], language), total=max(studies, 1))
        bar.start()

    def report(state: BatchState) -> None:
        last[0] = state
        if bar is not None:
            bar.update(row, completed=state.done, description=state_line(state, language))
        if state.ended is not None:
            changed.set()
            line = _ended_line(state, language)
            if bar is not None:
                bar.console.print(line, markup=False, highlight=False)
            else:
                write(line)

    def beat() -> None:
        while not ended.is_set():
            if changed.wait(every_s):
                changed.clear()
            elif not ended.is_set():
                now = replace(last[0], seconds=time.monotonic() - begun)
                write(state_line(now, language))

    thread = threading.Thread(target=beat, daemon=True)
    if bar is None:
        thread.start()
    try:
        yield report
    finally:
        ended.set()
        changed.set()
        if bar is not None:
            bar.stop()
        else:
            thread.join()


def state_line(state: BatchState, language: Language) -> str:
    """
    Say in one line how far a batch is.

    Examples
    --------
    >>> state_line(BatchState(5, 3, 1, {"1": ("liangxi", "times")}, 63.0), "en")
    '3 of 5 studies done, 1 failed; running: liangxi (times); 1:03'
    """
    names = [
        f"{shortened(name, 40)} ({stage})" if stage else shortened(name, 40)
        for name, stage in state.running.values()
    ]
    more = len(names) - _MOST_NAMED
    shown = names[:_MOST_NAMED] + ([f"+{more}"] if more > 0 else [])
    running = say("batch.comma", language).join(shown)
    line = say(
        "batch.state",
        language,
        done=state.done,
        studies=state.studies,
        failed=say("batch.state_failed", language, n=state.failed) if state.failed else "",
        running=say("batch.state_running", language, names=running) if names else "",
        time=clock_text(state.seconds),
    )
    return printable(line)


def _ended_line(state: BatchState, language: Language) -> str:
    ended = state.ended
    assert ended is not None
    return printable(
        say(
            f"batch.ended_{ended.state}",
            language,
            name=ended.name,
            time=clock_text(ended.seconds),
            done=state.done,
            studies=state.studies,
        )
    )
