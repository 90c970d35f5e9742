"""
The oracle's states: covered, gap or unknown with its first reason, as the contract defines them.

Every rule is a small function of its own, found by brute force on the oracle's own network; no
code of circle15 is used. `states` combines times that are given, `judge` finds them itself.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeVar

import networkx as nx
import shapely

from tests.oracle.oracle_network import XY, Edge, Node, OracleNetwork
from tests.oracle.oracle_times import (
    SOURCE,
    Label,
    Place,
    Snap,
    nearest,
    reversed_graph,
    snap,
    walk_ms,
    ways_in,
    ways_out,
)

ONE = Fraction(1)
MARGIN_M = 50.0
INFINITE = math.inf

Key = TypeVar("Key", bound=Hashable)
Verdict = tuple[str, str | None]


@dataclass(frozen=True)
class Site:
    """
    An open facility: its id, its point (None: it has none) and its snap.

    `area` is where one without a point may stand: a polygon, `None` for nowhere in the study.
    """

    id: str
    xy: XY | None
    snap: Snap | str
    unsure: bool = False
    area: Any = None


@dataclass(frozen=True)
class Study:
    """What a judgement depends on besides homes and sites."""

    network: OracleNetwork
    speed: Fraction = ONE
    cutoffs_ms: Sequence[int] = (900_000,)
    max_snap_m: float = 200.0
    access_speed_factor: Fraction = ONE
    exits: Collection[Node] = ()
    covers: Any = None
    """Polygon in which the list of sites is complete; None: everywhere."""
    pieces: Mapping[Node, int] = field(default_factory=dict)

    def leg_ms(self, mm: int) -> int:
        """Milliseconds of a straight leg."""
        return walk_ms(mm, self.speed * self.access_speed_factor)

    @property
    def longest_leg_m(self) -> float:
        """A leg that takes longer than the circle is useless; the study may set a shorter limit."""
        walked = float(self.speed * self.access_speed_factor) * max(self.cutoffs_ms) / 1000
        return max(walked, self.max_snap_m)


# --- The rules, for given times ---------------------------------------------------------------


def states(
    homes: Sequence[Place],
    times: Sequence[Label | None],
    cutoffs_ms: Sequence[int],
    *,
    break_ms: Sequence[float] = (),
    times_if_unsure_count: Sequence[Label | None] | None = None,
    times_if_joined: Sequence[Label | None] = (),
    beside_unplaced: Sequence[bool] = (),
    exit_ms: Sequence[float] = (),
    outside_ms: Sequence[float] = (),
) -> list[dict[int, Verdict]]:
    """
    For each home and cutoff (state, reason): covered, gap, or unknown with its first reason.

    `times` count facilities whose position is certain. What is left out raises no doubt.
    """
    rows = []
    unsure = times if times_if_unsure_count is None else times_if_unsure_count
    for i, home in enumerate(homes):
        row: dict[int, Verdict] = {}
        for cutoff in cutoffs_ms:
            doubts = (
                ("UNSNAPPED", isinstance(home.snap, str)),
                ("NOT_CONNECTED", _at(break_ms, i, INFINITE) <= cutoff),
                ("POSITION_UNSURE", _within(unsure[i], cutoff)),
                ("SITE_UNJOINED", _within(_at(times_if_joined, i, None), cutoff)),
                ("SITE_UNPLACED", _at(beside_unplaced, i, False)),
                ("NETWORK_ENDS", _at(exit_ms, i, INFINITE) <= cutoff),
                ("LIST_ENDS", _at(outside_ms, i, INFINITE) <= cutoff),
            )
            held = [reason for reason, holds in doubts if holds]
            if _within(times[i], cutoff):
                row[cutoff] = ("covered", None)
            elif held:
                row[cutoff] = ("unknown", held[0])
            else:
                row[cutoff] = ("gap", None)
        rows.append(row)
    return rows


def _at(values: Sequence[Any], i: int, otherwise: Any) -> Any:
    return values[i] if len(values) else otherwise


def _within(label: Label | None, cutoff_ms: int) -> bool:
    return label is not None and label[0] <= cutoff_ms


def any_of(states_by_category: Sequence[str]) -> str:
    """Covered if one is, gap if all are, otherwise unknown."""
    if "covered" in states_by_category:
        return "covered"
    return "gap" if all(state == "gap" for state in states_by_category) else "unknown"


def all_of(states_by_category: Sequence[str]) -> str:
    """Gap if one is, covered if all are, otherwise unknown."""
    if "gap" in states_by_category:
        return "gap"
    return "covered" if all(state == "covered" for state in states_by_category) else "unknown"


# --- Times to nodes ---------------------------------------------------------------------------


def to_nodes(
    homes: Sequence[Place], targets: Mapping[Node, int], network: OracleNetwork, study: Study
) -> list[float]:
    """Milliseconds from each home to some nodes, each with a time of its own; inf if to none."""
    graph = reversed_graph(network, study.speed)
    graph.add_node(SOURCE)
    for node, ms in targets.items():
        graph.add_edge(SOURCE, node, weight=ms)
    costs = nx.single_source_dijkstra_path_length(graph, SOURCE)
    found: list[float] = []
    for home in homes:
        if isinstance(home.snap, str):
            found.append(INFINITE)
            continue
        out = ways_out(network.edges[home.snap.edge], home.snap.fraction, study.speed)
        leg = study.leg_ms(home.snap.access_mm)
        found.append(min((leg + ms + costs[n] for n, ms in out if n in costs), default=INFINITE))
    return found


def from_nodes(sites: Sequence[Snap], study: Study) -> dict[Node, int]:
    """Milliseconds from every node to the nearest of some sites, access leg included."""
    graph = reversed_graph(study.network, study.speed)
    graph.add_node(SOURCE)
    for number, one in enumerate(sites):
        site: Node = ("site", number)
        graph.add_edge(SOURCE, site, weight=study.leg_ms(one.access_mm))
        for node, ms in ways_in(study.network.edges[one.edge], one.fraction, study.speed):
            graph.add_edge(site, node, weight=ms)
    costs = nx.single_source_dijkstra_path_length(graph, SOURCE)
    return {node: int(ms) for node, ms in costs.items()}  # integers already


# --- Components of the network ----------------------------------------------------------------


def ranks(network: OracleNetwork) -> dict[Node, int]:
    """Rank of the component of each node by length: 0 the longest; of equal ones the first."""
    graph: nx.Graph[Node] = nx.Graph()
    graph.add_edges_from((edge.u, edge.v) for edge in network.edges)
    place = {node: k for k, node in enumerate(network.node_xy)}
    pieces = list(nx.connected_components(graph))

    def order(piece: Collection[Node]) -> tuple[float, int]:
        own = [edge.length_m for edge in network.edges if edge.u in piece]
        return -round(math.fsum(own), 3), min(place[node] for node in piece)

    return {node: rank for rank, piece in enumerate(sorted(pieces, key=order)) for node in piece}


def across(points: Sequence[XY], network: OracleNetwork, limit_m: float) -> list[Snap | str]:
    """Snap points to the nearest edge that takes snaps, ignoring barriers."""
    return snap(points, replace(network, barriers=(), low=()), limit_m)


def beside_larger(
    points: Sequence[XY], piece_ranks: Sequence[int], study: Study
) -> list[Snap | str]:
    """Snap each point of a component to a larger one in reach, ignoring barriers."""
    network = study.network
    found: list[Snap | str] = ["LARGEST"] * len(points)
    for rank in sorted(set(piece_ranks) - {0}):

        def larger(edge: Edge, rank: int = rank) -> Edge:
            return replace(edge, takes_snaps=edge.takes_snaps and study.pieces[edge.u] < rank)

        others = replace(network, edges=[larger(edge) for edge in network.edges])
        some = [k for k, own in enumerate(piece_ranks) if own == rank]
        joined = across([points[k] for k in some], others, study.max_snap_m)
        for k, one in zip(some, joined, strict=True):
            found[k] = one
    return found


def rank_of(place: Snap | str, study: Study) -> int:
    """Rank of the component of a point; 0 where it has no snap."""
    if isinstance(place, str):
        return 0
    return study.pieces[study.network.edges[place.edge].u]


def breaks(study: Study) -> dict[Node, Snap]:
    """Nodes of components where people may be, and where each would join a larger component."""
    network = study.network
    inhabited = {study.pieces[edge.u] for edge in network.edges if edge.takes_snaps}
    nodes = [node for node, rank in study.pieces.items() if rank in inhabited]
    joined = beside_larger(
        [network.node_xy[node] for node in nodes], [study.pieces[node] for node in nodes], study
    )
    return {node: one for node, one in zip(nodes, joined, strict=True) if isinstance(one, Snap)}


# --- Rims -------------------------------------------------------------------------------------


def outside_list(homes: Sequence[Place], study: Study) -> list[float]:
    """Milliseconds to the nearest street more than 50 m outside the list's area."""
    network = study.network
    if study.covers is None:
        return [INFINITE] * len(homes)
    inside = shapely.buffer(study.covers, MARGIN_M, quad_segs=32)
    goals = []
    beyond: dict[int, Any] = {}
    for number, edge in enumerate(network.edges):
        line = shapely.LineString([network.node_xy[edge.u], network.node_xy[edge.v]])
        part = shapely.difference(line, inside)
        if shapely.is_empty(part):
            continue
        beyond[number] = part
        for x, y in shapely.get_coordinates(part):
            along = shapely.line_locate_point(line, shapely.Point(x, y), normalized=True)
            goals.append(Place("end", Snap(number, float(along), 0)))
    labels = nearest(
        homes, goals, network, study.speed, max(study.cutoffs_ms), study.access_speed_factor
    )
    found = []
    for home, label in zip(homes, labels, strict=True):
        ms = INFINITE if label is None else float(label[0])
        if isinstance(home.snap, Snap) and home.snap.edge in beyond:
            edge = network.edges[home.snap.edge]
            (x0, y0), (x1, y1) = network.node_xy[edge.u], network.node_xy[edge.v]
            f = home.snap.fraction
            if not shapely.intersects(
                inside, shapely.Point(x0 + f * (x1 - x0), y0 + f * (y1 - y0))
            ):
                ms = float(study.leg_ms(home.snap.access_mm))
        found.append(ms)
    return found


# --- All together -----------------------------------------------------------------------------


def judge(
    homes: Sequence[Place], homes_xy: Sequence[XY], sites: Sequence[Site], study: Study
) -> list[dict[int, Verdict]]:
    """Judge homes for one category, everything found by brute force."""
    network = study.network
    study = replace(study, pieces=ranks(network))
    circle_ms = max(study.cutoffs_ms)

    def search(goals: Sequence[Place]) -> list[Label | None]:
        return nearest(homes, goals, network, study.speed, circle_ms, study.access_speed_factor)

    found_breaks = breaks(study)
    beside = beside_larger(homes_xy, [rank_of(home.snap, study) for home in homes], study)
    to_break = to_nodes(homes, dict.fromkeys(found_breaks, 0), network, study)
    break_ms = [
        0.0 if isinstance(one, Snap) else ms for one, ms in zip(beside, to_break, strict=True)
    ]
    every = [Place(site.id, site.snap) for site in sites]
    sure = [Place(site.id, site.snap) for site in sites if not site.unsure]
    return states(
        homes,
        search(sure),
        study.cutoffs_ms,
        break_ms=break_ms,
        times_if_unsure_count=search(every),
        times_if_joined=_if_joined(homes, sites, found_breaks, study),
        beside_unplaced=[
            any(
                s.xy is None and s.area is not None and s.area.intersects(shapely.Point(xy))
                for s in sites
            )
            for xy in homes_xy
        ],
        exit_ms=to_nodes(homes, dict.fromkeys(study.exits, 0), network, study),
        outside_ms=outside_list(homes, study),
    )


def _if_joined(
    homes: Sequence[Place], sites: Sequence[Site], found: Mapping[Node, Snap], study: Study
) -> list[Label | None]:
    """Times if all had joined: sites across their barriers, components across their breaks."""
    network = study.network
    placed = [site for site in sites if site.xy is not None]
    points = [site.xy for site in placed if site.xy is not None]
    own = [
        across([xy], network, study.longest_leg_m)[0] if isinstance(site.snap, str) else site.snap
        for site, xy in zip(placed, points, strict=True)
    ]
    goals = [
        Place("across", one)
        for site, one in zip(placed, own, strict=True)
        if isinstance(site.snap, str)
    ]
    found_beside = beside_larger(points, [rank_of(one, study) for one in own], study)
    goals += [Place("beside", one) for one in found_beside if isinstance(one, Snap)]
    stands = [one for one in own if isinstance(one, Snap)]
    onward = from_nodes(stands, study)
    # The way goes on across a break: the leg leads to the larger component, then along it.
    over = [(place, onward[node]) for node, place in found.items() if node in onward]
    goals += [Place("break", place) for place, _ in over]
    more_ms = [0] * (len(goals) - len(over)) + [ms for _, ms in over]
    return nearest(
        homes,
        goals,
        network,
        study.speed,
        max(study.cutoffs_ms),
        study.access_speed_factor,
        more_ms,
    )
