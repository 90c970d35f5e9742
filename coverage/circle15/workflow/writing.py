"""Write all results of a run into one folder."""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from circle15._version import __version__
from circle15.inputs.files.scratch import scratch_folder
from circle15.inputs.files.source_files import sha256
from circle15.output.document.html import render_html
from circle15.output.document.offline import block_bytes
from circle15.output.document.word.document import render_word
from circle15.output.gis.files import write_gis_files
from circle15.output.report.document import report_document
from circle15.output.tables.accessibility_parquet import write_accessibility
from circle15.output.tables.coverage_parquet import write_coverage
from circle15.output.tables.workbook import write_workbook
from circle15.output.text.finding_list import write_findings
from circle15.results.summary.json_text import to_json
from circle15.workflow.comparison.with_earlier_run import since_last_run
from circle15.workflow.folders.result_names import (
    FILES,
    LOG,
    NAMES,
    ONLINE_MAP,
    OPTIONAL,
    RECORD,
    SUMMARY,
)
from circle15.workflow.process.second_process import beside
from circle15.workflow.reruns.fingerprint import fingerprint, loaded_program
from circle15.workflow.reruns.history import last_other_run, prune, put_aside
from circle15.workflow.reruns.run_log import log_text
from circle15.workflow.reruns.run_record import sealed, short_code
from circle15.workflow.stages import DONE

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.output.map.online_tiles import Tiles
    from circle15.results.records import StudyResult
    from circle15.results.summary.entries import Summary
    from circle15.study.languages import Language
    from circle15.workflow.folders.held import ResultsFolder
    from circle15.workflow.reruns.fingerprint import Ingredients
    from circle15.workflow.stages import Clock


def write_results(
    result: StudyResult,
    summary: Summary,
    place: ResultsFolder,
    language: Language,
    clock: Clock,
    *,
    read: Ingredients | None = None,
    tiles: Tiles | None = None,
    processes: int = 1,
) -> list[str]:
    """
    Write every result file and replace the earlier results as a whole.

    Earlier results with other numbers get into the history of the folder, as many as the study
    says; the report compares the last of them with the new ones.

    Parameters
    ----------
    result
        The results.
    summary
        Content of `summary.json`, from `build_summary`.
    place
        The locked folder for the results.
    language
        Language of the texts.
    clock
        Times the stages.
    read
        What the run has read, for its fingerprint; None if that cannot be known.
    tiles
        A tile service: the map is written a second time, with its tiles, as `map_online.html`.
        Without it an earlier online map is removed, as it would show other results.
    processes
        With 2 a second process writes the map and its share of the tables, if the system allows it.

    Returns
    -------
    Names of the files, the map and the report first.

    Raises
    ------
    OutsideError
        If the folder cannot be written; earlier results stay unchanged.
    """
    numbers = to_json(summary)
    code = short_code(numbers.encode())
    earlier = None
    if result.study.keep:
        digest = hashlib.sha256(numbers.encode()).hexdigest()
        earlier = last_other_run(place.path, result.study.name, digest)
    with place.replacing() as folder:

        def write_compared(folder: Path) -> None:
            write_text(folder / SUMMARY, numbers)
            write_coverage(result, folder / "coverage.parquet")

        def write_map() -> None:
            from circle15.output.map.html import build_map

            write_text(folder / "map.html", build_map(result, language))
            if tiles is not None:
                write_text(folder / ONLINE_MAP, build_map(result, language, tiles))

        def write_data() -> None:
            write_findings(result, folder / "issues.csv", language)
            if earlier is None:
                write_compared(folder)
            write_accessibility(result, folder / "accessibility.parquet")

        def write_tables() -> None:
            write_workbook(result, folder / "report.xlsx", language)
            if earlier is None:
                _write_gis(result, folder, language)

        with beside((write_map, write_data, write_tables), processes=processes) as written:
            clock("report")
            since = None
            if earlier is not None:
                write_compared(folder)
                _write_gis(result, folder, language)
                since = since_last_run(folder, earlier)
            report = report_document(result, language, code=code, since=since)
            write_text(folder / "report.html", render_html(report))
            (folder / "report.docx").write_bytes(render_word(report))
            clock("files")
            clock.aside["map and tables"] = written()
        clock(DONE)
        files = _files(folder)
        sizes = {name: (folder / name).stat().st_size for name in files}
        page = (folder / "map.html").read_text(encoding="utf-8")
        tried = block_bytes(page, "circle15-trials") + block_bytes(page, "circle15-worker")
        write_text(folder / LOG, log_text(result, clock, sizes, code, language, tried=tried))
        record = {
            **_run_record(clock),
            "siting": {
                answer.question.name: {
                    "seconds": round(answer.solution.seconds, 3),
                    "stop": answer.solution.stop,
                }
                for answer in result.siting
            },
            "files": files,
            "log_sha256": sha256(folder / LOG),
            "fingerprint": fingerprint(read, language, tiles, loaded_program()),
        }
        write_text(folder / RECORD, sealed(record))
        if result.study.keep:
            put_aside(place.path, folder)
    prune(place.path, result.study.keep)
    return [*FILES, *(name for name in OPTIONAL if name in files)]


def _write_gis(result: StudyResult, folder: Path, language: Language) -> None:
    """Write the files for GIS and CAD; a geodatabase, which is a folder, is made elsewhere."""
    with scratch_folder() if result.study.output.gdb else nullcontext() as scratch:
        write_gis_files(result, folder, language, scratch=scratch)


def _files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file, by which results of one run can be verified as complete."""
    return {name: sha256(folder / name) for name in NAMES if (folder / name).is_file()}


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 with newline line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def _run_record(clock: Clock) -> dict[str, Any]:
    return {
        "circle15": __version__,
        "started": clock.started.isoformat(timespec="seconds"),
        # The history is in the order of these times, and a small study may run twice in a second.
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        "host": platform.node(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "durations_s": clock.durations(),
        "durations_beside_s": clock.beside_s(),
        "cache": clock.cache,
        "log": [stage for stage, _ in clock.stages],
    }
