"""The JSON schemas that `circle15 schema` prints, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from circle15.output.check.findings import check_schema
from circle15.results.difference.comparison_schema import comparison_schema
from circle15.results.province.province_schema import province_schema
from circle15.results.summary.schema import summary_schema
from circle15.rules.packs.pack_schema import pack_schema
from circle15.study.settings.editor_schema import study_schema

if TYPE_CHECKING:
    from circle15.study.languages import Language

SCHEMAS: Final[Mapping[str, Callable[[Language], dict[str, Any]]]] = {
    "summary": lambda _language: summary_schema(),
    "compare": lambda _language: comparison_schema(),
    "province": lambda _language: province_schema(),
    "check": lambda _language: check_schema(),
    "study": study_schema,
    "pack": pack_schema,
}
"""Function that builds each schema; schemas of input files have descriptions in the language."""
