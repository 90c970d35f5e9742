"""JSON schemas of records, with which editors complete and check TOML."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import GenerateJsonSchema

from circle15.study.typed_toml.kinds import adapter
from circle15.study.typed_toml.reader import keys_of

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

Describe = Callable[[str, str], str | None]
"""Returns the meaning of a key, given the name of its record and the key."""

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"  # supported by all editors
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_NOTHING: Final = object()


class _OfToml(GenerateJsonSchema):
    """Generates schemas for TOML, which has no null, with defaults as written in TOML."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Omit null, as a TOML key without a value is left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Add the default if it can be written in TOML."""
        found = self.generate_inner(schema["schema"])
        default = _written(schema.get("default", _NOTHING))
        if default is _NOTHING or default == []:
            return found
        if "$ref" in found:  # editors ignore keywords beside $ref
            return {"allOf": [found], "default": default}
        return {**found, "default": default}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keep the title of the record of a table's values, by which its keys are described."""
        found = super().dict_schema(schema)
        record = self.generate_inner(schema.get("values_schema", {"type": "any"}))
        if "title" in record:
            found["additionalProperties"] = record
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - of none
        """Omit titles of fields, which repeat the keys."""
        return False


def json_schema(kind: type, describe: Describe) -> dict[str, Any]:
    """
    Return the JSON schema of a record.

    Parameters
    ----------
    kind
        The record.
    describe
        Returns the meaning of a key; records are described by the keys that hold them.
    """
    found = adapter(kind).json_schema(schema_generator=_OfToml)
    _describe_all(found, describe)
    return {"$schema": _DIALECT, **found}


def _describe_all(node: Any, describe: Describe) -> None:
    """Replace the docstring of each record in a schema by descriptions of its keys."""
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for part in parts:
        _describe_all(part, describe)
    if not isinstance(node, dict) or not isinstance(node.get("title"), str):
        return
    name = node.pop("title")
    node.pop("description", None)
    for key, value in node.get("properties", {}).items():
        words = describe(name, key)
        if words is not None:
            node["properties"][key] = _described(value, plain(words))


def plain(words: str) -> str:
    """
    Remove Markdown links from a description, keeping their text.

    Examples
    --------
    >>> plain("as in [docs/fetch.md](fetch.md)")
    'as in docs/fetch.md'
    """
    return _LINK.sub(r"\1", words)


def _described(schema: Mapping[str, Any], words: str) -> dict[str, Any]:
    if "$ref" in schema:
        return {"description": words, "allOf": [dict(schema)]}
    return {"description": words, **schema}


def _written(value: object) -> Any:
    """Return a default as a JSON value; `_NOTHING` if it cannot be written."""
    if value is None or dataclasses.is_dataclass(value):
        return _NOTHING
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def keys_with_defaults(record: type) -> Iterator[tuple[str, str | None]]:
    """Yield the keys of a record with their defaults as TOML; None if a key is required."""
    for (key, _), field in zip(keys_of(record).items(), dataclasses.fields(record), strict=True):
        if field.default is not dataclasses.MISSING:
            yield key, _as_toml(field.default)
        elif field.default_factory is not dataclasses.MISSING:
            yield key, _as_toml(field.default_factory())
        else:
            yield key, None


def _as_toml(value: object) -> str:
    """Return a default as TOML text; a dash if it cannot be written."""
    if value is None or value == "" or dataclasses.is_dataclass(value):
        return "—"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(_as_toml, value))}]"
    if isinstance(value, int | Decimal | dict):
        return str(value)
    raise TypeError(value)
