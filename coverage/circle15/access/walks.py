"""Times and states of the homes, for every way of walking."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.catching import caught_after, caught_by
from circle15.access.cohorts import Homes
from circle15.access.data_edges import ListEnds
from circle15.access.joining.same_sites import same_sites, site_changes
from circle15.access.judging import Before, Judge, LimitsAround
from circle15.access.states import all_of, any_of
from circle15.network.topology.compounds import compounds_of
from circle15.study.settings.records import speed_ratio
from circle15.study.settings.walkers import Walker, parts_of, slowest
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.scopes import ALL, ANY
from circle15.travel.engine.accumulate import reach_counts
from circle15.travel.engine.catchments import Origins
from circle15.travel.engine.graph import TravelNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.access.catching import Caught
    from circle15.access.joining.same_sites import SiteChanges
    from circle15.access.judging import Judged
    from circle15.access.study_inputs import StudyInputs
    from circle15.arrays import Bools, Codes, Ints
    from circle15.network.topology.compounds import Compounds, Rule
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from circle15.travel.engine.graph import TravelGraph
    from circle15.travel.engine.joined import Search

    States = Mapping[tuple[str, int], Codes]


def states_by_category(study: Study, judged: Mapping[str, Judged]) -> dict[tuple[str, int], Codes]:
    """Return states by category and cutoff, with `any` and `all` of the required categories."""
    found = {(k, cutoff): j.states[cutoff] for k, j in judged.items() for cutoff in j.states}
    if study.circle.require:
        for cutoff in study.walk.cutoffs_min:
            required = [judged[category].states[cutoff] for category in study.circle.require]
            found[ANY, cutoff] = any_of(required)
            found[ALL, cutoff] = all_of(required)
    return found


def same_streets(one: StudyInputs, other: StudyInputs) -> bool:
    """Whether two inputs have the same streets, under the same rule for gates."""
    if one.study.network.gated != other.study.network.gated or one.network is not other.network:
        return False
    return all(
        profile in other.others and streets.network is other.others[profile].network
        for profile, streets in one.others.items()
    )


def homes_of(inputs: StudyInputs, base: Walks) -> Homes:
    """Return the homes of a scenario of a study: those of the study where they are the same."""
    if inputs.population is base.inputs.population and same_streets(inputs, base.inputs):
        return base.homes
    return Homes(inputs)


class Walks:
    """
    Judges the homes; contracts each profile's network once and judges each walker once.

    `like` are the walks of a study of which this is a scenario: on the same streets the contracted
    networks are shared. For the same homes also what limits the data around them, and the times and
    states of categories whose sites are the same; those of others are found from them, by what the
    sites change. `keeps` says that there will be scenarios of this study.
    """

    def __init__(
        self, inputs: StudyInputs, homes: Homes, *, like: Walks | None = None, keeps: bool = False
    ) -> None:
        self.inputs = inputs
        self.homes = homes
        self.keeps = keeps
        self._compounds: dict[str, Compounds] = {}
        self._travel: dict[tuple[str, Rule], tuple[WalkNetwork, TravelNetwork]] = {}
        self._list_ends: dict[tuple[str, Rule], ListEnds] = {}
        self._graphs: dict[tuple[Walker, Rule], TravelGraph] = {}
        self._judges: dict[tuple[Walker, Rule], Judge] = {}
        self._judged: dict[Walker, dict[str, Judged]] = {}
        self._states: dict[Walker, States] = {}
        self._around: dict[Walker, LimitsAround] = {}
        self._origins: dict[Walker, Origins] = {}
        self._searches: dict[tuple[Walker, str], Search] = {}
        self._changes: dict[str, Mapping[str, SiteChanges]] = {}
        self._caught: dict[tuple[Walker, str], Caught] = {}
        if like is not None and same_streets(inputs, like.inputs):
            self._compounds, self._travel = like._compounds, like._travel  # filled by either
            self._graphs, self._list_ends = like._graphs, like._list_ends
        else:
            like = None
        if like is not None and inputs.population is like.inputs.population:
            self._around, self._origins = like._around, like._origins
        else:
            like = None
        self._like = like
        """The study on whose streets its homes are those of this scenario."""

    @cached_property
    def judged(self) -> dict[Walker, dict[str, Judged]]:
        """Times and states of the homes for every walker at every speed of the study."""
        walk = self.inputs.study.walk
        return {
            paced: self.judged_as(paced)
            for speed in walk.speeds
            for paced in (one.times(walk.factor(speed)) for one in self.homes.walkers.values())
        }

    def judged_as(self, walker: Walker) -> dict[str, Judged]:
        """Return times and states of the homes for one walker, by category."""
        if walker not in self._judged:
            kept, before = self._from_study(walker)
            others = [one for one in self.inputs.categories if one not in kept]
            made = {}
            if others:
                made = self.judge(walker).judge_around(self.limits(walker), others, before)
            self._judged[walker] = {
                one: kept[one] if one in kept else made[one] for one in self.inputs.categories
            }
        return self._judged[walker]

    def limits(self, walker: Walker) -> LimitsAround:
        """Return the homes and the times from them to where the data end; they are cached."""
        if walker not in self._around:
            homes, snaps = self.homes, self.homes.snaps_for(walker.profile)
            self._around[walker] = LimitsAround(
                self.judge(walker), snaps, x_m=homes.x_m, y_m=homes.y_m
            )
        return self._around[walker]

    def _from_study(self, walker: Walker) -> tuple[dict[str, Judged], dict[str, Before]]:
        """Return by category what is that of the study, and what the sites change from there."""
        if self._like is None:
            return {}, {}
        judged = self._like.judged_as(walker)
        kept = {
            category: replace(judged[category], facility=row[judged[category].facility])
            for category, row in self._same.items()
            if category in judged
        }
        before = {
            category: Before(judged[category], changes)
            for category, changes in self.changes(walker.profile).items()
            if category in judged
        }
        return kept, before

    @cached_property
    def _same(self) -> Mapping[str, Ints]:
        """The categories whose sites and homes are those of the study; see `same_sites`."""
        if self._like is None:
            return {}
        return same_sites(self.inputs.sites, self._like.inputs.sites, self.inputs.categories)

    def changes(self, profile: str) -> Mapping[str, SiteChanges]:
        """Return how the sites of each category differ from those of the study; see `like`."""
        if self._like is None:
            return {}
        if profile not in self._changes:
            own, base = (one.streets(profile).sites for one in (self.inputs, self._like.inputs))
            found = {one: site_changes(own, base, one) for one in self.inputs.categories}
            self._changes[profile] = {key: one for key, one in found.items() if one is not None}
        return self._changes[profile]

    @cached_property
    def states(self) -> dict[Walker, States]:
        """States of the homes by category and cutoff, for the same walkers."""
        return {walker: self.states_as(walker) for walker in self.judged}

    def states_as(self, walker: Walker) -> States:
        """Return the states of the homes for one walker, by category and cutoff."""
        if walker not in self._states:
            judged = self.judged_as(walker)
            self._states[walker] = states_by_category(self.inputs.study, judged)
        return self._states[walker]

    @cached_property
    def usual(self) -> Walker:
        """The walker of `[walk]`, at the judged speed."""
        walk = self.inputs.study.walk
        return Walker(walk.profile, speed_ratio(walk.speed_m_s))

    @cached_property
    def drawn(self) -> Walker:
        """The slowest walker of the judged group, whose states and areas are drawn."""
        study = self.inputs.study
        return slowest(parts_of(study.demand.group, study.walk)).walker

    def judge(self, walker: Walker, rule: Rule | None = None) -> Judge:
        """Return the judge for a walker, by default under the study's `gated`; it is cached."""
        key = walker, rule or self.inputs.study.network.gated
        if key not in self._judges:
            walked, travel = self._streets(walker.profile, key[1])
            streets = self.inputs.streets(walker.profile)
            walk = self.inputs.study.walk
            if key not in self._graphs:
                self._graphs[key] = travel.at_speed(speed_ratio(walker.speed_m_s))
            ends = self._list_ends.setdefault((walker.profile, key[1]), ListEnds(walked))
            self._judges[key] = Judge(
                walked,
                travel,
                streets.sites,
                walk,
                walker.speed_m_s,
                whole=streets.network,
                graph=self._graphs[key],
                list_ends=ends,
            )
        return self._judges[key]

    def catchments(self, walker: Walker, category: str) -> Search:
        """Return the search of the homes around all open sites of a category, which is cached."""
        if self._like is not None and category in self._same:
            return self._like.catchments(walker, category)  # sites count in the order of their ids
        if (walker, category) not in self._searches:
            rows = self.inputs.sites.rows(category, sure=False)
            self._searches[walker, category] = self.search(walker, rows)
        return self._searches[walker, category]

    def search(self, walker: Walker, rows: Ints) -> Search:
        """Return the search of the homes around some sites (rows of the table)."""
        judge = self.judge(walker)
        if walker not in self._origins:
            self._origins[walker] = Origins(self.limits(walker).origins)
        return judge.catchments(self._origins[walker], rows)

    def caught(self, walker: Walker, category: str, weights: Mapping[str, Ints]) -> Caught:
        """
        Return what the open sites of a category catch of people who walk alike, in the circle.

        Parameters
        ----------
        weights
            Micro-persons of each home by group, for this walker always the same.
        """
        key = walker, category
        if key in self._caught:
            return self._caught[key]
        like, changes = self._like, self.changes(walker.profile).get(category)
        if like is None or changes is None or category not in like.inputs.categories:
            rows = self.inputs.sites.rows(category, sure=False)
            found = self._caught_by(self.catchments(walker, category), rows, weights, walker)
        else:
            found = self._caught_after(like, changes, key, weights)
        if self.keeps:
            self._caught[key] = found
        return found

    def _caught_by(
        self, search: Search, rows: Ints, weights: Mapping[str, Ints], walker: Walker
    ) -> Caught:
        limits = [self.judge(walker).limit_ms(one) for one in self.inputs.study.walk.cutoffs_min]
        return caught_by(search, weights, sure=self._sure[rows], limits_ms=limits)

    def _caught_after(
        self,
        like: Walks,
        changes: SiteChanges,
        key: tuple[Walker, str],
        weights: Mapping[str, Ints],
    ) -> Caught:
        """Find it from what the sites of the study catch: only those that change are searched."""
        walker, category = key
        rows, before = (one.inputs.sites.rows(category, sure=False) for one in (self, like))
        place = np.full(len(self.inputs.sites.table) + 1, -1, np.int64)
        place[rows] = np.arange(len(rows))
        numbers = np.searchsorted(before, changes.gone)
        return caught_after(
            like.caught(walker, category, weights),
            reach_counts(like.search(walker, changes.gone), like._sure[before], numbers=numbers),
            self._caught_by(self.search(walker, changes.added), changes.added, weights, walker),
            now=place[changes.row[before]],
            places=place[changes.added],
        )

    @cached_property
    def _sure(self) -> Bools:
        """Whether the position of each site is sure, by row of the table."""
        return ~self.inputs.sites.table[c.POSITION_UNSURE].to_numpy(bool)

    def compounds(self, profile: str) -> Compounds:
        """Return the gated compounds of the network of a profile."""
        if profile not in self._compounds:
            self._compounds[profile] = compounds_of(self.inputs.streets(profile).network)
        return self._compounds[profile]

    def travel(self, profile: str) -> TravelNetwork:
        """Return the contracted network of a profile."""
        return self._streets(profile, self.inputs.study.network.gated)[1]

    def _streets(self, profile: str, rule: Rule) -> tuple[WalkNetwork, TravelNetwork]:
        if (profile, rule) not in self._travel:
            walked = self.compounds(profile).under(rule)
            self._travel[profile, rule] = walked, TravelNetwork.from_network(walked)
        return self._travel[profile, rule]
