"""The integer programme of a siting problem: variables, rows, and each aim as a row of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from circle15.planning.siting.scoring import runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.arrays import Bools, Floats, Ints
    from circle15.planning.siting.scoring import Scoring

Aim = Literal["short", "people", "minutes", "served", "sites", "cost"]
_LARGEST: Final = 1_000_000
"""Sums in the programme stay below this: its rows hold to a millionth."""
MOST_PAIRS: Final = 4_000_000
"""Larger programmes are not built: nothing would come of them within any limit."""


@dataclass
class Programme:
    """
    Rows `lower ≤ row · x ≤ upper` over variables between 0 and their own upper bound.

    Attributes
    ----------
    site : int64, shape (candidates,)
        Variable of each candidate; −1 for those that are left out.
    micro
        Micro-persons that are 1 in the programme: a person, or more where people are many.
    aims
        What is to be made small: coefficients by variable, and what is added to their sum.
    unit
        Whole units of an aim (micro-persons, say) in one unit of the programme.
    """

    site: Ints
    micro: int
    top: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    aims: dict[Aim, tuple[Floats, float]] = field(default_factory=dict)
    unit: dict[Aim, int] = field(default_factory=dict)

    @property
    def has_choice(self) -> bool:
        """Whether any variable is whole; without one, it is a linear programme."""
        return any(self.whole)

    def variable(self, top: float = 1.0, *, whole: bool = False) -> int:
        """Add a variable from 0 to `top`."""
        self.top.append(top)
        self.whole.append(whole)
        return len(self.top) - 1

    def row(
        self,
        columns: Sequence[int] | Ints,
        values: Iterable[float] | Floats,
        lower: float = -np.inf,
        upper: float = np.inf,
    ) -> None:
        """Add a row."""
        self.columns.append(np.asarray(columns, np.int64))
        self.values.append(np.asarray(values, np.float64))
        self.lower.append(lower)
        self.upper.append(upper)

    def aim(
        self, name: Aim, columns: Sequence[int] | Ints, values: Floats, added: float, unit: int
    ) -> None:
        """Add something that can be made small."""
        row = np.zeros(len(self.top))
        np.add.at(row, np.asarray(columns, np.int64), values)
        self.aims[name] = row, added
        self.unit[name] = unit


def build(scoring: Scoring, active: Bools, aims: Sequence[Aim], *, target: int) -> Programme | None:
    """
    Write a siting problem as an integer programme.

    Parameters
    ----------
    active : bool, shape (candidates,)
        Candidates that a plan may have; existing sites are in it anyway.
    aims
        Those that will be asked for.
    target
        Micro-persons that must be covered at least; −1 for none.

    Returns
    -------
    None where it would be larger than anything that can be solved.
    """
    problem = scoring.problem
    if len(problem.candidates.homes) > MOST_PAIRS:
        return None
    programme = Programme(
        np.full(len(problem.candidates), -1, np.int64), _unit(scoring.all_people, 10**6)
    )
    for j in np.flatnonzero(active & ~scoring.is_existing):
        programme.site[j] = programme.variable(whole=True)
    _quotas(programme, scoring)
    wanted = {"people", "short"} & set(aims) or target >= 0 or problem.limits.min_micro_persons
    if wanted and not _covering(programme, scoring, target):
        return None
    if "minutes" in aims and not _minutes(programme, scoring):
        return None
    if "served" in aims:
        _served(programme, scoring)
    sites = programme.site[programme.site >= 0]
    programme.aim("sites", sites, np.ones(len(sites)), 0.0, 1)
    if problem.candidates.cost is not None:
        cost = problem.candidates.cost[programme.site >= 0].astype(np.float64)
        unit = _unit(int(cost.sum()), 1)
        programme.aim("cost", sites, cost / unit, 0.0, unit)
    for name, (row, added) in programme.aims.items():  # variables came after some aims
        programme.aims[name] = np.pad(row, (0, len(programme.top) - len(row))), added
    return programme


def _unit(total: int, least: int) -> int:
    """A power of ten, of which the total is not too many."""
    while total > least * _LARGEST:
        least *= 10
    return least


def _quotas(programme: Programme, scoring: Scoring) -> None:
    limits, candidates = scoring.problem.limits, scoring.problem.candidates
    there = np.flatnonzero(programme.site >= 0)
    sites = programme.site[there]
    if limits.add is not None:
        programme.row(sites, np.ones(len(sites)), upper=limits.add)
    if limits.budget is not None and candidates.cost is not None:
        scale = max(limits.budget, 1) / 1000
        cost = candidates.cost[there] / scale
        programme.row(sites, cost, upper=limits.budget / scale)
    if limits.most_per is not None and candidates.group is not None:
        group = candidates.group[there]
        for one in np.unique(group[group >= 0]):
            some = sites[group == one]
            if len(some) > limits.most_per:
                programme.row(some, np.ones(len(some)), upper=limits.most_per)


def _by_home(scoring: Scoring, programme: Programme) -> tuple[Ints, Ints]:
    """Pairs within the circle of candidates that are there: offsets by home, site variables."""
    circle = scoring.circle
    owner = scoring.circle_owner
    there = programme.site[owner] >= 0
    homes, sites = circle.homes[there], programme.site[owner[there]]
    order = np.argsort(homes, kind="stable")
    counts = np.bincount(homes, minlength=len(scoring.need))
    return np.concatenate([[0], np.cumsum(counts)]), sites[order]


def _covering(programme: Programme, scoring: Scoring, target: int) -> bool:
    """Homes with one set of candidates are one: won where enough of them are chosen."""
    homes, limits = scoring.problem.homes, scoring.problem.limits
    offsets, sites = _by_home(scoring, programme)
    merged: dict[tuple[bytes, int, int], int] = {}
    least = limits.min_micro_persons
    for home in np.flatnonzero((scoring.need > 0) & (homes.micro_persons > 0)).tolist():
        reach = sites[offsets[home] : offsets[home + 1]]
        if len(reach) < scoring.need[home]:
            continue
        where = int(homes.subdistrict[home]) if scoring.floor is not None else -1
        key = reach.tobytes(), int(scoring.need[home]), where
        merged[key] = merged.get(key, 0) + int(homes.micro_persons[home])
    if sum(len(key[0]) // 8 for key in merged) > MOST_PAIRS:
        return False
    won, persons, place = [], [], []
    exclusive: dict[int, list[tuple[int, float]]] = {}
    for (raw, need, where), micro in merged.items():
        reach = np.frombuffer(raw, np.int64)
        z = programme.variable(whole=need > 1)
        programme.row([*reach, z], [*np.ones(len(reach)), -float(need)], lower=0)
        won.append(z)
        persons.append(micro / programme.micro)
        place.append(where)
        if least:
            hangs = programme.variable(whole=True)
            more = len(reach) - need
            programme.row([z, hangs], [1, -1], lower=0)
            if more:
                programme.row([*reach, hangs], [*np.ones(len(reach)), more], upper=need + more)
            for site in reach.tolist():
                exclusive.setdefault(site, []).append((hangs, micro / programme.micro))
    for site in programme.site[programme.site >= 0].tolist() if least else ():
        some = exclusive.get(site, [])
        programme.row(
            [*(one for one, _ in some), site],
            [*(each for _, each in some), -least / programme.micro],
            lower=0,
        )
    weights = np.array(persons)
    if target >= 0:
        needed = (target - scoring.people_today) / programme.micro
        programme.row(won, weights, lower=needed - 0.4 / programme.micro)
    programme.aim("people", won, -weights, -scoring.people_today / programme.micro, programme.micro)
    if scoring.floor is not None:
        _floors(programme, scoring, np.array(won, np.int64), weights, np.array(place, np.int64))
    return True


def _floors(
    programme: Programme, scoring: Scoring, won: Ints, persons: Floats, place: Ints
) -> None:
    """What a subdistrict lacks to its floor is at least the floor less those covered."""
    short_today = scoring.short(())
    lacking = []
    for where in np.flatnonzero(short_today):
        lack = float(short_today[where]) / programme.micro
        lacking.append(programme.variable(lack))
        some = place == where
        programme.row([*won[some], lacking[-1]], [*persons[some], 1.0], lower=lack)
    programme.aim("short", lacking, np.ones(len(lacking)), 0.0, programme.micro)


def _minutes(programme: Programme, scoring: Scoring) -> bool:
    """
    Write walking times by radius: a home saves a step of time where a site lies within it.

    Each step is a home of its own, and steps with one set of candidates are one (García, Labbé and
    Marín 2011).
    """
    homes, candidates = scoring.problem.homes, scoring.problem.candidates
    known = ~homes.is_unknown & (homes.micro_persons > 0)
    saves = known[candidates.homes] & (candidates.time_ms < scoring.today_ms[candidates.homes])
    saves &= programme.site[scoring.owner] >= 0
    home, ms = candidates.homes[saves], candidates.time_ms[saves]
    site = programme.site[scoring.owner[saves]]
    order = np.lexsort((site, ms, home))
    home, ms, site = home[order], ms[order], site[order]
    merged: dict[bytes, int] = {}
    pairs = 0
    for first, last in runs_of(home):
        times, reach = ms[first:last], site[first:last]
        ends = np.append(np.flatnonzero(np.diff(times)) + 1, len(times))
        steps = np.diff(np.append(times[ends - 1], scoring.today_ms[home[first]]))
        for end, step in zip(ends.tolist(), steps.tolist(), strict=True):
            key = np.sort(reach[:end]).tobytes()
            if key not in merged:
                pairs += end
            merged[key] = merged.get(key, 0) + int(homes.micro_persons[home[first]]) * step
        if pairs > MOST_PAIRS:
            return False
    saved = []
    for raw in merged:
        reach = np.frombuffer(raw, np.int64)
        z = programme.variable()
        programme.row([*reach, z], [*np.ones(len(reach)), -1.0], lower=0)
        saved.append(z)
    today = scoring.person_ms(())
    unit = _unit(today, 1)
    worth = np.array([one / unit for one in merged.values()])
    programme.aim("minutes", saved, -worth, today / unit, unit)
    return True


def _served(programme: Programme, scoring: Scoring) -> None:
    """People flow from homes, merged by the candidates that they reach, to sites with room."""
    problem, circle = scoring.problem, scoring.circle
    capacity = problem.candidates.capacity
    if capacity is None:
        return
    order = np.lexsort((scoring.circle_owner, circle.homes))
    homes, owner = circle.homes[order], scoring.circle_owner[order]
    there = (programme.site[owner] >= 0) | scoring.is_existing[owner]
    homes, owner = homes[there], owner[there]
    merged: dict[bytes, int] = {}
    for first, last in runs_of(homes):
        micro = int(problem.homes.micro_persons[homes[first]])
        if micro and not problem.homes.is_unknown[homes[first]]:
            key = owner[first:last].tobytes()
            merged[key] = merged.get(key, 0) + micro
    flows: dict[int, list[int]] = {}
    for raw, micro in merged.items():
        some = []
        for j in np.frombuffer(raw, np.int64).tolist():
            most = min(micro, int(capacity[j])) / programme.micro
            x = programme.variable(most)
            some.append(x)
            flows.setdefault(j, []).append(x)
            if not scoring.is_existing[j]:
                programme.row([x, programme.site[j]], [1, -most], upper=0)
        programme.row(some, np.ones(len(some)), upper=micro / programme.micro)
    for j, some in flows.items():
        room = float(capacity[j]) / programme.micro
        if scoring.is_existing[j]:
            programme.row(some, np.ones(len(some)), upper=room)
        else:
            programme.row([*some, int(programme.site[j])], [*np.ones(len(some)), -room], upper=0)
    every = [x for some in flows.values() for x in some]
    programme.aim("served", every, -np.ones(len(every)), 0.0, programme.micro)
