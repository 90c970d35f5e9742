"""Supply per person, assignment, worth of sites and equity of a study, category by category."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.assignment.assigning import assigned
from circle15.access.assignment.classes import NOT_ANYONE, served_by_zone
from circle15.access.coverage_counts import zone_numbers
from circle15.access.equity import equity_of, worst_tenth
from circle15.access.states import State
from circle15.access.supply.floating import Walking, floating_catchment
from circle15.access.supply.records import (
    CategoryAccess,
    HomesOfPart,
    SiteSupply,
    Supplied,
    ZoneSupply,
)
from circle15.access.supply.site_worth import choice_by_zone, two_nearest, worth_of_sites
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.accumulate import destination_sums
from circle15.travel.engine.decay import Decay

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from circle15.access.assignment.assigning import Shared
    from circle15.access.assignment.classes import ServedCounts
    from circle15.access.cohorts import Homes
    from circle15.access.equity import Equity
    from circle15.access.records import Level
    from circle15.access.study_inputs import StudyInputs
    from circle15.access.supply.floating import FloatingCatchment
    from circle15.access.supply.records import Measure
    from circle15.access.supply.site_worth import TwoNearest
    from circle15.access.walks import Walks
    from circle15.arrays import Codes, Floats, Ints
    from circle15.study.settings.capacity import Capacity


def access_by_category(inputs: StudyInputs, walks: Walks) -> list[CategoryAccess]:
    """
    Compute the supply per person of each category within the circle, for the judged group.

    People inside the area count, and every open site. A site of unknown supply or with an unsure
    position supplies no people, and the supply of the people in its circle is unknown.
    """
    zones = _Zones(inputs, walks.homes)
    return [_of_category(inputs, walks, category, zones) for category in inputs.categories]


class _Zones:
    """Subdistricts and communities, and in which each home lies."""

    def __init__(self, inputs: StudyInputs, homes: Homes) -> None:
        layers: tuple[tuple[Level, gpd.GeoDataFrame], ...] = (
            ("street", inputs.area.streets),
            ("community", inputs.area.communities),
        )
        self.levels = [
            (level, list(of[c.ZONE_ID]), list(of[c.NAME]), zone_numbers(inputs, homes, level))
            for level, of in layers
        ]
        self.subdistrict = self.levels[0][3] if self.levels[0][1] else None


def _of_category(inputs: StudyInputs, walks: Walks, category: str, zones: _Zones) -> CategoryAccess:
    study, homes = inputs.study, walks.homes
    cohorts = homes.cohorts[study.demand.group]
    rows = inputs.sites.rows(category, sure=False)
    unsure = inputs.sites.table[c.POSITION_UNSURE].to_numpy(bool)[rows]
    people = [Walking(walks.catchments(one.walker, category), one.weight) for one in cohorts]
    nearest = [two_nearest(one.search, ~unsure) for one in people]
    reached = sum(
        (destination_sums(one.search, one.persons[:, None])[:, 0] for one in people),
        np.zeros(len(rows), np.int64),
    )
    worth = worth_of_sites(people, ~unsure, nearest, reached)
    states = [walks.states[one.walker][category, study.walk.circle_min] for one in cohorts]
    parts = [
        HomesOfPart(one.name, one.weight, of.second_ms)
        for one, of in zip(cohorts, nearest, strict=True)
    ]
    supplied = None
    if category in study.capacity:
        made = _Capacity(inputs, walks, rows, study.capacity[category])
        supplied, parts = made.supplied(people, states, parts)
    times = (
        # Round trips are searched to the circle alone: who has far to go has no minutes.
        None
        if study.walk.judge == "round_trip"
        else [walks.judged[one.walker][category].time_ms for one in cohorts]
    )
    if times is not None:
        parts = _with_worst(parts, states, times)
    found = _Found(people, nearest, states, parts, times)
    whole = np.zeros(len(homes.ids), np.int64)
    return CategoryAccess(
        category=category,
        rows=rows,
        worth=worth,
        homes=parts,
        everybody=found.by_zone(None, [""], [""], whole)[0],
        zones=[row for level in zones.levels for row in found.by_zone(*level)],
        supplied=supplied,
        equity=found.equity(zones.subdistrict),
    )


def _with_worst(
    parts: Sequence[HomesOfPart], states: Sequence[Codes], times: Sequence[Ints]
) -> list[HomesOfPart]:
    """Mark the tenth of all people with the longest walk; of equally long ones the first homes."""
    minutes = np.concatenate([_minutes(*one) for one in zip(states, times, strict=True)])
    worst = worst_tenth(minutes, np.concatenate([part.persons for part in parts]), worse="high")
    return [
        replace(part, worst=own)
        for part, own in zip(parts, np.split(worst, len(parts)), strict=True)
    ]


def _minutes(state: Codes, time_ms: Ints) -> Floats:
    """Minutes to the nearest site; NaN beyond an hour and where the state is unknown."""
    found: Floats = np.where(
        (time_ms < 0) | (state == State.UNKNOWN), np.nan, time_ms / c.MS_PER_MIN
    )
    return found


class _Capacity:
    """Supply and assignment of one category under `[capacity]`."""

    def __init__(self, inputs: StudyInputs, walks: Walks, rows: Ints, settings: Capacity) -> None:
        self.inputs, self.walks, self.rows, self.settings = inputs, walks, rows, settings
        table = inputs.sites.table
        unsure = table[c.POSITION_UNSURE].to_numpy(bool)[rows].tolist()
        stated = table[settings.field].tolist()
        self.supply: list[Decimal | None] = [
            stated[row] if isinstance(stated[row], Decimal) and not doubtful else None
            for row, doubtful in zip(rows.tolist(), unsure, strict=True)
        ]

    def supplied(
        self, people: Sequence[Walking], states: Sequence[Codes], parts: Sequence[HomesOfPart]
    ) -> tuple[Supplied, list[HomesOfPart]]:
        """Return what the sites give, and the same by home."""
        amounts = np.array([np.nan if one is None else float(one) for one in self.supply])
        method = self.settings.method
        decay = None if method == "2sfca" else self._decay()
        floating = floating_catchment(people, amounts, method=method, decay=decay)
        shared = self._assigned(people)
        homes = [
            replace(
                part,
                supply_per_person=np.where(beside | (state == State.UNKNOWN), np.nan, access),
                at_least=beside,
                served=None if shared is None else shared.found.served[k],
                unserved=None if shared is None else shared.unserved[k],
            )
            for k, (part, state, access, beside) in enumerate(
                zip(parts, states, floating.access, floating.at_least, strict=True)
            )
        ]
        return (
            Supplied(
                settings=self.settings,
                balance=floating.balance,
                sites=self._sites(floating, shared),
                person_ms=None if shared is None else shared.found.person_ms,
                least_person_ms=None if shared is None else shared.found.least_person_ms,
            ),
            homes,
        )

    def _decay(self) -> Decay:
        walk, judge = self.inputs.study.walk, self.walks.judge(self.walks.usual)
        if not self.settings.weights:
            return Decay.gaussian(judge.horizon_ms)
        limits = [judge.limit_ms(cutoff) for cutoff in walk.cutoffs_min]
        return Decay.steps(limits, [float(one) for one in self.settings.weights])

    def _assigned(self, people: Sequence[Walking]) -> Shared | None:
        each, way = self.settings.per_person, self.settings.assign
        if each is None:
            return None
        return assigned(people, self.walks.homes.ids, self.supply, per_person=each, way=way)

    def _sites(self, floating: FloatingCatchment, shared: Shared | None) -> list[SiteSupply]:
        found = []
        for k, (row, supply) in enumerate(zip(self.rows.tolist(), self.supply, strict=True)):
            ratio = float(floating.ratio[k])
            counts = None if supply is None else shared
            found.append(
                SiteSupply(
                    facility=row,
                    supply=supply,
                    per_person=None if math.isnan(ratio) else ratio,
                    idle=bool(floating.idle[k]),
                    assigned=None if counts is None else int(counts.found.at_site[k]),
                    room=None if counts is None else int(counts.room[k]),
                )
            )
        return found


@dataclass(frozen=True)
class _Found:
    """What was found of the people of each way of walking, to be summed."""

    people: Sequence[Walking]
    nearest: Sequence[TwoNearest]
    states: Sequence[Codes]
    parts: Sequence[HomesOfPart]
    times: Sequence[Ints] | None

    def by_zone(
        self, level: Level | None, ids: Sequence[str], names: Sequence[str], zone: Ints
    ) -> list[ZoneSupply]:
        """Sum choice, supply and classes in each zone; `zone` numbers that of each home."""
        n = len(ids)
        choices = choice_by_zone(self.people, self.nearest, zone, n)
        classes: list[ServedCounts | None] = [None] * n
        known: list[int | None] = [None] * n
        means: list[float | None] = [None] * n
        minutes: list[float | None] = [None] * n
        worst: list[int | None] = [None] * n
        if self.parts[0].supply_per_person is not None:
            known, means = self._means(self._joined("supply_per_person"), zone, n)
        if self.minutes is not None:
            minutes = self._means(self.minutes, zone, n)[1]
            worst = self._worst(zone, n)
        if self.parts[0].served is not None:
            classes = [sum(own, NOT_ANYONE) for own in zip(*self._classes(zone, n), strict=True)]
        columns = (choices, known, means, classes, minutes, worst)
        return list(map(ZoneSupply, [level] * n, ids, names, *columns))

    @cached_property
    def minutes(self) -> Floats | None:
        """Minutes of each home, the parts one after the other; None with round trips."""
        if self.times is None:
            return None
        return np.concatenate([_minutes(*one) for one in zip(self.states, self.times, strict=True)])

    def _worst(self, zone: Ints, n: int) -> list[int | None]:
        """Micro-persons of the worst-off tenth in each zone."""
        worst, where = self._joined("worst"), np.tile(zone, len(self.parts))
        people = np.zeros(n, np.int64)
        np.add.at(people, where[where >= 0], worst[where >= 0])
        return [*people.tolist()]

    def _means(
        self, values: Floats, zone: Ints, n: int
    ) -> tuple[list[int | None], list[float | None]]:
        """Micro-persons whose value is known in each zone, and their mean."""
        persons, where = self._joined("persons"), np.tile(zone, len(self.parts))
        counted = ~np.isnan(values) & (where >= 0)
        people = np.zeros(n, np.int64)
        np.add.at(people, where[counted], persons[counted])
        # In the order of the homes, so that the sum is the same in every run.
        given = np.bincount(where[counted], values[counted] * persons[counted], n)
        return [*people.tolist()], [
            g / p if p else None for g, p in zip(given, people.tolist(), strict=True)
        ]

    def _classes(self, zone: Ints, n: int) -> list[list[ServedCounts]]:
        return [
            served_by_zone(
                state,
                part.persons,
                part.served,
                unserved=part.unserved,
                zone=zone,
                n_zones=n,
            )
            for part, state in zip(self.parts, self.states, strict=True)
            if part.served is not None and part.unserved is not None
        ]

    def equity(self, subdistrict: Ints | None) -> dict[Measure, Equity]:
        """
        Measure how evenly minutes, coverage and supply are spread over people.

        Minutes and coverage are unknown where the state is; there are no minutes of round trips.
        """
        persons, state = self._joined("persons"), np.concatenate(self.states)
        zone = None if subdistrict is None else np.tile(subdistrict, len(self.parts))
        found: dict[Measure, Equity] = {}
        if self.minutes is not None:
            found["minutes"] = equity_of(self.minutes, persons, worse="high", zone=zone)
        covered = np.where(state == State.UNKNOWN, np.nan, state == State.COVERED)
        found["coverage"] = equity_of(covered, persons, zone=zone)
        if self.parts[0].supply_per_person is not None:
            supply = self._joined("supply_per_person")
            found["supply"] = equity_of(supply, persons, zone=zone)
        return found

    def _joined(self, column: str) -> np.ndarray:
        return np.concatenate([getattr(part, column) for part in self.parts])
