"""Section on scenarios: all side by side, then what each changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.inputs.tables.shown_ids import known_by
from circle15.output.document.model import Column, Paragraph, Subheading, Table, WideRow
from circle15.output.report.section_parts import section, verdict_badge
from circle15.output.text.numbers import NOTHING, count, moved, people
from circle15.output.text.study_parameters import changes_text
from circle15.output.text.wording import printable, shortened
from circle15.results.figures import headline_category

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.output.document.model import Block, Line, Section
    from circle15.output.text.wording import Words
    from circle15.planning.scenarios.differences import (
        CatchmentShift,
        ScenarioOutcome,
        Shift,
        ZoneShift,
    )
    from circle15.results.records import StudyResult

ROWS_SHOWN: Final = 10
"""Rows shown of the zones, sites and verdicts of a scenario; `summary.json` has all."""
_NAME: Final = 40


def scenarios_section(result: StudyResult, words: Words) -> Section:
    """Return the scenarios of the study; the numbers are of the judged group in the circle."""
    blocks: list[Block] = []
    category = headline_category(result)
    if category is not None:
        group, minutes = words.group(words.study.demand.group), words.study.walk.circle_min
        note = words.say(
            "scenarios.note", group=group, minutes=minutes, services=words.services(category)
        )
        if any(one.changes.scenario.homes for one in result.scenarios):
            gap = "" if words.language == "zh" else " "
            note += gap + words.say("scenarios.note_homes")
        blocks += [Paragraph(note), _side_by_side(result.scenarios, category, words)]
    for outcome in result.scenarios:
        blocks += _scenario(outcome, category, words)
    return section("scenarios", words, *blocks)


def _side_by_side(outcomes: Sequence[ScenarioOutcome], category: str, words: Words) -> Table:
    """Return a row for each scenario."""
    homes = any(one.changes.scenario.homes for one in outcomes)
    headings = [Column(words.say("scenarios.scenario")), *_moves(words, homes=homes)]
    headings += [
        Column(words.say(f"scenarios.{key}"), "n") for key in ("sites_changed", "verdicts_changed")
    ]
    rows: list[Line] = []
    for outcome in outcomes:
        found = next((one for one in _in_circle(outcome, words) if one.category == category), None)
        if found is not None:
            counts = len(outcome.catchments), len(outcome.flips)
            name = shortened(outcome.changes.name, _NAME)
            rows.append([name, *moved(found, homes=homes), *map(count, counts)])
    return Table(headings, rows, name="scenarios")


def _moves(words: Words, *, homes: bool) -> list[Column]:
    keys = ["covered_today", "gain", "lose", *(["at_new_homes"] if homes else []), "covered_then"]
    return [Column(words.say(f"scenarios.{key}"), "n") for key in keys]


def _in_circle(outcome: ScenarioOutcome, words: Words) -> list[Shift]:
    """Return what changes for the judged group in the circle, by category."""
    study = words.study
    return [
        one
        for one in outcome.shifts
        if (one.group, one.cutoff_min) == (study.demand.group, study.walk.circle_min)
    ]


def _scenario(outcome: ScenarioOutcome, category: str | None, words: Words) -> Iterator[Block]:
    yield Subheading(shortened(outcome.changes.name, _NAME))
    homes = outcome.changes.scenario.homes is not None
    what = changes_text(outcome.changes.scenario, words)
    yield Paragraph(words.say("scenarios.what", what=what))
    changed = [one for one in _in_circle(outcome, words) if one.changes]
    if not changed:
        yield Paragraph(words.say("scenarios.nobody"))
    else:
        headings = [Column(words.say("columns.category")), *_moves(words, homes=homes)]
        rows: list[Line] = [
            [words.category(one.category), *moved(one, homes=homes)] for one in changed
        ]
        yield Table(headings, rows)
    streets = [
        one
        for one in outcome.zones
        if one.level == "street"
        and one.shift.category == category
        and one.shift.cutoff_min == words.study.walk.circle_min
    ]
    if streets:
        yield _streets(streets, words, homes=homes)
    if outcome.catchments:
        yield _catchments(outcome.catchments, words)
    if outcome.flips:
        yield _verdicts(outcome, words)


def _more(hidden: int, words: Words) -> list[Line]:
    """Say how many rows are in `summary.json` only."""
    return [WideRow(words.say("scenarios.more", count=count(hidden)), "more")] if hidden > 0 else []


def _streets(zones: Sequence[ZoneShift], words: Words, *, homes: bool) -> Table:
    order = sorted(zones, key=lambda one: (-(one.shift.gained + one.shift.lost), one.zone_id))
    rows: list[Line] = [
        [shortened(printable(one.name or one.zone_id)), *moved(one.shift, homes=homes)]
        for one in order[:ROWS_SHOWN]
    ]
    headings = [Column(words.say("columns.street")), *_moves(words, homes=homes)]
    return Table(headings, [*rows, *_more(len(order) - ROWS_SHOWN, words)])


def _catchments(found: Sequence[CatchmentShift], words: Words) -> Table:
    order = sorted(found, key=lambda one: (-_by(one), one.category, one.facility_id))
    rows: list[Line] = [
        [
            shortened(printable(known_by(one.facility_id, one.name))),
            words.category(one.category),
            NOTHING if one.before is None else people(one.before),
            NOTHING if one.after is None else people(one.after),
        ]
        for one in order[:ROWS_SHOWN]
    ]
    headings = [
        Column(words.say("scenarios.site")),
        Column(words.say("columns.category")),
        Column(words.say("scenarios.catchment_today"), "n"),
        Column(words.say("scenarios.catchment_then"), "n"),
    ]
    return Table(headings, [*rows, *_more(len(order) - ROWS_SHOWN, words)])


def _by(one: CatchmentShift) -> int:
    return abs((one.after or 0) - (one.before or 0))


def _verdicts(outcome: ScenarioOutcome, words: Words) -> Table:
    rows: list[Line] = [
        [
            shortened(printable(f"{one.own} {one.scope}".strip())),
            verdict_badge(one.before.value, words),
            verdict_badge(one.after.value, words),
        ]
        for one in outcome.flips[:ROWS_SHOWN]
    ]
    headings = [
        Column(words.say("scenarios.verdict_of")),
        Column(words.say("scenarios.today")),
        Column(words.say("scenarios.then")),
    ]
    return Table(headings, [*rows, *_more(len(outcome.flips) - ROWS_SHOWN, words)])
