"""The clauses quoted on a zone sheet, and what pooling with neighbours would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle15.output.text.numbers import NOTHING, plain_decimal
from circle15.output.text.zone_words import mend_text, rooms_by_id
from circle15.rules.packs.evaluator_parameters import ServiceCircle
from circle15.rules.packs.load import LAW_EVALUATORS

if TYPE_CHECKING:
    from circle15.output.text.wording import Words
    from circle15.rules.packs.load import Rule, RulePack
    from circle15.zones.records import ZoneDossier


def neighbours_mend(dossier: ZoneDossier, words: Words) -> list[str]:
    """Return the way with least area to meet the rule pooled with neighbours, if that is less."""
    sheet = dossier.check.sheet
    pooled = None if sheet is None else sheet.pooled
    if sheet is None or pooled is None or not (pooled.mend and sheet.mend):
        return []
    if pooled.mend[0].m2 >= sheet.mend[0].m2:
        return []
    rooms = rooms_by_id(dossier.neighbours)
    way = mend_text(pooled.mend[0], dossier.check, rooms, words)
    zones = words.list([one for one in pooled.zones if one != dossier.check.zone.zone_id])
    return [words.say("zone_sheet.mend_pooled", zones=zones, way=way)]


def _circle_rule(rule: Rule, words: Words) -> bool:
    """Whether a rule requires the service circle of the sheet, that is, at the study's cutoff."""
    minutes = words.study.walk.circle_min
    parameters = rule.parameters
    if not isinstance(parameters, ServiceCircle):
        return False
    return parameters.cutoff_min is None or parameters.cutoff_min == minutes


def clause_lines(dossier: ZoneDossier, pack: RulePack, words: Words) -> list[str]:
    """Quote the rules by which a zone is judged, with their source and the status of the pack."""
    source = pack.source
    kinds = {one.zone.kind for one in dossier.pool}
    law = pack.floor_area
    wanted = [LAW_EVALUATORS[2]] if law is None or law.least_site_m2(kinds) else []
    if kinds != {"existing"}:
        wanted.append(LAW_EVALUATORS[0])
    if kinds != {"new"}:
        wanted.append(LAW_EVALUATORS[1])
    pooling = None if pack.floor_area is None else pack.floor_area.pooling
    quoted = [
        rule
        for rule in pack.rules
        if rule.evaluator in wanted
        or (pooling is not None and rule.id == pooling.rule)
        or (dossier.check.circle and _circle_rule(rule, words))
    ]
    lines = [_clause(rule, words) for rule in quoted]
    grades = list(dict.fromkeys(pack.grade(rule) for rule in quoted)) or [pack.verified]
    if pack.floor_area is not None:
        counting = [words.category(category) for category in pack.floor_area.counts]
        lines.append(words.say("zone_sheet.counting", categories=words.list(counting)))
    if law is not None and law.pooling_quote:
        lines.append(words.say("zone_sheet.pooling_quote", quote=law.pooling_quote))
    if pooling is not None:
        key = "pooling_within" if pooling.inclusive else "pooling_below"
        lines.append(words.say(f"zone_sheet.{key}", metres=plain_decimal(pooling.within_m)))
    lines.append(
        words.say(
            "zone_sheet.source",
            title=source.title,
            publisher=source.publisher,
            date=source.date or NOTHING,
            pack=pack.id,
            grade=words.list([words.say(f"rules.grade_{grade}") for grade in grades]),
        )
    )
    if pack.status != "document":
        lines.append(words.say(f"rules.status_{pack.status}"))
    lines += [words.say(f"rules.verified_{grade}") for grade in grades if grade != "official"]
    return lines


def _clause(rule: Rule, words: Words) -> str:
    text = rule.quote or rule.meaning[words.language]
    meaning = f" {rule.meaning['en']}." if words.language == "en" and rule.quote else ""
    return words.say("zone_sheet.clause", id=rule.id, quote=text) + meaning
