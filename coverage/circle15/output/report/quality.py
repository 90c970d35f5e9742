"""Section on network quality: what may be missing or wrong in the street data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.network.quality import BANDS, LISTED
from circle15.network.topology.compounds import RULES
from circle15.network.topology.divided_roads import AROUND_M
from circle15.output.document.model import Column, Definitions, Paragraph, Subheading, Table
from circle15.output.document.texts import strong
from circle15.output.report.method import attribution
from circle15.output.report.section_parts import section
from circle15.output.text.attribution import street_date
from circle15.output.text.numbers import (
    NOTHING,
    count,
    decimals,
    people,
    percent,
    share,
    split_people,
    whole_parts,
)
from circle15.output.text.wording import Words, shortened
from circle15.results.figures import coverage_row
from circle15.results.network_quality import band_sum, degrees, island_sum
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle15.access.records import GatedRow
    from circle15.network.quality import FarPoint
    from circle15.output.document.model import Block, Line, Section
    from circle15.output.document.texts import Text
    from circle15.results.records import StudyResult


def quality_section(result: StudyResult, words: Words) -> Section:
    """Return islands, dead ends, private ways, and distances of homes and sites to streets."""
    group = words.group(result.study.demand.group)
    return section(
        "quality",
        words,
        Paragraph(words.say("quality.note")),
        Definitions(_figures(result, words)),
        *_islands(result, words),
        *_uncrossed(result, words),
        Subheading(words.say("quality.distances")),
        Paragraph(words.say("quality.distances_note", group=group)),
        _bands(result, words),
        *_far_homes(result, words),
        *_far_sites(result, words),
        *_gated(result, words),
        Paragraph(attribution(result, words), "caption"),
    )


def _figures(result: StudyResult, words: Words) -> list[tuple[Text, Text]]:
    quality, total = result.quality, island_sum(result)
    dead_ends = percent(quality.dead_ends / quality.nodes if quality.nodes else None)
    private = percent(quality.private_m / quality.length_m if quality.length_m else None)
    return [
        (words.say("quality.components"), count(quality.components)),
        (words.say("quality.islands_length"), decimals(total.length_m / 1000, 1)),
        (words.say("quality.islands_people"), people(total.persons)),
        (words.say("quality.islands_sites"), count(total.sites)),
        (words.say("quality.dead_ends"), f"{count(quality.dead_ends)} ({dead_ends})"),
        (words.say("quality.private"), private),
        *_divided_figures(result, words),
        *_heights(result, words),
        (words.say("quality.data_date"), street_date(result.network, words)),
    ]


def _divided_figures(result: StudyResult, words: Words) -> Iterable[tuple[Text, Text]]:
    """Yield the length of divided roads and the part far from a crossing; nothing if none."""
    divided = result.quality.divided
    if divided is not None and divided.length_m:
        yield words.say("quality.divided"), decimals(divided.length_m / 1000, 1)
        yield words.say("quality.uncrossed_length"), decimals(divided.uncrossed_m / 1000, 1)


def _uncrossed(result: StudyResult, words: Words) -> Iterable[Block]:
    """Yield a table of divided roads with long sections without a crossing."""
    divided = result.quality.divided
    if divided is None or not divided.worst:
        return
    yield Subheading(words.say("quality.uncrossed"))
    yield Paragraph(words.say("quality.uncrossed_note", metres=count(int(AROUND_M))))
    headings = [
        Column(words.say("quality.place"), "c"),
        Column(words.say("quality.road")),
        Column(words.say("quality.length_km"), "n"),
    ]
    rows: list[Line] = [
        [_place(one.x_m, one.y_m, result), shortened(one.name), decimals(one.length_m / 1000, 2)]
        for one in divided.worst
    ]
    yield Table(headings, rows, narrow=True)


def _heights(result: StudyResult, words: Words) -> Iterable[tuple[Text, Text]]:
    """Yield how much of the streets the elevation model covers; nothing without one."""
    dem, relief = result.study.network.dem, result.network.relief
    if dem is None or relief is None:
        return
    yield words.say("quality.dem"), shortened(dem.name)
    yield words.say("quality.dem_known"), percent(relief.known_share)
    for key, metres in (
        ("spans", relief.spanned_m),
        ("filled", relief.filled_m),
        ("flat", relief.flat_m),
    ):
        yield words.say(f"quality.dem_{key}"), decimals(metres / 1000, 1)
    yield words.say("quality.dem_steepest"), percent(relief.steepest)


def _islands(result: StudyResult, words: Words) -> Iterable[Block]:
    """Yield a table of the islands with people or sites; others do not affect results."""
    carrying = [one for one in result.quality.islands if one.persons or one.sites]
    if not carrying:
        yield Paragraph(words.say("quality.no_islands"))
        return
    yield Subheading(words.say("quality.islands"))
    yield Paragraph(words.say("quality.islands_note"))
    headings = [
        Column(words.say("quality.place"), "c"),
        Column(words.say("quality.length_km"), "n"),
        Column(words.say("columns.persons"), "n"),
        Column(words.say("columns.sites"), "n"),
    ]
    rows: list[Line] = [
        [
            _place(one.x_m, one.y_m, result),
            decimals(one.length_m / 1000, 2),
            people(one.persons),
            count(one.sites),
        ]
        for one in carrying[:LISTED]
    ]
    yield Table(headings, rows, narrow=True)


def _bands(result: StudyResult, words: Words) -> Table:
    homes, sites = result.quality.homes, result.quality.sites
    all_homes, all_sites = band_sum(homes), band_sum(sites)
    everybody = all_homes.weight
    whole = whole_parts([band.weight for band in homes])
    headings = [
        Column(words.say("quality.band")),
        Column(words.say("columns.persons"), "n"),
        Column(words.say("quality.share"), "n"),
        Column(words.say("columns.points"), "n"),
        Column(words.say("columns.sites"), "n"),
    ]
    rows: list[Line] = [
        [
            words.say("quality.unsnapped") if name == BANDS[-1] else f"{name} m",
            count(persons),
            share(home.weight, everybody),
            count(home.points),
            count(site.points),
        ]
        for name, home, site, persons in zip(BANDS, homes, sites, whole, strict=True)
    ]
    rows.append(
        [
            strong(words.say("report.sum")),
            count(sum(whole)),
            share(everybody, everybody),
            count(all_homes.points),
            count(all_sites.points),
        ]
    )
    return Table(headings, rows, summed=True, narrow=True)


def _far_homes(result: StudyResult, words: Words) -> Iterable[Block]:
    found = result.quality.far_homes
    if not found:
        return
    yield Subheading(words.say("quality.far_homes"))
    yield Paragraph(words.say("quality.far_homes_note"))
    headings = [
        Column(words.say("quality.home"), "k"),
        Column(words.say("quality.place"), "c"),
        Column(words.say("columns.persons"), "n"),
        Column(words.say("quality.metres"), "n"),
        Column(words.say("columns.snap_code")),
    ]
    rows: list[Line] = [
        [
            shortened(result.home_in_words(one.id), 40),
            _place(one.x_m, one.y_m, result),
            people(one.weight),
            _metres(one),
            _joining(one, words),
        ]
        for one in found
    ]
    yield Table(headings, rows)


def _far_sites(result: StudyResult, words: Words) -> Iterable[Block]:
    found = result.quality.far_sites
    if not found:
        return
    yield Subheading(words.say("quality.far_sites"))
    named = {
        facility: (name or "", category)
        for facility, name, category in result.facilities[
            [c.FACILITY_ID, c.NAME, c.CATEGORY]
        ].itertuples(index=False, name=None)
    }
    headings = [
        Column(words.say("quality.site")),
        Column(words.say("columns.category")),
        Column(words.say("quality.place"), "c"),
        Column(words.say("quality.metres"), "n"),
        Column(words.say("columns.snap_code")),
    ]
    rows: list[Line] = [
        [
            shortened(result.site_in_words(one.id, named[one.id][0])),
            words.category(named[one.id][1]),
            _place(one.x_m, one.y_m, result),
            _metres(one),
            _joining(one, words),
        ]
        for one in found
    ]
    yield Table(headings, rows)


def _gated(result: StudyResult, words: Words) -> Iterable[Block]:
    """Yield the number of people whose result depends on the rule for gated compounds."""
    found, study = result.gated, result.study
    if not found.rows:
        return
    yield Subheading(words.say("quality.gated"))
    yield Paragraph(
        words.say(
            "quality.gated_note",
            compounds=count(found.compounds),
            km=decimals(found.inside_m / 1000, 1),
            gates=count(found.gates),
            group=words.group(study.demand.group),
            minutes=study.walk.circle_min,
            rule=words.say(f"report.gated_{study.network.gated}"),
        )
    )
    headings = [
        Column(words.say("columns.category")),
        *(Column(words.say(f"quality.covered_{rule}"), "n") for rule in RULES),
        *(Column(words.say(f"quality.differs_{rule}"), "n") for rule in RULES[1:]),
    ]
    rows: list[Line] = [
        [
            words.category(row.category),
            *(_covered(row, rule, result) for rule in RULES),
            *(people(row.differs[rule]) for rule in RULES[1:]),
        ]
        for row in found.rows
    ]
    yield Table(headings, rows)


def _covered(row: GatedRow, rule: str, result: StudyResult) -> str:
    """Format people covered under a rule; under the study's own the number of all other tables."""
    judged = coverage_row(result, row.category)
    if judged is not None and rule == result.study.network.gated:
        return split_people(judged.counts)[1]
    return people(row.covered[rule])


def _place(x_m: float, y_m: float, result: StudyResult) -> str:
    place = degrees(x_m, y_m, result)
    return f"{place[0]:.5f}, {place[1]:.5f}" if place else NOTHING


def _joining(point: FarPoint, words: Words) -> str:
    return words.reason(point.code) or words.say("quality.joined")


def _metres(point: FarPoint) -> str:
    return decimals(point.distance_m, 1)
