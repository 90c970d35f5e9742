"""Rooms that several zones share: their owners, their parts, and the zones judged as one."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.rules.floor_area.judge import FloorAreaSheet, judge_pool
from circle15.rules.floor_area.rooms import Room, share_rooms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from circle15.rules.floor_area.households import ZoneHouseholds
    from circle15.rules.packs.floor_area_law import FloorAreaLaw
    from circle15.study.settings.rules.requirements import Rules

_BETWEEN = re.compile(r"\s*[;；、，,+]\s*")


def zones_named(zone_id: str | None, known: Collection[str]) -> tuple[str, ...]:
    """
    Return the zones that a value names: one, or several separated by `;`, `、`, `,` or `+`.

    Returns
    -------
    Zone ids in ascending order; none unless all of them are known.

    Examples
    --------
    >>> zones_named("N-01; N-02", {"N-01", "N-02"}), zones_named("N-01; N-9", {"N-01"})
    (('N-01', 'N-02'), ())
    """
    if zone_id is None:
        return ()
    if zone_id in known:
        return (zone_id,)
    parts = tuple(sorted({part for part in _BETWEEN.split(zone_id) if part}))
    return parts if all(part in known for part in parts) else ()


def split_shared(
    rooms: Mapping[str, tuple[Room, ...]],
    households: Mapping[str, ZoneHouseholds],
    law: FloorAreaLaw,
    rules: Rules,
) -> dict[str, tuple[Room, ...]]:
    """Return the rooms of each zone, shared ones with its share in proportion to requirements."""
    parts: dict[tuple[str, ...], dict[str, Fraction | None]] = {}
    found: dict[str, tuple[Room, ...]] = {}
    for zone_id, own in rooms.items():
        mine = []
        for room in own:
            if room.shared_by and room.shared_by not in parts:
                zones = [households[one] for one in room.shared_by]
                split = share_rooms([room], zones, law, basis=rules.basis, mixed=rules.mixed)
                parts[room.shared_by] = {one: shares[0].share for one, shares in split.items()}
            share = parts[room.shared_by][zone_id] if room.shared_by else room.share
            mine.append(replace(room, share=share) if room.shared_by else room)
        found[zone_id] = tuple(mine)
    return found


def together(rooms: Iterable[Room]) -> list[Room]:
    """Return the rooms of zones in one pool, with the shares of a shared room summed."""
    found: dict[str, Room] = {}
    others: list[Room] = []
    for room in rooms:
        first = found.get(room.room_id)
        if not room.shared_by:
            others.append(room)
        elif first is None:
            found[room.room_id] = room
        elif first.share is not None and room.share is not None:
            found[room.room_id] = replace(first, share=first.share + room.share)
    return [*others, *found.values()]


def judge_jointly(
    rooms: Mapping[str, tuple[Room, ...]],
    households: Mapping[str, ZoneHouseholds],
    law: FloorAreaLaw,
    rules: Rules,
) -> dict[str, FloorAreaSheet]:
    """Judge zones that share rooms, directly or through others, as one, with whole rooms."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for own in rooms.values():
        for room in own:
            for zone_id in room.shared_by:
                neighbours[zone_id] |= set(room.shared_by)
    found: dict[str, FloorAreaSheet] = {}
    for zone_id in sorted(neighbours):
        if zone_id in found:
            continue
        members, waiting = {zone_id}, [zone_id]
        while waiting:
            new = neighbours[waiting.pop()] - members
            members |= new
            waiting += sorted(new)
        ordered = sorted(members)
        whole = [replace(room, share=Fraction(1)) for one in ordered for room in rooms[one]]
        sheet = judge_pool(
            "+".join(ordered),
            [households[one] for one in ordered],
            whole,
            law,
            reading=rules.reading,
            basis=rules.basis,
            mixed=rules.mixed,
        )
        found |= dict.fromkeys(ordered, sheet)
    return found
