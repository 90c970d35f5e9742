"""A finding: what was found in the input and could not be used as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Issue:
    """
    One finding, with its place and what it touches.

    `row` counts as a spreadsheet does (the heading is row 1); null where a finding has no row.
    `persons_micro` (micro-persons of the study's group) and `floor_area_m2` are what the row
    carries; null where it carries none. `detail` fills the message of `code`.
    """

    code: str
    severity: Severity
    file: str
    row: int | None = None
    column: str | None = None
    persons_micro: int | None = None
    floor_area_m2: Decimal | None = None
    detail: dict[str, str] = field(default_factory=dict)
