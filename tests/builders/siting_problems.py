"""Siting problems made from a table of times."""

from __future__ import annotations

import numpy as np

from circle15.planning.plan_counts import new_sites
from circle15.planning.posing import Posed
from circle15.planning.reach import Gains
from circle15.planning.siting.problem import Candidates, Homes, Limits, SitingProblem

NEVER = -1


def siting_problem(
    times_ms,
    persons,
    *,
    objective="people",
    cutoff_ms=900_000,
    sites_today=None,
    nearest_ms=None,
    unknown=(),
    subdistrict=None,
    cost=None,
    group=None,
    capacity=None,
    existing=None,
    ids=None,
    time_limit_s=60.0,
    seed=1,
    **limits,
):
    """A row of `times_ms` is a candidate, a column a home, NEVER a pair out of reach."""
    times = np.asarray(times_ms, np.int64).reshape(len(times_ms), len(persons))
    m, n = times.shape
    met = times != NEVER
    homes = Homes(
        micro_persons=np.asarray([round(one * 1_000_000) for one in persons], np.int64),
        sites_today=_ints(sites_today, n, 0),
        nearest_ms=_ints(nearest_ms, n, -1),
        is_unknown=np.isin(np.arange(n), unknown),
        subdistrict=_ints(subdistrict, n, -1),
    )
    candidates = Candidates(
        ids=tuple(ids or (f"c{j:03}" for j in range(m))),
        offsets=np.concatenate([[0], np.cumsum(met.sum(axis=1))]).astype(np.int64),
        homes=np.nonzero(met)[1].astype(np.int64),
        time_ms=times[met],
        cost=None if cost is None else np.asarray(cost, np.int64),
        group=None if group is None else np.asarray(group, np.int64),
        capacity=None if capacity is None else np.asarray(capacity, np.int64) * 1_000_000,
        is_existing=None if existing is None else np.asarray(existing, np.bool_),
    )
    return SitingProblem(
        homes,
        candidates,
        objective,
        Limits(**limits),
        cutoff_ms=cutoff_ms,
        time_limit_s=time_limit_s,
        seed=seed,
    )


def _ints(values, size, default):
    return np.full(size, default, np.int64) if values is None else np.asarray(values, np.int64)


def planned(problem, solution):
    """What the sites of a solution reach and add, as a study counts them."""
    homes, candidates = problem.homes, problem.candidates
    owner = np.repeat(np.arange(len(candidates)), np.diff(candidates.offsets))
    inside = candidates.time_ms <= problem.cutoff_ms
    reached = np.zeros(len(candidates), np.int64)
    np.add.at(reached, owner[inside], homes.micro_persons[candidates.homes[inside]])
    nothing = np.zeros_like(reached)
    return new_sites(Posed(problem, [], Gains(reached, nothing, nothing)), solution, ())


def curve(problem, solution):
    """Micro-persons counted with the first 0, 1, 2 … sites."""
    found = planned(problem, solution)
    return np.cumsum([found.counted_today, *(site.adds for site in found.sites)]).tolist()
