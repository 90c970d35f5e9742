"""What sites state that they can serve, read from their table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from circle15.inputs.tables.cells import read_column
from circle15.inputs.tables.headings import unit_of
from circle15.inputs.tables.values import BEDS, MEALS, PLACES, parse_count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.inputs.tables.cells import Table
    from circle15.inputs.tables.values import Units
    from circle15.study.vocabulary.finding import Finding

_UNITS: Final[dict[str, Units]] = {
    "beds": BEDS,
    "nursing_beds": BEDS,
    "meals_per_day": MEALS,
    "places": PLACES,
}
_PLAUSIBLE: Final = {
    "beds": 20_000,
    "nursing_beds": 20_000,
    "meals_per_day": 200_000,
    "places": 200_000,
}
"""More than any single site has; a larger number is one too many zeros, or another unit."""


def read_capacities(
    table: Table, columns: Mapping[str, str | None]
) -> tuple[dict[str, list[Any]], list[Finding]]:
    """
    Read the capacities of sites by field, each in its own unit, Decimal or None.

    Numbers that cannot be read, and numbers larger than any site's, are reported; the latter count
    as they are.
    """
    values: dict[str, list[Any]] = {}
    findings: list[Finding] = []
    for name, units in _UNITS.items():
        heading = columns[name]
        parse = partial(parse_count, units=units, unit=unit_of(heading))
        values[name], found = read_column(table, heading, parse)
        findings += found
        cells = zip(values[name], table.column(heading), table.rows, strict=True)
        for value, cell, row in cells:
            if value is not None and value > _PLAUSIBLE[name]:
                one = table.finding("LARGE_CAPACITY", row, heading, value=str(cell))
                one.detail.update(number=f"{value:,}", field=name)
                findings.append(one)
    return values, findings
