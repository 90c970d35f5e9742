"""Entrances of residential zones: points of a table, each with the id of its zone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.errors import InputDataError
from circle15.inputs.points import Given, locate
from circle15.inputs.tables import find_columns, read_table
from circle15.inputs.values import parse_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pyproj import CRS

    from circle15.study.databases import Source
    from circle15.study.issues import Issue

XY = tuple[float, float]


@dataclass(frozen=True)
class Entrances:
    """
    Entrances by zone id, in the order of their rows: study CRS, metres.

    `rows` counts those of the file, `issues` lists those that could not be used.
    """

    of_zone: Mapping[str, tuple[XY, ...]]
    rows: int
    issues: list[Issue]
    given: Given


def read_entrances(
    file: Source,
    zone_ids: Collection[str],
    crs: CRS,
    *,
    layer_crs: str | None = None,
    datum: str | None = None,
) -> Entrances:
    """
    Read the entrances of zones: a row for each, with `zone_id` and a position.

    Parameters
    ----------
    zone_ids
        The zones that there are; an entrance of another is listed.
    layer_crs, datum
        Those of the zones' own layer.

    Raises
    ------
    InputDataError
        If the table has no column of zone ids, or no positions.
    """
    table = read_table(file)
    columns = find_columns(table, "residential", {})
    if columns["zone_id"] is None:
        raise InputDataError(
            "has no column of zone ids.",
            file=file,
            mend="Give each entrance the zone_id (编号) of its zone.",
        )
    located = locate(table, columns, crs, layer_crs=layer_crs, datum=datum)
    issues = [*table.issues, *located.issues]
    found: dict[str, list[XY]] = defaultdict(list)
    cells = table.column(columns["zone_id"])
    for cell, row, x, y in zip(cells, table.rows, located.x_m, located.y_m, strict=True):
        zone_id = parse_id(cell)
        if zone_id is None or zone_id not in zone_ids:
            column = columns["zone_id"]
            issues.append(table.finding("ENTRANCE_WITHOUT_ZONE", row, column, value=zone_id or ""))
        elif np.isfinite(x):
            found[zone_id].append((float(x), float(y)))
    of_zone = {zone_id: tuple(points) for zone_id, points in found.items()}
    return Entrances(of_zone, len(table.rows), issues, located.given)
