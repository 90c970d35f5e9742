"""Section on residential zones: floor area under each reading, and walking times."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.output.document.model import Column, Legend, Notice, Paragraph, Row, Subheading, Table
from circle15.output.document.texts import joined, strong
from circle15.output.report.section_parts import (
    columns,
    section,
    state_badge,
    verdict_badge,
    verdict_mark,
)
from circle15.output.text.numbers import NOTHING, area, clock, count, percent
from circle15.output.text.wording import shortened
from circle15.output.text.zone_words import FIGURES, notes, rooms_by_id, ways_text
from circle15.results.figures import reading_sum
from circle15.rules.floor_area.readings import READINGS
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.output.document.model import Block, Cell, Line, Section
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.floor_area.zone_checks import ZoneCheck

ABREAST = 3
"""Most categories side by side in one table of walking times on A4."""


ZONES_SHOWN = 24
"""Most zones in each table; if there are more, the worst are shown."""

_OPEN_ENDED = ("not_met", "undetermined", "source_conflict")


def zones_section(result: StudyResult, words: Words) -> Section:
    """Return the residential zones, or the worst, and whether verdicts depend on the reading."""
    checks = result.zone_checks
    if not checks:
        return section("residential", words, Paragraph(words.say("report.no_zones")))
    return section(
        "residential",
        words,
        _dependence(checks, words),
        *_floor_areas(result, words),
        *_circles(result, words),
        Paragraph(words.say("paper.zones_sheets"), "caption"),
    )


def _worst_by_law(checks: Sequence[ZoneCheck]) -> list[ZoneCheck]:
    """
    Select the zones to show by floor area, keeping their order.

    Zones whose verdict depends on the reading come first, then not met, undetermined, source
    conflict and the others; within each, those with the largest shortfall.
    """
    judged = [check for check in checks if check.sheet is not None]

    def rank(check: ZoneCheck) -> tuple[bool, int, Fraction]:
        sheet = check.sheet
        assert sheet is not None
        verdict = sheet.verdict.value
        place = _OPEN_ENDED.index(verdict) if verdict in _OPEN_ENDED else len(_OPEN_ENDED)
        return not sheet.reading_dependent, place, -(sheet.shortfall_m2 or Fraction(0))

    kept = {id(check) for check in sorted(judged, key=rank)[:ZONES_SHOWN]}
    return [check for check in judged if id(check) in kept]


def _worst_by_walk(checks: Sequence[ZoneCheck]) -> list[ZoneCheck]:
    """Select the zones with the smallest share of homes in reach of a service, in their order."""

    def least(check: ZoneCheck) -> float:
        shares = [one.share_inside for one in check.circle if one.share_inside is not None]
        return float(min(shares)) if shares else 1.0

    kept = {id(check) for check in sorted(checks, key=least)[:ZONES_SHOWN]}
    return [check for check in checks if id(check) in kept]


def _left_out(shown: int, every: int, words: Words) -> list[Block]:
    """Return a note on where the other zones are listed."""
    if shown == every:
        return []
    sheet = words.say("workbook.residential")
    left = words.say("paper.zones_left", shown=shown, all=every, sheet=sheet)
    return [Paragraph(left, "caption")]


def _readings(checks: Sequence[ZoneCheck], words: Words) -> list[Block]:
    """Return the verdicts and the total shortfall of all zones under each reading."""
    found = [check.sheet for check in checks if check.sheet is not None]
    verdicts = [v for v in Verdict if any(s.readings[r] == v for s in found for r in READINGS)]
    headings = [
        Column(words.say("paper.reading")),
        Column(words.say("paper.reading_is")),
        *(Column(words.say(f"verdicts.{verdict.value}"), "n") for verdict in verdicts),
        Column(words.say("columns.shortfall_m2"), "n"),
    ]
    rows: list[Line] = []
    for reading in READINGS:
        total = reading_sum(checks, reading)
        rows.append(
            [
                strong(reading),
                words.say(f"report.reading_{reading}"),
                *(count(total.verdicts[v.value]) for v in verdicts),
                f"{'≥ ' if total.some_unknown else ''}{area(total.shortfall_m2)}",
            ]
        )
    return [Subheading(words.say("paper.readings")), Table(headings, rows, name="readings")]


def _dependence(checks: Sequence[ZoneCheck], words: Words) -> Block:
    """Return whether verdicts depend on how the clause on the least size of a site is read."""
    dependent = [
        c.zone.zone_id for c in checks if c.sheet is not None and c.sheet.reading_dependent
    ]
    if all(check.sheet is None for check in checks):
        return Paragraph(words.say("report.no_floor_area_law"))
    if not dependent:
        return Notice(words.say("report.no_dependence"), "important")
    said = words.say(
        "report.dependence", count=len(dependent), all=len(checks), zones=words.list(dependent)
    )
    return Notice(said, "important")


def _floor_areas(result: StudyResult, words: Words) -> list[Block]:
    if all(check.sheet is None for check in result.zone_checks):
        return []
    keys = ("zone", "kind", *FIGURES)
    headings = [
        *columns(keys, ("t", "c", "n", "n", "n", "n", "n", "n"), words),
        *(Column(reading, "c") for reading in READINGS),
        Column(words.say("columns.verdict"), "c"),
    ]
    rows: list[Line] = []
    rooms = rooms_by_id(result.zone_checks)
    shown = _worst_by_law(result.zone_checks)
    for check in shown:
        rows += _floor_area_rows(check, rooms, words)
    basis = words.say(f"report.basis_{result.study.rules.basis}")
    verdicts = ("met", "not_met", "undetermined", "not_applicable")
    legend = Legend([verdict_badge(verdict, words) for verdict in verdicts])
    return [
        *_readings(result.zone_checks, words),
        Subheading(words.say("paper.zones_areas")),
        Paragraph(words.say("report.floor_area_note", basis=basis)),
        legend,
        Table(headings, rows, name="zones"),
        *_left_out(len(shown), len(result.zone_checks), words),
    ]


def _floor_area_rows(check: ZoneCheck, rooms: Mapping[str, Room], words: Words) -> list[Line]:
    sheet = check.sheet
    if sheet is None:
        return []
    cells: list[Cell] = [
        _name(check),
        words.say(f"report.kind_{check.zone.kind}"),
        area(sheet.households),
        area(sheet.required_m2),
        area(sheet.counted_m2, apart_from=sheet.required_m2),
        area(sheet.plain_sum_m2, apart_from=sheet.required_m2),
        area(sheet.plain_gap_m2),
        area(sheet.shortfall_m2),
        *(verdict_mark(sheet.readings[r].value, words) for r in READINGS),
        verdict_badge(sheet.verdict.value, words),
    ]
    remarks = notes(check, rooms, words)
    ways = ways_text(check, rooms, words)
    if ways:
        remarks.append(words.say("report.mend", ways=ways))
    follow = " ".join(remarks)
    return [Row(cells, follow) if follow else cells]


def _circles(result: StudyResult, words: Words) -> list[Block]:
    """Return the walking times from the homes of each zone to each required category."""
    required = result.study.circle.require
    if not required:
        return [Paragraph(words.say("report.no_circle"))]
    shown = _worst_by_walk(result.zone_checks)
    groups = [required[k : k + ABREAST] for k in range(0, len(required), ABREAST)]
    return [
        Subheading(words.say("report.zone_circles")),
        Paragraph(words.say("report.zone_circles_note", minutes=result.study.walk.circle_min)),
        *(_circle_table(shown, group, words) for group in groups),
        *_left_out(len(shown), len(result.zone_checks), words),
    ]


def _circle_table(checks: Sequence[ZoneCheck], categories: Sequence[str], words: Words) -> Table:
    headings = [Column(words.say("columns.zone"))]
    for category in categories:
        headings += [
            Column(words.category(category), "c"),
            Column(words.say("columns.median"), "n"),
            Column(words.say("columns.worst"), "n"),
            Column(words.say("columns.share_inside"), "n"),
        ]
    rows: list[Line] = []
    for check in checks:
        by_category = {circle.category: circle for circle in check.circle}
        cells: list[Cell] = [_name(check)]
        for category in categories:
            circle = by_category.get(category)
            if circle is None:
                cells += [NOTHING] * 4
                continue
            cells += [
                state_badge(circle.state, words),
                clock(circle.median_s),
                clock(circle.worst_s),
                percent(circle.share_inside),
            ]
        rows.append(cells)
    return Table(headings, rows)


def _name(check: ZoneCheck) -> Text:
    zone = check.zone
    return joined(strong(shortened(zone.zone_id, 40)), " ", shortened(zone.name, 40))
