"""Section on capacity: people served, people with one site only, effect of closing a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.document.model import Column, Paragraph, Subheading, Table
from circle15.output.document.texts import filled, joined, strong
from circle15.output.report.equity.blocks import equity_blocks
from circle15.output.report.section_parts import columns, section
from circle15.output.text.numbers import (
    NOTHING,
    area,
    count,
    decimals,
    people,
    percent,
    whole_parts,
    whole_people,
    whole_persons,
    whole_served,
)
from circle15.output.text.wording import shortened
from circle15.results.figures import coverage_row
from circle15.results.room import room_of
from circle15.results.sites_to_close import closings
from circle15.results.supply_classes import people_related
from circle15.study.messages import messages
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from circle15.access.assignment.classes import ServedCounts
    from circle15.access.supply.records import CategoryAccess, Supplied, ZoneSupply
    from circle15.access.supply.site_worth import Choice
    from circle15.output.document.model import Block, Line, Section
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.results.room import Room

SITES_SHOWN: Final = 10
_MOST_CATEGORIES: Final = 3
_MOST_NAMED: Final = 5


def capacity_section(result: StudyResult, words: Words) -> Section:
    """Return the section on supply and service, choice, closing of sites, and equity."""
    group, minutes = words.group(result.study.demand.group), result.study.walk.circle_min
    if not result.access:
        return section("capacity", words, Paragraph(words.say("report.no_categories")))
    return section(
        "capacity",
        words,
        Paragraph(words.say("supply.note", minutes=minutes, group=group)),
        *_served(result, words),
        *_choice(result, words),
        *_closing(result, words),
        *equity_blocks(result, words),
    )


def _served(result: StudyResult, words: Words) -> Iterator[Block]:
    found = [(one, one.supplied) for one in result.access if one.supplied is not None]
    if not found:
        yield Paragraph(words.say("supply.no_capacity"))
        return
    yield Subheading(words.say("supply.capacity_heading"))
    shared = any(one.everybody.served is not None for one, _ in found)
    headings = [
        Column(words.say("columns.category")),
        Column(words.say("supply.unit")),
        Column(words.say("columns.supply_per_person")),
        *([Column(words.say("supply.per_person")), *_class_headings(words)] * shared),
    ]
    rows: list[Line] = [
        [
            words.category(one.category),
            _amount(supplied, words),
            _related(one, one.everybody.supply_per_person, words),
            *(
                [
                    _related(one, supplied.settings.per_person, words),
                    *_classes(one.everybody.served),
                ]
                * shared
            ),
        ]
        for one, supplied in found
    ]
    yield Table(headings, rows)
    for one, supplied in found:
        yield Paragraph(_room(result, one, room_of(result, supplied.sites), words))
    for one, supplied in found:
        yield Paragraph(_method(one, supplied, words), "caption")
    yield from _by_zone([one for one, _ in found], words)


def _amount(supplied: Supplied, words: Words) -> str:
    unit = words.say(f"columns.{supplied.settings.field}")
    return unit if supplied.supply is None else f"{unit} {area(supplied.supply)}"


def _related(one: CategoryAccess, each: float | Decimal | None, words: Words) -> str:
    """Format a supply per person as that of so many people that it can be read."""
    if each is None:
        return NOTHING
    n = people_related(one)
    return words.say("supply.related", supply=decimals(float(each) * n, 2), people=count(n))


def _room(result: StudyResult, one: CategoryAccess, room: Room, words: Words) -> Text:
    """Compare the room that is left with the people turned away, and name sites without either."""
    away, minutes = whole_served(one.served)[1], result.study.walk.circle_min
    rest = room.known - room.full
    if one.everybody.served is None:
        key = "no_per_person"
    elif not room.known:
        key = "room_unknown"
    elif not rest:
        key = "room_none_left"
    else:
        key = "room_left" if one.served.turned_away else "room_enough"
    told = filled(
        messages(words.language)[f"supply.{key}"],
        category=words.category(one.category),
        sites=count(room.known),
        full=count(room.full),
        rest=count(rest),
        left=strong(people(room.left)),
        away=strong(count(away)),
        minutes=minutes,
    )
    named = [
        words.say(f"supply.{kind}_named", n=count(len(sites)), sites=_some(sites, words))
        for kind, sites in (("idle", room.idle), ("unknown", room.unknown))
        if sites
    ]
    return joined(told, *named)


def _some(sites: Sequence[str], words: Words) -> str:
    """Name the first sites, and count the others, which are in the workbook."""
    shown = words.list([shortened(one) for one in sites[:_MOST_NAMED]])
    more = len(sites) - _MOST_NAMED
    if more <= 0:
        return shown
    sheet = words.say("workbook.if_closed")
    return words.say("supply.named_more", sites=shown, more=count(more), sheet=sheet)


def _method(one: CategoryAccess, supplied: Supplied, words: Words) -> str:
    balance = supplied.balance
    method = words.say(
        "supply.method_note",
        category=words.category(one.category),
        method=words.say(f"supply.method_{supplied.settings.method}"),
        supply=NOTHING if supplied.supply is None else area(supplied.supply),
        reached=decimals(balance.supply_reached, 1),
        given=decimals(balance.supply_handed_out, 1),
    )
    return method if supplied.person_ms is None else method + _way(supplied, words)


def _way(supplied: Supplied, words: Words) -> str:
    least = supplied.least_person_ms
    bound = ""
    if least is not None:
        bound = words.say("supply.bound", minutes=decimals(least / (c.MICRO * c.MS_PER_MIN), 0))
    return words.say(
        "supply.assign_note",
        way=words.say(f"supply.way_{supplied.settings.assign}"),
        minutes=decimals((supplied.person_ms or 0) / (c.MICRO * c.MS_PER_MIN), 0),
        bound=bound,
    )


def _class_headings(words: Words) -> list[Column]:
    keys = ("served", "turned_away", "gap", "unknown", "share_served")
    return [Column(words.say(f"columns.{key}"), "n") for key in keys]


def _classes(served: ServedCounts | None) -> list[str]:
    if served is None:
        return [NOTHING] * 5
    return [*map(count, whole_served(served)), percent(served.share_served)]


def _by_zone(found: Sequence[CategoryAccess], words: Words) -> Iterator[Block]:
    """Tabulate supply and classes of each subdistrict and of the whole area, by category."""
    for one in found[:_MOST_CATEGORIES]:
        zones = [zone for zone in one.zones if zone.level == "street"]
        if not zones:
            return
        category, classed = words.category(one.category), one.everybody.served is not None
        yield Subheading(words.say("supply.zones_heading", category=category))
        headings = [
            *columns(("street", "persons"), ("t", "n"), words),
            Column(words.say("supply.supply_of", people=count(people_related(one))), "n"),
            *(_class_headings(words) if classed else []),
        ]
        rows: list[Line] = [
            [shortened(zone.name or zone.zone_id), *_zone(one, zone)] for zone in zones
        ]
        whole = strong(words.say("workbook.level_area"))
        yield Table(
            headings,
            [*rows, [whole, *_zone(one, one.everybody)]],
            summed=True,
            sheet=words.say("workbook.supply"),
        )


def _zone(one: CategoryAccess, zone: ZoneSupply) -> list[str]:
    each = zone.supply_per_person
    return [
        people(zone.choice.persons),
        NOTHING if each is None else decimals(each * people_related(one), 2),
        *([] if zone.served is None else _classes(zone.served)),
    ]


def _choice(result: StudyResult, words: Words) -> Iterator[Block]:
    yield Subheading(words.say("supply.choice_heading"))
    yield Paragraph(words.say("supply.choice_note"))
    keys = ("category", "without_site", "one_site", "more_sites", "persons")
    rows: list[Line] = []
    for one in result.access:
        choice = one.everybody.choice
        persons, near = whole_persons(choice.persons), _within_circle(result, one.category, choice)
        some = whole_parts([choice.one, choice.more], total=near)
        rows.append([words.category(one.category), *map(count, (persons - near, *some, persons))])
    yield Table(columns(keys, ("t", "n", "n", "n", "n"), words), rows)


def _within_circle(result: StudyResult, category: str, choice: Choice) -> int:
    """Round the people with a site: the number of the covered where these are the same people."""
    row = coverage_row(result, category)
    near = choice.one + choice.more
    if row is not None and row.counts.covered == near:
        return whole_people(row.counts)[0]
    return whole_persons(choice.persons) - whole_persons(choice.none)


def _closing(result: StudyResult, words: Words) -> Iterator[Block]:
    yield Subheading(words.say("supply.closing_heading"))
    every = closings(result)
    judged = {one.category for one in result.access if one.supplied}
    judged |= set(result.study.circle.require)
    shown = [one for one in every if one.category in judged][:SITES_SHOWN] or every[:SITES_SHOWN]
    sheet = words.say("workbook.if_closed")
    if not every:
        yield Paragraph(words.say("supply.closing_none"))
        return
    key = "closing_note" if len(shown) < len(every) else "closing_all"
    named = [key for key in result.categories if key in {one.category for one in shown}]
    told = words.say(
        f"supply.{key}",
        count=len(shown),
        all=len(every),
        sheet=sheet,
        categories=words.list([words.category(one) for one in named]),
    )
    yield Paragraph(told)
    headings = [
        Column(words.say("supply.site")),
        *columns(("category", "catchment_persons", "lost", "further"), ("t", "n", "n", "n"), words),
        Column(words.say("columns.further_mean_min"), "n"),
        Column(words.say("columns.further_most_min"), "n"),
    ]
    rows: list[Line] = [
        [
            shortened(one.name),
            words.category(one.category),
            people(one.worth.persons),
            people(one.worth.only_here),
            people(one.worth.further),
            decimals(one.worth.further_mean_min, 1),
            decimals(one.worth.further_most_min, 1),
        ]
        for one in shown
    ]
    yield Table(headings, rows, sheet=sheet)
