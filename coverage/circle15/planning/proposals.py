"""What siting answers a study: the sites in order, whom each reaches, and who stays out and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, count
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from circle15.access.counting import Counts, count_states
from circle15.access.coverage_counts import zone_numbers
from circle15.access.states import State
from circle15.planning.posing import pose
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from circle15.access.walks import Walks
    from circle15.arrays import Bools, Ints
    from circle15.planning.posing import Posed, Question
    from circle15.planning.reach import Gains
    from circle15.planning.siting.problem import SitingProblem
    from circle15.planning.siting.solution import LimitName, Solution
    from circle15.study.settings.siting import Siting


@dataclass(frozen=True)
class NewSite:
    """
    A proposed site, in the order in which it should be built; people are micro-persons.

    Attributes
    ----------
    candidate
        Row of the candidates' table.
    facility_id
        Id under which it may stand in a list of facilities: its candidate's, unless a site of the
        study has it.
    phase
        From 1.
    reached
        People within its circle, covered by other sites or not.
    alone
        People whom it would newly reach if it alone were built.
    newly
        People whom it newly reaches beyond the sites before it.
    settled
        People of whom it was unknown, whom no site before it reaches: covered, not counted as won.
    covers
        People whom it covers and no site before it, those of whom it was unknown among them.
    served
        Where people are served within a capacity: how many more are with it; else 0.
    mean_ms
        Mean walking time of those whom it newly reaches; None where there are none.
    saved_ms
        Walking that it saves beyond the sites before it: micro-persons × milliseconds.
    """

    candidate: int
    facility_id: str
    phase: int
    reached: int
    alone: int
    newly: int
    settled: int
    covers: int
    served: int
    mean_ms: float | None
    saved_ms: int


class CurvePoint(NamedTuple):
    """
    What the first sites give together; the first point is today.

    Attributes
    ----------
    covered
        Micro-persons covered, settled ones among them.
    saved_ms
        Walking saved: micro-persons × milliseconds.
    cost
        Of these sites; None if there are none in the plan, or the cost of one is unknown.
    """

    covered: int
    saved_ms: int
    cost: Fraction | None


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
    zone_id, name
        Empty for the whole area.
    """

    before: Counts
    after: Counts
    beyond: int
    zone_id: str = ""
    name: str = ""

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
        What the search found, with its bound; numbers of candidates are rows of their table.
    area
        All people; `streets` those of each street (subdistrict) of the study, in its order.
    unmet
        The limits that cannot be kept.
    """

    question: Question
    gains: Gains
    solution: Solution
    sites: Sequence[NewSite]
    area: After
    streets: Sequence[After]
    unmet: Sequence[UnmetLimit]

    @property
    def counted(self) -> tuple[Counted, int]:
        """What value and bound count, and how many of theirs are one of it; see `counted_by`."""
        return counted_by(self.question.settings, self.solution)

    @property
    def curve(self) -> list[CurvePoint]:
        """What the first 0, 1, 2 … sites give together, in the order of building."""
        stated = self.question.candidates.table[c.COST].to_numpy(dtype=object)
        costs = [stated[site.candidate] for site in self.sites]
        known = bool(costs) and all(one is not None for one in costs)
        points = [CurvePoint(self.area.before.covered, 0, Fraction(0) if known else None)]
        for site, own in zip(self.sites, costs, strict=True):
            covered, saved_ms, cost = points[-1]
            more = None if cost is None else cost + Fraction(own)
            points.append(CurvePoint(covered + site.covers, saved_ms + site.saved_ms, more))
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
    solution = _without_unsure(locate(posed.problem), posed)
    taken = {str(one) for one in walks.inputs.sites.table[c.FACILITY_ID]}
    sites, reached = new_sites(posed, solution, taken)
    streets = walks.inputs.area.streets
    zone = zone_numbers(walks.inputs, walks.homes, "street")
    of_street = np.concatenate([zone[one.home] for one in posed.people])
    everywhere = np.ones(len(of_street), np.bool_)
    return SitingAnswer(
        question,
        posed.gains,
        solution,
        sites,
        _after(posed, reached, everywhere),
        [
            _after(posed, reached, of_street == k, str(zone_id), str(name))
            for k, (zone_id, name) in enumerate(
                zip(streets[c.ZONE_ID], streets[c.NAME], strict=True)
            )
        ],
        unmet_limits(posed, solution),
    )


def _without_unsure(solution: Solution, posed: Posed) -> Solution:
    """Leave out of value and bound whom only sites of unknown capacity serve."""
    if not posed.unsure:
        return solution
    value, bound = solution.value - posed.unsure, solution.bound - posed.unsure
    return replace(solution, value=value, bound=bound)


def new_sites(
    posed: Posed, solution: Solution, taken: Collection[str]
) -> tuple[list[NewSite], Bools]:
    """
    Count whom each site of a plan reaches, in their order.

    Parameters
    ----------
    taken
        Ids of the sites that there are.

    Returns
    -------
    The sites, and of all people which are in the circle of any of them.
    """
    problem = posed.problem
    homes, candidates = problem.homes, problem.candidates
    most = 2 if problem.limits.backup else 1
    sites = homes.sites_today.copy()
    reached = np.zeros(len(homes), np.bool_)
    nearest_ms = np.where(homes.nearest_ms < 0, problem.horizon_ms, homes.nearest_ms)
    names = frozenset(candidates.ids)
    found = []
    for one in solution.sites:
        pair = slice(candidates.offsets[one.candidate], candidates.offsets[one.candidate + 1])
        who, ms = candidates.homes[pair], candidates.time_ms[pair]
        inside = ms <= problem.cutoff_ms
        mine = who[inside]
        unknown = homes.is_unknown[mine]
        won = ~unknown & (sites[mine] == most - 1)
        micro = homes.micro_persons[mine]
        newly = int(micro[won].sum())
        settled = int(micro[unknown & ~reached[mine]].sum())
        known = ~homes.is_unknown[who]
        saved = np.maximum(nearest_ms[who] - ms, 0)[known]
        own, row = candidates.ids[one.candidate], one.candidate - posed.first
        found.append(
            NewSite(
                candidate=row,
                facility_id=_free_id(own, taken, names),
                phase=one.phase,
                reached=int(posed.gains.reached[row]),
                alone=int(posed.gains.newly[row]),
                newly=newly,
                settled=settled,
                covers=int(micro[(homes.sites_today[mine] == 0) & ~reached[mine]].sum()),
                served=one.micro_served,
                mean_ms=_mean(ms[inside][won], micro[won]),
                saved_ms=sum_of_products(homes.micro_persons[who][known], saved),
            )
        )
        sites[mine[~unknown]] += 1
        reached[mine] = True
        nearest_ms[who] = np.minimum(nearest_ms[who], ms)
    return found, reached


def _free_id(own: str, taken: Collection[str], candidates: Collection[str]) -> str:
    """Return the id of a candidate, or if a site has it one that no site or candidate has."""
    if own not in taken:
        return own
    tried = chain([f"{own}-new"], (f"{own}-new{k}" for k in count(2)))
    return next(one for one in tried if one not in taken and one not in candidates)


Counted = Literal["people", "served", "minutes", "sites"]


def counted_by(settings: Siting, solution: Solution) -> tuple[Counted, int]:
    """
    Name what the value and bound of a plan count, and how many of theirs are one of it.

    Where the fewest sites were sought for an aim that no plan reaches, they count people.
    """
    if settings.objective == "minutes":
        return "minutes", c.MICRO * 60_000
    fewest = settings.objective == "everybody" or settings.until_share is not None
    if fewest and solution.value == len(solution.sites):
        return "sites", 1
    return ("served" if settings.objective == "served" else "people"), c.MICRO


def unmet_limits(posed: Posed, solution: Solution) -> list[UnmetLimit]:
    """Name the limits of a plan that cannot be kept, in the units in which a study states them."""
    units = {"min_persons": c.MICRO, "everybody": c.MICRO, "budget": posed.cost_unit}
    found = []
    for one in solution.unmet:
        unit = units.get(one.limit, 1)
        possible = None if one.possible is None else Fraction(one.possible) / unit
        found.append(UnmetLimit(one.limit, Fraction(one.asked) / unit, possible))
    return found


def sum_of_products(micro: Ints, ms: Ints) -> int:
    """Sum micro-persons × milliseconds, which may be beyond 64 bits."""
    return sum(a * b for a, b in zip(micro.tolist(), ms.tolist(), strict=True))


def _mean(ms: Ints, micro: Ints) -> float | None:
    people = int(micro.sum())
    return sum_of_products(micro, ms) / people if people else None


def _after(posed: Posed, reached: Bools, chosen: Bools, zone_id: str = "", name: str = "") -> After:
    """Count the chosen people before and after."""
    problem = posed.problem
    micro = np.where(chosen, problem.homes.micro_persons, 0)
    state = np.concatenate([one.state for one in posed.people])
    then = np.where(reached, State.COVERED, state).astype(np.int8)
    candidates = problem.candidates
    possible = np.zeros(len(micro), np.bool_)
    possible[candidates.homes[candidates.time_ms <= problem.cutoff_ms]] = True
    beyond = int(micro[(then == State.GAP) & ~possible].sum())
    return After(count_states(state, micro), count_states(then, micro), beyond, zone_id, name)
