"""Check TOML tables with the JSON schemas for editors."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from jsonschema import Draft7Validator

from circle15.rules.packs.pack_schema import pack_schema
from circle15.study.settings.editor_schema import study_schema


def as_json(value: Any) -> Any:
    """Write dates as texts, as editors do; numbers stay what they are."""
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@cache
def pack_validator() -> Draft7Validator:
    """The validator of rule packs; the schema itself is checked first."""
    schema = pack_schema("en")
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def pack_marks(raw: dict[str, Any]) -> list[str]:
    """Return what an editor would mark in a rule pack."""
    return [error.message[:300] for error in pack_validator().iter_errors(as_json(raw))]


@cache
def study_validator() -> Draft7Validator:
    """The validator of studies; the schema itself is checked first."""
    schema = study_schema("en")
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def study_faults(raw: dict[str, Any]) -> list[str]:
    """Return what an editor would mark in a study."""
    return [error.message[:300] for error in study_validator().iter_errors(as_json(raw))]
