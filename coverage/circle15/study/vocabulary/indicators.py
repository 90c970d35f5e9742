"""The indicators that registers may state, as data: names, units and other data sources."""

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
"""Units of indicators that are not numbers; a flag is stored as 1 or 0."""


@dataclass(frozen=True, slots=True)
class Indicator(TomlTable):
    """
    A number (or date, text, flag) that a register may state.

    `object` means one row for each site, zone or unit. The last fields say how the study's own
    tables provide it as well: `people` of a demand group, `units` of a level, the number of open
    `sites` of categories, or the `sum` of a capacity field over them. `categories` of a flag are
    the categories of the sites that have it.
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
        """Return the display name."""
        return self.zh if language == "zh" else self.en

    @property
    def names(self) -> frozenset[str]:
        """Normalised names that a register may use."""
        return frozenset(normalise(word) for word in (self.id, self.zh, self.en))


@dataclass(frozen=True, slots=True)
class IndicatorFile(TomlTable):
    """The file of the built-in indicators, and the names of units with their factors."""

    indicators: dict[str, Indicator]
    units: dict[str, tuple[str, ...]]

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Add the id of each indicator to its table."""
        return {**raw, "indicators": with_ids(raw["indicators"])}


@cache
def _data() -> IndicatorFile:
    return read_bundled(IndicatorFile, "circle15.study.vocabulary", "indicators.toml")


def known_indicators() -> Mapping[str, Indicator]:
    """Return the built-in indicators by id."""
    return _data().indicators


@cache
def unit_words() -> Mapping[str, Mapping[str, Decimal]]:
    """Return, by unit, its names with their factors; for example 1 万元 is 10,000 yuan."""
    return {
        unit: dict(_word_and_factor(text) for text in words)
        for unit, words in _data().units.items()
    }


def _word_and_factor(text: str) -> tuple[str, Decimal]:
    factor, _, word = text.partition(" ")
    return (
        (normalise(word), Decimal(factor)) if factor.isdecimal() else (normalise(text), Decimal(1))
    )


def indicators_by_name(known: Iterable[Indicator]) -> dict[str, Indicator]:
    """
    Return the indicators by each normalised name; where two share a name, the first has it.

    Examples
    --------
    >>> indicators_by_name(known_indicators().values())[normalise("养老机构 床位数")].id
    'institution_beds'
    """
    named: dict[str, Indicator] = {}
    for indicator in known:
        for name in sorted(indicator.names):
            named.setdefault(name, indicator)
    return named
