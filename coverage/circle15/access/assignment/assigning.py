"""People assigned to sites of limited capacity, and who is turned away for certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.assignment.classes import room_of
from circle15.access.assignment.pairs import pairs_of, places_of
from circle15.access.assignment.serving import SHARING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from fractions import Fraction

    from circle15.access.assignment.pairs import Assignment
    from circle15.access.assignment.serving import Way
    from circle15.access.supply.floating import Walking
    from circle15.arrays import Ints


@dataclass(frozen=True)
class Shared:
    """
    The room of sites shared out among people.

    Attributes
    ----------
    room : int64, shape (sites,)
        Micro-persons whom each site can serve; 0 where the capacity is unknown.
    found
        The assignment with this room.
    unserved : int64, shape (homes,), one for each `Walking`
        Micro-persons who are served neither with this room nor if every site of unknown capacity
        served all who ask there. Sites of unknown capacity also matter to people who do not reach
        them: those who do may leave their places at other sites.
    """

    room: Ints
    found: Assignment
    unserved: tuple[Ints, ...]


def assigned(
    people: Sequence[Walking],
    ids: Sequence[str] | np.ndarray,
    capacity: Sequence[Decimal | None],
    *,
    per_person: Decimal | Fraction,
    way: Way,
) -> Shared:
    """
    Assign people to the sites within their circle until the sites are full.

    Parameters
    ----------
    people
        Their searches are from the same sites, in the order of `capacity`.
    ids
        Id of each home, shape (homes,), the same for all of `people`; ties go by id.
    capacity
        Capacity of each site, shape (sites,), not negative; None is unknown.
    per_person
        Units of capacity that one person asks for, more than 0.
    way
        `nearest_first` or `least_walk`.

    Raises
    ------
    OutsideError
        If the solver of `least_walk` ends without an optimum.
    """
    pairs = pairs_of(people, [places_of(ids)] * len(people))
    share_out = SHARING[way]
    room = room_of(capacity, per_person)
    found = share_out(pairs, room)
    unserved = [one.persons - served for one, served in zip(people, found.served, strict=True)]
    unknown = np.array([one is None for one in capacity], np.bool_)
    if unknown[pairs.site].any():
        # As much room as there are people is no limit.
        most = share_out(pairs, np.where(unknown, pairs.persons.sum(), room))
        unserved = [
            # Of several plans that walk alike, the solver may serve another home each time.
            np.minimum(before, one.persons - served)
            for one, before, served in zip(people, unserved, most.served, strict=True)
        ]
    return Shared(room, found, tuple(unserved))
