"""Text for the check of a residential zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.text.numbers import area, count, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.output.text.wording import Words
    from circle15.rules.floor_area.floor_area_sheet import FloorAreaSheet
    from circle15.rules.floor_area.readings import Mend
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.floor_area.zone_checks import ZoneCheck

WAYS_SHOWN = 3
FIGURES: Final = (
    "households",
    "required_m2",
    "counted_m2",
    "plain_sum_m2",
    "plain_gap_m2",
    "shortfall_m2",
)
"""What is shown of the floor areas of a zone, in this order: fields of `FloorAreaSheet`."""


def rooms_by_id(checks: Sequence[ZoneCheck]) -> dict[str, Room]:
    """Return the rooms of all zones by id, as a pooled zone also counts its neighbours' rooms."""
    return {room.room_id: room for check in checks for room in check.rooms}


def mend_text(mend: Mend, check: ZoneCheck, rooms: Mapping[str, Room], words: Words) -> str:
    """Describe one way to meet the requirement: its steps, and their sum if there are several."""
    steps = [
        words.say("report.mend_new", area=area(step.m2))
        if step.room_id is None
        else words.say(
            "report.mend_expand",
            room=room_text(step.room_id, check, rooms, words),
            area=area(step.m2),
        )
        for step in mend.steps
    ]
    text = words.say("report.mend_and").join(steps)
    return text if len(steps) == 1 else words.say("report.mend_sum", steps=text, area=area(mend.m2))


def ways_text(check: ZoneCheck, rooms: Mapping[str, Room], words: Words) -> str:
    """Describe the ways that need least area; empty if the requirement is met or undetermined."""
    if check.sheet is None or not check.sheet.mend:
        return ""
    ways = [mend_text(mend, check, rooms, words) for mend in check.sheet.mend[:WAYS_SHOWN]]
    return words.say("report.mend_or").join(ways)


def room_text(room_id: str, check: ZoneCheck, rooms: Mapping[str, Room], words: Words) -> str:
    """Name a room by facility name and id, or by the number of the zone's own room, with area."""
    room = rooms.get(room_id)
    named = f"{room.name} {room_id}" if room is not None and room.name else room_id
    if room_id.startswith(f"{check.zone.zone_id}#"):
        named = words.say("report.own_room", number=room_id.rpartition("#")[2])
    if room is None or room.area_m2 is None:
        return named
    return words.say("report.room_with_area", room=named, area=area(room.area_m2))


def reasons(check: ZoneCheck, words: Words) -> list[str]:
    """List how a zone is pooled, why it has no verdict, and the result for each possible kind."""
    sheet = check.sheet
    if sheet is None:
        return []
    found = []
    if len(sheet.zones) > 1:
        found.append(words.say("report.zone_pool", pool=sheet.zone_id))
    if sheet.neighbours:
        found.append(_neighbours(sheet, words))
    if sheet.reason is not None:
        found.append(words.reason(sheet.reason.value))
        settle = words.say(f"reasons.{sheet.reason.value}_settle")
        found += [settle] if settle else []
    for kind, alternative in sheet.alternatives.items():
        found.append(
            words.say(
                "report.zone_if_kind",
                kind=words.say(f"report.kind_{kind}"),
                required=area(alternative.required_m2),
                verdict=words.say(f"verdicts.{alternative.verdict.value}"),
                shortfall=area(alternative.shortfall_m2),
            )
        )
    if sheet.approximate_households:
        found.append(words.say("report.households_approximate"))
    if sheet.hangs_on_approximate:
        found.append(words.say("rules.APPROXIMATE_DECIDES_ZONE"))
    if sheet.jointly is not None:
        found.append(
            words.say(
                "report.zone_jointly",
                zones=sheet.jointly.zone_id,
                required=area(sheet.jointly.required_m2),
                counted=area(sheet.jointly.counted_m2, apart_from=sheet.jointly.required_m2),
                verdict=words.say(f"verdicts.{sheet.jointly.verdict.value}"),
                shortfall=area(sheet.jointly.shortfall_m2),
            )
        )
    return found


def _neighbours(sheet: FloorAreaSheet, words: Words) -> str:
    """Name the zones within the rule's pooling radius, their distances, and the pooled result."""
    zones = words.list(
        [
            words.say("report.neighbour", zone=one.zone_id, metres=count(rounded(one.metres)))
            for one in sheet.neighbours
        ]
    )
    if sheet.pooled is None:
        return words.say("report.zone_neighbours", zones=zones)
    return words.say(
        "report.zone_neighbours_short",
        zones=zones,
        required=area(sheet.pooled.required_m2),
        counted=area(sheet.pooled.counted_m2, apart_from=sheet.pooled.required_m2),
        verdict=words.say(f"verdicts.{sheet.pooled.verdict.value}"),
        shortfall=area(sheet.pooled.shortfall_m2),
    )


def notes(check: ZoneCheck, rooms: Mapping[str, Room], words: Words) -> list[str]:
    """List the notes on a zone: reasons, rooms that do not count, verdict at the plan year."""
    sheet = check.sheet
    if sheet is None:
        return []
    found = reasons(check, words) + _idle_rooms(check, sheet, rooms, words)
    if sheet.at_plan is not None:
        found.append(
            words.say(
                "report.zone_at_plan",
                date=words.study.plan_as_of,
                verdict=words.say(f"verdicts.{sheet.at_plan.verdict.value}"),
                counted=area(sheet.at_plan.counted_m2, apart_from=sheet.required_m2),
            )
        )
    return found


def _idle_rooms(
    check: ZoneCheck, sheet: FloorAreaSheet, rooms: Mapping[str, Room], words: Words
) -> list[str]:
    kinds = {
        "approximate": sheet.approximate,
        "too_small": sheet.too_small,
        "unmeasured": sheet.unmeasured,
        "not_open": sheet.not_open,
    }
    return [
        words.say(
            f"report.rooms_{kind}",
            rooms=words.list([room_text(i, check, rooms, words) for i in ids]),
        )
        for kind, ids in kinds.items()
        if ids
    ]
