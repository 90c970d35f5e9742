"""List the bundled rule packs, and the rules of one pack with the data they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle15.output.text.rule_texts import SIGNS, limit_text
from circle15.results.summary.json_numbers import number
from circle15.rules.packs.known import (
    STATED,
    indicators_of,
    needed_categories,
    needed_indicators,
    unit_key,
)
from circle15.rules.packs.load import Rule, RulePack, known_packs, load_pack
from circle15.study.messages import messages, say
from circle15.study.vocabulary.categories import category_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.study.languages import Language


def pack_list(language: Language) -> list[dict[str, Any]]:
    """Return id, title, status and number of rules of every bundled pack."""
    return [_head(load_pack(name), language) for name in known_packs()]


def pack_list_lines(language: Language) -> Iterator[str]:
    """Yield a line per bundled pack."""
    for entry in pack_list(language):
        count = f"{entry['rules']} {say('rules.rules', language)}"
        status = say(f"rules.status_{entry['status']}", language)
        grade = say(f"rules.verified_{entry['verified']}", language)
        yield f"{entry['id']}  {entry['title']}  ({count}; {status}; {grade})"


def pack_entry(pack: RulePack, language: Language) -> dict[str, Any]:
    """Return a pack and all its rules; texts are in one language, numbers exact."""
    return {
        **_head(pack, language),
        "source": pack.source.title,
        "publisher": pack.source.publisher,
        "date": pack.source.date.isoformat() if pack.source.date else None,
        "pages": list(pack.source.pages),
        "notes": pack.notes[language] if pack.notes else "",
        "entries": [_rule(rule, pack, language) for rule in pack.rules],
    }


def _head(pack: RulePack, language: Language) -> dict[str, Any]:
    return {
        "id": pack.id,
        "title": pack.title[language],
        "status": pack.status.value,
        "verified": pack.verified.value,
        "rules": len(pack.rules),
    }


def _rule(rule: Rule, pack: RulePack, language: Language) -> dict[str, Any]:
    return {
        "id": rule.id,
        "quote": rule.quote,
        "meaning": rule.meaning[language],
        "force": rule.force.value,
        "target_year": rule.target_year,
        "level": rule.level,
        "evaluator": rule.evaluator.value,
        "threshold": number(rule.threshold),
        "comparison": rule.comparison,
        "unit": rule.unit,
        "indicators": needed_indicators(rule),
        "categories": needed_categories(rule),
        "contradicts": list(rule.contradicts),
        "verified": pack.grade(rule).value,
        "pages": list(rule.pages),
        "notes": rule.notes[language] if rule.notes else "",
    }


def pack_lines(pack: RulePack, language: Language) -> Iterator[str]:
    """Yield a pack as lines: its source, then quote, threshold and required data of each rule."""
    entry = pack_entry(pack, language)
    date = f" ({entry['date']})" if entry["date"] else ""
    yield f"{entry['id']}  {entry['title']}"
    yield f"{entry['source']}, {entry['publisher']}{date}"
    yield say(f"rules.status_{entry['status']}", language)
    yield say(f"rules.verified_{pack.source.verified}", language)
    if pack.source.pages:
        yield f"{say('rules.pages', language)}: {', '.join(pack.source.pages)}"
    if entry["notes"]:
        yield entry["notes"]
    for rule in pack.rules:
        yield ""
        yield from _rule_lines(rule, pack, language)


def _rule_lines(rule: Rule, pack: RulePack, language: Language) -> Iterator[str]:
    facts = [say(f"report.force_{rule.force.value}", language)]
    if rule.target_year:
        facts.append(say("report.target_year", language, year=rule.target_year))
    yield f"{rule.id}  {rule.meaning[language]}  ({', '.join(facts)})"
    if rule.quote:
        yield f"  “{rule.quote}”"
    if rule.verified is not None:
        yield f"  {say(f'rules.verified_{rule.verified}', language)}"
    if rule.pages:
        yield f"  {say('rules.pages', language)}: {', '.join(rule.pages)}"
    yield f"  {say('rules.threshold', language)}: {_threshold(rule, language)}"
    known = indicators_of([pack])
    needed = [f"{known[key].label(language)} ({key})" for key in needed_indicators(rule)]
    if needed:
        yield f"  {say('rules.needs_indicators', language)}: {', '.join(needed)}"
    if rule.evaluator in STATED:
        yield f"  {say('rules.stated_under', language, rule=rule.id)}"
    kinds = [category_label(key, language, {}) for key in needed_categories(rule)]
    if kinds:
        yield f"  {say('rules.needs_categories', language)}: {', '.join(kinds)}"
    if rule.notes:
        yield f"  {say('rules.note', language)}: {rule.notes[language]}"


def _threshold(rule: Rule, language: Language) -> str:
    unit = messages(language).get(f"units.{unit_key(rule.unit)}", rule.unit)
    if rule.comparison is None:
        return f"{say('rules.no_threshold', language)} ({unit})"
    if rule.threshold is None:
        return f"{SIGNS[rule.comparison]} {say('rules.quota', language)} ({unit})"
    return f"{limit_text(rule.threshold, rule.comparison)} {unit}"
