"""Why fewer sites are proposed than were asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from circle15.planning.siting.scoring import Scoring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.arrays import Bools, Ints
    from circle15.planning.siting.problem import SitingProblem

Reason = Literal["most_per", "budget", "min_persons", "nothing"]


@dataclass(frozen=True)
class LeftOver:
    """
    Candidates that are not proposed though more sites were asked for, by what shuts them out.

    Attributes
    ----------
    asked
        Number of sites asked for; None where a budget alone limits it.
    reasons
        Number of candidates by the first limit that each alone would break beside the plan, of
        most_per, budget and min_persons; `nothing`: it would add nothing (not for `served`).
    most
        Sites that `most_per` allows at most among the candidates; None without it.
    best
        For `min_persons`: the most micro-persons whom one of these would newly reach.
    """

    asked: int | None
    reasons: Mapping[Reason, int]
    most: int | None
    best: int


def left_over(problem: SitingProblem, plan: Sequence[int]) -> LeftOver | None:
    """
    Say what shuts out the other candidates; None if as many sites are proposed as were asked for.

    None also where the number of sites is what is sought, and where a plan has sites and only a
    budget limits their number.

    Parameters
    ----------
    plan
        Numbers of candidates.
    """
    limits, candidates = problem.limits, problem.candidates
    enough = 1 if limits.add is None else limits.add
    if problem.fewest or len(plan) >= enough:
        return None
    scoring = Scoring(problem)
    group = None if limits.most_per is None else candidates.group
    full, most = set[int](), None
    if group is not None and limits.most_per is not None:
        mine = Counter(group[list(plan)].tolist())
        full = {one for one, n in mine.items() if one >= 0 and n >= limits.most_per}
        most = sum(
            n if one < 0 else min(n, limits.most_per)
            for one, n in Counter(group[~scoring.is_existing].tolist()).items()
        )
    reasons: Counter[Reason] = Counter()
    cost, best = scoring.cost(plan), 0
    newly, adds = _newly(scoring, plan), _adds(scoring, plan)
    least = limits.min_micro_persons
    for one in np.flatnonzero(~scoring.is_existing).tolist():
        if one in plan:
            continue
        if adds is not None and not adds[one]:
            reasons["nothing"] += 1
        elif group is not None and int(group[one]) in full:
            reasons["most_per"] += 1
        elif limits.budget is not None and cost + scoring.cost([one]) > limits.budget:
            reasons["budget"] += 1
        elif newly[one] < least or not scoring.keeps_limits([*plan, one]):
            reasons["min_persons"] += 1
            best = max(best, int(newly[one]))
    order: tuple[Reason, ...] = ("most_per", "budget", "min_persons", "nothing")
    return LeftOver(limits.add, {key: reasons[key] for key in order if reasons[key]}, most, best)


def _newly(scoring: Scoring, plan: Sequence[int]) -> Ints:
    """Micro-persons whom each candidate wins beyond a plan: int64, shape (candidates,)."""
    waiting = (scoring.need > 0) & (scoring.counts(plan) == scoring.need - 1)
    persons = np.where(waiting, scoring.problem.homes.micro_persons, 0)
    newly = np.zeros(len(scoring.is_existing), np.int64)
    np.add.at(newly, scoring.circle_owner, persons[scoring.circle.homes])
    return newly


def _adds(scoring: Scoring, plan: Sequence[int]) -> Bools | None:
    """Whether each candidate makes a plan better; None for `served`, where it is not computed."""
    problem = scoring.problem
    if problem.objective == "served":
        return None
    if problem.objective != "minutes":
        return _newly(scoring, plan) > 0
    homes, candidates, nearest = problem.homes, problem.candidates, scoring.today_ms.copy()
    for one in plan:
        pair = slice(*candidates.offsets[one : one + 2].tolist())
        mine = candidates.homes[pair]
        nearest[mine] = np.minimum(nearest[mine], candidates.time_ms[pair])
    counts = ~homes.is_unknown & (homes.micro_persons > 0)
    saves = (candidates.time_ms < nearest[candidates.homes]) & counts[candidates.homes]
    found = np.zeros(len(candidates), np.bool_)
    found[scoring.owner[saves]] = True
    return found
