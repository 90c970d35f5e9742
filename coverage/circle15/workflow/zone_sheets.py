"""Check residential zones against a study, and write a zone sheet for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from circle15._version import __version__
from circle15.access.judging import Judge
from circle15.errors import StudyError
from circle15.inputs.files.named_files import source_of
from circle15.inputs.files.source_files import sha256
from circle15.inputs.table_sources import read_table
from circle15.network.topology.compounds import walked_network
from circle15.output.document.html import render_html
from circle15.output.document.word.document import render_word
from circle15.output.zones.document import zones_document
from circle15.output.zones.workbook import write_zone_workbook
from circle15.results.provenance import provenance
from circle15.results.summary.json_text import to_json
from circle15.results.summary.zone_entries import ResidentialZone
from circle15.results.summary.zones import dossier_entry
from circle15.study.database_tables import DatabaseTable
from circle15.study.languages import Language
from circle15.study.settings.records import ResidentialLayer, Study
from circle15.travel.engine.graph import TravelNetwork
from circle15.workflow.cache.stage_cache import kept_stages
from circle15.workflow.checking import settings_of
from circle15.workflow.datum_check import refuse_wrong
from circle15.workflow.folders.held import ResultsFolder, held
from circle15.workflow.folders.own_results import listed_by_zones
from circle15.workflow.reading import read_inputs, silent
from circle15.workflow.reruns.run_record import sealed
from circle15.workflow.reruns.sheet_codes import ZONES, ZONES_RECORD, zones_code
from circle15.workflow.writing import write_text
from circle15.zones.dossiers import zone_papers
from circle15.zones.judging import check_zones as judge_zones

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle15.inputs.tables.columns_read import ColumnsRead
    from circle15.study.database_tables import Source
    from circle15.study.vocabulary.finding import Finding
    from circle15.workflow.cache.stage_cache import Kept
    from circle15.zones.records import ZonePapers

    Report = Callable[[str], None]

ZONE_FILES: Final = ("zones.html", "zones.docx", "zones.xlsx", ZONES_RECORD, ZONES)
"""Files that a check of residential zones writes."""


@dataclass(frozen=True)
class ZonesOutcome:
    """
    The outcome of `check_study_zones`.

    `zones` has an entry per zone, as under `residential_zones` of `summary.json`, with its
    `expected_persons` and `sites` added. `findings` are the findings about the zone file and the
    rooms that belong to the zones. `papers` is the content of the zone sheets; `files` is empty
    if nothing was written. `columns` records how the columns of every table were read.
    """

    zones: list[ResidentialZone]
    findings: Sequence[Finding]
    papers: ZonePapers
    files: list[Path]
    columns: Sequence[ColumnsRead] = ()


def check_study_zones(
    study: Study | Path | str,
    zones: Path | str | None,
    *,
    entrances: Path | str | None = None,
    out: Path | str | None = None,
    language: Language | None = None,
    report: Report | None = None,
    cache: bool = False,
) -> ZonesOutcome:
    """
    Check proposed or existing residential zones against a study.

    Parameters
    ----------
    study
        Settings from `load_study`, or the path of a `study.toml`.
    zones
        A table (with lon, lat) or layer of zones, or the address of a database table; None for
        those of the study. A file of the study is read as the study says, also one that has the
        headings that `columns` of its `[[residential_zones]]` name; any other by usual headings.
    entrances
        Points with the `zone_id` of their zone; walking times then start from these.
    out
        Folder for `zones.json` and the zone sheets `zones.html`, `zones.docx` and `zones.xlsx`;
        without it nothing is written.
    language
        `zh` or `en`; by default the study's own.
    report
        Called with the name of each stage as it begins.
    cache
        Read streets, people and where homes join the streets from the cache, where earlier runs
        have put them and nothing that they depend on has changed; the results are the same.

    Returns
    -------
    The results of the zones, and the findings about their file.

    Raises
    ------
    InputDataError
        If an input cannot be used, there are no zones, or a file in the folder has the name of a
        result and is none.
    OutsideError
        If the folder cannot be written, or another run is writing into it.

    Examples
    --------
    >>> import circle15 as c15
    >>> zones = "data/sample/proposed_zones.csv"
    >>> found = c15.check_study_zones("data/sample/study.toml", zones)
    >>> [(zone["zone_id"], zone["verdict"]) for zone in found.zones][:2]
    [('N-01', 'met'), ('N-02', 'not_met')]
    """
    settings = settings_of(study)
    kept = kept_stages() if cache else None
    if out is None:
        return _checked(
            settings, zones, entrances, None, language=language, report=report or silent, kept=kept
        )
    with held(Path(out), ZONE_FILES, listed=listed_by_zones) as place:
        outcome = _checked(
            settings, zones, entrances, place, language=language, report=report or silent, kept=kept
        )
    return replace(outcome, files=[Path(out) / name for name in ZONE_FILES])


def _checked(
    settings: Study,
    zones: Path | str | None,
    entrances: Path | str | None,
    place: ResultsFolder | None,
    *,
    language: Language | None,
    report: Report,
    kept: Kept | None,
) -> ZonesOutcome:
    """Read and judge the zones, and write the zone sheets if `place` is given."""
    doors = None if entrances is None else source_of(entrances)
    layers = _layers(settings, zones, doors)
    asked = replace(settings, residential_zones=layers, scenarios={})
    inputs = read_inputs(asked, report, kept=kept)
    refuse_wrong(inputs.findings)
    if place is not None:
        place.require_own(inputs.sources.paths())
    packs = inputs.packs
    report("zones")
    walked = walked_network(inputs.network, settings.network.gated)
    travel = TravelNetwork.from_network(walked)
    judge = Judge(
        walked,
        travel,
        inputs.sites,
        settings.walk,
        settings.walk.speed_m_s,
        whole=inputs.network,
    )
    own = {file.name for one in layers for file in (one.file, one.entrances) if file is not None}
    judged = judge_zones(inputs.residential, judge, settings, packs)
    findings = [*(finding for finding in inputs.findings if finding.file in own), *judged.findings]
    told = provenance(
        settings,
        inputs.sources,
        rows=inputs.files,
        given=inputs.given,
        packs=packs,
        columns=inputs.columns,
    )
    papers = zone_papers(inputs, judge, judged, packs, told)
    entries = [dossier_entry(one, inputs.sites.table) for one in papers.dossiers]
    if place is not None:
        report("tables")
        _write_zones(papers, entries, place, language or settings.language)
    return ZonesOutcome(entries, findings, papers, [], inputs.columns)


def _layers(
    settings: Study, zones: Path | str | None, doors: Source | None
) -> tuple[ResidentialLayer, ...]:
    """Return the layers of zones to check: as the study reads them, where it says how."""
    listed = settings.residential_zones
    if zones is None:
        if not listed:
            raise StudyError(
                "names no residential zones.",
                file=settings.file,
                mend="Give their file with --zones, or add it under [[residential_zones]].",
            )
        return listed if doors is None else tuple(replace(one, entrances=doors) for one in listed)
    file = source_of(zones)
    same = tuple(one for one in listed if one.file == file)
    if same:
        return same if doors is None else tuple(replace(one, entrances=doors) for one in same)
    plain = ResidentialLayer(file, datum="wgs84", entrances=doors)
    named = [one for one in listed if one.columns]
    if not named or isinstance(file, DatabaseTable):
        return (plain,)
    headings = {str(name) for name in read_table(file).cells.columns}
    like = next((one for one in named if headings.issuperset(one.columns.values())), None)
    if like is None:
        return (plain,)
    return (replace(plain, columns=like.columns, crs=like.crs, datum=like.datum or plain.datum),)


def _write_zones(
    papers: ZonePapers, entries: list[ResidentialZone], place: ResultsFolder, language: Language
) -> None:
    """
    Write the zone sheets and replace earlier ones as a whole.

    Parameters
    ----------
    papers
        Content of the zone sheets.
    entries
        Content of `zones.json`.
    place
        The locked folder for the results.
    language
        Language of the texts.

    Raises
    ------
    OutsideError
        If the folder cannot be written; earlier results stay unchanged.
    """
    with place.replacing() as folder:
        numbers = to_json(entries)
        inputs = [
            {"path": one["path"], "sha256": one["sha256"]} for one in papers.provenance["inputs"]
        ]
        code = zones_code(numbers.encode(), inputs)
        document = zones_document(papers, language, code=code)
        write_text(folder / "zones.html", render_html(document))
        (folder / "zones.docx").write_bytes(render_word(document))
        write_zone_workbook(papers, folder / "zones.xlsx", language, code=code)
        write_text(folder / ZONES, numbers)
        files = {name: sha256(folder / name) for name in ZONE_FILES if name != ZONES_RECORD}
        told: dict[str, Any] = {"circle15": __version__, "language": language}
        write_text(folder / ZONES_RECORD, sealed(told | {"inputs": inputs, "files": files}))
