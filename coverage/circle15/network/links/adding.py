"""
Add links, such as footbridges, to a walking network.

A link is walked from end to end. Each end joins the nearest street within 20 m, or an end of
another link at the same place; nothing joins it between them. Where an end joins an edge between
its nodes, the edge is split: its cost is that of the two pieces together, in both directions, to
the millimetre and millisecond.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from circle15.inputs.crs.positions import WGS84, transform
from circle15.network.build import ellipsoidal_m
from circle15.network.costs.crossings import TaggedEdges
from circle15.network.costs.impedance import edge_costs, is_open
from circle15.network.links.joints import (
    Link,
    LinkEdges,
    Split,
    could_snap,
    find_joints,
    link_edges,
)
from circle15.network.links.slopes import Added, with_flat_costs, with_slopes
from circle15.network.osm.snap_rule import takes_last_snaps, takes_snaps
from circle15.network.osm.walk_filter import decide, directions, kind_of
from circle15.network.topology.compounds import is_private
from circle15.network.topology.junctions import level_of
from circle15.network.walk_network import WalkNetwork, long_enough, node_components
from circle15.study.vocabulary.profiles import profiles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from circle15.arrays import Floats, Ints
    from circle15.study.database_tables import Source
    from circle15.study.settings.records import NetworkSource


@dataclass(frozen=True)
class Linked:
    """A network with links, and the index in it of each edge from before; -1 for split ones."""

    network: WalkNetwork
    stays: Ints


def with_links(
    network: WalkNetwork, links: Sequence[Link], source: NetworkSource, file: Source
) -> Linked:
    """
    Add links to a network; those closed to its profile are left out.

    Parameters
    ----------
    links
        Lines of at least two vertices, all walkable.
    source
        For the elevation model and the length of short pieces.
    file
        The file of the links, for messages.

    Raises
    ------
    InputDataError
        If an end joins nothing within 20 m, or a link has no length.
    """
    profile = profiles()[network.profile]
    joints = find_joints(network, links, file)
    kept = [one for one in links if is_open(one.tags, profile)]
    if not kept:
        return Linked(network, np.arange(len(network.u)))
    split = Split.of(network, joints)
    x, y = np.r_[network.x_m, split.x_m], np.r_[network.y_m, split.y_m]
    made = link_edges(kept, joints, split.node_of, (x, y), file)
    x, y = made.x_m, made.y_m
    old, n_old = split.origin, len(split.origin)
    owner = np.repeat(np.arange(len(kept)), made.sizes)
    u, v = np.r_[split.u, made.u], np.r_[split.v, made.v]
    lon, lat = transform(x[len(network.x_m) :], y[len(network.x_m) :], network.crs, WGS84)
    length_m = np.r_[split.share * network.length_m[old], _lengths(network, made, lon, lat)]
    own_m = length_m[n_old:]
    tags = [dict(one.tags) for one in kept]
    relief, slopes = network.relief, (np.ones(len(own_m)), np.ones(len(own_m)))
    if relief is not None and source.dem is not None:
        relief, slopes = with_slopes(network, Added(split, made, tags, owner, length_m), source)
    costs = edge_costs(
        profile,
        TaggedEdges(tags, {}, made.u, made.v, owner, own_m, len(x)),
        np.array([directions(one) for one in tags], bool),
        slope_fwd=slopes[0],
        slope_bwd=slopes[1],
    )
    if relief is not None:
        relief = with_flat_costs(relief, network.relief, split, costs)
    first_way = min(int(network.way_id.min(initial=0)), -1) - 1  # -1 marks links of compounds
    ways = first_way - np.arange(len(kept))
    snaps, last = could_snap(network)
    snaps = np.r_[snaps[old], np.array([takes_snaps(one) for one in tags], bool)[owner]]
    last = np.r_[last[old], np.array([takes_last_snaps(one) for one in tags], bool)[owner]]
    component = node_components(len(x), u, v)
    enough = long_enough(component, u, length_m, float(source.min_component_m))

    def more(values: npt.NDArray[Any], added: Any) -> npt.NDArray[Any]:
        return np.concatenate([values[old], np.asarray(added, values.dtype)])

    found = replace(
        network,
        x_m=x,
        y_m=y,
        u=u,
        v=v,
        length_m=length_m,
        base_mm_fwd=np.r_[split.cut(network.base_mm_fwd), costs.base_mm_fwd],
        base_mm_bwd=np.r_[split.cut(network.base_mm_bwd), costs.base_mm_bwd],
        delay_ms_fwd=np.r_[split.cut(network.delay_ms_fwd), costs.delay_ms_fwd],
        delay_ms_bwd=np.r_[split.cut(network.delay_ms_bwd), costs.delay_ms_bwd],
        way_id=more(network.way_id, ways[owner]),
        way_pos=np.r_[_places(network.way_id[old]), _places(owner)],
        kind=more(network.kind, np.array([kind_of(one) for one in tags], object)[owner]),
        private=more(network.private, np.array([is_private(one) for one in tags])[owner]),
        snappable=snaps & enough,
        last_resort=last & enough,
        could_snap=(snaps, last),
        counts=_counts(network.counts, len(kept)),
        kept=dict(sorted((Counter(network.kept) + Counter(_reasons(tags))).items())),
        names=network.names | _names(ways, tags),
        carriageways=None
        if network.carriageways is None
        else np.flatnonzero(np.isin(np.r_[old, np.full(len(own_m), -1)], network.carriageways)),
        relief=relief,
        level=None
        if network.level is None
        else more(network.level, np.array([level_of(one) for one in tags], np.int64)[owner]),
    )
    stays = _stays(split)
    n = len(network.x_m)
    exits = np.r_[network.exits, n + np.flatnonzero(network.leave_data(x[n:], y[n:]))]
    return Linked(found.knowing(exits=exits), stays)


def _stays(split: Split) -> Ints:
    """Return the piece that is the whole of each edge; -1 for edges that are split."""
    pieces = np.bincount(split.origin)
    return np.where(pieces == 1, np.cumsum(pieces) - 1, -1)


def _lengths(network: WalkNetwork, made: LinkEdges, lon: Floats, lat: Floats) -> Floats:
    """Return the ellipsoidal lengths of the edges of links, metres; degrees are of new nodes."""
    n = len(network.x_m)
    used = np.unique(np.r_[made.u, made.v])
    old = used[used < n]
    every_lon, every_lat = np.full(n, np.nan), np.full(n, np.nan)
    every_lon[old], every_lat[old] = transform(
        network.x_m[old], network.y_m[old], network.crs, WGS84
    )
    return ellipsoidal_m(np.r_[every_lon, lon], np.r_[every_lat, lat], made.u, made.v)


def _places(way: Ints) -> Ints:
    """Number the edges of each way, which follow each other, from 0."""
    starts = np.flatnonzero(np.r_[True, way[1:] != way[:-1]])
    return np.arange(len(way)) - np.repeat(starts, np.diff(np.r_[starts, len(way)]))


def _reasons(tags: Sequence[Mapping[str, str]]) -> list[str]:
    return [decide(one)[1] for one in tags]


def _counts(counts: Mapping[str, int], added: int) -> dict[str, int]:
    """Return the numbers of ways with those of links."""
    more = {"ways_read": added, "ways_walkable": added}
    return {key: value + more.get(key, 0) for key, value in counts.items()}


def _names(ways: Ints, tags: Sequence[Mapping[str, str]]) -> dict[int, str]:
    named = zip(ways.tolist(), (one.get("name", "").strip() for one in tags), strict=True)
    return {way: name for way, name in named if name}
