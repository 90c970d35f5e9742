"""Sections on coverage: by category and cutoff, by walking speed, by age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from circle15.access.counting import NO_PEOPLE
from circle15.output.charts.bars import STATES, Bar, StackedBars
from circle15.output.charts.dots import LOOKS, DotChart, DotRow
from circle15.output.document.model import Column, Figure, Paragraph, Table
from circle15.output.document.texts import strong
from circle15.output.report.basis import basis_blocks
from circle15.output.report.section_parts import numbers, section
from circle15.output.text.numbers import covered_share, percent, points, split_people
from circle15.output.text.wording import shortened, speed_text
from circle15.results.figures import coverage_row, headline_category, shown_categories
from circle15.study.settings.walkers import parts_of
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from decimal import Decimal

    from circle15.access.counting import Claimed, Counts
    from circle15.output.document.model import Block, Cell, Line, Section
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.study.settings.records import Walk


def coverage_section(result: StudyResult, words: Words) -> Section:
    """Return people by state for each category and cutoff, compared with straight-line circles."""
    headings = [
        Column(words.say("columns.category")),
        Column(words.say("columns.cutoff_min"), "n"),
        *state_headings(words),
        *circle_headings(words),
    ]
    rows: list[Line] = []
    for category in shown_categories(result):
        for k, cutoff in enumerate(result.study.walk.cutoffs_min):
            row = coverage_row(result, category, cutoff_min=cutoff)
            if row is None:
                continue
            rows.append(
                [
                    words.category(category) if k == 0 else "",
                    str(cutoff),
                    *states_of(row.counts),
                    *circles_of(row.circles),
                ]
            )
    note = Paragraph(
        words.say("report.coverage_note", group=words.group(result.study.demand.group))
    )
    if not rows:
        return section("coverage", words, Paragraph(words.say("report.no_categories")))
    required = None
    if result.study.circle.require:
        required = Paragraph(words.say("report.required", services=words.required()))
    return section(
        "coverage",
        words,
        note,
        required,
        _bars(result, words),
        _circles(result, words),
        Table(headings, rows, grouped=True),
        *basis_blocks(result, words),
    )


def _bars(result: StudyResult, words: Words) -> Figure | None:
    """Chart people by state for every category at the circle's cutoff; None without people."""
    found = [(k, coverage_row(result, k)) for k in shown_categories(result)]
    bars = [Bar(_label(k, words), row.counts, k in COMBINED) for k, row in found if row is not None]
    if not any(bar.counts.persons for bar in bars):
        return None
    title = words.say(
        "report.picture",
        group=words.group(result.study.demand.group),
        minutes=result.study.walk.circle_min,
    )
    states = {state: words.say(f"states.{state}") for state in STATES}
    return Figure(title, StackedBars(bars, states), words.say("report.state_words"))


def _circles(result: StudyResult, words: Words) -> Figure | None:
    """Chart the covered share of every category by walking and by straight-line circles."""
    minutes = result.study.walk.circle_min
    title = words.say("paper.circles_chart", minutes=minutes)
    rows = []
    for category in shown_categories(result):
        row = coverage_row(result, category)
        if row is not None:
            shares = (row.circles.walking_of_judged, row.circles.share_of_judged)
            rows.append(DotRow(_label(category, words), shares))
    legend = [words.say("paper.circles_walking"), words.say("paper.circles_circles")]
    chart = DotChart(rows, legend)
    return Figure(title, chart) if chart.known else None


def _label(category: str, words: Words) -> str:
    return shortened(words.category(category), 16 if words.language == "zh" else 28)


def _walked(counts: Counts) -> float | None:
    """Return the share covered by walking; None if the state of all people is unknown."""
    return counts.share_covered if counts.unknown < counts.persons else None


def state_headings(words: Words) -> list[Column]:
    """Return the column headings for `states_of`."""
    return numbers(("persons", "covered", "gap", "unknown", "share_covered"), words)


def states_of(counts: Counts) -> list[Cell]:
    """Format people, covered, gap and unknown, and the share covered."""
    return [*split_people(counts), covered_share(counts)]


def circle_headings(words: Words) -> list[Column]:
    """Return the column headings for `circles_of`."""
    return [
        *numbers(("share_covered_of_judged", "share_by_circles_of_judged"), words),
        Column(words.say("report.circles_excess"), "n"),
    ]


def circles_of(circles: Claimed) -> list[Cell]:
    """Format the shares of judged people covered by walking and by circles, and the difference."""
    walking, claimed = circles.walking_of_judged, circles.share_of_judged
    return [percent(walking), percent(claimed), points(claimed, walking)]


def speed_section(result: StudyResult, words: Words) -> Section:
    """Return the covered share and the gap at each walking speed."""
    walk = result.study.walk
    speeds = sorted(walk.speeds)
    judged = words.say("report.speed_judged")
    headings = [Column(words.say("columns.category"))]
    for speed in speeds:
        suffix = judged if speed == walk.speed_m_s else ""
        headings.append(Column(_at_speed("share", speed, walk, words) + suffix, "n"))
    headings += [Column(_at_speed("gap", speed, walk, words), "n") for speed in speeds]
    rows: list[Line] = []
    for category in shown_categories(result):
        found = [coverage_row(result, category, speed_m_s=speed) for speed in speeds]
        counts = [row.counts if row else NO_PEOPLE for row in found]
        rows.append(
            [
                words.category(category),
                *map(covered_share, counts),
                *(split_people(k)[2] for k in counts),
            ]
        )
    if not rows:
        return section("speed", words, Paragraph(words.say("report.no_categories")))
    if walk.alike:
        note = Paragraph(words.say("report.speed_note", minutes=walk.circle_min))
    else:
        note = Paragraph(words.say("walkers.speed_note", minutes=walk.circle_min))
    return section(
        "speed", words, note, _speeds(result, words), Table(headings, rows), *_by_age(result, words)
    )


def _speeds(result: StudyResult, words: Words) -> Figure | None:
    """Chart the covered share at the judged speed and the other speeds, three in all at most."""
    walk = result.study.walk
    shown = sorted(set(walk.speeds))
    if not 1 < len(shown) <= len(LOOKS):
        return None
    rows = []
    for category in shown_categories(result):
        found = [coverage_row(result, category, speed_m_s=speed) for speed in shown]
        shares = tuple(_walked(row.counts) if row else None for row in found)
        rows.append(DotRow(_label(category, words), shares))
    title = words.say("paper.speed_chart")
    legend = [_pace(speed, walk, words) for speed in shown]
    chart = DotChart(rows, legend, judged=shown.index(walk.speed_m_s))
    return Figure(title, chart) if chart.known else None


def _pace(speed: Decimal, walk: Walk, words: Words) -> str:
    judged = words.say("report.speed_judged") if speed == walk.speed_m_s else ""
    return (words.speed(speed) if walk.alike else f"× {speed_text(walk.factor(speed))}") + judged


def _at_speed(what: Literal["share", "gap"], speed: Decimal, walk: Walk, words: Words) -> str:
    """Return a column heading: a speed, or a factor if people walk at several speeds."""
    if walk.alike:
        return words.say(f"report.speed_{what}", speed=speed)
    return words.say(f"walkers.{what}_at", factor=speed_text(walk.factor(speed)))


def _by_age(result: StudyResult, words: Words) -> list[Block]:
    """List the age bands of the judged group, each at its own speed, and their sum."""
    study = result.study
    parts = parts_of(study.demand.group, study.walk)
    category = headline_category(result)
    if len(parts) < 2 or category is None:
        return []
    headings = [
        Column(words.say("walkers.ages")),
        Column(words.say("walkers.speed"), "n"),
        *state_headings(words),
    ]
    rows: list[Line] = []
    for part in parts:
        row = coverage_row(result, category, group=part.label)
        if row is not None:
            speed = speed_text(part.walker.speed_m_s)
            rows.append([words.group(part.label), speed, *states_of(row.counts)])
    whole = coverage_row(result, category)
    if whole is not None:
        rows.append([strong(words.say("report.sum")), "", *states_of(whole.counts)])
    note = words.say(
        "walkers.ages_note",
        group=words.group(study.demand.group),
        services=words.services(category),
        minutes=study.walk.circle_min,
    )
    return [Paragraph(note), Table(headings, rows, summed=True)]
