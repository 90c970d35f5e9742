"""Describe a path as steps: the access leg, each way by its name, the egress leg."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.network.walk_network import WalkNetwork
    from circle15.travel.paths.shortest import ShortestPath, Stretch

Part = Literal["access", "way", "egress"]
XY = tuple[float, float]
Barrier = tuple[str, str] | None

STAIRS = "steps"
"""The `highway` of stairs."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    A straight leg, or consecutive edges of one way or name and of one kind.

    Attributes
    ----------
    part
        The leg from the origin, a way, or the leg to the destination.
    name, kind
        Name of the way (may be empty) and its `highway`; empty for legs.
    way_ids
        Ids of its ways, in walking order.
    private
        Whether the way belongs to a compound.
    length_m
        Ellipsoidal length; of a leg the straight length.
    flat_m
        Flat-equivalent metres: the length × slope, stairs and surface.
    ascent_m, descent_m
        Metres climbed and descended; 0 without an elevation model.
    slope_ms
        Part of the time due to slope; negative where gentle slopes down save time.
    waiting_ms
        Part of the time spent waiting at signals and crossings.
    time_ms
        Time of the step, including waiting. The steps of a path sum to its time.
    line
        Its vertices in the study CRS, metres.
    barrier
        Id and kind of the wall, fence or hedge that a leg passes; None where it passes none.
    """

    part: Part
    name: str
    kind: str
    way_ids: tuple[int, ...]
    private: bool
    length_m: float
    flat_m: float
    ascent_m: float
    descent_m: float
    slope_ms: int
    waiting_ms: int
    time_ms: int
    line: tuple[XY, ...]
    barrier: Barrier = None

    @property
    def stairs(self) -> bool:
        """Whether the step is on stairs."""
        return self.kind == STAIRS


def walk_steps(
    network: WalkNetwork,
    path: ShortestPath,
    *,
    origin: XY,
    destination: XY,
    joints: tuple[XY, XY],
    legs_mm: tuple[int, int],
    barriers: tuple[Barrier, Barrier] = (None, None),
) -> tuple[Step, ...]:
    """
    Describe a path as steps.

    Parameters
    ----------
    origin, destination
        The two points, study CRS, metres.
    joints
        Where they join the network.
    legs_mm
        Lengths of the straight legs between them, millimetres.
    barriers
        Id and kind of the walls that the legs pass; None where they pass none.

    Returns
    -------
    The access leg, the ways, and the egress leg.
    """
    return (
        _leg("access", legs_mm[0], path.access_ms, (origin, joints[0]), barriers[0]),
        *_ways(network, path.stretches),
        _leg("egress", legs_mm[1], path.egress_ms, (joints[1], destination), barriers[1]),
    )


def point_on_edge(network: WalkNetwork, edge: int, fraction: float) -> XY:
    """Return the point at a fraction of an edge, exactly its last node where the fraction is 1."""
    u, v = network.u[edge], network.v[edge]
    if fraction == 1.0:
        return float(network.x_m[v]), float(network.y_m[v])
    x, y = float(network.x_m[u]), float(network.y_m[u])
    return x + fraction * (float(network.x_m[v]) - x), y + fraction * (float(network.y_m[v]) - y)


def _leg(part: Part, length_mm: int, time_ms: int, line: tuple[XY, XY], barrier: Barrier) -> Step:
    return Step(
        part=part,
        name="",
        kind="",
        way_ids=(),
        private=False,
        length_m=length_mm / 1000,
        flat_m=length_mm / 1000,
        ascent_m=0.0,
        descent_m=0.0,
        slope_ms=0,
        waiting_ms=0,
        time_ms=time_ms,
        line=line,
        barrier=barrier,
    )


def _ways(network: WalkNetwork, stretches: Sequence[Stretch]) -> Iterator[Step]:
    """Merge consecutive edges of one name (without one: of one way), kind and access."""

    def sort_of(stretch: Stretch) -> tuple[str | int, str, bool]:
        edge = stretch.edge
        way = int(network.way_id[edge])
        return network.names.get(way, way), str(network.kind[edge]), bool(network.private[edge])

    for (label, kind, private), group in groupby(stretches, sort_of):
        run = list(group)
        climbs = [_climb(network, one) for one in run]
        ends = [point_on_edge(network, one.edge, one.end) for one in run]
        yield Step(
            part="way",
            name=label if isinstance(label, str) else "",
            kind=kind,
            way_ids=tuple(dict.fromkeys(int(network.way_id[one.edge]) for one in run)),
            private=private,
            length_m=sum(one.share * float(network.length_m[one.edge]) for one in run),
            flat_m=sum(one.share * _base_mm(network, one) for one in run) / 1000,
            ascent_m=sum(up for up, _, _ in climbs),
            descent_m=sum(down for _, down, _ in climbs),
            slope_ms=math.floor(sum(ms for _, _, ms in climbs) + 0.5),
            waiting_ms=sum(_waiting_ms(network, one) for one in run),
            time_ms=sum(one.ms for one in run),
            line=(point_on_edge(network, run[0].edge, run[0].start), *ends),
        )


def _base_mm(network: WalkNetwork, stretch: Stretch) -> int:
    base = network.base_mm_fwd if stretch.forward else network.base_mm_bwd
    return int(base[stretch.edge])


def _climb(network: WalkNetwork, stretch: Stretch) -> tuple[float, float, float]:
    """Return the metres climbed and descended on a stretch, and the milliseconds due to slope."""
    relief = network.relief
    if relief is None:
        return 0.0, 0.0, 0.0
    edge = stretch.edge
    up, down = float(relief.ascent_m[edge]), float(relief.descent_m[edge])
    ratio = float((relief.ratio_fwd if stretch.forward else relief.ratio_bwd)[edge])
    if not stretch.forward:
        up, down = down, up
    walking = stretch.ms - _waiting_ms(network, stretch)
    return stretch.share * up, stretch.share * down, walking * (1 - 1 / ratio)


def _waiting_ms(network: WalkNetwork, stretch: Stretch) -> int:
    """Return the waiting on a stretch, in proportion to the part of the edge that is walked."""
    delay = network.delay_ms_fwd if stretch.forward else network.delay_ms_bwd
    return math.floor(stretch.share * int(delay[stretch.edge]) + 0.5)
