"""A question of a study as a problem of arrays, and the limits of the study in its units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle15.access.assignment.classes import room_of
from circle15.access.assignment.pairs import places_of
from circle15.access.coverage_counts import zone_numbers
from circle15.access.states import State
from circle15.errors import InputDataError, StudyError
from circle15.network.snapping import snap_to_network
from circle15.planning.people import all_micro, people_of
from circle15.planning.reach import gains, pairs, pairs_of_today
from circle15.planning.shared_room import Room, beside_today
from circle15.planning.siting.problem import Candidates, Homes, Limits, SitingProblem
from circle15.study.settings.records import HORIZON_MIN
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from circle15.access.walks import Walks
    from circle15.arrays import Floats, Ints
    from circle15.network.snapping import Snaps
    from circle15.planning.candidates import Candidates as CandidateSites
    from circle15.planning.people import Walking
    from circle15.planning.reach import Gains
    from circle15.study.settings.siting import Siting


@dataclass(frozen=True)
class Question:
    """
    A table `[siting.NAME]` of a study with its candidates.

    `study` and `key` say where it stands, for messages.
    """

    name: str
    settings: Siting
    candidates: CandidateSites
    study: object = None

    @property
    def key(self) -> str:
        """Key of the table in the study."""
        return f"siting.{self.name}"


@dataclass(frozen=True)
class Posed:
    """
    A question as arrays.

    Attributes
    ----------
    people
        The people, by how they walk; the homes of `problem` are these, one behind the other.
    gains
        Whom each candidate would reach if it alone were built.
    first
        Number in the problem of the first candidate: before it stand the sites of today where they
        serve people too.
    cost_unit
        How many units of the problem's costs are one of the candidates' table.
    room
        Whom candidates and sites of today can serve, where the objective is `served`.
    """

    problem: SitingProblem
    people: Sequence[Walking]
    gains: Gains
    first: int = 0
    cost_unit: int = 1
    room: Room | None = None


def require_candidates(question: Question) -> None:
    """
    Refuse a question that has fewer candidates than it asks for.

    Raises
    ------
    StudyError
        If there is none, or fewer than `add` or `phases` say.
    """
    settings, candidates = question.settings, question.candidates
    why = ", ".join(
        f"{count:,} {_WHY[code]}" for code, count in sorted(candidates.left_out.items())
    )
    more = f" ({why})" if why else ""
    if not len(candidates):
        raise StudyError(
            f"has no candidate that can be used{more}.",
            file=question.study,
            column=question.key,
            mend=_mend(candidates.left_out),
        )
    if settings.sites is not None and settings.sites > len(candidates):
        key = "phases" if settings.phases else "add"
        given = f"{len(candidates):,} candidate{'' if len(candidates) == 1 else 's'}"
        found = f"asks for {settings.sites:,} sites, and has {given}"
        raise StudyError(
            f"{found}{more}.",
            file=question.study,
            column=f"{question.key}.{key}",
            mend="Ask for fewer, or give more candidates.",
        )


def _mend(left_out: Mapping[str, int]) -> str:
    """Return what helps against the reason for which most candidates are left out."""
    most = max(sorted(left_out), key=lambda code: left_out[code], default="")
    if most == "CANDIDATE_NO_CAPACITY":
        return "Give the candidates the column that [capacity] names for the category, filled in."
    if most == "CANDIDATE_NO_COST":
        return "Give the candidates a column cost, filled in, or leave out budget."
    return "Give candidates in the area, near streets, or a smaller spacing_m."


_WHY = {
    "ROWS_LEFT_OUT": "that 'where' excludes",
    "NO_POSITION": "without a position",
    "CANDIDATE_OUTSIDE": "outside the area",
    "CANDIDATE_FORBIDDEN": "where no site may stand",
    "CANDIDATE_TOO_FAR": "too far from any street",
    "CANDIDATE_ACCESS_BARRIER": "behind a barrier",
    "CANDIDATE_NO_COST": "without a cost",
    "CANDIDATE_NO_CAPACITY": "without a capacity",
    "CANDIDATE_REPEATED": "listed twice",
    "CANDIDATE_IS_SITE": "already a site",
}


def pose(question: Question, walks: Walks) -> Posed:
    """
    Make the problem of a question: people, candidates, times, limits.

    The question has enough candidates; see `require_candidates`.

    Raises
    ------
    StudyError
        If the question asks for what its candidates do not state.
    """
    settings = question.settings
    people = people_of(walks, settings.category, backup=settings.backup)
    found = question.candidates
    x_m, y_m = (found.table[key].to_numpy(np.float64) for key in (c.X_M, c.Y_M))
    snaps = snaps_by_profile(x_m, y_m, people, walks, found.snaps)
    street = zone_numbers(walks.inputs, walks.homes, "street")
    try:
        room = _room(question, walks, people) if settings.objective == "served" else None
        return posed(settings, question.candidates.table, people, snaps, street=street, room=room)
    except InputDataError as error:
        raise StudyError(
            error.found, file=question.study, column=question.key, mend=error.mend
        ) from None


def posed(
    settings: Siting,
    table: pd.DataFrame,
    people: Sequence[Walking],
    snaps: Mapping[str, Snaps],
    *,
    street: Ints,
    room: Room | None = None,
) -> Posed:
    """
    Make a problem of people and candidates.

    Parameters
    ----------
    table
        Candidates, ordered by `candidate_id` as text.
    snaps
        Where they join the streets of each profile.
    street
        Number of the street (subdistrict) of each home; -1 in none.
    room
        Whom candidates and sites of today can serve, where the objective is `served`.

    Raises
    ------
    InputDataError
        If the limits ask for what the candidates do not state.
    """
    judge = people[0].judge
    horizon_ms = judge.horizon_ms if judge.round_trip else HORIZON_MIN * c.MS_PER_MIN
    minutes = settings.objective == "minutes"
    found = pairs(
        people,
        snaps,
        len(table),
        horizon_ms=horizon_ms if minutes else None,
        backup=settings.backup,
        everyone=room is not None,
    )
    cost, budget, unit = _costs(table, settings)
    candidates = Candidates(
        ids=tuple(table[c.CANDIDATE_ID]),
        offsets=found.offsets,
        homes=found.people,
        time_ms=found.time_ms,
        cost=cost,
        group=_groups(table, settings),
    )
    if room is not None:
        candidates = beside_today(candidates, room, all_micro(people))
    problem = SitingProblem(
        homes=_homes(people, street),
        candidates=candidates,
        objective=settings.objective,
        limits=_limits(settings, budget),
        cutoff_ms=people[0].limit_ms,
        horizon_ms=horizon_ms,
        time_limit_s=float(settings.time_limit_s),
    )
    reach = gains(people, snaps, len(table), backup=settings.backup)
    return Posed(problem, people, reach, len(candidates) - len(table), unit, room)


def _room(question: Question, walks: Walks, people: Sequence[Walking]) -> Room:
    """Find whom candidates and sites of today can serve, by what the study says of a category."""
    category = question.settings.category
    asked = walks.inputs.study.capacity[category]
    assert asked.per_person is not None  # or the study would have been refused
    judge = people[0].judge
    rows = judge.sites.rows(category, sure=False)
    table = walks.inputs.sites.table.iloc[rows]
    stated = [
        None if doubtful else amount
        for amount, doubtful in zip(table[asked.field], table[c.POSITION_UNSURE], strict=True)
    ]
    place = places_of(walks.homes.ids)
    return Room(
        room_of(list(question.candidates.table[asked.field]), asked.per_person),
        room_of(stated, asked.per_person),
        np.array([one is None for one in stated], np.bool_),
        [str(one) for one in table[c.FACILITY_ID]],
        pairs_of_today(people, rows),
        asked.assign,
        np.concatenate([place[one.home] for one in people]),
    )


def snaps_by_profile(
    x_m: Floats, y_m: Floats, people: Sequence[Walking], walks: Walks, own: Snaps | None = None
) -> Mapping[str, Snaps]:
    """
    Find where points join the streets of each profile.

    Parameters
    ----------
    x_m, y_m
        Points, study CRS.
    own
        Where they join the streets of the study's profile, if that is known.
    """
    study = walks.inputs.study
    found = {} if own is None else {study.walk.profile: own}
    for one in people:
        if one.profile not in found:
            network = walks.inputs.streets(one.profile).network
            limit_m = float(study.walk.max_snap_m)
            found[one.profile] = snap_to_network(x_m, y_m, network, max_snap_m=limit_m)
    return found


def _homes(people: Sequence[Walking], street: Ints) -> Homes:
    def every(of: Callable[[Walking], Any]) -> Any:
        return np.concatenate([of(one) for one in people])

    return Homes(
        micro_persons=every(lambda one: one.micro).astype(np.int64),
        sites_today=np.minimum(every(lambda one: one.sites), 2).astype(np.int64),
        nearest_ms=every(lambda one: one.nearest_ms).astype(np.int64),
        is_unknown=every(lambda one: one.state == State.UNKNOWN),
        subdistrict=every(lambda one: street[one.home]).astype(np.int64),
    )


def _costs(table: pd.DataFrame, settings: Siting) -> tuple[Ints | None, int | None, int]:
    """Costs and budget as whole numbers of a unit, and how many of it are one of the table."""
    costs = list(table[c.COST])
    if any(cost is None for cost in costs):
        return None, None, 1
    amounts = [*costs, *([] if settings.budget is None else [settings.budget])]
    places = max((-int(Decimal(one).normalize().as_tuple().exponent) for one in amounts), default=0)
    unit = 10 ** max(places, 0)
    whole = np.array([int(cost * unit) for cost in costs], np.int64)
    return whole, None if settings.budget is None else int(settings.budget * unit), unit


def _groups(table: pd.DataFrame, settings: Siting) -> Ints | None:
    """Number of the zone of each candidate, by which `most_per` counts; -1 in none."""
    if settings.most_per is None:
        return None
    column = c.STREET_ID if settings.most_per.level == "street" else c.COMMUNITY_ID
    return pd.factorize(table[column])[0].astype(np.int64)


def _limits(settings: Siting, budget: int | None) -> Limits:
    return Limits(
        add=settings.sites,
        budget=budget,
        until_share=None if settings.until_share is None else Fraction(settings.until_share),
        min_micro_persons=int((settings.min_persons or 0) * c.MICRO),
        most_per=None if settings.most_per is None else settings.most_per.n,
        street_floor=None if settings.street_floor is None else Fraction(settings.street_floor),
        backup=settings.backup,
        phases=tuple(settings.phases),
    )
