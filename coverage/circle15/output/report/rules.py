"""Rules: each with its quote, its verdict and the numbers behind it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from circle15.output.document.html_tables import (
    paragraph,
    row,
    section,
    table,
    verdict_badge,
    wide_row,
)
from circle15.output.document.markup import Child, Markup, el, join
from circle15.output.text.numbers import area
from circle15.output.text.rule_scopes import FEW_SCOPES, scope_text, shortfall_text
from circle15.output.text.rule_texts import DOCUMENT, RuleTexts, limit_text
from circle15.results.figures import verdict_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle15.output.text.wording import Words
    from circle15.results.records import StudyResult
    from circle15.rules.evaluators.evaluating import RuleResult

WORST_SHOWN = 6
_KINDS = ("t", "c", "n", "n", "n", "t", "t")
_ORDER = ("not_met", "undetermined", "source_conflict", "met", "not_applicable", "reported")


def rules_section(result: StudyResult, words: Words) -> Markup:
    """
    Table of rules; where a rule binds many zones, its counts and the worst of them.

    The complete rows are in `report.xlsx`, and the zones in their own section.
    """
    if not result.rules:
        return section("rules", words, paragraph(words.say("report.no_rules")))
    by_rule: dict[tuple[str, str], list[RuleResult]] = defaultdict(list)
    for found in result.rules:
        by_rule[found.pack, found.rule.id].append(found)
    headings = [
        (words.say(f"columns.{key}"), kind)
        for key, kind in zip(
            ("scope", "verdict", "value", "threshold", "shortfall", "unit", "reason"), _KINDS,
            strict=True,
        )
    ]  # fmt: skip
    names = {check.zone.zone_id: check.zone.name for check in result.zone_checks}
    texts = RuleTexts(words, result.indicators)
    rows: list[Sequence[Child] | Markup] = []
    for results in by_rule.values():
        rows += _rule(results, names, texts)
    named = dict.fromkeys(texts.document(found) for found in result.rules)
    sources = words.list(list(named))
    return section(
        "rules", words,
        paragraph(words.say("report.rules_note", sources=sources)),
        _reading_note(result, words),
        table(headings, rows, class_="rules"),
    )  # fmt: skip


def _reading_note(result: StudyResult, words: Words) -> Markup | None:
    """Say how the clause on the size of a site is read; it decides verdicts."""
    if all(check.sheet is None for check in result.zone_checks):
        return None
    name = result.study.rules.reading
    text = words.say(
        "report.reading_judged", name=name, reading=words.say(f"report.reading_{name}")
    )
    return paragraph(text)


def _rule(results: list[RuleResult], names: dict[str, str], texts: RuleTexts) -> list[Markup]:
    """Head row with quote and meaning, then the rows of its scopes."""
    rule, words = results[0].rule, texts.words
    status = results[0].status
    facts = [
        words.say(f"rules.status_{status}") if status != DOCUMENT else None,
        words.say(f"report.force_{rule.force.value}"),
        words.say("report.target_year", year=rule.target_year) if rule.target_year else None,
    ]
    head = join((
        el("strong", rule.id), " ", el("q", rule.quote) if rule.quote else None, el("br"),
        el("small", rule.meaning[words.language], " · ", " · ".join(f for f in facts if f)),
        el("small", " · ", rule.notes[words.language]) if rule.notes else None,
    ))  # fmt: skip
    rows = [wide_row(head, len(_KINDS), "rule")]
    if len(results) <= FEW_SCOPES or all(r.verdict == "reported" for r in results):
        return rows + [_result(found, names, texts) for found in results]
    rows.append(wide_row(_summary(results, words), len(_KINDS), "summary"))
    open_rows = sorted(
        (r for r in results if r.verdict in {"not_met", "undetermined", "source_conflict"}),
        key=lambda r: (_ORDER.index(r.verdict.value), -(r.shortfall or 0), r.scope),
    )
    rows += [_result(found, names, texts) for found in open_rows[:WORST_SHOWN]]
    if len(open_rows) > WORST_SHOWN:
        more = words.say("report.rules_more", count=len(open_rows) - WORST_SHOWN)
        rows.append(wide_row(more, len(_KINDS), "more"))
    return rows


def _summary(results: list[RuleResult], words: Words) -> Markup:
    found = verdict_counts(results)
    counts: list[Child] = [words.say("report.rule_scopes", count=len(results))]
    for verdict in _ORDER:
        if found[verdict]:
            counts += [verdict_badge(verdict, words), f" {found[verdict]}"]
    return join(counts)


def _result(found: RuleResult, names: dict[str, str], texts: RuleTexts) -> Markup:
    words = texts.words
    value = area(found.value, apart_from=found.threshold)
    near = el("small", words.say("report.near_threshold")) if found.near_threshold else None
    return row(
        [
            scope_text(found.scope, names, texts), verdict_badge(found.verdict.value, words),
            join((value, near)), limit_text(found.threshold, found.rule.comparison),
            shortfall_text(found.shortfall),
            texts.unit(found.unit), texts.why(found),
        ],
        _KINDS,
    )  # fmt: skip
