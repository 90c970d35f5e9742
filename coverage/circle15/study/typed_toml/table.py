"""The base class of records that are read from TOML tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import ConfigDict
from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


class TomlTable:
    """
    Base class of frozen dataclasses that represent TOML tables.

    Unknown keys are refused. Tables are checked when they are read; creating a record in Python
    checks nothing.
    """

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - for those that need it
        """
        Return the table with short forms expanded, before its keys are checked.

        Raises
        ------
        InputDataError
            If keys exclude each other; `column` is the key to report.
        """
        return raw

    def check(self) -> None:
        """
        Check keys of a table against each other, once each is valid by itself.

        Raises
        ------
        InputDataError
            If they do not go together; `column` is the key to report.
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
