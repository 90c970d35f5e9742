"""What all records have in common that are read from tables of TOML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict
from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


class TomlTable:
    """
    Base of the frozen dataclasses that stand for tables of TOML.

    Keys that are no field are refused. Making a record in Python checks nothing: a table is
    checked when it is read.
    """

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - for those that need it
        """
        Return the table with its short forms written out, before its keys are looked at.

        Raises
        ------
        InputDataError
            If keys of it exclude each other; `column` is the one to be named.
        """
        return raw

    def check(self) -> None:
        """
        Look at the keys of a table together, where each is right by itself.

        Raises
        ------
        InputDataError
            If they do not go together; `column` is the one to be named.
        """

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def prepare(raw: Any, info: core_schema.ValidationInfo) -> Any:
            return cls.prepared(raw, info.context) if isinstance(raw, Mapping) else raw

        def checked(record: Any) -> Any:
            record.check()
            return record

        inner = core_schema.no_info_after_validator_function(checked, handler(source))
        return core_schema.with_info_before_validator_function(prepare, inner)
