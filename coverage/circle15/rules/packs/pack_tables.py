"""The tables of the file of a rule pack, as records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from circle15.errors import InputDataError
from circle15.rules.packs.pack_values import (
    Bilingual,
    Id,
    ListedCategory,
    PackContext,
    RuleRef,
    Texts,
)
from circle15.rules.packs.records import Rule, Source, Status
from circle15.study.names import fault_of_id
from circle15.study.typed_toml.kinds import Filled, Finite, OneOf, Whole, YesNo
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary.indicators import (
    DATE,
    FLAG,
    TEXT,
    Indicator,
    known_indicators,
    unit_words,
)

if TYPE_CHECKING:
    from pydantic import ValidationInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigure(TomlTable):
    """
    A figure that a document prints: its value, or the numbers that it follows from.

    `stated` is the value that the document gives for it.
    """

    rule: RuleRef
    quote: str
    value: Finite | None = None
    numerator: Finite | None = None
    denominator: Finite | None = None
    per: Whole = 100
    stated: Finite | None = None

    def check(self) -> None:
        """Require either a value, or a numerator and a denominator."""
        whole = self.numerator is not None and self.denominator is not None
        if whole == (self.value is not None) or (whole and not self.denominator):
            found = "needs a value, or a numerator and a denominator above 0."
            raise InputDataError(found, column="rule")


@dataclass(frozen=True, slots=True)
class PoolingTable(TomlTable):
    """
    Radius within which zones pool: from a rule of the pack, or in metres.

    A `quote` alone means that the document allows it without a distance.
    """

    rule: RuleRef | None = None
    within_m: Finite | None = None
    quote: str = ""

    def check(self) -> None:
        """Require one of both, or a quote alone."""
        both = self.rule is not None and self.within_m is not None
        if both or (self.rule is None and self.within_m is None and not self.quote):
            raise InputDataError("must hold one of rule, within_m, or a quote alone.")


@dataclass(frozen=True, slots=True)
class FloorAreaTable(TomlTable):
    """Categories whose floor area counts, and pooling of zones."""

    counts: tuple[ListedCategory, ...]
    pooling: PoolingTable | None = None


def _units() -> tuple[str, ...]:
    return (*unit_words(), DATE, TEXT, FLAG)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnIndicator(TomlTable):
    """An indicator (number, date, text or flag) of registers that this pack defines."""

    zh: Filled
    en: Filled
    unit: Annotated[str, OneOf(_units)]
    object: YesNo = False

    def indicator(self, key: str) -> Indicator:
        """Return it as an indicator of this id."""
        return Indicator(key, self.zh, self.en, self.unit, self.object)


def _status(status: Status, info: ValidationInfo[PackContext]) -> Status:
    info.context.is_excerpt = status.is_excerpt
    return status


def _own_categories(names: tuple[str, ...], info: ValidationInfo[PackContext]) -> tuple[str, ...]:
    info.context.categories += names
    return names


def _own_indicators(
    rows: dict[str, OwnIndicator], info: ValidationInfo[PackContext]
) -> dict[str, OwnIndicator]:
    for key, row in rows.items():
        if (wrong := fault_of_id(key)) is not None:
            raise InputDataError(f"has {key!r}, which {wrong}.")
        if key in known_indicators():
            raise InputDataError("is the id of a built-in indicator.", column=key)
        info.context.indicators[key] = row.indicator(key)
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTables(TomlTable):
    """The tables of a rule pack file; later tables refer to earlier ones."""

    id: Id
    title: Bilingual
    status: Annotated[Status, AfterValidator(_status)] = Status.DOCUMENT
    source: Source
    notes: Bilingual | None = None
    categories: Annotated[Texts[str], AfterValidator(_own_categories)] = ()
    indicators: Annotated[dict[str, OwnIndicator], AfterValidator(_own_indicators)] = field(
        default_factory=dict
    )
    rules: tuple[Rule, ...]
    floor_area: FloorAreaTable | None = None
    printed: tuple[PrintedFigure, ...] = ()
