"""The change of the people covered, split into parts that add up to the micro-person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Bools, Codes, Ints

CLOSED, OPENED, MOVED, WALKING = range(4)
"""Why a home's state changed, in the order in which a cause is taken."""
CAUSES: Final = ("closed", "opened", "moved", "walking")
"""Their words: a site closed or gone, a site new or opened, a site moved, and all else: streets,
walking, parameters."""


@dataclass(frozen=True, slots=True)
class Change:
    """
    How the people covered changed, in micro-persons.

    `before + people + closed + opened + moved + walking = after`, exactly.

    Attributes
    ----------
    before, after
        People covered.
    people
        Other people at homes of the state they had: Σ (w_after − w_before) · s_before.
    closed, opened, moved, walking
        Homes of another state, by cause; together Σ w_after · (s_after − s_before).
    """

    before: int
    after: int
    people: int
    closed: int
    opened: int
    moved: int
    walking: int

    @property
    def access(self) -> int:
        """Sum over homes of another state."""
        return self.closed + self.opened + self.moved + self.walking

    def __add__(self, other: Change) -> Change:
        """Return the sum of both."""
        return Change(
            self.before + other.before,
            self.after + other.after,
            self.people + other.people,
            self.closed + other.closed,
            self.opened + other.opened,
            self.moved + other.moved,
            self.walking + other.walking,
        )


NO_CHANGE: Final = Change(0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Units:
    """
    People who are in one place and walk alike, before and after; shape (n,) each.

    Attributes
    ----------
    weight_before, weight_after
        Micro-persons; 0 where the home is in the other result only.
    covered_before, covered_after
        Whether they are covered. A gap and an unknown state both count as not covered. A home that
        is in one result only has the same state in both, so that it counts as people.
    cause
        Why the state changed, code of `CAUSES`; without meaning where it did not change.
    """

    weight_before: Ints
    weight_after: Ints
    covered_before: Bools
    covered_after: Bools
    cause: Codes


def change_of(units: Units) -> Change:
    """
    Return how the people covered changed.

    Examples
    --------
    Ten people at a home that a new site covers, where five have moved in:

    >>> change_of(Units(np.array([10]), np.array([15]), np.array([False]), np.array([True]),
    ...                 np.array([OPENED])))
    Change(before=0, after=15, people=0, closed=0, opened=15, moved=0, walking=0)
    """
    nowhere = np.zeros(len(units.cause), np.int64)
    return change_by_zone(units, nowhere, nowhere, 1)[0]


def change_by_zone(
    units: Units, zone_before: Ints, zone_after: Ints, n_zones: int
) -> Sequence[Change]:
    """
    Return the change in each zone; those who now live in another zone count as people.

    Parameters
    ----------
    units
        The people.
    zone_before, zone_after
        Number of the zone of each, 0 to `n_zones` − 1; -1 in none. Shape (n,).
    n_zones
        Number of zones.

    Returns
    -------
    A change for each zone; over a whole partition they sum to that of `change_of`.
    """
    before, after = units.covered_before, units.covered_after
    covered_before = _summed(zone_before, units.weight_before, before, n_zones)
    people = _summed(zone_after, units.weight_after, before, n_zones) - covered_before
    other = np.flatnonzero(before != after)
    zone, cause = zone_after[other], units.cause[other]
    access = np.where(after[other], units.weight_after[other], -units.weight_after[other])
    by_cause = [_summed(zone, access, cause == code, n_zones) for code in range(len(CAUSES))]
    covered_after = _summed(zone_after, units.weight_after, after, n_zones)
    columns = [covered_before, covered_after, people, *by_cause]
    return [Change(*(int(column[k]) for column in columns)) for k in range(n_zones)]


def _summed(zone: Ints, amount: Ints, counted: Bools, n_zones: int) -> Ints:
    """Sum the amounts that count by zone in integers (`np.bincount` would add floats)."""
    inside = counted & (zone >= 0)
    if n_zones == 1:
        return np.array([amount[inside].sum()], np.int64)
    found = np.zeros(n_zones, np.int64)
    np.add.at(found, zone[inside], amount[inside])
    return found
