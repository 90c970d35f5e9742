"""Homes and the sites that they reach, as pairs; who is served, as a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.supply.floating import Walking
    from circle15.arrays import Ints


@dataclass(frozen=True)
class Pairs:
    """
    Every home with every site within its circle.

    Homes are numbered through all `Walking`, one behind the other.

    Attributes
    ----------
    home, site, ms : int64, shape (pairs,)
        By time, then by site, then by the order of the homes' ids.
    persons : int64, shape (homes,)
        Micro-persons.
    begins
        Where the homes of each `Walking` begin, and the number of all.
    """

    home: Ints
    site: Ints
    ms: Ints
    persons: Ints
    begins: tuple[int, ...]


@dataclass(frozen=True)
class Assignment:
    """
    Who is served, in micro-persons.

    Attributes
    ----------
    served : int64, shape (homes,), one for each `Walking`
        People of each home who find room.
    at_site : int64, shape (sites,)
        People served at each site.
    person_ms
        Milliseconds that all the served walk together, times 10⁶: exact.
    least_person_ms
        No way to serve as many people walks less than this (a bound of the linear program); None
        where none was computed.
    """

    served: tuple[Ints, ...]
    at_site: Ints
    person_ms: int
    least_person_ms: float | None = None


def pairs_of(people: Sequence[Walking], ranks: Sequence[Ints]) -> Pairs:
    """
    List the pairs of homes with people and the sites that these reach.

    Parameters
    ----------
    ranks : int64, shape (homes,), one for each of `people`
        Place of each home's id among all; people of one home who walk otherwise follow each other.
    """
    begins = np.cumsum([0, *(len(one.persons) for one in people)])
    nothing = np.empty(0, np.int64)
    home, site, ms = [nothing], [nothing], [nothing]
    for one, begin in zip(people, begins.tolist(), strict=False):
        for part in one.search.stream():
            lived = one.persons[part.points] > 0
            home.append(part.points[lived].astype(np.int64) + begin)
            site.append(np.repeat(part.destinations, np.diff(part.offsets))[lived])
            ms.append(part.ms[lived].astype(np.int64))
    homes, sites, times = map(np.concatenate, (home, site, ms))
    persons = np.concatenate([one.persons for one in people])
    return in_order(homes, sites, times, np.concatenate(ranks), persons, tuple(begins.tolist()))


def places_of(ids: Sequence[str] | np.ndarray) -> Ints:
    """Return the place of each home's id among all: int64, shape (homes,)."""
    place = np.empty(len(ids), np.int64)
    place[np.argsort(np.array(ids, dtype=object), kind="stable")] = np.arange(len(ids))
    return place


def in_order(  # noqa: PLR0917 - the parts of pairs, by place
    home: Ints, site: Ints, ms: Ints, rank: Ints, persons: Ints, begins: tuple[int, ...]
) -> Pairs:
    """
    Put pairs in the order in which people ask.

    Parameters
    ----------
    home, site, ms : int64, shape (pairs,)
        In any order.
    rank : int64, shape (homes,)
        Place of each home's id.
    persons, begins
        As in `Pairs`.
    """
    order = np.lexsort((home, rank[home], site, ms))
    return Pairs(home[order], site[order], ms[order], persons, begins)


def assignment_of(pairs: Pairs, taken: Ints, n_sites: int) -> Assignment:
    """
    Sum the people of each pair who are served.

    Parameters
    ----------
    taken : int64, shape (pairs,)
        Micro-persons.
    """
    served, at_site = np.zeros_like(pairs.persons), np.zeros(n_sites, np.int64)
    np.add.at(served, pairs.home, taken)
    np.add.at(at_site, pairs.site, taken)
    some = taken > 0
    walked = zip(taken[some].tolist(), pairs.ms[some].tolist(), strict=True)
    return Assignment(
        tuple(np.split(served, pairs.begins[1:-1])), at_site, sum(n * ms for n, ms in walked)
    )
