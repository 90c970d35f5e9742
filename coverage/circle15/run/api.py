"""The public functions: what the command line and a notebook call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle15.access.judging import Judge
from circle15.network.compounds import walked_network
from circle15.output.result import StudyResult
from circle15.output.summary import build_summary, zone_entry
from circle15.rules.packs import load_packs
from circle15.run.checking import settings_of
from circle15.run.datums import refuse_wrong
from circle15.run.folders import require_folder
from circle15.run.pipeline import run_study
from circle15.run.reading import read_inputs, silent
from circle15.run.results import Clock, write_results, write_zones
from circle15.run.route import find_route
from circle15.run.zone_dossiers import zone_papers
from circle15.run.zones import check_zones as judge_zones
from circle15.study.config import Language, ResidentialLayer, Study
from circle15.study.databases import database_table, is_address
from circle15.travel.graph import TravelNetwork

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle15.output.route import Route
    from circle15.output.zone_dossier import ZonePapers
    from circle15.study.databases import Source
    from circle15.study.issues import Issue

    Report = Callable[[str], None]


@dataclass(frozen=True)
class RunOutcome:
    """
    What `run` returns: the results in memory, and the files that were written.

    `summary` is the content of `summary.json`; `files` is empty if nothing was written.
    """

    result: StudyResult
    summary: dict[str, Any]
    files: list[Path]


@dataclass(frozen=True)
class ZonesOutcome:
    """
    What `check_zones` returns.

    `zones` has an entry per zone as in `summary.json`, under `residential_zones`; `issues` is
    what was found in the file of the zones and in the rooms that belong to them. `papers` is what
    the one-page sheets show; `files` is empty if nothing was written.
    """

    zones: list[dict[str, Any]]
    issues: list[Issue]
    papers: ZonePapers
    files: list[Path]


def run(
    study: Study | Path | str,
    *,
    out: Path | str | None = None,
    language: Language | None = None,
    report: Report = silent,
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

    Returns
    -------
    The results in memory and the paths of the files.

    Raises
    ------
    InputDataError
        If an input cannot be used; nothing has been written then.
    OutsideError
        If the folder cannot be written; earlier results stay as they were.

    Examples
    --------
    >>> outcome = run("data/sample/study.toml")  # doctest: +SKIP
    >>> outcome.summary["coverage"][0]["share_covered"]  # doctest: +SKIP
    """
    settings = settings_of(study)
    target = Path(out) if out is not None else Path("maps") / settings.name
    require_folder(target)
    clock = Clock(report)
    result = run_study(settings, report=clock)
    summary = build_summary(result)
    files = write_results(result, summary, target, language or settings.language, clock)
    return RunOutcome(result, summary, files)


def check_zones(
    study: Study | Path | str,
    zones: Path | str,
    *,
    entrances: Path | str | None = None,
    out: Path | str | None = None,
    language: Language | None = None,
    report: Report = silent,
) -> ZonesOutcome:
    """
    Check proposed or existing residential zones against a study.

    Parameters
    ----------
    zones
        A csv (with lon, lat) or geojson with the columns of `[[residential_zones]] columns`:
        the English keys or their Chinese aliases.
    entrances
        Points with the `zone_id` of their zone: the zones walk from these.
    out
        Folder for `zones.json` and the one-page sheets `zones.html`, `zones.docx` and
        `zones.xlsx`; without it nothing is written.
    language
        `zh` or `en`; by default the study's own.

    Returns
    -------
    The zones, and what was found in their file.

    Raises
    ------
    InputDataError
        If an input cannot be used.
    """
    settings = settings_of(study)
    if out is not None:
        require_folder(Path(out))
    doors = None if entrances is None else _source(entrances)
    layer = ResidentialLayer(_source(zones), datum="wgs84", entrances=doors)
    inputs = read_inputs(replace(settings, residential_zones=(layer,)), report)
    refuse_wrong(inputs.issues)
    packs = load_packs(settings.rules.packs)
    report("zones")
    walked = walked_network(inputs.network, settings.network.gated)
    travel = TravelNetwork.from_network(walked)
    judge = Judge(walked, travel, inputs.sites, settings.walk, settings.walk.speed_m_s)
    own = {layer.file.name, doors.name if doors else None}
    issues = [issue for issue in inputs.issues if issue.file in own]
    judged = judge_zones(inputs, judge, packs, issues)
    papers = zone_papers(inputs, judge, judged, packs)
    entries = [zone_entry(one, inputs.sites.table) for one in judged.checks]
    files = []
    if out is not None:
        report("tables")
        files = write_zones(papers, entries, Path(out), language or settings.language)
    return ZonesOutcome(entries, issues, papers, files)


def _source(given: Path | str) -> Source:
    if isinstance(given, str) and is_address(given):
        return database_table(given)
    return Path(given).resolve()


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
