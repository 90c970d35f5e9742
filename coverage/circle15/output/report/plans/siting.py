"""Section on new sites: for each question the plan, its sites, what they add, who stays out."""

from __future__ import annotations

from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Final

from circle15.output.charts.gain_bars import GainBars, GainRow
from circle15.output.document.model import (
    Column,
    Figure,
    Notice,
    Paragraph,
    Subheading,
    Table,
    WideRow,
)
from circle15.output.document.texts import filled, joined, remark, strong
from circle15.output.report.section_parts import section
from circle15.output.text.numbers import (
    NOTHING,
    count,
    decimals,
    people,
    percent,
    share,
    whole_people,
)
from circle15.output.text.siting_words import (
    amount,
    assigned_line,
    candidates_line,
    floor_line,
    limits_line,
    objective_line,
    parts_out,
    people_of_sites,
    people_or_less,
    reasons_out,
    sites_shown,
    unmet_lines,
    whole_curve,
    whole_newly,
    whole_served_more,
)
from circle15.output.text.wording import shortened
from circle15.results.siting.planned_sites import plans
from circle15.study.messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.output.document.model import Block, Line, Section
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.results.siting.planned_sites import Plan, PlannedSite

SITES_SHOWN: Final = 20
BARS_SHOWN: Final = 10
STREETS_SHOWN: Final = 5


def siting_section(result: StudyResult, words: Words) -> Section:
    """Return the answers to the study's questions on new sites."""
    blocks = [block for plan in plans(result) for block in _plan(plan, words)]
    return section("siting", words, *blocks)


def _plan(plan: Plan, words: Words) -> Iterator[Block]:
    answer = plan.answer
    category = words.category(answer.category)
    name = shortened(answer.question.name, 40)
    yield Subheading(words.say("new_sites.heading", category=category, name=name))
    yield Paragraph(_lead(plan, words))
    how = list(_how(plan, words))
    if how:
        yield Paragraph(("" if words.language == "zh" else " ").join(how))
    yield Paragraph(_sought(plan, words), "caption")
    for line in unmet_lines(answer, words):
        yield Notice(line, "warning")
    if plan.sites:
        yield _sites(plan, words)
        if len(plan.sites) > 1:
            yield _curve(plan, words)
    if answer.area.after.gap:
        yield from _stays_out(plan, words)


def _template(key: str, words: Words) -> str:
    return messages(words.language)[key]


def _lead(plan: Plan, words: Words) -> Text:
    """Say how many sites reach how many people, and what share is covered then."""
    area = plan.answer.area
    if not plan.sites:
        nothing = plan.answer.counts == "covered" and not area.before.gap
        return words.say("siting.nobody" if nothing else "siting.none")
    counted = _added(plan)[-1]
    return filled(
        _template(f"new_sites.lead_{plan.measure}", words),
        sites=strong(count(len(plan.sites))),
        adds=strong(counted),
        minutes=words.study.walk.circle_min,
        before=share(area.before.covered, area.before.persons),
        after=share(area.after.covered, area.after.persons),
    )


def _how(plan: Plan, words: Words) -> Iterator[str]:
    """Say how good the plan is, whom it also covers, and what it costs."""
    answer, solution = plan.answer, plan.answer.solution
    assigned = assigned_line(answer, words)
    if solution.is_proven:
        yield words.say("siting.proven")
    elif plan.better and assigned is None:
        yield words.say(
            f"new_sites.better_{_bounded(plan)}",
            better=count(ceil(plan.better)),
            gap=percent(solution.gap),
        )
    if solution.stop == "clock":
        yield words.say("siting.stop_clock")
    if assigned is not None:
        yield assigned
    if plan.settled and plan.measure == "served":
        told = count(whole_curve(answer)[-1])
        yield words.say("siting.settled_served", after=told, settled=people(plan.settled))
    elif plan.settled:
        yield words.say("new_sites.settled", settled=people(plan.settled))
    floor = floor_line(answer, words)
    if floor is not None:
        yield floor
    if plan.cost is not None:
        yield words.say("new_sites.cost", cost=amount(plan.cost))


def _bounded(plan: Plan) -> str:
    counted, _ = plan.answer.counted
    return "second" if counted == "people" and plan.measure == "second" else counted


def _sought(plan: Plan, words: Words) -> str:
    """Say what was sought, among which candidates."""
    settings = plan.answer.question.settings
    return words.say(
        "new_sites.sought",
        objective=objective_line(settings, words),
        limits=limits_line(settings, words),
        candidates=candidates_line(plan.answer, words),
    )


def _sites(plan: Plan, words: Words) -> Table:
    costs = any(one.cost is not None for one in plan.sites)
    headings = [Column("#", "n")]
    headings += [Column(words.say("new_sites.phase"), "n")] if plan.in_phases else []
    headings += [
        Column(words.say("new_sites.site")),
        Column(words.say("columns.street")),
        Column(words.say("new_sites.reached"), "n"),
        Column(words.say(f"new_sites.adds_{plan.measure}"), "n"),
        Column(words.say("new_sites.mean_min"), "n"),
    ]
    headings += [Column(words.say("new_sites.costs"), "n")] if costs else []
    adds = _each(plan)
    rows: list[Line] = [
        _site(one, plan, added, costs=costs)
        for one, added in zip(plan.sites[:SITES_SHOWN], adds, strict=False)
    ]
    sheet = words.say("workbook.new_sites")
    if len(plan.sites) > SITES_SHOWN:
        more = words.say("new_sites.more", count=count(len(plan.sites) - SITES_SHOWN), sheet=sheet)
        rows.append(WideRow(more, "more"))
    return Table(headings, rows, name="plan", sheet=sheet)


def _site(one: PlannedSite, plan: Plan, added: str, *, costs: bool) -> Line:
    site = one.site
    return [
        count(one.number),
        *([count(site.phase)] if plan.in_phases else []),
        joined(shortened(one.label, 60), remark(f"{one.lon:.5f}, {one.lat:.5f}")),
        shortened(one.street) or NOTHING,
        people(site.reached),
        added,
        decimals(one.mean_min, 1),
        *([NOTHING if one.cost is None else amount(one.cost)] if costs else []),
    ]


def _added(plan: Plan) -> list[str]:
    """Format what the first 1, 2, 3 … sites add together: the sum of what each does."""
    if plan.measure == "minutes":
        return [decimals(plan.shown(one), 0) for one in plan.adds]
    each = whole_served_more if plan.measure == "served" else whole_newly
    sums = zip(accumulate(each(plan.answer)), plan.adds, strict=True)
    return [people_or_less(whole, micro) for whole, micro in sums]


def _each(plan: Plan) -> list[str]:
    """Format what each site adds."""
    if plan.measure == "minutes":
        return [decimals(one.saved_min, 0) for one in plan.sites]
    return people_of_sites(plan.answer, served=plan.measure == "served")


def _curve(plan: Plan, words: Words) -> Figure:
    """Chart what the first 1, 2, 3 … sites add together."""
    rows, texts = [], _added(plan)
    for k in sites_shown(len(plan.adds), BARS_SHOWN):
        added = plan.adds[k - 1]
        shown = plan.shown(added)
        rows.append(GainRow(words.say("new_sites.bar", sites=k), shown, texts[k - 1]))
    title = words.say("new_sites.curve_title", category=words.category(plan.answer.category))
    return Figure(title, GainBars(rows, words.say(f"new_sites.curve_{plan.measure}")))


def _stays_out(plan: Plan, words: Words) -> Iterator[Block]:
    """List who stays in the gap, and why: no candidate is near, or a limit keeps it out."""
    answer = plan.answer
    yield Paragraph(
        words.say(
            "new_sites.stays_out",
            gap=count(sum(parts_out(answer.area))),
            reasons=reasons_out(answer, words) or NOTHING,
        )
    )
    worst = sorted(answer.streets, key=lambda one: (-one.after.gap, one.zone_id))
    shown = [one for one in worst if one.after.gap]
    if not shown:
        return
    keys = ["gap_before", "gap_after", "beyond", "excluded", "not_chosen"]
    if not answer.area.excluded:
        keys.remove("excluded")
    rows: list[Line] = []
    for one in shown[:STREETS_SHOWN]:
        parts = parts_out(one)
        told = {
            "gap_before": count(whole_people(one.before)[1]),
            "gap_after": count(sum(parts)),
            **dict(zip(("beyond", "excluded", "not_chosen"), map(count, parts), strict=True)),
        }
        rows.append([shortened(one.name or one.zone_id), *(told[key] for key in keys)])
    if len(shown) > STREETS_SHOWN:
        more = words.say(
            "new_sites.streets_more",
            count=count(len(shown) - STREETS_SHOWN),
            sheet=words.say("workbook.siting_streets"),
        )
        rows.append(WideRow(more, "more"))
    headings = [Column(words.say(f"new_sites.{key}"), "n") for key in keys]
    yield Table([Column(words.say("columns.street")), *headings], rows)
