"""Types of the values of a rule pack: ids of categories and indicators, bilingual texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from circle15.errors import InputDataError
from circle15.rules.packs.shown import LONGEST_ID, other_id, shown
from circle15.study.names import fault_of_id
from circle15.study.typed_toml.kinds import OTHER_WORD, Filled, OneOrMore
from circle15.study.typed_toml.table import TomlTable
from circle15.study.vocabulary.categories import known_categories
from circle15.study.vocabulary.indicators import DATE, FLAG, TEXT, Indicator, known_indicators

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, ValidationInfo

    from circle15.study.languages import Language

_T = TypeVar("_T")


@dataclass(slots=True)
class PackContext:
    """
    Context of the validation of a pack, filled as its parts are read.

    Attributes
    ----------
    indicators, categories
        Indicators and categories that rules may name: built-in ones and those of the pack.
    is_excerpt
        Whether rules may lack a quote.
    rule_ids
        Ids of the rules read so far.
    """

    indicators: dict[str, Indicator] = field(default_factory=lambda: dict(known_indicators()))
    categories: list[str] = field(default_factory=lambda: list(known_categories()))
    is_excerpt: bool = False
    rule_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bilingual(TomlTable):
    """A text in Chinese and in English."""

    zh: Filled
    en: Filled

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class CategoryRef:
    """Marks the id of a category that circle15 or the pack knows."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_after_validator_function(self.check, handler(source))

    def check(self, name: str, info: core_schema.ValidationInfo) -> str:
        """Refuse an id that is not known, listing the known ones."""
        known = info.context.categories  # type: ignore[union-attr]  # packs are read with one
        if name not in known:
            raise PydanticCustomError(OTHER_WORD, "another word", {"allowed": tuple(known)})
        return name


class ListedCategoryRef(CategoryRef):
    """Marks the id of a category in a list; errors name the nearest known id."""

    def check(self, name: str, info: core_schema.ValidationInfo) -> str:
        """Refuse an id that is not known, naming the nearest one."""
        known = info.context.categories  # type: ignore[union-attr]  # packs are read with one
        if name not in known:
            raise other_id(name, known, "category")
        return name


class IndicatorRef:
    """
    Marks the id of an indicator.

    Parameters
    ----------
    kinds
        `date`, `text` or `flag`; none for a number.
    single
        Whether it is of the whole area, else of single objects.
    """

    def __init__(self, *kinds: str, single: bool) -> None:
        self.kinds = kinds
        self.single = single

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_after_validator_function(self._check, handler(source))

    def _check(self, name: str, info: core_schema.ValidationInfo) -> str:
        known = info.context.indicators  # type: ignore[union-attr]  # packs are read with one
        if name not in known:
            raise other_id(name, known, "indicator")
        found = known[name]
        odd = found.unit not in self.kinds if self.kinds else found.unit in {DATE, TEXT, FLAG}
        if odd or found.object == self.single:
            what = f"of the kind {', '.join(self.kinds)}" if self.kinds else "a number"
            of = "of the whole area" if self.single else "of single objects"
            raise InputDataError(f"names '{name}', which is not {what} {of}.")
        return name


def _some(rows: tuple[_T, ...]) -> tuple[_T, ...]:
    if not rows:
        raise InputDataError("is empty.")
    return rows


def _some_words(rows: tuple[str, ...]) -> tuple[str, ...]:
    if not rows:
        raise InputDataError("is [], and must list words.")
    return rows


def _id(name: str) -> str:
    if (wrong := fault_of_id(name)) is not None:
        raise InputDataError(f"is {name[:LONGEST_ID]!r}, which {wrong}.")
    return name


def _pair(value: object) -> object:
    if isinstance(value, list) and len(value) != _DATES:
        raise InputDataError(
            f"is {shown(value)}; it must pair a date of the rooms with one of the housing."
        )
    return value


def _rule_ref(name: str, info: ValidationInfo[PackContext]) -> str:
    known = info.context.rule_ids
    if name not in known:
        raise other_id(name, known, "rule of this pack")
    return name


_DATES: Final = 2

Id = Annotated[str, AfterValidator(_id)]
"""An id by which other keys, files and pages refer to an object."""
RuleRef = Annotated[str, AfterValidator(_rule_ref)]
"""Id of a rule of the pack."""
Some = Annotated[tuple[_T, ...], AfterValidator(_some)]
"""A list that is not empty."""
Texts = Annotated[OneOrMore[_T], AfterValidator(_some_words)]
"""A list of texts that is not empty, or one text."""
Category = Annotated[str, CategoryRef()]
ListedCategory = Annotated[str, ListedCategoryRef()]
Categories = Texts[ListedCategory]
AreaNumber = Annotated[str, IndicatorRef(single=True)]
"""An indicator that is a number of the whole area."""
ObjectNumber = Annotated[str, IndicatorRef(single=False)]
ObjectFlag = Annotated[str, IndicatorRef(FLAG, single=False)]
ObjectText = Annotated[str, IndicatorRef(TEXT, single=False)]
ObjectDate = Annotated[str, IndicatorRef(DATE, single=False)]
DatePair = Annotated[
    tuple[ObjectDate, ObjectDate],
    BeforeValidator(_pair),
    WithJsonSchema(
        {"type": "array", "items": {"type": "string"}, "minItems": _DATES, "maxItems": _DATES}
    ),
]
"""A date of the rooms, and the date of the housing than which it must not be later."""
