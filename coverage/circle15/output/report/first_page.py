"""The first page: title, three headline sentences, five key figures and one map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from circle15.access.counting import NO_PEOPLE, Claimed
from circle15.output.charts.bars import STATES
from circle15.output.document.letterhead import masthead_of
from circle15.output.document.model import (
    Facts,
    Header,
    KeyFigure,
    KeyFigures,
    Lines,
    Listing,
    Notice,
    Paragraph,
    Section,
)
from circle15.output.document.texts import filled, joined, strong
from circle15.output.report.picture import map_figure
from circle15.output.text.numbers import (
    area,
    count,
    decimals,
    people,
    percent,
    points,
    share,
    split_people,
    whole_served,
)
from circle15.output.text.people_by_reason import reason_text, unknown_persons
from circle15.output.text.siting_words import people_of_sites
from circle15.output.text.wording import place_text, shortened
from circle15.results.figures import (
    coverage_row,
    headline_category,
    most_unknown_zones,
    people_outside,
    total_shortfall,
    verdict_counts,
    worst_zones,
    zone_counts,
)
from circle15.results.gaps.gap_places import headline_areas
from circle15.results.siting.planned_sites import first_step
from circle15.study.messages import messages
from circle15.study.vocabulary.scopes import COMBINED

if TYPE_CHECKING:
    from circle15.access.records import CoverageRow, Level, ZoneRow
    from circle15.output.document.model import Block
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.study.settings.records import Study


_MANY: Final = 0.1
"""Share of people from which on the first page says why they are unknown."""
_PLACES: Final = 3
_SERVICES: Final = 3
"""Most places named in the second sentence, and most services that each of them lacks."""


def title_block(result: StudyResult, words: Words) -> Header:
    """Return the title of the study with its dates, judged group, cutoff and speeds."""
    study = result.study
    facts = [
        words.say("report.as_of", date=study.as_of),
        words.say("report.plan_as_of", date=study.plan_as_of) if study.plan_as_of else None,
        words.say("report.judged_group", group=words.group(study.demand.group)),
        _judged_walk(study, words),
    ]
    blocks: list[Block] = [Facts([fact for fact in facts if fact is not None])]
    if study.synthetic:
        blocks.append(Notice(words.say("report.synthetic"), "warning"))
    masthead = masthead_of(result.letterhead)
    return Header(shortened(study.title), words.say("report.kicker"), blocks, masthead)


def _judged_walk(study: Study, words: Words) -> str:
    walk = study.walk
    if walk.alike:
        return words.say("report.judged_walk", minutes=walk.circle_min, speed=walk.speed_m_s)
    return words.say("walkers.judged", minutes=walk.circle_min, speeds=words.speeds())


def first_page(result: StudyResult, words: Words) -> Section:
    """Return the headline: three sentences, five key figures and one map."""
    sentences = [_who(result, words), _where(result, words), _step(result, words)]
    blocks: list[Block] = [
        Listing(sentences, numbered=True),
        *_figures(result, words),
        Lines(
            [
                *_unknown(result, words),
                *_turned_away(result, words),
                _rules(result, words),
                _circles(result, words),
            ],
            small=True,
        ),
    ]
    picture = map_figure(result, words)
    if picture is not None:
        blocks.append(picture)
    return Section("headline", None, blocks)


def _template(key: str, words: Words) -> str:
    return messages(words.language)[key]


def _who(result: StudyResult, words: Words) -> Text:
    category = headline_category(result)
    row = coverage_row(result, category) if category else None
    group = words.group(result.study.demand.group)
    if row is None or category is None:
        return filled(_template("report.who_no_category", words))
    if not row.counts.persons:
        outside = people_outside(result)
        key = "report.who_outside" if outside else "report.who_nobody"
        return filled(_template(key, words), group=group, total=strong(people(outside)))
    total, covered, gap, unknown = split_people(row.counts)
    everybody = row.counts.persons
    if row.counts.unknown == everybody:
        return filled(
            _template("report.who_unknown", words),
            group=group,
            total=strong(total),
            services=words.services(category),
            minutes=result.study.walk.circle_min,
        )
    return filled(
        _template("report.who", words),
        group=group,
        total=total,
        services=words.services(category),
        minutes=result.study.walk.circle_min,
        covered=strong(covered),
        covered_share=strong(share(row.counts.covered, everybody)),
        gap=strong(gap),
        gap_share=share(row.counts.gap, everybody),
        lacking=_lacking(result, category, words),
        unknown=unknown,
        unknown_share=share(row.counts.unknown, everybody),
    )


def _lacking(result: StudyResult, category: str, words: Words) -> str:
    """Return how many people lack each service; empty where only one is judged."""
    if category not in COMBINED:
        return ""
    rows = [(one, coverage_row(result, one)) for one in result.study.circle.require]
    parts = [
        words.say(
            "new_sites.lacking_one",
            category=words.category(one),
            people=split_people(row.counts)[2],
        )
        for one, row in rows
        if row is not None and row.counts.gap
    ]
    return words.say("new_sites.lacking", services=words.list(parts)) if parts else ""


def _where(result: StudyResult, words: Words) -> Text:
    """Name the zones with the largest gaps, and what their people lack."""
    category = headline_category(result)
    row = coverage_row(result, category) if category else None
    if row is None or category is None or not row.counts.gap:
        return _where_unknown(result, row, words)
    level = _level(result)
    worst = worst_zones(result, level, category)[:_PLACES]
    if not worst:
        return words.say("report.where_unnamed")
    places: list[Text] = []
    for zone in worst:
        *_, gap, unknown = split_people(zone.counts)
        name = shortened(zone.name or zone.zone_id, 40)
        told = words.say("paper.where_place", place=name, people=gap)
        places.append(joined(strong(told), _lacked(result, zone, unknown, words)))
    if category in COMBINED:
        return filled(_template(f"paper.where_lacking_{level}", words), places=_list(places, words))
    return filled(
        _template(f"paper.where_without_{level}", words),
        services=words.services(category),
        places=_list(places, words),
    )


def _where_unknown(result: StudyResult, row: CoverageRow | None, words: Words) -> Text:
    """Say that no people are known to be in a gap, and where most live of whom it is unknown."""
    if row is None or not row.counts.unknown:
        return words.say("report.where_no_gap")
    zones = most_unknown_zones(result, _level(result), row.category)[:_PLACES]
    if not zones:
        return words.say("report.where_no_gap")
    places: list[Text] = [
        strong(
            words.say(
                "paper.where_place",
                place=shortened(zone.name or zone.zone_id, 40),
                people=split_people(zone.counts)[3],
            )
        )
        for zone in zones
    ]
    return filled(_template("paper.where_unknown", words), places=_list(places, words))


def _level(result: StudyResult) -> Level:
    return "community" if len(result.area.communities) else "street"


def _lacked(result: StudyResult, zone: ZoneRow, unknown: str, words: Words) -> str:
    """Return what people of a zone lack where several services are required, and the unknown."""
    of_zone = zone_counts(result, zone.level)
    rows = [of_zone.get((zone.zone_id, one)) for one in result.study.circle.require]
    lacking = [one for one in rows if one is not None and one.counts.gap]
    # Equal numbers stay in the order in which the services are required.
    lacking.sort(key=lambda one: -one.counts.gap)
    parts = [
        words.say(
            "paper.where_lack",
            category=words.category(one.category),
            people=split_people(one.counts)[2],
        )
        for one in lacking[:_SERVICES]
    ]
    if len(lacking) > _SERVICES:
        parts.append(words.say("paper.where_lack_more", count=len(lacking) - _SERVICES))
    told = [words.list(parts)] if parts and zone.category in COMBINED else []
    if zone.counts.unknown:
        told.append(words.say("paper.where_unknown_more", people=unknown))
    if not told:
        return ""
    return words.say("paper.where_told", told=words.say("paper.where_semicolon").join(told))


def _list(places: list[Text], words: Words) -> Text:
    """Join places, each of which may have commas of its own."""
    first, *rest = places
    between = words.say("paper.where_semicolon")
    return joined(first, *(joined(between, place) for place in rest))


def _step(result: StudyResult, words: Words) -> Text:
    """Name the new site to build first, with what it adds; without one the largest gap area."""
    step = first_step(result)
    if step is None:
        return _largest_gap(result, words)
    planned = step.planned
    where = words.say(
        "new_sites.place_in" if planned.street else "new_sites.place_alone",
        site=shortened(planned.label, 60),
        street=shortened(planned.street, 40),
    )
    adds = people_of_sites(step.answer, served=step.measure == "served")
    completes, best = "", ""
    if step.answer.completes is not None and step.measure == "people":
        told = people(step.answer.completes)
        completes = words.say("new_sites.step_completes", people=told)
    if step.better_than:
        best = words.say("new_sites.step_best", count=count(step.better_than))
    return filled(
        _template(f"new_sites.step_{step.measure}", words),
        place=strong(where),
        category=words.category(step.answer.category),
        people=strong(adds[planned.number - 1]),
        person_minutes=strong(decimals(step.saved_min, 0)),
        minutes=result.study.walk.circle_min,
        completes=completes,
        best=best,
    )


def _largest_gap(result: StudyResult, words: Words) -> Text:
    category = headline_category(result)
    row = coverage_row(result, category) if category else None
    if row is None:
        return words.say("new_sites.step_none")
    found = headline_areas(result) if row.counts.gap else None
    if found is None or not found.areas:
        return words.say("new_sites.step_none" if row.counts.gap else "new_sites.step_no_gap")
    area = found.areas[0]
    lacking, most = max(area.homes.lacking.items(), key=lambda one: one[1])
    place = place_text(area.names) or f"{area.lon:.5f}, {area.lat:.5f}"
    why = ""
    if area.homes.reason is not None:
        why = words.say("new_sites.step_reason", reason=reason_text(area.homes, words))
    lack = words.say(
        "new_sites.step_all_lack" if most == area.homes.people else "new_sites.step_some_lack",
        lacking=people(most),
        category=words.category(lacking),
    )
    return filled(
        _template("new_sites.step_gap_sited" if result.siting else "new_sites.step_gap", words),
        place=strong(place),
        people=strong(people(area.homes.people)),
        lack=lack,
        why=why,
    )


def _unknown(result: StudyResult, words: Words) -> list[Text]:
    """Say why most are unknown, and what would settle it; nothing where few are."""
    category = headline_category(result)
    row = coverage_row(result, category) if category else None
    if row is None or row.counts.unknown < _MANY * row.counts.persons:
        return []
    found = [
        (number, own, reason)
        for own, by_reason in unknown_persons(result).items()
        for reason, number in by_reason.items()
    ]
    number, own, reason = max(found, key=lambda one: one[0], default=(0, "", ""))
    if not number:
        return []
    return [
        filled(
            _template("report.unknown_mostly", words),
            category=words.category(own),
            why=words.reason(reason),
            people=strong(count(number)),
            settle=words.say(f"reasons.{reason}_settle"),
        )
    ]


def _turned_away(result: StudyResult, words: Words) -> list[Text]:
    """Say how many of the covered people are not served, by service; nothing if all are served."""
    parts = [
        words.say(
            "supply.away_of",
            category=words.category(one.category),
            away=count(whole_served(one.served)[1]),
        )
        for one in result.access
        if one.served.turned_away
    ]
    if not parts:
        return []
    template = _template("supply.away_first_page", words)
    return [filled(template, services=strong(words.list(parts)))]


def _circles(result: StudyResult, words: Words) -> Text:
    """Compare walking with the share that straight-line circles claim."""
    category = headline_category(result)
    row = coverage_row(result, category) if category else None
    if row is None or not row.counts.persons:
        return words.say("report.where_nothing")
    compared = row.circles
    if compared.share_of_judged is None:
        return words.say("report.where_circles_alone", circles=percent(compared.share))
    return words.say(
        "report.where_circles",
        circles=percent(compared.share_of_judged),
        walking=percent(compared.walking_of_judged),
        points=points(compared.share_of_judged, compared.walking_of_judged).lstrip("+±"),
    )


def _rules(result: StudyResult, words: Words) -> Text:
    if not result.rules:
        return filled(_template("report.rules_none", words))
    found = verdict_counts(result.rules)
    order = ("met", "not_met", "undetermined", "not_applicable", "source_conflict", "reported")
    parts = [f"{words.say(f'verdicts.{v}')} {found[v]}" for v in order if found[v]]
    first = filled(
        _template("paper.rules_counts", words),
        rows=len(result.rules),
        rules=len({row.rule.id for row in result.rules}),
        counts=strong(words.list(parts)),
    )
    missed, lacking, unsure = total_shortfall(result.zone_checks)
    if not missed:
        return joined(first, words.say("paper.sentence_end"))
    key = "paper.rules_area_after" if not unsure else "paper.rules_area_at_least_after"
    second = filled(_template(key, words), zones=missed, area=strong(area(lacking)))
    return joined(first, second)


def _figures(result: StudyResult, words: Words) -> list[Block]:
    """Return the key figures: all people, people by state (which sum), and the fifth figure."""
    category = headline_category(result)
    row = coverage_row(result, category) if category else None
    counts = row.counts if row else NO_PEOPLE
    total, *parts = split_people(counts)
    everybody = words.group(result.study.demand.group)
    cards = [KeyFigure(everybody, total, words.say("report.persons"))]
    for state, number in zip(STATES, parts, strict=True):
        micro: int = getattr(counts, state)
        part = share(micro, counts.persons)
        cards.append(KeyFigure(words.say(f"states.{state}"), number, part, state))
    cards.append(_fifth_figure(result, row, words))
    if category is None:
        return [KeyFigures(cards)]
    caption = words.say(
        "report.figures_caption",
        services=words.services(category),
        minutes=result.study.walk.circle_min,
    )
    return [KeyFigures(cards), Paragraph(caption, "caption")]


def _fifth_figure(result: StudyResult, row: CoverageRow | None, words: Words) -> KeyFigure:
    """Return the floor area that zones lack; without such a rule, the share circles claim."""
    if any(check.sheet is not None for check in result.zone_checks):
        missed, lacking, unsure = total_shortfall(result.zone_checks)
        key = "paper.card_rooms_unit_at_least" if unsure else "paper.card_rooms_unit"
        return KeyFigure(words.say("paper.card_rooms"), area(lacking), words.say(key, count=missed))
    # If the state of all people is unknown, there is no share by walking to compare with.
    compared = Claimed(NO_PEOPLE, NO_PEOPLE) if row is None else row.circles
    of_judged = compared.share_of_judged
    circles = compared.share if of_judged is None else of_judged
    return KeyFigure(
        words.say("paper.card_circles"),
        percent(circles),
        words.say("paper.card_circles_unit", points=points(of_judged, compared.walking_of_judged)),
    )
