"""The answer to a siting question as lines of text for the terminal."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.inputs.tables.shown_ids import known_by
from circle15.output.text.numbers import (
    count,
    decimals,
    people,
    percent,
    share,
    split_people,
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
    reasons_out,
    unmet_lines,
    whole_curve,
    whole_served_more,
)
from circle15.output.text.wording import Words, shortened
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.planning.plan_counts import NewSite
    from circle15.planning.proposals import After, SitingAnswer

_STREETS_SHOWN: Final = 10


def answer_lines(answer: SitingAnswer, words: Words) -> Iterator[str]:
    """Yield the answer to a question: sites, curve, people still in a gap and why, bound."""
    question, area = answer.question, answer.area
    settings = question.settings
    yield words.say(
        "siting.title",
        name=question.name,
        category=words.category(settings.category),
        persons=people(area.before.persons),
        group=words.group(words.study.demand.group),
        minutes=words.study.walk.circle_min,
    )
    yield objective_line(settings, words)
    yield limits_line(settings, words)
    yield candidates_line(answer, words)
    yield _state("siting.today", area, words)
    if answer.counts == "covered" and not area.before.gap:
        yield words.say("siting.nobody")
    yield ""
    yield from _sites(answer, words)
    yield ""
    if answer.sites:
        points = words.say("siting.between").join(_curve(answer, words))
        yield words.say(f"siting.curve_{answer.counts}", points=points)
        saved = [one.saved_min for one in answer.curve if one.saved_min is not None]
        if saved:
            points = words.say("siting.between").join(
                words.say("siting.point_saved", sites=sites, minutes=decimals(one, 0))
                for sites, one in enumerate(saved)
            )
            yield words.say("siting.curve_saved", points=points)
            yield words.say("siting.saved", minutes=decimals(saved[-1], 0))
        yield _state("siting.after", area, words)
        if answer.settled:
            yield words.say(
                f"siting.settled_{answer.counts}",
                after=count(whole_curve(answer)[-1]),
                settled=people(answer.settled),
            )
    yield from _stays_out(answer, words)
    if area.turned_away is not None and area.turned_away_before is not None:
        told = {"now": people(area.turned_away), "before": people(area.turned_away_before)}
        yield words.say("siting.turned_away", **told)
    yield from _floor(answer, words)
    yield from _bound(answer, words)
    yield from unmet_lines(answer, words)


def _state(key: str, area: After, words: Words) -> str:
    counts = area.before if key == "siting.today" else area.after
    persons, covered, gap, unknown = split_people(counts)
    return words.say(
        key,
        persons=persons,
        covered=covered,
        share=share(counts.covered, counts.persons),
        gap=gap,
        unknown=unknown,
    )


def _sites(answer: SitingAnswer, words: Words) -> Iterator[str]:
    if not answer.sites:
        yield words.say("siting.none")
    phases = len({site.phase for site in answer.sites}) > 1
    before = 0
    newly, served = people_of_sites(answer), whole_served_more(answer)
    for number, site in enumerate(answer.sites, 1):
        if phases and site.phase != before:
            yield words.say("siting.phase", phase=site.phase)
        before = site.phase
        yield _site(number, site, newly[number - 1], answer, words)
        if site.saved_ms is not None:
            saved = Fraction(site.saved_ms, c.MICRO * c.MS_PER_MIN)
            yield words.say("siting.site_saved", minutes=decimals(saved, 0))
        if site.served:
            yield words.say("siting.site_served", served=count(served[number - 1]))
        if site.settled:
            yield words.say("siting.site_settled", settled=people(site.settled))


def _site(number: int, site: NewSite, newly: str, answer: SitingAnswer, words: Words) -> str:
    row = answer.question.candidates.table.iloc[site.candidate]
    own, name = str(row[c.CANDIDATE_ID]), str(row[c.NAME] or "")
    names = {one.zone_id: one.name for one in answer.streets}
    street = names.get(row[c.STREET_ID])
    cost = row[c.COST]
    return words.say(
        "siting.site_second" if answer.counts == "second" else "siting.site",
        number=number,
        site=known_by(shortened(own), shortened(name)),
        place=_place(street, answer, words),
        reached=people(site.reached),
        newly=newly,
        minutes="" if site.mean_ms is None else _minutes(site.mean_ms, words),
        cost="" if cost is None else words.say("siting.cost", cost=amount(Fraction(cost))),
    )


def _place(street: str | None, answer: SitingAnswer, words: Words) -> str:
    """Name the subdistrict of a site; empty where the study has none."""
    if not answer.streets:
        return ""
    named = shortened(street) if street else words.say("siting.of_no_street")
    return words.say("siting.in_street", street=named)


def _minutes(mean_ms: float, words: Words) -> str:
    return words.say("siting.site_minutes", minutes=decimals(mean_ms / c.MS_PER_MIN, 1))


def _curve(answer: SitingAnswer, words: Words) -> Iterator[str]:
    persons = answer.area.before.persons
    for sites, (point, whole) in enumerate(zip(answer.curve, whole_curve(answer), strict=True)):
        told = {"people": count(whole), "share": share(point.people, persons)}
        yield words.say("siting.point", sites=sites, **told)


def _stays_out(answer: SitingAnswer, words: Words) -> Iterator[str]:
    area = answer.area
    if not whole_people(area.after)[1]:
        return
    yield words.say("siting.stays_out", reasons=reasons_out(answer, words))
    worst = sorted(answer.streets, key=lambda one: (-one.after.gap, one.zone_id))
    for one in worst[:_STREETS_SHOWN]:
        parts = parts_out(one)
        if sum(parts):
            yield words.say(
                "siting.street_out",
                street=shortened(one.name or one.zone_id),
                gap=count(sum(parts)),
                beyond=count(parts[0] + parts[1]),
            )


def _floor(answer: SitingAnswer, words: Words) -> Iterator[str]:
    """List the subdistricts that stay below the floor."""
    line = floor_line(answer, words)
    if line is None:
        return
    yield line
    worst = sorted(answer.streets, key=lambda one: (-(one.short or 0), one.zone_id))
    for one in worst[:_STREETS_SHOWN]:
        if one.short:
            yield words.say(
                "siting.street_short",
                street=shortened(one.name or one.zone_id),
                short=people(one.short),
                before=people(one.short_before or 0),
            )


def _counted(micro: int, answer: SitingAnswer) -> str:
    """Format people that a plan counts: of as many as on the curve the same number."""
    points = zip(answer.curve, whole_curve(answer), strict=True)
    same = {point.people: whole for point, whole in points}
    return count(same[micro]) if micro in same else people(micro)


def _bound(answer: SitingAnswer, words: Words) -> Iterator[str]:
    solution, (counted, unit) = answer.solution, answer.counted
    if not answer.sites and solution.is_proven and answer.left_over is not None:
        return  # why there is none is said below
    persons = counted in {"people", "served"}
    figures = [
        _counted(one, answer) if persons else decimals(Fraction(one, unit), 0)
        for one in (solution.value, solution.bound)
    ]
    key = "second" if counted == "people" and answer.counts == "second" else counted
    yield words.say(
        f"siting.bound_{key}",
        value=figures[0],
        bound=figures[1],
        gap=percent(solution.gap),
        seconds=decimals(solution.seconds, 1),
    )
    if solution.is_proven:
        yield words.say("siting.proven")
    if solution.stop == "clock" or (solution.stop == "work" and not solution.is_proven):
        yield words.say(f"siting.stop_{solution.stop}")
    assigned = assigned_line(answer, words)
    if assigned is not None:
        yield assigned
