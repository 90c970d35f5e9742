"""Open gates for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from circle15.arrays import Ints
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.database_tables import Source


def with_open_gates(network: WalkNetwork, nodes: Ints, file: Source, key: str) -> WalkNetwork:
    """
    Return a network whose gates at some nodes are open to everybody.

    A gate between a street and private ways lets walks into these, and out again.

    Parameters
    ----------
    nodes
        Ids of OpenStreetMap nodes.
    file, key
        The study and its key with the ids, for messages.

    Raises
    ------
    InputDataError
        If a node is no locked gate of the network, or its nodes have no ids.
    """
    if not len(network.gates):
        mend = "Only gates on walkable ways that are locked or private can be opened."
        raise InputDataError("the network has no locked gate.", file=file, column=key, mend=mend)
    if len(network.gate_ids) != len(network.gates):
        mend = 'Write "all", or name streets as an OpenStreetMap file.'
        found = "names nodes, and the nodes of this network have no ids."
        raise InputDataError(found, file=file, column=key, mend=mend)
    unknown = nodes[~np.isin(nodes, network.gate_ids)]
    if len(unknown):
        some = ", ".join(map(str, network.gate_ids[:5].tolist()))
        more = ", …" if len(network.gate_ids) > 5 else ""
        raise InputDataError(
            f"the node {int(unknown[0])} is not a locked gate on a walkable way.",
            file=file,
            column=key,
            mend=f"Gates: {some}{more}.",
        )
    opened = np.isin(network.gate_ids, nodes)
    return network.with_gates(
        gates=network.gates[~opened],
        gate_ids=network.gate_ids[~opened],
        opened=np.r_[network.opened, network.gates[opened]],
    )
