"""Section on the largest gaps: communities and gap areas, walking times, services lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from circle15.access.counting import NO_PEOPLE
from circle15.output.document.model import Column, Paragraph, Subheading, Table, WideRow
from circle15.output.document.texts import joined, remark
from circle15.output.report.section_parts import numbers, section
from circle15.output.text.numbers import (
    NOTHING,
    clock,
    count,
    covered_share,
    people,
    percent,
    split_people,
)
from circle15.output.text.people_by_reason import people_by_change, people_by_reason, reason_text
from circle15.output.text.sources import COMMUNITIES
from circle15.output.text.wording import place_text, shortened
from circle15.results.figures import coverage_row, headline_category, is_detour, worst_zones
from circle15.results.gaps.gap_groups import groups_of_areas
from circle15.results.gaps.gap_people import GapPeople
from circle15.results.gaps.gap_places import (
    GapPlace,
    gap_homes,
    gap_place,
    headline_areas,
    headline_place,
    judged_areas,
)
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.access.records import ZoneRow
    from circle15.output.document.model import Block, Line, Section
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult


WORST_SHOWN: Final = 12
AREAS_SHOWN: Final = 10
FULL_SHOWN: Final = 5
_GROUPS_SHOWN: Final = 2
_STATES: Final = ("persons", "gap", "unknown", "share_covered")


def gaps_section(result: StudyResult, words: Words) -> Section:
    """Return the communities with most people in the gap, and the largest gap areas."""
    category = headline_category(result)
    homes = gap_homes(result) if category else None
    if homes is None or not len(homes.row):
        return section("communities", words, Paragraph(_no_gaps(result, category, words)))
    return section(
        "communities",
        words,
        *_communities(result, homes, words),
        *_areas(result, words),
        Paragraph(words.say("paper.gap_note"), "caption"),
        *_full_sites(result, words),
    )


def _communities(result: StudyResult, homes: GapPeople, words: Words) -> list[Block]:
    every, category = result.area.communities, headline_category(result) or ""
    if not len(every):
        return [Paragraph(words.say("report.no_communities"))]
    worst = worst_zones(result, "community", category)
    headings = [
        Column("#", "n"),
        Column(words.say("columns.community")),
        Column(words.say("columns.street")),
        *numbers(_STATES, words),
        Column(words.say("columns.share_by_circles_of_judged"), "n"),
        Column(words.say("paper.gap_minutes"), "n"),
        Column(words.say("paper.gap_why")),
    ]
    rows = _community_rows(result, homes, worst[:WORST_SHOWN], words)
    if len(worst) > WORST_SHOWN:
        more = words.say("report.communities_more", count=len(worst) - WORST_SHOWN)
        rows.append(WideRow(more, "more"))
    note = words.say(
        "report.communities_note",
        services=words.services(category),
        minutes=result.study.walk.circle_min,
        count=len(worst),
        all=len(every),
    )
    return [
        Paragraph(note),
        Table(headings, rows, name="gaps"),
        Paragraph(COMMUNITIES.text(words), "source"),
    ]


def _community_rows(
    result: StudyResult, homes: GapPeople, worst: Sequence[ZoneRow], words: Words
) -> list[Line]:
    area = result.area
    subdistricts = dict(zip(area.streets[c.ZONE_ID], area.streets[c.NAME], strict=True))
    subdistrict_of = dict(
        zip(area.communities[c.ZONE_ID], area.communities[c.STREET_ID], strict=True)
    )
    zone_ids = result.demand[c.COMMUNITY_ID].to_numpy(dtype=object)[homes.row]
    rows: list[Line] = []
    for k, zone in enumerate(worst, 1):
        place = gap_place(homes, zone_ids == zone.zone_id)
        subdistrict = subdistricts.get(subdistrict_of.get(zone.zone_id), NOTHING)
        persons, _, gap, unknown = split_people(zone.counts)
        rows.append(
            [
                str(k),
                shortened(zone.name or zone.zone_id),
                shortened(subdistrict),
                persons,
                gap,
                unknown,
                covered_share(zone.counts),
                percent(zone.circles.share_of_judged),
                _minutes(place, words),
                _why(place, words, detour=is_detour(zone)),
            ]
        )
    return rows


def _minutes(place: GapPlace, words: Words) -> str:
    if np.isinf(place.time_ms):
        return words.say("paper.gap_beyond")
    return clock(place.time_ms / 1000)


def _why(place: GapPlace, words: Words, *, detour: bool = False) -> Text:
    """Name the services lacking, with the people who lack each if there are several."""
    if len(place.lacking) == 1:
        parts = [words.category(next(iter(place.lacking)))]
    else:
        parts = [
            words.say("paper.gap_lacking", category=words.category(key), people=people(micro))
            for key, micro in sorted(place.lacking.items(), key=lambda one: -one[1])
            if micro
        ]
    text = words.list(parts)
    return joined(text, remark(words.say("paper.gap_detour")) if detour else None)


def _areas(result: StudyResult, words: Words) -> list[Block]:
    """List the gap areas (contiguous cells with people in the gap), most people first."""
    found = headline_areas(result)
    if found is None:
        return []
    by_group = groups_of_areas(result)[0]
    judged = result.study.demand.group
    groups = [one.group for one in result.population.balances if one.group != judged]
    groups = groups[:_GROUPS_SHOWN]
    zoned = any(len(layer) for layer in (result.area.streets, result.area.communities))
    rows: list[Line] = [
        [
            str(area.rank),
            *([place_text(area.names) or NOTHING] if zoned else []),
            f"{area.lon:.5f}, {area.lat:.5f}",
            people(area.homes.people),
            *(people(of.get(group)) for group in groups),
            _minutes(area.homes, words),
            _why(area.homes, words),
            reason_text(area.homes, words),
        ]
        for area, of in zip(found.areas[:AREAS_SHOWN], by_group, strict=False)
    ]
    headings = [
        Column("#", "n"),
        *([Column(words.say("paper.areas_where"))] if zoned else []),
        Column(words.say("paper.areas_place"), "c"),
        Column(words.say("columns.gap"), "n"),
        *(Column(words.group(group), "n") for group in groups),
        Column(words.say("paper.gap_minutes"), "n"),
        Column(words.say("paper.gap_lacks")),
        Column(words.say("gap_reasons.column")),
    ]
    more, rest = found.beyond(AREAS_SHOWN)
    sheet = words.say("workbook.gap_areas")
    if more:
        text = words.say("paper.areas_more", count=count(more), people=people(rest), sheet=sheet)
        rows.append(WideRow(text, "more"))
    note = words.say("paper.areas_note", count=count(len(found.persons)))
    return [
        Subheading(words.say("paper.areas_title")),
        Paragraph(note),
        Table(headings, rows, name="areas"),
        *_reasons(result, words),
    ]


def _reasons(result: StudyResult, words: Words) -> list[Block]:
    """Return the people in the gap by reason, what single changes would do, and what both mean."""
    place = headline_place(result)
    if place is None or place.reason is None:
        return []
    told = [people_by_reason(place, words), people_by_change(place, words)]
    minutes = result.study.walk.circle_min
    return [
        *(Paragraph(text) for text in told if text),
        Paragraph(words.say("gap_reasons.note", minutes=minutes), "caption"),
    ]


def _full_sites(result: StudyResult, words: Words) -> list[Block]:
    """List the areas of people whom full sites turn away, for each required category."""
    blocks: list[Block] = []
    sheet = words.say("workbook.gap_areas")
    for found in judged_areas(result):
        areas = found.areas.areas
        if not found.full or not areas:
            continue
        rows: list[Line] = [
            [
                str(area.rank),
                place_text(area.names) or NOTHING,
                f"{area.lon:.5f}, {area.lat:.5f}",
                people(area.homes.people),
                _site(result, area.homes),
                _minutes(area.homes, words),
            ]
            for area in areas[:FULL_SHOWN]
        ]
        more, rest = found.areas.beyond(FULL_SHOWN)
        if more:
            text = words.say(
                "gap_reasons.full_more", count=count(more), people=people(rest), sheet=sheet
            )
            rows.append(WideRow(text, "more"))
        headings = [
            Column("#", "n"),
            Column(words.say("paper.areas_where")),
            Column(words.say("paper.areas_place"), "c"),
            Column(words.say("gap_reasons.full_people"), "n"),
            Column(words.say("gap_reasons.full_site")),
            Column(words.say("gap_reasons.full_minutes"), "n"),
        ]
        number, total = found.areas.beyond(0)
        note = words.say("gap_reasons.full_note", people=people(total), count=count(number))
        category = words.category(found.category)
        blocks += [
            Subheading(words.say("gap_reasons.full_title", category=category)),
            Paragraph(note),
            Table(headings, rows, name="full_areas"),
        ]
    return blocks


def _site(result: StudyResult, place: GapPlace) -> str:
    if place.site is None:
        return NOTHING
    site = result.facilities.iloc[place.site]
    return shortened(result.site_in_words(str(site[c.FACILITY_ID]), str(site[c.NAME])))


def _no_gaps(result: StudyResult, category: str | None, words: Words) -> str:
    """Return the sentence for no gaps: none found, or why none can be shown."""
    if category is None:
        return words.say("report.no_categories")
    if not len(result.area.communities):
        return words.say("report.no_communities")
    row = coverage_row(result, category)
    counts = row.counts if row else NO_PEOPLE
    if not counts.persons:
        group = words.group(result.study.demand.group)
        return words.say("report.who_nobody", group=group)
    if counts.unknown:
        return words.say("report.no_gaps_known", people=people(counts.unknown))
    return words.say("report.no_gaps")
