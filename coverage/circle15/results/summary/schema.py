"""The JSON schema of `summary.json`, generated from the types of its entries."""

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

    Definitions are inlined, no object allows further keys, and descriptions explain the keys.
    """
    return schema_of(list[Summary], "circle15 summary.json")


def schema_of(listed: Any, title: str) -> dict[str, Any]:
    """
    Return the JSON schema of a file whose content is the TypedDict that a list type holds.

    Definitions are inlined, no object allows further keys, and descriptions explain the keys.
    """
    config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    # A TypedDict takes its pydantic settings from the containing type, here a list.
    made = TypeAdapter(listed, config=config).json_schema(mode="serialization")
    schema = _spelled_out(made["items"], made["$defs"])
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **schema,
        "title": title,
    }


def _spelled_out(schema: Any, defined: dict[str, Any]) -> Any:
    """Inline definitions; a nullable value becomes one list of types."""
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
        if key == "properties":  # its names are keys of the summary, not schema keywords
            found[key] = {name: _spelled_out(one, defined) for name, one in part.items()}
        elif key == "description":
            found[key] = " ".join(part.split())
        elif key != "title":
            found[key] = _spelled_out(part, defined)
    return _or_null(found)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """
    Merge `anyOf` of simple types into one list of types, and of words and null into one enum.

    Beside another type, such as a list, words are any text.
    """
    choices = schema.pop("anyOf", None)
    if choices is None:
        if "enum" in schema or "const" in schema:
            schema.pop("type", None)
        return schema
    types = [kind for one in choices for kind in _types(one)]
    merged: dict[str, Any] = {}
    for one in choices:
        merged |= one
    if {"enum", "const"} & merged.keys() and set(types) - {"null"}:
        merged = {key: part for key, part in merged.items() if key not in {"enum", "const"}}
        merged["type"] = ["string", *types]
    elif "enum" in merged:
        merged["enum"] = [*merged["enum"], None]
        merged.pop("type", None)
    else:
        merged["type"] = types
    return merged | schema


def _types(schema: dict[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)
