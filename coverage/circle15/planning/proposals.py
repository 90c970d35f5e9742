"""What siting answers a study: the sites in order, whom each reaches, and who stays out and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from circle15.access.counting import Counts, count_states
from circle15.access.coverage_counts import zone_numbers
from circle15.access.states import State
from circle15.planning.left_over import left_over
from circle15.planning.people import people_of
from circle15.planning.plan_counts import new_sites
from circle15.planning.posing import pose, snaps_by_profile
from circle15.planning.reach import pairs
from circle15.planning.staying_out import HOLDING, staying_out
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from circle15.access.walks import Walks
    from circle15.arrays import Bools
    from circle15.planning.left_over import LeftOver
    from circle15.planning.plan_counts import NewSite, Planned
    from circle15.planning.posing import Posed, Question
    from circle15.planning.reach import Gains
    from circle15.planning.siting.problem import SitingProblem
    from circle15.planning.siting.solution import Counted, Floor, LimitName, Solution
    from circle15.planning.staying_out import Holding, StayingOut


class CurvePoint(NamedTuple):
    """
    What the first sites give together; the first point is today.

    Attributes
    ----------
    people
        Micro-persons whom the question counts, settled ones among them: covered; with `backup`
        those who have a second site within the circle, for the objective `served` those whom a run
        serves. See `SitingAnswer.counts`.
    covered
        Micro-persons covered, settled ones among them.
    saved_ms
        Walking saved: micro-persons × milliseconds. None unless the objective is `minutes`.
    cost
        Of these sites; None if there are none in the plan, or the cost of one is unknown.
    """

    people: int
    covered: int
    saved_ms: int | None
    cost: Fraction | None

    @property
    def saved_min(self) -> Fraction | None:
        """Walking saved, person-minutes; None unless the objective is `minutes`."""
        return None if self.saved_ms is None else Fraction(self.saved_ms, UNITS["minutes"])


class UnmetLimit(NamedTuple):
    """
    A limit that cannot be kept, in the unit in which a study states it.

    Attributes
    ----------
    limit
        Its key, or `everybody`, which counts persons.
    asked
        Its value: persons, sites, cost or a share.
    possible
        The nearest value that can be kept while the other limits stay; None if none was found.
    """

    limit: LimitName
    asked: Fraction
    possible: Fraction | None


@dataclass(frozen=True)
class After:
    """
    People of the area or of one zone, before and after the proposed sites.

    Attributes
    ----------
    before, after
        People by state, in micro-persons: what runs without and with the sites count.
    beyond
        Of the gap that stays those who are in the circle of no candidate.
    excluded
        Of `beyond` those in the circle of one that the question excludes by what it asks of
        candidates: by `where` or `forbidden`, or as its cost or capacity is not stated.
    held
        Of the gap that stays the others, by what keeps the candidates near them out of the plan.
    short_before, short
        With `street_floor` the people whom the subdistrict, or all of them together, lack to it,
        before and after; else None.
    turned_away_before, turned_away
        For the objective `served` the people within a circle who find no room, before and after,
        as runs count them; else None.
    zone_id, name
        Empty for the whole area.
    """

    before: Counts
    after: Counts
    beyond: int
    zone_id: str = ""
    name: str = ""
    short_before: int | None = None
    short: int | None = None
    turned_away_before: int | None = None
    turned_away: int | None = None
    excluded: int = 0
    held: Mapping[Holding, int] = field(default_factory=dict)

    @property
    def not_chosen(self) -> int:
        """Of the gap that stays those whom a candidate that was not chosen would reach."""
        return self.after.gap - self.beyond


@dataclass(frozen=True)
class SitingAnswer:
    """
    The answer to one question.

    Attributes
    ----------
    gains
        Whom each candidate would reach if it alone were built, a row for each.
    solution
        What the search found, with its bound. Its value is what a run with the sites counts, people
        of whom it is unknown today left out.
    counted_today
        Micro-persons whom the question counts today, as `CurvePoint.people`.
    area
        All people; `streets` those of each street (subdistrict) of the study, in its order.
    unmet
        The limits that cannot be kept.
    left_over
        Why fewer sites are proposed than were asked for; None if they are not.
    completes
        Micro-persons in a gap today who with the first site alone reach all required categories;
        None where the circle does not require its category, or requires no other.
    """

    question: Question
    gains: Gains
    solution: Solution
    sites: Sequence[NewSite]
    counted_today: int
    area: After
    streets: Sequence[After]
    unmet: Sequence[UnmetLimit]
    left_over: LeftOver | None = None
    completes: int | None = None

    @property
    def counted(self) -> tuple[Counted, int]:
        """What value and bound count, and how many of theirs are one of it."""
        return self.solution.counted, UNITS[self.solution.counted]

    @property
    def counts(self) -> Literal["covered", "second", "served"]:
        """Which people the curve counts."""
        settings = self.question.settings
        if settings.objective == "served":
            return "served"
        return "second" if settings.backup else "covered"

    @property
    def newly(self) -> int:
        """Micro-persons whom the sites newly reach, or with `backup` give a second site."""
        return sum(site.newly for site in self.sites)

    @property
    def settled(self) -> int:
        """Micro-persons on the curve's end whom the plan's value leaves out: unknown today."""
        if self.solution.counted in {"people", "served"}:
            return self.curve[-1].people - self.solution.value
        return 0

    @property
    def curve(self) -> list[CurvePoint]:
        """What the first 0, 1, 2 … sites give together, in the order of building."""
        stated = self.question.candidates.table[c.COST].to_numpy(dtype=object)
        costs = [stated[site.candidate] for site in self.sites]
        known = bool(costs) and all(one is not None for one in costs)
        saved = 0 if self.question.settings.objective == "minutes" else None
        cost = Fraction(0) if known else None
        points = [CurvePoint(self.counted_today, self.area.before.covered, saved, cost)]
        for site, own in zip(self.sites, costs, strict=True):
            people, covered, saved_ms, cost = points[-1]
            points.append(
                CurvePoint(
                    people + site.adds,
                    covered + site.covers,
                    None if saved_ms is None or site.saved_ms is None else saved_ms + site.saved_ms,
                    None if cost is None else cost + Fraction(own),
                )
            )
        return points

    @property
    def category(self) -> str:
        """Category of the new sites."""
        return self.question.settings.category


def answer(
    question: Question, walks: Walks, *, locate: Callable[[SitingProblem], Solution]
) -> SitingAnswer:
    """
    Answer a question of a study.

    Parameters
    ----------
    locate
        Solves the problem.

    Raises
    ------
    StudyError
        If the question cannot be asked; see `posing.pose`.
    """
    posed = pose(question, walks)
    taken = {str(one) for one in walks.inputs.sites.table[c.FACILITY_ID]}
    planned = new_sites(posed, locate(posed.problem), taken)
    streets = walks.inputs.area.streets
    zone = zone_numbers(walks.inputs, walks.homes, "street")
    of_street = np.concatenate([zone[one.home] for one in posed.people])
    out = staying_out(
        posed, [site.candidate for site in planned.sites], _near_excluded(question, posed, walks)
    )
    area = after_of(posed, planned, out)
    zones = [
        replace(after_of(posed, planned, out, of_street == k), zone_id=str(own), name=str(name))
        for k, (own, name) in enumerate(zip(streets[c.ZONE_ID], streets[c.NAME], strict=True))
    ]
    floor = planned.solution.floor
    if floor is not None:
        area, zones = _with_floor(area, zones, floor)
    return SitingAnswer(
        question,
        posed.gains,
        planned.solution,
        planned.sites,
        planned.counted_today,
        area,
        zones,
        unmet_limits(posed, planned.solution),
        left_over(posed.problem, planned.solution.chosen),
        _completes(planned.sites[0], posed, walks, question) if planned.sites else None,
    )


def _completes(first: NewSite, posed: Posed, walks: Walks, question: Question) -> int | None:
    """Count the people who lack nothing but the first site to reach all required categories."""
    required, own = walks.inputs.study.circle.require, question.settings.category
    others = [one for one in required if one != own]
    if own not in required or not others:
        return None
    problem = posed.problem
    candidates, j = problem.candidates, posed.first + first.candidate
    pairs_of = slice(candidates.offsets[j], candidates.offsets[j + 1])
    found = np.zeros(len(problem.homes), np.bool_)
    found[candidates.homes[pairs_of][candidates.time_ms[pairs_of] <= problem.cutoff_ms]] = True
    found &= np.concatenate([one.state for one in posed.people]) == State.GAP
    for other in others:
        people = people_of(walks, other, backup=False)
        found &= np.concatenate([one.state for one in people]) == State.COVERED
    return int(problem.homes.micro_persons[found].sum())


def _near_excluded(question: Question, posed: Posed, walks: Walks) -> Bools:
    """Select who is in the circle of a candidate that the question excludes."""
    found = np.zeros(len(posed.problem.homes), np.bool_)
    x_m, y_m = question.candidates.excluded_m.T
    if len(x_m):
        snaps = snaps_by_profile(x_m, y_m, posed.people, walks)
        found[pairs(posed.people, snaps, len(x_m)).people] = True
    return found


UNITS: Mapping[Counted, int] = {
    "people": c.MICRO,
    "served": c.MICRO,
    "minutes": c.MICRO * c.MS_PER_MIN,
    "sites": 1,
}
"""How many units of a solution's value are one of what it counts."""


def _with_floor(area: After, zones: Sequence[After], floor: Floor) -> tuple[After, list[After]]:
    """Add what subdistricts lack to the floor; those after the last home lack nothing."""
    today, then = floor.micro_short_today.tolist(), floor.micro_short.tolist()
    rest = [0] * (len(zones) - len(then))
    pairs = zip(zones, [*today, *rest], [*then, *rest], strict=True)
    found = [replace(one, short_before=a, short=b) for one, a, b in pairs]
    return replace(area, short_before=sum(today), short=sum(then)), found


def unmet_limits(posed: Posed, solution: Solution) -> list[UnmetLimit]:
    """Name the limits of a plan that cannot be kept, in the units in which a study states them."""
    units = {"min_persons": c.MICRO, "everybody": c.MICRO, "budget": posed.cost_unit}
    found = []
    for one in solution.unmet:
        unit = units.get(one.limit, 1)
        possible = None if one.possible is None else Fraction(one.possible) / unit
        found.append(UnmetLimit(one.limit, Fraction(one.asked) / unit, possible))
    return found


def after_of(posed: Posed, planned: Planned, out: StayingOut, chosen: Bools | None = None) -> After:
    """
    Count people before and after the proposed sites.

    Parameters
    ----------
    out
        Why people stay in the gap.
    chosen : bool, shape (people,)
        Who is counted; None counts all.
    """
    problem = posed.problem
    micro = problem.homes.micro_persons
    if chosen is not None:
        micro = np.where(chosen, micro, 0)
    state = np.concatenate([one.state for one in posed.people])
    then = np.where(planned.reached, State.COVERED, state).astype(np.int8)
    stays = then == State.GAP
    held = {
        one: int(micro[stays & out.near & (out.held == k)].sum()) for k, one in enumerate(HOLDING)
    }
    found = After(
        count_states(state, micro),
        count_states(then, micro),
        int(micro[stays & ~out.near].sum()),
        excluded=int(micro[stays & ~out.near & out.near_excluded].sum()),
        held={one: of for one, of in held.items() if of},
    )
    if planned.unserved is None:
        return found
    turned_away = [
        int(of[(now == State.COVERED) & (micro > 0)].sum())
        for of, now in zip(planned.unserved, (state, then), strict=True)
    ]
    return replace(found, turned_away_before=turned_away[0], turned_away=turned_away[1])
