"""What was asked for and cannot be had: the quotas that stand in the way, and the least of each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.planning.siting.problem import Limits, SitingProblem
from circle15.planning.siting.scoring import Scoring
from circle15.planning.siting.searching import Found, Plan, search, value_of
from circle15.planning.siting.solution import LimitName, Unmet
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.planning.siting.effort import Effort
    from circle15.planning.siting.programme import Aim


def unmet_target(scoring: Scoring, nearest: Plan, effort: Effort) -> list[Unmet]:
    """
    Say what `until_share` or `everybody` fails by.

    Parameters
    ----------
    nearest
        The plan that covers most within all limits.
    """
    share = scoring.problem.limits.until_share
    people = scoring.people(nearest)
    if share is not None:
        possible = Fraction(people, max(scoring.all_people, 1))
        aim = Unmet("until_share", share, possible)
    else:
        aim = Unmet("everybody", scoring.target, people)
    return [aim, *_loosened(scoring, scoring.target, effort)]


def unmet_floor(scoring: Scoring, plan: Plan, effort: Effort) -> list[Unmet]:
    """Say what `street_floor` fails by: the highest floor that can be met, and quotas."""
    share = scoring.problem.limits.street_floor
    if share is None or not scoring.short(plan).any():
        return []
    low, high = Fraction(0), share  # a floor of `low` can be met, one of `high` cannot
    while high - low > Fraction(1, 1000) and not effort.is_over:
        middle = (low + high) / 2
        other = _with_limits(scoring, replace(scoring.problem.limits, street_floor=middle))
        found = search(other, target=-1, effort=effort, aims=["short"])
        if found.plan is None or found.stop != "proven":
            break
        if found.values["short"]:
            high = middle
        else:
            low = max(middle, _lowest_share(other, found.plan, share))
    return [Unmet("street_floor", share, low), *_loosened(scoring, -1, effort)]


def _lowest_share(scoring: Scoring, plan: Plan, most: Fraction) -> Fraction:
    """Share covered in the subdistrict where it is lowest."""
    covered = scoring.by_subdistrict((scoring.need == 0) | scoring.won(plan))
    everybody = scoring.by_subdistrict(scoring.need > -2)
    shares = [
        Fraction(int(some), int(every))
        for some, every in zip(covered, everybody, strict=True)
        if every
    ]
    return min([most, *shares])


def _with_limits(scoring: Scoring, limits: Limits) -> Scoring:
    problem = scoring.problem
    return Scoring(
        SitingProblem(
            problem.homes,
            problem.candidates,
            problem.objective,
            limits,
            cutoff_ms=problem.cutoff_ms,
            horizon_ms=problem.horizon_ms,
            time_limit_s=problem.time_limit_s,
            seed=problem.seed,
        )
    )


def _loosened(scoring: Scoring, target: int, effort: Effort) -> Iterator[Unmet]:
    """Quotas each of which alone, if it were loosened, would let the target or the floor be met."""
    limits = scoring.problem.limits
    free: dict[LimitName, Limits] = {}
    if limits.add is not None:
        free["add"] = replace(limits, add=len(scoring.problem.candidates) or 1, phases=())
    if limits.budget is not None:
        free["budget"] = replace(limits, budget=scoring.cost(range(len(scoring.is_existing))))
    if limits.most_per is not None:
        free["most_per"] = replace(limits, most_per=len(scoring.problem.candidates) or 1)
    if limits.min_micro_persons:
        free["min_persons"] = replace(limits, min_micro_persons=0)
    for name, loose in free.items():
        other = _with_limits(scoring, loose)
        found = _first(other, target, effort, "cost" if name == "budget" else "sites")
        if found.plan is None or (other.floor is not None and other.short(found.plan).any()):
            continue
        asked = getattr(limits, "min_micro_persons" if name == "min_persons" else name)
        yield Unmet(name, asked, _least(scoring, name, found, target, effort))


def _first(scoring: Scoring, target: int, effort: Effort, aim: Aim) -> Found:
    """A plan that meets target and floor, with the least of an aim."""
    aims: list[Aim] = ["short", aim] if scoring.floor is not None else [aim]
    return search(scoring, target=target, effort=effort, aims=aims)


def _least(
    scoring: Scoring, name: LimitName, found: Found, target: int, effort: Effort
) -> int | None:
    """Nearest value of a quota with which it can be done; None where time did not suffice."""
    if found.plan is None or found.stop != "proven":
        return None
    if name in ("add", "budget"):
        return value_of(scoring, "cost" if name == "budget" else "sites", found.plan)
    limits = scoring.problem.limits
    if name == "most_per":
        low, high = limits.most_per or 0, len(found.plan)
    else:
        low, high = 0, limits.min_micro_persons // c.MICRO + 1
    while high - low > 1:  # most_per: low fails, high does; min_persons: the other way round
        middle = (low + high) // 2
        loose = (
            replace(limits, most_per=middle)
            if name == "most_per"
            else replace(limits, min_micro_persons=middle * c.MICRO)
        )
        other = _with_limits(scoring, loose)
        now = _first(other, target, effort, "sites")
        if now.stop != "proven":
            return None
        does = now.plan is not None and not (
            other.floor is not None and other.short(now.plan).any()
        )
        if does is (name == "most_per"):
            high = middle
        else:
            low = middle
    return high if name == "most_per" else low * c.MICRO
