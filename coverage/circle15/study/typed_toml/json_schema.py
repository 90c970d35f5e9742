"""JSON schemas of records, by which editors complete and check TOML while it is written."""

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
"""Returns what a key of a record means, by the name of the record and the key."""

_DIALECT: Final = "http://json-schema.org/draft-07/schema#"  # which all editors know
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_NOTHING: Final = object()


class _OfToml(GenerateJsonSchema):
    """Writes schemas of TOML, which has no null, and shows defaults as they would be written."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: a key without a value is left out."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Show a default that can be written."""
        found = self.generate_inner(schema["schema"])
        default = _written(schema.get("default", _NOTHING))
        if default is _NOTHING or default == []:
            return found
        if "$ref" in found:  # beside which editors read nothing
            return {"allOf": [found], "default": default}
        return {**found, "default": default}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Keep the name of a record that a table holds several of: its keys are found by it."""
        found = super().dict_schema(schema)
        record = self.generate_inner(schema.get("values_schema", {"type": "any"}))
        if "title" in record:
            found["additionalProperties"] = record
        return found

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - of none
        """Name no field twice."""
        return False


def json_schema(kind: type, describe: Describe) -> dict[str, Any]:
    """
    Make the JSON schema of a record.

    Parameters
    ----------
    describe
        Returns what a key means; records are described by the keys that hold them.
    """
    found = adapter(kind).json_schema(schema_generator=_OfToml)
    _describe_all(found, describe)
    return {"$schema": _DIALECT, **found}


def _describe_all(node: Any, describe: Describe) -> None:
    """Put the meaning of its keys into each record of a schema, in place of its docstring."""
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
    Take the links out of a description.

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
    """Return a default as it would be written; `_NOTHING` where it is none."""
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
    """Name the keys of a record with their defaults as TOML: None where one is required."""
    for (key, _), field in zip(keys_of(record).items(), dataclasses.fields(record), strict=True):
        if field.default is not dataclasses.MISSING:
            yield key, _as_toml(field.default)
        elif field.default_factory is not dataclasses.MISSING:
            yield key, _as_toml(field.default_factory())
        else:
            yield key, None


def _as_toml(value: object) -> str:
    """Write a default as it would stand in a file; a dash where it cannot."""
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
