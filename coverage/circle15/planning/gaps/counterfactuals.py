"""Try what would cover the people in the gap: open gates, legs across barriers, level streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.counting import straight_line_ms
from circle15.access.judging import Judge
from circle15.access.states import State
from circle15.network.joining_across import snap_without_barriers
from circle15.planning.gaps.gap_reasons import GapReason, Tried
from circle15.study.vocabulary import columns as c
from circle15.travel.engine.graph import TravelNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.access.study_inputs import StudyInputs
    from circle15.access.walks import Walks
    from circle15.arrays import Bools, Floats
    from circle15.network.snapping import Snaps
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.walkers import Walker


def tried_changes(
    inputs: StudyInputs, walks: Walks, circles: Mapping[str, Floats]
) -> dict[str, dict[str, Tried]]:
    """
    Try single changes for the judged group's homes in the gap of the circle.

    A change is tried where the study has something to change: gates and private ways that its rule
    closes, walls that its rule sees, barriers, an elevation model. Each takes one search of the
    homes in the gap within the circle; of legs only those are snapped again that a barrier keeps
    from the nearest street.

    Parameters
    ----------
    circles
        Metres from every home to the nearest open site in a straight line, by category.

    Returns
    -------
    By part of the group (`Part.name`) and category: those that the circle requires, else the first.
    """
    study = inputs.study
    categories = study.circle.require or tuple(inputs.categories[:1])
    found: dict[Walker, dict[str, Tried]] = {}
    cohorts = walks.homes.cohorts[study.demand.group]
    for walker in dict.fromkeys(one.walker for one in cohorts):
        trial = _Trial(inputs, walks, walker, categories)
        limit_ms = study.walk.circle_min * c.MS_PER_MIN
        changed = trial.changes()
        found[walker] = {
            category: Tried(
                straight_line_ms(circles[category], walker.speed_m_s) <= limit_ms,
                {change: of[category] for change, of in changed.items()},
            )
            for category in categories
        }
    return {one.name: found[one.walker] for one in cohorts}


class _Trial:
    """The homes in the gap who walk alike, and the study with one thing changed."""

    def __init__(
        self, inputs: StudyInputs, walks: Walks, walker: Walker, categories: tuple[str, ...]
    ) -> None:
        self.inputs, self.walks, self.walker = inputs, walks, walker
        self.gap = {
            category: walks.states[walker][category, inputs.study.walk.circle_min] == State.GAP
            for category in categories
        }
        some = np.zeros(len(walks.homes.ids), np.bool_)
        for of in self.gap.values():
            some |= of
        self.rows = np.flatnonzero(some)
        self.snaps = walks.homes.snaps_for(walker.profile).take(self.rows)
        self.streets = inputs.streets(walker.profile)

    def changes(self) -> dict[GapReason, dict[str, Bools]]:
        """Return which homes in the gap of each category every change would cover."""
        found: dict[GapReason, dict[str, Bools]] = {}
        network, settings = self.streets.network, self.inputs.study.network
        own = self.walks.judge(self.walker)
        if settings.gated != "open" and self.walks.compounds(self.walker.profile).any:
            found[GapReason.GATE] = self._covered(self.walks.judge(self.walker, "open"))
        seen, low = network.seen_barriers, network.low_barriers
        for reason, which in ((GapReason.WALL, low & seen), (GapReason.BARRIER, ~low)):
            if which.any():
                found[reason] = self._covered(own, network.without_barriers(which))
        level = self._level()
        if level is not None:
            found[GapReason.CLIMB] = self._covered(level)
        return found

    def _level(self) -> Judge | None:
        """Return a judge on level streets; None without an elevation model."""
        level = self.streets.network.on_level_streets()
        if level is None:
            return None
        compounds = replace(self.walks.compounds(self.walker.profile), network=level)
        walked = compounds.under(self.inputs.study.network.gated)
        return Judge(
            walked,
            TravelNetwork.from_network(walked),
            self.streets.sites,
            self.inputs.study.walk,
            self.walker.speed_m_s,
            whole=level,
        )

    def _covered(self, judge: Judge, opened: WalkNetwork | None = None) -> dict[str, Bools]:
        """Search within the circle; `opened` is the network that legs join, if it is another."""
        homes, walk = self.walks.homes, self.inputs.study.walk
        x_m, y_m = homes.x_m[self.rows], homes.y_m[self.rows]
        snaps = self._legs(x_m, y_m, self.snaps, opened)
        origins = judge.positions(snaps)
        found = {}
        for category, gap in self.gap.items():
            sure = judge.sites.rows(category, sure=True)
            goals = judge.positions(self._legs(*judge.sites.places(sure), opened))
            time_ms = judge.search(origins, goals, walk.circle_min).time_ms
            covered = np.zeros(len(gap), np.bool_)
            covered[self.rows] = (time_ms >= 0) & (time_ms <= judge.limit_ms(walk.circle_min))
            found[category] = covered & gap
        return found

    def _legs(self, x_m: Floats, y_m: Floats, snaps: Snaps, opened: WalkNetwork | None) -> Snaps:
        if opened is None:
            return snaps
        limit_m = float(self.inputs.study.walk.max_snap_m)
        return snap_without_barriers(
            x_m, y_m, snaps, self.streets.network, opened, max_snap_m=limit_m
        )
