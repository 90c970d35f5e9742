"""If one site closed: who would lose it, who would walk further, and by how much."""

# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: PLR0917 - compiled functions take arrays by place
# numba infers the types; the docstrings name shapes and units.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.compiled import compiled
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.supply.floating import Walking
    from circle15.arrays import Bools, Ints
    from circle15.travel.engine.joined import Search

_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True)
class TwoNearest:
    """
    The two nearest sites of each home; of equal times the earlier site is nearer.

    Attributes
    ----------
    first_ms, second_ms : int64, shape (homes,)
        Milliseconds; -1 where there is no such site within the circle.
    first, second : int64, shape (homes,)
        Rows of the sites; -1 where there is none.
    """

    first_ms: Ints
    first: Ints
    second_ms: Ints
    second: Ints


@dataclass(frozen=True, slots=True)
class SiteWorth:
    """
    What one site is worth to the people of a group, in micro-persons.

    Attributes
    ----------
    persons
        People within the circle of the site.
    only_here
        Of them, those who reach no other site of the category: they would lose it.
    nearest
        People to whom it is the nearest site.
    further
        Of these, those who would walk longer, to another site within the circle.
    further_person_ms
        Milliseconds that they would walk longer, all together, times 10⁶.
    further_most_ms
        What the one of them with the longest way more would walk longer; 0 of no people.
    counted
        The position of the site is sure. If it is not, who else it serves is unknown, and it takes
        from no people a site that they are known to have.
    """

    persons: int
    only_here: int
    nearest: int
    further: int
    further_person_ms: int
    further_most_ms: int
    counted: bool = True

    @property
    def shared(self) -> int | None:
        """Micro-persons within the circle who reach another site, too; None if not counted."""
        return self.persons - self.only_here if self.counted else None

    @property
    def further_mean_min(self) -> float | None:
        """Minutes that those who walk further walk longer, on average; None of no people."""
        return self.further_person_ms / self.further / c.MS_PER_MIN if self.further else None

    @property
    def further_most_min(self) -> float | None:
        """The most minutes that one of them walks longer; None of no people."""
        return self.further_most_ms / c.MS_PER_MIN if self.further else None


@dataclass(frozen=True, slots=True)
class Choice:
    """People with no site, one site alone, and two or more within the circle: micro-persons."""

    none: int
    one: int
    more: int

    @property
    def persons(self) -> int:
        """All of them."""
        return self.none + self.one + self.more


def two_nearest(search: Search, counted: Bools) -> TwoNearest:
    """
    Find the two nearest sites of each home.

    Parameters
    ----------
    counted : bool, shape (sites,)
        Which sites count: those with a sure position.
    """
    times = np.full((2, search.n_origins), _NEVER, np.int64)
    sites = np.full((2, search.n_origins), -1, np.int64)
    for part in search.stream():
        _note_two(part.destinations, part.offsets, part.points, part.ms, counted, times, sites)
    times[sites < 0] = -1
    return TwoNearest(times[0], sites[0], times[1], sites[1])


def worth_of_sites(
    people: Sequence[Walking], counted: Bools, nearest: Sequence[TwoNearest], persons: Ints
) -> list[SiteWorth]:
    """
    Sum what each site is worth; no people depend on a site that does not count.

    Parameters
    ----------
    counted : bool, shape (sites,)
        Which sites count.
    nearest
        What `two_nearest` gives, one for each of `people`.
    persons : int64, shape (sites,)
        Micro-persons within the circle of each site.
    """
    n = len(counted)
    alone, first, further, most_ms = (np.zeros(n, np.int64) for _ in range(4))
    # Seconds and the rest apart: together they could pass the whole numbers.
    more_s, more_ms = np.zeros(n, np.int64), np.zeros(n, np.int64)
    for one, of in zip(people, nearest, strict=True):
        some, lone = of.first >= 0, (of.first >= 0) & (of.second < 0)
        np.add.at(first, of.first[some], one.persons[some])
        np.add.at(alone, of.first[lone], one.persons[lone])
        longer = (of.second >= 0) & (of.second_ms > of.first_ms) & (one.persons > 0)
        site, ms, moved = (
            of.first[longer],
            (of.second_ms - of.first_ms)[longer],
            one.persons[longer],
        )
        np.add.at(further, site, moved)
        np.add.at(more_s, site, moved * (ms // 1000))
        np.add.at(more_ms, site, moved * (ms % 1000))
        np.maximum.at(most_ms, site, ms)
    together = [1000 * s + ms for s, ms in zip(more_s.tolist(), more_ms.tolist(), strict=True)]
    columns = persons.tolist(), alone.tolist(), first.tolist(), further.tolist()
    return list(map(SiteWorth, *columns, together, most_ms.tolist(), counted.tolist()))


def choice_by_zone(
    people: Sequence[Walking], nearest: Sequence[TwoNearest], zone: Ints, n_zones: int
) -> list[Choice]:
    """
    Count the people of each zone by how many sites they have within the circle.

    Parameters
    ----------
    zone : int64, shape (homes,)
        Number of the zone of each home, -1 of none.
    """
    table = np.zeros((n_zones, 3), np.int64)
    inside = zone >= 0
    for one, of in zip(people, nearest, strict=True):
        number = (of.first >= 0).astype(np.int64) + (of.second >= 0)
        np.add.at(table, (zone[inside], number[inside]), one.persons[inside])
    return [Choice(*map(int, row)) for row in table]


@compiled
def _note_two(destinations, offsets, points, ms, counted, times, sites):
    """Keep the two least (time, site) of each origin, in any order of looking."""
    for k in range(len(destinations)):
        d = destinations[k]
        if counted[d]:
            for i in range(offsets[k], offsets[k + 1]):
                p = points[i]
                t = ms[i]
                if t < times[0, p] or (t == times[0, p] and d < sites[0, p]):
                    times[1, p], sites[1, p] = times[0, p], sites[0, p]
                    times[0, p], sites[0, p] = t, d
                elif t < times[1, p] or (t == times[1, p] and d < sites[1, p]):
                    times[1, p], sites[1, p] = t, d
