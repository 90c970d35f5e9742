"""The people whom new sites of a category could reach, by how they walk and what they reach now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle15.access.judging import Judge
from circle15.access.states import State
from circle15.travel.engine.accumulate import reach_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.joining.sites import Sites
    from circle15.access.judging import Judged
    from circle15.access.walks import Walks
    from circle15.arrays import Codes, Ints
    from circle15.network.snapping import Snaps
    from circle15.study.settings.walkers import Walker


@dataclass(frozen=True)
class Walking:
    """
    Homes whose people walk alike.

    Attributes
    ----------
    judge
        Judges them; its sites are those of today.
    profile
        Of the streets that they may use.
    home : int64, shape (n,)
        Row of each in `access.cohorts.Homes`, rising.
    snaps
        Where they join the streets.
    micro : int64, shape (n,)
        Micro-persons of the judged group, above 0.
    state
        Codes of `State` at the circle's cutoff, today.
    nearest_ms : int64, shape (n,)
        Time to the nearest site of today with a sure position; -1 beyond the horizon.
    sites : int64, shape (n,)
        How many sites of today with a sure position are within the circle; where only the first
        matters, 1 for more.
    """

    judge: Judge
    profile: str
    home: Ints
    snaps: Snaps
    micro: Ints
    state: Codes
    nearest_ms: Ints
    sites: Ints

    def __len__(self) -> int:
        return len(self.home)

    @property
    def limit_ms(self) -> int:
        """The circle: a time equal to it is inside."""
        return self.judge.limit_ms(self.judge.walk.circle_min)


def people_of(walks: Walks, category: str, *, backup: bool) -> list[Walking]:
    """
    Find the people of the judged group and what of a category they reach today.

    A category of which the study has no list is taken to have no site: the list of the new ones
    will be the only one.

    Parameters
    ----------
    backup
        Whether a second site matters.
    """
    inputs, homes = walks.inputs, walks.homes
    circle = inputs.study.walk.circle_min
    found = []
    for cohort in homes.cohorts[inputs.study.demand.group]:
        judge, judged = _judged(walks, cohort.walker, category)
        home = np.flatnonzero(cohort.weight > 0)
        snaps = homes.snaps_for(cohort.walker.profile).take(home)
        found.append(
            Walking(
                judge,
                cohort.walker.profile,
                home,
                snaps,
                cohort.weight[home],
                state := judged.states[circle][home],
                judged.time_ms[home],
                sites_in_circle(judge, category, snaps, state, backup=backup),
            )
        )
    return found


def sites_in_circle(
    judge: Judge, category: str, snaps: Snaps, state: Codes, *, backup: bool
) -> Ints:
    """
    Count the sites of today with a sure position within the circle of homes.

    Parameters
    ----------
    snaps
        Where the homes join the streets.
    state
        Their codes of `State`.
    backup
        Whether a second site matters; else 1 stands for more.
    """
    rows = judge.sites.rows(category, sure=True)
    if backup and len(rows):
        search = judge.catchments(judge.positions(snaps), rows)
        return reach_counts(search, np.ones(len(rows), np.bool_)).count
    covered: Ints = (state == State.COVERED).astype(np.int64)
    return covered


def _judged(walks: Walks, walker: Walker, category: str) -> tuple[Judge, Judged]:
    """Judge the homes of a walker for a category, which may have no list yet."""
    judge = walks.judge(walker)
    covers = judge.sites.covers.get(category)
    listed = covers is not None and not shapely.is_empty(covers)
    if listed and category in walks.inputs.categories:
        return judge, walks.judged[walker][category]
    if not listed:
        judge = _with_list(judge, category, walks)
    homes = walks.homes
    snaps = homes.snaps_for(walker.profile)
    return judge, judge.judge(snaps, [category], x_m=homes.x_m, y_m=homes.y_m)[category]


def _with_list(judge: Judge, category: str, walks: Walks) -> Judge:
    """Return a judge to whom the list of a category is complete where the new list will be."""
    boundary = walks.inputs.area.boundary
    covers = judge.whole.extent if boundary is None else boundary
    sites: Sites = replace(judge.sites, covers={**judge.sites.covers, category: covers})
    return Judge(judge.network, judge.travel, sites, judge.walk, judge.speed_m_s, whole=judge.whole)


def all_micro(people: Sequence[Walking]) -> int:
    """Micro-persons of all of them."""
    return sum(int(one.micro.sum()) for one in people)
