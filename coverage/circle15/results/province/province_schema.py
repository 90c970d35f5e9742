"""The JSON schema of `province.json`, made from the types of its entries."""

from __future__ import annotations

from typing import Any

from circle15.results.province.province_entries import Province
from circle15.results.summary.schema import schema_of


def province_schema() -> dict[str, Any]:
    """Return the JSON schema of `province.json`; no object allows further keys."""
    return schema_of(list[Province], "circle15 province.json")
