"""The public functions: what the command line and a notebook call."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.results.records import StudyResult
from circle15.results.summary.building import build_summary
from circle15.study.languages import Language
from circle15.study.settings.records import Study
from circle15.workflow.checking import settings_of
from circle15.workflow.folders.held import held
from circle15.workflow.folders.own_results import listed_by_run
from circle15.workflow.pipeline import run_study
from circle15.workflow.reading import silent
from circle15.workflow.stages import Clock
from circle15.workflow.writing import NAMES, write_results
from circle15.zones.routes import find_route

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.output.map.online_tiles import Tiles
    from circle15.results.summary.entries import Summary
    from circle15.travel.paths.records import Route

    Report = Callable[[str], None]


@dataclass(frozen=True)
class RunOutcome:
    """
    What `run` returns: the results in memory, and the files that were written.

    `summary` is the content of `summary.json`; `files` is empty if nothing was written.
    """

    result: StudyResult
    summary: Summary
    files: list[Path]


def run(
    study: Study | Path | str,
    *,
    out: Path | str | None = None,
    language: Language | None = None,
    report: Report = silent,
    tiles: Tiles | None = None,
    processes: int = 1,
) -> RunOutcome:
    """
    Run a study and write its results.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    out
        Folder for the results; by default `maps/<study name>` in the current folder.
    language
        `zh` or `en`; by default the study's own.
    report
        Is told the name of each stage as it begins.
    tiles
        A map service (`output.map.online_tiles.tiles_named`) for a second map, `map_online.html`.
    processes
        With 2 a copy of this process writes part of the results: on Linux, with a second core,
        and only where no other thread of the caller holds a lock. The results are the same.

    Returns
    -------
    The results in memory and the paths of the files.

    Raises
    ------
    InputDataError
        If an input cannot be used, or a file in the folder has the name of a result and was not
        written by a run; nothing has been written then.
    OutsideError
        If the folder cannot be written, or another run is writing into it; earlier results stay
        as they were.

    Examples
    --------
    >>> outcome = run("data/sample/study.toml")  # doctest: +SKIP
    >>> outcome.summary["coverage"][0]["share_covered"]  # doctest: +SKIP
    """
    clock = Clock(report)
    settings = settings_of(study)
    target = Path(out) if out is not None else Path("maps") / settings.name
    with held(target, NAMES, listed=listed_by_run) as place:
        result = run_study(
            settings, report=clock, beside=clock.beside, before_computing=place.require_own
        )
        summary = build_summary(result)
        files = write_results(
            result, summary, place, language or settings.language, clock,
            tiles=tiles, processes=processes,
        )  # fmt: skip
    return RunOutcome(result, summary, [target / name for name in files])


def route(
    study: Study | Path | str,
    origin: tuple[float, float] | str,
    destination: tuple[float, float] | str,
    *,
    report: Report = silent,
) -> Route:
    """
    Explain one walking time: the way from a position to a facility or to another position.

    The way is walked at the judged speed and has exactly the time that a run finds between the
    same points.

    Parameters
    ----------
    origin
        Longitude and latitude in degrees (WGS 84), as a pair or as `LON,LAT`.
    destination
        The id of a facility of the study, else a position.

    Returns
    -------
    The steps of the way; `reason` where there is none.

    Raises
    ------
    InputDataError
        If an input cannot be used, a position is malformed, or there is no such facility.

    Examples
    --------
    >>> found = route("data/sample/study.toml", (120.3, 31.57), "S-001")  # doctest: +SKIP
    >>> [step.name for step in found.steps]  # doctest: +SKIP
    """
    return find_route(settings_of(study), origin, destination, report)
