"""In which order sites that serve within a capacity should be built, as a run serves people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.access.assignment.pairs import places_of
from circle15.planning.served_search import people_served
from circle15.planning.shared_room import asking_at
from circle15.planning.siting.flows import most_served
from circle15.planning.siting.ordering import MOST_SUBSETS, in_phases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.arrays import Ints
    from circle15.planning.shared_room import Room
    from circle15.planning.siting.problem import SitingProblem

_MOST_PAIRS: Final = 400_000_000
"""Pairs looked at to compare the parts of a plan: counted work, so that two runs do the same."""
_FLOW: Final = 50
"""How many looks at a pair the greatest flow is worth."""


def served_phases(
    problem: SitingProblem, room: Room, plan: Sequence[int], ids: Sequence[str]
) -> list[list[int]]:
    """
    Split a plan into phases by whom a run of the study serves, each in the order of building.

    Parameters
    ----------
    problem
        Its first candidates are the sites of today.
    plan
        Numbers of candidates, in any order.
    ids
        Ids under which the sites stand in the list of facilities; ties go by id.

    See Also
    --------
    circle15.planning.siting.ordering.in_phases : How a plan is split.
    """
    counting = _Counting(problem, room, plan, ids)
    most = min(MOST_SUBSETS, _MOST_PAIRS // max(counting.work, 1))
    return in_phases(plan, problem.limits.phases, counting.unserved, most_subsets=most)


class _Counting:
    """
    Counts whom a run serves with some sites of a plan; sites of unknown capacity serve none.

    `work` is what one count is worth, in pairs looked at.
    """

    def __init__(
        self, problem: SitingProblem, room: Room, plan: Sequence[int], ids: Sequence[str]
    ) -> None:
        today = len(room.ids)
        place = places_of([*room.ids, *ids])
        self.asking = asking_at(problem, room, [*range(today), *plan], place)
        self.today = np.zeros(len(place), np.int64)
        self.today[place[:today]] = room.today
        new = room.candidates[np.array(plan, np.int64) - today]
        self.new = {
            one: (at, micro)
            for one, at, micro in zip(plan, place[today:].tolist(), new.tolist(), strict=True)
        }
        self.nearest = room.way == "nearest_first"
        self.work = len(self.asking.home) * (1 if self.nearest else _FLOW)
        self.known: dict[frozenset[int], int] = {}

    def unserved(self, sites: Sequence[int]) -> int:
        """Return minus the micro-persons who are served with the sites."""
        key = frozenset(sites)
        if key not in self.known:
            room = self.today.copy()
            for one in key:
                at, micro = self.new[one]
                room[at] = micro
            self.known[key] = -(self._nearest(room) if self.nearest else self._most(room))
        return self.known[key]

    def _nearest(self, room: Ints) -> int:
        asking, none = self.asking, np.empty(0, np.int64)
        pairs = asking.home, asking.site, asking.ms
        return int(people_served(*pairs, none, 0, none, asking.persons.copy(), room))

    def _most(self, room: Ints) -> int:
        """Count those whom a run serves that serves most and walks least: the greatest flow."""
        open_sites = np.flatnonzero(room).tolist()
        homes = [self.asking.home[self.asking.site == one] for one in open_sites]
        return most_served(self.asking.persons, homes, room[open_sites].tolist())
