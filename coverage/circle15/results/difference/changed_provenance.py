"""Input files, versions and settings that differ between two results, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle15.results.difference.comparison_entries import Field
    from circle15.results.difference.kept_results import KeptResults


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


def changed_packs(before: KeptResults, after: KeptResults) -> list[Field]:
    """
    List the rule packs that say something else in the two results, or that one lacks, by id.

    Results of versions that kept no hashes of packs only know the packs that are files of the
    study, by the name of the file.
    """
    old, new = (side.summary["provenance"] for side in (before, after))
    if "packs" in old and "packs" in new:
        return changed_fields(old["packs"], new["packs"])
    known = {rule["pack"] for side in (before, after) for rule in side.summary["rules"]}
    found: list[Field] = []
    for one in changed_inputs(before, after):
        name = one["field"].rpartition("/")[2].removesuffix(".toml")
        if name in known:
            found.append({**one, "field": name})
    return found


def changed_versions(before: KeptResults, after: KeptResults) -> list[Field]:
    """List the versions of circle15 and of packages that differ."""
    old, new = (side.summary["provenance"] for side in (before, after))
    return changed_fields(
        {"circle15": old["circle15"], **old["packages"]},
        {"circle15": new["circle15"], **new["packages"]},
    )
