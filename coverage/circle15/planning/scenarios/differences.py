"""
What a scenario changes: people, catchments and verdicts, beside those of the study.

Homes are matched by id; a scenario has all homes of its study, and perhaps others. All numbers are
micro-persons of both runs, at the judged speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.access.counting import Counts
from circle15.access.coverage_counts import count_cohorts, count_cohorts_by_zone, zone_numbers
from circle15.access.states import State
from circle15.planning.scenarios.home_changes import NEW, ScenarioHomes, home_changes
from circle15.planning.scenarios.place_changes import new_links, site_changes
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from circle15.access.cohorts import Cohort
    from circle15.access.counting import CatchmentCount
    from circle15.access.records import Level
    from circle15.access.walks import Walks
    from circle15.arrays import Codes, Ints
    from circle15.planning.scenarios.home_changes import HomeChanges
    from circle15.planning.scenarios.place_changes import NewLink, SiteChange
    from circle15.rules.evaluators.answers import RuleResult
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.rules.verdicts import Verdict
    from circle15.study.settings.scenarios.tables import Changes


@dataclass(frozen=True)
class Judgement:
    """What is judged of a study, or of a scenario of it."""

    walks: Walks
    catchments: Mapping[str, Sequence[CatchmentCount]]
    rules: Sequence[RuleResult]
    checks: Sequence[ZoneCheck]


@dataclass(frozen=True, slots=True)
class Shift:
    """
    People of one group, category and cutoff: before, after, and who moves between.

    Attributes
    ----------
    gained
        People at homes of the study that only the scenario covers.
    lost
        People at homes of the study that the scenario no longer covers. Covered after = before +
        gained − lost + people at new homes and other numbers of people at homes that stay covered.
    """

    category: str
    group: str
    cutoff_min: int
    before: Counts
    after: Counts
    gained: int
    lost: int

    @property
    def changes(self) -> bool:
        """Whether anything differs."""
        return self.before != self.after or bool(self.gained or self.lost)


@dataclass(frozen=True, slots=True)
class ZoneShift:
    """The same in one subdistrict or community, for the judged group."""

    level: Level
    zone_id: str
    name: str
    shift: Shift


@dataclass(frozen=True, slots=True)
class CatchmentShift:
    """People of the judged group in the circle of a site; None where it is not open or joined."""

    facility_id: str
    category: str
    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A verdict that flips; of a residential zone where `pack` is empty."""

    pack: str
    own: str
    scope: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True)
class ScenarioOutcome:
    """
    What a scenario changes.

    Attributes
    ----------
    shifts
        By category, cutoff and group, all of them.
    zones
        Subdistricts and communities where something changes.
    catchments
        Sites whose catchment changes, by category and id.
    flips
        Verdicts of rules and residential zones that flip.
    homes
        The homes of the scenario, and which of them change.
    sites, links
        Sites that are added, closed, opened, moved or changed, and new links.
    """

    changes: Changes
    shifts: Sequence[Shift]
    zones: Sequence[ZoneShift]
    catchments: Sequence[CatchmentShift]
    flips: Sequence[Flip]
    homes: ScenarioHomes
    sites: Sequence[SiteChange]
    links: Sequence[NewLink]


def outcome_of(before: Judgement, after: Judgement) -> ScenarioOutcome:
    """Compare a scenario with its study."""
    changes = after.walks.inputs.study.changes
    assert changes is not None
    matched = _Matched(before.walks, after.walks)
    return ScenarioOutcome(
        changes,
        list(matched.shifts()),
        list(matched.zones()),
        _catchments(before, after),
        [*_rules(before.rules, after.rules), *_checks(before.checks, after.checks)],
        matched.homes(),
        site_changes(before.walks.inputs.sites.table, after.walks.inputs.sites.table),
        new_links(before.walks.inputs.network, after.walks.inputs.network),
    )


class _Matched:
    """The homes of a scenario, and which of the study each is."""

    def __init__(self, before: Walks, after: Walks) -> None:
        self.before, self.after = before, after
        self.index: Ints = pd.Index(before.homes.ids).get_indexer(pd.Index(after.homes.ids))
        self.study = before.inputs.study

    def _pairs(self) -> Iterator[tuple[str, int, str]]:
        """Yield each category and cutoff of the scenario, with each group."""
        for category, cutoff in self.after.states_as(self.after.drawn):
            for group in self.after.homes.cohorts:
                yield category, cutoff, group

    def _cohorts(self, group: str) -> tuple[Sequence[Cohort], Sequence[Cohort]]:
        return self.before.homes.cohorts.get(group, ()), self.after.homes.cohorts[group]

    def _states(
        self, cohorts: Sequence[Cohort], walks: Walks, category: str, cutoff: int
    ) -> list[Codes]:
        """Return the states of homes for each cohort; unknown for a category not in the study."""
        found = []
        for one in cohorts:
            states = walks.states_as(one.walker)
            if (category, cutoff) in states:
                found.append(states[category, cutoff])
            else:
                found.append(np.full(len(walks.homes.ids), State.UNKNOWN, np.int8))
        return found

    def _then(self, was: Codes) -> Codes:
        """Return the states today of the homes of the scenario; -1 for new homes."""
        return np.where(self.index >= 0, np.append(was, np.int8(NEW))[self.index], np.int8(NEW))

    def _moved(
        self, cohorts: Sequence[Cohort], old: Sequence[Codes], new: Sequence[Codes]
    ) -> tuple[Ints, Ints]:
        """Return the people of each home of the scenario who gain or lose access."""
        gained = np.zeros(len(self.index), np.int64)
        lost = gained.copy()
        for one, was, now in zip(cohorts, old, new, strict=True):
            then = self._then(was)
            covered = now == State.COVERED
            gained += np.where(covered & (then > State.COVERED), one.weight, 0)
            lost += np.where(~covered & (then == State.COVERED), one.weight, 0)
        return gained, lost

    def _nothing_changes(self, was: Sequence[Codes], now: Sequence[Codes]) -> bool:
        """Whether the homes are those of the study, in the same states."""
        return self.before.homes is self.after.homes and all(
            np.array_equal(old, new) for old, new in zip(was, now, strict=True)
        )

    def shifts(self) -> Iterator[Shift]:
        """Yield what changes for each category, cutoff and group."""
        for category, cutoff, group in self._pairs():
            old, new = self._cohorts(group)
            was = self._states(old, self.before, category, cutoff)
            now = self._states(new, self.after, category, cutoff)
            gained, lost = self._moved(new, was, now)
            yield Shift(
                category,
                group,
                cutoff,
                count_cohorts(old, was),
                count_cohorts(new, now),
                int(gained.sum()),
                int(lost.sum()),
            )

    def homes(self) -> ScenarioHomes:
        """Return the homes, and which of them change for the judged group."""
        homes, group = self.after.homes, self.study.demand.group
        old, new = self._cohorts(group)
        drawn = [one.walker for one in new].index(self.after.drawn)
        changes: dict[tuple[str, int], HomeChanges] = {}
        for category, cutoff in self.after.states[self.after.drawn]:
            if category == ANY:  # no map shows it
                continue
            was = self._states(old, self.before, category, cutoff)
            now = self._states(new, self.after, category, cutoff)
            found = home_changes(
                new,
                [self._then(one) for one in was],
                now,
                self._moved(new, was, now),
                drawn=drawn,
                left=cutoff == self.study.walk.circle_min,
            )
            if found is not None:
                changes[category, cutoff] = found
        row = np.where(self.index >= 0, np.append(self.before.homes.rows, -1)[self.index], -1)
        return ScenarioHomes(homes.ids, homes.x_m, homes.y_m, homes.weights[group], row, changes)

    def zones(self) -> Iterator[ZoneShift]:
        """Yield the zones where something changes for the judged group."""
        group = self.study.demand.group
        old, new = self._cohorts(group)
        area = self.before.inputs.area
        layers: tuple[tuple[Level, gpd.GeoDataFrame], ...] = (
            ("street", area.streets),
            ("community", area.communities),
        )
        for level, layer in layers:
            ids, names = list(layer[c.ZONE_ID]), list(layer[c.NAME])
            places = [zone_numbers(self.before.inputs, self.before.homes, level)]
            if self.after.homes is not self.before.homes:
                places.append(zone_numbers(self.after.inputs, self.after.homes, level))
            for category, cutoff in self.after.states_as(self.after.drawn):
                was = self._states(old, self.before, category, cutoff)
                now = self._states(new, self.after, category, cutoff)
                if self._nothing_changes(was, now):
                    continue
                counted = count_cohorts_by_zone(old, was, places[0], len(ids))
                then = count_cohorts_by_zone(new, now, places[-1], len(ids))
                gained, lost = (
                    _by_zone(one, places[-1], len(ids)) for one in self._moved(new, was, now)
                )
                for k, (own, name) in enumerate(zip(ids, names, strict=True)):
                    shift = Shift(
                        category, group, cutoff, counted[k], then[k], int(gained[k]), int(lost[k])
                    )
                    if shift.changes:
                        yield ZoneShift(level, own, name, shift)


def _by_zone(people: Ints, zone: Ints, n_zones: int) -> Ints:
    total = np.zeros(n_zones + 1, np.int64)  # the last is of homes in no zone
    np.add.at(total, zone, people)
    return total[:n_zones]


def _catchments(before: Judgement, after: Judgement) -> list[CatchmentShift]:
    """List the sites whose catchment is another one, or that are in one of both only."""
    group = before.walks.inputs.study.demand.group
    old, new = (_by_site(one, group) for one in (before, after))
    found = []
    for key in sorted({*old, *new}, key=lambda one: (one[1], one[0])):
        was, now = old.get(key), new.get(key)
        if was is None or now is None or was[1] != now[1]:
            name = (now or was or ("", 0))[0]
            found.append(
                CatchmentShift(*key, name, None if was is None else was[1], now and now[1])
            )
    return found


def _by_site(judged: Judgement, group: str) -> dict[tuple[str, str], tuple[str, int]]:
    """Return name and people of each open site by id and category."""
    table = judged.walks.inputs.sites.table
    ids, names = table[c.FACILITY_ID].to_numpy(object), table[c.NAME].to_numpy(object)
    return {
        (ids[one.facility], category): (str(names[one.facility]), one.persons[group])
        for category, found in judged.catchments.items()
        for one in found
    }


def _rules(before: Sequence[RuleResult], after: Sequence[RuleResult]) -> Iterator[Flip]:
    def key(row: RuleResult) -> tuple[object, ...]:
        return row.pack, row.rule.id, row.scope, row.data_source, row.data_year

    old = {key(row): row for row in before}
    for row in after:
        was = old.get(key(row))
        if was is not None and was.verdict is not row.verdict:
            yield Flip(row.pack, row.rule.id, row.scope, was.verdict, row.verdict)


def _checks(before: Sequence[ZoneCheck], after: Sequence[ZoneCheck]) -> Iterator[Flip]:
    for old, new in zip(before, after, strict=True):
        if old.sheet is not None and new.sheet is not None:
            was, now = old.sheet.verdict, new.sheet.verdict
            if was is not now:
                yield Flip("", new.zone.zone_id, new.zone.name, was, now)
