"""Verdicts of rules and residential zones that differ between two results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle15.results.difference.changed_provenance import changed_packs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from circle15.results.difference.comparison_entries import NotCompared, Through, VerdictChange
    from circle15.results.difference.kept_results import KeptResults


def changed_verdicts(
    before: KeptResults, after: KeptResults
) -> tuple[list[VerdictChange], list[NotCompared]]:
    """List the verdicts that flip, and the rules and residential zones only one result has."""
    packs = {one["field"] for one in changed_packs(before, after)}
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
    side: KeptResults, changed: Collection[str]
) -> dict[tuple[str, str, str, int], dict[str, Any]]:
    """Return the verdicts by pack, rule, scope and, where a rule has several rows, their number."""
    found: dict[tuple[str, str, str, int], dict[str, Any]] = {}
    for rule in side.summary["rules"]:
        pack = rule["pack"]
        _add(found, (pack, rule["id"], rule["scope"]), rule | {"changed_pack": pack in changed})
    for zone in side.summary["residential_zones"]:
        row = {
            "verdict": zone["verdict"],
            "value": zone["counted_m2"],
            "threshold": zone["required_m2"],
            "changed_pack": bool(changed),  # the law on floor areas is one of the packs
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
