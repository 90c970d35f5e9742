"""
What a key of a TOML table may hold, as types of the fields of a record.

`str` needs no word of its own: a text is a text. The others are exact: true is no number, 3.0 is
no whole number, and a date with a time is no date.
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
"""Kinds of faults that pydantic has no name for."""


def _number(value: object) -> Decimal:
    """Take a number as it is written; `parse_toml` has made it a decimal or a whole number."""
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
    The words that a text may be, for the schemas of editors.

    Parameters
    ----------
    words
        The words, or what returns them when they are needed.
    """

    def __init__(self, words: Sequence[str] | Callable[[], Sequence[str]]) -> None:
        self._words = words

    @property
    def words(self) -> tuple[str, ...]:
        """The words that may stand."""
        return tuple(self._words() if callable(self._words) else self._words)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": list(self.words)}


class OneOf(Words):
    """One of some words, also as a key of a table; all others are refused."""

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
    A table whose record is chosen by another key of the same table, which stands before it.

    Parameters
    ----------
    key
        That key.
    kinds
        Its values, each with the record that it asks for.
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
        if chosen is None:  # the key is wrong: that is said already
            return value
        return adapter(self.kinds[chosen]).validate_python(value, context=info.context)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Make what checks a type, once."""
    return TypeAdapter(kind)


class _AlsoAlone:
    """Takes one text for a list of one."""

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


Whole = Annotated[int, Strict()]
"""A whole number."""
AboveZero = Annotated[
    int, Strict(), AfterValidator(_above_zero), WithJsonSchema({"type": "integer", "minimum": 1})
]
"""A whole number above 0."""
Filled = Annotated[str, AfterValidator(_filled), WithJsonSchema({"type": "string", "minLength": 1})]
"""A text that is not blank."""
YesNo = Annotated[bool, Strict()]
"""True or false."""
Number = Annotated[Decimal, PlainValidator(_number), WithJsonSchema({"type": "number"})]
"""A number, exactly as written; it may be infinite or none at all (nan)."""
Finite = Annotated[Decimal, PlainValidator(_finite), WithJsonSchema({"type": "number"})]
"""A finite number, exactly as written."""
Day = Annotated[dt.date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date without a time."""
OneOrMore = Annotated[tuple[_T, ...], _AlsoAlone()]
"""A list of texts, or one text for a list of one."""
