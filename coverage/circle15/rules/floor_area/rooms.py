"""The rooms of a residential zone: which of them count, and the share of a shared room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from circle15.errors import InputDataError
from circle15.rules.comparing import doubt_of
from circle15.rules.floor_area.households import Reason, required_area_m2
from circle15.rules.floor_area.readings import Site
from circle15.rules.packs.floor_area_law import Basis, MixedRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle15.rules.floor_area.households import ZoneHouseholds
    from circle15.rules.packs.floor_area_law import FloorAreaLaw

Opens = Literal["now", "plan", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """
    A room or site that may count for a zone.

    Parameters
    ----------
    room_id
        Two rooms with one id are one room listed by two sources; it counts once.
    area_m2
        Floor area, m²; None is unknown, never 0.
    opens
        `now`: open at the date of the study; `plan`: not before the plan year; `never`: closed, or
        planned without a date.
    categories
        Categories of the facility; it counts if one of them does. Empty for a zone's own room,
        which always counts.
    origin
        File and row of the number, for reports.
    shared_by
        Ids of the zones that share it; empty where it is one zone's own.
    share
        Share (0–1) of the area that counts for the zone; None if unknown (`share_rooms`). The
        whole area is tested against the minimum.
    approximate
        Whether the area is approximate; it is taken as written.
    """

    room_id: str
    name: str = ""
    area_m2: Decimal | None
    opens: Opens = "now"
    categories: tuple[str, ...] = ()
    origin: str = ""
    share: Fraction | None = Fraction(1)
    shared_by: tuple[str, ...] = ()
    approximate: bool = False

    def __post_init__(self) -> None:
        if self.area_m2 is not None and not (self.area_m2.is_finite() and self.area_m2 >= 0):
            raise InputDataError(
                f"room '{self.room_id}' has an area of {self.area_m2} m².",
                column="area_m2",
                mend="Give an area of 0 or more, or leave it empty if it is unknown.",
            )


def share_rooms(
    rooms: Iterable[Room],
    zones: Sequence[ZoneHouseholds],
    law: FloorAreaLaw,
    *,
    basis: Basis = "households",
    mixed: MixedRule = "pooled",
) -> dict[str, tuple[Room, ...]]:
    """
    Split rooms among the zones that share them, in proportion to the zones' requirements.

    The option that judges the zones as one ("joint") is `judge_pool` with the whole rooms.

    Returns
    -------
    dict of tuple of Room
        By zone id, each room with its `share`; the shares of a room add up to 1. If the
        requirement of any zone is unknown, so are the shares. A zone without a requirement gets no
        share, unless no zone has one: then the shares are equal.

    Examples
    --------
    >>> from circle15.rules.floor_area.households import ZoneHouseholds
    >>> from circle15.rules.packs.floor_area_law import FloorAreaLaw
    >>> law = FloorAreaLaw(Decimal(30), Decimal(20), Decimal(300), ())
    >>> a, b = (
    ...     ZoneHouseholds(zone_id=i, kind="existing", households=Decimal(n))
    ...     for i, n in (("A", 1000), ("B", 2000))
    ... )
    >>> room = Room(room_id="r", area_m2=Decimal(500))
    >>> share_rooms([room], [a, b], law)["A"][0].share
    Fraction(1, 3)
    """
    required = {
        zone.zone_id: required_area_m2(zone, law, basis=basis, mixed=mixed) for zone in zones
    }
    if len(required) < len(zones):
        message = "two of the zones that share a room have the same zone_id."
        raise InputDataError(message, column="zone_id", mend="Give each zone an id of its own.")
    known = {i: area for i, area in required.items() if not isinstance(area, Reason)}
    total = sum(known.values(), Fraction(0))
    shares: dict[str, Fraction | None] = dict.fromkeys(required)
    if len(known) == len(required):
        shares |= {i: a / total if total else Fraction(1, len(known)) for i, a in known.items()}
    shared = tuple(rooms)
    return {i: tuple(replace(room, share=share) for room in shared) for i, share in shares.items()}


def unique_rooms(rooms: Iterable[Room]) -> tuple[Room, ...]:
    """
    Return each room once, by room id.

    Raises
    ------
    InputDataError
        If two rows with one id differ in area, opening, categories or share.
    """
    by_id: dict[str, Room] = {}
    for room in sorted(rooms, key=lambda r: (r.room_id, r.origin, r.name)):
        first = by_id.setdefault(room.room_id, room)
        as_first = replace(
            room, origin=first.origin, name=first.name, approximate=first.approximate
        )
        if as_first != first:
            raise InputDataError(
                f"room '{room.room_id}' is listed twice, with {first.area_m2} m² "
                f"({first.opens}) and {room.area_m2} m² ({room.opens}), or with different "
                "categories or shares.",
                column="room_id",
                mend="Keep the right row, or give the rooms different ids.",
            )
    return tuple(by_id.values())


def taken_off(rooms: Iterable[Room], off: int) -> tuple[Room, ...]:
    """Return rooms with approximate areas raised by `off` times their uncertainty, at least 0."""
    return tuple(
        room
        if room.area_m2 is None or not room.approximate
        else replace(room, area_m2=max(Decimal(0), room.area_m2 + off * _doubt(room.area_m2)))
        for room in rooms
    )


def _doubt(area_m2: Decimal) -> Decimal:
    doubt = doubt_of(area_m2)
    return Decimal(doubt.numerator) / doubt.denominator


def counts_for(room: Room, law: FloorAreaLaw) -> bool:
    """Return whether the law counts the floor area of a room, by its categories."""
    return not room.categories or any(category in law.counts for category in room.categories)


def is_measured(room: Room) -> bool:
    """Return whether the area and the share of a room are known."""
    return room.area_m2 is not None and room.share is not None


def least_sites(rooms: Iterable[Room]) -> tuple[Site, ...]:
    """Return the rooms as sites, with unknown areas and shares taken as 0."""
    return tuple(
        _site(room, Fraction(room.area_m2 or 0), room.share or Fraction(0)) for room in rooms
    )


def most_sites(rooms: Iterable[Room], *, enough_m2: Fraction) -> tuple[Site, ...]:
    """Return the rooms as sites, with unknown areas taken as `enough_m2` and shares as 1."""
    return tuple(
        _site(room, enough_m2, Fraction(1))
        if room.area_m2 is None
        else _site(room, Fraction(room.area_m2), Fraction(1) if room.share is None else room.share)
        for room in rooms
    )


def _site(room: Room, whole_m2: Fraction, share: Fraction) -> Site:
    return Site(room.room_id, whole_m2, whole_m2 * share)
