"""How many people's result depends on who may walk through gated compounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.access.judging import Judge
from circle15.access.states import State
from circle15.network.compounds import RULES
from circle15.output.result import GatedFigures, GatedRow
from circle15.run.counting import states_by_category
from circle15.travel.graph import TravelNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from circle15.network.compounds import Compounds, Rule
    from circle15.network.snapping import Snaps
    from circle15.run.counting import Homes
    from circle15.run.reading import StudyInputs

    Codes = npt.NDArray[np.int8]
    States = Mapping[tuple[str, int], Codes]


def gated_figures(
    inputs: StudyInputs, homes: Homes, compounds: Compounds, states: States
) -> GatedFigures:
    """
    Judge every home under each rule of `[network] gated` and count whose state differs.

    Parameters
    ----------
    states
        Those under the study's own rule, at the judged speed.
    """
    rows: list[GatedRow] = []
    if compounds.any:
        under = _under_each_rule(inputs, homes, compounds, states)
        weight = homes.weights[inputs.study.demand.group]
        rows = [
            GatedRow(
                category,
                {rule: int(weight[of[key] == State.COVERED].sum()) for rule, of in under.items()},
                {
                    rule: int(weight[of[key] != under["open"][key]].sum())
                    for rule, of in under.items()
                    if rule != "open"
                },
            )
            for key in states
            if key[1] == inputs.study.walk.circle_min
            for category in [key[0]]
        ]
    return GatedFigures(compounds.count, compounds.length_m, len(compounds.network.gates), rows)


def _under_each_rule(
    inputs: StudyInputs, homes: Homes, compounds: Compounds, states: States
) -> dict[Rule, States]:
    """
    Find the states under every rule, with no more searching than it takes.

    Every walk of a stricter rule is one of a freer rule too. So where the freest and the
    strictest rule agree on a home, the rule between them agrees with both.
    """
    found: dict[Rule, States] = {inputs.study.network.gated: states}
    extremes: tuple[Rule, Rule] = ("open", "closed")
    for rule in extremes:
        if rule not in found:
            found[rule] = _states(inputs, compounds, rule, homes.snaps)
    if "residents" not in found:
        freest, strictest = found["open"], found["closed"]
        differ = [codes != strictest[key] for key, codes in freest.items()]
        some = np.flatnonzero(np.any(differ, axis=0))
        between = {key: codes.copy() for key, codes in freest.items()}
        if len(some):
            again = _states(inputs, compounds, "residents", homes.snaps.take(some))
            for key, codes in between.items():
                codes[some] = again[key]
        found["residents"] = between
    return {rule: found[rule] for rule in RULES}


def _states(inputs: StudyInputs, compounds: Compounds, rule: Rule, snaps: Snaps) -> States:
    """Judge homes under a rule, in the circle and at the judged speed."""
    study = inputs.study
    network = compounds.under(rule)
    travel = TravelNetwork.from_network(network)
    judge = Judge(network, travel, inputs.sites, study.walk, study.walk.speed_m_s)
    return states_by_category(study, judge.judge(snaps, inputs.categories))
