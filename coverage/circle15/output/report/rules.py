"""Section on the rules: quote, verdict and the numbers behind it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from circle15.output.document.model import Paragraph, Table, WideRow
from circle15.output.document.texts import BREAK, Look, Span, joined, remark, strong
from circle15.output.report.section_parts import columns, section, verdict_badge
from circle15.output.text.numbers import area
from circle15.output.text.rule_scopes import FEW_SCOPES, scope_text, shortfall_text
from circle15.output.text.rule_texts import DOCUMENT, OFFICIAL, RuleTexts, limit_text
from circle15.results.figures import verdict_counts

if TYPE_CHECKING:
    from circle15.output.document.model import Cell, Kind, Line, Section
    from circle15.output.document.texts import Text
    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.rules.evaluators.evaluating import RuleResult

WORST_SHOWN = 6
_KINDS: Final[tuple[Kind, ...]] = ("t", "c", "n", "n", "n", "t", "t")
_ORDER = ("not_met", "undetermined", "source_conflict", "met", "not_applicable", "reported")


def rules_section(result: StudyResult, words: Words) -> Section:
    """
    Return the table of rules; a rule with many scopes shows counts and its worst scopes.

    All rows are in `report.xlsx`; residential zones have their own section.
    """
    if not result.rules:
        return section("rules", words, Paragraph(words.say("report.no_rules")))
    by_rule: dict[tuple[str, str], list[RuleResult]] = defaultdict(list)
    for found in result.rules:
        by_rule[found.pack, found.rule.id].append(found)
    keys = ("scope", "verdict", "value", "threshold", "shortfall", "unit", "reason")
    names = {check.zone.zone_id: check.zone.name for check in result.zone_checks}
    texts = RuleTexts(words, result.indicators)
    rows: list[Line] = []
    for results in by_rule.values():
        rows += _rule(results, names, texts)
    named = dict.fromkeys(texts.document(found) for found in result.rules)
    sources = words.list(list(named))
    return section(
        "rules",
        words,
        Paragraph(words.say("report.rules_note", sources=sources)),
        _reading_note(result, words),
        Table(columns(keys, _KINDS, words), rows, name="rules"),
    )


def _reading_note(result: StudyResult, words: Words) -> Paragraph | None:
    """Return how the clause on the least size of a site is read, as it decides verdicts."""
    if all(check.sheet is None for check in result.zone_checks):
        return None
    name = result.study.rules.reading
    text = words.say(
        "report.reading_judged", name=name, reading=words.say(f"report.reading_{name}")
    )
    return Paragraph(text)


def _rule(results: list[RuleResult], names: dict[str, str], texts: RuleTexts) -> list[Line]:
    """Return a row with quote and meaning of a rule, then the rows of its scopes."""
    rule, words = results[0].rule, texts.words
    as_published = results[0].status == DOCUMENT and results[0].verified == OFFICIAL
    facts = [
        *([] if as_published else texts.standing(results[0])),
        words.say(f"report.force_{rule.force.value}"),
        words.say("report.target_year", year=rule.target_year) if rule.target_year else None,
    ]
    meant = [rule.meaning[words.language], *(fact for fact in facts if fact)]
    head = joined(
        strong(rule.id),
        " ",
        Span(rule.quote, Look.QUOTE) if rule.quote else None,
        BREAK,
        remark(" · ".join(meant)),
        remark(f" · {rule.notes[words.language]}") if rule.notes else None,
    )
    rows: list[Line] = [WideRow(head, "rule")]
    if len(results) <= FEW_SCOPES or all(r.verdict == "reported" for r in results):
        return rows + [_result(found, names, texts) for found in results]
    rows.append(WideRow(_summary(results, words), "summary"))
    open_rows = sorted(
        (r for r in results if r.verdict in {"not_met", "undetermined", "source_conflict"}),
        key=lambda r: (_ORDER.index(r.verdict.value), -(r.shortfall or 0), r.scope),
    )
    rows += [_result(found, names, texts) for found in open_rows[:WORST_SHOWN]]
    if len(open_rows) > WORST_SHOWN:
        more = words.say("report.rules_more", count=len(open_rows) - WORST_SHOWN)
        rows.append(WideRow(more, "more"))
    return rows


def _summary(results: list[RuleResult], words: Words) -> Text:
    found = verdict_counts(results)
    counts: list[Text] = [words.say("report.rule_scopes", count=len(results))]
    for verdict in _ORDER:
        if found[verdict]:
            counts += [verdict_badge(verdict, words), f" {found[verdict]}"]
    return joined(*counts)


def _result(found: RuleResult, names: dict[str, str], texts: RuleTexts) -> list[Cell]:
    words = texts.words
    value = area(found.value, apart_from=found.threshold)
    near = remark(words.say("report.near_threshold")) if found.near_threshold else None
    return [
        scope_text(found.scope, names, texts),
        verdict_badge(found.verdict.value, words),
        joined(value, near),
        limit_text(found.threshold, found.rule.comparison),
        shortfall_text(found.shortfall),
        texts.unit(found.unit),
        texts.why(found),
    ]
