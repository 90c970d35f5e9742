"""The JSON schema of `study.toml`, generated from its records: meanings, defaults, values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from circle15.study.messages import messages, say
from circle15.study.settings import records
from circle15.study.settings.capacity import Capacity
from circle15.study.settings.output_tables import (
    BuildingLayer,
    CoverageBasis,
    FilesWritten,
    LandLayer,
    MapSettings,
    ReportSettings,
)
from circle15.study.settings.rules.requirements import Circle, Rules
from circle15.study.settings.scenarios.tables import Scenario
from circle15.study.settings.siting import MostPer, Siting
from circle15.study.typed_toml.json_schema import json_schema, keys_with_defaults

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
    "rules": Rules,
    "circle": Circle,
    "coverage_basis": CoverageBasis,
    "coverage_basis.land": LandLayer,
    "coverage_basis.buildings": BuildingLayer,
    "map": MapSettings,
    "report": ReportSettings,
    "output": FilesWritten,
    "capacity": Capacity,
    "siting": Siting,
    "siting.most_per": MostPer,
    "scenarios": Scenario,
}
"""
Records of the tables of a study.

`area.streets` has the same keys as `area.communities`; `capacity` holds a
table for each category, `siting` one for each question, `scenarios` one for each scenario.
"""

_NAMES: Final = {record.__name__: f"{name}." for name, record in TABLES.items()}
_NAMES[records.StudyTables.__name__] = ""


def study_schema(language: Language) -> dict[str, Any]:
    """Return the JSON schema of `study.toml`, with the meaning of its keys in a language."""
    known = messages(language)

    def describe(record: str, key: str) -> str | None:
        name = f"settings.{_NAMES[record]}{key}" if record in _NAMES else ""
        return say(name, language) if name in known else None

    return {"title": "circle15 study.toml", **json_schema(records.StudyTables, describe)}


def keys_of_study() -> Iterator[tuple[str, str | None]]:
    """Yield every key with its default as TOML: `—` for no value, None if the key is required."""
    for name, record in TABLES.items():
        yield from ((f"{name}.{key}", default) for key, default in keys_with_defaults(record))
    yield "categories", "{}"
    yield "category_words", "{}"
