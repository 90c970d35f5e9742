"""The record of a finding about the input; findings are listed in `issues.csv`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Severity = Literal["error", "warning", "note"]

_RANK: Final = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One finding: what was found, where, and what it affects.

    `row` counts as in a spreadsheet (the heading is row 1); None if the finding has no row.
    `persons_micro` (micro-persons of the study's group) and `floor_area_m2` are those of the row;
    None if it has none. `detail` fills in the message of `code`.
    """

    code: str
    severity: Severity
    file: str
    row: int | None = None
    column: str | None = None
    persons_micro: int | None = None
    floor_area_m2: Decimal | None = None
    detail: dict[str, str] = field(default_factory=dict)


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """Sort findings by severity, then by the people and the floor area affected, largest first."""
    return sorted(
        findings,
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
