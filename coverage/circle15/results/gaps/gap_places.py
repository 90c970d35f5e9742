"""Gap areas of a choice: contiguous cells, their people, walking times and zones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle15.inputs.crs.degrees import lon_lat
from circle15.planning.gaps.gap_areas import gap_areas
from circle15.planning.gaps.gap_reasons import main_reason, people_by_reason
from circle15.results.figures import headline_category
from circle15.results.gaps.gap_cells import (
    edge_of_homes,
    inhabited_cells,
    street_links,
    zone_names,
)
from circle15.results.gaps.gap_people import GapPeople, people_in_gap, people_turned_away
from circle15.results.once import once
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    from circle15.arrays import Bools, Floats, Ints
    from circle15.planning.gaps.gap_reasons import GapReason
    from circle15.results.gaps.gap_cells import Cells
    from circle15.results.records import StudyResult


@dataclass(frozen=True)
class GapPlace:
    """
    The people in the gap of one zone or gap area.

    Attributes
    ----------
    people
        Micro-persons.
    time_ms
        Shortest time within which at least half of them reach the farthest service that they
        lack; infinite beyond 60 minutes.
    lacking
        Micro-persons who lack each service.
    site
        Row of `facilities` of the site to which most of them would walk for that service, of
        equal ones the first; None if none is within 60 minutes.
    by_reason
        Micro-persons by reason, in the order of `REASONS`; they sum to `people`. Empty if nothing
        was tried for the choice.
    covered
        Micro-persons whom each change would cover.
    """

    people: int
    time_ms: float
    lacking: dict[str, int]
    site: int | None = None
    by_reason: tuple[int, ...] = ()
    covered: dict[GapReason, int] = field(default_factory=dict)

    @property
    def reason(self) -> GapReason | None:
        """The reason of most people; None if nothing was tried for the choice."""
        return main_reason(np.array(self.by_reason)) if self.by_reason else None


@dataclass(frozen=True)
class GapArea:
    """
    Contiguous cells with people in the gap and streets between them, no larger than a circle.

    Attributes
    ----------
    rank
        1 for the area with most people.
    homes
        Its people.
    cells
        Number of cells.
    lon, lat
        Position of a home in the cell nearest to the weighted centre of its people, degrees.
    names
        Subdistrict and community of that position, empty text where there is none.
    zones
        Micro-persons by community, or by subdistrict if there are no communities, as (index in
        the zone layer, micro-persons); index -1 is people in no zone.
    home
        Row of `demand` of the home at that position.
    """

    rank: int
    homes: GapPlace
    cells: int
    lon: float
    lat: float
    names: tuple[str, ...]
    zones: tuple[tuple[int, int], ...]
    home: int


@dataclass(frozen=True)
class GapAreas:
    """
    All gap areas of a choice.

    Attributes
    ----------
    rank : int64, shape (cells,)
        Rank of each cell's area, 1 for most people; 0 for a cell in no area.
    persons : int64, shape (areas,)
        Micro-persons of each area.
    of_home : int64, shape (homes,)
        Rank of each home's area.
    areas
        The areas with most people, as many as requested.
    """

    cells: Cells
    rank: Ints
    persons: Ints
    of_home: Ints
    areas: tuple[GapArea, ...]

    def outlines(self, crs: CRS) -> list[BaseGeometry]:
        """Return the outlines of `areas` in a CRS, by rank, each a valid (multi)polygon."""
        shown = len(self.areas)
        mine = np.flatnonzero((self.rank > 0) & (self.rank <= shown))
        row, column = self.cells.row[mine], self.cells.column[mine]
        return self.cells.lattice.outlines(row, column, self.rank[mine] - 1, shown, crs)

    def beyond(self, shown: int) -> tuple[int, int]:
        """Return the number of areas ranked below `shown`, and their micro-persons."""
        rest = self.persons[shown:]
        return len(rest), int(rest.sum())


@once
def gap_homes(result: StudyResult) -> GapPeople | None:
    """Return the homes in the gap of the headline; None without a headline category."""
    headline = headline_category(result)
    if headline is None:
        return None
    inside = result.demand[c.IN_AREA].to_numpy(bool)
    return people_in_gap(result, headline, result.study.walk.circle_min, inside)


def gap_place(homes: GapPeople, mine: Bools) -> GapPlace:
    """Sum some of the homes into one place."""
    weight = homes.weight[mine]
    (found,) = _places(homes, np.flatnonzero(mine), np.zeros(len(weight), np.int64), 1)
    return found


@once
def headline_place(result: StudyResult) -> GapPlace | None:
    """Sum all homes in the gap of the headline; None without a headline category."""
    homes = gap_homes(result)
    return None if homes is None else gap_place(homes, np.ones(len(homes.row), np.bool_))


@once
def headline_areas(result: StudyResult) -> GapAreas | None:
    """Return all gap areas of the headline; None without a headline or without positions."""
    homes = gap_homes(result)
    return None if homes is None else areas_of(result, homes)


def circle_m(result: StudyResult) -> float:
    """Return the radius of a service circle: circle's cutoff × speed of the slowest, metres."""
    return result.study.walk.circle_min * 60 * float(result.drawn.walker.speed_m_s)


@dataclass(frozen=True)
class JudgedAreas:
    """
    Gap areas of a choice in the circle, each with its reason.

    Attributes
    ----------
    category
        A category, or `all`.
    homes
        The homes of their people.
    full
        Whether these are people whom full sites turn away, instead of people in the gap.
    """

    category: str
    homes: GapPeople
    areas: GapAreas
    full: bool = False

    def id_of(self, area: GapArea) -> str:
        """Return the id of one of the areas, the same in all results."""
        return f"{self.category}-{'full-' if self.full else ''}{area.rank}"


@once
def judged_areas(result: StudyResult) -> list[JudgedAreas]:
    """
    Return the gap areas of the headline and of each required category, then those of full sites.

    Without required categories those of the first category; empty without positions.
    """
    headline = headline_category(result)
    headline_found = headline_areas(result)
    homes = gap_homes(result)
    if headline is None or headline_found is None or homes is None:
        return []
    found = [JudgedAreas(headline, homes, headline_found)]
    required = result.study.circle.require or (headline,)
    inside = result.demand[c.IN_AREA].to_numpy(bool)
    circle = result.study.walk.circle_min
    for category in required if headline == ALL else ():
        people = people_in_gap(result, category, circle, inside)
        areas = areas_of(result, people)
        if areas is not None:
            found.append(JudgedAreas(category, people, areas))
    for category in required:
        turned_away = people_turned_away(result, category)
        areas = None if turned_away is None else areas_of(result, turned_away)
        if turned_away is not None and areas is not None:
            found.append(JudgedAreas(category, turned_away, areas, full=True))
    return found


def areas_of(result: StudyResult, homes: GapPeople, shown: int | None = None) -> GapAreas | None:
    """
    Join cells with people in the gap into areas; None if no home has a position.

    Cells are joined that touch and have streets between them; an area that is larger than a service
    circle is split.

    Parameters
    ----------
    homes
        The homes in the gap.
    shown
        Number of areas to describe, most people first; None for all.
    """
    cells, links = inhabited_cells(result), street_links(result)
    if cells is None or links is None:
        return None
    cell = cells.of_home[homes.row]  # sums below 2⁵³ are exact in float64
    micro = np.bincount(cell, homes.weight, len(cells.home)).astype(np.int64)
    linked = links.linked(cells.touching, cell, edge_of_homes(result, homes.row), len(cells.home))
    rank, persons = gap_areas(micro, linked, place=cells.place, circle_m=circle_m(result))
    number = len(persons) if shown is None else min(len(persons), shown)
    inside = np.flatnonzero((rank > 0) & (rank <= number))
    area = rank[inside] - 1
    middles = cells.middles(inside, area, micro[inside])
    lon, lat = lon_lat(cells.x_m[middles], cells.y_m[middles], result.crs)
    of_home = rank[cell]
    mine = np.flatnonzero(of_home <= number)
    described = zip(
        range(1, number + 1),
        _places(homes, mine, of_home[mine] - 1, number),
        np.bincount(area, minlength=number).tolist(),
        lon.tolist(),
        lat.tolist(),
        zone_names(result, cells.home[middles]),
        _zones(result, homes, mine, of_home[mine] - 1, number),
        cells.home[middles].tolist(),
        strict=True,
    )
    areas = tuple(GapArea(*one) for one in described)
    return GapAreas(cells, rank, persons, of_home, areas)


def _places(homes: GapPeople, mine: Ints, place: Ints, n: int) -> list[GapPlace]:
    """Sum homes by place; `mine` selects homes, `place` (0 … n − 1) is the place of each."""
    weight = homes.weight[mine]
    people = _sums(place, weight, n)
    time_ms = medians_ms(place, weight, homes.time_ms[mine], n)
    lacking = {
        category: _sums(place, np.where(lacks, weight, 0), n)
        for category, lacks in zip(homes.categories, homes.lacks[:, mine], strict=True)
    }
    covered = {
        change: _sums(place, np.where(helps[mine], weight, 0), n)
        for change, helps in homes.covered.items()
    }
    reasons: list[list[int]] = [[]] * n
    if homes.reason is not None:
        reasons = people_by_reason(place, homes.reason[mine], weight, n).tolist()
    sites = _most_visited(place, homes.site[mine], weight, n)
    return [
        GapPlace(
            people[k],
            time_ms[k],
            {key: micro[k] for key, micro in lacking.items()},
            sites[k],
            tuple(reasons[k]),
            {change: micro[k] for change, micro in covered.items()},
        )
        for k in range(n)
    ]


def _most_visited(place: Ints, site: Ints, weight: Ints, n: int) -> list[int | None]:
    """Return the site of most people of each place, of equal ones the first; None without any."""
    some = np.flatnonzero(site >= 0)
    beyond = int(site.max(initial=0)) + 1
    pair, where = np.unique(place[some] * beyond + site[some], return_inverse=True)
    people = np.zeros(len(pair), np.int64)
    np.add.at(people, where, weight[some])
    found: list[int | None] = [None] * n
    # From the fewest people to the most, and of equal ones the first last.
    for k in np.lexsort((-pair, people)).tolist():
        of, row = divmod(int(pair[k]), beyond)
        found[of] = row
    return found


def _sums(place: Ints, micro: Ints, n: int) -> list[int]:
    sums = np.zeros(n, np.int64)
    np.add.at(sums, place, micro)
    return sums.tolist()


def medians_ms(place: Ints, weight: Ints, time_ms: Floats, n: int) -> list[float]:
    """Return the weighted median time of each place; infinite if half of its people have none."""
    order = np.lexsort((time_ms, place))
    reached = np.cumsum(weight[order])
    ends = np.searchsorted(place[order], np.arange(n), side="right")
    upto = np.append(0, reached)[np.append(0, ends)]
    half = upto[:-1] + (np.diff(upto) + 1) // 2
    found = np.full(n, np.inf)
    some = np.diff(upto) > 0
    found[some] = time_ms[order][np.searchsorted(reached, half[some])]
    return found.tolist()


def _zones(
    result: StudyResult, homes: GapPeople, mine: Ints, area: Ints, n: int
) -> list[tuple[tuple[int, int], ...]]:
    """List the communities (or subdistricts) of each area with their people."""
    layer, key = result.area.communities, c.COMMUNITY_ID
    if not len(layer):
        layer, key = result.area.streets, c.STREET_ID
    ids = result.demand[key].to_numpy(dtype=object)[homes.row[mine]]
    zone = pd.Index(layer[c.ZONE_ID]).get_indexer(pd.Index(ids)).astype(np.int64)
    pair = area * (len(layer) + 1) + zone + 1
    distinct, where = np.unique(pair, return_inverse=True)
    micro = _sums(where, homes.weight[mine], len(distinct))
    found: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for one, people in zip(distinct.tolist(), micro, strict=True):
        place, number = divmod(one, len(layer) + 1)
        found[place].append((number - 1, people))
    return [tuple(zones) for zones in found]
