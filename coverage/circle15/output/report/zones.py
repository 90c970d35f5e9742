"""Residential zones: floor area under each reading, and how far their homes walk."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from circle15.output.document.html_tables import (
    SHAPES,
    mark,
    paragraph,
    row,
    section,
    state_mark,
    table,
    verdict_badge,
    wide_row,
)
from circle15.output.document.markup import Child, Markup, el, join
from circle15.output.text.numbers import NOTHING, area, clock, count, percent
from circle15.output.text.wording import shortened
from circle15.output.text.zone_words import notes, rooms_by_id, ways_text
from circle15.results.figures import reading_sum
from circle15.rules.floor_area.readings import READINGS
from circle15.rules.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.rules.floor_area.rooms import Room
    from circle15.rules.floor_area.zone_checks import ZoneCheck

_KINDS = ("t", "c", "n", "n", "n", "n", "n", "n", "c", "c", "c", "c")

ABREAST = 3
"""Categories side by side in one table of walking times; A4 has no room for more."""


ZONES_SHOWN = 24
"""Zones of each table; where there are more, the worst ones."""

_OPEN_ENDED = ("not_met", "undetermined", "source_conflict")


def zones_section(result: StudyResult, words: Words) -> Markup:
    """Show residential zones, the worst of many, and how their verdicts hang on the reading."""
    checks = result.zone_checks
    if not checks:
        return section("residential", words, paragraph(words.say("report.no_zones")))
    return section(
        "residential", words, _dependence(checks, words), *_floor_areas(result, words),
        *_circles(result, words), paragraph(words.say("paper.zones_sheets"), "caption"),
    )  # fmt: skip


def _worst_by_law(checks: Sequence[ZoneCheck]) -> list[ZoneCheck]:
    """
    Choose the zones that are shown; they keep their order.

    First those whose verdict hangs on the reading, then those not met, undetermined and the
    others, and among these those that lack most.
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
    """Choose the zones of which the smallest share reaches a service; they keep their order."""

    def least(check: ZoneCheck) -> float:
        shares = [one.share_inside for one in check.circle if one.share_inside is not None]
        return float(min(shares)) if shares else 1.0

    kept = {id(check) for check in sorted(checks, key=least)[:ZONES_SHOWN]}
    return [check for check in checks if id(check) in kept]


def _left_out(shown: int, every: int, words: Words) -> Markup | None:
    """Say where the other zones are."""
    if shown == every:
        return None
    sheet = words.say("workbook.residential")
    return paragraph(words.say("paper.zones_left", shown=shown, all=every, sheet=sheet), "caption")


def _readings(checks: Sequence[ZoneCheck], words: Words) -> list[Markup]:
    """Count the verdicts of all zones, and add up what they lack, under each reading."""
    found = [check.sheet for check in checks if check.sheet is not None]
    verdicts = [v for v in Verdict if any(s.readings[r] == v for s in found for r in READINGS)]
    headings = [
        (words.say("paper.reading"), "t"), (words.say("paper.reading_is"), "t"),
        *((words.say(f"verdicts.{verdict.value}"), "n") for verdict in verdicts),
        (words.say("columns.shortfall_m2"), "n"),
    ]  # fmt: skip
    rows: list[Sequence[Child] | Markup] = []
    for reading in READINGS:
        total = reading_sum(checks, reading)
        rows.append([
            el("strong", reading), words.say(f"report.reading_{reading}"),
            *(count(total.verdicts[v.value]) for v in verdicts),
            join(("≥ " if total.some_unknown else None, area(total.shortfall_m2))),
        ])  # fmt: skip
    return [el("h3", words.say("paper.readings")), table(headings, rows, class_="readings")]


def _dependence(checks: Sequence[ZoneCheck], words: Words) -> Markup:
    """Say first whether the verdicts hang on how the clause on 300 m² is read."""
    dependent = [
        c.zone.zone_id for c in checks if c.sheet is not None and c.sheet.reading_dependent
    ]
    if all(check.sheet is None for check in checks):
        return paragraph(words.say("report.no_floor_area_law"))
    if not dependent:
        return paragraph(words.say("report.no_dependence"), "first")
    return paragraph(
        words.say(
            "report.dependence", count=len(dependent), all=len(checks), zones=words.list(dependent)
        ),
        "first",
    )


def _floor_areas(result: StudyResult, words: Words) -> list[Markup]:
    if all(check.sheet is None for check in result.zone_checks):
        return []
    keys = (
        "zone",
        "kind",
        "households",
        "required_m2",
        "counted_m2",
        "plain_sum_m2",
        "plain_gap_m2",
        "shortfall_m2",
    )
    headings = [
        *((words.say(f"columns.{key}"), kind) for key, kind in zip(keys, _KINDS, strict=False)),
        *((reading, "c") for reading in READINGS),
        (words.say("columns.verdict"), "c"),
    ]
    rows: list[Sequence[Child] | Markup] = []
    rooms = rooms_by_id(result.zone_checks)
    shown = _worst_by_law(result.zone_checks)
    for check in shown:
        rows += _floor_area_rows(check, rooms, words)
    basis = words.say(f"report.basis_{result.study.rules.basis}")
    legend = join(
        el("span", el("i", SHAPES[v]), words.say(f"verdicts.{v}"), class_=v)
        for v in ("met", "not_met", "undetermined", "not_applicable")
    )
    return [
        *_readings(result.zone_checks, words), el("h3", words.say("paper.zones_areas")),
        paragraph(words.say("report.floor_area_note", basis=basis)),
        paragraph(legend, "caption legend"), table(headings, rows, class_="zones"),
        *_none_or(_left_out(len(shown), len(result.zone_checks), words)),
    ]  # fmt: skip


def _floor_area_rows(check: ZoneCheck, rooms: Mapping[str, Room], words: Words) -> list[Markup]:
    sheet = check.sheet
    if sheet is None:
        return []
    cells: list[Child] = [
        _name(check), words.say(f"report.kind_{check.zone.kind}"), area(sheet.households),
        area(sheet.required_m2), area(sheet.counted_m2, apart_from=sheet.required_m2),
        area(sheet.plain_sum_m2, apart_from=sheet.required_m2), area(sheet.plain_gap_m2),
        area(sheet.shortfall_m2), *(mark(sheet.readings[r].value, words) for r in READINGS),
        verdict_badge(sheet.verdict.value, words),
    ]  # fmt: skip
    remarks = notes(check, rooms, words)
    ways = ways_text(check, rooms, words)
    if ways:
        remarks.append(words.say("report.mend", ways=ways))
    follow = " ".join(remarks)
    found = [row(cells, _KINDS, "noted" if follow else None)]
    if follow:
        found.append(wide_row(follow, len(_KINDS), "notes"))
    return found


def _circles(result: StudyResult, words: Words) -> list[Markup]:
    """Show the minutes from the homes of each zone to each required category."""
    required = result.study.circle.require
    if not required:
        return [paragraph(words.say("report.no_circle"))]
    shown = _worst_by_walk(result.zone_checks)
    groups = [required[k : k + ABREAST] for k in range(0, len(required), ABREAST)]
    return [
        el("h3", words.say("report.zone_circles")),
        paragraph(words.say("report.zone_circles_note", minutes=result.study.walk.circle_min)),
        *(_circle_table(shown, group, words) for group in groups),
        *_none_or(_left_out(len(shown), len(result.zone_checks), words)),
    ]


def _none_or(one: Markup | None) -> list[Markup]:
    return [] if one is None else [one]


def _circle_table(checks: Sequence[ZoneCheck], categories: Sequence[str], words: Words) -> Markup:
    headings = [(words.say("columns.zone"), "t")]
    for category in categories:
        headings += [
            (words.category(category), "c"), (words.say("columns.median"), "n"),
            (words.say("columns.worst"), "n"), (words.say("columns.share_inside"), "n"),
        ]  # fmt: skip
    rows: list[Sequence[Child]] = []
    for check in checks:
        by_category = {circle.category: circle for circle in check.circle}
        cells: list[Child] = [_name(check)]
        for category in categories:
            circle = by_category.get(category)
            if circle is None:
                cells += [NOTHING] * 4
                continue
            cells += [
                state_mark(circle.state, words), clock(circle.median_s),
                clock(circle.worst_s),
                percent(circle.share_inside),
            ]  # fmt: skip
        rows.append(cells)
    return table(headings, rows)


def _name(check: ZoneCheck) -> Markup:
    return join(
        (el("strong", shortened(check.zone.zone_id, 40)), " ", shortened(check.zone.name, 40))
    )
