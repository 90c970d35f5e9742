"""The record of a finding about the input; findings are listed in `issues.csv`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Severity = Literal["error", "warning", "note"]


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
