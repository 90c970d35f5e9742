"""People whose state is unknown, in whole persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.numbers import whole_parts, whole_people
from circle15.results.figures import coverage_row, unknown_people

if TYPE_CHECKING:
    from circle15.results.records import StudyResult


def unknown_persons(result: StudyResult) -> dict[str, dict[str, int]]:
    """Return unknown persons by category and reason; sums equal those of the coverage table."""
    found: dict[str, dict[str, int]] = {}
    for category, by_reason in unknown_people(result).items():
        row = coverage_row(result, category)
        total = whole_people(row.counts)[2] if row else None
        whole = whole_parts(list(by_reason.values()), total=total)
        found[category] = dict(zip(by_reason, whole, strict=True))
    return found
