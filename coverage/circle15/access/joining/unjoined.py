"""Report people and sites that have not joined the streets, or only through a wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.inputs.tables.shown_ids import home_in_words
from circle15.network.snapping import SnapCode
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.joining.sites import Doors
    from circle15.arrays import Ints
    from circle15.inputs.demand.population import Population
    from circle15.inputs.facilities.facility_table import Facilities
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Severity


def unsnapped_people(
    study: Study, population: Population, snaps: Snaps, network: WalkNetwork
) -> list[Finding]:
    """Report people who do not join, or only through a wall: by row of a table, or by barrier."""
    demand = population.demand
    weight = demand[c.weight_column(study.demand.group)].to_numpy()
    told = _told(snaps) & demand[c.IN_AREA].to_numpy()
    layer = next(one for one in study.demand.layers if one.group == study.demand.group)
    if layer.points is not None:
        ids = [str(one) for one in demand[c.DEMAND_ID]]
        return [
            Finding(
                str(snaps.code[i]),
                _severity(str(snaps.code[i])),
                layer.file_name,
                population.made.get(ids[i].partition("@")[0]),
                persons_micro=int(weight[i]),
                detail={"id": home_in_words(ids[i], layer.file_name, population.made)}
                | _barrier(snaps.barrier[i], network),
            )
            for i in np.flatnonzero(told)
        ]
    findings = []
    what = "CELLS" if layer.raster else "HOMES"
    for code in (SnapCode.TOO_FAR, SnapCode.ACCESS_BARRIER, SnapCode.THROUGH_WALL):
        some = told & (snaps.code == code)
        for barrier in np.unique(snaps.barrier[some]):
            cells = some & (snaps.barrier == barrier)
            findings.append(
                Finding(
                    f"{what}_{code}",
                    _severity(code),
                    layer.file_name,
                    persons_micro=int(weight[cells].sum()),
                    detail={"cells": str(int(cells.sum()))} | _barrier(barrier, network),
                )
            )
    return findings


def unsnapped_facilities(
    facilities: Facilities, snaps: Snaps, network: WalkNetwork
) -> list[Finding]:
    """Report sites that do not join, or only through a wall."""
    told = np.flatnonzero(_told(snaps))
    table = facilities.table.iloc[told]
    return [
        Finding(
            str(code),
            _severity(str(code)),
            file,
            int(row),
            floor_area_m2=area,
            detail={"id": own} | _barrier(barrier, network),
        )
        for code, barrier, file, row, area, own in zip(
            snaps.code[told],
            snaps.barrier[told],
            table["file"],
            table["row"],
            table[c.FLOOR_AREA_M2],
            table[c.FACILITY_ID],
            strict=True,
        )
    ]


def unjoined_doors(
    facilities: Facilities, doors: Doors | None, network: WalkNetwork
) -> list[Finding]:
    """Report the barriers that entrances of sites meet, where another entrance joins."""
    if doors is None:
        return []
    table = facilities.table
    first = ~table[c.FACILITY_ID].duplicated().to_numpy()  # a site may have a row per category
    joined = np.isin(doors.row, doors.row[doors.snaps.joined])
    several = np.bincount(doors.row, minlength=len(table))[doors.row] > 1
    chosen = first[doors.row] & joined & several
    places = [
        Place(str(file), int(row), str(own))
        for file, row, own in zip(table["file"], table["row"], table[c.FACILITY_ID], strict=True)
    ]
    return unjoined_points(places, doors.row[chosen], doors.snaps.take(chosen), network)


@dataclass(frozen=True)
class Place:
    """A site or a residential zone: file and row that list it, and its id."""

    file: str
    row: int
    id: str


def unjoined_points(
    places: Sequence[Place], owner: Ints, snaps: Snaps, network: WalkNetwork
) -> list[Finding]:
    """
    Report the barriers that stop, or are passed by, the legs of points of sites or zones.

    Parameters
    ----------
    places
        The sites or zones.
    owner
        Index in `places` of each point.
    snaps
        Where the points join the network.
    """
    findings = []
    for k in np.unique(owner[snaps.barrier >= 0]).tolist():
        mine = owner == k
        for code in (SnapCode.ACCESS_BARRIER, SnapCode.THROUGH_WALL):
            some = mine & (snaps.code == code)
            for barrier in np.unique(snaps.barrier[some]):
                points = some & (snaps.barrier == barrier)
                counted = {"points": f"{int(points.sum()):,}", "all": f"{int(mine.sum()):,}"}
                findings.append(
                    Finding(
                        f"POINTS_{code}",
                        "note",
                        places[k].file,
                        places[k].row,
                        detail={"id": places[k].id} | counted | _barrier(barrier, network),
                    )
                )
    return findings


def _told(snaps: Snaps) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return ~np.isin(snaps.code.astype(str), (SnapCode.SNAPPED.value, SnapCode.NO_POSITION.value))


def _severity(code: str) -> Severity:
    return "note" if code == SnapCode.THROUGH_WALL else "warning"


def _barrier(index: int, network: WalkNetwork) -> dict[str, str]:
    """Return the id and kind of a barrier as details of a finding; empty for none (-1)."""
    if index < 0:
        return {}
    name, kind = network.barrier_name(int(index))
    return {"barrier": name, "kind": kind}
