"""The sites that siting proposes, as outputs show them, and the first step to take."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

import numpy as np

from circle15.inputs.crs.degrees import DECIMALS, lon_lat
from circle15.inputs.tables.shown_ids import known_by
from circle15.results.once import once
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from circle15.arrays import Floats
    from circle15.planning.plan_counts import NewSite
    from circle15.planning.proposals import SitingAnswer
    from circle15.results.records import StudyResult

Measure = Literal["people", "second", "served", "minutes"]
"""What a proposed site adds: people newly reached, people with a second site, people served within
the capacity, or walking saved."""


@dataclass(frozen=True)
class PlannedSite:
    """
    A proposed site with what its candidate states.

    Attributes
    ----------
    number
        1 for the site to be built first.
    site
        The people whom it reaches.
    own
        Id of the candidate.
    name
        Name of the candidate; empty without one.
    label
        Id and name as people know the candidate.
    lon, lat
        Position, degrees.
    street, community
        Names of its zones, or their ids where they have none; empty in none.
    cost, floor_area_m2
        None where not stated.
    """

    number: int
    site: NewSite
    own: str
    name: str
    label: str
    lon: float
    lat: float
    street: str
    community: str
    cost: Fraction | None
    floor_area_m2: Fraction | None

    @property
    def mean_min(self) -> float | None:
        """Mean walking time of the people newly reached, minutes; None if there are none."""
        return None if self.site.mean_ms is None else self.site.mean_ms / c.MS_PER_MIN

    @property
    def saved_min(self) -> Fraction:
        """Walking saved beyond the sites before it, person-minutes; 0 unless minutes are sought."""
        return Fraction(self.site.saved_ms or 0, c.MICRO * c.MS_PER_MIN)


@dataclass(frozen=True)
class FirstStep:
    """
    The site to be built first: of all questions the one that newly reaches or serves most people.

    Attributes
    ----------
    measure
        What it adds; `adds` are micro-persons, or micro-persons × milliseconds for `minutes`.
    better_than
        Number of other candidates of its question, if none of them alone would newly reach more
        people; else None.
    """

    answer: SitingAnswer
    planned: PlannedSite
    measure: Measure
    adds: int
    better_than: int | None

    @property
    def saved_min(self) -> Fraction:
        """Walking that it saves, person-minutes."""
        return self.planned.saved_min

    @property
    def place_m(self) -> Floats:
        """Its position in the study CRS, metres: float64, shape (1, 2)."""
        table = self.answer.question.candidates.table
        return table[[c.X_M, c.Y_M]].iloc[[self.planned.site.candidate]].to_numpy(np.float64)


@once
def planned_sites(result: StudyResult) -> Mapping[str, Sequence[PlannedSite]]:
    """Return the proposed sites of each question by its name, in the order of building."""
    streets = zone_labels(result.area.streets)
    communities = zone_labels(result.area.communities)
    return {
        answer.question.name: _planned(result, answer, streets, communities)
        for answer in result.siting
    }


def zone_labels(zones: pd.DataFrame) -> dict[str, str]:
    """Return the name of each zone by its id; the id where it has no name."""
    return {
        str(own): str(name or own)
        for own, name in zip(zones[c.ZONE_ID], zones[c.NAME], strict=True)
    }


def _planned(
    result: StudyResult,
    answer: SitingAnswer,
    streets: Mapping[str, str],
    communities: Mapping[str, str],
) -> list[PlannedSite]:
    table = answer.question.candidates.table.iloc[[site.candidate for site in answer.sites]]
    x_m, y_m = (table[key].to_numpy(np.float64) for key in (c.X_M, c.Y_M))
    lon, lat = lon_lat(x_m, y_m, result.crs)
    return [
        PlannedSite(
            number=k + 1,
            site=site,
            own=str(row[c.CANDIDATE_ID]),
            name=str(row[c.NAME] or ""),
            label=known_by(str(row[c.CANDIDATE_ID]), str(row[c.NAME] or "")),
            lon=round(float(lon[k]), DECIMALS),
            lat=round(float(lat[k]), DECIMALS),
            street=streets.get(row[c.STREET_ID], ""),
            community=communities.get(row[c.COMMUNITY_ID], ""),
            cost=None if row[c.COST] is None else Fraction(row[c.COST]),
            floor_area_m2=None if row[c.FLOOR_AREA_M2] is None else Fraction(row[c.FLOOR_AREA_M2]),
        )
        for k, (site, row) in enumerate(zip(answer.sites, table.to_dict("records"), strict=True))
    ]


@once
def first_step(result: StudyResult) -> FirstStep | None:
    """
    Return the site to be built first; None if siting proposes no site that adds anything.

    Sites that newly reach people or serve more come first, those with most people before others,
    whatever their questions seek; then the other measures, in the order of the questions.
    """
    planned = planned_sites(result)
    steps = [
        _step(answer, planned[answer.question.name][0]) for answer in result.siting if answer.sites
    ]
    useful = [one for one in steps if one.adds > 0]
    return max(useful, key=_usefulness, default=None)  # of equal ones the first


def _usefulness(step: FirstStep) -> int:
    site = step.planned.site
    return 0 if step.measure == "second" else max(site.newly, site.served)


def _step(answer: SitingAnswer, planned: PlannedSite) -> FirstStep:
    measure = measure_of(answer)
    site, gains = planned.site, answer.gains.newly
    if measure == "minutes" and site.newly:
        measure = "people"
    best = measure == "people" and int(gains.max()) <= site.alone
    return FirstStep(
        answer, planned, measure, _adds(site, measure), len(gains) - 1 if best else None
    )


def measure_of(answer: SitingAnswer) -> Measure:
    """Return what the sites of a plan add, by what the question seeks."""
    settings = answer.question.settings
    if settings.objective == "served":
        return "served"
    if settings.backup:
        return "second"
    return "minutes" if settings.objective == "minutes" else "people"


def _adds(site: NewSite, measure: Measure) -> int:
    if measure == "served":
        return site.served
    return (site.saved_ms or 0) if measure == "minutes" else site.newly


@dataclass(frozen=True)
class Plan:
    """
    The proposed sites of a question together.

    Attributes
    ----------
    measure
        What is counted; `adds` are micro-persons, or micro-persons × milliseconds for `minutes`.
    adds
        What the first 1, 2, 3 … sites add together.
    newly
        Micro-persons whom they newly reach together, or with `backup` give a second site.
    settled
        Micro-persons whose state is unknown today and who would be covered, not counted in `adds`;
        for `served` those of `adds` of whom it is unknown whether they are served today.
    cost
        Of all sites; None if the cost of one is unknown.
    better
        By how much another plan could be better at most, in units of `answer.counted`; 0 if it is
        proven that none is better.
    """

    answer: SitingAnswer
    sites: Sequence[PlannedSite]
    measure: Measure
    adds: Sequence[int]
    newly: Sequence[int]
    settled: int
    cost: Fraction | None
    better: Fraction

    @property
    def in_phases(self) -> bool:
        """Whether the sites are built in several phases."""
        return len({one.site.phase for one in self.sites}) > 1

    def shown(self, added: int) -> Fraction:
        """Return what sites add in persons, or in person-minutes for `minutes`."""
        return Fraction(added, c.MICRO * (c.MS_PER_MIN if self.measure == "minutes" else 1))


@once
def plans(result: StudyResult) -> Sequence[Plan]:
    """Return the plan of each question of the study, in its order."""
    return [_plan(answer, planned_sites(result)[answer.question.name]) for answer in result.siting]


def _plan(answer: SitingAnswer, sites: Sequence[PlannedSite]) -> Plan:
    solution, (_, unit) = answer.solution, answer.counted
    measure = measure_of(answer)
    costs = [one.cost for one in sites if one.cost is not None]
    return Plan(
        answer,
        sites,
        measure,
        list(accumulate(_adds(one.site, measure) for one in sites)),
        list(accumulate(one.site.newly for one in sites)),
        answer.settled if measure == "served" else sum(one.site.settled for one in sites),
        sum(costs, Fraction(0)) if costs and len(costs) == len(sites) else None,
        Fraction(0) if solution.is_proven else Fraction(abs(solution.bound - solution.value), unit),
    )
