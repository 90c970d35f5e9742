"""Residential zones: floor area under each reading, and how far their homes walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.numbers import NOTHING, area, clock, percent
from circle15.output.report_markup import Child, Markup, el, join
from circle15.output.report_tables import (
    SHAPES,
    definitions,
    mark,
    paragraph,
    row,
    section,
    state_mark,
    table,
    verdict_badge,
    wide_row,
)
from circle15.output.wording import shortened
from circle15.output.zone_sheet import notes, rooms_by_id, ways_text
from circle15.rules.readings import READINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle15.output.result import StudyResult
    from circle15.output.wording import Words
    from circle15.rules.rooms import Room
    from circle15.rules.zone_checks import ZoneCheck

_KINDS = ("t", "c", "n", "n", "n", "n", "n", "n", "c", "c", "c", "c")

ABREAST = 3
"""Categories side by side in one table of walking times; A4 has no room for more."""


def zones_section(result: StudyResult, words: Words) -> Markup:
    """Show the sheet of every residential zone."""
    checks = result.zone_checks
    if not checks:
        return section("residential", words, paragraph(words.say("report.no_zones")))
    return section(
        "residential", words, _dependence(checks, words), *_floor_areas(result, words),
        *_circles(result, words),
    )  # fmt: skip


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
    for check in result.zone_checks:
        rows += _floor_area_rows(check, rooms, words)
    readings = definitions((r, words.say(f"report.reading_{r}")) for r in READINGS)
    basis = words.say(f"report.basis_{result.study.rules.basis}")
    legend = join(
        el("span", el("i", SHAPES[v]), words.say(f"verdicts.{v}"), class_=v)
        for v in ("met", "not_met", "undetermined", "not_applicable")
    )
    return [
        paragraph(words.say("report.floor_area_note", basis=basis)), readings,
        paragraph(legend, "caption legend"), table(headings, rows, class_="zones"),
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
    groups = [required[k : k + ABREAST] for k in range(0, len(required), ABREAST)]
    return [
        el("h3", words.say("report.zone_circles")),
        paragraph(words.say("report.zone_circles_note", minutes=result.study.walk.circle_min)),
        *(_circle_table(result.zone_checks, group, words) for group in groups),
    ]


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
                state_mark(circle.state, words), clock(circle.median_s), clock(circle.worst_s),
                percent(circle.share_inside),
            ]  # fmt: skip
        rows.append(cells)
    return table(headings, rows)


def _name(check: ZoneCheck) -> Markup:
    return join((el("strong", check.zone.zone_id), " ", shortened(check.zone.name, 40)))
