"""Section on subdistricts: people by state, compared with straight-line circles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.charts.dots import DotChart, DotRow
from circle15.output.document.model import Column, Figure, Paragraph, Table
from circle15.output.document.texts import strong
from circle15.output.report.coverage_section import (
    circle_headings,
    circles_of,
    state_headings,
    states_of,
)
from circle15.output.report.section_parts import section
from circle15.output.text.numbers import covered_share, people
from circle15.output.text.wording import shortened
from circle15.results.figures import coverage_row, headline_category, zone_counts, zone_sum

if TYPE_CHECKING:
    from circle15.access.counting import Counts
    from circle15.access.records import ZoneRow
    from circle15.output.document.model import Block, Cell, Line, Section
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

MOST_DRAWN: Final = 30
_MOST_CATEGORIES: Final = 3


def subdistricts_section(result: StudyResult, words: Words) -> Section:
    """Return people by state of every subdistrict, with circles and the share of each category."""
    category = headline_category(result)
    if not len(result.area.streets):
        return section("streets", words, Paragraph(words.say("report.no_streets")))
    if category is None:
        return section("streets", words, Paragraph(words.say("report.no_categories")))
    found = zone_counts(result, "street")
    single = [k for k in result.categories if k in result.study.circle.require] or result.categories
    single = [] if single == [category] else list(single)[:_MOST_CATEGORIES]
    headings = [
        Column(words.say("columns.street")),
        *state_headings(words),
        *circle_headings(words),
        *(Column(words.category(k), "n") for k in single),
    ]
    zones = [zone for (_, key), zone in sorted(found.items()) if key == category]
    rows: list[Line] = [
        [
            _name(zone),
            *states_of(zone.counts),
            *circles_of(zone.circles),
            *(covered_share(found[zone.zone_id, k].counts) for k in single),
        ]
        for zone in zones
    ]
    total = zone_sum(zones)
    blanks: list[Cell] = [""] * len(single)
    rows.append(
        [
            strong(words.say("report.sum")),
            *states_of(total.counts),
            *circles_of(total),
            *blanks,
        ]
    )
    services, minutes = words.services(category), result.study.walk.circle_min
    return section(
        "streets",
        words,
        Paragraph(words.say("report.streets_note", services=services, minutes=minutes)),
        *_drawing(zones, services, words),
        Table(headings, rows, summed=True, sheet=words.say("workbook.streets")),
        _outside_note(result, total.counts, category, words),
    )


def _drawing(zones: list[ZoneRow], services: str, words: Words) -> list[Block | None]:
    shown = sorted(zones, key=lambda zone: -zone.counts.gap)[:MOST_DRAWN]
    title = words.say("paper.streets_chart", services=services)
    legend = [words.say("paper.circles_walking"), words.say("paper.circles_circles")]
    longest = 14 if words.language == "zh" else 26
    rows = [
        DotRow(
            shortened(_name(zone), longest),
            (zone.circles.walking_of_judged, zone.circles.share_of_judged),
        )
        for zone in zones
        if zone in shown
    ]
    left = words.say("paper.streets_left", count=len(shown), all=len(zones))
    note = Paragraph(left, "caption") if len(shown) < len(zones) else None
    chart = DotChart(rows, legend)
    return [Figure(title, chart) if chart.known else None, note]


def _name(zone: ZoneRow) -> str:
    return shortened(zone.name or zone.zone_id)


def _outside_note(
    result: StudyResult, sums: Counts, category: str, words: Words
) -> Paragraph | None:
    """Return the number of people in no subdistrict, as these need not fill the study area."""
    row = coverage_row(result, category)
    if row is None or row.counts.persons == sums.persons:
        return None
    rest = people(row.counts.persons - sums.persons)
    return Paragraph(words.say("report.streets_rest", people=rest), "caption")
