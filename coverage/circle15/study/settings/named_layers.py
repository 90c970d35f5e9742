"""Layers of multi-layer files, named as `{ file = …, sheet = … }` wherever a file is named."""

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
"""Keys of files whose layer is given by the key `sheet`."""


class LayeredTable(TomlTable):
    """
    Base class of records that name files with layers.

    A key `x` may have a layer if the record also has `x_sheet`, and `file` if it has `sheet`.
    """

    __slots__ = ()

    @classmethod
    def prepared(cls, raw: Mapping[str, Any], context: Any) -> Mapping[str, Any]:  # noqa: ARG003 - as of any table
        """Split files given with a layer into the two keys of the record."""
        return with_sheets(raw, names_of(cls))

    def check(self) -> None:
        """Refuse a layer without a file."""
        refuse_sheets_alone(self)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow a table of file and layer wherever a file may be named."""
        found = handler(schema)
        keys = handler.resolve_ref_schema(found)["properties"]
        for key in keys:
            if sheet_key(key, keys) is not None:
                keys[key] = {"anyOf": [*keys[key].get("anyOf", [keys[key]]), _FILE_AND_SHEET]}
        return cls.completed(found, handler)

    @classmethod
    def completed(cls, found: JsonSchemaValue, handler: GetJsonSchemaHandler) -> JsonSchemaValue:  # noqa: ARG003 - for those that need it
        """Add rules on which keys go together; does nothing by default."""
        return found


def refuse_sheets_alone(record: LayeredTable) -> None:
    """
    Refuse a layer without a file.

    Raises
    ------
    InputDataError
        If there is one; `column` is the key of the layer.
    """
    names = names_of(type(record))
    for key in names:
        layer = sheet_key(key, names)
        if layer == key + _SHEET and getattr(record, layer) and not getattr(record, key):
            mend = "Name the file, or remove it."
            raise InputDataError("is of no file.", mend=mend, column=layer)


def names_of(kind: Any) -> tuple[str, ...]:
    """Return the keys of a record."""
    return tuple(field.name for field in fields(kind))


def with_sheets(raw: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """
    Split files given with a layer into two keys each.

    Parameters
    ----------
    raw
        A table of the study.
    names
        The keys of its record.

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
    Return the key of the layer that belongs to a file key; None if it cannot have one.

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
