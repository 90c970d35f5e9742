"""In which class everybody is under capacity: served, turned away, in a gap, or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.access.states import State
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from circle15.arrays import Codes, Floats, Ints


@dataclass(frozen=True, slots=True)
class ServedCounts:
    """
    People by class, in micro-persons; the four sum to `persons` exactly.

    Attributes
    ----------
    served
        Find room at a site within the circle.
    turned_away
        Covered, and not served whatever the unknown capacities are.
    gap
        No site is within the circle.
    unknown
        Not known to be covered, or covered, not served, and served if the sites of unknown capacity
        had room for all.
    """

    persons: int = 0
    served: int = 0
    turned_away: int = 0
    gap: int = 0
    unknown: int = 0

    def __add__(self, other: ServedCounts) -> ServedCounts:
        """Count the people of both."""
        return ServedCounts(
            self.persons + other.persons,
            self.served + other.served,
            self.turned_away + other.turned_away,
            self.gap + other.gap,
            self.unknown + other.unknown,
        )

    @property
    def covered(self) -> int:
        """People who are served or turned away: micro-persons of known answer within a circle."""
        return self.served + self.turned_away

    @property
    def share_served(self) -> float | None:
        """Served share of all people, 0–1; None of no people."""
        return self.served / self.persons if self.persons else None


NOT_ANYONE: Final = ServedCounts()


def room_of(capacity: Sequence[Decimal | Fraction | None], per_person: Decimal | Fraction) -> Ints:
    """
    Micro-persons whom each capacity can serve, rounded down; 0 where it is unknown.

    Parameters
    ----------
    per_person
        Units of capacity that a person asks for, more than 0.

    Examples
    --------
    >>> room_of([Fraction(250), None], Fraction(1, 2)).tolist()
    [500000000, 0]
    """
    each = Fraction(per_person)
    rooms = [0 if one is None else int(Fraction(one) * c.MICRO / each) for one in capacity]
    return np.array([min(one, 1 << 62) for one in rooms], np.int64)


def known_served(state: Codes, persons: Ints, served: Ints, unserved: Ints) -> Floats:
    """
    People served at each home: float64, shape (homes,).

    NaN where it is unknown: the state is, or whether all people are served who do not surely stay
    out. 0 in a gap and where all are turned away.

    Parameters
    ----------
    state : shape (homes,)
        Codes of `State` in the circle.
    persons, served, unserved : int64, shape (homes,)
        Micro-persons, as for `served_by_zone`.

    Examples
    --------
    Three people of each home: 2 served and 1 turned away; none served, perhaps all; in a gap.

    >>> state = np.array([State.COVERED, State.COVERED, State.GAP])
    >>> three = np.full(3, 3_000_000)
    >>> known_served(state, three, np.array([2_000_000, 0, 0]), np.array([1_000_000, 0, 3_000_000]))
    array([ 2., nan,  0.])
    """
    unsure = (state == State.COVERED) & (served + unserved < persons)
    return np.where(unsure | (state == State.UNKNOWN), np.nan, served / c.MICRO)


def served_by_zone(
    state: Codes,
    persons: Ints,
    served: Ints,
    *,
    unserved: Ints,
    zone: Ints,
    n_zones: int,
) -> list[ServedCounts]:
    """
    Count people by class in each zone.

    Parameters
    ----------
    state : shape (homes,)
        Codes of `State` in the circle.
    persons, served : int64, shape (homes,)
        Micro-persons; the served are among the covered.
    unserved : int64, shape (homes,)
        Micro-persons who are not served whatever the unknown capacities are.
    zone : int64, shape (homes,)
        Number of the zone of each, -1 of none.
    """
    left = persons - served
    covered = state == State.COVERED
    classes = (
        served,
        np.where(covered, unserved, 0),
        np.where(state == State.GAP, left, 0),
        np.where(covered, left - unserved, np.where(state == State.UNKNOWN, left, 0)),
    )
    inside = zone >= 0
    table = np.zeros((n_zones, len(classes)), np.int64)
    for k, people in enumerate(classes):
        np.add.at(table[:, k], zone[inside], people[inside])
    return [ServedCounts(int(row.sum()), *map(int, row)) for row in table]
