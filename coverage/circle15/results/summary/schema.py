"""The JSON schema of `summary.json`, made from the types of its entries."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from circle15.results.summary.entries import Summary

_DEFINED = "#/$defs/"


@cache
def summary_schema() -> dict[str, Any]:
    """
    Return the JSON schema of `summary.json`.

    Every object is spelled out where it stands, and holds no key but those that are named; what a
    key means is its description.
    """
    config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    # Records of this kind take the settings of what they stand in, here of a list.
    made = TypeAdapter(list[Summary], config=config).json_schema(mode="serialization")
    schema = _spelled_out(made["items"], made["$defs"])
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **schema,
        "title": "circle15 summary.json",
    }


def _spelled_out(schema: Any, defined: dict[str, Any]) -> Any:
    """Put definitions where they are referred to; a value or null becomes one list of types."""
    if isinstance(schema, list):
        return [_spelled_out(part, defined) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_DEFINED)
        beside = {key: part for key, part in schema.items() if key != "$ref"}
        return _spelled_out(defined[name] | beside, defined)
    found: dict[str, Any] = {}
    for key, part in schema.items():
        if key == "properties":  # the names in it are keys of the summary, and no keywords
            found[key] = {name: _spelled_out(one, defined) for name, one in part.items()}
        elif key == "description":
            found[key] = " ".join(part.split())
        elif key != "title":
            found[key] = _spelled_out(part, defined)
    return _or_null(found)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Write `anyOf` of simple types as one list of types, of words as one list of words."""
    choices = schema.pop("anyOf", None)
    if choices is None:
        if "enum" in schema or "const" in schema:
            schema.pop("type", None)
        return schema
    types = [kind for one in choices for kind in _types(one)]
    merged: dict[str, Any] = {}
    for one in choices:
        merged |= one
    if "enum" in merged:
        merged["enum"] = [*merged["enum"], None]
        merged.pop("type", None)
    else:
        merged["type"] = types
    return merged | schema


def _types(schema: dict[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)
