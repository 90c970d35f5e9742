"""The JSON schema of `compare.json`, made from the types of its entries."""

from __future__ import annotations

from typing import Any

from circle15.results.difference.comparison_entries import Comparison
from circle15.results.summary.schema import schema_of


def comparison_schema() -> dict[str, Any]:
    """Return the JSON schema of `compare.json`; no object allows further keys."""
    return schema_of(list[Comparison], "circle15 compare.json")
