"""Homes and their people: each group split into cohorts that walk alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle15.inputs.demand.nested_groups import people_of_parts
from circle15.study.settings.walkers import parts_of
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.access.study_inputs import StudyInputs
    from circle15.arrays import Ints
    from circle15.network.snapping import Snaps
    from circle15.study.settings.walkers import Walker


@dataclass(frozen=True)
class Cohort:
    """People of a group who walk alike: micro-persons by home; `name` is that of the `Part`."""

    name: str
    walker: Walker
    weight: Ints


class Homes:
    """
    The demand points inside the study area.

    Attributes
    ----------
    rows
        Row of each home in the demand table, ascending.
    weights
        Micro-persons of each home, by group.
    cohorts
        The same, split by how people walk. The age bands of the judged group follow the groups,
        each as a group of its own, unless a group has that name.
    """

    def __init__(self, inputs: StudyInputs) -> None:
        self.rows: Ints = np.flatnonzero(inputs.population.demand[c.IN_AREA].to_numpy())
        self._inputs = inputs
        demand = inputs.population.demand.iloc[self.rows]
        self.table = demand
        self.ids = demand[c.DEMAND_ID].to_numpy(dtype=object)
        self.x_m, self.y_m = demand[c.X_M].to_numpy(), demand[c.Y_M].to_numpy()
        self.snaps = inputs.demand_snaps.take(self.rows)
        self.weights: dict[str, Ints] = {
            balance.group: demand[c.weight_column(balance.group)].to_numpy()
            for balance in inputs.population.balances
        }
        self.cohorts = {group: self._cohorts(group) for group in self.weights}
        judged = inputs.study.demand.group
        labels = [part.label for part in parts_of(judged, inputs.study.walk)]
        for label, cohort in zip(labels, self.cohorts[judged], strict=True):
            self.cohorts.setdefault(label, (cohort,))

    def _cohorts(self, group: str) -> tuple[Cohort, ...]:
        parts = parts_of(group, self._inputs.study.walk)
        people = people_of_parts(group, parts, self.weights)
        return tuple(
            Cohort(part.name, part.walker, weight)
            for part, weight in zip(parts, people, strict=True)
        )

    @property
    def walkers(self) -> dict[str, Walker]:
        """Every way of walking, by the name of the part of a group that walks so."""
        return {one.name: one.walker for parts in self.cohorts.values() for one in parts}

    def snaps_for(self, profile: str) -> Snaps:
        """Return where the homes join the streets open to a walking profile."""
        return self._inputs.streets(profile).demand_snaps.take(self.rows)
