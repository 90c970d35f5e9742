"""Write `issues.csv`: the findings about the input."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from circle15.output.text.numbers import persons_exact, plain_decimal
from circle15.output.text.wording import Words, defused, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle15.results.records import StudyResult
    from circle15.study.languages import Language
    from circle15.study.vocabulary.issue import Issue

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
_RANK: Final = {"error": 0, "warning": 1, "note": 2}


def worst_first(issues: Sequence[Issue]) -> list[Issue]:
    """Sort findings by severity, then by the people and the floor area affected, largest first."""
    return sorted(
        issues,
        key=lambda i: (
            _RANK[i.severity],
            -(i.persons_micro or 0),
            -(i.floor_area_m2 or 0),
            i.file,
            i.row or 0,
            i.column or "",
            i.code,
            sorted(i.detail.items()),
        ),
    )


def issue_line(issue: Issue, words: Words) -> str:
    """Format a finding as one line: severity, file, row, column, message."""
    place = [issue.file]
    if issue.row is not None:
        place.append(f"row {issue.row}")
    if issue.column is not None:
        place.append(f"column '{issue.column}'")
    return f"{issue.severity}: {', '.join(place)}: {words.issue(issue)}"


def write_issues(result: StudyResult, path: Path, language: Language) -> None:
    """
    Write the findings of a result, worst first, as UTF-8 with a byte-order mark for spreadsheets.

    Codes and severities are the same in both languages. An apostrophe is put before text that a
    spreadsheet would run as a formula. The same result gives the same bytes.
    """
    words = Words(language, result.study)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(issue, words) for issue in worst_first(result.issues))


def _cells(issue: Issue, words: Words) -> list[str]:
    area = issue.floor_area_m2
    return [
        defused(printable(issue.file)),
        "" if issue.row is None else str(issue.row),
        defused(printable(issue.column or "")),
        issue.code,
        issue.severity,
        defused(printable(words.issue(issue))),
        persons_exact(issue.persons_micro),
        "" if area is None else plain_decimal(area),
    ]
