"""Text for the scopes and shortfalls of rules."""

from __future__ import annotations

from fractions import Fraction

from circle15.output.text.numbers import area
from circle15.output.text.rule_texts import RuleTexts
from circle15.output.text.wording import shortened
from circle15.study.vocabulary.scopes import COMBINED

FEW_SCOPES = 3


def shortfall_text(shortfall: Fraction | None) -> str:
    """Format the shortfall of a rule; 0 if it is met, a dash if unknown."""
    return area(shortfall)


def scope_text(scope: str, names: dict[str, str], texts: RuleTexts) -> str:
    """Name the scope of a rule result: a zone, a site, the whole study, or a set of categories."""
    words = texts.words
    if scope in COMBINED:
        return words.category(scope)
    if scope == "study":
        return words.say("report.scope_study")
    said = texts.scope(scope)
    if said is not None and scope not in names:
        return said
    name = names.get(scope)
    return shortened(f"{scope} {name}" if name else scope)
