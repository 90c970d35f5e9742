"""What a page needs to judge sites that are tried on it as a run judges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.network.joining_across import rank_of_pieces
from circle15.study.settings.records import speed_ratio
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from circle15.access.judging import Goals, Judge, LimitsAround
    from circle15.access.walks import Walks
    from circle15.arrays import Bools, Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.engine.graph import Positions, TravelGraph

MOST_OVER_BREAKS: Final = 200_000
"""Most pairs of a site and a place across a break of the streets from which it is reached."""


@dataclass(frozen=True)
class TrialWalk:
    """
    People of the judged group who walk alike, and what they walk to.

    Attributes
    ----------
    network
        The whole network of their profile, which points join; its edges are the first of `walked`.
    walked
        The network as it may be walked.
    graph
        Its contracted form at their speed.
    access_speed_m_s
        Speed on access legs.
    longest_leg_m
        A longer leg exceeds the circle.
    homes : Positions, shape (homes,)
        Where the homes join the network.
    weight : int64, shape (homes,)
        Micro-persons of each home.
    unknown : by category and cutoff, bool, shape (homes,)
        Homes that are unknown unless a site covers them, whatever sites there are.
    sure, doubtful
        By category, the places where open sites are reached; from those in doubt a home that is not
        covered is unknown. `Goals.owner` is a row of the facility table.
    breaks
        Places from which a larger piece of the network would be reached, and where.
    rank : int64, shape (edges,)
        Rank of the piece of each edge by length; 0 is the longest.
    """

    network: WalkNetwork
    walked: WalkNetwork
    graph: TravelGraph
    access_speed_m_s: Fraction
    longest_leg_m: float
    homes: Positions
    weight: Ints
    unknown: Mapping[tuple[str, int], Bools]
    sure: Mapping[str, Goals]
    doubtful: Mapping[str, Goals]
    breaks: tuple[Positions, Positions]
    rank: Ints


@dataclass(frozen=True)
class Trials:
    """
    Everything that decides who is covered if sites open and close.

    Attributes
    ----------
    walks
        The ways in which people of the judged group walk.
    limits_ms
        The longest time within each cutoff, milliseconds: both ways together for round trips.
    """

    walks: tuple[TrialWalk, ...]
    limits_ms: Mapping[int, int]


def trials_of(walks: Walks) -> Trials | None:
    """
    Gather what decides who is covered at the judged speed.

    None where so many sites are reached across breaks that no page could hold them.
    """
    study = walks.inputs.study
    found = []
    for cohort in walks.homes.cohorts[study.demand.group]:
        judge = walks.judge(cohort.walker)
        around = walks.limits(cohort.walker)
        doubtful = {}
        for category in walks.inputs.categories:
            goals = _doubtful(judge, category)
            if goals is None:
                return None
            doubtful[category] = goals
        found.append(
            TrialWalk(
                judge.whole,
                judge.network,
                judge.graph,
                speed_ratio(judge.speed_m_s) * speed_ratio(study.walk.access_speed_factor),
                judge.longest_leg_m,
                around.origins,
                cohort.weight,
                _unknown(judge, around, walks.inputs.categories),
                {
                    one: judge.goals(judge.sites.rows(one, sure=True))
                    for one in walks.inputs.categories
                },
                doubtful,
                judge.over_breaks(),
                rank_of_pieces(judge.whole),
            )
        )
    usual = walks.judge(walks.usual)
    cutoffs = sorted(study.walk.cutoffs_min)
    return Trials(tuple(found), {one: usual.limit_ms(one) for one in cutoffs})


def _unknown(
    judge: Judge, around: LimitsAround, categories: list[str]
) -> dict[tuple[str, int], Bools]:
    """Return which homes are unknown unless they are covered, whatever sites are added."""
    found = {}
    for category in categories:
        unplaced = judge.sites.may_be_near(
            judge.sites.rows(category, sure=False), around.x_m, around.y_m
        )
        ends = around.to_break, around.to_exit, around.to_list_end(judge.sites.covers[category])
        for cutoff in judge.walk.cutoffs_min:
            limit_ms = judge.limit_ms(cutoff)
            near = [(ms >= 0) & (ms <= limit_ms) for ms in ends]
            found[category, cutoff] = np.logical_or.reduce([~around.snaps.joined, unplaced, *near])
    return found


def _doubtful(judge: Judge, category: str) -> Goals | None:
    """Return where sites in doubt are reached: of unsure position, and not joined."""
    every = judge.sites.rows(category, sure=False)
    unsure = every[judge.sites.table[c.POSITION_UNSURE].to_numpy(bool)[every]]
    would, reached = judge.goals_if_joined(every)
    onward = judge.beyond_breaks(reached, most=MOST_OVER_BREAKS)
    return None if onward is None else judge.goals(unsure).followed_by(would).followed_by(onward)
