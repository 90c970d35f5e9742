"""Which indicators a register may state for given packs, and what a rule needs to be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.rules.packs.parameters import Evaluator
from circle15.study.vocabulary.indicators import Indicator, known_indicators

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from circle15.rules.packs.load import Rule, RulePack

STATED: Final = frozenset({
    Evaluator.RATIO, Evaluator.COUNT, Evaluator.UNITS_WITH_CATEGORY, Evaluator.CAPACITY_SUM,
    Evaluator.FLOOR_AREA_PER_1000,
})  # fmt: skip
"""Evaluators whose value a register may state itself, under the id of the rule."""

_NAMED: Final = (
    "numerator", "each", "denominator", "indicator", "threshold_from", "figure", "functions",
    "floor_area", "persons", "with_one", "units", "sites",
)  # fmt: skip
"""Parameters that name indicators."""

_PLACED: Final = ("category", "any_of", "each_of", "categories", "of", "with", "members", "hubs")
"""Parameters that name categories."""


def indicators_of(packs: Sequence[RulePack]) -> dict[str, Indicator]:
    """Indicators that a register may state: built-in, those of the packs, and ids of rules."""
    found = dict(known_indicators())
    for pack in packs:
        found |= pack.indicators
        for rule in pack.rules:
            if rule.evaluator in STATED and rule.id not in found:
                unit = unit_key(rule.unit)
                names = rule.meaning
                found[rule.id] = Indicator(rule.id, names["zh"], names["en"], unit)
    return found


def unit_key(unit: str) -> str:
    """
    Key of a rule's unit.

    Examples
    --------
    >>> unit_key("%"), unit_key("m2 per 1000 persons")
    ('percent', 'm2_per_1000_persons')
    """
    return unit.replace("%", "percent").replace(" ", "_")


def needed_indicators(rule: Rule) -> list[str]:
    """Indicators that registers (or the study's tables) must hold to judge a rule."""
    return list(dict.fromkeys(_named(rule.parameters, _NAMED)))


def needed_categories(rule: Rule) -> list[str]:
    """Categories of which sites must be listed to judge a rule on the map."""
    return list(dict.fromkeys(_named(rule.parameters, (*_PLACED, "needs"))))


def _named(content: Mapping[str, Any], keys: Sequence[str]) -> Iterator[str]:
    for key, value in content.items():
        if key in {"tiers", "pairs"}:
            for table in value:
                yield from _named(table, keys)
        elif key == "where" and keys is _NAMED:
            yield from value
        elif (key == "steps" and keys is _NAMED) or key in keys:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
