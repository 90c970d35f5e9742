"""
What a key of a TOML table may hold, as types of the fields of a record.

`str` needs no word of its own: a text is a text. The others are exact: true is no number, 3.0 is
no whole number, and a date with a time is no date.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import PlainValidator, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
        Returns them; called when a schema is made.
    """

    def __init__(self, words: Callable[[], Sequence[str]]) -> None:
        self.words = words

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "enum": list(self.words())}


class OneOf(Words):
    """One of some words, which are refused otherwise; as keys of a table, too."""

    def __init__(self, *words: str) -> None:
        super().__init__(lambda: words)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._one, handler(source))

    def _one(self, value: str) -> str:
        allowed = self.words()
        if value not in allowed:
            raise PydanticCustomError(OTHER_WORD, "another word", {"allowed": tuple(allowed)})
        return value


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


Whole = Annotated[int, Strict()]
"""A whole number."""
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
