"""Collect the evidence on which the rules are judged."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.counting import count_states, straight_line_m
from circle15.access.coverage_counts import count_cohorts, count_cohorts_by_zone, zone_numbers
from circle15.access.judging import Judge
from circle15.access.states import all_of, any_of
from circle15.rules.evaluators.evidence import Evidence
from circle15.rules.floor_area.zone_checks import ZoneCheck, check_floor_areas
from circle15.rules.packs.known import indicators_of
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL, ANY
from circle15.travel.engine.graph import positions_at
from circle15.travel.engine.lengths import MM_PER_MS, by_length
from circle15.travel.engine.search import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.access.counting import Counts
    from circle15.access.records import CoverageRow
    from circle15.access.study_inputs import StudyInputs
    from circle15.access.walks import Walks
    from circle15.rules.evaluators.evidence import Needs
    from circle15.rules.floor_area.pooling import ApartWithin
    from circle15.rules.packs.load import RulePack

ONE_SITE_M = 1.0
"""Sites of two lists at most this far apart are at one place."""


def gather_evidence(
    inputs: StudyInputs,
    walks: Walks,
    *,
    rows: Sequence[CoverageRow],
    checks: Sequence[ZoneCheck],
    packs: Sequence[RulePack],
) -> Evidence:
    """
    Collect counts, tables and registers for the rules.

    Parameters
    ----------
    inputs
        The inputs of the study.
    walks
        Times and states of the homes.
    rows
        People by state.
    checks
        The residential zones, judged.
    packs
        Rule packs whose indicators registers may state.
    """
    study = inputs.study
    walk = study.walk
    shown = {ANY, ALL, *study.circle.require}
    circle: dict[tuple[str, str], Counts] = {
        (row.category, row.group): row.counts
        for row in rows
        if row.category in shown
        and row.cutoff_min == walk.circle_min
        and row.speed_m_s == walk.speed_m_s
    }
    people = {b.group: (b.inside, b.year) for b in inputs.population.balances}
    return Evidence(
        circle,
        list(inputs.area.streets[c.ZONE_ID]),
        inputs.sites.table,
        checks,
        community_ids=list(inputs.area.communities[c.ZONE_ID]),
        registers=inputs.registers,
        indicators=indicators_of(packs),
        people=people,
        year=study.as_of.year,
        circle_min=walk.circle_min,
        count=partial(_count, walks),
        by_unit=partial(_by_unit, inputs, walks),
        within_m=partial(_within_m, walks),
        nearest_m=partial(_nearest_m, inputs, walks),
    )


def under_law_of(
    pack: RulePack, evidence: Evidence, inputs: StudyInputs, apart: ApartWithin
) -> Evidence:
    """
    Return evidence with the zones judged by a pack's own floor-area law, or without sheets.

    Findings about the tables are not repeated: the first law has reported them.
    """
    zones = [check.zone for check in evidence.zones]
    floor, _ = check_floor_areas(
        zones, inputs.sites.table, pack.floor_area, inputs.study.rules, apart=apart
    )
    checks = [ZoneCheck(one, *floor[one.zone_id], ()) for one in zones]
    return replace(evidence, zones=checks)


def _count(walks: Walks, needs: Needs, group: str, cutoff_min: int) -> Counts | None:
    """Count a group by state for needs; None where a list has no judged category."""
    cohorts = walks.homes.cohorts.get(group) if group in walks.homes.weights else None
    if cohorts is None:
        return None
    judged = []
    for one in cohorts:
        states = walks.states_as(one.walker)
        options = [
            [states[category, cutoff_min] for category in need if (category, cutoff_min) in states]
            for need in needs
        ]
        if not all(options):
            return None
        judged.append(all_of([any_of(found) for found in options]))
    return count_cohorts(cohorts, judged)


def _by_unit(inputs: StudyInputs, walks: Walks, level: str, category: str) -> Sequence[Counts]:
    key = category, inputs.study.walk.circle_min
    cohorts = walks.homes.cohorts[inputs.study.demand.group]
    states = [walks.states_as(one.walker).get(key) for one in cohorts]
    known = [state for state in states if state is not None]
    if len(known) < len(states):
        return ()
    zone = zone_numbers(inputs, walks.homes, level)
    layer = inputs.area.streets if level == "street" else inputs.area.communities
    return count_cohorts_by_zone(cohorts, known, zone, len(layer))


def _within_m(walks: Walks, categories: Sequence[str], group: str, metres: int) -> Counts | None:
    """
    Count a group by state within metres on foot; None without people or a judged category.

    The homes are judged on the lengths of the streets, at a speed so slow that the distance is
    walked in whole minutes and a metre in whole milliseconds: so lengths stay exact.
    """
    inputs = walks.inputs
    judged = [one for one in categories if one in inputs.categories]
    weights = walks.homes.weights.get(group)
    if weights is None or not judged:
        return None
    usual = walks.judge(walks.usual)
    slowness = 60 // math.gcd(metres, 60)
    walk = replace(
        inputs.study.walk,
        judge="outbound",
        cutoffs_min=(metres * slowness // 60,),
        access_speed_factor=Decimal(1),
    )
    judge = Judge(
        usual.network,
        by_length(usual.travel, usual.network.length_m),
        usual.sites,
        walk,
        Fraction(1, slowness),
        whole=usual.whole,
        list_ends=usual.list_ends,
    )
    homes = walks.homes
    snaps = homes.snaps_for(walks.usual.profile)
    found = judge.judge(snaps, judged, x_m=homes.x_m, y_m=homes.y_m)
    states = any_of([found[one].states[walk.circle_min] for one in judged])
    return count_states(states, weights)


def _nearest_m(
    inputs: StudyInputs,
    walks: Walks,
    here: Sequence[str],
    there: Sequence[str],
    limit_m: int,
) -> Mapping[str, float]:
    """
    Return the metres on foot from each open site inside to the nearest partner, with both legs.

    Metres along the streets: stairs, slopes and signals are ignored. 0 where one site is listed
    as both, or the two are within a metre of each other.
    """
    table = inputs.sites.table
    first = ~table[[c.FACILITY_ID]].duplicated().to_numpy()
    of_kind = [table[c.CATEGORY].isin(list(kinds)) & table[c.OPEN] for kinds in (here, there)]
    ids = table[c.FACILITY_ID]
    sites = np.flatnonzero(first & ids.isin(ids[of_kind[0] & table[c.IN_AREA]]).to_numpy())
    partners = np.flatnonzero(first & ids.isin(ids[of_kind[1]]).to_numpy())
    # The network as walked: with gated compounds it has more edges than the one read.
    walked = walks.judge(walks.usual).network
    travel = walks.travel(walks.usual.profile)
    graph = by_length(travel, walked.length_m).at_speed(MM_PER_MS)
    starts, owner = inputs.sites.goals(sites)
    found = nearest(
        graph,
        positions_at(starts, MM_PER_MS),
        positions_at(inputs.sites.goals(partners)[0], MM_PER_MS),
        horizon_ms=limit_m * 1000,
    )
    # Of several entrances the nearest to a partner counts.
    far = np.iinfo(np.int64).max
    least_mm = np.full(len(sites), far, np.int64)
    np.minimum.at(least_mm, owner, np.where(found.time_ms < 0, far, found.time_ms))
    x_m, y_m = table[c.X_M].to_numpy(), table[c.Y_M].to_numpy()
    straight_m = straight_line_m(x_m[sites], y_m[sites], x_m[partners], y_m[partners])
    apart: dict[str, float] = {}
    for k, row in enumerate(sites):
        facility_id = ids.iloc[row]
        if row in partners or straight_m[k] <= ONE_SITE_M:
            apart[facility_id] = 0.0
        elif not inputs.sites.snaps.joined[row]:
            apart[facility_id] = float("nan")
        else:
            apart[facility_id] = float("inf") if least_mm[k] == far else int(least_mm[k]) / 1000
    return apart
