"""Why people stay in the gap beside new sites: no candidate is near, or a limit keeps it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from circle15.arrays import Bools, Ints
    from circle15.planning.posing import Posed
    from circle15.planning.siting.problem import SitingProblem

    Codes = npt.NDArray[np.int8]

Holding = Literal["until_share", "other", "add", "budget", "most_per", "min_persons", "several"]
"""
What keeps a candidate out of a plan: a limit of the question, more than one of them at once
(`several`), the share that is reached without it (`until_share`), or none of these (`other`): the
plan is not proven to be the best, or what is sought is not that people are covered.
"""

HOLDING: Final[Sequence[Holding]] = get_args(Holding)
"""In this order: of the candidates near a person the one that is kept out by the first counts."""

_PLACE: Final[dict[str, int]] = {one: place for place, one in enumerate(HOLDING)}


@dataclass(frozen=True, eq=False)
class StayingOut:
    """
    Which candidates each person could reach, and what kept them out of the plan.

    Attributes
    ----------
    near : bool, shape (people,)
        In the circle of a candidate.
    near_excluded : bool, shape (people,)
        In the circle of a candidate that the question excludes by what it asks of candidates.
    held : int8, shape (people,)
        Place in `HOLDING` of what keeps out the candidates near; past its end where none is near.
    """

    near: Bools
    near_excluded: Bools
    held: Codes


def staying_out(
    posed: Posed, proposed: Sequence[int], near_excluded: Bools | None = None
) -> StayingOut:
    """
    Find what keeps the candidates near each person out of a plan.

    Parameters
    ----------
    proposed
        Rows of the candidates' table that the plan has.
    near_excluded : bool, shape (people,)
        Who is in the circle of a candidate that the question excludes; None for no one.
    """
    problem = posed.problem
    candidates, n = problem.candidates, len(problem.homes)
    chosen = np.zeros(len(candidates), np.bool_)
    chosen[[posed.first + row for row in proposed]] = True
    owner = np.repeat(np.arange(len(candidates)), np.diff(candidates.offsets))
    within = (candidates.time_ms <= problem.cutoff_ms) & (owner >= posed.first)
    owner, home = owner[within], candidates.homes[within]
    near = np.zeros(n, np.bool_)
    near[home] = True
    code = _kept_out_by(problem, chosen, owner, home)
    held = np.full(n, len(HOLDING), np.int8)
    free = ~chosen[owner]
    np.minimum.at(held, home[free], code[owner[free]])
    excluded = np.zeros(n, np.bool_) if near_excluded is None else near_excluded
    return StayingOut(near, excluded, held)


def _kept_out_by(problem: SitingProblem, chosen: Bools, owner: Ints, home: Ints) -> Codes:
    """Place in `HOLDING` of what keeps each candidate out of the plan."""
    limits, candidates = problem.limits, problem.candidates
    no = np.zeros(len(chosen), np.bool_)
    broken = {"add": no, "budget": no, "most_per": no, "min_persons": no}
    existing = no if candidates.is_existing is None else candidates.is_existing
    new = chosen & ~existing
    if limits.add is not None:
        broken["add"] = np.full(len(chosen), int(new.sum()) >= limits.add)
    if limits.budget is not None and candidates.cost is not None:
        broken["budget"] = candidates.cost > limits.budget - int(candidates.cost[new].sum())
    if limits.most_per is not None and candidates.group is not None:
        grouped = candidates.group >= 0
        built = np.bincount(candidates.group[new & grouped], minlength=len(chosen) + 1)
        broken["most_per"] = grouped & (built[candidates.group] >= limits.most_per)
    if limits.min_micro_persons:
        adds = _would_add(problem, chosen, owner, home)
        broken["min_persons"] = adds < limits.min_micro_persons
    found = np.full(len(chosen), HOLDING.index("other"), np.int8)
    if limits.until_share is not None:
        found[:] = HOLDING.index("until_share")
    for limit, held in broken.items():
        found[held] = _PLACE[limit]
    found[np.sum(list(broken.values()), axis=0) > 1] = HOLDING.index("several")
    return found


def _would_add(problem: SitingProblem, chosen: Bools, owner: Ints, home: Ints) -> Ints:
    """Micro-persons whom each candidate would newly reach beside the plan."""
    homes = problem.homes
    sites = homes.sites_today.copy()
    built = chosen[owner]
    np.add.at(sites, home[built], 1)
    wanted = (sites == (1 if problem.limits.backup else 0)) & ~homes.is_unknown
    won = np.where(wanted, homes.micro_persons, 0)
    found = np.zeros(len(chosen), np.int64)
    np.add.at(found, owner, won[home])
    return found
