"""Lines below the service circle of a zone sheet: homes, reasons for unknown, routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.access.zone_circle import HOME_SPACING_M
from circle15.inputs.tables.shown_ids import is_made
from circle15.output.text.numbers import clock, count, plain_decimal, rounded
from circle15.output.text.route_words import no_route_message
from circle15.output.zones.arithmetic import streets_of, time_from
from circle15.travel.paths.records import length_m, time_ms

if TYPE_CHECKING:
    from circle15.output.text.wording import Words
    from circle15.zones.records import Reached, ZoneDossier


def homes_line(dossier: ZoneDossier, words: Words) -> str:
    """Return from how many points, or entrances, the walking times of the zone are measured."""
    key = "homes_entrances" if dossier.check.zone.entrances else "homes"
    spacing = plain_decimal(HOME_SPACING_M)
    return words.say(f"zone_sheet.{key}", count=count(len(dossier.homes_m)), spacing=spacing)


def why_unknown(one: Reached, words: Words) -> str:
    """Return why the state of a category is unknown, and what would settle it."""
    reason = one.circle.unknown_reason
    return words.say(
        "zone_sheet.why_unknown",
        category=words.category(one.circle.category),
        why=words.reason(reason),
        settle=words.say(f"reasons.{reason}_settle"),
    )


def way_line(one: Reached, words: Words) -> str:
    """Describe a route by the streets it follows, or say why there is none."""
    assert one.route is not None
    category = words.category(one.circle.category)
    start = words.say(f"zone_sheet.from_{'entrance' if one.from_entrance else 'worst'}")
    if one.route.reason:
        return words.say(
            "zone_sheet.no_way",
            category=category,
            start=start,
            why=no_route_message(one.route, words.language),
        )
    return words.say(
        "zone_sheet.way",
        category=category,
        start=start,
        streets=" → ".join(streets_of(one.route, words)),
        goal=one.name if is_made(one.facility_id) and one.name else one.facility_id,
        length=count(rounded(length_m(one.route.steps))),
        time=clock(time_ms(one.route.steps) / 1000),
        made=time_from(one.route, words),
    )
