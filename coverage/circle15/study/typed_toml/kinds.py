"""
Types of the values of TOML keys, for the fields of records.

Text is plain `str`. The other types are strict: true is not a number, 3.0 is not a whole number,
and a date with a time is not a date.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, PlainValidator, Strict, TypeAdapter, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from circle15.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

_T = TypeVar("_T")

NUMBER_TYPE: Final = "number_type"
NO_FINITE_NUMBER: Final = "no_finite_number"
DATE_WITH_TIME: Final = "date_with_time"
OTHER_WORD: Final = "other_word"
"""Kinds of faults for which pydantic has no name."""
LONGEST_LINE: Final = 60
"""Longest text that a page shows on one line, characters."""


def _number(value: object) -> Decimal:
    """Return a number exactly as written; `parse_toml` returns decimals and whole numbers."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError(NUMBER_TYPE, "no number")
    return Decimal(value)


def _finite(value: object) -> Decimal:
    number = _number(value)
    if not number.is_finite():
        raise PydanticCustomError(NO_FINITE_NUMBER, "no finite number")
    return number


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        raise PydanticCustomError(DATE_WITH_TIME, "a date with a time")
    if not isinstance(value, dt.date):
        raise PydanticCustomError("date_type", "no date")
    return value


class Words:
    """
    The values allowed for a text, listed in editor schemas but not checked.

    Parameters
    ----------
    words
        The values, or a function that returns them when needed.
    """

    def __init__(self, words: Sequence[str] | Callable[[], Sequence[str]]) -> None:
        self._words = words

    @property
    def words(self) -> tuple[str, ...]:
        """The values allowed."""
        return tuple(self._words() if callable(self._words) else self._words)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": list(self.words)}


class OneOf(Words):
    """One of a list of values, also as a key of a table; all others are refused."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._one, handler(source))

    def _one(self, value: str) -> str:
        if value not in self.words:
            raise PydanticCustomError(OTHER_WORD, "another word", {"allowed": self.words})
        return value


class Chosen:
    """
    A table whose record is selected by another field of the same record, declared before it.

    Parameters
    ----------
    key
        That field.
    kinds
        Record by value of that field.
    """

    def __init__(self, key: str, kinds: Mapping[Any, type]) -> None:
        self.key = key
        self.kinds = kinds

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "object"}

    def _read(self, value: Any, info: core_schema.ValidationInfo) -> Any:
        chosen = info.data.get(self.key)
        if chosen is None:  # the key is wrong, which is already reported
            return value
        return adapter(self.kinds[chosen]).validate_python(value, context=info.context)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the cached pydantic adapter of a type."""
    return TypeAdapter(kind)


class _AlsoAlone:
    """Accepts a single text as a list of one."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        rows = handler(schema)
        return {"anyOf": [rows["items"], rows]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _above_zero(value: int) -> int:
    if value <= 0:
        raise InputDataError("must be greater than 0.")
    return value


def _filled(text: str) -> str:
    if not text.strip():
        raise InputDataError("is blank.")
    return text


def _line(text: str) -> str:
    if not text.isprintable():
        raise InputDataError("has a line break or an invisible character.", mend="Remove it.")
    if len(text) > LONGEST_LINE:
        found = f"has {len(text):,} characters."
        raise InputDataError(found, mend=f"Shorten it to {LONGEST_LINE}.")
    return text


Whole = Annotated[int, Strict()]
"""A whole number."""
AboveZero = Annotated[
    int, Strict(), AfterValidator(_above_zero), WithJsonSchema({"type": "integer", "minimum": 1})
]
"""A whole number above 0."""
Filled = Annotated[str, AfterValidator(_filled), WithJsonSchema({"type": "string", "minLength": 1})]
"""A text that is not blank."""
Line = Annotated[
    str, AfterValidator(_line), WithJsonSchema({"type": "string", "maxLength": LONGEST_LINE})
]
"""A text that fits on one line of a page; it may be empty."""
FilledLine = Annotated[
    str,
    AfterValidator(_filled),
    AfterValidator(_line),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_LINE}),
]
"""A text that fits on one line of a page and is not blank."""
YesNo = Annotated[bool, Strict()]
"""True or false."""
Number = Annotated[Decimal, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""A number, exactly as written; it may be infinite or NaN."""
Finite = Annotated[Decimal, PlainValidator(_finite), WithJsonSchema({"type": "number"})]
"""A finite number, exactly as written."""
Day = Annotated[dt.date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date without a time."""
OneOrMore = Annotated[tuple[_T, ...], _AlsoAlone()]
"""A list of texts, or one text for a list of one."""
