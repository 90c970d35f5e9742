"""Report a network without a connected piece that holds half of its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from circle15.network.walk_network import WalkNetwork

LEAST_SHARE = 0.5
"""Below this share of the length in the longest piece, the streets are likely not joined."""


def pieces(network: WalkNetwork, file: str) -> list[Finding]:
    """Warn if the longest connected piece holds less than half of the network's length."""
    length_m = np.bincount(network.component[network.u], weights=network.length_m)
    total_m = float(length_m.sum())
    if not total_m or (longest := float(length_m.max()) / total_m) >= LEAST_SHARE:
        return []
    detail = {"pieces": f"{len(length_m):,}", "share": f"{longest * 100:.1f}"}
    return [Finding("NETWORK_IN_PIECES", "warning", file, detail=detail)]
