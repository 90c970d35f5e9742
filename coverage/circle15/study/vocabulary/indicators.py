"""The indicators that registers may state: their names, units and what else holds them, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from circle15.study.vocabulary.categories import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle15.study.languages import Language

DATE: Final = "date"
TEXT: Final = "text"
FLAG: Final = "flag"
"""Kinds of indicators that are no numbers; a flag is kept as 1 or 0."""


@dataclass(frozen=True, slots=True)
class Indicator:
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
    object: bool = False
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


@cache
def _data() -> dict[str, dict[str, Any]]:
    text = (
        resources.files("circle15.study.vocabulary").joinpath("indicators.toml").read_text("utf-8")
    )
    return tomllib.loads(text)


@cache
def known_indicators() -> Mapping[str, Indicator]:
    """Read the built-in indicators, by id."""
    return {key: make_indicator(key, row) for key, row in _data()["indicators"].items()}


def make_indicator(key: str, row: Mapping[str, Any]) -> Indicator:
    """Make an indicator of its table in a file; lists become tuples."""
    values: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in row.items()
    }
    return Indicator(id=key, **values)


@cache
def unit_words() -> Mapping[str, Mapping[str, Decimal]]:
    """Unit to the words for it and their factor: 1 万元 is 10,000 yuan."""
    return {
        unit: dict(_word_and_factor(text) for text in words)
        for unit, words in _data()["units"].items()
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
