"""Layers of files that hold several: `{ file = …, sheet = … }` where a study names a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from circle15.errors import InputDataError
from circle15.study.typed_toml.table import TomlTable

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

_SHEET: Final = "_sheet"
_FILE_AND_SHEET: Final = {
    "type": "object",
    "properties": {"file": {"type": "string"}, "sheet": {"type": "string"}},
    "required": ["file", "sheet"],
    "additionalProperties": False,
}
_OF_SHEET: Final = ("file", "points", "table")
"""Keys of the files whose layer is `sheet`."""


class LayeredTable(TomlTable):
    """
    Base of the records that name files with layers.

    A key `x` may have a layer where the record also has `x_sheet`, and `file` where it has
    `sheet`.
    """

    __slots__ = ()

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Write a file that is named with its layer as the two keys of its record."""
        return with_sheets(raw, names_of(cls))

    def check(self) -> None:
        """Refuse the layer of a file that is not named."""
        refuse_sheets_alone(self)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Let a file be named with its layer."""
        found = handler(schema)
        keys = handler.resolve_ref_schema(found)["properties"]
        for key in keys:
            if sheet_key(key, keys) is not None:
                keys[key] = {"anyOf": [*keys[key].get("anyOf", [keys[key]]), _FILE_AND_SHEET]}
        return cls.completed(found, handler)

    @classmethod
    def completed(cls, found: JsonSchemaValue, handler: GetJsonSchemaHandler) -> JsonSchemaValue:  # noqa: ARG003 - for those that need it
        """Add to a schema which keys go together."""
        return found


def refuse_sheets_alone(record: LayeredTable) -> None:
    """
    Refuse the layer of a file that is not named.

    Raises
    ------
    InputDataError
        If there is one; `column` is its key.
    """
    names = names_of(type(record))
    for key in names:
        layer = sheet_key(key, names)
        if layer == key + _SHEET and getattr(record, layer) and not getattr(record, key):
            mend = "Name the file, or remove it."
            raise InputDataError("is of no file.", mend=mend, column=layer)


def names_of(kind: Any) -> tuple[str, ...]:
    """Keys of a record."""
    return tuple(field.name for field in fields(kind))


def with_sheets(raw: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """
    Write files that are named with their layers as two keys each.

    Parameters
    ----------
    names
        The keys of the record.

    Examples
    --------
    >>> with_sheets({"walls": {"file": "b.gdb", "sheet": "w"}}, {"walls", "walls_sheet"})
    {'walls': 'b.gdb', 'walls_sheet': 'w'}
    """
    found: dict[str, Any] = {}
    for key, value in raw.items():
        sheet = sheet_key(key, names)
        if isinstance(value, Mapping) and set(value) == {"file", "sheet"} and sheet is not None:
            found |= {key: value["file"], sheet: value["sheet"]}
        else:
            found[key] = value
    return found


def sheet_key(key: str, names: Collection[str]) -> str | None:
    """
    Name the key of the layer of a file; None where it has none.

    Examples
    --------
    >>> names = {"file", "sheet", "dem", "barriers", "barriers_sheet"}
    >>> [sheet_key(key, names) for key in ("file", "barriers", "dem")]
    ['sheet', 'barriers_sheet', None]
    """
    own = key + _SHEET
    if own in names:
        return own
    return "sheet" if key in _OF_SHEET and "sheet" in names else None
