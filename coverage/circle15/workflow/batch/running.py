"""Run many studies, whatever becomes of one of them, and roll their results up."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.workflow.batch.batch_state import BatchState, Watch
from circle15.workflow.batch.collecting import collect
from circle15.workflow.batch.dask_workers import DaskWorkers
from circle15.workflow.batch.given_studies import given_studies
from circle15.workflow.batch.handing_out import hand_out
from circle15.workflow.batch.memory_needs import GIGABYTE, memory_here, needed_bytes
from circle15.workflow.batch.part_files import require_own_folder
from circle15.workflow.batch.province_names import FILES, HOMES, PROVINCE
from circle15.workflow.batch.tasks import Task
from circle15.workflow.batch.this_process import ThisProcess
from circle15.workflow.batch.worker_processes import WorkerProcesses
from circle15.workflow.folders.held import held
from circle15.workflow.folders.own_results import listed_by_batch

if TYPE_CHECKING:
    from circle15.results.province.province_entries import MissingStudy, Province
    from circle15.study.languages import Language
    from circle15.workflow.batch.crews import Crew
    from circle15.workflow.batch.given_studies import GivenStudy
    from circle15.workflow.batch.tasks import Outcome

Report = Callable[[BatchState], None]


@dataclass(frozen=True)
class BatchOutcome:
    """
    The outcome of `run_batch`.

    Attributes
    ----------
    province
        The content of `province.json`; None if no study has results.
    files
        Paths of the files of the province; empty if no study has results.
    missing
        Studies that have no results, each with the reason.
    kept
        Names of studies whose results stood and were left as they are.
    """

    province: Province | None
    files: list[Path]
    missing: Sequence[MissingStudy]
    kept: Sequence[str] = ()

    @property
    def exit_code(self) -> int:
        """0; 2 if a study could not be used; 3 if something outside failed."""
        return max((one["exit_code"] for one in self.missing), default=0)


def run_batch(
    studies: Sequence[Path | str],
    *,
    out: Path | str = "maps",
    language: Language | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    memory_gb: float | None = None,
    retries: int = 2,
    resume: bool = False,
    cache: bool = False,
    report: Report | None = None,
) -> BatchOutcome:
    """
    Run many studies and roll their results up: a province report, and one data set of all homes.

    The results of each study are those of `run`, byte for byte but for `run.json` and `run.log`, in
    a folder of its name inside `out`. A study that fails stops no other one.

    Parameters
    ----------
    studies
        Paths of `study.toml` files.
    out
        Folder for the province and the folders of the studies; created if it does not exist.
    language
        `zh` or `en`, for all results. By default each study has its own, and the province that of
        most studies.
    workers
        Number of processes of this host; 1 runs all studies in this process. By default as many
        as there are processors, and no more than studies.
    scheduler
        Address of a running Dask scheduler, instead of `workers`. Its workers must have the same
        version of circle15, and see the studies and `out` under the same paths.
    memory_gb
        Memory that a study may take on a worker, GB; by default that of this host, which its
        workers share, or what each worker of the scheduler states. A study that needs more, by an
        estimate, is not begun.
    retries
        How many times a study is begun again after its worker was lost.
    resume
        Leave the results of studies as they are that are whole and would be the same.
    cache
        Use the cache of streets and people, as `run` does.
    report
        Called with a `BatchState` whenever a study begins, ends or reaches another stage.

    Returns
    -------
    The numbers of the province, its files, and the studies that are missing with the reasons.

    Raises
    ------
    InputDataError
        If no study is given, both `workers` and `scheduler` are, or a file in the folder has the
        name of a file of the province and was not written by a batch.
    OutsideError
        If the folder cannot be written, another batch is writing into it, or no scheduler answers.

    Examples
    --------
    >>> import circle15 as c15
    >>> outcome = c15.run_batch(["a/study.toml", "b/study.toml"], out="province")  # doctest: +SKIP
    >>> outcome.province["headline"][0]["share_covered"]  # doctest: +SKIP
    """
    if workers is not None and scheduler is not None:
        raise InputDataError("--workers and --scheduler exclude each other.", mend="Give one.")
    given = given_studies(studies, language or "en")
    target = Path(out)
    with held(target, FILES, listed=listed_by_batch) as place:
        place.require_own()
        require_own_folder(place.path / HOMES, ours=(place.path / PROVINCE).is_file())
        tasks = [
            _task(one, place.path, language, resume=resume, cache=cache)
            for one in given
            if one.fault is None
        ]
        watch = Watch(len(tasks), report or (lambda _state: None))
        outcomes: dict[str, Outcome] = {}
        if tasks:
            crew = _crew(tasks, workers, scheduler, memory_gb, watch)
            outcomes = hand_out(tasks, crew, retries=retries, begun=watch.begun, heard=watch.heard)
        languages = {
            one.settings.name: language or one.settings.language for one in given if one.settings
        }
        spoken = language or _most(list(languages.values()))
        province, missing = collect(given, outcomes, place, spoken, languages)
    kept = [name for name, outcome in outcomes.items() if outcome.state == "kept"]
    files = [target / name for name in FILES] if province is not None else []
    return BatchOutcome(province, files, missing, sorted(kept))


def _task(
    one: GivenStudy, out: Path, language: Language | None, *, resume: bool, cache: bool
) -> Task:
    settings = one.settings
    assert settings is not None
    folder = out / settings.name
    return Task(
        settings.name,
        str(one.file.absolute()),
        str(folder),
        language=language,
        resume=resume,
        cache=cache,
        needed_bytes=needed_bytes(settings, folder),
    )


def _crew(
    tasks: Sequence[Task],
    workers: int | None,
    scheduler: str | None,
    memory_gb: float | None,
    watch: Watch,
) -> Crew:
    memory = None if memory_gb is None else int(memory_gb * GIGABYTE)
    if scheduler is not None:
        return DaskWorkers(scheduler, memory)
    number = min(workers or os.cpu_count() or 1, len(tasks))
    if number == 1:
        return ThisProcess(memory or memory_here(), watch.heard)
    return WorkerProcesses(number, memory_here(), memory)


def _most(languages: Sequence[Language]) -> Language:
    """Return the language of most studies, Chinese of as many."""
    return "en" if 2 * languages.count("en") > len(languages) else "zh"
