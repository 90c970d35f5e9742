"""Count the people whose state depends on the rule for gated compounds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from circle15.access.records import GatedFigures, GatedRow
from circle15.access.states import State
from circle15.access.walks import states_by_category
from circle15.network.topology.compounds import RULES

if TYPE_CHECKING:
    import numpy.typing as npt

    from circle15.access.study_inputs import StudyInputs
    from circle15.access.walks import States, Walks
    from circle15.network.topology.compounds import Rule
    from circle15.study.settings.walkers import Walker


def gated_figures(inputs: StudyInputs, walks: Walks) -> GatedFigures:
    """Judge every home under each rule of `[network] gated`; count people whose state differs."""
    study = inputs.study
    cohorts = walks.homes.cohorts[study.demand.group]
    compounds = walks.compounds(study.walk.profile)
    rows: list[GatedRow] = []
    if any(walks.compounds(one.walker.profile).any for one in cohorts):
        found = [_under_each_rule(inputs, walks, one.walker) for one in cohorts]
        for key in walks.states[walks.drawn]:
            if key[1] != study.walk.circle_min:
                continue
            covered: Counter[str] = Counter()
            differs: Counter[str] = Counter()
            for one, under in zip(cohorts, found, strict=True):
                for rule, of in under.items():
                    covered[rule] += int(one.weight[of[key] == State.COVERED].sum())
                    if rule != "open":
                        differs[rule] += int(one.weight[of[key] != under["open"][key]].sum())
            rows.append(GatedRow(key[0], dict(covered), dict(differs)))
    return GatedFigures(compounds.count, compounds.length_m, len(compounds.network.gates), rows)


def _under_each_rule(inputs: StudyInputs, walks: Walks, walker: Walker) -> dict[Rule, States]:
    """
    Find the states under every rule, with as few searches as possible.

    Every walk of a stricter rule is also one of a less strict rule. So where the least and the most
    strict rule agree on a home, the rule between them agrees with both.
    """
    own = inputs.study.network.gated
    found: dict[Rule, States] = {own: walks.states[walker]}
    if not walks.compounds(walker.profile).any:
        return dict.fromkeys(RULES, found[own])
    everybody = np.arange(len(walks.homes.ids))
    extremes: tuple[Rule, Rule] = ("open", "closed")
    for rule in extremes:
        if rule not in found:
            found[rule] = _states(inputs, walks, rule, walker, everybody)
    if "residents" not in found:
        freest, strictest = found["open"], found["closed"]
        differ = [codes != strictest[key] for key, codes in freest.items()]
        some = np.flatnonzero(np.any(differ, axis=0))
        between = {key: codes.copy() for key, codes in freest.items()}
        if len(some):
            again = _states(inputs, walks, "residents", walker, some)
            for key, codes in between.items():
                codes[some] = again[key]
        found["residents"] = between
    return {rule: found[rule] for rule in RULES}


def _states(
    inputs: StudyInputs, walks: Walks, rule: Rule, walker: Walker, rows: npt.NDArray[np.int64]
) -> States:
    """Judge some homes under a rule, within the circle and at a walker's speed."""
    homes = walks.homes
    judge = walks.judge(walker, rule)
    return states_by_category(
        inputs.study,
        judge.judge(
            homes.snaps_for(walker.profile).take(rows),
            inputs.categories,
            x_m=homes.x_m[rows],
            y_m=homes.y_m[rows],
        ),
    )
