"""Report open sites that have joined the network but may be reached from elsewhere as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle15.network.joining_across import rank_of_pieces
from circle15.study.vocabulary import columns as c
from circle15.study.vocabulary.finding import Finding

if TYPE_CHECKING:
    from circle15.access.joining.sites import Sites
    from circle15.arrays import Bools
    from circle15.network.walk_network import WalkNetwork


def sites_in_doubt(sites: Sites, network: WalkNetwork) -> list[Finding]:
    """Report entrances that have not joined, and sites on a disconnected piece of the network."""
    return [*_unjoined_doors(sites), *_not_connected(sites, network)]


def _unjoined_doors(sites: Sites) -> list[Finding]:
    """Report sites with entrances of which some have joined and others have not."""
    doors = sites.doors
    if doors is None:
        return []
    every = np.bincount(doors.row, minlength=len(sites.table))
    joined = np.bincount(doors.row, weights=doors.snaps.joined, minlength=len(sites.table))
    return [
        _finding("ENTRANCE_UNJOINED", sites, row, lost=f"{int(every[row] - joined[row])}")
        for row in np.flatnonzero(_open(sites) & (joined > 0) & (joined < every)).tolist()
    ]


def _not_connected(sites: Sites, network: WalkNetwork) -> list[Finding]:
    """Report sites on a piece of the network close to a larger one that it does not connect to."""
    if sites.breaks is None or not len(sites.breaks.node):
        return []
    rank = rank_of_pieces(network)
    of_node = np.full(len(network.x_m), -1, np.int64)
    of_node[network.u], of_node[network.v] = rank, rank
    apart = np.unique(of_node[sites.breaks.node])
    edge = sites.snaps.edge
    stands = (edge >= 0) & np.isin(rank[edge], apart)
    piece_km = np.bincount(rank, weights=network.length_m) / 1000
    return [
        _finding("SITE_NOT_CONNECTED", sites, row, km=f"{piece_km[rank[edge[row]]]:,.1f}")
        for row in np.flatnonzero(_open(sites) & stands).tolist()
    ]


def _open(sites: Sites) -> Bools:
    return sites.table[c.OPEN].to_numpy(bool)


def _finding(code: str, sites: Sites, row: int, **detail: str) -> Finding:
    site = sites.table.iloc[row]
    detail["id"] = str(site[c.FACILITY_ID])
    return Finding(code, "warning", site["file"], int(site["row"]), detail=detail)
