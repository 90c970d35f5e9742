"""Write everything that a run has found into one folder."""

from __future__ import annotations

import datetime as dt
import platform
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from circle15 import __version__
from circle15.output.coverage_table import write_coverage
from circle15.output.geopackage import write_geopackage
from circle15.output.issue_list import write_issues
from circle15.output.map_html import build_map
from circle15.output.report_html import build_report
from circle15.output.summary import to_json
from circle15.output.workbook import write_workbook
from circle15.output.zone_html import build_zone_sheets
from circle15.output.zone_workbook import write_zone_workbook
from circle15.run.folders import replaced

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle15.output.result import StudyResult
    from circle15.output.zone_dossier import ZonePapers
    from circle15.study.config import Language


FILES: Final = (
    "map.html",
    "report.html",
    "report.xlsx",
    "summary.json",
    "coverage.parquet",
    "issues.csv",
    "results.gpkg",
    "run.json",
)
"""What a run writes, in the order in which it is named."""

ZONE_FILES: Final = ("zones.html", "zones.docx", "zones.xlsx", "zones.json")
"""What a check of zones writes."""


@dataclass
class Clock:
    """Notes when each stage began; this is all that differs between two equal runs."""

    report: Callable[[str], None]
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    stages: list[tuple[str, float]] = field(default_factory=list)

    def __call__(self, stage: str) -> None:
        """Begin a stage."""
        self.stages.append((stage, time.perf_counter()))
        self.report(stage)

    def durations(self) -> dict[str, float]:
        """Seconds of each stage that has ended."""
        ends = [begin for _, begin in self.stages[1:]]
        return {
            stage: round(end - begin, 3)
            for (stage, begin), end in zip(self.stages, ends, strict=False)
        }


def write_results(
    result: StudyResult, summary: dict[str, Any], target: Path, language: Language, clock: Clock
) -> list[Path]:
    """
    Write every result file and put them in place as a whole.

    Parameters
    ----------
    summary
        Content of `summary.json`, as `build_summary` makes it.

    Returns
    -------
    Paths of the files, the map and the report first.

    Raises
    ------
    OutsideError
        If the folder cannot be written; earlier results stay as they were.
    """
    with replaced(target, FILES) as folder:
        clock("map")
        _text(folder / "map.html", build_map(result, language))
        clock("report")
        _text(folder / "report.html", build_report(result, language))
        clock("tables")
        write_workbook(result, folder / "report.xlsx", language)
        write_geopackage(result, folder / "results.gpkg")
        write_coverage(result, folder / "coverage.parquet")
        write_issues(result, folder / "issues.csv", language)
        _text(folder / "summary.json", to_json(summary))
        clock("done")
        _text(folder / "run.json", to_json(_run_record(clock)))
    return [target / name for name in FILES]


def write_zones(
    papers: ZonePapers, entries: list[dict[str, Any]], target: Path, language: Language
) -> list[Path]:
    """
    Write the sheets of residential zones and put them in place as a whole.

    Parameters
    ----------
    entries
        The zones as `summary.json` has them.

    Raises
    ------
    OutsideError
        If the folder cannot be written; earlier results stay as they were.
    """
    from circle15.output.zone_docx import write_zone_document

    with replaced(target, ZONE_FILES) as folder:
        _text(folder / "zones.html", build_zone_sheets(papers, language))
        write_zone_document(papers, folder / "zones.docx", language)
        write_zone_workbook(papers, folder / "zones.xlsx", language)
        _text(folder / "zones.json", to_json(entries))
    return [target / name for name in ZONE_FILES]


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _run_record(clock: Clock) -> dict[str, Any]:
    return {
        "circle15": __version__,
        "started": clock.started.isoformat(timespec="seconds"),
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "host": platform.node(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "durations_s": clock.durations(),
        "log": [stage for stage, _ in clock.stages],
    }
