"""The keys of `study.toml`: what they mean, their defaults, and their JSON schema."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from circle15.study.messages import messages, say
from circle15.study.settings import records
from circle15.study.typed_toml.json_schema import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle15.study.languages import Language

TABLES: Final[dict[str, type]] = {
    "study": records.StudyHead,
    "area": records.Area,
    "area.communities": records.ZoneLayer,
    "network": records.NetworkSource,
    "walk": records.Walk,
    "demand": records.Demand,
    "demand.layers": records.DemandLayer,
    "facilities": records.FacilityLayer,
    "residential_zones": records.ResidentialLayer,
    "rules": records.Rules,
    "circle": records.Circle,
}
"""Tables of a study with their records; `area.streets` is a table as `area.communities`."""

_NAMES: Final = {record.__name__: f"{name}." for name, record in TABLES.items()}
_NAMES[records.StudyTables.__name__] = ""


def study_schema(language: Language) -> dict[str, Any]:
    """Make the JSON schema of `study.toml`, with the meaning of its keys in a language."""
    known = messages(language)

    def describe(record: str, key: str) -> str | None:
        name = f"settings.{_NAMES[record]}{key}" if record in _NAMES else ""
        return say(name, language) if name in known else None

    return {"title": "circle15 study.toml", **json_schema(records.StudyTables, describe)}


def keys_of_study() -> Iterator[tuple[str, str | None]]:
    """Name every key of a study with its default as TOML: None where it is required, else `—`."""
    for name, record in TABLES.items():
        for field in dataclasses.fields(record):
            yield f"{name}.{field.name}", _default(field)
    yield "categories", "{}"


def _default(field: dataclasses.Field[Any]) -> str | None:
    if field.default is not dataclasses.MISSING:
        return _as_toml(field.default)
    if field.default_factory is not dataclasses.MISSING:
        return _as_toml(field.default_factory())
    return None


def _as_toml(value: object) -> str:
    """Write a default as it would stand in a study; a dash where it cannot."""
    if value is None or value == "":
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
