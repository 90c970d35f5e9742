"""Indicators that a register may state for given packs, and those that a rule needs."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

from circle15.rules.packs.evaluator_parameters import Evaluator
from circle15.rules.packs.pack_values import CategoryRef, IndicatorRef
from circle15.study.typed_toml.reader import bare, marks_of
from circle15.study.vocabulary.indicators import Indicator, known_indicators

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle15.rules.packs.load import Rule, RulePack

STATED: Final = frozenset(
    {
        Evaluator.RATIO,
        Evaluator.COUNT,
        Evaluator.UNITS_WITH_CATEGORY,
        Evaluator.CAPACITY_SUM,
        Evaluator.FLOOR_AREA_PER_1000,
    }
)
"""Evaluators whose value a register may state itself, under the id of the rule."""


def indicators_of(packs: Sequence[RulePack]) -> dict[str, Indicator]:
    """Return the indicators that a register may state: built-in, of the packs, and rule ids."""
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
    Return the message key of a rule's unit.

    Examples
    --------
    >>> unit_key("%"), unit_key("m2 per 1000 persons")
    ('percent', 'm2_per_1000_persons')
    """
    return unit.replace("%", "percent").replace(" ", "_")


def needed_indicators(rule: Rule) -> list[str]:
    """Return the indicators that registers (or the study's tables) must hold to judge a rule."""
    return list(dict.fromkeys(_named(rule.parameters, type(rule.parameters), IndicatorRef)))


def needed_categories(rule: Rule) -> list[str]:
    """Return the categories of which sites must be listed to judge a rule on the map."""
    return list(dict.fromkeys(_named(rule.parameters, type(rule.parameters), CategoryRef)))


def _named(value: Any, kind: Any, mark: type) -> Iterator[str]:
    """Yield the ids in a value whose type has a mark, in their order."""
    if value is None:
        return
    if isinstance(value, str):
        if any(isinstance(one, mark) for one in marks_of(kind)):
            yield value
        return
    inner = bare(kind)
    if is_dataclass(inner):
        hints = get_type_hints(inner, include_extras=True)
        for field in fields(inner):
            yield from _named(getattr(value, field.name), hints[field.name], mark)
    elif isinstance(value, dict):
        for key in value:
            yield from _named(key, get_args(inner)[0], mark)
    elif isinstance(value, tuple):
        for one in value:
            yield from _named(one, get_args(inner)[0], mark)
