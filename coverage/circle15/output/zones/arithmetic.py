"""Show how the numbers of a zone sheet are computed, so that they can be checked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.output.text.numbers import area, clock, count, rounded
from circle15.output.text.wording import shortened
from circle15.rules.floor_area.households import Reason, households_by_kind
from circle15.rules.floor_area.zone_checks import households_of
from circle15.rules.packs.evaluator_parameters import Evaluator
from circle15.travel.paths.records import beyond_level_s, length_m, streets_walked, waiting_ms

if TYPE_CHECKING:
    from circle15.output.text.wording import Words
    from circle15.rules.floor_area.zone_checks import ZoneCheck
    from circle15.rules.packs.load import RulePack
    from circle15.travel.paths.records import Route, StreetWalked
    from circle15.zones.records import ExpectedPeople, ZoneDossier

STREETS_SHOWN: Final = 6

_RATE_OF: Final = {
    "new": Evaluator.FLOOR_AREA_NEW,
    "existing": Evaluator.FLOOR_AREA_EXISTING,
}


def required_line(dossier: ZoneDossier, pack: RulePack, words: Words) -> str | None:
    """
    Show the required area as households of each kind times the rate of its clause.

    If the kind is unknown both rates are shown separately; None if a count is missing, or nothing
    is required.
    """
    found = [_terms(check, pack, words) for check in dossier.pool]
    terms = [own for own in found if own is not None]
    sheet = dossier.check.sheet
    if sheet is None or len(terms) < len(found) or not any(terms):
        return None
    if sheet.required_m2 is None:
        return words.say("zone_sheet.required_either", terms=" / ".join(terms[0]))
    told = " + ".join(term for own in terms for term in own)
    return words.say("zone_sheet.required_from", terms=told, area=area(sheet.required_m2))


def _terms(check: ZoneCheck, pack: RulePack, words: Words) -> list[str] | None:
    """
    Households of each kind × rate ÷ 100, with the clause; both rates if the kind is unknown.

    Kinds for which the pack has no rate have no term. None if a count is missing.
    """
    rules = words.study.rules
    counts = households_by_kind(households_of(check.zone), rules.basis)
    if isinstance(counts, Reason):
        return None
    law = {rule.evaluator: rule for rule in pack.rules}
    kinds = [
        (one, number)
        for kind, number in counts.items()
        for one in (_RATE_OF if kind == "unknown" else (kind,))
        if number and _RATE_OF[one] in law
    ]
    unit = words.say(f"zone_sheet.unit_{rules.basis}")
    found = []
    for kind, number in kinds:
        rule = law[_RATE_OF[kind]]
        rate = Fraction(rule.threshold or 0)
        term = words.say(
            "zone_sheet.required_term",
            households=area(number),
            unit=unit,
            rate=area(rate),
            rule=rule.id,
        )
        if rules.mixed == "split" and len(counts) > 1 and len(kinds) > 1 and pack.floor_area:
            least_m2 = pack.floor_area.least_site_m2({kind})
            if least_m2:
                term = words.say("zone_sheet.required_at_least", term=term, least=area(least_m2))
        found.append(term)
    return found


def people_line(people: ExpectedPeople, words: Words) -> str:
    """Show how many people are expected in a zone, and how that number is computed."""
    key = "people_from" if people.group_persons != people.total_persons else "people_from_all"
    return words.say(
        f"zone_sheet.{key}",
        households=area(people.households),
        size=area(people.household_size),
        group=count(rounded(people.group_persons)),
        total=count(rounded(people.total_persons)),
        people=count(rounded(people.persons)),
    )


def time_from(route: Route, words: Words) -> str:
    """Show the time of a route as metres at walking speed, waiting, and the rest (slope, …)."""
    metres = length_m(route.steps)
    rest_s = beyond_level_s(route.steps, float(words.study.walk.speed_m_s))
    sign = "−" if rest_s < 0 else ""
    return words.say(
        "zone_sheet.time_from",
        length=count(rounded(metres)),
        speed=words.study.walk.speed_m_s,
        waiting=clock(waiting_ms(route.steps) / 1000),
        rest=sign + clock(abs(rest_s)),
    )


def streets_of(route: Route, words: Words) -> list[str]:
    """List the streets of a route with their metres; the middle of a long list is one entry."""
    return [_street(one, words) for one in streets_walked(route.steps, most=STREETS_SHOWN)]


def _street(one: StreetWalked, words: Words) -> str:
    metres = count(rounded(one.length_m))
    if one.name is None:
        return words.say("zone_sheet.more_streets", count=one.streets, metres=metres)
    return f"{shortened(one.name, 30) or words.say('zone_sheet.nameless')} {metres} m"
