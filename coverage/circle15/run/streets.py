"""Streets as the people of a walking profile may use them, and who joins them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle15.access.judging import Sites
from circle15.network.snapping import Snaps, snap_to_network
from circle15.study import columns as c
from circle15.study.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from circle15.network.walk_network import WalkNetwork
    from circle15.study.config import Study


@dataclass(frozen=True)
class Streets:
    """The streets that a walking profile may use, and where homes and facilities join them."""

    network: WalkNetwork
    demand_snaps: Snaps
    sites: Sites


def snapped(table: pd.DataFrame, network: WalkNetwork, study: Study) -> Snaps:
    """Join points to the streets, within the study's longest leg."""
    x_m, y_m = table[c.X_M].to_numpy(), table[c.Y_M].to_numpy()
    return snap_to_network(x_m, y_m, network, max_snap_m=float(study.walk.max_snap_m))


def other_streets(
    study: Study, networks: Mapping[str, WalkNetwork], demand: pd.DataFrame, usual: Sites
) -> dict[str, Streets]:
    """Join homes and facilities to the streets of each profile that a group has instead."""
    return {
        profile: Streets(
            network,
            snapped(demand, network, study),
            Sites(usual.table, snapped(usual.table, network, study), usual.covers),
        )
        for profile, network in networks.items()
    }


def not_joined(
    study: Study, demand: pd.DataFrame, usual: Streets, others: Mapping[str, Streets]
) -> list[Issue]:
    """List for each group with its own profile whose homes join the usual streets alone."""
    issues = []
    inside = demand[c.IN_AREA].to_numpy(bool)
    for group, profile in study.walk.profiles.items():
        theirs = others.get(profile, usual)
        weight = demand[c.weight_column(group)].to_numpy()
        lost = inside & usual.demand_snaps.joined & ~theirs.demand_snaps.joined & (weight > 0)
        sites = int((usual.sites.snaps.joined & ~theirs.sites.snaps.joined).sum())
        if not (lost.any() or sites):
            continue
        people = int(weight[lost].sum())
        detail = {
            "group": group,
            "profile": profile,
            "homes": f"{int(lost.sum()):,}",
            "people": f"{people / c.MICRO:,.1f}",
            "sites": f"{sites:,}",
        }
        judged = people if group == study.demand.group else None
        file = next(one.file_name for one in study.demand.layers if one.group == group)
        issues.append(
            Issue("PROFILE_NOT_JOINED", "warning", file, persons_micro=judged, detail=detail)
        )
    return issues
