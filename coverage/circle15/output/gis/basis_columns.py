"""Coverage by people, residential land and buildings as a table of `results.gpkg`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.results.figures import counted_by
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.results.records import StudyResult

_COLUMNS: Final = (
    *(c.CATEGORY, c.CUTOFF_MIN, "counted_by", "total", "covered", "gap", "unknown"),
    *("share_covered", "share_circles"),
)


def basis_columns(result: StudyResult) -> dict[str, list[Any]]:
    """
    Return the columns of the table of coverage by basis, in the order of `[coverage_basis]`.

    `counted_by` is `people`, `land`, `footprint` or `floor_area`; totals and parts are persons, or
    square metres. `share_circles` is that within straight-line circles; shares are null of
    nothing. No rows without `[coverage_basis]`.
    """
    rows = list(_rows(result))
    return {name: [row[k] for row in rows] for k, name in enumerate(_COLUMNS)}


def _rows(result: StudyResult) -> Iterator[tuple[object, ...]]:
    for row, basis, circles in counted_by(result):
        counts = circles.counts
        parts = (counts.persons, counts.covered, counts.gap, counts.unknown)
        shares = [
            None if one is None else float(one) for one in (counts.share_covered, circles.share)
        ]
        yield (row.category, row.cutoff_min, basis, *(n / c.MICRO for n in parts), *shares)
