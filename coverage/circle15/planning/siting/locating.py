"""Where the next sites should go."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from circle15.planning.siting.effort import Effort
from circle15.planning.siting.ordering import in_phases
from circle15.planning.siting.scoring import Scoring
from circle15.planning.siting.searching import Found, aims_of, search, value_of
from circle15.planning.siting.solution import Floor, ProposedSite, Solution
from circle15.planning.siting.starting import compile_swaps
from circle15.planning.siting.unmet import unmet_floor, unmet_target

if TYPE_CHECKING:
    from circle15.planning.siting.problem import SitingProblem
    from circle15.planning.siting.programme import Aim
    from circle15.planning.siting.solution import Counted, Unmet


def locate(problem: SitingProblem) -> Solution:
    """
    Propose sites: a good plan, a bound that no plan exceeds, and the best plan if time allows.

    Homes that the same candidates reach are one. First a plan by greedy choice and perturbed
    swaps, then the bound of the Lagrangean relaxation, then branch and bound for as much work as
    `time_limit_s` allows. Of plans that are equally good the one with fewer sites is taken (with a
    budget, the cheaper one before), then the cheaper one, then the one whose ids come first.
    """
    compile_swaps()
    began = time.monotonic()
    effort = Effort(problem.time_limit_s)
    scoring = Scoring(problem)
    target = scoring.target
    found = search(scoring, target=target, effort=effort)
    unmet: list[Unmet] = []
    if target >= 0 and found.plan is None:
        is_impossible = found.is_impossible
        target = -1
        found = search(scoring, target=target, effort=effort)
        if is_impossible and found.plan is not None:
            unmet = unmet_target(scoring, found.plan, effort)
    plan = found.plan or ()
    if found.bounds.get("short"):
        unmet += unmet_floor(scoring, plan, effort)
    ordered_by: Aim = "people"
    if problem.objective in ("minutes", "served"):
        ordered_by = "minutes" if problem.objective == "minutes" else "served"
    phases = in_phases(
        plan, problem.limits.phases, lambda sites: value_of(scoring, ordered_by, sites)
    )
    order = [site for phase in phases for site in phase]
    counted, value, bound = _main(scoring, target, found)
    return Solution(
        sites=tuple(
            ProposedSite(one, problem.candidates.ids[one], number)
            for number, phase in enumerate(phases, 1)
            for one in phase
        ),
        counted=counted,
        value=value,
        bound=bound,
        is_proven=value == bound,
        stop="clock" if effort.is_late else found.stop,
        seconds=time.monotonic() - began,
        floor=Floor(scoring.short(()), scoring.short(order)) if scoring.floor is not None else None,
        unmet=tuple(unmet),
    )


def _main(scoring: Scoring, target: int, found: Found) -> tuple[Counted, int, int]:
    """What the objective counts, its value and its bound."""
    aim: Aim = next(one for one in aims_of(scoring, target) if one != "short")
    value = found.values[aim]
    nothing = {"sites": 0, "minutes": 0, "people": -scoring.people_today - scoring.winnable}
    bound = found.bounds.get(aim, nothing.get(aim, -scoring.all_people))
    if aim == "people":
        return "people", -value, -bound
    if aim == "served":
        return "served", -value, -bound
    return ("minutes" if aim == "minutes" else "sites"), value, bound
