"""Text for rule results: reasons for a missing verdict, remarks, sources, units, thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from circle15.output.text.numbers import area
from circle15.rules.comparing import Comparison
from circle15.rules.packs.known import unit_key
from circle15.rules.packs.load import LAW_EVALUATORS
from circle15.study.messages import messages
from circle15.study.vocabulary.categories import known_categories

if TYPE_CHECKING:
    from decimal import Decimal

    from circle15.output.text.wording import Words
    from circle15.rules.evaluators.answers import Remark, RuleResult
    from circle15.study.vocabulary.indicators import Indicator


DOCUMENT = "document"
OFFICIAL = "official"

SIGNS: Final[Mapping[Comparison, str]] = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "="}
"""Printed sign of each comparison."""


class RuleTexts:
    """Text for the rule results of one study; `indicators` are those its packs define."""

    def __init__(self, words: Words, indicators: Mapping[str, Indicator]) -> None:
        self.words = words
        self.indicators = indicators

    def indicator(self, key: str) -> str:
        """Name an indicator with its id, which a register uses."""
        found = self.indicators.get(key)
        return f"{found.label(self.words.language)} ({key})" if found else key

    def why(self, found: RuleResult) -> str:
        """Explain a result: why it has no verdict, what would settle it, source and remarks."""
        parts = [self.words.reason(found.reason)]
        if found.missing:
            named = self.words.list([self.indicator(key) for key in found.missing])
            parts.append(self.words.say("rules.supply", indicators=named))
        if found.alone is not None:
            verdict = self.words.say(f"verdicts.{found.alone.value}")
            parts.append(self.words.say("rules.alone", verdict=verdict))
        if found.lacking:
            parts.append(self.words.say("rules.lacking", number=area(Fraction(found.lacking))))
        of_zone = found.rule.evaluator in LAW_EVALUATORS  # these use the study's own year
        if found.data_source or (found.data_year is not None and not of_zone):
            parts.append(self.source(found))
        parts += [self.remark(one) for one in found.remarks]
        return " ".join(part for part in parts if part)

    def document(self, found: RuleResult) -> str:
        """Name the document of a rule: whether a draft or an excerpt, and how it was verified."""
        return f"{found.source} [{self.words.list(self.standing(found))}]"

    def standing(self, found: RuleResult) -> list[str]:
        """Say what text the pack of a rule quotes, if not the whole document, and its grade."""
        grade = self.words.say(f"rules.verified_{found.verified}")
        if found.status == DOCUMENT:
            return [grade]
        return [self.words.say(f"rules.status_{found.status}"), grade]

    def source(self, found: RuleResult) -> str:
        """Name the data source of a value, and its year if known."""
        source = self._listed(found.data_source) or self.words.say("rules.own_tables")
        if found.data_year is None:
            return self.words.say("rules.data_of", source=source)
        return self.words.say("rules.data_of_year", source=source, year=found.data_year)

    def remark(self, one: Remark) -> str:
        """Format a remark with its numbers."""
        return self.words.say(
            f"rules.{one.code}", **{key: self._number(key, value) for key, value in one.numbers}
        )

    def _number(self, key: str, value: Fraction | int | str) -> str:
        if key == "indicators":
            return self.words.list([self.indicator(part) for part in str(value).split("、")])
        return self._listed(value) if isinstance(value, str) else area(Fraction(value))

    def _listed(self, joined: str) -> str:
        """Join names with the separator of the language."""
        return self.words.list(joined.split("、"))

    def unit(self, unit: str) -> str:
        """Name the unit of a rule; a unit without a translation stays as the pack writes it."""
        return unit_words(unit, self.words)

    def scope(self, scope: str) -> str | None:
        """Name a scope that is an indicator, category or level, or a `scope:measure` pair."""
        head, _, tail = scope.partition(":")
        if scope in self.indicators:
            return self.indicator(scope)
        said = messages(self.words.language)
        name = said.get(f"rules.scope_{head}")
        if name is None and head in {*known_categories(), *self.words.study.categories}:
            name = self.words.category(head)
        if name is None or not tail:
            return name
        return f"{name} · {said.get(f'rules.measure_{tail}', tail)}"


def limit_text(threshold: Fraction | Decimal | None, comparison: Comparison | None) -> str:
    """
    Format a threshold with the sign of its comparison.

    Examples
    --------
    >>> limit_text(Fraction(60), ">"), limit_text(Fraction(1000), "<="), limit_text(None, None)
    ('> 60', '≤ 1,000', '—')
    """
    if threshold is None or comparison is None:
        return area(None if threshold is None else Fraction(threshold))
    return f"{SIGNS[comparison]} {area(Fraction(threshold))}"


def unit_words(unit: str, words: Words) -> str:
    """Name the unit of a rule; a unit without a translation is returned unchanged."""
    return messages(words.language).get(f"units.{unit_key(unit)}", unit)
