"""Sites, people, streets, settings and verdicts that differ between two results."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from circle15.results.difference.kept_results import SITE_FIELDS, positions
from circle15.study.vocabulary import columns as c

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle15.results.difference.comparison_entries import (
        Field,
        NotCompared,
        PeopleChange,
        SiteChange,
        Through,
        VerdictChange,
    )
    from circle15.results.difference.kept_results import KeptResults
    from circle15.results.difference.matched_homes import MatchedHomes


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


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Field]:
    """
    List the values that differ, by dotted key; tables within tables are compared key by key.

    Examples
    --------
    >>> changed_fields({"a": 1, "b": {"c": 2, "d": 3}}, {"a": 1, "b": {"c": 5, "d": 3}})
    [{'field': 'b.c', 'a': 2, 'b': 5}]
    """
    found: list[Field] = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            inner = changed_fields(old, new)
            found += [{**one, "field": f"{key}.{one['field']}"} for one in inner]
        elif old != new:
            found.append({"field": str(key), "a": old, "b": new})
    return found


def changed_inputs(before: KeptResults, after: KeptResults) -> list[Field]:
    """List the input files whose content differs, or that one result lacks."""
    old, new = (
        {one["path"]: one["sha256"] for one in side.summary["provenance"]["inputs"]}
        for side in (before, after)
    )
    return changed_fields(old, new)


def changed_versions(before: KeptResults, after: KeptResults) -> list[Field]:
    """List the versions of circle15 and of packages that differ."""
    old, new = (side.summary["provenance"] for side in (before, after))
    return changed_fields(
        {"circle15": old["circle15"], **old["packages"]},
        {"circle15": new["circle15"], **new["packages"]},
    )


def changed_people(homes: MatchedHomes) -> list[PeopleChange]:
    """Compare the people of each group that both results have, home by home."""
    found: list[PeopleChange] = []
    for group, bands in homes.before.groups.items():
        if group not in homes.after.groups:
            continue
        old = sum(band.weight for band in bands)
        new = sum(band.weight for band in homes.after.groups[group])
        was, now = np.append(old, 0)[homes.row_before], np.append(new, 0)[homes.row_after]
        both = (homes.row_before >= 0) & (homes.row_after >= 0)
        more = np.where(both, np.maximum(now - was, 0), 0)
        fewer = np.where(both, np.maximum(was - now, 0), 0)
        amounts = {
            "a": was,
            "b": now,
            "gone": np.where(homes.row_after < 0, was, 0),
            "new": np.where(homes.row_before < 0, now, 0),
            "fewer": fewer,
            "more": more,
        }
        sums = {key: int(value.sum()) / c.MICRO for key, value in amounts.items()}
        found.append(cast("PeopleChange", {"group": group, **sums}))
    return found


def changed_verdicts(
    before: KeptResults, after: KeptResults
) -> tuple[list[VerdictChange], list[NotCompared]]:
    """List the verdicts that flip, and the rules and residential zones only one result has."""
    packs = {one["field"] for one in changed_inputs(before, after)}
    old, new = (_verdicts(side, packs) for side in (before, after))
    found: list[VerdictChange] = []
    alone: list[NotCompared] = []
    for key in dict.fromkeys((*old, *new)):
        if key not in old or key not in new:
            only: Any = "a" if key in old else "b"
            what: Any = "rule" if key[0] else "residential_zone"
            alone.append({"what": what, "name": " ".join(filter(None, key[:3])), "only_in": only})
            continue
        a, b = old[key], new[key]
        if a["verdict"] == b["verdict"]:
            continue
        through: list[Through] = []
        if a["value"] != b["value"]:
            through.append("value")
        if a["threshold"] != b["threshold"]:
            through.append("threshold")
        if a["changed_pack"]:
            through.append("pack")
        found.append(
            {
                "pack": key[0],
                "id": key[1],
                "scope": key[2],
                "verdict_a": a["verdict"],
                "verdict_b": b["verdict"],
                "value_a": a["value"],
                "value_b": b["value"],
                "threshold_a": a["threshold"],
                "threshold_b": b["threshold"],
                "through": through,
            }
        )
    return found, alone


def _verdicts(
    side: KeptResults, changed_files: Iterable[str]
) -> dict[tuple[str, str, str, int], dict[str, Any]]:
    """Return the verdicts by pack, rule, scope and, where a rule has several rows, their number."""
    found: dict[tuple[str, str, str, int], dict[str, Any]] = {}
    stems = {path.rpartition("/")[2].removesuffix(".toml") for path in changed_files}
    for rule in side.summary["rules"]:
        pack = rule["pack"]
        _add(found, (pack, rule["id"], rule["scope"]), rule | {"changed_pack": pack in stems})
    for zone in side.summary["residential_zones"]:
        row = {
            "verdict": zone["verdict"],
            "value": zone["counted_m2"],
            "threshold": zone["required_m2"],
            "changed_pack": False,
        }
        _add(found, ("", zone["zone_id"], zone["name"]), row)
    return found


def _add(
    found: dict[tuple[str, str, str, int], dict[str, Any]],
    key: tuple[str, str, str],
    row: Mapping[str, Any],
) -> None:
    number = 0
    while (*key, number) in found:
        number += 1
    found[(*key, number)] = dict(row)
