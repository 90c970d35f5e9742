"""What is reported of the streets as a whole: pieces, and lines that meet unjoined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.sources.loose_lines import loose_lines
from circle15.network.topology.pieces import pieces
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from circle15.inputs.demand.population import Population
    from circle15.network.snapping import Snaps
    from circle15.network.sources.near_lines import NearPairs
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from circle15.study.vocabulary.finding import Finding


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
