"""Slopes of links, between the streets that they join."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circle15.network.build import relief_of
from circle15.study.vocabulary.profiles import profiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.arrays import Floats, Ints
    from circle15.network.costs.impedance import EdgeCosts
    from circle15.network.links.joints import LinkEdges, Split
    from circle15.network.relief import Relief
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import NetworkSource


@dataclass(frozen=True)
class Added:
    """Pieces of the streets and edges of links: lengths of all, and of links tags and owner."""

    split: Split
    made: LinkEdges
    tags: Sequence[Mapping[str, str]]
    owner: Ints
    length_m: Floats


def with_slopes(
    network: WalkNetwork, added: Added, source: NetworkSource
) -> tuple[Relief, tuple[Floats, Floats]]:
    """
    Measure the slopes of links; streets keep theirs.

    Returns
    -------
    The relief without costs, and the ratios of the links there and back.
    """
    assert source.dem is not None
    split, made, tags, owner, length_m = (
        added.split,
        added.made,
        added.tags,
        added.owner,
        added.length_m,
    )
    before = network.relief
    assert before is not None
    # Streets at their ends are abutments, between which the heights of a bridge are even.
    beside = np.flatnonzero(
        np.isin(split.u, np.r_[made.u, made.v]) | np.isin(split.v, np.r_[made.u, made.v])
    )
    n_old = len(split.origin)
    u, v = np.r_[made.u, split.u[beside]], np.r_[made.v, split.v[beside]]
    nodes, number = np.unique(np.r_[u, v], return_inverse=True)
    ends = number[: len(u)].astype(np.int64), number[len(u) :].astype(np.int64)
    street: dict[str, str] = {"highway": "residential"}
    found = relief_of(
        (source.dem, network.crs),
        (made.x_m[nodes], made.y_m[nodes]),
        (*ends, np.r_[owner, np.full(len(beside), len(tags))], np.arange(len(u))),
        np.r_[length_m[n_old:], length_m[beside]],
        [*tags, street],
    )
    own = np.arange(len(made.u))
    if not profiles()[network.profile].plain:
        stairs = np.array([one.get("highway") == "steps" for one in tags], bool)[owner]
        found = found.without_slopes(np.r_[stairs, np.zeros(len(beside), bool)])
    z = np.r_[before.node_z_m, np.full(len(made.x_m) - len(network.x_m), np.nan)]
    new = nodes >= len(network.x_m)
    z[nodes[new]] = found.node_z_m[new]
    share = split.share
    km = float(length_m[n_old:].sum())
    known = bool(np.isfinite(found.node_z_m[np.r_[ends[0][own], ends[1][own]]]).all())
    return replace(
        before,
        node_z_m=z,
        ratio_fwd=np.r_[before.ratio_fwd[split.origin], found.ratio_fwd[own]],
        ratio_bwd=np.r_[before.ratio_bwd[split.origin], found.ratio_bwd[own]],
        ascent_m=np.r_[before.ascent_m[split.origin] * share, found.ascent_m[own]],
        descent_m=np.r_[before.descent_m[split.origin] * share, found.descent_m[own]],
        spanned_m=before.spanned_m + (km if known else 0.0),
        flat_m=before.flat_m + (0.0 if known else km),
    ), (found.ratio_fwd[own], found.ratio_bwd[own])


def with_flat_costs(
    relief: Relief, before: Relief | None, split: Split, costs: EdgeCosts
) -> Relief:
    """Return the relief with what edges would cost if all streets were level."""
    if before is None or before.flat_mm_fwd is None or before.flat_mm_bwd is None:
        return relief
    return replace(
        relief,
        flat_mm_fwd=np.r_[split.cut(before.flat_mm_fwd), costs.flat_mm_fwd],
        flat_mm_bwd=np.r_[split.cut(before.flat_mm_bwd), costs.flat_mm_bwd],
    )
