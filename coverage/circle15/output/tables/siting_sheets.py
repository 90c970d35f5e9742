"""Worksheets on new sites: the proposed sites, and what the best candidates would bring alone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from circle15.output.tables.sheet_records import Cell, People, Sheet
from circle15.output.text.numbers import whole_persons
from circle15.output.text.siting_words import whole_curve, whole_newly
from circle15.results.siting.candidate_gains import candidate_gains
from circle15.results.siting.planned_sites import first_step, plans
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from circle15.output.text.wording import Words
    from circle15.planning.proposals import SitingAnswer
    from circle15.results.records import StudyResult
    from circle15.results.siting.planned_sites import Plan

CANDIDATES_SHOWN: Final = 100
"""Candidates listed for each question, beside the proposed ones."""

_QUESTION: Final = [("question", "text"), ("category", "text"), ("category_id", "text")]
_STAYS_OUT: Final = ("no_candidate_near", "candidate_left_out", "candidate_not_chosen")
_PLACE: Final = [
    ("candidate_id", "text"),
    ("name", "text"),
    ("lon", "number"),
    ("lat", "number"),
    ("street", "text"),
    ("community", "text"),
]


def siting_sheets(result: StudyResult, words: Words) -> list[Sheet]:
    """Return the worksheets on new sites; none if the study asks for no sites."""
    if not result.siting:
        return []
    return [_new_sites(result, words), _candidates(result, words), _streets(result, words)]


def sited_lines(result: StudyResult, words: Words) -> list[list[Cell]]:
    """Return the lines of the summary on new sites: the first to build, then each question."""
    rows: list[list[Cell]] = []
    step = first_step(result)
    if step is not None:
        planned = step.planned
        where = words.say(
            "new_sites.place_in" if planned.street else "new_sites.place_alone",
            site=planned.label,
            street=planned.street,
        )
        category = words.category(step.answer.category)
        rows.append([words.say("new_sites.first"), f"{category} · {where}"])
    for plan in plans(result):
        heading = words.say(
            "new_sites.heading",
            category=words.category(plan.answer.category),
            name=plan.answer.question.name,
        )
        rows.append([f"{heading} · {words.say('new_sites.sites_proposed')}", len(plan.sites)])
        if plan.adds:
            adds = plan.shown(plan.adds[-1])
            unit = words.say(f"new_sites.adds_{plan.measure}")
            rows.append([f"{heading} · {unit}", _exact(adds)])
    return rows


def _exact(persons: Fraction) -> Cell:
    return Decimal(persons.numerator) / persons.denominator


def _new_sites(result: StudyResult, words: Words) -> Sheet:
    columns = [
        *_QUESTION,
        ("site_number", "whole"),
        ("phase", "whole"),
        *_PLACE,
        ("persons_reached", "people"),
        ("persons_newly", "people"),
        ("persons_settled", "people"),
        ("more_served", "people"),
        ("mean_min", "area"),
        ("minutes_saved", "area"),
        ("site_floor_area_m2", "area"),
        ("cost", "area"),
        ("newly_so_far", "people"),
        ("covered_so_far", "people"),
        ("cost_so_far", "area"),
    ]
    rows = [row for plan in plans(result) for row in _sites(plan, words)]
    return Sheet("new_sites", columns, rows, named=[key for key, _ in columns].index("name") + 1)


def _sites(plan: Plan, words: Words) -> Iterator[list[Cell]]:
    answer = plan.answer
    covered = dict(zip([point.covered for point in answer.curve], _covered(answer), strict=True))
    newly = whole_newly(answer)
    for one, point in zip(plan.sites, answer.curve[1:], strict=True):
        site = one.site
        yield [
            answer.question.name,
            words.category(answer.category),
            answer.category,
            one.number,
            site.phase,
            one.own,
            one.name or None,
            one.lon,
            one.lat,
            one.street or None,
            one.community or None,
            _people(site.reached),
            People(site.newly, newly[one.number - 1]),
            _people(site.settled),
            _people(site.served) if plan.measure == "served" else None,
            one.mean_min,
            one.saved_min if plan.measure == "minutes" else None,
            one.floor_area_m2,
            one.cost,
            _people(plan.newly[one.number - 1]),
            People(point.covered, covered[point.covered]),
            point.cost,
        ]


def _covered(answer: SitingAnswer) -> list[int]:
    """Round the people covered along the curve, as the report does where it shows them."""
    micro = [point.covered for point in answer.curve]
    if micro == [point.people for point in answer.curve]:
        return whole_curve(answer)
    return [whole_persons(one) for one in micro]


def _streets(result: StudyResult, words: Words) -> Sheet:
    columns = [
        *_QUESTION,
        ("level_id", "text"),
        ("street", "text"),
        *((key, "people") for key in ("gap_today", "gap_then", *_STAYS_OUT)),
    ]
    rows: list[list[Cell]] = [
        [
            plan.answer.question.name,
            words.category(plan.answer.category),
            plan.answer.category,
            one.zone_id,
            one.name or None,
            *map(_people, (one.before.gap, one.after.gap)),
            *map(_people, (one.beyond - one.excluded, one.excluded, one.not_chosen)),
        ]
        for plan in plans(result)
        for one in plan.answer.streets
    ]
    return Sheet("siting_streets", columns, rows)


def _candidates(result: StudyResult, words: Words) -> Sheet:
    columns = [
        *_QUESTION,
        ("candidate_rank", "whole"),
        ("proposed_as", "whole"),
        *_PLACE,
        ("persons_reached", "people"),
        ("persons_alone", "people"),
        ("persons_unknown_there", "people"),
        ("site_floor_area_m2", "area"),
        ("cost", "area"),
    ]
    found = candidate_gains(result)
    shown = found[(found["rank"] <= CANDIDATES_SHOWN) | (found["number"] > 0)]
    rows: list[list[Cell]] = [
        [
            one["question"],
            words.category(one["category"]),
            one["category"],
            one["rank"],
            one["number"] or None,
            *(one[key] or None for key in (c.CANDIDATE_ID, c.NAME)),
            one["lon"],
            one["lat"],
            one["street"] or None,
            one["community"] or None,
            *(_people(one[key]) for key in ("reached", "newly", "unknown")),
            one[c.FLOOR_AREA_M2],
            one[c.COST],
        ]
        for one in shown.to_dict("records")
    ]
    return Sheet("candidates", columns, rows)


def _people(micro: int) -> Cell:
    return Decimal(micro).scaleb(-6)
