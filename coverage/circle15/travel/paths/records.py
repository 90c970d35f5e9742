"""Record of a route: its ends, its steps, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

from circle15.inputs.crs.china import lies_in_china

if TYPE_CHECKING:
    from circle15.network.walk_network import WalkNetwork
    from circle15.study.settings.records import Study
    from circle15.travel.paths.steps import Barrier, Step


class NoRoute(StrEnum):
    """Why there is no route: an end has not joined the network (its snapping code), or no path."""

    ORIGIN_TOO_FAR = "ORIGIN_TOO_FAR"
    ORIGIN_ACCESS_BARRIER = "ORIGIN_ACCESS_BARRIER"
    DESTINATION_TOO_FAR = "DESTINATION_TOO_FAR"
    DESTINATION_ACCESS_BARRIER = "DESTINATION_ACCESS_BARRIER"
    DESTINATION_NO_POSITION = "DESTINATION_NO_POSITION"
    NOT_CONNECTED = "NOT_CONNECTED"
    GATED = "GATED"
    BEYOND_HORIZON = "BEYOND_HORIZON"


@dataclass(frozen=True, slots=True)
class RouteEnd:
    """
    Where a route begins or ends.

    `lon` and `lat` are WGS 84 degrees, None for a facility without a position; `facility_id`,
    `name` and `category` are empty for a bare position.
    """

    lon: float | None
    lat: float | None
    facility_id: str = ""
    name: str = ""
    category: str = ""


@dataclass(frozen=True)
class Route:
    """
    The route from one point to another at the judged speed, or the reason why there is none.

    Attributes
    ----------
    steps
        The way there: access leg, ways, egress leg; empty where there is none.
    steps_back
        The way back, where the study judges round trips; else empty.
    reason
        Why there is no route (for a round trip: there or back); None where there is one.
    barriers
        Id and kind of the barriers that stop the legs of origin and destination, or of the walls
        that they pass; None where there is none.
    """

    study: Study
    network: WalkNetwork
    origin: RouteEnd
    destination: RouteEnd
    steps: tuple[Step, ...] = ()
    steps_back: tuple[Step, ...] = ()
    reason: NoRoute | None = None
    barriers: tuple[Barrier, Barrier] = (None, None)

    @property
    def in_china(self) -> bool:
        """Whether its streets may lie in China, where published maps need an approval number."""
        return lies_in_china(self.network.extent, self.network.crs)


@dataclass(frozen=True, slots=True)
class StreetWalked:
    """
    A street of a route and the metres walked along it; or several streets, summed up.

    `name` may be empty, and is None for streets that are summed up; `streets` is their number.
    """

    name: str | None
    length_m: float
    streets: int = 1


def time_ms(steps: tuple[Step, ...]) -> int:
    """Return the time of steps, milliseconds."""
    return sum(step.time_ms for step in steps)


def length_m(steps: tuple[Step, ...]) -> float:
    """Return the length of steps along the network, metres, without the legs."""
    return sum(step.length_m for step in steps if step.part == "way")


def streets_walked(steps: tuple[Step, ...], *, most: int) -> list[StreetWalked]:
    """
    Return the streets walked along in their order, without the legs at both ends.

    Consecutive steps on ways of one name are one street. Where there are more streets than `most`,
    those between the first ones and the last one are summed up.
    """
    found = [
        StreetWalked(name, sum(step.length_m for step in same))
        for name, same in groupby((s for s in steps if s.part == "way"), key=lambda step: step.name)
    ]
    if len(found) <= most:
        return found
    rest = found[most - 1 : -1]
    summed = StreetWalked(None, sum(street.length_m for street in rest), len(rest))
    return [*found[: most - 1], summed, found[-1]]


def stairs_ms(steps: tuple[Step, ...]) -> int:
    """Return the time of steps on stairs, milliseconds."""
    return sum(step.time_ms for step in steps if step.stairs)


def waiting_ms(steps: tuple[Step, ...]) -> int:
    """Return the time spent waiting at signals and crossings, milliseconds."""
    return sum(step.waiting_ms for step in steps)


def beyond_level_s(steps: tuple[Step, ...], speed_m_s: float) -> float:
    """
    Return the seconds beyond waiting and the length walked at the speed on level streets.

    They are due to slopes, stairs, surfaces and the legs at both ends; they may be negative
    downhill.
    """
    return time_ms(steps) / 1000 - waiting_ms(steps) / 1000 - length_m(steps) / speed_m_s
