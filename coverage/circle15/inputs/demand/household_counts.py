"""Households at the demand points: counts by community, else residents over household size."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.inputs.demand.apportion import apportion
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import pandas as pd

    from circle15.arrays import Bools, Ints
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.demand.balance import Balance


HOUSEHOLDS: Final = "households"
_ROUNDING: Final = Fraction(1, 1_000_000)  # of a community's area, cut at the boundary


def place_households(
    demand: pd.DataFrame, total: Balance, area: StudyArea, household_size: Decimal | None
) -> tuple[Ints, Balance | None, list[Finding]]:
    """
    Distribute households in proportion to residents, never to one age group.

    A community's counted households are distributed over its residents. Residents of communities
    without a count, of no community, or outside are divided by the household size; without one they
    have no households, and are reported.

    Parameters
    ----------
    demand
        Demand points with their zones and the weights of the group `total`.
    total
        The balance of that group.
    area
        The study area with its communities.
    household_size
        Persons per household; None where the study states none.

    Returns
    -------
    Micro-households of each demand point, their balance (None where their number is unknown), and
    findings.
    """
    people = demand[c.weight_column("total")].to_numpy()
    counted = _counted(demand, people, area)
    placed, findings = counted.placed.copy(), list(counted.findings)
    open_rows = ~counted.rows
    inside = demand[c.IN_AREA].to_numpy(bool)
    beyond, derived = counted.cut_off, False
    if household_size is not None:
        size = Fraction(household_size)
        for where in (inside & open_rows, ~inside & open_rows):
            if people[where].sum() > 0:
                wanted = _rounded(Fraction(int(people[where].sum())) / size)
                placed[where] = apportion(people[where].astype(np.float64), wanted)
        beyond += _rounded(Fraction(total.beyond) / size)
        derived = bool(people[open_rows].sum() or total.beyond)
    elif not counted.rows.any():
        return placed, None, findings
    elif (without := int(people[inside & open_rows].sum())) > 0:
        detail = {"people": f"{without / c.MICRO:,.0f}"}
        findings.append(Finding("HOUSEHOLDS_UNKNOWN", "warning", _file(area), detail=detail))
    inner, outer = int(placed[inside].sum()), int(placed[~inside].sum()) + beyond
    balance = replace(
        total,
        group=HOUSEHOLDS,
        raw_inside=inner,
        raw_outside=outer,
        inside=inner,
        outside=outer,
        unplaced=0,
        nodata_cells=0,
        calibration_factor=1.0,
        beyond=beyond,
        derived=derived,
    )
    return placed, balance, findings


@dataclass(frozen=True)
class _Counted:
    """
    The counted households at the demand points.

    `placed` are micro-households, `rows` is a mask of the points in communities with a count, and
    `cut_off` are the micro-households of communities outside the boundary or without residents.
    """

    placed: Ints
    rows: Bools
    findings: Sequence[Finding]
    cut_off: int


def _counted(demand: pd.DataFrame, people: Ints, area: StudyArea) -> _Counted:
    """Distribute the counted households of each community."""
    placed, done = np.zeros(len(demand), np.int64), np.zeros(len(demand), np.bool_)
    findings: list[Finding] = []
    source = area.source.communities
    if source is None or source.households is None:
        return _Counted(placed, done, findings, 0)
    rows_of = demand.groupby(c.COMMUNITY_ID, sort=True).indices
    ground_m2 = area.parts.geometry.area.groupby(area.parts[c.COMMUNITY_ID]).sum()
    n_counted, n_zones, cut_off = 0, 0, 0
    communities = area.communities
    for zone_id, name, shape, count in zip(
        communities[c.ZONE_ID],
        communities[c.NAME],
        communities.geometry,
        communities[HOUSEHOLDS],
        strict=True,
    ):
        if count is None:
            continue
        micro = int(count * c.MICRO)
        # The part of a community beyond the boundary gets its share of the households by area.
        share = Fraction(float(ground_m2.get(zone_id, 0.0))) / Fraction(shape.area)
        inner = micro if share > 1 - _ROUNDING else _rounded(micro * share)
        rows = rows_of.get(zone_id, np.zeros(0, np.int64))
        if inner and not people[rows].sum():
            detail = {"community": f"{zone_id} {name}".strip(), "households": f"{count:,}"}
            findings.append(
                Finding("HOUSEHOLDS_NOBODY", "warning", source.file.name, detail=detail)
            )
            cut_off += micro
            continue
        if inner:
            placed[rows] = apportion(people[rows].astype(np.float64), inner)
        done[rows] = True
        cut_off += micro - inner
        n_counted, n_zones = n_counted + inner, n_zones + 1
    if n_zones:
        detail = {"households": f"{n_counted / c.MICRO:,.0f}", "communities": str(n_zones)}
        findings.append(Finding("HOUSEHOLDS_COUNTED", "note", source.file.name, detail=detail))
    return _Counted(placed, done, findings, cut_off)


def _rounded(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def _file(area: StudyArea) -> str:
    assert area.source.communities is not None  # where households are counted
    return area.source.communities.file.name
