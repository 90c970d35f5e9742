"""Section on capacity: people served, people with one site only, effect of closing a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.document.model import Column, Paragraph, Subheading, Table
from circle15.output.report.equity.blocks import equity_blocks
from circle15.output.report.sections import columns, section
from circle15.output.text.numbers import (
    NOTHING,
    count,
    decimals,
    people,
    percent,
    plain_decimal,
    whole_parts,
    whole_people,
    whole_persons,
    whole_served,
)
from circle15.output.text.wording import shortened
from circle15.results.figures import coverage_row
from circle15.results.sites_to_close import closings
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.access.assignment.classes import ServedCounts
    from circle15.access.site_worth.closing import Choice
    from circle15.access.supply.records import CategoryAccess, Supplied
    from circle15.output.document.model import Block, Line, Section
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

SITES_SHOWN: Final = 10
_MOST_CATEGORIES: Final = 3


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
        Column(words.say("supply.sites_unknown"), "n"),
        Column(words.say("supply.sites_idle"), "n"),
        Column(words.say("columns.supply_per_person"), "n"),
        *([Column(words.say("supply.per_person"), "n"), *_class_headings(words)] * shared),
    ]
    rows: list[Line] = [
        [
            words.category(one.category),
            _amount(supplied, words),
            count(supplied.unknown),
            count(supplied.idle),
            decimals(one.everybody.supply_per_person, 4),
            *([_asked(supplied), *_classes(one.everybody.served)] * shared),
        ]
        for one, supplied in found
    ]
    yield Table(headings, rows)
    for one, supplied in found:
        yield Paragraph(_method(one, supplied, words))
        if supplied.settings.per_person is None:
            text = words.say("supply.no_per_person", category=words.category(one.category))
            yield Paragraph(text)
        if supplied.person_ms is not None:
            yield Paragraph(_way(one, supplied, words))
    yield from _by_zone([one for one, _ in found], words)


def _asked(supplied: Supplied) -> str:
    asked = supplied.settings.per_person
    return NOTHING if asked is None else plain_decimal(asked)


def _amount(supplied: Supplied, words: Words) -> str:
    unit = words.say(f"columns.{supplied.settings.field}")
    known = supplied.supply
    return unit if known is None else f"{unit} {plain_decimal(known)}"


def _method(one: CategoryAccess, supplied: Supplied, words: Words) -> str:
    balance = supplied.balance
    return words.say(
        "supply.method_note",
        category=words.category(one.category),
        field=words.say(f"columns.{supplied.settings.field}"),
        method=words.say(f"supply.method_{supplied.settings.method}"),
        supply=NOTHING if supplied.supply is None else plain_decimal(supplied.supply),
        reached=decimals(balance.supply_reached, 1),
        given=decimals(balance.supply_handed_out, 1),
    )


def _way(one: CategoryAccess, supplied: Supplied, words: Words) -> str:
    least = supplied.least_person_ms
    bound = ""
    if least is not None:
        bound = words.say("supply.bound", minutes=decimals(least / (c.MICRO * c.MS_PER_MIN), 0))
    served, away = whole_served(one.served)[:2]
    return words.say(
        "supply.assign_note",
        category=words.category(one.category),
        way=words.say(f"supply.way_{supplied.settings.assign}"),
        served=count(served),
        away=count(away),
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
    """Tabulate the served of each subdistrict; gap and unknown are in the workbook."""
    shown = [one for one in found if one.everybody.served is not None][:_MOST_CATEGORIES]
    zones = [[zone for zone in one.zones if zone.level == "street"] for one in shown]
    rows: list[Line] = [
        [
            shortened(same[0].name or same[0].zone_id),
            people(same[0].choice.persons),
            *(text for zone in same for text in _served_of(zone.served)),
        ]
        for same in zip(*zones, strict=True)
    ]
    if not rows:
        return
    yield Subheading(words.say("supply.zones_heading"))
    headings = columns(("street", "persons"), ("t", "n"), words)
    keys = ("served", "turned_away", "share_served")
    for one in shown:
        category = words.category(one.category)
        headings += [Column(f"{category} · {words.say(f'columns.{key}')}", "n") for key in keys]
    yield Table(headings, rows, sheet=words.say("workbook.supply"))


def _served_of(served: ServedCounts | None) -> list[str]:
    if served is None:
        return [NOTHING] * 3
    return [*map(count, whole_served(served)[:2]), percent(served.share_served)]


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
    shown, sheet = every[:SITES_SHOWN], words.say("workbook.if_closed")
    if not every:
        yield Paragraph(words.say("supply.closing_none"))
        return
    key = "closing_note" if len(shown) < len(every) else "closing_all"
    told = words.say(f"supply.{key}", count=len(shown), all=len(every), sheet=sheet)
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
