"""Who is covered: by category and cutoff, by speed, by street and community."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from circle15.access.counting import NOBODY
from circle15.output.numbers import NOTHING, covered_share, people, percent, points, split_people
from circle15.output.report_figures import (
    coverage_row,
    headline_category,
    shown_categories,
    worst_zones,
    zone_counts,
)
from circle15.output.report_markup import Child, Markup, el
from circle15.output.report_tables import paragraph, section, table, wide_row
from circle15.output.svg_bars import STATES, Bar, stacked_bars
from circle15.output.wording import COMBINED, shortened, speed_text
from circle15.study import columns as c
from circle15.study.walkers import parts_of

if TYPE_CHECKING:
    from decimal import Decimal

    from circle15.access.counting import Counts
    from circle15.output.result import StudyResult, ZoneRow
    from circle15.output.wording import Words
    from circle15.study.config import Walk

WORST_SHOWN = 20


def coverage_section(result: StudyResult, words: Words) -> Markup:
    """Table of categories and cutoffs, beside what straight-line circles would have claimed."""
    headings = [
        (words.say("columns.category"), "t"), (words.say("columns.cutoff_min"), "n"),
        *_state_headings(words), (words.say("columns.share_by_circles"), "n"),
        (words.say("report.circles_excess"), "n"),
    ]  # fmt: skip
    rows: list[list[Child] | Markup] = []
    for category in shown_categories(result):
        for k, cutoff in enumerate(result.study.walk.cutoffs_min):
            row = coverage_row(result, category, cutoff_min=cutoff)
            if row is None:
                continue
            judged = row.counts.unknown < row.counts.persons
            walked = row.counts.share_covered if judged else None
            rows.append([
                words.category(category) if k == 0 else "", cutoff, *_states(row.counts),
                percent(row.share_by_circles), points(row.share_by_circles, walked),
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
        "coverage", words, note, required, _bars(result, words),
        table(headings, rows, class_="grouped"),
    )  # fmt: skip


def _bars(result: StudyResult, words: Words) -> Markup:
    """Draw the people of every category by state, within the circle."""
    found = [(k, coverage_row(result, k)) for k in shown_categories(result)]
    longest = 16 if words.language == "zh" else 30
    bars = [
        Bar(shortened(words.category(k), longest), row.counts, k in COMBINED)
        for k, row in found if row is not None
    ]  # fmt: skip
    title = words.say(
        "report.picture", group=words.group(result.study.demand.group),
        minutes=result.study.walk.circle_min,
    )  # fmt: skip
    states = {state: words.say(f"states.{state}") for state in STATES}
    return el("figure", el("figcaption", title), stacked_bars(bars, states, title),
              paragraph(words.say("report.state_words"), "caption"))  # fmt: skip


def _state_headings(words: Words) -> list[tuple[str, str]]:
    keys = ("persons", "covered", "gap", "unknown", "share_covered")
    return [(words.say(f"columns.{key}"), "n") for key in keys]


def _states(counts: Counts) -> list[Child]:
    return [*split_people(counts), covered_share(counts)]


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
    return section("speed", words, note, table(headings, rows), *_by_age(result, words))


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
        *_state_headings(words),
    ]  # fmt: skip
    rows: list[list[Child] | Markup] = []
    for part in parts:
        row = coverage_row(result, category, group=part.label)
        if row is not None:
            speed = speed_text(part.walker.speed_m_s)
            rows.append([words.group(part.label), speed, *_states(row.counts)])
    whole = coverage_row(result, category)
    if whole is not None:
        rows.append([el("strong", words.say("report.sum")), None, *_states(whole.counts)])
    note = words.say(
        "walkers.ages_note", group=words.group(study.demand.group),
        services=words.services(category), minutes=study.walk.circle_min,
    )  # fmt: skip
    return [paragraph(note), table(headings, rows, class_="summed")]


def streets_section(result: StudyResult, words: Words) -> Markup:
    """Every street: people by state for the headline, and the covered share of each category."""
    category = headline_category(result)
    if not len(result.area.streets):
        return section("streets", words, paragraph(words.say("report.no_streets")))
    if category is None:
        return section("streets", words, paragraph(words.say("report.no_categories")))
    found = zone_counts(result, "street")
    single = [k for k in result.categories if k in result.study.circle.require] or result.categories
    single = [] if single == [category] else list(single)[:4]
    headings = [
        (words.say("columns.street"), "t"), *_state_headings(words),
        *((words.category(k), "n") for k in single),
    ]  # fmt: skip
    rows: list[list[Child] | Markup] = []
    sums = NOBODY
    for (zone_id, key), zone in sorted(found.items()):
        if key != category:
            continue
        sums += zone.counts
        shares = [found[zone_id, k].counts for k in single]
        rows.append([
            _zone_name(zone), *_states(zone.counts), *map(covered_share, shares)
        ])  # fmt: skip
    blanks: list[Child] = [None] * len(single)
    rows.append([el("strong", words.say("report.sum")), *_states(sums), *blanks])
    note = paragraph(
        words.say(
            "report.streets_note",
            services=words.services(category),
            minutes=result.study.walk.circle_min,
        )
    )
    outside = _outside_note(result, sums, category, words)
    return section("streets", words, note, table(headings, rows, class_="summed"), outside)


def _outside_note(result: StudyResult, sums: Counts, category: str, words: Words) -> Markup | None:
    """Say how many people are in no street: the streets need not fill the area."""
    row = coverage_row(result, category)
    if row is None or row.counts.persons == sums.persons:
        return None
    rest = people(row.counts.persons - sums.persons)
    return paragraph(words.say("report.streets_rest", people=rest), "caption")


def _zone_name(zone: ZoneRow) -> str:
    return shortened(zone.name or zone.zone_id)


def _no_gaps(result: StudyResult, category: str | None, words: Words) -> str:
    """Say that no community has a gap, or that this is not known."""
    if category is None:
        return words.say("report.no_categories")
    row = coverage_row(result, category)
    counts = row.counts if row else NOBODY
    if not counts.persons:
        group = words.group(result.study.demand.group)
        return words.say("report.who_nobody", group=group)
    if counts.unknown:
        return words.say("report.no_gaps_known", people=people(counts.unknown))
    return words.say("report.no_gaps")


def communities_section(result: StudyResult, words: Words) -> Markup:
    """List the communities where most people are in the gap."""
    category = headline_category(result)
    if not len(result.area.communities):
        return section("communities", words, paragraph(words.say("report.no_communities")))
    worst = worst_zones(result, "community", category) if category else []
    if not worst:
        return section("communities", words, paragraph(_no_gaps(result, category, words)))
    streets = dict(zip(result.area.streets[c.ZONE_ID], result.area.streets[c.NAME], strict=True))
    of_street = dict(
        zip(result.area.communities[c.ZONE_ID], result.area.communities[c.STREET_ID], strict=True)
    )
    headings = [
        ("#", "n"), (words.say("columns.community"), "t"), (words.say("columns.street"), "t"),
        *_state_headings(words),
    ]  # fmt: skip
    rows: list[list[Child] | Markup] = []
    for k, zone in enumerate(worst[:WORST_SHOWN], 1):
        street = streets.get(of_street.get(zone.zone_id), NOTHING)
        rows.append([k, _zone_name(zone), shortened(street), *_states(zone.counts)])
    if len(worst) > WORST_SHOWN:
        more = words.say("report.communities_more", count=len(worst) - WORST_SHOWN)
        rows.append(wide_row(more, len(headings), "more"))
    note = paragraph(words.say(
        "report.communities_note", services=words.services(category or ""),
        minutes=result.study.walk.circle_min, count=len(worst), all=len(result.area.communities),
    ))  # fmt: skip
    return section("communities", words, note, table(headings, rows))
