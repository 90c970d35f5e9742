"""Homes of two results matched by id: who lives there, their states, and why these changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from circle15.results.difference.decomposing import CLOSED, MOVED, OPENED, WALKING, Units
from circle15.study.settings.walkers import AGES
from circle15.study.vocabulary.scopes import ALL, COMBINED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from circle15.arrays import Bools, Codes, Ints

    Words = npt.NDArray[np.object_]

Position = tuple[float, float] | None
"""Study CRS, metres; None is not known."""


class SiteState(NamedTuple):
    """What of a site decides whom it covers; an unsure position covers no one."""

    is_open: bool
    position: Position
    unsure: bool


class Band(NamedTuple):
    """People of a group who walk alike; `part` is that of their states."""

    first: int | None
    part: str
    weight: Ints


@dataclass(frozen=True)
class JudgedHomes:
    """
    The homes of one result, with what it found; arrays have shape (homes,).

    Attributes
    ----------
    ids
        Their ids, each once.
    groups
        People by group, split by how they walk, youngest first; a group that walks alike is one
        band with the lowest age of the group, or None.
    covered
        Whether each is covered, by part, category and cutoff (minutes).
    nearest
        Id of the nearest site by part and category; None where there is none.
    sites
        All sites by id and category, also closed ones.
    require
        Categories that `any` and `all` combine.
    """

    ids: Words
    groups: Mapping[str, Sequence[Band]]
    covered: Mapping[tuple[str, str, int], Bools]
    nearest: Mapping[tuple[str, str], Words]
    sites: Mapping[tuple[str, str], SiteState]
    require: tuple[str, ...]


class MatchedHomes:
    """
    The homes of two results, those of both once.

    Attributes
    ----------
    ids
        Ids of all homes, in the order of text.
    row_before, row_after
        Row of each home in either result; -1 where it is in the other only.
    """

    def __init__(self, before: JudgedHomes, after: JudgedHomes) -> None:
        self.before, self.after = before, after
        self.ids: Words = before.ids
        if not np.array_equal(before.ids, after.ids):
            self.ids = np.array(sorted({*before.ids, *after.ids}), dtype=object)
        self.row_before = _rows(before.ids, self.ids)
        self.row_after = _rows(after.ids, self.ids)
        self._causes: dict[tuple[str, str, str, int], tuple[Bools, Bools, Codes]] = {}

    def comparable(self, group: str) -> bool:
        """Whether the bands of a group can be matched; it needs people from the ages they begin."""
        if group not in self.before.groups or group not in self.after.groups:
            return False
        ages = self._ages(group)
        return ages is None or all(
            age in _firsts(side.groups[group]) or f"p{age}" in side.groups
            for side in (self.before, self.after)
            for age in ages
        )

    def units(self, group: str, category: str, cutoff_min: int) -> list[Units]:
        """
        Return the people of a group with their states, one item for each age band.

        `category` may be `any` or `all`: the cause is then the first that holds for one of the
        required categories whose state changed in the same direction.

        Raises
        ------
        KeyError
            If one of the results does not have the group, category or cutoff.
        """
        found = []
        bands = zip(self._bands(self.before, group), self._bands(self.after, group), strict=True)
        for old, new in bands:
            before, after, cause = self._states(old.part, new.part, category, cutoff_min)
            weights = (_people(old.weight, self.row_before), _people(new.weight, self.row_after))
            found.append(Units(*weights, before, after, cause))
        return found

    def _ages(self, group: str) -> list[int] | None:
        """Return the ages at which a band begins in either result; None if the bands agree."""
        old, new = (_firsts(side.groups[group]) for side in (self.before, self.after))
        return None if old == new or group not in AGES else sorted({*old, *new})

    def _bands(self, side: JudgedHomes, group: str) -> Sequence[Band]:
        ages = self._ages(group)
        bands = side.groups[group]
        if ages is None:
            return bands
        split: list[Band] = []
        older = np.zeros(len(side.ids), np.int64)
        for place in reversed(range(len(bands))):
            beyond = bands[place + 1].first if place + 1 < len(bands) else None
            mine = [a for a in ages if a >= (bands[place].first or 0) and a < (beyond or 999)]
            rest, parts = bands[place].weight, []
            for age in mine[1:]:  # what is older than an age is no more than there is
                whole = sum(band.weight for band in side.groups[f"p{age}"])
                above = np.minimum(rest, np.maximum(whole - older, 0))
                parts.append(rest - above)
                rest = above
            parts.append(rest)
            named = zip(mine, parts, strict=True)
            split = [*(Band(age, bands[place].part, weight) for age, weight in named), *split]
            older = older + bands[place].weight
        return split

    def _states(
        self, old: str, new: str, category: str, cutoff_min: int
    ) -> tuple[Bools, Bools, Codes]:
        key = (old, new, category, cutoff_min)
        if key not in self._causes:
            one_of = self._of_all if category in COMBINED else self._of_one
            self._causes[key] = one_of(*key)
        return self._causes[key]

    def _of_one(
        self, old: str, new: str, category: str, cutoff_min: int
    ) -> tuple[Bools, Bools, Codes]:
        before, after = self._in_both(
            self.before.covered[old, category, cutoff_min],
            self.after.covered[new, category, cutoff_min],
        )
        cause = np.full(len(self.ids), WALKING, np.int8)
        lost, won = np.flatnonzero(before & ~after), np.flatnonzero(after & ~before)
        had = self.before.nearest[old, category][self.row_before[lost]]
        has = self.after.nearest[new, category][self.row_after[won]]
        cause[lost] = self._causes_of(had, category, self.after, CLOSED)
        cause[won] = self._causes_of(has, category, self.before, OPENED)
        return before, after, cause

    def _of_all(
        self, old: str, new: str, category: str, cutoff_min: int
    ) -> tuple[Bools, Bools, Codes]:
        combined = np.logical_and if category == ALL else np.logical_or
        before, after = self._in_both(
            combined.reduce([self.before.covered[old, k, cutoff_min] for k in self.before.require]),
            combined.reduce([self.after.covered[new, k, cutoff_min] for k in self.after.require]),
        )
        cause = np.full(len(self.ids), WALKING, np.int8)
        if set(self.before.require) != set(self.after.require):
            return before, after, cause
        for one in self.before.require:
            was, now, why = self._states(old, new, one, cutoff_min)
            same_way = (was != now) & (was == before) & (now == after)
            cause = np.where(same_way, np.minimum(cause, why), cause)
        return before, after, cause

    def _in_both(self, old: Bools, new: Bools) -> tuple[Bools, Bools]:
        """Give homes that one result lacks the state that they have in the other."""
        before, after = _flags(old, self.row_before), _flags(new, self.row_after)
        return (
            np.where(self.row_before < 0, after, before),
            np.where(self.row_after < 0, before, after),
        )

    def _causes_of(
        self, sites: Words, category: str, other: JudgedHomes, if_not_open: int
    ) -> Codes:
        number, distinct = pd.factorize(sites)
        causes = [self._cause(site, category, other, if_not_open) for site in distinct]
        return np.array(causes, np.int8)[number]

    def _cause(self, site: str, category: str, other: JudgedHomes, if_not_open: int) -> int:
        """Return why a home is covered by a site in one result and not covered in the other."""
        there = other.sites.get((site, category))
        if there is None or not there.is_open:
            return if_not_open
        here = (self.before if other is self.after else self.after).sites[site, category]
        same_place = here.position == there.position and here.unsure == there.unsure
        return WALKING if same_place else MOVED


def _firsts(bands: Sequence[Band]) -> list[int]:
    return [band.first or 0 for band in bands]


def _rows(ids: Words, wanted: Words) -> Ints:
    if ids is wanted:
        return np.arange(len(ids))
    return pd.Index(ids, dtype=object).get_indexer(pd.Index(wanted, dtype=object)).astype(np.int64)


def _people(weight: Ints, rows: Ints) -> Ints:
    """Return the people of each home; 0 where a result does not have the home."""
    return np.append(weight, 0)[rows]  # row -1 is the last


def _flags(values: Bools, rows: Ints) -> Bools:
    """Return the value of each home; False where a result does not have the home."""
    return np.append(values, np.False_)[rows]
