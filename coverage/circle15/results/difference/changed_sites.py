"""Sites that differ between two results: new, gone, opened, closed, moved, changed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from circle15.results.difference.changed_provenance import changed_fields
from circle15.results.difference.kept_results import SITE_FIELDS, positions
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.results.difference.comparison_entries import (
        Field,
        SiteChange,
    )
    from circle15.results.difference.kept_results import KeptResults


def changed_sites(before: KeptResults, after: KeptResults) -> list[SiteChange]:
    """List the sites that are not the same in both results, by category and id."""
    old, new = (_by_key(side.sites) for side in (before, after))
    was, now = (positions(side.sites) for side in (before, after))
    found: list[SiteChange] = []
    for key in sorted({*old, *new}, key=lambda one: (one[1], one[0])):
        there, here = old.get(key), new.get(key)
        fields: list[Field] = []
        change: Any = "new" if there is None else "gone"
        metres = None
        if there is not None and here is not None:
            fields = changed_fields(there, here)
            if was[key] != now[key]:
                fields.append({"field": "position", "a": _shown(was[key]), "b": _shown(now[key])})
            if not fields:
                continue
            a, b = was[key], now[key]
            metres = math.dist(a, b) if a is not None and b is not None and a != b else None
            change = _change(there, here, moved=was[key] != now[key])
        found.append(
            {
                "facility_id": key[0],
                "category": key[1],
                "name": str((here or there or {}).get(c.NAME) or ""),
                "change": change,
                "moved_m": metres,
                "fields": fields,
            }
        )
    return found


def _change(there: Mapping[str, Any], here: Mapping[str, Any], *, moved: bool) -> str:
    if there[c.OPEN] != here[c.OPEN]:
        return "opened" if here[c.OPEN] else "closed"
    return "moved" if moved else "changed"


def _shown(position: tuple[float, float] | None) -> list[float] | None:
    return None if position is None else [round(position[0], 3), round(position[1], 3)]


def _by_key(table: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    shown = [name for name in SITE_FIELDS if name in table.columns]
    rows = table[[c.FACILITY_ID, c.CATEGORY, *shown]].astype(object)
    rows = rows.where(rows.notna(), None)
    return {
        (row[c.FACILITY_ID], row[c.CATEGORY]): {name: row[name] for name in shown}
        for row in rows.to_dict("records")
    }
