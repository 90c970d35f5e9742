"""Who is covered: by category and cutoff, by speed and by age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from circle15.access.counting import NOBODY
from circle15.output.charts.svg_bars import STATES, Bar, stacked_bars
from circle15.output.charts.svg_dots import LOOKS, DotRow, dots_figure
from circle15.output.document.html_tables import paragraph, section, table
from circle15.output.document.markup import Child, Markup, el
from circle15.output.text.numbers import covered_share, percent, points, split_people
from circle15.output.text.wording import shortened, speed_text
from circle15.results.figures import coverage_row, headline_category, shown_categories
from circle15.study.settings.walkers import parts_of
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from decimal import Decimal

    from circle15.access.counting import Claimed, Counts
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.study.settings.records import Walk

WORST_SHOWN = 20


def coverage_section(result: StudyResult, words: Words) -> Markup:
    """Table of categories and cutoffs, beside what straight-line circles would have claimed."""
    headings = [
        (words.say("columns.category"), "t"), (words.say("columns.cutoff_min"), "n"),
        *state_headings(words), *circle_headings(words),
    ]  # fmt: skip
    rows: list[list[Child] | Markup] = []
    for category in shown_categories(result):
        for k, cutoff in enumerate(result.study.walk.cutoffs_min):
            row = coverage_row(result, category, cutoff_min=cutoff)
            if row is None:
                continue
            rows.append([
                words.category(category) if k == 0 else "", cutoff, *states_of(row.counts),
                *circles_of(row.circles),
            ])  # fmt: skip
    note = paragraph(
        words.say("report.coverage_note", group=words.group(result.study.demand.group))
    )
    if not rows:
        return section("coverage", words, paragraph(words.say("report.no_categories")))
    required = None
    if result.study.circle.require:
        required = paragraph(words.say("report.required", services=words.required()))
    return section(
        "coverage", words, note, required, _bars(result, words), _circles(result, words),
        table(headings, rows, class_="grouped"),
    )  # fmt: skip


def _bars(result: StudyResult, words: Words) -> Markup | None:
    """Draw the people of every category by state, within the circle; nothing of nobody."""
    found = [(k, coverage_row(result, k)) for k in shown_categories(result)]
    bars = [
        Bar(_label(k, words), row.counts, k in COMBINED)
        for k, row in found if row is not None
    ]  # fmt: skip
    if not any(bar.counts.persons for bar in bars):
        return None
    title = words.say(
        "report.picture", group=words.group(result.study.demand.group),
        minutes=result.study.walk.circle_min,
    )  # fmt: skip
    states = {state: words.say(f"states.{state}") for state in STATES}
    return el("figure", el("figcaption", title), stacked_bars(bars, states, title),
              paragraph(words.say("report.state_words"), "caption"))  # fmt: skip


def _circles(result: StudyResult, words: Words) -> Markup | None:
    """Draw what circles would claim of every category beside what walking gives."""
    minutes = result.study.walk.circle_min
    title = words.say("paper.circles_chart", minutes=minutes)
    rows = []
    for category in shown_categories(result):
        row = coverage_row(result, category)
        if row is not None:
            shares = (row.circles.walking_of_judged, row.circles.share_of_judged)
            rows.append(DotRow(_label(category, words), shares))
    legend = [words.say("paper.circles_walking"), words.say("paper.circles_circles")]
    return dots_figure(rows, legend, title)


def _label(category: str, words: Words) -> str:
    return shortened(words.category(category), 16 if words.language == "zh" else 28)


def _walked(counts: Counts) -> float | None:
    """Share covered by walking; None where nobody can be judged."""
    return counts.share_covered if counts.unknown < counts.persons else None


def state_headings(words: Words) -> list[tuple[str, str]]:
    """Head the columns of `states_of`."""
    keys = ("persons", "covered", "gap", "unknown", "share_covered")
    return [(words.say(f"columns.{key}"), "n") for key in keys]


def states_of(counts: Counts) -> list[Child]:
    """Print people, covered, gap and unknown, and the share covered."""
    return [*split_people(counts), covered_share(counts)]


def circle_headings(words: Words) -> list[tuple[str, str]]:
    """Head the columns of `circles_of`."""
    keys = ("share_covered_of_judged", "share_by_circles_of_judged")
    return [
        *((words.say(f"columns.{key}"), "n") for key in keys),
        (words.say("report.circles_excess"), "n"),
    ]


def circles_of(circles: Claimed) -> list[Child]:
    """Print what walking and circles give of the people whom walking judges; the difference."""
    walking, claimed = circles.walking_of_judged, circles.share_of_judged
    return [percent(walking), percent(claimed), points(claimed, walking)]


def speed_section(result: StudyResult, words: Words) -> Markup:
    """How the covered share and the gap change with the walking speed."""
    walk = result.study.walk
    speeds = sorted(walk.speeds)
    judged = words.say("report.speed_judged")
    headings = [(words.say("columns.category"), "t")]
    for speed in speeds:
        suffix = judged if speed == walk.speed_m_s else ""
        headings.append((_at_speed("share", speed, walk, words) + suffix, "n"))
    headings += [(_at_speed("gap", speed, walk, words), "n") for speed in speeds]
    rows: list[list[Child]] = []
    for category in shown_categories(result):
        found = [coverage_row(result, category, speed_m_s=speed) for speed in speeds]
        counts = [row.counts if row else NOBODY for row in found]
        rows.append([
            words.category(category), *map(covered_share, counts),
            *(split_people(k)[2] for k in counts),
        ])  # fmt: skip
    if not rows:
        return section("speed", words, paragraph(words.say("report.no_categories")))
    if walk.alike:
        note = paragraph(words.say("report.speed_note", minutes=walk.circle_min))
    else:
        note = paragraph(words.say("walkers.speed_note", minutes=walk.circle_min))
    return section(
        "speed", words, note, _speeds(result, words), table(headings, rows), *_by_age(result, words)
    )


def _speeds(result: StudyResult, words: Words) -> Markup | None:
    """Draw the covered share at the judged speed and at a slower and a faster one."""
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
    return dots_figure(rows, legend, title, judged=shown.index(walk.speed_m_s))


def _pace(speed: Decimal, walk: Walk, words: Words) -> str:
    judged = words.say("report.speed_judged") if speed == walk.speed_m_s else ""
    return (words.speed(speed) if walk.alike else f"× {speed_text(walk.factor(speed))}") + judged


def _at_speed(what: Literal["share", "gap"], speed: Decimal, walk: Walk, words: Words) -> str:
    """Head a column: a speed, or a factor where people walk at several."""
    if walk.alike:
        return words.say(f"report.speed_{what}", speed=speed)
    return words.say(f"walkers.{what}_at", factor=speed_text(walk.factor(speed)))


def _by_age(result: StudyResult, words: Words) -> list[Markup]:
    """List the bands of age of the judged group, each at its own speed, and their sum."""
    study = result.study
    parts = parts_of(study.demand.group, study.walk)
    category = headline_category(result)
    if len(parts) < 2 or category is None:
        return []
    headings = [
        (words.say("walkers.ages"), "t"), (words.say("walkers.speed"), "n"),
        *state_headings(words),
    ]  # fmt: skip
    rows: list[list[Child] | Markup] = []
    for part in parts:
        row = coverage_row(result, category, group=part.label)
        if row is not None:
            speed = speed_text(part.walker.speed_m_s)
            rows.append([words.group(part.label), speed, *states_of(row.counts)])
    whole = coverage_row(result, category)
    if whole is not None:
        rows.append([el("strong", words.say("report.sum")), None, *states_of(whole.counts)])
    note = words.say(
        "walkers.ages_note", group=words.group(study.demand.group),
        services=words.services(category), minutes=study.walk.circle_min,
    )  # fmt: skip
    return [paragraph(note), table(headings, rows, class_="summed")]
