"""Write `issues.csv`: the findings about the input."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from circle15.output.text.numbers import persons_exact, plain_decimal
from circle15.output.text.wording import Words, defused, printable
from circle15.study.vocabulary.finding import worst_first

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language
    from circle15.study.vocabulary.finding import Finding

COLUMNS: Final = (
    "file",
    "row",
    "column",
    "code",
    "severity",
    "message",
    "persons",
    "floor_area_m2",
)


def finding_line(finding: Finding, words: Words) -> str:
    """Format a finding as one line: severity, file, row, column, message."""
    place = [finding.file]
    if finding.row is not None:
        place.append(words.say("check.row", rows=str(finding.row)))
    if finding.column is not None:
        place.append(words.say("check.column", column=finding.column))
    return words.say(
        "check.line",
        severity=words.say(f"report.severity_{finding.severity}"),
        place=words.list(place),
        message=words.finding(finding),
    )


def write_findings(result: StudyResult, path: Path, language: Language) -> None:
    """
    Write the findings of a result, worst first, as UTF-8 with a byte-order mark for spreadsheets.

    Codes and severities are the same in both languages. An apostrophe is put before text that a
    spreadsheet would run as a formula. The same result gives the same bytes.
    """
    words = Words(language, result.study)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(finding, words) for finding in worst_first(result.findings))


def _cells(finding: Finding, words: Words) -> list[str]:
    area = finding.floor_area_m2
    return [
        defused(printable(finding.file)),
        "" if finding.row is None else str(finding.row),
        defused(printable(finding.column or "")),
        finding.code,
        finding.severity,
        defused(printable(words.finding(finding))),
        persons_exact(finding.persons_micro),
        "" if area is None else plain_decimal(area),
    ]
