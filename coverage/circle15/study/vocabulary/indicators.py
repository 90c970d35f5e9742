"""The indicators that registers may state: their names, units and what else holds them, as data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from circle15.study.typed_toml.kinds import YesNo
from circle15.study.typed_toml.reader import read_bundled, with_ids
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary.categories import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle15.study.languages import Language

DATE: Final = "date"
TEXT: Final = "text"
FLAG: Final = "flag"
"""Kinds of indicators that are no numbers; a flag is kept as 1 or 0."""


@dataclass(frozen=True, slots=True)
class Indicator(TomlTable):
    """
    A number (or date, text, flag) that a register may state.

    `object` tells that it has a row for each site, zone or unit. The last fields say which of the
    study's own tables hold it too: people of a demand group, units of a level, the number of open
    sites of categories, or the sum of a capacity field over them. `categories` of a flag are those
    under which a site that has it is listed.
    """

    id: str
    zh: str
    en: str
    unit: str
    object: YesNo = False
    people: str | None = None
    units: str | None = None
    sites: tuple[str, ...] = ()
    sum: str | None = None
    categories: tuple[str, ...] = ()

    def label(self, language: Language) -> str:
        """Return the name that people see."""
        return self.zh if language == "zh" else self.en

    @property
    def names(self) -> frozenset[str]:
        """Normalised words by which a register may call it."""
        return frozenset(normalise(word) for word in (self.id, self.zh, self.en))


@dataclass(frozen=True, slots=True)
class IndicatorFile(TomlTable):
    """The file of the built-in indicators; of each unit the words for it, with their factors."""

    indicators: dict[str, Indicator]
    units: dict[str, tuple[str, ...]]

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Write the id of each indicator into its table."""
        return {**raw, "indicators": with_ids(raw["indicators"])}


@cache
def _data() -> IndicatorFile:
    return read_bundled(IndicatorFile, "circle15.study.vocabulary", "indicators.toml")


def known_indicators() -> Mapping[str, Indicator]:
    """Read the built-in indicators, by id."""
    return _data().indicators


@cache
def unit_words() -> Mapping[str, Mapping[str, Decimal]]:
    """Unit to the words for it and their factor: 1 万元 is 10,000 yuan."""
    return {
        unit: dict(_word_and_factor(text) for text in words)
        for unit, words in _data().units.items()
    }


def _word_and_factor(text: str) -> tuple[str, Decimal]:
    factor, _, word = text.partition(" ")
    return (
        (normalise(word), Decimal(factor)) if factor.isdecimal() else (normalise(text), Decimal(1))
    )


def indicator_named(word: str, known: Iterable[Indicator]) -> Indicator | None:
    """
    Find the indicator that a word of a register means, or None.

    Examples
    --------
    >>> indicator_named("养老机构 床位数", known_indicators().values()).id
    'institution_beds'
    """
    key = normalise(word)
    return next((indicator for indicator in known if key in indicator.names), None)
