"""Write `accessibility.parquet`: what every home has of each category within the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.tables.coverage_parquet import write_table
from circle15.results.accessibility_table import accessibility_table

if TYPE_CHECKING:
    from pathlib import Path

    from circle15.results.records import StudyResult


def write_accessibility(result: StudyResult, path: Path) -> None:
    """Write the accessibility table."""
    write_table(accessibility_table(result), path)
