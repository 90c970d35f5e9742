"""Sites that serve within a capacity: their room, and whom a plan serves as a run counts them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.assignment.pairs import in_order, places_of
from circle15.access.assignment.serving import SHARING
from circle15.planning.siting.problem import Candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.assignment.pairs import Assignment
    from circle15.access.assignment.pairs import Pairs as AskingPairs
    from circle15.access.assignment.serving import Way
    from circle15.arrays import Bools, Ints
    from circle15.planning.reach import Pairs
    from circle15.planning.siting.problem import SitingProblem
    from circle15.planning.siting.solution import Solution


@dataclass(frozen=True)
class Room:
    """
    Whom sites can serve, in micro-persons, and how their room is shared out.

    Attributes
    ----------
    candidates : int64, shape (candidates,)
    today : int64, shape (sites,)
        Of the open sites of today; 0 where it is unknown.
    unknown : bool, shape (sites,)
        The capacity of the site is not stated, or its position is not sure. In the search such a
        site serves all people in its circle, so that none of them is counted as won.
    ids
        Those of the sites of today.
    pairs
        Who is within the circle of the sites of today.
    way
        How a run of the study shares room out.
    rank : int64, shape (people,)
        Place of each home's id among all, for ties.
    """

    candidates: Ints
    today: Ints
    unknown: Bools
    ids: Sequence[str]
    pairs: Pairs
    way: Way
    rank: Ints

    def at_most(self, people: int) -> Ints:
        """Room of each site of today where those of unknown capacity have room for all people."""
        return np.where(self.unknown, people, self.today).astype(np.int64)


@dataclass(frozen=True)
class ServedPlan:
    """
    People served, in micro-persons, as a run of the study with the sites counts them.

    Attributes
    ----------
    in_run
        With the first 0, 1, 2 … sites of the plan; sites of unknown capacity serve none.
    won
        Served today, and besides those who are served with the plan and surely not without it:
        not those of unknown state, nor those whom only a site of unknown capacity may serve today.
    beyond_flow
        What has to be added to the number of people of a plan's greatest flow to compare it with
        `won`.
    """

    in_run: tuple[int, ...]
    won: int
    beyond_flow: int


def beside_today(new: Candidates, room: Room, people: int) -> Candidates:
    """
    Put the sites of today before the candidates; they cost nothing and are of no group.

    Parameters
    ----------
    people
        Micro-persons of all people.
    """
    n = len(room.ids)

    def before(values: Ints | None, fill: int) -> Ints | None:
        return None if values is None else np.r_[np.full(n, fill, np.int64), values]

    old = room.pairs
    return Candidates(
        # No id of a table begins with this sign, and it comes before all others.
        ids=(*(f"\0{own}" for own in room.ids), *new.ids),
        offsets=np.r_[old.offsets, old.offsets[-1] + new.offsets[1:]],
        homes=np.r_[old.people, new.homes],
        time_ms=np.r_[old.time_ms, new.time_ms],
        cost=before(new.cost, 0),
        group=before(new.group, -1),
        capacity=np.r_[room.at_most(people), room.candidates],
        is_existing=np.r_[np.ones(n, np.bool_), np.zeros(len(new), np.bool_)],
    )


def served_by(
    problem: SitingProblem, room: Room, plan: Sequence[int], ids: Sequence[str]
) -> ServedPlan:
    """
    Share out the room of the sites of today and of a plan's sites, as a run with them does.

    Parameters
    ----------
    problem
        Its first candidates are the sites of today.
    plan
        Numbers of candidates, in the order of building.
    ids
        Ids under which the sites stand in the list of facilities; ties go by id.
    """
    shared = _Shared(problem, room, plan, ids)
    people, asking = shared.people, shared.asking
    in_run = tuple(
        int(shared.out(asking, room.today, k).at_site.sum()) for k in range(len(plan) + 1)
    )
    known = ~problem.homes.is_unknown
    kept = known[asking.home]
    if not room.unknown.any() and kept.all():
        return ServedPlan(in_run, in_run[-1], 0)
    sure = replace(
        asking,
        home=asking.home[kept],
        site=asking.site[kept],
        ms=asking.ms[kept],
        persons=np.where(known, asking.persons, 0),
    )
    before, after = (
        int(shared.out(sure, room.at_most(people), k).at_site.sum()) for k in (0, len(plan))
    )
    return ServedPlan(in_run, in_run[0] + after - before, in_run[0] - before)


def unserved_by(
    problem: SitingProblem, room: Room, plan: Sequence[int], ids: Sequence[str]
) -> tuple[Ints, Ints]:
    """
    Count the people of each home who find no room whatever the unknown capacities are.

    Parameters
    ----------
    problem, room, plan, ids
        As for `served_by`.

    Returns
    -------
    Micro-persons today and with all sites of the plan: int64, shape (people,).
    """
    shared = _Shared(problem, room, plan, ids)
    persons, found = problem.homes.micro_persons, []
    for k in (0, len(plan)):
        left = persons - shared.out(shared.asking, room.today, k).served[0]
        if room.unknown.any():
            most = shared.out(shared.asking, room.at_most(shared.people), k)
            left = np.minimum(left, persons - most.served[0])
        found.append(left)
    return found[0], found[1]


class _Shared:
    """Who asks at the sites of today and those of a plan, and the room of the new ones."""

    def __init__(
        self, problem: SitingProblem, room: Room, plan: Sequence[int], ids: Sequence[str]
    ) -> None:
        self.today, self.way = len(room.ids), room.way
        self.people = int(problem.homes.micro_persons.sum())
        self.place = places_of([*room.ids, *ids])
        self.asking = asking_at(problem, room, [*range(self.today), *plan], self.place)
        self.new = room.candidates[np.array(plan, np.int64) - self.today]

    def out(self, pairs: AskingPairs, first: Ints, n_new: int) -> Assignment:
        """Share out the room of the sites of today, which is given, and of the first new ones."""
        room = np.zeros(len(self.place), np.int64)
        room[self.place[: self.today + n_new]] = np.r_[first, self.new[:n_new]]
        return SHARING[self.way](pairs, room)


def asking_at(problem: SitingProblem, room: Room, sites: Sequence[int], place: Ints) -> AskingPairs:
    """
    List the homes within the circle of each site, in the order in which people ask.

    Parameters
    ----------
    problem
        Its first candidates are the sites of today.
    sites
        Numbers of candidates, sites of today among them.
    place : int64, shape (sites,)
        Place of each site's id among all: the number of the site in the pairs.
    """
    candidates, persons = problem.candidates, problem.homes.micro_persons
    parts = [slice(*candidates.offsets[one : one + 2].tolist()) for one in sites]
    nothing = np.empty(0, np.int64)
    home, ms = (
        np.concatenate([nothing, *(of[part] for part in parts)])
        for of in (candidates.homes, candidates.time_ms)
    )
    site = np.repeat(place, [part.stop - part.start for part in parts])
    inside = ms <= problem.cutoff_ms
    return in_order(home[inside], site[inside], ms[inside], room.rank, persons, (0, len(persons)))


def as_served(solution: Solution, served: ServedPlan, most_more: int | None) -> Solution:
    """
    Return a solution whose value is that of a run.

    Parameters
    ----------
    most_more
        No plan serves more people than today and so many; None if nothing is known but the bound
        of the solution, which holds for any way of sharing room out.
    """
    bound = solution.bound + served.beyond_flow
    if most_more is not None:
        bound = min(bound, served.in_run[0] + most_more)
    return replace(solution, value=served.won, bound=bound, is_proven=served.won == bound)
