"""The worksheet of coverage by people, residential land and residential buildings."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from circle15.output.tables.sheet_records import Cell, Sheet
from circle15.results.figures import PEOPLE, counted_by

if TYPE_CHECKING:
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

_COLUMNS: Final = [
    ("category", "text"),
    ("category_id", "text"),
    ("cutoff_min", "whole"),
    ("counted_by", "text"),
    ("basis_unit", "text"),
    ("basis_total", "measure"),
    ("basis_covered", "measure"),
    ("basis_gap", "measure"),
    ("basis_unknown", "measure"),
    ("basis_share", "share"),
    ("basis_circles", "share"),
]


def basis_sheets(result: StudyResult, words: Words) -> list[Sheet]:
    """Return the worksheet; none for a study without residential land and buildings."""
    rows: list[list[Cell]] = []
    for row, basis, circles in counted_by(result):
        counts = circles.counts
        unit = "persons" if basis == PEOPLE else "m2"
        parts = (counts.persons, counts.covered, counts.gap, counts.unknown)
        rows.append(
            [
                words.category(row.category),
                row.category,
                row.cutoff_min,
                words.say(f"basis.{basis}"),
                words.say(f"units.{unit}"),
                *(Decimal(n).scaleb(-6) for n in parts),
                counts.share_covered,
                circles.share,
            ]
        )
    return [Sheet("basis", _COLUMNS, rows)] if rows else []
