"""Count what has been judged: people by state, by zone and by facility, and the table behind it.

The first step of a run that looks at people; before it there are only times and states of points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from circle15.access.counting import (
    CatchmentCount,
    count_by_zone,
    count_catchments,
    count_states,
    straight_line_m,
    straight_line_ms,
)
from circle15.access.judging import MS_PER_MIN
from circle15.access.states import REASON_WORDS, STATE_WORDS, all_of, any_of
from circle15.output.result import CoverageRow, ZoneRow
from circle15.study import columns as c
from circle15.study.config import speed_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    import numpy.typing as npt

    from circle15.access.judging import Judge, Judged
    from circle15.run.reading import StudyInputs
    from circle15.study.config import Study

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int8]
    States = Mapping[tuple[str, int], Codes]

ANY: Final = "any"
ALL: Final = "all"
"""Rows for any, and for all, of the required categories."""


class Homes:
    """The demand points inside the area: their ids, snaps, positions and weights."""

    def __init__(self, inputs: StudyInputs) -> None:
        inside = np.flatnonzero(inputs.population.demand[c.IN_AREA].to_numpy())
        demand = inputs.population.demand.iloc[inside]
        self.table = demand
        self.ids = demand[c.DEMAND_ID].to_numpy(dtype=object)
        self.x_m, self.y_m = demand[c.X_M].to_numpy(), demand[c.Y_M].to_numpy()
        self.snaps = inputs.demand_snaps.take(inside)
        self.weights: dict[str, Ints] = {
            balance.group: demand[c.weight_column(balance.group)].to_numpy()
            for balance in inputs.population.balances
        }


def states_by_category(study: Study, judged: Mapping[str, Judged]) -> dict[tuple[str, int], Codes]:
    """States by category and cutoff, with `any` and `all` of the required categories."""
    found = {(k, cutoff): j.states[cutoff] for k, j in judged.items() for cutoff in j.states}
    if study.circle.require:
        for cutoff in study.walk.cutoffs_min:
            required = [judged[category].states[cutoff] for category in study.circle.require]
            found[ANY, cutoff] = any_of(required)
            found[ALL, cutoff] = all_of(required)
    return found


def coverage_rows(
    inputs: StudyInputs, homes: Homes, states: Mapping[Decimal, States]
) -> list[CoverageRow]:
    """People by state for every speed, category, cutoff and group."""
    rows = []
    circles = _circles(inputs, homes)
    for speed, by_category in states.items():
        times = {
            key: straight_line_ms(metres, speed_ratio(speed)) for key, metres in circles.items()
        }
        for (category, cutoff), state in by_category.items():
            claimed = times[category] <= cutoff * MS_PER_MIN
            for group, weight in homes.weights.items():
                counts = count_states(state, weight)
                share = int(weight[claimed].sum()) / counts.persons if counts.persons else None
                rows.append(CoverageRow(category, group, cutoff, speed, counts, share))
    return rows


def _circles(inputs: StudyInputs, homes: Homes) -> dict[str, Floats]:
    """Straight-line distances by category, with `any` and `all`."""
    table = inputs.sites.table
    x_m, y_m = table[c.X_M].to_numpy(), table[c.Y_M].to_numpy()
    found: dict[str, Floats] = {}
    for category in inputs.categories:
        rows = inputs.sites.rows(category, sure=False)
        found[category] = straight_line_m(homes.x_m, homes.y_m, x_m[rows], y_m[rows])
    required = [found[category] for category in inputs.study.circle.require]
    if required:
        found |= {ANY: np.min(required, axis=0), ALL: np.max(required, axis=0)}
    return found


def zone_rows(inputs: StudyInputs, homes: Homes, states: States) -> list[ZoneRow]:
    """People by state in every street and community, for the judged group and speed."""
    study = inputs.study
    weight = homes.weights[study.demand.group]
    rows = []
    for level, layer, column in (
        ("street", inputs.area.streets, c.STREET_ID),
        ("community", inputs.area.communities, c.COMMUNITY_ID),
    ):
        ids, names = list(layer[c.ZONE_ID]), list(layer[c.NAME])
        number = {zone_id: k for k, zone_id in enumerate(ids)}
        zone = np.array([number.get(z, -1) for z in homes.table[column]], np.int64)
        for (category, cutoff), state in states.items():
            rows += [
                ZoneRow(
                    level=level,
                    zone_id=zone_id,
                    name=name,
                    category=category,
                    group=study.demand.group,
                    cutoff_min=cutoff,
                    speed_m_s=study.walk.speed_m_s,
                    counts=counts,
                )
                for zone_id, name, counts in zip(
                    ids, names, count_by_zone(state, weight, zone, len(ids)), strict=True
                )
            ]
    return rows


def facility_catchments(
    inputs: StudyInputs, homes: Homes, judge: Judge
) -> dict[str, list[CatchmentCount]]:
    """People in reach of each open facility at the circle's cutoff, by category."""
    origins = judge.positions(homes.snaps)
    unsure = inputs.sites.table[c.POSITION_UNSURE].to_numpy()
    found = {}
    for category in inputs.categories:
        rows = inputs.sites.rows(category, sure=False)
        search = judge.catchments(origins, rows)
        counted = count_catchments(search, homes.weights, sure=~unsure[rows])
        found[category] = [
            CatchmentCount(int(rows[one.facility]), one.persons, one.persons_only_here)
            for one in counted
        ]
    return found


def coverage_table(
    inputs: StudyInputs, homes: Homes, judged: Mapping[Decimal, Mapping[str, Judged]]
) -> pd.DataFrame:
    """One row per demand point, category, speed and cutoff; see `StudyResult.coverage`."""
    n = len(homes.ids)
    demand = _words(np.arange(n), homes.ids)
    sites = inputs.sites.table[c.FACILITY_ID].to_numpy(dtype=object)
    site_words = sorted(set(sites))
    number = {word: k for k, word in enumerate(site_words)}
    site_code = np.array([*(number[s] for s in sites), -1], np.int64)
    blocks = []
    for speed, by_category in judged.items():
        for place, category in enumerate(inputs.categories):
            found = by_category[category]
            time = pd.array(np.maximum(found.time_ms, 0), dtype="Int64")
            time[found.time_ms < 0] = pd.NA
            for cutoff, state in found.states.items():
                block = {
                    c.DEMAND_ID: demand,
                    c.CATEGORY: _words(np.full(n, place), inputs.categories),
                    c.SPEED_M_S: np.full(n, float(speed)),
                    c.TIME_MS: time,
                    c.FACILITY_ID: _words(site_code[found.facility], site_words),
                    c.CUTOFF_MIN: np.full(n, cutoff, np.int32),
                    c.STATE: _words(state, STATE_WORDS),
                    c.UNKNOWN_REASON: _words(found.reasons[cutoff], REASON_WORDS),
                }
                blocks.append(pd.DataFrame(block))
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()


def _words(codes: Ints | Codes, values: Sequence[str] | npt.NDArray[np.object_]) -> pd.Categorical:
    """Words that occur in many rows, as categories of a column."""
    return pd.Categorical.from_codes(codes, pd.Index(list(values)))
