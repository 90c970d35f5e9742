"""What changed since the last run of a study with other numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circle15.results.difference.comparison_entries import Comparison


@dataclass(frozen=True)
class SinceLastRun:
    """
    The difference of a run and the last one with other numbers.

    Attributes
    ----------
    finished
        When that run ended, UTC, in the ISO form.
    change
        Their difference; None if they cannot be compared.
    """

    finished: str
    change: Comparison | None
