"""Times and states of the homes, for every way of walking."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from circle15.access.joining.same_sites import same_sites
from circle15.access.judging import Judge
from circle15.access.states import all_of, any_of
from circle15.network.topology.compounds import compounds_of
from circle15.study.settings.records import speed_ratio
from circle15.study.settings.walkers import Walker, parts_of, slowest
from circle15.study.vocabulary.scopes import ALL, ANY
from circle15.travel.engine.catchments import Origins
from circle15.travel.engine.graph import TravelNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.access.cohorts import Homes
    from circle15.access.judging import Judged
    from circle15.access.study_inputs import StudyInputs
    from circle15.arrays import Codes, Ints
    from circle15.network.topology.compounds import Compounds, Rule
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
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


def _same_streets(one: StudyInputs, other: StudyInputs) -> bool:
    """Whether two inputs have the same streets, under the same rule for gates."""
    if one.study.network.gated != other.study.network.gated or one.network is not other.network:
        return False
    return all(
        profile in other.others and streets.network is other.others[profile].network
        for profile, streets in one.others.items()
    )


class Walks:
    """
    Judges the homes; contracts each profile's network once and judges each walker once.

    `like` are the walks of a study of which this is a scenario: on the same streets the contracted
    networks are shared, and for the same homes the times and states of categories whose sites are
    the same.
    """

    def __init__(self, inputs: StudyInputs, homes: Homes, *, like: Walks | None = None) -> None:
        self.inputs = inputs
        self.homes = homes
        self._like = like
        self._compounds: dict[str, Compounds] = {}
        self._travel: dict[tuple[str, Rule], tuple[WalkNetwork, TravelNetwork]] = {}
        self._judges: dict[tuple[Walker, Rule], Judge] = {}
        self._origins: dict[Walker, Origins] = {}
        self._searches: dict[tuple[Walker, str], Search] = {}
        if like is not None and _same_streets(inputs, like.inputs):
            self._compounds, self._travel = like._compounds, like._travel  # filled by either

    @cached_property
    def judged(self) -> dict[Walker, dict[str, Judged]]:
        """Times and states of the homes for every walker at every speed of the study."""
        walk = self.inputs.study.walk
        found: dict[Walker, dict[str, Judged]] = {}
        for speed in walk.speeds:
            for walker in self.homes.walkers.values():
                paced = walker.times(walk.factor(speed))
                if paced not in found:
                    found[paced] = self._judged(paced)
        return found

    def _judged(self, walker: Walker) -> dict[str, Judged]:
        """Judge the homes for a walker, but for the categories that are known already."""
        kept = self._kept.get(walker, {})
        others = [one for one in self.inputs.categories if one not in kept]
        snaps = self.homes.snaps_for(walker.profile)
        made = {}
        if others:
            made = self.judge(walker).judge(snaps, others, x_m=self.homes.x_m, y_m=self.homes.y_m)
        return {one: kept[one] if one in kept else made[one] for one in self.inputs.categories}

    @cached_property
    def _kept(self) -> dict[Walker, dict[str, Judged]]:
        """Times and states that are those of the study without changes."""
        if self._like is None or not self._same:
            return {}
        return {
            walker: {
                category: replace(judged[category], facility=row[judged[category].facility])
                for category, row in self._same.items()
                if category in judged
            }
            for walker, judged in self._like.judged.items()
        }

    @cached_property
    def _same(self) -> Mapping[str, Ints]:
        """The categories whose sites and homes are those of the study; see `same_sites`."""
        like = self._like
        if like is None or not _same_streets(self.inputs, like.inputs):
            return {}
        if self.inputs.population is not like.inputs.population:
            return {}
        return same_sites(self.inputs.sites, like.inputs.sites, self.inputs.categories)

    @cached_property
    def states(self) -> dict[Walker, States]:
        """States of the homes by category and cutoff, for the same walkers."""
        study = self.inputs.study
        return {walker: states_by_category(study, of) for walker, of in self.judged.items()}

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
            self._judges[key] = Judge(
                walked, travel, streets.sites, walk, walker.speed_m_s, whole=streets.network
            )
        return self._judges[key]

    def catchments(self, walker: Walker, category: str) -> Search:
        """Return the search of the homes around all open sites of a category, which is cached."""
        if self._like is not None and category in self._same:
            return self._like.catchments(walker, category)  # sites count in the order of their ids
        if (walker, category) not in self._searches:
            judge = self.judge(walker)
            if walker not in self._origins:
                snaps = self.homes.snaps_for(walker.profile)
                self._origins[walker] = Origins(judge.positions(snaps))
            rows = self.inputs.sites.rows(category, sure=False)
            self._searches[walker, category] = judge.catchments(self._origins[walker], rows)
        return self._searches[walker, category]

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
