"""The public functions on whole studies, as called by the command line and notebooks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from circle15.errors import InputDataError
from circle15.results.records import StudyResult
from circle15.results.summary.building import build_summary
from circle15.study.languages import Language
from circle15.study.settings.records import Study
from circle15.workflow.cache.stage_cache import kept_stages
from circle15.workflow.checking import settings_of
from circle15.workflow.folders.held import held
from circle15.workflow.folders.own_results import listed_by_run
from circle15.workflow.folders.result_names import NAMES
from circle15.workflow.pipeline import run_with_basis
from circle15.workflow.reading import silent
from circle15.workflow.reruns.fingerprint import ingredients
from circle15.workflow.reruns.run_log import keeping_messages
from circle15.workflow.stages import Clock
from circle15.workflow.writing import write_results
from circle15.zones.routes import find_route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from circle15.inputs.files.source_files import SourceFiles
    from circle15.output.map.online_tiles import Tiles
    from circle15.results.summary.entries import Summary
    from circle15.travel.paths.records import Route
    from circle15.workflow.cache.stage_cache import Kept
    from circle15.workflow.folders.held import ResultsFolder
    from circle15.workflow.pipeline import Basis
    from circle15.workflow.reruns.fingerprint import Ingredients

    Report = Callable[[str], None]


@dataclass(frozen=True)
class RunOutcome:
    """
    The outcome of `run`: the results in memory, and the files written.

    Attributes
    ----------
    result
        All results.
    summary
        The content of `summary.json`.
    files
        Paths of the files that `run` has written; empty without `out`.
    """

    result: StudyResult
    summary: Summary
    files: list[Path]
    _clock: Clock = field(repr=False, compare=False)
    _read: tuple[Path, ...] = field(default=(), repr=False, compare=False)
    _ingredients: Ingredients | None = field(default=None, repr=False, compare=False)
    _basis: Basis | None = field(default=None, repr=False, compare=False)

    def scenario(self, name: str, *, report: Report | None = None) -> RunOutcome:
        """
        Return all results of a scenario of the study, without a second run.

        They are those of `run(study.with_changes(name))`; what the scenario does not change is
        neither read nor searched again.

        Parameters
        ----------
        name
            A table `[scenarios.NAME]` of the study.
        report
            Called with the name of each stage as it begins.

        Raises
        ------
        InputDataError
            If the study has no such scenario.

        Examples
        --------
        >>> outcome = c15.run("study.toml")  # doctest: +SKIP
        >>> outcome.scenario("new_station").write("maps/new_station")  # doctest: +SKIP
        """
        basis, study = self._basis, self.result.study
        if basis is None or name not in study.scenarios:
            study.with_changes(name)  # says which scenarios there are
            raise InputDataError("is a scenario itself.", file=study.file, mend="Run the study.")
        clock = Clock(report or silent)
        result = basis.judge_scenario(name, report=clock, beside=clock.beside)
        return RunOutcome(result, build_summary(result), [], clock, self._read)

    def write(
        self,
        out: Path | str,
        *,
        language: Language | None = None,
        tiles: Tiles | None = None,
        processes: int = 1,
    ) -> list[Path]:
        """
        Write the results: map, report, tables.

        Parameters
        ----------
        out
            Folder for the results; created if it does not exist. Earlier results in it are
            replaced as a whole, other files stay.
        language
            `zh` or `en`; by default the study's own.
        tiles
            A tile service (`output.map.online_tiles.tiles_named`) for a second map,
            `map_online.html`.
        processes
            With 2 a forked process writes part of the results, on Linux with a second core; use
            it only if no other thread of the caller holds a lock. The results are the same.

        Returns
        -------
        Paths of the files, the map and the report first.

        Raises
        ------
        InputDataError
            If a file in the folder has the name of a result but was not written by a run, or is
            an input.
        OutsideError
            If the folder cannot be written, or another run is writing into it; earlier results
            stay unchanged.
        """
        target = Path(out)
        with held(target, NAMES, listed=listed_by_run) as place:
            place.require_own(self._read)
            return self._written(place, target, language, tiles=tiles, processes=processes)

    def _written(
        self,
        place: ResultsFolder,
        target: Path,
        language: Language | None,
        *,
        tiles: Tiles | None,
        processes: int,
    ) -> list[Path]:
        names = write_results(
            self.result,
            self.summary,
            place,
            language or self.result.study.language,
            self._clock,
            read=self._ingredients,
            tiles=tiles,
            processes=processes,
        )
        return [target / name for name in names]


def run(
    study: Study | Path | str,
    *,
    out: Path | str | None = None,
    language: Language | None = None,
    report: Report | None = None,
    tiles: Tiles | None = None,
    processes: int = 1,
    cache: bool = False,
) -> RunOutcome:
    """
    Run a study and, with `out`, write its results.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    out
        Folder for the results, as in `RunOutcome.write`; it is locked before anything is read.
        None writes nothing.
    language
        `zh` or `en`; by default the study's own.
    report
        Called with the name of each stage as it begins.
    tiles
        A tile service for a second map, as in `RunOutcome.write`.
    processes
        With 2 a second process writes part of the results, as in `RunOutcome.write`.
    cache
        Read streets, people and where homes join the streets from the cache, where earlier runs
        have put them and nothing that they depend on has changed; the results are the same.

    Returns
    -------
    The results in memory with their `summary`, and the paths of the files; its method `write`
    writes the results into a folder.

    Raises
    ------
    InputDataError
        If an input cannot be used, or a file in the folder has the name of a result but was not
        written by a run; nothing is written then.
    OutsideError
        If the folder cannot be written, or another run is writing into it; earlier results stay
        unchanged.

    Examples
    --------
    >>> import circle15 as c15
    >>> outcome = c15.run("data/sample/study.toml")  # doctest: +SKIP
    >>> outcome.summary["coverage"][0]["share_covered"]  # doctest: +SKIP
    >>> files = outcome.write("maps/x")  # doctest: +SKIP
    """
    clock = Clock(report or silent)
    settings = settings_of(study)
    kept = kept_stages() if cache else None
    if out is None:
        return _computed(settings, clock, lambda _read: None, kept)
    target = Path(out)
    with (
        keeping_messages(clock.told),
        held(target, NAMES, listed=listed_by_run) as place,
    ):
        found = _computed(settings, clock, place.require_own, kept)
        files = found._written(place, target, language, tiles=tiles, processes=processes)
    return replace(found, files=files)


def _computed(
    settings: Study,
    clock: Clock,
    before_computing: Callable[[Iterable[Path]], None],
    kept: Kept | None,
) -> RunOutcome:
    """Run the stages; the outcome keeps the list of the files that were read."""
    read: list[SourceFiles] = []

    def allowed(sources: SourceFiles) -> None:
        read.append(sources)
        before_computing(sources.paths())

    result, basis = run_with_basis(
        settings, report=clock, beside=clock.beside, before_computing=allowed, kept=kept
    )
    if kept is not None:
        clock.cache |= kept.log
    (sources,) = read
    known = ingredients(settings, sources)
    files = tuple(sources.paths())
    of_scenarios = basis if settings.scenarios else None
    return RunOutcome(result, build_summary(result), [], clock, files, known, of_scenarios)


def route(
    study: Study | Path | str,
    origin: tuple[float, float] | str,
    destination: tuple[float, float] | str,
    *,
    report: Report | None = None,
) -> Route:
    """
    Explain one walking time: the route from a position to a facility or to another position.

    It is walked at the judged speed, and its time equals that of a run between the same points.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    origin
        Longitude and latitude in degrees (WGS 84), as a pair or as `LON,LAT`.
    destination
        The id of a facility of the study, else a position like `origin`.
    report
        Called with the name of each stage as it begins.

    Returns
    -------
    The steps of the route; if there is no route, its `reason`.

    Raises
    ------
    InputDataError
        If an input cannot be used, a position is malformed, or there is no such facility.

    Examples
    --------
    >>> import circle15 as c15
    >>> found = c15.route("data/sample/study.toml", (120.3, 31.57), "S-001")
    >>> [step.name for step in found.steps if step.name]
    ['示例十六街', '示例七路']
    """
    return find_route(settings_of(study), origin, destination, report or silent)
