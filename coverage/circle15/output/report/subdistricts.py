"""The streets (sub-districts) side by side: people by state, and what circles would claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.output.charts.svg_dots import DotRow, dots_figure
from circle15.output.document.html_tables import paragraph, section, table
from circle15.output.document.markup import Child, Markup, el
from circle15.output.report.coverage_section import (
    circle_headings,
    circles_of,
    state_headings,
    states_of,
)
from circle15.output.text.numbers import covered_share, people
from circle15.output.text.wording import shortened
from circle15.results.figures import coverage_row, headline_category, zone_counts, zone_sum

if TYPE_CHECKING:
    from circle15.access.counting import Counts
    from circle15.access.records import ZoneRow
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult

MOST_DRAWN: Final = 30
_MOST_CATEGORIES: Final = 3


def streets_section(result: StudyResult, words: Words) -> Markup:
    """Every street: people by state for the headline, circles, and the share of each category."""
    category = headline_category(result)
    if not len(result.area.streets):
        return section("streets", words, paragraph(words.say("report.no_streets")))
    if category is None:
        return section("streets", words, paragraph(words.say("report.no_categories")))
    found = zone_counts(result, "street")
    single = [k for k in result.categories if k in result.study.circle.require] or result.categories
    single = [] if single == [category] else list(single)[:_MOST_CATEGORIES]
    headings = [
        (words.say("columns.street"), "t"), *state_headings(words), *circle_headings(words),
        *((words.category(k), "n") for k in single),
    ]  # fmt: skip
    zones = [zone for (_, key), zone in sorted(found.items()) if key == category]
    rows: list[list[Child] | Markup] = [
        [
            _name(zone), *states_of(zone.counts), *circles_of(zone.circles),
            *(covered_share(found[zone.zone_id, k].counts) for k in single),
        ]
        for zone in zones
    ]  # fmt: skip
    total = zone_sum(zones)
    blanks: list[Child] = [None] * len(single)
    rows.append([
        el("strong", words.say("report.sum")), *states_of(total.counts),
        *circles_of(total), *blanks,
    ])  # fmt: skip
    services, minutes = words.services(category), result.study.walk.circle_min
    return section(
        "streets", words,
        paragraph(words.say("report.streets_note", services=services, minutes=minutes)),
        *_drawing(zones, services, words), table(headings, rows, class_="summed"),
        _outside_note(result, total.counts, category, words),
    )  # fmt: skip


def _drawing(zones: list[ZoneRow], services: str, words: Words) -> list[Markup | None]:
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
    note = paragraph(left, "caption") if len(shown) < len(zones) else None
    return [dots_figure(rows, legend, title), note]


def _name(zone: ZoneRow) -> str:
    return shortened(zone.name or zone.zone_id)


def _outside_note(result: StudyResult, sums: Counts, category: str, words: Words) -> Markup | None:
    """Say how many people are in no street: the streets need not fill the area."""
    row = coverage_row(result, category)
    if row is None or row.counts.persons == sums.persons:
        return None
    rest = people(row.counts.persons - sums.persons)
    return paragraph(words.say("report.streets_rest", people=rest), "caption")
