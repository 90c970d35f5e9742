"""Count the judged people: by state, by zone and by facility.

People enter here; the earlier steps compute only times and states of points.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.counting import (
    NO_PEOPLE,
    CatchmentCount,
    count_by_zone,
    count_states,
    straight_line_m,
    straight_line_ms,
)
from circle15.access.records import CoverageRow, Level, ZoneRow
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL, ANY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from circle15.access.cohorts import Cohort, Homes
    from circle15.access.counting import Counts
    from circle15.access.study_inputs import StudyInputs
    from circle15.access.walks import Walks
    from circle15.arrays import Codes, Floats, Ints
    from circle15.study.settings.walkers import Walker


def coverage_rows(
    inputs: StudyInputs, walks: Walks, circles: Mapping[str, Floats]
) -> list[CoverageRow]:
    """
    Count people by state for every speed, category, cutoff and group, summed over age bands.

    Parameters
    ----------
    circles
        Result of `straight_lines`.
    """
    rows = []
    walk = inputs.study.walk
    for speed in walk.speeds:
        factor = walk.factor(speed)
        for category, cutoff in walks.states_as(walks.drawn):
            for group, cohorts in walks.homes.cohorts.items():
                paced = [one.walker.times(factor) for one in cohorts]
                states = [walks.states_as(w)[category, cutoff] for w in paced]
                counts = count_cohorts(cohorts, states)
                near = [replace(one, walker=w) for one, w in zip(cohorts, paced, strict=True)]
                claimed = count_cohorts(within_circles(near, circles[category], cutoff), states)
                own = () if walk.alike else tuple(paced)
                rows.append(CoverageRow(category, group, cutoff, speed, counts, claimed, own))
    return rows


def circle_rows(walks: Walks) -> list[CoverageRow]:
    """Count people by state in the circle at the judged speed; circles claim nobody in them."""
    walk = walks.inputs.study.walk
    return [
        CoverageRow(
            category,
            group,
            cutoff,
            walk.speed_m_s,
            count_cohorts(
                cohorts, [walks.states_as(one.walker)[category, cutoff] for one in cohorts]
            ),
        )
        for category, cutoff in walks.states_as(walks.drawn)
        if cutoff == walk.circle_min
        for group, cohorts in walks.homes.cohorts.items()
    ]


def count_cohorts(cohorts: Sequence[Cohort], states: Sequence[Codes]) -> Counts:
    """Sum people by state, where each cohort has its own states."""
    parts = (count_states(state, one.weight) for one, state in zip(cohorts, states, strict=True))
    return sum(parts, NO_PEOPLE)


def within_circles(cohorts: Sequence[Cohort], distance_m: Floats, cutoff_min: int) -> list[Cohort]:
    """Return the people of each cohort within straight-line circles at their own speed."""
    limit_ms = cutoff_min * c.MS_PER_MIN
    return [
        replace(
            one,
            weight=np.where(
                straight_line_ms(distance_m, one.walker.speed_m_s) <= limit_ms, one.weight, 0
            ),
        )
        for one in cohorts
    ]


def straight_lines(inputs: StudyInputs, homes: Homes) -> dict[str, Floats]:
    """Return the metres from every home to the nearest site by category, with `any` and `all`."""
    return straight_lines_of(inputs, homes.x_m, homes.y_m)


def straight_lines_of(inputs: StudyInputs, from_x_m: Floats, from_y_m: Floats) -> dict[str, Floats]:
    """Return the same for points of any kind, study CRS, metres."""
    table = inputs.sites.table
    x_m, y_m = table[c.X_M].to_numpy(), table[c.Y_M].to_numpy()
    found: dict[str, Floats] = {}
    for category in inputs.categories:
        rows = inputs.sites.rows(category, sure=False)
        found[category] = straight_line_m(from_x_m, from_y_m, x_m[rows], y_m[rows])
    required = [found[category] for category in inputs.study.circle.require]
    if required:
        found |= {ANY: np.min(required, axis=0), ALL: np.max(required, axis=0)}
    return found


def zone_rows(inputs: StudyInputs, walks: Walks, circles: Mapping[str, Floats]) -> list[ZoneRow]:
    """
    Count people by state in every subdistrict and community, for the judged group and speed.

    Parameters
    ----------
    circles
        Result of `straight_lines`.
    """
    study = inputs.study
    group = study.demand.group
    cohorts = walks.homes.cohorts[group]
    own = () if study.walk.alike else tuple(one.walker for one in cohorts)
    rows = []
    layers: tuple[tuple[Level, gpd.GeoDataFrame], ...] = (
        ("street", inputs.area.streets),
        ("community", inputs.area.communities),
    )
    for level, layer in layers:
        ids, names = list(layer[c.ZONE_ID]), list(layer[c.NAME])
        zone = zone_numbers(inputs, walks.homes, level)
        for category, cutoff in walks.states_as(walks.drawn):
            states = [walks.states_as(one.walker)[category, cutoff] for one in cohorts]
            counted = count_cohorts_by_zone(cohorts, states, zone, len(ids))
            claimed = count_cohorts_by_zone(
                within_circles(cohorts, circles[category], cutoff), states, zone, len(ids)
            )
            rows += [
                ZoneRow(
                    level=level,
                    zone_id=zone_id,
                    name=name,
                    category=category,
                    group=group,
                    cutoff_min=cutoff,
                    speed_m_s=study.walk.speed_m_s,
                    counts=counts,
                    claimed=of_circles,
                    walkers=own,
                )
                for zone_id, name, counts, of_circles in zip(
                    ids, names, counted, claimed, strict=True
                )
            ]
    return rows


def count_cohorts_by_zone(
    cohorts: Sequence[Cohort], states: Sequence[Codes], zone: Ints, n_zones: int
) -> list[Counts]:
    """Sum people by state in each zone, where each cohort has its own states."""
    counted = [NO_PEOPLE] * n_zones
    for one, state in zip(cohorts, states, strict=True):
        found = count_by_zone(state, one.weight, zone, n_zones)
        counted = [a + b for a, b in zip(counted, found, strict=True)]
    return counted


def zone_numbers(inputs: StudyInputs, homes: Homes, level: str) -> Ints:
    """Return the row of each home's subdistrict or community in its layer; -1 in none."""
    layer, column = {
        "street": (inputs.area.streets, c.STREET_ID),
        "community": (inputs.area.communities, c.COMMUNITY_ID),
    }[level]
    number = {zone_id: k for k, zone_id in enumerate(layer[c.ZONE_ID])}
    return np.array([number.get(z, -1) for z in homes.table[column]], np.int64)


def facility_catchments(inputs: StudyInputs, walks: Walks) -> dict[str, list[CatchmentCount]]:
    """
    Count the people in reach of each open facility at the circle's cutoff, by category.

    People who walk in their own way are in reach by their own time. Facilities that have not joined
    the streets of the judged group's people are left out.
    """
    weights = _weights_by_walker(walks.homes)
    found = {}
    for category in inputs.categories:
        rows = inputs.sites.rows(category, sure=False)
        sums: dict[int, CatchmentCount] = {}
        for walker, of_groups in weights.items():
            for one in walks.caught(walker, category, of_groups).counts(of_groups):
                before = sums.get(one.facility)
                sums[one.facility] = one if before is None else before + one
        joined = inputs.streets(walks.drawn.profile).sites.snaps.joined[rows]
        found[category] = [
            replace(sums[k], facility=int(row))
            for k, row in enumerate(rows)
            if joined[k] and k in sums
        ]
    return found


def _weights_by_walker(homes: Homes) -> dict[Walker, dict[str, Ints]]:
    """Return micro-persons by way of walking and group."""
    found: dict[Walker, dict[str, Ints]] = {}
    for group in homes.weights:
        for one in homes.cohorts[group]:
            of_walker = found.setdefault(one.walker, {})
            of_walker[group] = of_walker.get(group, 0) + one.weight
    return found
