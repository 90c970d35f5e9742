"""Worksheet of the scenarios: people before and after, by category, cutoff, group and zone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from circle15.output.tables.sheet_records import Cell, People, Sheet
from circle15.output.text.numbers import whole_people

if TYPE_CHECKING:
    from circle15.output.text.wording import Words
    from circle15.planning.scenarios.differences import Shift
    from circle15.results.records import StudyResult


def scenario_sheets(result: StudyResult, words: Words) -> list[Sheet]:
    """Return the worksheet of the scenarios; none if the study has none."""
    if not result.scenarios:
        return []
    columns = [
        ("scenario", "text"),
        ("level", "text"),
        ("level_id", "text"),
        ("level_name", "text"),
        ("category", "text"),
        ("category_id", "text"),
        ("group", "text"),
        ("cutoff_min", "whole"),
        ("people_today", "people"),
        ("covered_today", "people"),
        ("gain_access", "people"),
        ("lose_access", "people"),
        ("people_then", "people"),
        ("covered_then", "people"),
    ]
    rows: list[list[Cell]] = []
    for outcome in result.scenarios:
        name = outcome.changes.name
        area: list[Cell] = [name, words.say("workbook.level_area"), None, None]
        rows += [[*area, *_numbers(one, words)] for one in outcome.shifts]
        rows += [
            [
                name,
                words.say(f"workbook.level_{one.level}"),
                one.zone_id,
                one.name or None,
                *_numbers(one.shift, words),
            ]
            for one in outcome.zones
        ]
    return [Sheet("scenarios", columns, rows)]


def _numbers(one: Shift, words: Words) -> list[Cell]:
    before, after = whole_people(one.before), whole_people(one.after)
    return [
        words.category(one.category),
        one.category,
        words.group(one.group),
        one.cutoff_min,
        People(one.before.persons, sum(before)),
        People(one.before.covered, before[0]),
        *(Decimal(micro).scaleb(-6) for micro in (one.gained, one.lost)),
        People(one.after.persons, sum(after)),
        People(one.after.covered, after[0]),
    ]
