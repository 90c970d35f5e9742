"""Who is served where people live, and the room of sites: figures of `[capacity]` for outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.states import State
from circle15.results.once import once
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from circle15.access.supply.records import SiteSupply
    from circle15.arrays import Ints
    from circle15.results.drawn_places import Places
    from circle15.results.records import StudyResult


@dataclass(frozen=True)
class ServedPeople:
    """
    People of the drawn group who are served, and who are covered and not served.

    Attributes
    ----------
    served, turned_away : int64, by row of `demand` or by place
        Micro-persons; 0 where a home was not judged.
    """

    served: Ints
    turned_away: Ints


@once
def served_homes(result: StudyResult) -> Mapping[str, ServedPeople]:
    """Return the people served by category with `per_person`, of the slowest walkers as drawn."""
    found = {}
    for one in result.access:
        drawn = next((part for part in one.homes if part.name == result.drawn.name), None)
        if drawn is None or drawn.served is None or drawn.unserved is None:
            continue
        unserved = drawn.unserved.copy()
        state = result.judged_as(result.drawn)[one.category].states[result.study.walk.circle_min]
        unserved[state != State.COVERED] = 0
        found[one.category] = ServedPeople(
            result.of_demand(drawn.served, 0), result.of_demand(unserved, 0)
        )
    return found


def served_at_places(result: StudyResult, places: Places) -> dict[str, ServedPeople]:
    """Return the same by place, of all its parts together."""

    def at_places(micro: Ints) -> Ints:
        return np.asarray(np.add.reduceat(micro[places.row], places.first), np.int64)

    return {
        category: ServedPeople(at_places(homes.served), at_places(homes.turned_away))
        for category, homes in served_homes(result).items()
    }


def room_of_sites(result: StudyResult) -> dict[int, SiteSupply]:
    """Return the open sites of categories with `per_person` by their row of `facilities`."""
    return {
        site.facility: site
        for one in result.access
        if one.supplied is not None and one.everybody.served is not None
        for site in one.supplied.sites
    }


@dataclass(frozen=True)
class Room:
    """
    The room of the open sites of a category with `per_person`.

    Attributes
    ----------
    known
        Number of sites whose room is known.
    full
        Number of these without any room left.
    left
        Micro-persons for whom the others still have room.
    idle, unknown
        Names of the sites that have supply and no people within their circle, and of those whose
        supply is unknown.
    """

    known: int
    full: int
    left: int
    idle: Sequence[str]
    unknown: Sequence[str]


def room_of(result: StudyResult, sites: Sequence[SiteSupply]) -> Room:
    """Sum the room of sites, and name those that are idle or unknown."""
    left = [site.left for site in sites if site.left is not None]
    ids, names = result.facilities[c.FACILITY_ID], result.facilities[c.NAME]

    def named(which: Iterable[SiteSupply]) -> list[str]:
        return [
            result.site_in_words(str(ids.iloc[one.facility]), str(names.iloc[one.facility] or ""))
            for one in which
        ]

    return Room(
        known=len(left),
        full=sum(one.full for one in sites),
        left=sum(left),
        idle=named(one for one in sites if one.idle),
        unknown=named(one for one in sites if one.supply is None),
    )
