"""One study of a batch: what a worker is given, what it does, and what it says."""

from __future__ import annotations

import gc
import threading
import time
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from circle15._version import __version__
from circle15.errors import NO_MEMORY, Circle15Error, OutsideError
from circle15.inputs.files.source_files import sha256
from circle15.study.settings.reading import load_study
from circle15.workflow.api import run
from circle15.workflow.folders.held import repair
from circle15.workflow.folders.result_names import RECORD, SUMMARY
from circle15.workflow.process.streams import is_of_memory_within, outside_cause
from circle15.workflow.reading import silent
from circle15.workflow.reruns.standing import earlier_results

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.study.languages import Language

    Report = Callable[[str], None]

_ONE_AT_A_TIME: Final = threading.Lock()
"""Libraries have settings that count for a whole process, and its memory is for one study."""


@dataclass(frozen=True)
class Task:
    """
    One study to run. It holds paths and settings only: a worker reads the study itself.

    Attributes
    ----------
    name
        Name of the study.
    study, folder
        Its file and the folder for its results, absolute; a worker must see both under these paths.
    language
        Language of the results; None: the study's own.
    resume
        Leave results as they are that are whole and would be the same.
    cache
        Use the cache of streets and people.
    needed_bytes
        Estimated memory.
    version
        Version of the package that hands the study out; a worker must have the same.
    """

    name: str
    study: str
    folder: str
    language: Language | None = None
    resume: bool = False
    cache: bool = True
    needed_bytes: int = 0
    version: str = __version__


@dataclass(frozen=True)
class Outcome:
    """
    What became of a study: a path and a hash, or why it failed.

    Attributes
    ----------
    state
        `run`: it was run; `kept`: its results stood and were left; `failed`.
    record
        Path of its `run.json`.
    sha256
        SHA-256 of its `summary.json`.
    message, exit_code
        Of a study that failed: one line, and the exit code that `run` would have had.
    seconds
        Time it took.
    """

    name: str
    state: Literal["run", "kept", "failed"]
    record: str = ""
    sha256: str = ""
    message: str = ""
    exit_code: Literal[0, 2, 3] = 0
    seconds: float = 0.0


def failed(name: str, message: str, exit_code: int) -> Outcome:
    """Return the outcome of a study that failed."""
    code: Literal[2, 3] = 2 if exit_code == 2 else 3
    return Outcome(name, "failed", message=" ".join(message.split()), exit_code=code)


def run_task(task: Task, report: Report = silent) -> Outcome:
    """
    Run one study and write its results, as `circle15 run` does; its failure is an outcome.

    Of several threads of a process one at a time runs a study.

    Parameters
    ----------
    task
        What to do.
    report
        Called with the name of each stage as it begins.
    """
    with _ONE_AT_A_TIME:
        begun = time.perf_counter()
        try:
            found = _run(task, report)
        except Circle15Error as error:
            if is_of_memory_within(error):
                found = failed(task.name, NO_MEMORY, OutsideError.exit_code)
            else:
                found = failed(task.name, str(error), error.exit_code)
        except Exception as error:  # noqa: BLE001 - a fault in one study must not stop the others
            cause = outside_cause(error) or _internal(error)
            found = failed(task.name, cause, OutsideError.exit_code)
        gc.collect()  # the results of a study hold each other
        return replace(found, seconds=round(time.perf_counter() - begun, 3))


def _run(task: Task, report: Report) -> Outcome:
    if task.version != __version__:
        raise OutsideError(
            f"the worker has circle15 {__version__}, and the batch was begun with {task.version}; "
            "install the same version for both."
        )
    folder = Path(task.folder)
    study = load_study(task.study)
    state: Literal["run", "kept"] = "run"
    repair(folder)
    if task.resume and earlier_results(study, folder, language=task.language).stands:
        state = "kept"
    else:
        run(study, out=folder, language=task.language, report=report, cache=task.cache)
    return Outcome(task.name, state, str(folder / RECORD), sha256(folder / SUMMARY))


def _internal(error: Exception) -> str:
    """Say where a fault of the program itself is."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" ({Path(one.filename).name}, line {one.lineno})" for one in last)
    return f"internal error, please report it: {type(error).__name__}: {error}{where}"
