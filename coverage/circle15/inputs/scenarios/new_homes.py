"""The people of a scenario: those of the study, and new homes."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from circle15.errors import InputDataError
from circle15.inputs.demand.apportion import apportion
from circle15.inputs.demand.household_counts import HOUSEHOLDS, place_households
from circle15.inputs.demand.people_limits import refuse_too_many
from circle15.inputs.demand.points import read_points
from circle15.inputs.demand.population import people_at
from circle15.inputs.table_sources import read_table
from circle15.inputs.tables.column_kinds import typed
from circle15.inputs.tables.faults import Faults
from circle15.study.settings.records import DemandLayer
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.categories import normalise

if TYPE_CHECKING:
    from pyproj import CRS

    from circle15.arrays import Ints
    from circle15.inputs.area.study_area import StudyArea
    from circle15.inputs.demand.balance import Balance
    from circle15.inputs.demand.points import DemandSource
    from circle15.inputs.demand.population import Population
    from circle15.inputs.table_sources import Table
    from circle15.study.settings.records import Demand, Study
    from circle15.study.settings.scenarios.tables import Scenario

_TOTAL: Final = "total"


def read_new_homes(study: Study, area: StudyArea, crs: CRS) -> DemandSource | None:
    """
    Read the new homes of the scenario of a study; None if it has none.

    Their table has a column for each group of the study: named by the group, such as `p60`, or like
    the column that the study itself reads for it. `households` may be added.

    Raises
    ------
    InputDataError
        If the file cannot be used, lacks a group, or has homes without people or a position, or
        none of them lies inside the area.
    """
    assert study.changes is not None
    scenario = study.changes.scenario
    if scenario.homes is None:
        return None
    table = read_table(scenario.homes, sheet=scenario.homes_sheet)
    layers = _layers(table, scenario, study.demand)
    found = read_points("", layers, area, crs)
    _require_people(found.demand, table, layers)
    if not found.demand[c.IN_AREA].any():
        raise InputDataError(
            "has no home inside the study area.",
            file=scenario.homes,
            mend="Check positions, datum and crs, or the boundary.",
        )
    return found


def _layers(table: Table, scenario: Scenario, demand: Demand) -> list[DemandLayer]:
    """Return a layer of points for each group of the study, with its column of the table."""
    assert scenario.homes is not None
    have = {normalise(str(name)): str(name) for name in table.cells.columns}
    layers, missing = [], []
    groups = {layer.group: layer for layer in demand.layers}
    for group, layer in groups.items():
        named = [(group,), layer.value if layer.points is not None else ()]
        value = next((one for one in named if one and all(normalise(k) in have for k in one)), None)
        if value is None:
            missing.append(group)
            continue
        layers.append(
            DemandLayer(
                group,
                points=scenario.homes,
                sheet=scenario.homes_sheet,
                value=tuple(have[normalise(key)] for key in value),
                crs=scenario.crs,
                datum=scenario.datum,
            )
        )
    if missing:
        raise InputDataError(
            f"has no column of the people of {', '.join(missing)}.",
            file=table.file,
            mend=f"Give each group of the study a column: {', '.join(groups)} (0 where none live).",
        )
    if HOUSEHOLDS not in groups and HOUSEHOLDS in have:
        layers.append(replace(layers[0], group=HOUSEHOLDS, value=(have[HOUSEHOLDS],)))
    return layers


def _require_people(demand: pd.DataFrame, table: Table, layers: list[DemandLayer]) -> None:
    """Refuse homes without people, or without a position."""
    people = demand[[c.weight_column(one.group) for one in layers]].sum(axis=1)
    faults = Faults(table.file)
    for own, count, x in zip(demand[c.DEMAND_ID], people, demand[c.X_M], strict=True):
        if not count:
            faults.add(f"the home {own!r} has no people", mend="Take it out, or state them.")
        elif not np.isfinite(x):
            faults.add(f"the home {own!r} has no position", mend="Give it one.")
    faults.stop()


def with_new_homes(
    population: Population, homes: DemandSource, demand: Demand, area: StudyArea
) -> Population:
    """
    Return the people of a study with new homes beside them; nothing is calibrated again.

    New homes have the households that their table states. Without these, they have the study's
    residents per household if communities have counts of their own; else the households of all are
    placed anew.

    Raises
    ------
    InputDataError
        If a new home has the id of a home of the study, or its households cannot be found.
    """
    added = homes.demand
    again = set(population.demand[c.DEMAND_ID]) & set(added[c.DEMAND_ID])
    file = next(iter(homes.files))
    if again:
        raise InputDataError(
            f"{min(again)!r} is a home of the study already.",
            file=file,
            mend="Give new homes their own ids.",
        )
    groups = [layer.group for layer in demand.layers]
    known = {balance.group: balance for balance in population.balances}
    derived = HOUSEHOLDS in known and HOUSEHOLDS not in groups
    base = population.demand
    stated = c.weight_column(HOUSEHOLDS) in added
    counted = area.source.communities is not None and area.source.communities.households is not None
    if derived and not stated and counted:
        added = added.assign(**{c.weight_column(HOUSEHOLDS): _by_size(added, demand, file)})
        stated = True
    own = [*groups, *([HOUSEHOLDS] if derived and stated else [])]
    of_groups = {c.weight_column(group) for group in known}
    columns = [name for name in base.columns if name not in of_groups]
    weights = [c.weight_column(group) for group in own]
    table = pd.concat([base[[*columns, *weights]], added[[*columns, *weights]]], ignore_index=True)
    table = table.sort_values(c.DEMAND_ID, ignore_index=True)
    balances = [_with(known[group], added) if group in own else None for group in known]
    kept = [one for one in balances if one is not None]
    if derived and not stated:
        total = next(one for one in kept if one.group == _TOTAL)
        placed, households, _ = place_households(table, total, area, demand.household_size)
        table = table.assign(**{c.weight_column(HOUSEHOLDS): placed})
        kept += [] if households is None else [households]
    overlaps = dict(population.overlap_micro)
    for group in groups:
        more = people_at(added, group, area)
        before = overlaps.get(group, [0] * len(more))
        overlaps[group] = [a + b for a, b in zip(before, more, strict=True)]
    return replace(
        population,
        demand=typed(table),
        balances=kept,
        findings=[*population.findings, *homes.findings],
        files=population.files | homes.files,
        given=[*population.given, *([] if homes.given is None else [homes.given])],
        made=population.made | homes.made,
        overlap_micro=overlaps,
    )


def _with(balance: Balance, added: pd.DataFrame) -> Balance:
    """Return the balance of a group with the people of new homes."""
    weight = added[c.weight_column(balance.group)].to_numpy()
    inside = added[c.IN_AREA].to_numpy(bool)
    inner, outer = int(weight[inside].sum()), int(weight[~inside].sum())
    refuse_too_many((balance.total + inner + outer) // c.MICRO, balance.group)
    return replace(
        balance,
        raw_inside=balance.raw_inside + inner,
        raw_outside=balance.raw_outside + outer,
        inside=balance.inside + inner,
        outside=balance.outside + outer,
    )


def _by_size(added: pd.DataFrame, demand: Demand, file: str) -> Ints:
    """Return the micro-households of new homes: residents over the household size."""
    if demand.household_size is None:
        raise InputDataError(
            "has no column of households, and the study no household size.",
            file=file,
            mend="Add the column households, or demand.household_size.",
        )
    people = added[c.weight_column(_TOTAL)].to_numpy()
    if not people.any():
        return people
    exact = Fraction(int(people.sum())) / Fraction(demand.household_size)
    return apportion(people.astype(np.float64), math.floor(exact + Fraction(1, 2)))
