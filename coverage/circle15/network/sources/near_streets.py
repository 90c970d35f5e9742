"""Streets that lie near each other without a joint, and what is reported of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.sources.loose_lines import loose_lines
from circle15.network.sources.near_lines import near_pairs, near_pairs_after
from circle15.network.topology.pieces import pieces
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.arrays import Ints
    from circle15.inputs.demand.population import Population
    from circle15.network.snapping import Snaps
    from circle15.network.sources.near_lines import NearPairs
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Finding


def near_streets(
    study: Study,
    network: WalkNetwork,
    before: tuple[NearPairs | None, WalkNetwork] | None,
    stays: Ints | None,
) -> NearPairs | None:
    """
    Find lines of a layer of streets that lie near each other without a joint.

    For a scenario `before` has those of the study, and its streets, and `stays` says where the
    edges of these are now: only the links are searched.
    """
    file = study.network.file.name
    if before is None or stays is None:
        return near_pairs(network, file)
    return near_pairs_after(before[0], network, stays, len(before[1].x_m), file)


def street_findings(
    study: Study,
    population: Population,
    network: WalkNetwork,
    snaps: Snaps,
    near: NearPairs | None,
) -> list[Finding]:
    """Return findings on disconnected parts of the network, with the people affected."""
    demand, file = population.demand, study.network.file.name
    weight = demand[c.weight_column(study.demand.group)].to_numpy()
    inside = np.where(demand[c.IN_AREA].to_numpy(bool), weight, 0)
    return [*pieces(network, file), *loose_lines(network, near, snaps, inside, file)]
