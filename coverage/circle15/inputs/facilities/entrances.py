"""Read entrances of zones and facilities: points with the id of the zone or facility."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from circle15.errors import InputDataError
from circle15.inputs.crs.points import Given, locate, require_position
from circle15.inputs.table_sources import find_columns, read_table
from circle15.inputs.tables.values import parse_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pyproj import CRS

    from circle15.study.database_tables import Source
    from circle15.study.vocabulary.finding import Finding

XY = tuple[float, float]

_KINDS: Final = {
    "residential": ("zone_id", "zone", "ENTRANCE_WITHOUT_ZONE"),
    "facility": ("facility_id", "facility", "ENTRANCE_WITHOUT_FACILITY"),
}


@dataclass(frozen=True)
class Entrances:
    """
    Entrances by the id of their zone or facility, in the order of their rows: study CRS, metres.

    `rows` is the number of rows in the file, `findings` are findings on unusable ones.
    """

    by_id: Mapping[str, tuple[XY, ...]]
    rows: int
    findings: Sequence[Finding]
    given: Given


def read_entrances(
    file: Source,
    known: Collection[str],
    crs: CRS,
    *,
    sheet: str | None = None,
    of: Literal["residential", "facility"] = "residential",
    layer_crs: str | None = None,
    datum: str | None = None,
) -> Entrances:
    """
    Read entrances: a row for each, with `zone_id` or `facility_id`, and a position.

    Parameters
    ----------
    known
        The known ids; entrances with other ids, and repeated ones, are reported.
    crs
        The study CRS.
    sheet
        Worksheet or layer of the file.
    of
        Whether the ids are of residential zones or facilities.
    layer_crs, datum
        Those of the layer of the zones or facilities.

    Raises
    ------
    InputDataError
        If the table has no column of these ids, or no positions.
    """
    field, word, code = _KINDS[of]
    table = read_table(file, sheet=sheet)
    columns = find_columns(table, of, {}, read={field}, judged=False)
    if columns[field] is None:
        raise InputDataError(
            f"has no column of {word} ids.",
            file=file,
            mend=f"Give each entrance the {field} (编号) of its {word}.",
        )
    located = locate(table, columns, crs, layer_crs=layer_crs, datum=datum)
    require_position(located, table, blank_is_none=True)
    findings = [*table.findings, *located.findings]
    found: dict[str, list[XY]] = defaultdict(list)
    cells = table.column(columns[field])
    for cell, row, x, y in zip(cells, table.rows, located.x_m, located.y_m, strict=True):
        own = parse_id(cell)
        if own is None or own not in known:
            findings.append(table.finding(code, row, columns[field], value=own or ""))
        elif np.isfinite(x):
            place = (float(x), float(y))
            if place in found[own]:
                findings.append(table.finding("ENTRANCE_REPEATED", row, columns[field], value=own))
            else:
                found[own].append(place)
    by_id = {own: tuple(points) for own, points in found.items() if points}
    return Entrances(by_id, len(table.rows), findings, located.given)
